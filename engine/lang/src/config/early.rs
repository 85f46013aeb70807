//! What is known before anything is planned: the sources of modules and the arguments of the backend may refer to input
//! variables, local values, `path` and `terraform.workspace`, and call functions.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::InstanceKey;
use infra_diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_provider::Block;
use infra_value::{Marks, Str, Type, Value, convert};

use super::variables::{self, Given};
use super::{Config, Module, ModuleCall, diagnostics};
use crate::eval::{self, Context, Scope};
use crate::files::Files;
use crate::functions::Environment;
use crate::syntax::{Expr, Reference};
use crate::world;

/// What the modules of one configuration share.
pub(super) struct Known {
    /// Values of the root module's variables, once something asked for them.
    pub(super) inputs: OnceCell<BTreeMap<Str, Value>>,
    environment: Environment,
    workspace: String,
}

impl Known {
    pub(super) fn new(files: Arc<dyn Files>, workspace: &str) -> Self {
        let environment = Environment { files, ..Environment::nowhere() };
        Self { inputs: OnceCell::new(), environment, workspace: workspace.to_owned() }
    }

    /// Finds out the root module's variables; what is wrong with them is reported. Warnings are left to whoever needs all
    /// of them.
    pub(super) fn settle(
        &self,
        root: &Module,
        given: &[BTreeMap<Str, Given>],
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) {
        self.inputs.get_or_init(|| {
            let mut found = Diagnostics::new();
            let values = variables::assign(root, given, sources, &mut found).fitting(&mut found);
            diags.extend(found.into_iter().filter(Diagnostic::is_error));
            values
        });
    }
}

/// What an expression in one module can refer to.
pub(super) struct Early<'a> {
    known: &'a Known,
    module: &'a Module,
    caller: Option<(&'a Self, &'a ModuleCall)>,
    /// Values that were computed, and those that are being computed.
    values: RefCell<BTreeMap<String, Option<Value>>>,
    found: RefCell<Diagnostics>,
}

impl<'a> Early<'a> {
    pub(super) fn new(
        known: &'a Known,
        module: &'a Module,
        caller: Option<(&'a Self, &'a ModuleCall)>,
    ) -> Self {
        Self { known, module, caller, values: RefCell::default(), found: RefCell::default() }
    }

    /// The root module.
    pub(super) fn root(&self) -> &Module {
        self.caller.map_or(self.module, |(caller, _)| caller.root())
    }

    /// A text that must be known; what keeps it from being so is reported. `argument` is what has it.
    pub(super) fn text(
        &self,
        expr: &Expr,
        argument: &str,
        diags: &mut Diagnostics,
    ) -> Option<(String, Span)> {
        let mut found = Diagnostics::new();
        let value = expr.evaluate(&mut Context::new(self, &mut found));
        found.extend(self.found.take());
        found.dedup();
        let failed = found.has_errors();
        diags.extend(found);
        if failed {
            return None;
        }
        let problem = match convert::convert(&value, &Type::String) {
            _ if value.marks_deep() != Marks::NONE => diagnostics::early_sensitive(argument),
            Ok(text) if text.is_null() => diagnostics::early_unsuitable(argument, "it is null"),
            Ok(text) => match text.as_str() {
                Some(text) => return Some((text.to_owned(), expr.span())),
                None => diagnostics::early_unknown(argument),
            },
            Err(error) => diagnostics::early_unsuitable(argument, &error.to_string()),
        };
        diags.push(problem.at(expr.span()));
        None
    }

    /// A value that is computed once; nothing if computing it asks for itself.
    fn once(&self, name: String, compute: impl FnOnce() -> Value) -> Option<Value> {
        if let Some(known) = self.values.borrow().get(&name) {
            return known.clone();
        }
        self.values.borrow_mut().insert(name.clone(), None);
        let value = compute();
        self.values.borrow_mut().insert(name, Some(value.clone()));
        Some(value)
    }

    fn evaluate(&self, expr: &Expr) -> Value {
        let mut found = Diagnostics::new();
        let value = expr.evaluate(&mut Context::new(self, &mut found));
        self.found.borrow_mut().extend(found);
        value
    }

    fn variable(&self, name: &Str) -> Result<Value, Diagnostic> {
        let Some(variable) = self.module.variables.get(name) else {
            return Err(world::diagnostics::undeclared(
                "Reference to undeclared input variable",
                &format!("var.{name}"),
            ));
        };
        let given = match self.caller {
            None => self.known.inputs.get().and_then(|inputs| inputs.get(name)).cloned(),
            Some((caller, call)) => call.body.attribute(name).map(|attribute| {
                let value = caller.evaluate(&attribute.expr);
                self.found.borrow_mut().extend(caller.found.take());
                let value = variable.defaults.apply(value);
                // What does not fit is told of when the call is checked.
                convert::convert(&value, &variable.ty)
                    .unwrap_or_else(|_| Value::unknown(variable.ty.without_optional()))
            }),
        };
        let given = given.filter(|value| variable.nullable || !value.is_null());
        match given.or_else(|| variable.default.clone()) {
            Some(value) => Ok(value.marked(world::marks(variable.sensitive, variable.ephemeral))),
            None => Err(diagnostics::early_no_value(name)),
        }
    }
}

impl Scope for Early<'_> {
    fn value(
        &self,
        reference: &Reference,
        _: Option<&InstanceKey>,
        _: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        match reference {
            Reference::Variable(name) => {
                let mut problem = None;
                let value = self.once(format!("var.{name}"), || {
                    self.variable(name).unwrap_or_else(|diagnostic| {
                        problem = Some(diagnostic);
                        Value::unknown(Type::Any)
                    })
                });
                match problem {
                    Some(problem) => Err(problem),
                    None => value.ok_or_else(|| diagnostics::early_circle(&reference.to_string())),
                }
            }
            Reference::Local(name) => {
                let Some(local) = self.module.locals.get(name) else {
                    return Err(world::diagnostics::undeclared(
                        "Reference to undeclared local value",
                        &reference.to_string(),
                    ));
                };
                self.once(format!("local.{name}"), || self.evaluate(&local.expr))
                    .ok_or_else(|| diagnostics::early_circle(&reference.to_string()))
            }
            Reference::Path(name) => match &**name {
                "module" => Ok(world::path_of(&self.module.dir)),
                "root" => Ok(world::path_of(&self.root().dir)),
                "cwd" => Ok(self.known.environment.files.absolute("").into()),
                _ => Err(diagnostics::early_dynamic(&reference.to_string())),
            },
            Reference::Terraform(name) if &**name == "workspace" => {
                Ok(self.known.workspace.clone().into())
            }
            _ => Err(diagnostics::early_dynamic(&reference.to_string())),
        }
    }

    fn functions(&self) -> &Environment {
        &self.known.environment
    }
}

impl Config {
    /// The arguments of the backend as an object of its schema, and what is wrong with them.
    pub fn backend_value(&self, schema: &Block) -> Option<(Value, Diagnostics)> {
        let backend = self.root.backend.as_ref()?;
        let known = Known::new(self.files.clone(), &self.workspace);
        known.inputs.get_or_init(|| self.inputs.clone());
        let early = Early::new(&known, &self.root, None);
        let mut found = Diagnostics::new();
        let value = eval::decode(&backend.body, schema, &mut Context::new(&early, &mut found));
        found.extend(early.found.take());
        if !found.has_errors() {
            for attribute in &backend.body.attributes {
                let Some(value) = value.get(&attribute.name) else { continue };
                let span = attribute.expr.span();
                if value.marks_deep() != Marks::NONE {
                    found.push(diagnostics::sensitive_backend(&attribute.name).at(span));
                }
                if !value.is_wholly_known() {
                    found.push(diagnostics::early_unknown(&attribute.name).at(span));
                }
            }
        }
        let within = format!("backend \"{}\"", backend.ty);
        let found = found.into_iter().map(|found| found.within(within.clone())).collect();
        Some((value.unmarked_deep().0, found))
    }
}
