//! Deleting one object.

use infra_plan::{Action, Event};
use infra_provider::{ApplyRequest, Kind, Object, Problem};
use infra_value::Value;

use crate::dispatcher::{Dispatcher, Finished, Next, connect};
use crate::order::Step;
use crate::provision;

impl Dispatcher {
    pub(crate) fn start_remove(&mut self, position: usize) -> Next {
        let Some(mut change) = self.change(position).cloned() else { return Next::Done };
        if change.action == Action::Forget {
            self.forget(&change);
            return Next::Done;
        }
        if change.action == Action::CreateThenDelete {
            let Some((key, _)) = self.deposed_by(&change) else { return Next::Done };
            change.deposed = Some(key);
        }
        let Some(provider) = self.provider(&change.provider) else { return Next::Failed };
        let type_name = change.addr.resource.type_name.clone();
        let Some(schema) = provider.schema(Kind::Managed, &type_name).cloned() else {
            return Next::Failed;
        };
        let Some(provider_config) =
            self.provider_config(&change.provider, provider.config_schema())
        else {
            return Next::Failed;
        };
        let Some(prior) = self.prior_object(&change, &schema) else { return Next::Done };
        let Some(before) = self.destroy_provisioners(&change, &prior) else { return Next::Failed };
        if !self.journal(|journal| journal.intent(&change.addr, &Action::Delete.to_string())) {
            return Next::Failed;
        }
        let id = infra_planning::id_of(&prior.value);
        self.request.events.emit(Event::ApplyStart {
            addr: change.addr.clone(),
            action: Action::Delete,
            id,
        });
        let connections = self.request.connections.clone();
        let (events, cancel) = (self.request.events.clone(), self.request.cancel.clone());
        let config = Value::null(schema.block.implied_type().clone());
        Next::More(Box::pin(async move {
            let step = Step::Remove(position);
            let kept = |problems| Finished::Removed { object: Some(prior.clone()), problems };
            let connection =
                match connect(&connections, &provider, &change.provider, &provider_config).await {
                    Ok(connection) => connection,
                    Err(problems) => return (step, kept(problems)),
                };
            for (provisioner, task) in before.into_iter().enumerate() {
                if let Err(problem) = provision::run(task, &change.addr, &events, &cancel).await {
                    return (step, Finished::Kept { provisioner, problem });
                }
            }
            let request = ApplyRequest {
                type_name: &type_name,
                prior: Some(&prior),
                planned: None,
                config: &config,
                saved: &|_| {},
            };
            let response = connection.apply(request).await;
            (step, Finished::Removed { object: response.object, problems: response.problems })
        }))
    }

    /// Takes in that an object was not deleted, since what runs before that failed.
    pub(crate) fn kept(&mut self, position: usize, provisioner: usize, problem: Problem) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        self.provisioner_failed(&change.addr, problem, provisioner, true);
        let addr = change.addr;
        self.request.events.emit(Event::ApplyFailed { addr, action: Action::Delete });
        Next::Failed
    }

    /// Takes in that an object is gone, or not.
    pub(crate) fn removed(
        &mut self,
        position: usize,
        object: Option<Object>,
        problems: Vec<Problem>,
    ) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        let addr = &change.addr;
        // As in Terraform, no block is to blame: the object may have none any more.
        let failed = self.report_in(None, addr, problems);
        if failed || object.is_some() {
            self.request
                .events
                .emit(Event::ApplyFailed { addr: addr.clone(), action: Action::Delete });
            return Next::Failed;
        }
        self.forget(&change);
        self.request.events.emit(Event::ApplyDone {
            addr: addr.clone(),
            action: Action::Delete,
            id: None,
        });
        Next::Done
    }

    /// Drops the object of a change from the state.
    fn forget(&mut self, change: &infra_plan::ResourceChange) {
        let addr = &change.addr;
        let deposed = match change.action {
            Action::CreateThenDelete => self.deposed_by(change).map(|(key, _)| key),
            _ => change.deposed.clone(),
        };
        self.journal(|journal| journal.removed(addr, deposed.as_deref()));
        match deposed {
            Some(key) => self.state.remove_deposed(addr, &key),
            None => {
                self.state.remove_object(addr);
                if change.action != Action::DeleteThenCreate {
                    self.world.remove_resource(&addr.module, &addr.resource, &addr.key);
                }
            }
        }
    }
}
