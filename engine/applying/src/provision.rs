//! Provisioners: what runs after an object was created, or before it is deleted.

use std::borrow::Cow;
use std::sync::Arc;

use infra_addrs::ResourceInstance;
use infra_lang::config::Provisioner as Block;
use infra_lang::problems;
use infra_lang::syntax::Body;
use infra_lang::world::Repetition;
use infra_plan::{Action, Event, Events, ResourceChange};
use infra_provider::{Object, Problem, Provisioner, connection_schema};
use infra_value::{Marks, Value};
use tokio_util::sync::CancellationToken;

use crate::diagnostics;
use crate::dispatcher::{Dispatcher, Finished, Next};
use crate::order::Step;

/// A provisioner with its evaluated block.
pub(crate) struct Task {
    provisioner: Arc<dyn Provisioner>,
    config: Value,
    connection: Value,
    /// What the block contains; then its output is not shown.
    secret: Option<&'static str>,
    continue_on_failure: bool,
}

impl Dispatcher {
    /// Starts the creation provisioner at `next`; when there are no more, the object is complete.
    pub(crate) fn next_provisioner(&mut self, step: Step, position: usize, next: usize) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        let config = self.plan.config.clone();
        let Some(block) = config.resource(&change.addr.config()) else { return Next::Done };
        let Some(provisioner) = block.provisioners.iter().filter(|found| !found.destroy).nth(next)
        else {
            if next > 0 {
                self.complete(&change);
            }
            return self.postconditions(&change);
        };
        let addr = change.addr.clone();
        let this = self.world.resource(&addr.module, &addr.resource, &addr.key);
        let Some(task) = self.task(&addr, provisioner, block.connection.as_ref(), this) else {
            self.taint(&change);
            self.postconditions(&change);
            return Next::Failed;
        };
        let (events, cancel) = (self.request.events.clone(), self.request.cancel.clone());
        Next::More(Box::pin(async move {
            let result = run(task, &addr, &events, &cancel).await;
            (step, Finished::Provisioned { next: next + 1, result })
        }))
    }

    /// Whether something is to run after an object is created.
    pub(crate) fn has_provisioners(&self, addr: &ResourceInstance) -> bool {
        let block = self.plan.config.resource(&addr.config());
        block.is_some_and(|block| block.provisioners.iter().any(|found| !found.destroy))
    }

    /// All that was to run after the creation has run: only now is the object as it should be.
    fn complete(&mut self, change: &ResourceChange) {
        let addr = &change.addr;
        let Some(object) = self.state.object(addr).cloned() else { return };
        self.journal(|journal| journal.saved(addr, &change.provider, &object));
        let id = object.id().map(Cow::into_owned);
        let done = Event::ApplyDone { addr: addr.clone(), action: Action::Create, id };
        self.request.events.emit(done);
    }

    pub(crate) fn provisioned(
        &mut self,
        step: Step,
        position: usize,
        next: usize,
        result: Result<(), Problem>,
    ) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        match result {
            Ok(()) => self.next_provisioner(step, position, next),
            Err(problem) => {
                self.provisioner_failed(&change.addr, problem, next.saturating_sub(1), false);
                self.taint(&change);
                let addr = change.addr.clone();
                self.request.events.emit(Event::ApplyFailed { addr, action: Action::Create });
                self.postconditions(&change);
                Next::Failed
            }
        }
    }

    /// Tells that a provisioner failed: the one at `position` of those that run before deletions, or of the others.
    pub(crate) fn provisioner_failed(
        &mut self,
        addr: &ResourceInstance,
        problem: Problem,
        position: usize,
        destroy: bool,
    ) {
        let config = self.plan.config.clone();
        let provisioners = match (config.resource(&addr.config()), config.removed(&addr.config())) {
            (Some(block), _) => &block.provisioners,
            (None, Some(removed)) => &removed.provisioners,
            (None, None) => return,
        };
        let mut found = provisioners.iter().filter(|found| found.destroy == destroy);
        let Some(provisioner) = found.nth(position) else { return };
        let found = problems::located(problem, &provisioner.body);
        self.tell(found.address(addr));
    }

    /// The provisioners that run before an object is deleted; nothing if one of them is wrong. They are those of its
    /// resource block, or of the block that says it was removed.
    pub(crate) fn destroy_provisioners(
        &mut self,
        change: &ResourceChange,
        prior: &Object,
    ) -> Option<Vec<Task>> {
        let tainted = self.state.object(&change.addr).is_some_and(|object| object.tainted);
        if change.deposed.is_some() || tainted {
            return Some(Vec::new());
        }
        let config = self.plan.config.clone();
        let resource = change.addr.config();
        let block = config.resource(&change.addr.config());
        let (provisioners, connection) = match (block, config.removed(&resource)) {
            (Some(block), _) => (&block.provisioners, &block.connection),
            (None, Some(removed)) => (&removed.provisioners, &removed.connection),
            (None, None) => return Some(Vec::new()),
        };
        let this = || Some(prior.value.clone());
        let provisioners = provisioners.iter().filter(|found| found.destroy);
        provisioners
            .map(|found| self.task(&change.addr, found, connection.as_ref(), this()))
            .collect()
    }

    fn task(
        &mut self,
        addr: &ResourceInstance,
        block: &Block,
        connection: Option<&Body>,
        this: Option<Value>,
    ) -> Option<Task> {
        let Some(provisioner) = self.request.registry.provisioner(&block.ty).cloned() else {
            self.tell(diagnostics::no_provisioner(&block.ty, block.span).address(addr));
            return None;
        };
        let expansion = self.world.expansion(&addr.module, &addr.resource);
        let repetition = match expansion.contains(&addr.key) {
            true => expansion.repetition(&addr.key),
            false => Repetition::of_key(&addr.key),
        };
        // The module may be gone, and only the root say that it was removed.
        let module = match self.plan.config.module(&addr.module.module()) {
            Some(_) => addr.module.clone(),
            None => infra_addrs::ModuleInstance::root(),
        };
        let scope = self.world.scope_with(&module, repetition, this)?;
        let (config, found) = self.world.decode(&block.body, &provisioner.schema().block, &scope);
        let mut failed = found.has_errors();
        self.diags.extend(found);
        let mut reached = Value::null(connection_schema().implied_type().clone());
        if let Some(body) = block.connection(connection) {
            let (value, found) = self.world.decode(&body, connection_schema(), &scope);
            failed |= found.has_errors();
            self.diags.extend(found);
            (reached, _) = value.unmarked_deep();
        }
        let (config, marks) = config.unmarked_deep();
        let secret = if marks.contains(Marks::SENSITIVE) {
            Some("sensitive")
        } else {
            marks.contains(Marks::EPHEMERAL).then_some("ephemeral")
        };
        let continue_on_failure = block.continue_on_failure;
        let task = Task { provisioner, config, connection: reached, secret, continue_on_failure };
        (!failed).then_some(task)
    }

    /// The object exists but is not as it should be: the next apply replaces it.
    fn taint(&mut self, change: &ResourceChange) {
        let Some(mut object) = self.state.object(&change.addr).cloned() else { return };
        object.tainted = true;
        self.journal(|journal| journal.saved(&change.addr, &change.provider, &object));
        self.state.set_object(&change.addr, &change.provider, object);
    }

    /// Checks what the author says must hold of the finished object.
    pub(crate) fn postconditions(&mut self, change: &ResourceChange) -> Next {
        let config = self.plan.config.clone();
        let addr = &change.addr;
        let Some(block) = config.resource(&addr.config()) else { return Next::Done };
        let this = self.world.resource(&addr.module, &addr.resource, &addr.key);
        let holds = self.conditions_hold(&block.lifecycle.postconditions, addr, this);
        if holds { Next::Done } else { Next::Failed }
    }
}

/// Runs one provisioner, passing on what it prints. It ends when the run is interrupted.
pub(crate) async fn run(
    task: Task,
    addr: &ResourceInstance,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<(), Problem> {
    let provisioner = task.provisioner.name().to_owned();
    events.emit(Event::ProvisionStart { addr: addr.clone(), provisioner: provisioner.clone() });
    let told = |line: String| {
        events.emit(Event::ProvisionOutput {
            addr: addr.clone(),
            provisioner: provisioner.clone(),
            line,
        });
    };
    if let Some(what) = task.secret {
        told(format!("(output suppressed due to {what} value in config)"));
    }
    let output = |line: &str| {
        if task.secret.is_none() {
            told(line.to_owned());
        }
    };
    let result = tokio::select! {
        result = task.provisioner.provision(&task.config, &task.connection, &output) => result,
        () = cancel.cancelled() => Err(diagnostics::provisioner_interrupted(&provisioner)),
    };
    let result = result.map_err(|problem| match task.secret {
        Some(what) => Problem {
            detail: format!(
                "How is not shown, since there is a value in its configuration that is {what}."
            ),
            ..problem
        },
        None => problem,
    });
    let failed = result.is_err();
    events.emit(Event::ProvisionDone {
        addr: addr.clone(),
        provisioner: provisioner.clone(),
        failed,
    });
    if task.continue_on_failure { Ok(()) } else { result }
}
