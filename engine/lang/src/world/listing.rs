//! What `list` blocks ask for.

use infra_addrs::ResourceInstance;
use infra_diag::Diagnostic;
use infra_value::{Type, Value, convert};

use super::{InstanceScope, World, diagnostics};
use crate::config::{Listing, Resource};
use crate::syntax::Expr;

/// How many objects are wanted where nobody says it.
const LIMIT: u64 = 100;

impl World {
    /// How many objects an instance of a `list` block wants, and whether it wants what they are. Nothing if that is wrong,
    /// which is reported.
    pub fn wanted_of(&self, block: &Resource, addr: &ResourceInstance) -> Option<(u64, bool)> {
        let Listing { limit: most, include_resource: include } = &block.listing;
        let scope = self.resource_scope(&addr.module, block, &addr.key)?;
        let most = self.list_argument(most.as_ref(), &scope, limit, LIMIT)?;
        let include = self.list_argument(include.as_ref(), &scope, include_resource, false)?;
        Some((most, include))
    }

    fn list_argument<T>(
        &self,
        expr: Option<&Expr>,
        scope: &InstanceScope<'_>,
        read: fn(&Value) -> Result<Option<T>, Diagnostic>,
        otherwise: T,
    ) -> Option<T> {
        let Some(expr) = expr else { return Some(otherwise) };
        let found = read(&self.evaluated(expr, scope)?);
        let found = found.and_then(|found| found.ok_or_else(diagnostics::unknown_list_argument));
        found.map_err(|problem| self.report(problem.at(expr.span()).into())).ok()
    }
}

/// Reads the value of `limit`; nothing while it is not known.
pub(crate) fn limit(value: &Value) -> Result<Option<u64>, Diagnostic> {
    let number = plain("limit", value, &Type::Number)?;
    if !number.is_known() {
        return Ok(None);
    }
    match number.as_i64().map(u64::try_from) {
        Some(Ok(limit)) => Ok(Some(limit)),
        Some(Err(_)) => {
            Err(diagnostics::list_argument("limit", "must be greater than or equal to zero"))
        }
        None => Err(diagnostics::list_argument("limit", "a whole number is required")),
    }
}

/// Reads the value of `include_resource`; nothing while it is not known.
pub(crate) fn include_resource(value: &Value) -> Result<Option<bool>, Diagnostic> {
    plain("include_resource", value, &Type::Bool).map(|value| value.as_bool())
}

/// A value of a type that is neither null nor secret.
fn plain(name: &'static str, value: &Value, ty: &Type) -> Result<Value, Diagnostic> {
    if !value.marks().is_empty() {
        return Err(diagnostics::list_argument(name, "it is sensitive or ephemeral"));
    }
    if value.is_null() {
        return Err(diagnostics::list_argument(name, "it is null"));
    }
    convert::convert(value, ty)
        .map_err(|error| diagnostics::list_argument(name, &error.to_string()))
}
