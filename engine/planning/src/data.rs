//! Data sources: read now if that is possible, else during apply.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt;
use futures::future::BoxFuture;
use infra_addrs::{ConfigResource, ModuleInstance, ResourceInstance};
use infra_diag::{Diagnostic, Severity};
use infra_lang::checking;
use infra_lang::config::Resource;
use infra_lang::problems;
use infra_plan::{Action, Checkable, Event, Mode, Reason, ResourceChange, Status};
use infra_provider::{Block, Kind, Problem};
use infra_state::{Attributes, ObjectState};
use infra_value::{Marks, Path, Value};

use crate::managed::{marked_by_schema, remarked};
use crate::planner::{Outcome, Planner};
use crate::{diagnostics, refresh};

/// What reading one data source brought.
pub(crate) struct Answer {
    addr: ResourceInstance,
    config: Value,
    marks: Vec<(Path, Marks)>,
    value: Result<Value, Vec<Problem>>,
}

impl Planner {
    pub(crate) fn plan_data(
        &mut self,
        addr: &ConfigResource,
    ) -> Option<BoxFuture<'static, Outcome>> {
        let config = self.request.config.clone();
        let block = config.resource(addr)?;
        let provider_addr = config.provider_of(&addr.module, block);
        let provider = self.provider(&provider_addr.provider)?;
        let type_name = addr.resource.type_name.clone();
        let Some(schema) = provider.schema(Kind::Data, &type_name) else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return None;
        };
        let wrong = checking::check_not_itself(block, &schema.block);
        if wrong.has_errors() {
            self.diags.extend(wrong);
            return None;
        }
        let repeated = self.is_repeated(&provider_addr) || block.is_divided();
        let whole = self.connections.get(&provider_addr).cloned();
        let awaited = self.awaited(addr, block);
        if self.targets.resource(addr) {
            self.checks.expanded(&Checkable::Resource(addr.clone()));
        }
        let waits = self.waits(addr);
        let mut reads = Vec::new();
        let mut pending: BTreeMap<ModuleInstance, bool> = BTreeMap::new();
        for instance in self.world.instances(addr) {
            if !self.targets.instance(&instance) {
                if self.targets.resource(addr) {
                    self.leave_unjudged(block.lifecycle.conditions(), &instance);
                }
                continue;
            }
            let module = instance.module.clone();
            let pending = *pending
                .entry(module)
                .or_insert_with_key(|module| self.any_will_change(&awaited, module));
            let unknown = Value::unknown(schema.block.implied_type().clone());
            self.world.set_resource(
                &instance.module,
                &addr.resource,
                instance.key.clone(),
                unknown,
            );
            let Some((config, marks)) = self.data_config(block, &schema.block, &instance) else {
                continue;
            };
            let reason = if !config.is_wholly_known() {
                Some(Reason::ReadBecauseConfigUnknown)
            } else if pending || waits {
                Some(Reason::ReadBecauseDependencyPending)
            } else {
                None
            };
            match reason {
                Some(reason) => {
                    self.defer(addr, &instance, &schema.block, config, &marks, reason);
                }
                None => {
                    let connection = match repeated {
                        false => whole.clone(),
                        true => self
                            .world
                            .provider_of(block, &instance)
                            .and_then(|addr| self.connections.get(&addr).cloned()),
                    };
                    reads
                        .extend(connection.map(|connection| (connection, instance, config, marks)));
                }
            }
        }
        if reads.is_empty() {
            return None;
        }
        let (events, addr, parallelism) =
            (self.request.events.clone(), addr.clone(), self.request.parallelism);
        Some(Box::pin(async move {
            let reads: Vec<_> = reads
                .into_iter()
                .map(|(connection, instance, config, marks)| {
                    let (events, type_name) = (events.clone(), type_name.clone());
                    async move {
                        events.emit(Event::ReadStart { addr: instance.clone() });
                        let value = connection.read_data(&type_name, &config).await;
                        events.emit(match &value {
                            Ok(found) => Event::ReadDone {
                                addr: instance.clone(),
                                id: refresh::id_of(found),
                            },
                            Err(_) => Event::ReadFailed { addr: instance.clone() },
                        });
                        Answer { addr: instance, config, marks, value }
                    }
                })
                .collect();
            let mut answers: Vec<Answer> =
                futures::stream::iter(reads).buffer_unordered(parallelism.max(1)).collect().await;
            answers.sort_by(|a, b| a.addr.cmp(&b.addr));
            Outcome::Data(addr, answers)
        }))
    }

    pub(crate) fn data_config(
        &mut self,
        block: &Resource,
        schema: &Block,
        addr: &ResourceInstance,
    ) -> Option<(Value, Vec<(Path, Marks)>)> {
        let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
        let (config, found) = self.world.decode(&block.body, schema, &scope);
        let failed = found.has_errors();
        self.diags.extend(found);
        let holds = !failed && self.conditions_hold(&block.lifecycle.preconditions, addr, None);
        holds.then(|| config.unmarked_paths())
    }

    fn defer(
        &mut self,
        resource: &ConfigResource,
        addr: &ResourceInstance,
        schema: &Block,
        config: Value,
        marks: &[(Path, Marks)],
        reason: Reason,
    ) {
        let after = crate::completed(config, schema);
        let after = marked_by_schema(remarked(after, marks), schema);
        self.prior.state.remove_object(addr);
        self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), after.clone());
        let config = self.request.config.clone();
        if let Some(block) = config.resource(resource) {
            self.leave_unjudged(&block.lifecycle.postconditions, addr);
        }
        self.read_again(resource, addr, after, reason);
    }

    /// Plans to read a data source while applying.
    fn read_again(
        &mut self,
        resource: &ConfigResource,
        addr: &ResourceInstance,
        after: Value,
        reason: Reason,
    ) {
        let block = self.request.config.resource(resource);
        let Some(block) = block else { return };
        if block.check.is_some() && self.request.mode != Mode::Normal {
            return;
        }
        let Some(provider) = self.world.provider_of(block, addr) else { return };
        let change = ResourceChange {
            addr: addr.clone(),
            deposed: None,
            previous_addr: None,
            provider,
            action: Action::Read,
            reason: Some(reason),
            before: None,
            after: Some(after),
            private: Vec::new(),
            requires_replace: Vec::new(),
            importing: None,
            generated_config: None,
            dependencies: self.dependencies.get(resource).cloned().unwrap_or_else(|| Arc::new([])),
            create_before_destroy: false,
        };
        self.changes.insert((addr.clone(), None), change);
    }

    /// Takes in what data sources answered.
    pub(crate) fn data_answered(&mut self, resource: &ConfigResource, answers: Vec<Answer>) {
        let config = self.request.config.clone();
        let block = config.resource(resource);
        let Some(block) = block else { return };
        let provider_addr = config.provider_of(&resource.module, block);
        let Some(provider) = self.provider(&provider_addr.provider) else { return };
        let Some(schema) = provider.schema(Kind::Data, &resource.resource.type_name) else {
            return;
        };
        for Answer { addr, config: asked, marks, value } in answers {
            match value {
                Ok(value) => {
                    let value = marked_by_schema(remarked(value, &marks), &schema.block);
                    let Some(provider) = self.world.provider_of(block, &addr) else { continue };
                    self.keep_data(&provider, schema.version, &addr, &value);
                    self.conditions_hold(&block.lifecycle.postconditions, &addr, Some(&value));
                    if block.check.is_some() {
                        let reason = Reason::ReadBecauseCheckNested;
                        self.read_again(resource, &addr, value.clone(), reason);
                    }
                    self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value);
                }
                Err(found) => {
                    if let Some(check) = &block.check {
                        let messages = found.iter().map(ToString::to_string);
                        let of = Checkable::Check(resource.module.clone(), check.clone());
                        self.checks.record(of, &addr.module, None, Status::Fail, messages);
                        let reason = Reason::ReadBecauseCheckNested;
                        let nothing =
                            crate::without_unknown(crate::completed(asked.clone(), &schema.block));
                        self.defer(resource, &addr, &schema.block, asked, &marks, reason);
                        let nothing = marked_by_schema(remarked(nothing, &marks), &schema.block);
                        if let Some(provider) = self.world.provider_of(block, &addr) {
                            self.keep_data(&provider, schema.version, &addr, &nothing);
                        }
                    }
                    self.diags.extend(found.into_iter().map(|problem| {
                        let found = problems::located(problem, &block.body);
                        // A check that cannot look is no reason to stop.
                        let severity = match block.check {
                            Some(_) => Severity::Warning,
                            None => found.severity,
                        };
                        Diagnostic { severity, ..found.address(&addr) }
                    }));
                }
            }
        }
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
    }

    fn keep_data(
        &mut self,
        provider: &infra_addrs::ProviderConfig,
        schema_version: u64,
        addr: &ResourceInstance,
        value: &Value,
    ) {
        let (value, marks) = value.unmarked_paths();
        let object = ObjectState {
            tainted: false,
            schema_version,
            attributes: Attributes::Value(value),
            sensitive: marks.into_iter().map(|(path, _)| path).collect(),
            private: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
            identity: None,
        };
        self.prior.state.set_object(addr, provider, object);
    }
}
