//! Output values of the root module.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ModuleInstance, ModulePath};
use infra_lang::dependencies::Node;
use infra_plan::{Action, Mode, OutputChange};
use infra_state::OutputValue;
use infra_value::{Marks, Str};

use crate::diagnostics;
use crate::planner::Planner;

impl Planner {
    /// What will happen to the output values, but for those in which something is wrong.
    pub(crate) fn plan_outputs(&mut self, wrong: &BTreeSet<Node>) -> BTreeMap<Str, OutputChange> {
        let mut changes = BTreeMap::new();
        let before = |state: &infra_state::State, name: &Str| {
            let found = state.outputs.get(name)?;
            let marks = if found.sensitive { Marks::SENSITIVE } else { Marks::NONE };
            Some((found.value.clone().marked(marks), found.sensitive))
        };
        let waiting = self.waiting();
        let config = self.request.config.clone();
        for (name, output) in
            config.root.outputs.iter().filter(|_| self.request.mode != Mode::Destroy)
        {
            let node = Node::Output(ModulePath::root(), name.clone());
            if wrong.contains(&node) {
                continue;
            }
            if output.ephemeral {
                self.diags.push(diagnostics::ephemeral_root_output(output.span));
                continue;
            }
            if !self.output_is_targeted(name) || waiting.contains(&node) {
                continue;
            }
            let Some(after) = self.world.output(&ModuleInstance::root(), name) else { continue };
            if after.marks_deep().contains(Marks::EPHEMERAL) {
                self.diags.push(diagnostics::ephemeral_output(output.expr.span()));
                continue;
            }
            if !output.sensitive && after.marks_deep().contains(Marks::SENSITIVE) {
                self.diags.push(diagnostics::sensitive_output(output.span));
                continue;
            }
            let before = before(&self.prior.state, name);
            let was_null = before.as_ref().is_none_or(|(value, _)| value.is_null());
            let action = match &before {
                _ if after.is_null() && was_null => Action::NoOp,
                None => Action::Create,
                Some((value, sensitive))
                    if *sensitive == output.sensitive
                        && value.unmarked_deep().0 == after.unmarked_deep().0 =>
                {
                    Action::NoOp
                }
                Some(_) => Action::Update,
            };
            // The state has what is known already; applying sets the rest.
            if after.is_null() {
                self.prior.state.outputs.remove(name);
            } else if after.is_wholly_known() {
                let value = after.unmarked_deep().0;
                let stored = OutputValue { value, sensitive: output.sensitive };
                self.prior.state.outputs.insert(name.clone(), stored);
            }
            let change = OutputChange {
                action,
                before: before.map(|found| found.0),
                after: Some(after),
                sensitive: output.sensitive,
            };
            changes.insert(name.clone(), change);
        }
        let everything = self.targets.everything();
        for name in self.prior.state.outputs.keys().filter(|_| everything) {
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
}
