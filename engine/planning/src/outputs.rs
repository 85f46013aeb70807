//! Output values of the root module, and the conditions that authors set.

use std::collections::BTreeMap;

use infra_addrs::{ModuleInstance, ResourceInstance};
use infra_lang::config::{Condition, Output, Variable};
use infra_lang::world::InstanceScope;
use infra_plan::{Action, Mode, OutputChange};
use infra_value::{Marks, Str, Value};

use crate::diagnostics;
use crate::planner::Planner;

impl Planner {
    pub(crate) fn plan_outputs(&mut self) -> BTreeMap<Str, OutputChange> {
        let mut changes = BTreeMap::new();
        let before = |state: &infra_state::State, name: &Str| {
            let found = state.outputs.get(name)?;
            let marks = if found.sensitive { Marks::SENSITIVE } else { Marks::NONE };
            Some((found.value.clone().marked(marks), found.sensitive))
        };
        let config = self.request.config.clone();
        for (name, output) in
            config.root.outputs.iter().filter(|_| self.request.mode != Mode::Destroy)
        {
            if output.ephemeral {
                continue;
            }
            let Some(after) = self.world.output(&ModuleInstance::root(), name) else { continue };
            if !output.sensitive && after.marks_deep().contains(Marks::SENSITIVE) {
                self.diags.push(diagnostics::sensitive_output(name, output.span));
                continue;
            }
            let before = before(&self.prior.state, name);
            if before.is_none() && after.is_null() {
                continue;
            }
            let action = match &before {
                None => Action::Create,
                Some((value, sensitive)) if *value == after && *sensitive == output.sensitive => {
                    Action::NoOp
                }
                Some(_) if after.is_null() => Action::Delete,
                Some(_) => Action::Update,
            };
            let change = OutputChange {
                action,
                before: before.map(|found| found.0),
                after: Some(after),
                sensitive: output.sensitive,
            };
            changes.insert(name.clone(), change);
        }
        for name in self.prior.state.outputs.keys() {
            if changes.contains_key(name)
                || (config.root.outputs.contains_key(name) && self.request.mode != Mode::Destroy)
            {
                continue;
            }
            if let Some((before, sensitive)) = before(&self.prior.state, name) {
                let change = OutputChange {
                    action: Action::Delete,
                    before: Some(before),
                    after: None,
                    sensitive,
                };
                changes.insert(name.clone(), change);
            }
        }
        changes
    }

    pub(crate) fn check_output(&mut self, instance: &ModuleInstance, output: &Output) {
        let Some(scope) = self.world.scope(instance) else { return };
        let failed = failed(&scope, &self.world, &output.preconditions);
        self.diags.extend(failed.into_iter().map(|(condition, message)| {
            diagnostics::condition_failed(
                "Module output value precondition failed",
                condition,
                message,
            )
        }));
    }

    pub(crate) fn check_variable(&mut self, instance: &ModuleInstance, variable: &Variable) {
        let Some(scope) = self.world.scope(instance) else { return };
        let failed = failed(&scope, &self.world, &variable.validations);
        let span = variable.span;
        self.diags.extend(
            failed
                .into_iter()
                .map(|(_, message)| diagnostics::invalid_variable(&variable.name, span, &message)),
        );
    }

    /// Whether pre- or postconditions of an instance hold, as far as is known. Failed ones are reported.
    pub(crate) fn conditions_hold(
        &mut self,
        conditions: &[Condition],
        addr: &ResourceInstance,
        this: Option<&Value>,
    ) -> bool {
        if conditions.is_empty() {
            return true;
        }
        let repetition = self.world.expansion(&addr.module, &addr.resource).repetition(&addr.key);
        let Some(scope) = self.world.scope_with(&addr.module, repetition, this.cloned()) else {
            return true;
        };
        let summary = if this.is_some() {
            "Resource postcondition failed"
        } else {
            "Resource precondition failed"
        };
        let failed = failed(&scope, &self.world, conditions);
        let holds = failed.is_empty();
        self.diags.extend(failed.into_iter().map(|(condition, message)| {
            diagnostics::condition_failed(summary, condition, message).address(addr)
        }));
        holds
    }
}

/// The conditions that are known to be false, each with its message.
fn failed<'c>(
    scope: &InstanceScope<'_>,
    world: &infra_lang::world::World,
    conditions: &'c [Condition],
) -> Vec<(&'c Condition, String)> {
    let mut found = Vec::new();
    for condition in conditions {
        let (value, _) = world.evaluate(&condition.condition, scope).unmarked();
        if value.as_bool() == Some(false) {
            let message = world.evaluate(&condition.error_message, scope);
            let text = if message.is_sensitive() {
                "The error message included a sensitive value, so it will not be displayed."
                    .to_owned()
            } else {
                message.as_str().unwrap_or_default().to_owned()
            };
            found.push((condition, text));
        }
    }
    found
}
