//! The conditions that authors set, now that real values are known.

use std::collections::BTreeSet;

use infra_addrs::{ModuleInstance, ResourceInstance};
use infra_diag::{Diagnostics, Severity};
use infra_lang::config::{Condition, Module, Output, Variable};
use infra_lang::dependencies::{Node, looked_at};
use infra_plan::{Action, Checkable, Mode, ResourceChange, Status};
use infra_planning::{judge, judge_check, judge_variable};
use infra_provider::Problem;
use infra_value::{Str, Value};

use crate::dispatcher::{Dispatcher, Next};

impl Dispatcher {
    /// Whether the pre- or, with the object, the postconditions of an instance hold. Failed ones are reported.
    pub(crate) fn conditions_hold(
        &mut self,
        conditions: &[Condition],
        addr: &ResourceInstance,
        this: Option<Value>,
    ) -> bool {
        if conditions.is_empty() {
            return true;
        }
        let summary = match this {
            Some(_) => "Resource postcondition failed",
            None => "Resource precondition failed",
        };
        let repetition = self.world.expansion(&addr.module, &addr.resource).repetition(&addr.key);
        let Some(scope) = self.world.scope_with(&addr.module, repetition, this) else {
            return true;
        };
        let judged = judge(&self.world, &scope, conditions, summary);
        let of = Checkable::Resource(addr.config());
        self.checks.record(of, &addr.module, addr.key.clone(), judged.status, judged.messages);
        for diagnostic in judged.diagnostics {
            self.tell(diagnostic.instance(addr));
        }
        !judged.status.has_failed()
    }

    /// Judges the conditions of a variable or an output in all instances of its module.
    pub(crate) fn judge(&mut self, number: usize) -> Next {
        let Some(node) = self.judged.get(number).cloned() else { return Next::Done };
        let (Node::Variable(path, name) | Node::Output(path, name)) = &node else {
            return Next::Done;
        };
        let config = self.plan.config.clone();
        let Some(module) = config.module(path) else { return Next::Done };
        let mut failed = false;
        for instance in self.world.module_instances(module) {
            let found = match &node {
                Node::Variable(..) => self.judge_variable(&instance, &module.variables[name]),
                _ => self.judge_output(&instance, &module.outputs[name]),
            };
            failed |= found.has_errors();
            found.into_iter().for_each(|found| self.tell(found));
        }
        if failed {
            self.refused.insert(node);
            return Next::Failed;
        }
        Next::Done
    }

    fn judge_variable(&mut self, instance: &ModuleInstance, variable: &Variable) -> Diagnostics {
        let judged = judge_variable(&self.world, instance, variable, None);
        let Some(judged) = judged.filter(|_| !variable.validations.is_empty()) else {
            return Diagnostics::new();
        };
        let of = Checkable::Variable(instance.module(), variable.name.clone());
        self.checks.record(of, instance, None, judged.status, judged.messages);
        judged.diagnostics
    }

    fn judge_output(&mut self, instance: &ModuleInstance, output: &Output) -> Diagnostics {
        let scope = self.world.scope(instance).filter(|_| !output.preconditions.is_empty());
        let Some(scope) = scope else { return Diagnostics::new() };
        let summary = "Module output value precondition failed";
        let judged = judge(&self.world, &scope, &output.preconditions, summary);
        let of = Checkable::Output(instance.module(), output.name.clone());
        self.checks.record(of, instance, None, judged.status, judged.messages);
        judged.diagnostics
    }

    /// Records that the data source of a check could not be read.
    pub(crate) fn check_cannot_read(
        &mut self,
        addr: &ResourceInstance,
        check: &Str,
        problems: Vec<Problem>,
    ) {
        let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let of = Checkable::Check(addr.module.module(), check.clone());
        self.checks.record(of, &addr.module, None, Status::Fail, messages);
        let warnings =
            problems.into_iter().map(|problem| Problem { severity: Severity::Warning, ..problem });
        self.report(addr, warnings.collect());
    }

    /// Evaluates what has not been evaluated along with a change, and keeps all results in the state.
    pub(crate) fn finish_checks(&mut self) {
        let plan = self.plan.clone();
        if plan.mode != Mode::Destroy {
            let lost = self.lost();
            for module in plan.config.modules() {
                for instance in self.world.module_instances(module) {
                    self.check_module(module, &instance, &lost);
                }
            }
            let unchanged = plan.changes.iter().filter(|change| change.action == Action::NoOp);
            for change in unchanged {
                if !lost.contains(&Node::Resource(change.addr.config())) {
                    self.check_unchanged(change);
                }
            }
            let found = self.world.take_diagnostics();
            self.diags.extend(found);
        }
        self.checks.leave_open(&plan.checks);
        self.state.check_results = self.checks.to_state();
    }

    /// Variables, outputs and `check` blocks of a module instance, but for those that follow what was not done.
    fn check_module(&mut self, module: &Module, instance: &ModuleInstance, lost: &BTreeSet<Node>) {
        let path = &module.path;
        // What a run with targets leaves out has not been judged while planning either.
        let judged =
            |of: Checkable| self.plan.targets.is_empty() || self.plan.checks.has(&of, instance);
        let outputs = module.outputs.values();
        let outputs: Vec<&Output> = outputs
            .filter(|found| judged(Checkable::Output(path.clone(), found.name.clone())))
            .filter(|found| !lost.contains(&Node::Output(path.clone(), found.name.clone())))
            .collect();
        for output in outputs {
            let found = self.judge_output(instance, output);
            self.diags.extend(found);
        }
        let variables = module.variables.values();
        let kept =
            |found: &&Variable| !lost.contains(&Node::Variable(path.clone(), found.name.clone()));
        for variable in variables.filter(kept) {
            let found = self.judge_variable(instance, variable);
            self.diags.extend(found);
        }
        for check in module.checks.values().filter(|_| self.plan.targets.is_empty()) {
            let of = Checkable::Check(module.path.clone(), check.name.clone());
            // What the plan found, a run that only refreshes says again.
            let planned = self.plan.mode == Mode::RefreshOnly;
            if !planned && self.checks.has_failed(&of, instance) {
                continue;
            }
            if looked_at(module, check).iter().any(|node| lost.contains(node)) {
                self.checks.record(of, instance, None, Status::Unknown, []);
                continue;
            }
            let judged = judge_check(&self.world, instance, check, !planned);
            self.checks.record(of, instance, None, judged.status, judged.messages);
            self.diags.extend(judged.diagnostics);
        }
    }

    fn check_unchanged(&mut self, change: &ResourceChange) {
        let config = self.plan.config.clone();
        let addr = &change.addr;
        let Some(block) = config.resource(&addr.config()) else { return };
        let this = self.world.resource(&addr.module, &addr.resource, &addr.key);
        self.conditions_hold(&block.lifecycle.preconditions, addr, None);
        self.conditions_hold(&block.lifecycle.postconditions, addr, this);
    }
}
