//! Ephemeral resources: opened again before what needs them, closed at the end.

use infra_addrs::{ConfigResource, ResourceInstance};
use infra_planning::leases::{self, Answer, Question};
use infra_provider::{Kind, Problem};
use infra_value::{Marks, Value};

use crate::diagnostics;
use crate::dispatcher::{Dispatcher, Finished, Next, connect};
use crate::make::first_unknown;
use crate::order::Step;

impl Dispatcher {
    pub(crate) fn start_open(&mut self, number: usize) -> Next {
        let Some(addr) = self.ephemeral.get(number).cloned() else { return Next::Done };
        self.asked(&addr, number).unwrap_or(Next::Failed)
    }

    /// Evaluates all instances and has them opened; nothing if something is wrong.
    fn asked(&mut self, addr: &ConfigResource, number: usize) -> Option<Next> {
        let config = self.plan.config.clone();
        let block = config.resource(addr)?;
        let provider = self.provider(&config.provider_of(&addr.module, block))?;
        let schema = provider.schema(Kind::Ephemeral, &addr.resource.type_name)?.clone();
        let mut asked = Vec::new();
        for addr in self.world.instances(addr) {
            let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
            let (value, found) = self.world.decode(&block.body, &schema.block, &scope);
            let failed = found.has_errors();
            self.diags.extend(found);
            if failed || !self.conditions_hold(&block.lifecycle.preconditions, &addr, None) {
                return None;
            }
            let (value, _) = value.unmarked_deep();
            if let Some(path) = first_unknown(&value) {
                self.tell(diagnostics::still_unknown(block, &addr, &path));
                return None;
            }
            let provider_addr = self.world.provider_of(block, &addr)?;
            let provider_config = self.provider_config(&provider_addr, provider.config_schema())?;
            asked.push((addr, value, provider_addr, provider_config));
        }
        if asked.is_empty() {
            return Some(Next::Done);
        }
        let (connections, events) = (self.request.connections.clone(), self.request.events.clone());
        let parallelism = self.request.parallelism;
        Some(Next::More(Box::pin(async move {
            let (mut questions, mut answers) = (Vec::new(), Vec::new());
            for (addr, config, provider_addr, provider_config) in asked {
                match connect(&connections, &provider, &provider_addr, &provider_config).await {
                    Ok(connection) => questions.push(Question { addr, config, connection }),
                    Err(problems) => answers.push(Answer { addr, opened: Err(problems) }),
                }
            }
            answers.extend(leases::open(&events, questions, parallelism).await);
            (Step::Open(number), Finished::Opened(answers))
        })))
    }

    /// Takes in what was opened.
    pub(crate) fn opened(&mut self, answers: Vec<Answer>) -> Next {
        let config = self.plan.config.clone();
        let mut next = Next::Done;
        for answer in answers {
            let addr = answer.addr;
            let Some(block) = config.resource(&addr.config()) else { continue };
            let provider = self.provider(&config.provider_of(&addr.module.module(), block));
            let schema = provider
                .as_ref()
                .and_then(|provider| provider.schema(Kind::Ephemeral, &addr.resource.type_name));
            match (answer.opened, schema) {
                (Ok((opened, connection)), Some(schema)) => {
                    self.leases.keep(addr.clone(), connection, &opened);
                    let value = infra_planning::marked(opened.value, &[], &schema.block)
                        .marked(Marks::EPHEMERAL);
                    self.hold(&addr, value.clone());
                    let conditions = &block.lifecycle.postconditions;
                    if !self.conditions_hold(conditions, &addr, Some(value)) {
                        next = Next::Failed;
                    }
                }
                (Err(problems), _) => {
                    self.report(&addr, problems);
                    next = Next::Failed;
                }
                (Ok(_), None) => next = Next::Failed,
            }
        }
        next
    }

    fn hold(&self, addr: &ResourceInstance, value: Value) {
        self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value);
    }

    /// Renews what is due.
    pub(crate) async fn renew(&mut self) {
        let found = self.leases.renew(&self.request.events).await;
        self.report_each(found);
    }

    /// Closes all that is open.
    pub(crate) async fn close(&mut self) {
        let found = self.leases.close(&self.request.events).await;
        self.report_each(found);
    }

    fn report_each(&mut self, found: Vec<(ResourceInstance, Problem)>) {
        for (addr, problem) in found {
            self.report(&addr, vec![problem]);
        }
    }
}
