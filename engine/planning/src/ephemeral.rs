//! Ephemeral resources: opened while a plan is made, if all that they are asked is known; else only while it is applied.

use std::sync::Arc;

use futures::future::BoxFuture;
use infra_addrs::{ConfigResource, ResourceInstance};
use infra_plan::Event;
use infra_provider::{Block, Connection, Kind, Problem};
use infra_value::{Marks, Value};

use crate::leases::{self, Answer};
use crate::managed::marked_by_schema;
use crate::planner::{Outcome, Planner};
use crate::{completed, diagnostics};

impl Planner {
    pub(crate) fn plan_ephemeral(
        &mut self,
        addr: &ConfigResource,
    ) -> Option<BoxFuture<'static, Outcome>> {
        let config = self.request.config.clone();
        let module = config.module(&addr.module)?;
        let block = module.resources.get(&addr.resource)?;
        let provider_addr = config.provider_of(&addr.module, block);
        let provider = self.provider(&provider_addr.provider)?;
        let Some(schema) = provider.schema(Kind::Ephemeral, &addr.resource.type_name) else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return None;
        };
        let mut asked = Vec::new();
        for module in self.world.module_instances(module) {
            for key in self.world.expansion(&module, &addr.resource).keys() {
                let instance = ResourceInstance {
                    module: module.clone(),
                    resource: addr.resource.clone(),
                    key: key.clone(),
                };
                let unknown = Value::unknown(schema.block.implied_type().clone());
                self.hold(&instance, &schema.block, unknown);
                let Some((config, _)) = self.data_config(block, &schema.block, &instance) else {
                    continue;
                };
                if !config.is_wholly_known() {
                    self.request.events.emit(Event::EphemeralDeferred { addr: instance.clone() });
                    self.hold(&instance, &schema.block, completed(config, &schema.block));
                } else {
                    asked.push((instance, config));
                }
            }
        }
        let connection = self.connections.get(&provider_addr).cloned()?;
        if asked.is_empty() {
            return None;
        }
        let (events, addr, parallelism) =
            (self.request.events.clone(), addr.clone(), self.request.parallelism);
        Some(Box::pin(async move {
            let answers = leases::open(&*connection, &events, asked, parallelism).await;
            Outcome::Opened(addr, connection, answers)
        }))
    }

    /// Takes in what was opened.
    pub(crate) fn opened(
        &mut self,
        resource: &ConfigResource,
        connection: &Arc<dyn Connection>,
        answers: Vec<Answer>,
    ) {
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
                Ok(opened) => {
                    self.leases.keep(addr.clone(), connection.clone(), &opened);
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
