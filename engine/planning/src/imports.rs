//! `import` blocks: objects that exist are read, and then planned as if the state had held them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;
use infra_addrs::{ConfigResource, ModuleInstance, ProviderConfig, ResourceInstance};
use infra_lang::checking;
use infra_lang::config::Import;
use infra_lang::world::Repetition;
use infra_plan::{Action, Checkable, Event, Events, Objects, ResourceChange};
use infra_provider::{Connection, Kind, Object, Problem, ReadRequest, Schema};
use infra_state::{Attributes, ObjectState};
use infra_value::Str;

use crate::managed::marked_by_schema;
use crate::planner::{Outcome, Planner};
use crate::refresh::id_of;
use crate::{Purpose, diagnostics, generate};

/// What importing one object brought.
pub(crate) struct Imported {
    pub(crate) addr: ResourceInstance,
    id: String,
    object: Result<Option<Object>, Problem>,
}

impl Planner {
    /// The import ids of a resource's instances that the state does not hold yet.
    fn import_ids(&mut self, resource: &ConfigResource) -> BTreeMap<ResourceInstance, String> {
        let config = self.request.config.clone();
        let mut ids = BTreeMap::new();
        for import in config.root.imports_of(resource) {
            let repetitions = match &import.for_each {
                Some(expr) => self.world.import_repetitions(expr),
                None => vec![Repetition::default()],
            };
            let found = self.world.take_diagnostics();
            self.diags.extend(found);
            // Of several imports of one block into one address the last one counts, as in Terraform.
            let mut of_block = BTreeMap::new();
            for repetition in repetitions {
                let Some((addr, id)) = self.import_id(import, repetition) else { continue };
                if self.state().object(&addr).is_none() {
                    of_block.insert(addr, id);
                }
            }
            for (addr, id) in of_block {
                if ids.insert(addr.clone(), id).is_some() {
                    self.diags.push(diagnostics::import_twice(&addr, import.span));
                }
            }
        }
        ids
    }

    /// Tells of `import` blocks that nothing can be made of: those about what the configuration does not have if none can be
    /// written for it.
    pub(crate) fn check_imports(&mut self) {
        if self.only_reads() {
            return;
        }
        for import in &self.request.config.root.imports {
            let Some(addr) = import.address(&mut |_| Some(0_i64.into())) else { continue };
            let single = addr.module.is_root() && addr.key.is_none() && import.for_each.is_none();
            let missing = self.request.config.resource(&addr.config()).is_none();
            if missing && !single {
                let span = Some(import.to.span());
                self.diags.push(diagnostics::import_without_config(&addr, span));
            }
        }
    }

    fn import_id(
        &mut self,
        import: &Import,
        repetition: Repetition,
    ) -> Option<(ResourceInstance, String)> {
        let scope = self.world.scope_with(&ModuleInstance::root(), repetition, None)?;
        let world = &self.world;
        let addr = import.address(&mut |expr| Some(world.evaluate(expr, &scope)));
        let Some(addr) = addr else {
            self.diags.push(diagnostics::wrong_import_address(import.to.span()));
            return None;
        };
        let expr = import.id.as_ref().or(import.identity.as_ref())?;
        let value = self.world.evaluate(expr, &scope).unmarked().0;
        let id = match &import.id {
            Some(_) => {
                let id = infra_value::convert::convert(&value, &infra_value::Type::String).ok();
                let id = id.as_ref().and_then(|id| id.as_str()).filter(|id| !id.is_empty());
                id.map(str::to_owned).ok_or_else(|| checking::wrong_import_id(&value))
            }
            None => checking::import_id(&value).and_then(|id| {
                id.ok_or_else(|| checking::wrong_import_identity("it is known only after apply"))
            }),
        };
        let id = id.map_err(|problem| self.diags.push(problem.at(expr.span()))).ok()?;
        Some((addr, id))
    }

    /// What import blocks name that depend on nothing, and that a provider configuration looks after: it is read as soon as
    /// that is connected, all objects of a type at once, however many resource blocks they have.
    pub(crate) fn early_imports(
        &mut self,
        provider: &ProviderConfig,
    ) -> BTreeMap<Str, BTreeMap<ResourceInstance, String>> {
        let mut found: BTreeMap<Str, BTreeMap<_, _>> = BTreeMap::new();
        if self.only_reads() || self.purpose != Purpose::Plan || self.is_repeated(provider) {
            return found;
        }
        let config = self.request.config.clone();
        for import in config.root.imports.iter().filter(|import| import.is_constant()) {
            let mut exprs = import.id.iter().chain(&import.identity);
            let constant = exprs.all(|expr| expr.references().is_empty() && !expr.has_calls());
            let Some(resource) = import.resource() else { continue };
            let Some(block) = config.resource(resource) else { continue };
            let single =
                block.count.is_none() && block.for_each.is_none() && import.for_each.is_none();
            let ours = resource.module.is_root()
                && config.provider_of(&resource.module, block) == *provider
                && self.targets.resource(resource);
            if !(constant && single && ours) {
                continue;
            }
            // What is wrong with it is told when the resource is planned.
            let told = std::mem::take(&mut self.diags);
            let id = self.import_id(import, Repetition::default());
            self.diags = told;
            if let Some((addr, id)) =
                id.filter(|(addr, _)| addr.key.is_none() && self.state().object(addr).is_none())
            {
                found.entry(resource.resource.type_name.clone()).or_default().insert(addr, id);
            }
        }
        found
    }

    /// Reads what a resource's import blocks name; nothing if there is nothing to import.
    pub(crate) fn import(
        &mut self,
        resource: &ConfigResource,
    ) -> Option<BoxFuture<'static, Outcome>> {
        if self.only_reads() || self.request.config.root.imports.is_empty() {
            return None;
        }
        let told = self.diags.len();
        let ids = self.import_ids(resource);
        if ids.is_empty() || self.diags.failed_since(told) {
            return None;
        }
        let config = self.request.config.clone();
        let block = config.resource(resource)?;
        let instances = self.world.module_instances(config.module(&resource.module)?);
        for addr in ids.keys() {
            let there = instances.contains(&addr.module)
                && self.world.expansion(&addr.module, &addr.resource).contains(&addr.key);
            if !there {
                self.diags.push(diagnostics::import_without_config(addr, None));
                self.checks.expanded(&Checkable::Resource(resource.clone()));
                for instance in self.world.instances(resource) {
                    self.leave_unjudged(block.lifecycle.conditions(), &instance);
                }
                return None;
            }
        }
        // What is about to be destroyed is not taken in first.
        if self.purpose == Purpose::BeforeDestroying {
            return None;
        }
        let mut imported = Vec::new();
        let mut by_provider: BTreeMap<ProviderConfig, BTreeMap<_, _>> = BTreeMap::new();
        for (addr, id) in ids {
            if let Some(early) = self.early.remove(&addr).filter(|early| early.id == id) {
                imported.push(early);
                continue;
            }
            let provider = self.world.provider_of(block, &addr)?;
            by_provider.entry(provider).or_default().insert(addr, id);
        }
        let connected: Option<Vec<_>> = by_provider
            .into_iter()
            .map(|(provider, ids)| Some((self.connections.get(&provider)?.clone(), ids)))
            .collect();
        let (resource, connected) = (resource.clone(), connected?);
        let events = self.request.events.clone();
        Some(Box::pin(async move {
            for (connection, ids) in connected {
                imported.extend(read(&*connection, &events, ids).await);
            }
            Outcome::Imported(resource, imported)
        }))
    }

    /// Takes in imported objects; then the resource is planned, without the instances whose import failed.
    pub(crate) fn imported(&mut self, resource: &ConfigResource, imported: Vec<Imported>) {
        let config = self.request.config.clone();
        let Some(block) = config.resource(resource) else { return };
        let mut lost = BTreeSet::new();
        for found in imported {
            let addr = found.addr.clone();
            let provider = self.world.provider_of(block, &addr);
            if provider.and_then(|provider| self.take_in_import(&provider, found)).is_none() {
                lost.insert(addr);
            }
        }
        self.plan_managed(resource, &lost);
    }

    fn take_in_import(
        &mut self,
        provider_addr: &ProviderConfig,
        found: Imported,
    ) -> Option<Object> {
        let Imported { addr, id, object } = found;
        let provider = self.provider(&provider_addr.provider)?;
        let schema = provider.schema(Kind::Managed, &addr.resource.type_name)?;
        match object {
            Ok(Some(object)) => {
                let stored = stored(&object, schema);
                self.prior.state.set_object(&addr, provider_addr, stored);
                self.importing.insert(addr, id);
                Some(object)
            }
            Ok(None) => {
                self.diags.push(diagnostics::nothing_to_import(&addr, &id));
                None
            }
            Err(problem) => {
                let diagnostic = self.located(problem, &addr);
                self.diags.push(diagnostic);
                None
            }
        }
    }

    /// Imports whose address has no resource block: the configuration for them is written, if that was asked for.
    pub(crate) async fn generate(&mut self) {
        if self.only_reads() {
            return;
        }
        let config = self.request.config.clone();
        let mut wanted: BTreeMap<(ProviderConfig, Str), BTreeMap<_, _>> = BTreeMap::new();
        for (import, resource, provider_addr) in config.imports_to_write() {
            let addr = ResourceInstance {
                module: ModuleInstance::root(),
                resource: resource.resource,
                key: None,
            };
            if !self.targets.names_instance(&addr) {
                continue;
            }
            if !self.request.generate {
                self.diags.push(diagnostics::import_without_config(&addr, Some(import.to.span())));
                continue;
            }
            let Some((addr, id)) = self.import_id(import, Repetition::default()) else { continue };
            let Some(provider) = self.provider(&provider_addr.provider) else { continue };
            let type_name = addr.resource.type_name.clone();
            if provider.schema(Kind::Managed, &type_name).is_none() {
                let known = provider.type_names(Kind::Managed);
                let name = provider.address().short();
                let diagnostic = checking::unknown_type(&addr.resource, &name, known);
                self.diags.push(diagnostic.at(import.to.span()));
                continue;
            }
            wanted.entry((provider_addr, type_name)).or_default().insert(addr, id);
        }
        for ((provider_addr, type_name), ids) in wanted {
            let Some(connection) = self.connections.get(&provider_addr).cloned() else { continue };
            let Some(provider) = self.provider(&provider_addr.provider) else { continue };
            let Some(schema) = provider.schema(Kind::Managed, &type_name) else { continue };
            for found in read(&*connection, &self.request.events, ids).await {
                self.write_import(&provider_addr, schema, found);
            }
        }
    }

    /// Takes in an imported object without a resource block, and writes one for it.
    fn write_import(&mut self, provider: &ProviderConfig, schema: &Schema, found: Imported) {
        let (addr, id) = (found.addr.clone(), found.id.clone());
        let Some(object) = self.take_in_import(provider, found) else { return };
        let text = generate::resource(&addr, &object.value, &schema.block);
        let value = marked_by_schema(object.value, &schema.block);
        let change = ResourceChange {
            addr: addr.clone(),
            deposed: None,
            previous_addr: None,
            provider: provider.clone(),
            action: Action::NoOp,
            reason: None,
            before: Some(value.clone()),
            after: Some(value),
            private: object.private,
            requires_replace: Vec::new(),
            importing: Some(id),
            generated_config: Some(text),
            dependencies: Arc::new([]),
            create_before_destroy: false,
        };
        self.changes.insert((addr, None), change);
    }
}

/// Reads objects of one type.
pub(crate) async fn read(
    connection: &dyn Connection,
    events: &Events,
    ids: BTreeMap<ResourceInstance, String>,
) -> Vec<Imported> {
    let Some(first) = ids.keys().next() else { return Vec::new() };
    let type_name = first.resource.type_name.clone();
    let (mut found, mut named, mut objects) = (Vec::new(), Vec::new(), Vec::new());
    let all: Vec<String> = ids.values().cloned().collect();
    let imported = connection.import(&type_name, &all).await;
    for ((addr, id), imported) in ids.into_iter().zip(imported) {
        match imported {
            Ok(imported) => {
                named.push((addr, id));
                objects.push(imported.object);
            }
            Err(problem) => found.push(Imported { addr, id, object: Err(problem) }),
        }
    }
    if !objects.is_empty() {
        let about = named.iter().zip(&objects);
        let about: Objects = about
            .map(|((addr, _), object): (&(ResourceInstance, _), _)| {
                (addr.clone(), id_of(&object.value))
            })
            .collect();
        let type_name = type_name.to_string();
        events.emit(Event::RefreshStart { type_name: type_name.clone(), objects: about.clone() });
        let request = ReadRequest { type_name: &type_name, objects: &objects };
        let answers = connection.read(request).await;
        events.emit(Event::RefreshDone { type_name: type_name.clone(), objects: about });
        let answers = named.into_iter().zip(answers);
        found.extend(answers.map(|((addr, id), object)| Imported { addr, id, object }));
    }
    found
}

/// What the state keeps of an imported object until it is planned.
fn stored(object: &Object, schema: &Schema) -> ObjectState {
    let marked = marked_by_schema(object.value.clone(), &schema.block);
    let (value, marks) = marked.unmarked_paths();
    ObjectState {
        tainted: false,
        schema_version: schema.version,
        attributes: Attributes::Value(value),
        sensitive: marks.into_iter().map(|(path, _)| path).collect(),
        private: object.private.clone(),
        dependencies: Vec::new(),
        create_before_destroy: false,
        identity: None,
    }
}
