//! Actions: invoked before or after the change that triggers them, or because the person asks for it.

use std::sync::Arc;

use infra_diag::Severity;
use infra_plan::{Event, Happened, Invocation};
use infra_provider::{Kind, Problem};

use crate::diagnostics;
use crate::dispatcher::{Dispatcher, Finished, Next, connect};
use crate::make::first_unknown;
use crate::order::Step;

impl Dispatcher {
    pub(crate) fn start_invoke(&mut self, number: usize) -> Next {
        let Some(invocation) = self.plan.invocations.get(number).cloned() else {
            return Next::Done;
        };
        self.invoke(number, invocation).unwrap_or(Next::Failed)
    }

    /// Evaluates the arguments and has the action invoked; nothing if something is wrong.
    fn invoke(&mut self, number: usize, invocation: Arc<Invocation>) -> Option<Next> {
        let config = self.plan.config.clone();
        let addr = &invocation.addr;
        let block = config.resource(&addr.config())?;
        let provider = self.provider(&invocation.provider)?;
        let schema = provider.schema(Kind::Action, &addr.resource.type_name)?.clone();
        let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
        let (value, found) = self.world.decode(&block.body, &schema.block, &scope);
        let failed = found.has_errors();
        self.diags.extend(found);
        if failed {
            return None;
        }
        let (value, _) = value.unmarked_deep();
        if let Some(path) = first_unknown(&value) {
            self.tell(diagnostics::still_unknown(block, addr, &path));
            return None;
        }
        let problems = provider.validate(Kind::Action, &addr.resource.type_name, &value);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            self.report(addr, problems);
            return None;
        }
        let provider_config =
            self.provider_config(&invocation.provider, provider.config_schema())?;
        let (connections, events) = (self.request.connections.clone(), self.request.events.clone());
        let cancel = self.request.cancel.clone();
        Some(Next::More(Box::pin(async move {
            let tell = |happened| {
                events.emit(Event::Action { invocation: invocation.clone(), happened });
            };
            tell(Happened::Started);
            let connected =
                connect(&connections, &provider, &invocation.provider, &provider_config).await;
            let result = match connected {
                Ok(connection) => {
                    let type_name = &*invocation.addr.resource.type_name;
                    let progress = |text: &str| tell(Happened::Progress(text.to_owned()));
                    tokio::select! {
                        result = connection.invoke(type_name, &value, &progress) => result,
                        () = cancel.cancelled() => Err(vec![diagnostics::action_interrupted()]),
                    }
                }
                Err(problems) => Err(problems),
            };
            let said = |problem: &Problem| format!("{}: {}", problem.summary, problem.detail);
            tell(match &result {
                Ok(()) => Happened::Done,
                Err(problems) => Happened::Failed(problems.first().map(said).unwrap_or_default()),
            });
            (Step::Invoke(number), Finished::Invoked(result))
        })))
    }

    /// Takes in what came of an action.
    pub(crate) fn invoked(&mut self, number: usize, result: Result<(), Vec<Problem>>) -> Next {
        let Some(invocation) = self.plan.invocations.get(number).cloned() else {
            return Next::Done;
        };
        match result {
            Ok(()) => Next::Done,
            Err(problems) => {
                self.report(&invocation.addr, problems);
                Next::Failed
            }
        }
    }
}
