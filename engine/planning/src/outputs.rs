//! Output values of the root module, and the conditions that authors set.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{ModuleInstance, ModulePath, ResourceInstance};
use infra_diag::{Diagnostic, Diagnostics, Severity, Span};
use infra_lang::config::{Check, Condition, Output, Variable};
use infra_lang::dependencies::Node;
use infra_lang::world::{InstanceScope, World};
use infra_plan::{Action, Checkable, Mode, OutputChange, Status};
use infra_state::OutputValue;
use infra_value::{Marks, Str, Type, Value, convert};

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
        let config = self.request.config.clone();
        for (name, output) in
            config.root.outputs.iter().filter(|_| self.request.mode != Mode::Destroy)
        {
            if wrong.contains(&Node::Output(ModulePath::root(), name.clone())) {
                continue;
            }
            if output.ephemeral {
                self.diags.push(diagnostics::ephemeral_root_output(output.span));
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
            if !self.output_is_targeted(name) {
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

    /// Takes in what was found of conditions: where nothing will be changed, what fails stops nothing.
    fn tell_conditions(&mut self, found: Vec<Diagnostic>) {
        let mild = self.request.mode == Mode::RefreshOnly;
        self.diags.extend(found.into_iter().map(|found| match mild {
            true => Diagnostic { severity: Severity::Warning, ..found },
            false => found,
        }));
    }

    /// Tells of -replace options that name no instance.
    pub(crate) fn check_replace(&mut self) {
        for addr in self.request.replace.iter().filter(|addr| addr.key.is_none()) {
            let instances = self.changes.keys().map(|(found, _)| found).filter(|found| {
                found.module == addr.module
                    && found.resource == addr.resource
                    && found.key.is_some()
            });
            let keyed: Vec<_> = instances.collect();
            if !keyed.is_empty() {
                self.diags.push(diagnostics::replace_without_key(addr, &keyed));
            }
        }
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
        let Some(scope) = self.world.scope(instance) else { return };
        let summary = INVALID_VARIABLE;
        let judged = judge(&self.world, &scope, &variable.validations, summary);
        if judged.diagnostics.has_errors() {
            // What depends on a value that must not be is left out.
            self.world.forget_variable(instance, variable);
        }
        // In a called module it is the call that gives the value.
        let config = self.request.config.clone();
        let given = instance.0.last().and_then(|(name, _)| {
            let parent = config.module(&instance.parent()?.module())?;
            Some(parent.calls.get(name)?.body.attribute(&variable.name)?.expr.span())
        });
        self.diags.extend(judged.diagnostics.into_iter().map(|mut found| {
            if found.is_error() {
                found.detail.push_str("\n\nThis was checked by a validation rule of the variable.");
            }
            if found.summary == INVALID_VARIABLE {
                found.at(given.unwrap_or(variable.span))
            } else {
                found
            }
        }));
        if self.request.mode != Mode::Destroy {
            let of = Checkable::Variable(instance.module(), variable.name.clone());
            self.checks.record(of, instance, None, judged.status, judged.messages);
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
        let found = judged.diagnostics.into_iter().map(|found| found.address(addr)).collect();
        self.tell_conditions(found);
        let of = Checkable::Resource(addr.config());
        self.checks.record(of, &addr.module, addr.key.clone(), judged.status, judged.messages);
        judged.status != Status::Fail
    }

    /// Evaluates all `check` blocks, now that everything has its planned value.
    pub(crate) fn check_all(&mut self) {
        if self.request.mode == Mode::Destroy
            || self.diags.has_errors()
            || !self.targets.everything()
        {
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

/// The title of an assertion that does not hold.
const FAILED_ASSERTION: &str = "Check block assertion failed";

/// The title of what a validation refuses.
const INVALID_VARIABLE: &str = "Invalid value for variable";

/// What became of conditions.
pub struct Judged {
    /// The worst of them.
    pub status: Status,
    /// The messages of those that do not hold.
    pub messages: Vec<String>,
    /// Where those stand that cannot be told yet.
    pub unknown: Vec<Span>,
    /// What people read.
    pub diagnostics: Diagnostics,
}

/// Evaluates conditions; `summary` is the title of the diagnostic for each that does not hold.
pub fn judge(
    world: &World,
    scope: &InstanceScope<'_>,
    conditions: &[Condition],
    summary: &'static str,
) -> Judged {
    let mut judged = Judged {
        status: Status::Pass,
        messages: Vec::new(),
        unknown: Vec::new(),
        diagnostics: Diagnostics::new(),
    };
    for condition in conditions {
        let (value, _) = world.evaluate(&condition.condition, scope).unmarked();
        let value = match convert::convert(&value, &Type::Bool) {
            Ok(value) if value.is_null() => Err("null".to_owned()),
            Ok(value) => Ok(value),
            Err(error) => Err(error.to_string()),
        };
        let status = match value.as_ref().ok().and_then(Value::as_bool) {
            _ if value.is_err() => Status::Error,
            Some(true) => Status::Pass,
            Some(false) => Status::Fail,
            None => Status::Unknown,
        };
        if let Err(problem) = value {
            judged.diagnostics.push(diagnostics::wrong_condition(summary, condition, &problem));
        }
        judged.status = judged.status.max(status);
        if status == Status::Unknown {
            judged.unknown.push(condition.condition.span());
        }
        if status == Status::Fail {
            let evaluated = world.evaluated(&condition.error_message, scope);
            let span = condition.error_message.span();
            let failed = evaluated.is_none();
            let problem = match &evaluated {
                None if summary == INVALID_VARIABLE => Some("it could not be evaluated"),
                Some(message) if message.is_null() => Some("it is null"),
                _ => None,
            };
            if let Some(problem) = problem {
                judged.diagnostics.push(diagnostics::wrong_message(problem).at(span));
            }
            if failed || problem.is_some() {
                continue;
            }
            let Some(message) = evaluated else { continue };
            let text = match message.as_str().filter(|_| !message.is_sensitive()) {
                Some(text) => text.to_owned(),
                None => diagnostics::HIDDEN_MESSAGE.to_owned(),
            };
            if message.is_sensitive() && summary != INVALID_VARIABLE {
                judged.diagnostics.push(diagnostics::sensitive_message(span));
            }
            judged.diagnostics.push(diagnostics::condition_failed(
                summary,
                condition,
                text.clone(),
            ));
            if !message.is_sensitive() || summary == INVALID_VARIABLE {
                judged.messages.push(text);
            }
        }
    }
    judged
}

/// Evaluates the assertions of a `check` block: one that fails is a warning, and so is, while planning, one that cannot
/// be told yet.
pub fn judge_check(
    world: &World,
    instance: &ModuleInstance,
    check: &Check,
    applying: bool,
) -> Judged {
    let nothing = Judged {
        status: Status::Unknown,
        messages: Vec::new(),
        unknown: Vec::new(),
        diagnostics: Diagnostics::new(),
    };
    let Some(scope) = world.scope(instance) else { return nothing };
    let mut judged = judge(world, &scope, &check.asserts, FAILED_ASSERTION);
    judged.diagnostics = judged
        .diagnostics
        .into_iter()
        .map(|found| match &*found.summary {
            FAILED_ASSERTION => Diagnostic { severity: Severity::Warning, ..found },
            _ => found,
        })
        .collect();
    for span in judged.unknown.iter().filter(|_| !applying) {
        judged.diagnostics.push(diagnostics::check_unknown(*span));
    }
    judged
}
