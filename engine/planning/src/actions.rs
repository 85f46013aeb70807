//! Actions: which of them are invoked, because a resource changes or because the person asks for it.

use infra_addrs::{ConfigResource, InstanceKey, ResourceInstance, Target};
use infra_diag::{Diagnostic, Severity};
use infra_graph::Graph;
use infra_lang::checking;
use infra_lang::config::{Resource, Trigger, TriggerEvent, Triggered};
use infra_lang::dependencies::Node;
use infra_lang::problems;
use infra_plan::{Action, Cause, Invocation, Mode};
use infra_provider::Kind;
use infra_value::{Marks, Value};

use crate::planner::Planner;
use crate::{Purpose, Request, diagnostics};

impl Planner {
    /// Finds the instances of an action, and plans to invoke those that were asked for.
    pub(crate) fn plan_action(&mut self, addr: &ConfigResource) {
        let instances = self.world.instances(addr);
        for asked in self.request.invoke.clone().iter().filter(|asked| asked.covers(addr)) {
            let mut chosen = instances.iter().filter(|found| asked.chooses(found)).peekable();
            if chosen.peek().is_none() {
                self.diags.push(diagnostics::no_action_instance(asked));
            }
            for instance in chosen {
                self.plan_invocation(instance.clone(), Cause::Asked);
            }
        }
    }

    /// Plans to invoke what the changes of a resource trigger.
    pub(crate) fn plan_triggers(&mut self, addr: &ConfigResource) {
        let waits = self.deferred.contains_key(&Node::Triggers(addr.clone()));
        if self.request.mode != Mode::Normal || self.purpose != Purpose::Plan || waits {
            return;
        }
        let config = self.request.config.clone();
        let Some(block) = config.resource(addr) else { return };
        for instance in self.world.instances(addr) {
            let change = self.changes.get(&(instance.clone(), None));
            let Some(events) = change.and_then(|change| events(change.action)) else { continue };
            for (at, trigger) in block.lifecycle.triggers.iter().enumerate() {
                let due = trigger.events.iter().copied().filter(|event| events.contains(event));
                let due: Vec<TriggerEvent> = due.collect();
                if !due.is_empty() && self.is_met(block, trigger, &instance) {
                    self.plan_trigger(block, (at, trigger), &due, &instance);
                }
            }
        }
    }

    /// Plans to invoke all that one trigger names, at each event that is due.
    fn plan_trigger(
        &mut self,
        block: &Resource,
        (at, trigger): (usize, &Trigger),
        due: &[TriggerEvent],
        addr: &ResourceInstance,
    ) {
        for (action, triggered) in trigger.actions.iter().enumerate() {
            let Some(named) = self.named(block, triggered, addr) else { continue };
            for event in due.iter().copied() {
                let cause = Cause::Trigger { resource: addr.clone(), block: at, event, action };
                self.plan_invocation(named.clone(), cause);
            }
        }
    }

    /// Whether the condition of a trigger holds.
    fn is_met(&mut self, block: &Resource, trigger: &Trigger, addr: &ResourceInstance) -> bool {
        let Some(condition) = &trigger.condition else { return true };
        let Some(scope) = self.world.resource_scope(&addr.module, block, &addr.key) else {
            return false;
        };
        let Some(value) = self.world.evaluated(condition, &scope) else { return false };
        checking::trigger_holds(&value).unwrap_or_else(|wrong| {
            let wrong = wrong.unwrap_or_else(diagnostics::unknown_trigger);
            self.diags.push(wrong.at(condition.span()).address(addr));
            false
        })
    }

    /// The instance of an action that a trigger names.
    fn named(
        &mut self,
        block: &Resource,
        triggered: &Triggered,
        addr: &ResourceInstance,
    ) -> Option<ResourceInstance> {
        let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
        let key = match &triggered.key {
            Some(expr) => {
                let value = self.world.evaluated(expr, &scope)?;
                let Some(key) = as_key(&value) else {
                    let wrong = diagnostics::wrong_action_key(&triggered.action);
                    self.diags.push(wrong.at(expr.span()).address(addr));
                    return None;
                };
                Some(key)
            }
            None => None,
        };
        let expansion = self.world.expansion(&addr.module, &triggered.action);
        let (module, resource) = (addr.module.clone(), triggered.action.clone());
        let named = ResourceInstance { module, resource, key };
        if expansion.contains(&named.key) {
            return Some(named);
        }
        self.diags.push(diagnostics::no_action_instance(&named).at(triggered.span).address(addr));
        None
    }

    fn plan_invocation(&mut self, addr: ResourceInstance, cause: Cause) {
        let config = self.request.config.clone();
        let Some(block) = config.resource(&addr.config()) else { return };
        let Some(provider_addr) = self.world.provider_of(block, &addr) else { return };
        let Some(provider) = self.provider(&provider_addr.provider) else { return };
        let Some(schema) = provider.schema(Kind::Action, &addr.resource.type_name) else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return;
        };
        let scope = self.world.resource_scope(&addr.module, block, &addr.key);
        let Some(scope) = scope else { return };
        let (config, found) = self.world.decode(&block.body, &schema.block, &scope);
        let mut failed = found.has_errors();
        self.diags.extend(found.into_iter().map(|found| found.instance(&addr)));
        let found =
            provider.validate(Kind::Action, &addr.resource.type_name, &config.unmarked_deep().0);
        failed |= found.iter().any(|problem| problem.severity == Severity::Error);
        let found = found.into_iter().map(|problem| problems::located(problem, &block.body));
        self.diags.extend(found.map(|found| found.address(&addr)));
        if cause == Cause::Asked && !failed && !config.is_wholly_known() {
            self.diags.push(diagnostics::unknown_action(block).address(&addr));
            failed = true;
        }
        if !failed {
            // What is ephemeral is evaluated again to apply.
            let config = config.transform(&mut |_, item| match item.marks() {
                marks if marks.contains(Marks::EPHEMERAL) => Value::null(item.ty()),
                _ => item,
            });
            self.invocations.push(Invocation { addr, provider: provider_addr, config, cause });
        }
    }

    /// The invocations in their order, without those for changes that came to nothing.
    pub(crate) fn sorted_invocations(&mut self) -> Vec<Invocation> {
        let mut all = std::mem::take(&mut self.invocations);
        all.retain(|found| {
            let made = |(resource, _): (&ResourceInstance, _)| {
                self.changes.contains_key(&(resource.clone(), None))
            };
            found.trigger().is_none_or(made)
        });
        all.sort_by(|a, b| (&a.cause, &a.addr).cmp(&(&b.cause, &b.addr)));
        // Whoever is asked for twice is invoked once.
        all.dedup_by(|a, b| (&a.cause, &a.addr) == (&b.cause, &b.addr));
        all
    }
}

/// The actions that the person asks to have invoked.
pub(crate) fn asked(request: &Request, graph: &Graph<Node>) -> Vec<Node> {
    let asked = |node: &&Node| match node {
        Node::Action(action) => request.invoke.iter().any(|asked| asked.covers(action)),
        _ => false,
    };
    match request.invoke.is_empty() {
        true => Vec::new(),
        false => graph.nodes().filter(asked).cloned().collect(),
    }
}

/// What is wrong if an action that was asked for is not in the configuration.
pub(crate) fn unmet(request: &Request, found: &[Node]) -> Option<Diagnostic> {
    let actions = || {
        found.iter().filter_map(|node| match node {
            Node::Action(action) => Some(action),
            _ => None,
        })
    };
    let unmet = |asked: &&Target| !actions().any(|action| asked.covers(action));
    let asked = request.invoke.iter().find(unmet)?;
    let known: Vec<String> = (request.config.modules().into_iter())
        .flat_map(|module| {
            module.actions.keys().map(|action| {
                let (module, resource) = (module.path.clone(), action.clone());
                ConfigResource { module, resource }.to_string()
            })
        })
        .collect();
    Some(diagnostics::no_such_action(asked, known.iter().map(String::as_str)))
}

/// The events that an action on an object brings about.
fn events(action: Action) -> Option<[TriggerEvent; 2]> {
    match action {
        Action::Create | Action::DeleteThenCreate | Action::CreateThenDelete => {
            Some([TriggerEvent::BeforeCreate, TriggerEvent::AfterCreate])
        }
        Action::Update => Some([TriggerEvent::BeforeUpdate, TriggerEvent::AfterUpdate]),
        Action::NoOp | Action::Read | Action::Delete | Action::Forget => None,
    }
}

fn as_key(value: &Value) -> Option<InstanceKey> {
    if !value.marks().is_empty() {
        return None;
    }
    match (value.as_str(), value.as_i64()) {
        (Some(text), _) => Some(InstanceKey::String(text.into())),
        (None, Some(index)) => Some(InstanceKey::Int(index)),
        (None, None) => None,
    }
}
