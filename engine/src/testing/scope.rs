//! What expressions in a test file see.

use std::collections::BTreeMap;

use infra_addrs::{InstanceKey, Mode, ModuleInstance};
use infra_diag::Diagnostic;
use infra_lang::eval::Scope;
use infra_lang::functions::Environment;
use infra_lang::syntax::Reference;
use infra_lang::world::{InstanceScope, World};
use infra_value::{Str, Value};

use super::diagnostics;

/// The output values of the runs before, and in assertions everything in the module under test.
pub(super) struct TestScope<'a> {
    /// Output values by run.
    pub(super) runs: &'a BTreeMap<Str, Value>,
    /// Variables of the test file.
    pub(super) variables: &'a BTreeMap<Str, Value>,
    /// The module under test, once it was planned.
    pub(super) module: Option<(&'a World, InstanceScope<'a>)>,
    /// What functions see.
    pub(super) environment: &'a Environment,
}

impl Scope for TestScope<'_> {
    fn value(
        &self,
        reference: &Reference,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        match (reference, &self.module) {
            (Reference::Resource(found), _)
                if found.mode == Mode::Managed && &*found.type_name == "run" =>
            {
                let value = self.runs.get(&found.name).cloned();
                value.ok_or_else(|| diagnostics::unknown_run(&found.name))
            }
            (Reference::Resource(found), Some((world, _)))
                if found.mode == Mode::Managed && &*found.type_name == "output" =>
            {
                let value = world.output(&ModuleInstance::root(), &found.name);
                value.ok_or_else(|| diagnostics::no_output(&found.name, world.config()))
            }
            (Reference::Variable(name), module) => {
                let declared = module
                    .as_ref()
                    .is_some_and(|(_, scope)| scope.module.variables.contains_key(name));
                match (self.variables.get(name), module) {
                    (_, Some((_, scope))) if declared => scope.value(reference, key, attr),
                    (Some(value), _) => Ok(value.clone()),
                    _ => Err(diagnostics::unavailable(&format!("var.{name}"))),
                }
            }
            (_, Some((_, scope))) => scope.value(reference, key, attr),
            (other, None) => Err(diagnostics::unavailable(&other.to_string())),
        }
    }

    fn functions(&self) -> &Environment {
        self.environment
    }
}
