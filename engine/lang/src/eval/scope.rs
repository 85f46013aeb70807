//! What evaluation sees.

use infra_addrs::{InstanceKey, ProviderAddr};
use infra_diag::{Diagnostic, Diagnostics};
use infra_value::{Str, Type, Value};

use crate::functions::Environment;
use crate::syntax::{Expr, Reference};

/// The objects that expressions refer to.
pub trait Scope {
    /// The value of a reference. `key` is the index right after a resource or module, where it is known: then the value
    /// of that one instance is wanted, never of all. `attr` is the output that follows a module.
    ///
    /// # Errors
    /// The diagnostic, without a place: the evaluator adds it.
    fn value(
        &self,
        reference: &Reference,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic>;

    /// What functions see of the world.
    fn functions(&self) -> &Environment;

    /// The provider that a name in `provider::NAME::FUNCTION` means, if the module requires it.
    fn required_provider(&self, _name: &str) -> Option<ProviderAddr> {
        None
    }
}

/// Where evaluation stands: the scope, names of loops, and what was found wrong.
pub struct Context<'a> {
    /// The objects.
    pub scope: &'a dyn Scope,
    /// What is wrong.
    pub diags: &'a mut Diagnostics,
    pub(super) locals: Vec<(Str, Value)>,
}

impl<'a> Context<'a> {
    /// Outside any loop.
    pub fn new(scope: &'a dyn Scope, diags: &'a mut Diagnostics) -> Self {
        Self { scope, diags, locals: Vec::new() }
    }

    /// Reports, and gives the unknown that takes the place of a value.
    pub(super) fn fail(&mut self, diagnostic: Diagnostic) -> Value {
        self.diags.push(diagnostic);
        Value::unknown(Type::Any)
    }

    /// Evaluates, and says whether that reported an error.
    pub(super) fn checked(&mut self, expr: &Expr) -> (Value, bool) {
        let before = self.diags.len();
        let value = expr.evaluate(self);
        (value, self.diags.failed_since(before))
    }

    pub(super) fn local(&self, name: &str) -> Option<&Value> {
        self.locals.iter().rev().find(|(local, _)| &**local == name).map(|(_, value)| value)
    }
}
