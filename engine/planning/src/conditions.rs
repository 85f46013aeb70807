//! What becomes of the conditions that authors set, while a plan is made.

use infra_addrs::{ModuleInstance, ResourceInstance};
use infra_diag::{Diagnostic, Severity};
use infra_lang::config::{Check, Condition, Module, Output, Variable};
use infra_lang::dependencies::{Node, looked_at};
use infra_plan::{Checkable, Mode, Status};
use infra_value::Value;

use crate::Purpose;
use crate::judging::{judge, judge_check, judge_variable};
use crate::planner::Planner;

impl Planner {
    /// Takes in what was found of conditions: where nothing will be changed, what fails stops nothing.
    fn tell_conditions(&mut self, found: Vec<Diagnostic>) {
        let mild =
            self.request.mode == Mode::RefreshOnly || self.purpose == Purpose::BeforeDestroying;
        self.diags.extend(found.into_iter().map(|found| match mild {
            true => Diagnostic { severity: Severity::Warning, ..found },
            false => found,
        }));
    }

    pub(crate) fn check_output(&mut self, instance: &ModuleInstance, output: &Output) {
        if output.preconditions.is_empty() {
            return;
        }
        let Some(scope) = self.world.scope(instance) else { return };
        let summary = "Module output value precondition failed";
        let judged = judge(&self.world, &scope, &output.preconditions, summary);
        self.tell_conditions(judged.diagnostics.into_iter().collect());
        let of = Checkable::Output(instance.module(), output.name.clone());
        self.checks.record(of, instance, None, judged.status, judged.messages);
    }

    pub(crate) fn check_variable(&mut self, instance: &ModuleInstance, variable: &Variable) {
        if variable.validations.is_empty() {
            return;
        }
        let given = self.request.given_at.get(&variable.name).copied();
        let Some(judged) = judge_variable(&self.world, instance, variable, given) else { return };
        if judged.diagnostics.has_errors() {
            // What depends on a value that must not be is left out.
            self.world.forget_variable(instance, variable);
        }
        self.diags.extend(judged.diagnostics);
        if self.request.mode != Mode::Destroy {
            let of = Checkable::Variable(instance.module(), variable.name.clone());
            self.checks.record(of, instance, None, judged.status, judged.messages);
        }
    }

    /// Notes of a variable of the root module that is left out that nothing is known of its conditions, if there are any.
    pub(crate) fn leave_variable_unjudged(&mut self, node: &Node) {
        let Node::Variable(path, name) = node else { return };
        let variable = self.request.config.root.variables.get(name).filter(|_| path.is_root());
        if variable.is_some_and(|variable| !variable.validations.is_empty()) {
            let of = Checkable::Variable(path.clone(), name.clone());
            self.checks.record(of, &ModuleInstance::root(), None, Status::Unknown, []);
        }
    }

    /// Notes of an instance that nothing is known of its conditions, if there are any.
    pub(crate) fn leave_unjudged<'c>(
        &mut self,
        conditions: impl IntoIterator<Item = &'c Condition>,
        addr: &ResourceInstance,
    ) {
        if conditions.into_iter().next().is_some() {
            let of = Checkable::Resource(addr.config());
            self.checks.record(of, &addr.module, addr.key.clone(), Status::Unknown, []);
        }
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
        let judged = judge(&self.world, &scope, conditions, summary);
        let found = judged.diagnostics.into_iter().map(|found| found.instance(addr)).collect();
        self.tell_conditions(found);
        let of = Checkable::Resource(addr.config());
        self.checks.record(of, &addr.module, addr.key.clone(), judged.status, judged.messages);
        !judged.status.has_failed()
    }

    /// Whether an assertion looks at something that failed or was left out for that reason.
    fn relies_on_failure(&self, module: &Module, check: &Check) -> bool {
        let nodes = looked_at(module, check);
        nodes.iter().any(|node| self.is_lost(node) || self.follows_failure(node))
    }

    /// Evaluates all `check` blocks, now that everything has its planned value.
    pub(crate) fn check_all(&mut self) {
        if self.request.mode == Mode::Destroy || !self.targets.everything() {
            return;
        }
        let config = self.request.config.clone();
        for module in config.modules().into_iter().filter(|module| !module.checks.is_empty()) {
            for instance in self.world.module_instances(module) {
                for check in module.checks.values() {
                    let of = Checkable::Check(module.path.clone(), check.name.clone());
                    if self.checks.has_failed(&of, &instance) {
                        // Its data source could not be read.
                        continue;
                    }
                    if self.relies_on_failure(module, check) {
                        self.checks.record(of, &instance, None, Status::Unknown, []);
                        continue;
                    }
                    let judged = judge_check(&self.world, &instance, check, false);
                    let errors = self.world.take_diagnostics();
                    let failed = errors.has_errors();
                    self.diags.extend(errors);
                    if !failed {
                        self.diags.extend(judged.diagnostics);
                    }
                    self.checks.record(of, &instance, None, judged.status, judged.messages);
                }
            }
        }
        let found = self.world.take_diagnostics();
        self.diags.extend(found);
    }
}
