//! Ephemeral resources: opened while a plan is made, if all that they are asked is known; else only while it is applied.

use futures::future::BoxFuture;
use infra_addrs::{ConfigResource, ResourceInstance};
use infra_plan::Event;
use infra_provider::{Block, Kind, Problem};
use infra_value::{Marks, Value};

use crate::leases::{self, Answer, Question};
use crate::managed::marked_by_schema;
use crate::planner::{Outcome, Planner};
use crate::{completed, diagnostics};

impl Planner {
    pub(crate) fn plan_ephemeral(
        &mut self,
        addr: &ConfigResource,
    ) -> Option<BoxFuture<'static, Outcome>> {
        let config = self.request.config.clone();
        let block = config.resource(addr)?;
        let provider_addr = config.provider_of(&addr.module, block);
        let provider = self.provider(&provider_addr.provider)?;
        let Some(schema) = provider.schema(Kind::Ephemeral, &addr.resource.type_name) else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return None;
        };
        let mut asked = Vec::new();
        for instance in self.world.instances(addr) {
            let unknown = Value::unknown(schema.block.implied_type().clone());
            self.hold(&instance, &schema.block, unknown);
            let Some((config, _)) = self.data_config(block, &schema.block, &instance) else {
                continue;
            };
            if !config.is_wholly_known() {
                self.request.events.emit(Event::EphemeralDeferred { addr: instance.clone() });
                self.hold(&instance, &schema.block, completed(config, &schema.block));
                continue;
            }
            let provider = self.world.provider_of(block, &instance);
            let connection = provider.and_then(|addr| self.connections.get(&addr).cloned());
            asked.extend(connection.map(|connection| Question {
                addr: instance,
                config,
                connection,
            }));
        }
        if asked.is_empty() {
            return None;
        }
        let (events, addr, parallelism) =
            (self.request.events.clone(), addr.clone(), self.request.parallelism);
        Some(Box::pin(async move {
            Outcome::Opened(addr, leases::open(&events, asked, parallelism).await)
        }))
    }

    /// Takes in what was opened.
    pub(crate) fn opened(&mut self, resource: &ConfigResource, answers: Vec<Answer>) {
        let config = self.request.config.clone();
        let block = config.resource(resource);
        let Some(block) = block else { return };
        let provider_addr = config.provider_of(&resource.module, block);
        let Some(provider) = self.provider(&provider_addr.provider) else { return };
        let Some(schema) = provider.schema(Kind::Ephemeral, &resource.resource.type_name) else {
            return;
        };
        for Answer { addr, opened } in answers {
            match opened {
                Ok((opened, connection)) => {
                    self.leases.keep(addr.clone(), connection, &opened);
                    let value = self.hold(&addr, &schema.block, opened.value);
                    self.conditions_hold(&block.lifecycle.postconditions, &addr, Some(&value));
                }
                Err(found) => {
                    let found = found.into_iter().map(|problem| (addr.clone(), problem));
                    self.report_ephemeral(found.collect());
                }
            }
        }
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
    }

    /// Makes a value known to references, and never to be stored.
    fn hold(&mut self, addr: &ResourceInstance, schema: &Block, value: Value) -> Value {
        let value = marked_by_schema(value, schema).marked(Marks::EPHEMERAL);
        self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value.clone());
        value
    }

    pub(crate) fn report_ephemeral(&mut self, found: Vec<(ResourceInstance, Problem)>) {
        for (addr, problem) in found {
            let found = self.located(problem, &addr);
            self.diags.push(found);
        }
    }
}
