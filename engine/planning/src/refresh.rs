//! Connecting a provider and reading what it looks after, one call a type.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_lang::dependencies::Node;
use infra_lang::problems;
use infra_plan::{Action, DeferralReason, Event, Mode, Objects, ResourceChange};
use infra_provider::{Connection, Kind, Object, Problem, ReadRequest};
use infra_state::Attributes;
use infra_value::{Str, Value};

use crate::diagnostics;
use crate::imports::{self, Imported};
use crate::planner::{Outcome, Planner};

/// An object of the prior state, deposed or not.
struct Known {
    addr: ResourceInstance,
    deposed: Option<String>,
    object: Object,
}

/// What reading one object brought.
pub(crate) struct Refreshed {
    known: Known,
    answer: Result<Option<Object>, Problem>,
}

/// What connecting one instance of a provider configuration brought.
pub(crate) struct Connected {
    addr: ProviderConfig,
    connection: Result<Arc<dyn Connection>, Vec<Problem>>,
    refreshed: Vec<Refreshed>,
    imported: Vec<Imported>,
}

impl Planner {
    /// Evaluates the instances of a provider configuration and connects; then reads what the state holds of them.
    pub(crate) fn connect(&mut self, addr: &ProviderConfig) -> Option<BoxFuture<'static, Outcome>> {
        let instances = self.world.provider_instances(addr);
        let mut looked_after: BTreeMap<ProviderConfig, Vec<ResourceInstance>> = BTreeMap::new();
        let all = self.prior.by_provider.get(addr).cloned().unwrap_or_default();
        if !self.is_repeated(addr) {
            let connecting = self.connect_one(addr, all)?;
            return Some(Box::pin(async move { Outcome::Connected(vec![connecting.await]) }));
        }
        for instance in &all {
            let provider = self.prior_provider(instance).unwrap_or_else(|| addr.clone());
            looked_after.entry(provider).or_default().push(instance.clone());
        }
        if !instances.is_empty() {
            for (gone, needed_by) in
                looked_after.iter().filter(|(provider, _)| !instances.contains(provider))
            {
                let gone = diagnostics::provider_not_present(gone, Some(needed_by));
                self.diags.push(gone);
            }
        }
        let connecting: Vec<_> = instances
            .iter()
            .filter_map(|addr| {
                self.connect_one(addr, looked_after.remove(addr).unwrap_or_default())
            })
            .collect();
        if connecting.is_empty() {
            return None;
        }
        Some(Box::pin(
            async move { Outcome::Connected(futures::future::join_all(connecting).await) },
        ))
    }

    /// Tells of provider configurations that the state needs and that are not there any more.
    pub(crate) fn check_providers(&mut self) {
        for (addr, looked_after) in &self.prior.by_provider {
            if self.is_missing(addr) {
                self.diags.push(diagnostics::provider_not_present(addr, Some(looked_after)));
            }
        }
    }

    /// Whether a provider configuration would need a block, and has none.
    fn is_missing(&self, addr: &ProviderConfig) -> bool {
        self.world.provider_block(addr).is_none()
            && (addr.alias.is_some() || !addr.module.is_root())
    }

    /// Whether a provider configuration has `for_each`.
    pub(crate) fn is_repeated(&self, addr: &ProviderConfig) -> bool {
        self.world.provider_block(addr).is_some_and(|block| block.for_each.is_some())
    }

    /// The provider configuration that looks after an instance of the prior state.
    pub(crate) fn prior_provider(&self, addr: &ResourceInstance) -> Option<ProviderConfig> {
        let stored = self.prior.state.provider(addr);
        let module = self.request.config.module(&addr.module.module());
        match module.and_then(|module| module.resources.get(&addr.resource)) {
            Some(block) => Some(self.world.prior_provider_of(block, addr, stored)),
            None => stored.cloned(),
        }
    }

    fn connect_one(
        &mut self,
        addr: &ProviderConfig,
        looked_after: Vec<ResourceInstance>,
    ) -> Option<BoxFuture<'static, Connected>> {
        let Some(provider) = self.provider(&addr.provider) else {
            self.diags.push(diagnostics::unknown_provider(&addr.provider, &self.request.registry));
            return None;
        };
        if self.is_missing(addr) {
            self.diags.push(diagnostics::provider_not_present(addr, Some(&looked_after)));
            return None;
        }
        let (config, found) = self.world.provider_config(addr, &provider.config_schema().block);
        let failed = found.has_errors();
        self.diags.extend(found);
        if failed {
            return None;
        }
        let (config, _) = config.unmarked_deep();
        if self.request.defers() && !config.is_wholly_known() {
            let node = Node::Provider(ProviderConfig { key: None, ..addr.clone() });
            self.deferred.insert(node, DeferralReason::ProviderConfigUnknown);
            return None;
        }
        let wrong = provider.validate_config(&config);
        let told = self.diags.len();
        self.tell_of_provider(addr, wrong);
        if self.diags.failed_since(told) {
            return None;
        }
        let mut objects: BTreeMap<Str, Vec<Known>> = BTreeMap::new();
        for instance in &looked_after {
            let Some(found) = self.prior.state.instance(instance) else { continue };
            let type_name = &instance.resource.type_name;
            let Some(schema) = provider.schema(Kind::Managed, type_name) else {
                self.diags.push(diagnostics::unknown_type_in_state(instance, &addr.provider));
                continue;
            };
            // What will not be managed any more is left alone.
            let forgotten = self.is_forgotten(&instance.config());
            let current = found.current.iter().filter(|_| !forgotten);
            let current = current.map(|object| (None, object));
            let deposed = found.deposed.iter().map(|(key, object)| (Some(key.clone()), object));
            for (deposed, object) in current.chain(deposed) {
                match object.decode(schema) {
                    Ok(value) => {
                        let value = value.unmarked_deep().0;
                        let object = Object { value, private: object.private.clone() };
                        let known = Known { addr: instance.clone(), deposed, object };
                        objects.entry(type_name.clone()).or_default().push(known);
                    }
                    Err(problem) => self.diags.push(problems::unlocated(problem).address(instance)),
                }
            }
        }
        let imports = self.early_imports(addr);
        let refresh = self.request.refresh.clone();
        let (events, connections, addr) =
            (self.request.events.clone(), self.request.connections.clone(), addr.clone());
        let parallelism = self.request.parallelism;
        Some(Box::pin(async move {
            let connection = match connections.get(&provider, &addr, &config).await {
                Ok(connection) => connection,
                Err(problems) => {
                    let (refreshed, imported) = (Vec::new(), Vec::new());
                    return Connected { addr, connection: Err(problems), refreshed, imported };
                }
            };
            let mut kept: Vec<Refreshed> = Vec::new();
            for objects in objects.values_mut() {
                let unread = objects.extract_if(.., |known| !refresh.of(&known.addr));
                kept.extend(
                    unread.map(|known| Refreshed { answer: Ok(Some(known.object.clone())), known }),
                );
            }
            objects.retain(|_, objects| !objects.is_empty());
            let reads = objects.into_iter().map(|(type_name, objects)| {
                let (connection, events) = (connection.clone(), events.clone());
                async move {
                    let named: Objects = objects
                        .iter()
                        .map(|known| (known.addr.clone(), id_of(&known.object.value)))
                        .collect();
                    let name = type_name.to_string();
                    events.emit(Event::RefreshStart { type_name: name.clone(), objects: named });
                    let refreshed = read(&*connection, &type_name, objects).await;
                    let found = refreshed.iter().map(|Refreshed { known, answer }| {
                        let now = answer.as_ref().map_or(Some(&known.object), Option::as_ref);
                        (known.addr.clone(), now.and_then(|object| id_of(&object.value)))
                    });
                    events.emit(Event::RefreshDone { type_name: name, objects: found.collect() });
                    refreshed
                }
            });
            let refreshed: Vec<Vec<Refreshed>> =
                futures::stream::iter(reads).buffer_unordered(parallelism.max(1)).collect().await;
            let refreshed = refreshed.into_iter().flatten().chain(kept).collect();
            let imports =
                imports.into_values().map(|ids| imports::read(&*connection, &events, ids));
            let imported: Vec<Vec<Imported>> =
                futures::stream::iter(imports).buffer_unordered(parallelism.max(1)).collect().await;
            let imported = imported.into_iter().flatten().collect();
            Connected { addr, connection: Ok(connection), refreshed, imported }
        }))
    }

    /// Takes in what a provider answered.
    pub(crate) fn connected(&mut self, connected: Connected) {
        let Connected { addr, connection, refreshed, imported } = connected;
        let addr = &addr;
        let connection = match connection {
            Ok(connection) => connection,
            Err(found) => {
                self.tell_of_provider(addr, found);
                return;
            }
        };
        self.request.events.emit(Event::Connected { provider: addr.clone() });
        self.connections.insert(addr.clone(), connection);
        self.early.extend(imported.into_iter().map(|found| (found.addr.clone(), found)));
        for Refreshed { known, answer } in refreshed {
            match answer {
                Ok(after) => self.take_in(addr, &known, after),
                Err(problem) => self.diags.push(self.located(problem, &known.addr)),
            }
        }
    }

    /// Reports problems with a provider configuration, at its block if it has one.
    fn tell_of_provider(&mut self, addr: &ProviderConfig, found: Vec<Problem>) {
        let body = self.world.provider_block(addr).map(|block| &block.body);
        let found = found.into_iter().map(|problem| problems::placed(problem, body).address(addr));
        self.diags.extend(found);
    }

    /// Objects that only have another address are drift too, which plans that only refresh show.
    pub(crate) fn drift_of_moves(&mut self) {
        let known: std::collections::BTreeSet<_> =
            self.drift.iter().map(|found| found.addr.clone()).collect();
        for (addr, from) in &self.moves.from {
            let resource = (addr.module.clone(), addr.resource.clone());
            let Some(stored) = self.prior.state.resources.get(&resource) else { continue };
            let provider = self.request.registry.get(&stored.provider.provider);
            let schema =
                provider.and_then(|found| found.schema(Kind::Managed, &addr.resource.type_name));
            let Some(value) = schema.and_then(|schema| self.current(schema, addr)) else {
                continue;
            };
            if known.contains(addr) {
                continue;
            }
            self.drift.push(ResourceChange {
                addr: addr.clone(),
                deposed: None,
                previous_addr: Some(from.clone()),
                provider: self.prior.state.provider(addr).unwrap_or(&stored.provider).clone(),
                action: Action::NoOp,
                reason: None,
                before: Some(value.clone()),
                after: Some(value),
                private: Vec::new(),
                requires_replace: Vec::new(),
                importing: None,
                generated_config: None,
                dependencies: Arc::new([]),
                create_before_destroy: false,
            });
        }
    }

    /// A provider's problem about an instance, at the block of its resource if there is one.
    pub(crate) fn located(
        &self,
        problem: Problem,
        addr: &ResourceInstance,
    ) -> infra_diag::Diagnostic {
        let block = self.request.config.resource(&addr.config());
        problems::placed(problem, block.map(|block| &block.body)).address(addr)
    }

    fn take_in(&mut self, provider: &ProviderConfig, known: &Known, after: Option<Object>) {
        let Known { addr, deposed, object: before } = known;
        let changed = after.as_ref().is_none_or(|after| after.value != before.value);
        self.prior.changed |= changed;
        // Of deposed objects nobody expects anything.
        if changed && deposed.is_none() {
            let action = if after.is_some() { Action::Update } else { Action::Delete };
            let schema = self.provider(&provider.provider);
            let schema = schema
                .as_ref()
                .and_then(|found| found.schema(Kind::Managed, &addr.resource.type_name));
            let marks: Vec<_> = self
                .prior
                .state
                .object(addr)
                .map(|object| object.sensitive.clone())
                .unwrap_or_default()
                .into_iter()
                .map(|path| (path, infra_value::Marks::SENSITIVE))
                .collect();
            let shown = |value: &Value| match schema {
                Some(schema) => crate::marked(value.clone(), &marks, &schema.block),
                None => value.clone(),
            };
            let previous_addr = self.moves.from.get(addr).cloned();
            self.drift.push(ResourceChange {
                addr: addr.clone(),
                deposed: None,
                previous_addr,
                provider: provider.clone(),
                action,
                reason: None,
                before: Some(shown(&before.value)),
                after: after.as_ref().map(|after| shown(&after.value)),
                private: Vec::new(),
                requires_replace: Vec::new(),
                importing: None,
                generated_config: None,
                dependencies: Arc::new([]),
                create_before_destroy: false,
            });
        }
        match (after, deposed) {
            (None, None) => self.prior.state.remove_object(addr),
            (None, Some(key)) => self.prior.state.remove_deposed(addr, key),
            (Some(after), _) => {
                let version = self.provider(&provider.provider).and_then(|found| {
                    Some(found.schema(Kind::Managed, &addr.resource.type_name)?.version)
                });
                let deposed = deposed.as_deref();
                let Some(stored) = self.prior.state.object_mut(addr, provider, deposed) else {
                    return;
                };
                stored.schema_version = version.unwrap_or(stored.schema_version);
                stored.attributes = Attributes::Value(after.value);
                stored.private = after.private;
            }
        }
    }
}

async fn read(connection: &dyn Connection, type_name: &str, known: Vec<Known>) -> Vec<Refreshed> {
    let objects: Vec<Object> = known.iter().map(|known| known.object.clone()).collect();
    let answers = connection.read(ReadRequest { type_name, objects: &objects }).await;
    known.into_iter().zip(answers).map(|(known, answer)| Refreshed { known, answer }).collect()
}

/// The `id` attribute, as events show it.
pub fn id_of(value: &Value) -> Option<String> {
    value.get("id")?.as_str().map(str::to_owned)
}

impl Planner {
    /// Whether the plan only brings the state up to date or deletes all: no resource block is planned then.
    pub(crate) fn only_reads(&self) -> bool {
        self.request.mode != Mode::Normal
    }
}
