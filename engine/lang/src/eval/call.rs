//! Function calls.

use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::{Data, Type, Value};

use super::{Context, diagnostics};
use crate::functions::{self, Builtin};
use crate::syntax::{Expr, Kind};

impl Context<'_> {
    pub(super) fn call(
        &mut self,
        (name, name_span, builtin): (&str, Span, Option<Builtin>),
        arguments: &[Expr],
        expand: bool,
        span: Span,
    ) -> Value {
        let plain = name.strip_prefix("core::").unwrap_or(name);
        // What is wrong with the call itself is said there.
        let opening = name_span.and_next();
        match plain {
            "try" if !expand => return self.attempt(arguments, opening),
            "can" if !expand => return self.can(arguments, name_span),
            "templatestring" => {
                // Whatever the template is, nothing can be said while the variables are not known.
                if let Some(variables) = arguments.get(1) {
                    let before = self.diags.len();
                    let (value, marks) = variables.evaluate(self).unmarked();
                    if self.diags.failed_since(before) {
                        return Value::unknown(Type::Any);
                    }
                    if matches!(value.data(), Data::Unknown(Type::Any, _)) {
                        return Value::unknown(Type::Any).marked(marks);
                    }
                }
                if let Some(why) = arguments.first().and_then(not_a_reference) {
                    let problem = diagnostics::wrong_argument("template", why);
                    return self.fail(problem.at(span));
                }
            }
            "convert" if !expand => return self.convert_call(arguments, span),
            _ => {}
        }
        let function = match builtin.map_or_else(|| self.provider_function(name), Ok) {
            Ok(function) => function,
            Err(diagnostic) => return self.fail(diagnostic.at(name_span)),
        };
        if let Some(instead) = function.deprecated() {
            self.diags.push(diagnostics::deprecated_function(name, instead).at(name_span));
        }
        let (written, rest) = match arguments.split_last() {
            Some((last, others)) if expand => match self.expanded(last) {
                Ok(items) => (others, items),
                Err(unknown) => return unknown,
            },
            _ => (arguments, Vec::new()),
        };
        let place = |at: usize| {
            let expanded = || arguments.last().map_or(span, Expr::span);
            written.get(at).map_or_else(expanded, Expr::start)
        };
        let count = written.len() + rest.len();
        if let Err(error) = function.check_count(count) {
            let message = error.message.replacen(function.name(), name, 1);
            let missing = function.missing(count);
            let place = match missing {
                true => Span { start: span.end.saturating_sub(1), ..span },
                false => place(function.params().len()),
            };
            return self.fail(diagnostics::wrong_count(&message, missing).at(place));
        }
        let before = self.diags.len();
        let mut values = Vec::with_capacity(count);
        let mut rest = rest.into_iter();
        for at in 0..count {
            let given = match written.get(at) {
                Some(argument) => argument.evaluate(self),
                None => rest.next().unwrap_or_else(|| Value::unknown(Type::Any)),
            };
            match function.convert(at, given) {
                Ok(value) => values.push(value),
                Err(error) => {
                    let parameter = function.parameter_name(at).unwrap_or_default();
                    let wrong = diagnostics::wrong_argument(parameter, &error.message);
                    self.diags.push(wrong.at(place(at)));
                }
            }
        }
        // What is wrong with the arguments would only be said again.
        if self.diags.failed_since(before) {
            return Value::unknown(Type::Any);
        }
        function.call(self.scope.functions(), values).unwrap_or_else(|error| {
            let parameter = error.argument.and_then(|at| function.parameter_name(at));
            let diagnostic = match (error.argument, parameter) {
                (Some(at), Some(parameter)) if at < count => {
                    diagnostics::wrong_argument(parameter, &error.message).at(place(at))
                }
                (_, Some(parameter)) => {
                    diagnostics::wrong_argument(parameter, &error.message).at(opening)
                }
                _ => diagnostics::failed_call(name, &error.message).at(opening),
            };
            self.fail(diagnostic)
        })
    }

    /// The function of a provider that `provider::NAME::FUNCTION` means.
    fn provider_function(&self, name: &str) -> Result<Builtin, Diagnostic> {
        let Some((namespace, rest)) = name.split_once("::") else {
            let known = functions::ALL.iter().map(|function| function.name());
            return Err(diagnostics::unknown_function(name, known));
        };
        if namespace != "provider" {
            return Err(diagnostics::unknown_namespace(namespace));
        }
        let Some((provider, wanted)) = rest.split_once("::") else {
            return Err(diagnostics::no_provider_name());
        };
        let Some(address) = self.scope.required_provider(provider) else {
            return Err(diagnostics::unknown_provider_of_function(provider, wanted));
        };
        let functions = self.scope.functions().providers.get(&address).copied().unwrap_or_default();
        match functions.iter().find(|function| function.name == wanted) {
            Some(function) => Ok(Builtin::Pure(function)),
            None => Err(diagnostics::unknown_provider_function(provider, wanted)),
        }
    }

    /// The arguments that the last one, before `...`, stands for; or what the whole call is.
    fn expanded(&mut self, last: &Expr) -> Result<Vec<Value>, Value> {
        let (value, failed) = self.checked(last);
        let marks = value.marks();
        match value.data() {
            _ if failed => Err(Value::unknown(Type::Any)),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                Ok(items.iter().map(|item| item.clone().marked(marks)).collect())
            }
            Data::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => {
                Err(Value::unknown(Type::Any))
            }
            Data::Null(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                Err(self.fail(diagnostics::null_expansion().at(last.span())))
            }
            _ => Err(self.fail(diagnostics::wrong_expansion().at(last.span()))),
        }
    }

    /// The first argument that can be evaluated without a mistake.
    fn attempt(&mut self, arguments: &[Expr], span: Span) -> Value {
        let mut problems = Vec::new();
        for argument in arguments {
            let (value, found) = self.tried(argument);
            if !found.has_errors() {
                // What it will be in the end is not certain: a later value may make it fail.
                return if value.is_wholly_known() { value } else { Value::unknown(Type::Any) };
            }
            let errors = found.iter().filter(|diagnostic| diagnostic.is_error());
            problems.extend(errors.map(|found| format!("- {}: {}", found.summary, found.detail)));
        }
        if problems.is_empty() {
            return self.fail(
                diagnostics::failed_call("try", "at least one argument is required").at(span),
            );
        }
        self.fail(diagnostics::nothing_succeeded(&problems).at(span))
    }

    fn can(&mut self, arguments: &[Expr], span: Span) -> Value {
        let [argument] = arguments else {
            return self.fail(
                diagnostics::wrong_count(
                    "Function \"can\" expects 1 argument(s).",
                    arguments.is_empty(),
                )
                .at(span),
            );
        };
        let (value, found) = self.tried(argument);
        if found.has_errors() {
            return false.into();
        }
        if value.is_wholly_known() { true.into() } else { Value::unknown(Type::Bool) }
    }

    fn tried(&mut self, argument: &Expr) -> (Value, Diagnostics) {
        let mut found = Diagnostics::new();
        let mut inner = Context {
            scope: self.scope,
            diags: &mut found,
            locals: std::mem::take(&mut self.locals),
        };
        let value = argument.evaluate(&mut inner);
        self.locals = inner.locals;
        (value, found)
    }

    /// `convert(value, type)`: the second argument is a type constraint.
    fn convert_call(&mut self, arguments: &[Expr], span: Span) -> Value {
        let [value, constraint] = arguments else {
            return self.fail(
                diagnostics::wrong_count(
                    "Function \"convert\" expects 2 argument(s).",
                    arguments.len() < 2,
                )
                .at(span),
            );
        };
        let Some((ty, defaults)) = super::constraint::parse(constraint, self.diags) else {
            return Value::unknown(Type::Any);
        };
        let given = value.evaluate(self);
        match infra_value::convert::convert(&defaults.apply(given), &ty) {
            Ok(value) => value,
            Err(error) => {
                self.fail(diagnostics::wrong_argument("value", &error.to_string()).at(value.span()))
            }
        }
    }
}

/// Why an expression is no reference to a template that stands elsewhere.
fn not_a_reference(template: &Expr) -> Option<&'static str> {
    match template.kind() {
        Kind::Reference { .. } | Kind::Local { .. } | Kind::Invalid { .. } => None,
        Kind::Template(_) | Kind::Literal(_) if is_text(template) => Some(
            "invalid template expression: templatestring is only for rendering templates retrieved dynamically from \
             elsewhere, and so does not support providing a literal template; consider using a template string \
             expression instead",
        ),
        _ => Some(
            "invalid template expression: must be a direct reference to a single string from elsewhere, containing \
             valid Terraform template syntax",
        ),
    }
}

fn is_text(template: &Expr) -> bool {
    match template.kind() {
        Kind::Literal(value) => value.as_str().is_some(),
        _ => true,
    }
}
