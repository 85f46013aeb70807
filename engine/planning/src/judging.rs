//! Whether the conditions hold that authors set, as far as that is known.

use infra_addrs::ModuleInstance;
use infra_diag::{Diagnostic, Diagnostics, Severity, Span};
use infra_lang::checking::{ephemeral_message, sensitive_message};
use infra_lang::config::{Check, Condition, Variable};
use infra_lang::eval::described;
use infra_lang::syntax::Reference;
use infra_lang::world::{InstanceScope, World};
use infra_plan::Status;
use infra_value::{Marks, Type, Value, convert};

use crate::diagnostics;

/// The title of an assertion that does not hold.
const FAILED_ASSERTION: &str = "Check block assertion failed";

/// The title of what a validation refuses.
const INVALID_VARIABLE: &str = "Invalid value for variable";

/// Stands in for a message that cannot be told.
const NO_MESSAGE: &str =
    "What the author says of it cannot be told; the problem beside this one says why.";

/// Stands in for a message that shows the secret value itself.
const OWN_SECRET: &str = "What the author says of it shows the value, which is sensitive.";

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

impl Judged {
    fn new(status: Status) -> Self {
        Self { status, messages: Vec::new(), unknown: Vec::new(), diagnostics: Diagnostics::new() }
    }

    /// Takes in the result of one condition.
    fn add(&mut self, condition: &Condition, status: Status) {
        self.status = self.status.max(status);
        if status == Status::Unknown {
            self.unknown.push(condition.condition.span());
        }
    }

    /// Takes in that a condition does not hold.
    fn fail(
        &mut self,
        summary: &'static str,
        condition: &Condition,
        values: Vec<(String, String)>,
        message: Option<String>,
    ) {
        let detail = message.as_deref().unwrap_or(NO_MESSAGE).to_owned();
        let failed = diagnostics::condition_failed(summary, condition, detail);
        self.diagnostics.push(Diagnostic { values, ..failed });
        self.messages.extend(message);
    }
}

/// Evaluates conditions; `summary` is the title of the diagnostic for each that does not hold. The message is evaluated
/// even where the condition holds, so that a wrong one is found before it is needed.
pub fn judge(
    world: &World,
    scope: &InstanceScope<'_>,
    conditions: &[Condition],
    summary: &'static str,
) -> Judged {
    let mut judged = Judged::new(Status::Pass);
    for condition in conditions {
        let message = message(world, scope, condition, &mut judged.diagnostics);
        let found = &mut judged.diagnostics;
        let status = outcome(world, scope, condition, summary, found);
        let mut status = status.unwrap_or(Status::Error);
        if message.is_err() {
            status = Status::Error;
        }
        judged.add(condition, status);
        if let (Status::Fail, Ok(message)) = (status, message) {
            let values = described(&condition.condition, scope);
            judged.fail(summary, condition, values, message);
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
    let Some(scope) = world.scope(instance) else { return Judged::new(Status::Unknown) };
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

/// Evaluates the validations of an input variable in one instance of its module; nothing if there is no such instance.
/// What is wrong with the value is told where it is given: by a call, or for the root module at `given`.
pub fn judge_variable(
    world: &World,
    instance: &ModuleInstance,
    variable: &Variable,
    given: Option<Span>,
) -> Option<Judged> {
    let scope = world.scope(instance)?;
    let mut judged = Judged::new(Status::Pass);
    for validation in &variable.validations {
        let text = world.evaluated(&validation.error_message, &scope);
        let found = &mut judged.diagnostics;
        let status = outcome(world, &scope, validation, INVALID_VARIABLE, found);
        let status = status.unwrap_or(Status::Unknown);
        let told = match (status, &text) {
            (Status::Fail, None) => Status::Error,
            (Status::Error, None) => Status::Unknown,
            _ => status,
        };
        judged.add(validation, told);
        if status == Status::Fail {
            let own = Reference::Variable(variable.name.clone());
            let mut references = validation.error_message.references().iter();
            let only_own = instance.is_root() && references.all(|found| found.reference == own);
            refuse(&scope, validation, text, only_own, &mut judged);
        }
    }
    // In a called module it is the call that gives the value.
    let given = given.filter(|_| instance.is_root()).or_else(|| {
        let (name, _) = instance.0.last()?;
        let parent = world.config().module(&instance.parent()?.module())?;
        Some(parent.calls.get(name)?.body.attribute(&variable.name)?.expr.span())
    });
    let located = judged.diagnostics.into_iter().map(|mut found| {
        if found.summary != INVALID_VARIABLE {
            return found;
        }
        found.detail.push_str("\n\nThis was checked by a validation rule of the variable.");
        found.at(given.unwrap_or(variable.span))
    });
    judged.diagnostics = located.collect();
    Some(judged)
}

/// Whether a condition holds; nothing if it could not be evaluated.
fn outcome(
    world: &World,
    scope: &InstanceScope<'_>,
    condition: &Condition,
    summary: &'static str,
    diags: &mut Diagnostics,
) -> Option<Status> {
    let (value, _) = world.evaluated(&condition.condition, scope)?.unmarked();
    let problem = match convert::convert(&value, &Type::Bool) {
        Ok(value) if value.is_null() => "null".to_owned(),
        Ok(value) => {
            return Some(match value.as_bool() {
                Some(true) => Status::Pass,
                Some(false) => Status::Fail,
                None => Status::Unknown,
            });
        }
        Err(error) => error.to_string(),
    };
    diags.push(diagnostics::wrong_condition(summary, condition, &problem));
    Some(Status::Error)
}

/// What the author says of a condition that does not hold; nothing where that cannot be shown. Fails where something is
/// wrong with it.
fn message(
    world: &World,
    scope: &InstanceScope<'_>,
    condition: &Condition,
    diags: &mut Diagnostics,
) -> Result<Option<String>, ()> {
    let span = condition.error_message.span();
    let value = world.evaluated(&condition.error_message, scope).ok_or(())?;
    let problem = match convert::convert(&value, &Type::String) {
        Ok(text) if !text.is_known() => return Ok(None),
        Ok(text) if text.is_null() => "it is null".to_owned(),
        Ok(text) => {
            if text.is_sensitive() {
                diags.push(sensitive_message().at(span));
                return Ok(None);
            }
            if text.marks().contains(Marks::EPHEMERAL) {
                diags.push(ephemeral_message().at(span));
                return Ok(None);
            }
            return Ok(text.as_str().map(str::to_owned));
        }
        Err(error) => error.to_string(),
    };
    diags.push(diagnostics::wrong_message(&problem).at(span));
    Err(())
}

/// Takes in that a validation does not hold, with the value of its message if that has one. That it shows what is secret
/// is no mistake if that is `only_own` value of a variable of the root module.
fn refuse(
    scope: &InstanceScope<'_>,
    condition: &Condition,
    text: Option<Value>,
    only_own: bool,
    judged: &mut Judged,
) {
    let span = condition.error_message.span();
    let wrong = |problem: &str| diagnostics::wrong_message(problem).at(span);
    let Some(value) = text else {
        judged.diagnostics.push(wrong("it could not be evaluated"));
        return;
    };
    if !value.is_known() {
        judged.diagnostics.push(wrong("it depends on what is known after apply only"));
        return;
    }
    let as_error = |found: Diagnostic| Diagnostic { severity: Severity::Error, ..found }.at(span);
    let text = match convert::convert(&value, &Type::String) {
        Err(error) => {
            judged.diagnostics.push(wrong(&error.to_string()));
            None
        }
        Ok(text) if text.is_sensitive() => {
            if !only_own {
                judged.diagnostics.push(as_error(sensitive_message()));
            }
            only_own.then(|| OWN_SECRET.to_owned())
        }
        Ok(text) if text.marks().contains(Marks::EPHEMERAL) => {
            judged.diagnostics.push(as_error(ephemeral_message()));
            None
        }
        Ok(text) => text.as_str().map(str::to_owned),
    };
    let values = described(&condition.condition, scope);
    judged.fail(INVALID_VARIABLE, condition, values, text);
}
