//! Function calls.

use infra_diag::{Diagnostics, Span};
use infra_value::{Data, Type, Value};

use super::{Context, diagnostics};
use crate::functions;
use crate::syntax::Expr;

impl Context<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Expr],
        expand: bool,
        span: Span,
    ) -> Value {
        let plain = name.strip_prefix("core::").unwrap_or(name);
        match plain {
            "try" if !expand => return self.attempt(arguments, span),
            "can" if !expand => return self.can(arguments, name_span),
            "convert" => return self.convert_call(arguments, span),
            _ => {}
        }
        let Some(function) = functions::find(name) else {
            let known = functions::ALL.iter().map(|function| function.name());
            return self.fail(diagnostics::unknown_function(name, known).at(name_span));
        };
        if let Some(instead) = function.deprecated() {
            self.diags.push(diagnostics::deprecated_function(name, instead).at(name_span));
        }
        let mut values: Vec<Value> =
            arguments.iter().map(|argument| argument.evaluate(self)).collect();
        if expand && let Some(last) = values.pop() {
            match last.data() {
                Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                    let marks = last.marks();
                    values.extend(items.iter().map(|item| item.clone().marked(marks)));
                }
                Data::Unknown(..) => return Value::unknown(Type::Any).marked(last.marks()),
                _ => {
                    let at = arguments.last().map_or(span, Expr::span);
                    return self.fail(diagnostics::wrong_expansion().at(at));
                }
            }
        }
        match function.call(self.scope.functions(), &values) {
            Ok(value) => value,
            Err(error) => {
                let argument = error.argument.and_then(|at| arguments.get(at).or(arguments.last()));
                let parameter = error.argument.and_then(|at| function.parameter_name(at));
                let diagnostic = match (argument, parameter) {
                    (Some(argument), Some(parameter)) => {
                        diagnostics::wrong_argument(parameter, &error.message).at(argument.span())
                    }
                    _ if error.count => {
                        diagnostics::wrong_count(&error.message, function.missing(values.len()))
                            .at(span)
                    }
                    _ => diagnostics::failed_call(name, &error.message).at(span),
                };
                self.fail(diagnostic)
            }
        }
    }

    /// The first argument that can be evaluated without a mistake.
    fn attempt(&mut self, arguments: &[Expr], span: Span) -> Value {
        let mut problems = Vec::new();
        for argument in arguments {
            let (value, found) = self.tried(argument);
            match found.iter().find(|diagnostic| diagnostic.is_error()) {
                None => return value,
                Some(diagnostic) => {
                    problems.push(format!("- {}: {}", diagnostic.summary, diagnostic.detail));
                }
            }
        }
        if arguments.is_empty() {
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
        let fine = !found.has_errors();
        if fine && !value.is_wholly_known() && value.ty() == Type::Any && !value.is_known() {
            return Value::unknown(Type::Bool);
        }
        fine.into()
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
