//! Planning managed resources: every instance of one resource in a loop.

use std::collections::BTreeSet;
use std::sync::Arc;

use infra_addrs::{ConfigResource, InstanceKey, ProviderConfig, ResourceInstance};
use infra_lang::checking;
use infra_lang::config::{IgnoreChanges, Lifecycle, Resource};
use infra_lang::problems;
use infra_plan::{Action, Checkable, Mode, Reason, ResourceChange};
use infra_provider::{Block, Connection, Kind, Object, PlanRequest, PlanResponse, Schema};
use infra_state::ObjectState;
use infra_value::{Marks, Path, Type, Value};

use crate::planner::Planner;
use crate::{diagnostics, ignore};

/// What all instances of a resource have in common.
struct Subject<'a> {
    addr: &'a ConfigResource,
    block: &'a Resource,
    schema: &'a Schema,
    provider: ProviderConfig,
    connection: Arc<dyn Connection>,
    dependencies: Arc<[ConfigResource]>,
    create_before_destroy: bool,
}

impl Planner {
    pub(crate) fn plan_managed(
        &mut self,
        addr: &ConfigResource,
        lost: &BTreeSet<ResourceInstance>,
    ) {
        let config = self.request.config.clone();
        let Some(module) = config.module(&addr.module) else { return };
        let Some(block) = module.resources.get(&addr.resource) else { return };
        let provider_addr = config.provider_of(&addr.module, block);
        let Some(provider) = self.provider(&provider_addr.provider) else { return };
        let Some(schema) = provider.schema(Kind::Managed, &addr.resource.type_name) else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return;
        };
        let wrong = checking::check_not_itself(block, &schema.block);
        if wrong.has_errors() {
            self.diags.extend(wrong);
            return;
        }
        // Of a provider configuration that is repeated, each instance says which one it wants.
        let repeated = self.is_repeated(&provider_addr) || block.is_divided();
        let common = if repeated { None } else { self.subject(addr, block, schema, provider_addr) };
        let limited = self.world.has_only_present();
        let unknown = || Value::unknown(schema.block.implied_type().clone());
        for module in self.world.module_instances(module) {
            let expansion = self.world.expansion(&module, &addr.resource);
            let mut holes = Vec::new();
            for key in expansion.keys() {
                let instance = ResourceInstance {
                    module: module.clone(),
                    resource: addr.resource.clone(),
                    key: key.clone(),
                };
                let targeted = self.targets.instance(&instance);
                let wanted = !self.only_reads() && targeted && !lost.contains(&instance);
                let own = match repeated && wanted {
                    true => self
                        .world
                        .provider_of(block, &instance)
                        .and_then(|provider| self.subject(addr, block, schema, provider)),
                    false => None,
                };
                let value = match common.as_ref().or(own.as_ref()) {
                    Some(subject) if wanted => {
                        let planned = self.plan_instance(subject, &instance);
                        let read = self.request.refresh.of(&instance)
                            && !self.importing.contains_key(&instance);
                        if planned.is_none() && read {
                            self.settle_refreshed(addr, &instance);
                        }
                        planned
                    }
                    _ => {
                        let left_out = !targeted && self.targets.resource(addr);
                        if left_out || lost.contains(&instance) {
                            self.leave_unjudged(block.lifecycle.conditions(), &instance);
                        }
                        let value = self.current(schema, &instance);
                        if targeted && self.request.mode == Mode::RefreshOnly {
                            self.judge_current(block, &instance, value.as_ref());
                            self.settle_refreshed(addr, &instance);
                        }
                        value
                    }
                };
                if limited && value.is_none() && !wanted && instance.key.is_some() {
                    holes.push(key);
                    continue;
                }
                // What is missing before something that is there counts.
                let holes = holes.drain(..).filter(|key| matches!(key, Some(InstanceKey::Int(_))));
                for key in holes {
                    self.world.set_resource(&module, &addr.resource, key, unknown());
                }
                let value = value.unwrap_or_else(unknown);
                self.world.set_resource(&module, &addr.resource, key, value);
            }
        }
        if self.targets.resource(addr) {
            self.checks.expanded(&Checkable::Resource(addr.clone()));
        }
        self.plan_leftovers_of(addr);
        self.show_leftovers(addr, schema);
    }

    /// Has references find what is left of a resource and stays, as in Terraform.
    fn show_leftovers(&self, addr: &ConfigResource, schema: &Schema) {
        for instance in self.prior.by_resource.get(addr).into_iter().flatten() {
            let deleted = self.changes.contains_key(&(instance.clone(), None));
            let ResourceInstance { module, resource, key } = instance;
            if !deleted
                && self.world.resource(module, resource, key).is_none()
                && let Some(value) = self.current(schema, instance)
            {
                self.world.set_resource(module, resource, key.clone(), value);
            }
        }
    }

    /// Judges the conditions of an instance that is left as it is; of one that is not there yet nothing is known.
    fn judge_current(&mut self, block: &Resource, addr: &ResourceInstance, value: Option<&Value>) {
        let Lifecycle { preconditions, postconditions, .. } = &block.lifecycle;
        let unknown = Value::unknown(Type::Any);
        self.conditions_hold(preconditions, addr, None);
        self.conditions_hold(postconditions, addr, Some(value.unwrap_or(&unknown)));
    }

    /// What is common to the instances of a resource that one provider configuration looks after; nothing if it is not
    /// connected.
    fn subject<'a>(
        &self,
        addr: &'a ConfigResource,
        block: &'a Resource,
        schema: &'a Schema,
        provider: ProviderConfig,
    ) -> Option<Subject<'a>> {
        Some(Subject {
            addr,
            block,
            schema,
            connection: self.connections.get(&provider)?.clone(),
            provider,
            dependencies: self.dependencies.get(addr).cloned().unwrap_or_else(|| Arc::new([])),
            create_before_destroy: self.create_before_destroy.orders(addr),
        })
    }

    /// The value of an instance as the state has it.
    pub(crate) fn current(&self, schema: &Schema, instance: &ResourceInstance) -> Option<Value> {
        let object = self.state().object(instance)?;
        let sensitive = object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE));
        let marks: Vec<_> = sensitive.collect();
        Some(crate::marked(object.decode(schema).ok()?, &marks, &schema.block))
    }

    /// Plans one instance. Gives what it will be; nothing on error.
    fn plan_instance(&mut self, subject: &Subject<'_>, addr: &ResourceInstance) -> Option<Value> {
        let block = subject.block;
        let Some(triggered) = self.is_triggered(block, addr) else {
            self.leave_unjudged(block.lifecycle.conditions(), addr);
            return None;
        };
        if !self.conditions_hold(&block.lifecycle.preconditions, addr, None) {
            return None;
        }
        let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
        let (config, found) = self.world.decode(&block.body, &subject.schema.block, &scope);
        let failed = found.has_errors();
        self.diags.extend(found.into_iter().map(|found| found.instance(addr)));
        if failed {
            return None;
        }
        let (config, marks) = config.unmarked_paths();
        if self.stores_ephemeral(block, &subject.schema.block, addr, &marks) {
            return None;
        }
        let marks = crate::kept(marks);
        let provider = self.provider(&subject.provider.provider)?;
        let invalid = provider.validate(Kind::Managed, &addr.resource.type_name, &config);
        let failed = invalid.iter().any(|problem| problem.severity == infra_diag::Severity::Error);
        self.diags.extend(
            invalid
                .into_iter()
                .map(|problem| problems::located(problem, &block.body).address(addr)),
        );
        if failed {
            return None;
        }

        let stored = self.state().object(addr).cloned();
        let prior = match &stored {
            Some(stored) => match stored.decode(subject.schema) {
                Ok(value) => {
                    Some(Object { value: value.unmarked_deep().0, private: stored.private.clone() })
                }
                Err(problem) => {
                    self.diags.push(problems::unlocated(problem).address(addr));
                    return None;
                }
            },
            None => None,
        };
        let prior_sensitive =
            stored.as_ref().map(|stored| stored.sensitive.clone()).unwrap_or_default();
        // What is tainted is planned as if there were nothing.
        let tainted = stored.as_ref().is_some_and(|stored| stored.tainted);
        let from = prior.as_ref().filter(|_| !tainted);
        let ignored = &block.lifecycle.ignore_changes;
        let agreed = from.map_or_else(
            || config.clone(),
            |prior| ignore::apply(ignored, &config, &prior.value, &subject.schema.block),
        );
        let response = self.ask(subject, addr, from, &agreed, &config)?;
        let planned = response.planned?;
        let reason = match (&prior, &stored) {
            // As in Terraform: a reason also for what is not there yet.
            (None, _) | (_, None) => triggered.then_some(Reason::ReplaceByTriggers),
            (Some(_), Some(stored)) => {
                if triggered {
                    Some(Reason::ReplaceByTriggers)
                } else if stored.tainted {
                    Some(Reason::ReplaceBecauseTainted)
                } else if self.request.replace.contains(addr) {
                    Some(Reason::ReplaceByRequest)
                } else if !response.requires_replace.is_empty() {
                    Some(Reason::ReplaceBecauseCannotUpdate)
                } else {
                    None
                }
            }
        };
        let (action, planned) = match (&prior, reason) {
            (None, _) => (Action::Create, planned),
            (Some(_), Some(_)) => {
                let anew = self.ask(subject, addr, None, &config, &config)?.planned?;
                let cbd = subject.create_before_destroy;
                (if cbd { Action::CreateThenDelete } else { Action::DeleteThenCreate }, anew)
            }
            (Some(prior), None) if prior.value == planned.value => (Action::NoOp, planned),
            (Some(_), None) => (Action::Update, planned),
        };

        // A new object has nothing that could stay as it is.
        let kept = prior.is_some() && !action.is_replace();
        let stays = |path: &Path| kept && ignore::ignores(ignored, path);
        let before_marks: Vec<_> =
            prior_sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
        let marks: Vec<_> = marks
            .into_iter()
            .filter(|(path, _)| !stays(path))
            .chain(before_marks.iter().filter(|(path, _)| stays(path)).cloned())
            .collect();
        let after = remarked(planned.value, &marks);
        let after = marked_by_schema(after, &subject.schema.block);
        let before = prior.map(|prior| {
            marked_by_schema(remarked(prior.value, &before_marks), &subject.schema.block)
        });
        let action = match (&before, action) {
            (Some(before), Action::NoOp) if !same_marks(before, &after) => Action::Update,
            (_, action) => action,
        };
        // Ignoring all leaves nothing to update.
        let ignores_all = block.lifecycle.ignore_changes == IgnoreChanges::All;
        let (action, after) = match (&before, action) {
            (Some(before), Action::Update) if ignores_all => (Action::NoOp, before.clone()),
            (_, action) => (action, after),
        };
        self.settle_prior(subject, addr, action);
        let change = ResourceChange {
            addr: addr.clone(),
            deposed: None,
            previous_addr: None,
            provider: subject.provider.clone(),
            action,
            reason,
            before,
            after: Some(after.clone()),
            private: planned.private,
            requires_replace: response.requires_replace,
            importing: None,
            generated_config: None,
            dependencies: subject.dependencies.clone(),
            create_before_destroy: self.create_before_destroy.made(addr),
        };
        self.changes.insert((addr.clone(), None), change);
        if action.is_replace() && self.tell_protected(block, addr) {
            self.leave_unjudged(&block.lifecycle.postconditions, addr);
            return None;
        }
        self.conditions_hold(&block.lifecycle.postconditions, addr, Some(&after)).then_some(after)
    }

    /// Whether an argument that is stored has an ephemeral value; then a diagnostic was made.
    fn stores_ephemeral(
        &mut self,
        block: &Resource,
        schema: &Block,
        addr: &ResourceInstance,
        marks: &[(Path, Marks)],
    ) -> bool {
        let write_only = |path: &Path| {
            let attribute = path.first_attr().and_then(|name| schema.attributes.get(name));
            attribute.is_some_and(|attribute| attribute.write_only)
        };
        let mut found = false;
        let ephemeral = marks.iter().filter(|(_, marks)| marks.contains(Marks::EPHEMERAL));
        for (path, _) in ephemeral.filter(|(path, _)| !write_only(path)) {
            let span = infra_lang::eval::span_of(&block.body, path).unwrap_or(block.span);
            self.diags.push(diagnostics::ephemeral_argument(path, span).address(addr));
            found = true;
        }
        found
    }

    /// Brings what the state keeps beside the attributes up to date: what an object depends on is what it depended on
    /// and what it depends on now, until the change is made.
    fn settle_prior(&mut self, subject: &Subject<'_>, addr: &ResourceInstance, action: Action) {
        if action != Action::NoOp && self.importing.contains_key(addr) {
            return;
        }
        let Some(stored) = self.state().object(addr) else { return };
        let now = || self.dependencies_now(subject.addr);
        let dependencies = match action {
            Action::NoOp if self.left_behind.is_empty() => subject.dependencies.to_vec(),
            Action::NoOp => merged(now()),
            _ if self.request.refresh.of(addr) => merged(now().chain(&stored.dependencies)),
            _ => merged(&stored.dependencies),
        };
        self.keep_beside((subject.addr, addr), dependencies, &subject.provider);
    }

    /// The same for an object that is only read.
    fn settle_refreshed(&mut self, resource: &ConfigResource, addr: &ResourceInstance) {
        let Some(stored) = self.state().object(addr).filter(|_| self.targets.instance(addr)) else {
            return;
        };
        let Some(provider) = self.prior_provider(addr) else { return };
        let dependencies = merged(self.dependencies_now(resource).chain(&stored.dependencies));
        self.prior.changed |= self.keep_beside((resource, addr), dependencies, &provider);
    }

    /// What a resource depends on now, and what is left of what it depended on.
    fn dependencies_now(&self, resource: &ConfigResource) -> impl Iterator<Item = &ConfigResource> {
        let now = self.dependencies.get(resource).into_iter().flat_map(|now| now.iter());
        now.chain(self.left_behind.get(resource).into_iter().flatten())
    }

    /// Keeps what an object depends on and how it is replaced; whether the state says something else.
    fn keep_beside(
        &mut self,
        (resource, addr): (&ConfigResource, &ResourceInstance),
        dependencies: Vec<ConfigResource>,
        provider: &ProviderConfig,
    ) -> bool {
        let create_before_destroy = self.create_before_destroy.orders(resource);
        let Some(stored) = self.state().object(addr) else { return false };
        // As in Terraform, which says how to replace what it imports only beside what that depends on.
        let same = stored.dependencies == dependencies
            && (stored.create_before_destroy == create_before_destroy
                || self.importing.contains_key(addr));
        if !same {
            let stored = ObjectState { dependencies, create_before_destroy, ..stored.clone() };
            self.prior.state.set_object(addr, provider, stored);
        }
        !same
    }

    /// Asks the provider; nothing if it found an error.
    fn ask(
        &mut self,
        subject: &Subject<'_>,
        addr: &ResourceInstance,
        prior: Option<&Object>,
        config: &Value,
        written: &Value,
    ) -> Option<PlanResponse> {
        let type_name = &*subject.addr.resource.type_name;
        let request = PlanRequest { type_name, prior, config, written };
        let mut response = subject.connection.plan(request);
        let problems = std::mem::take(&mut response.problems);
        let failed = problems.iter().any(|problem| problem.severity == infra_diag::Severity::Error);
        let block = subject.block;
        self.diags.extend(
            problems
                .into_iter()
                .map(|problem| problems::located(problem, &block.body).address(addr)),
        );
        (!failed).then_some(response)
    }

    /// Whether `prevent_destroy` forbids to destroy an object.
    pub(crate) fn is_protected(&self, block: &Resource, addr: &ResourceInstance) -> bool {
        block.lifecycle.prevent_destroy.as_ref().is_some_and(|expr| {
            let scope = self.world.resource_scope(&addr.module, block, &addr.key);
            scope.is_some_and(|scope| self.world.evaluate(expr, &scope).as_bool() == Some(true))
        })
    }

    /// Whether `prevent_destroy` forbids to destroy an object, which is reported.
    pub(crate) fn tell_protected(&mut self, block: &Resource, addr: &ResourceInstance) -> bool {
        let protected = self.is_protected(block, addr);
        if protected {
            self.diags.push(diagnostics::prevent_destroy(block, addr));
        }
        protected
    }
}

/// All that an object depends on or depended on, sorted.
fn merged<'a>(all: impl IntoIterator<Item = &'a ConfigResource>) -> Vec<ConfigResource> {
    let mut all: Vec<_> = all.into_iter().cloned().collect();
    all.sort_by_cached_key(ToString::to_string);
    all.dedup();
    all
}

/// The value with marks added at paths.
pub(crate) fn remarked(value: Value, marks: &[(Path, Marks)]) -> Value {
    if marks.is_empty() {
        return value;
    }
    value.transform(&mut |path, item| {
        let found = marks.iter().filter(|(marked, _)| marked == path);
        found.fold(item, |item, (_, marks)| item.marked(*marks))
    })
}

/// The value with the attributes that the schema says are sensitive marked so.
pub(crate) fn marked_by_schema(value: Value, schema: &Block) -> Value {
    if !has_sensitive(schema) || value.as_map().is_none() {
        return value;
    }
    let mut marked = value.clone();
    for (name, attribute) in &schema.attributes {
        if attribute.sensitive
            && let Some(item) = value.get(name)
        {
            marked = marked.with(name, item.clone().marked(Marks::SENSITIVE));
        }
    }
    for (name, nested) in schema.blocks.iter().filter(|(_, nested)| has_sensitive(&nested.block)) {
        let Some(item) = value.get(name) else { continue };
        let inside = |item: &Value| marked_by_schema(item.clone(), &nested.block);
        let item = match item.data() {
            infra_value::Data::List(element, items) => {
                Value::list(element.clone(), items.iter().map(inside))
            }
            infra_value::Data::Set(element, items) => {
                Value::set(element.clone(), items.iter().map(inside))
            }
            infra_value::Data::Map(element, items) => Value::map(
                element.clone(),
                items.iter().map(|(key, item)| (key.clone(), inside(item))),
            ),
            _ => inside(item),
        };
        marked = marked.with(name, item);
    }
    marked
}

fn has_sensitive(schema: &Block) -> bool {
    schema.attributes.values().any(|attribute| attribute.sensitive)
        || schema.blocks.values().any(|nested| has_sensitive(&nested.block))
}

/// Whether the same parts are sensitive in both.
fn same_marks(before: &Value, after: &Value) -> bool {
    if !before.has_marks() && !after.has_marks() {
        return true;
    }
    let paths = |value: &Value| {
        let (_, paths) = value.unmarked_paths();
        paths.into_iter().map(|(path, _)| path.to_string()).collect::<BTreeSet<_>>()
    };
    paths(before) == paths(after)
}
