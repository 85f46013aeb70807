//! What expressions in a test file see.

use std::collections::BTreeMap;

use infra_addrs::{InstanceKey, Mode, ModuleInstance};
use infra_diag::Diagnostic;
use infra_lang::eval::Scope;
use infra_lang::functions::Environment;
use infra_lang::syntax::Reference;
use infra_lang::world::{InstanceScope, World};
use infra_value::{Str, Type, Value};

use super::diagnostics;

/// The output values of the runs before, and in assertions everything in the module under test.
pub(super) struct TestScope<'a> {
    /// Output values by run.
    pub(super) runs: &'a BTreeMap<Str, Value>,
    /// The names of all runs of the file.
    pub(super) names: &'a [Str],
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
                let known = self.names.contains(&found.name);
                let value = self.runs.get(&found.name).cloned();
                let asserting = self.module.is_some();
                let value =
                    value.ok_or_else(|| diagnostics::no_run(&found.name, known, asserting))?;
                element(value, key)
            }
            (Reference::Resource(found), Some((world, _)))
                if found.mode == Mode::Managed && &*found.type_name == "output" =>
            {
                let value = world.output(&ModuleInstance::root(), &found.name);
                let value =
                    value.ok_or_else(|| diagnostics::no_output(&found.name, world.config()))?;
                element(value, key)
            }
            (Reference::Variable(name), module) => {
                let declared = module
                    .as_ref()
                    .is_some_and(|(_, scope)| scope.module.variables.contains_key(name));
                match (self.variables.get(name), module) {
                    (_, Some((_, scope))) if declared => scope.value(reference, key, attr),
                    (Some(value), _) => Ok(value.clone()),
                    // It says that there is none.
                    (None, Some((_, scope))) => scope.value(reference, key, attr),
                    _ => Err(diagnostics::no_variable(name)),
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

/// What is to be found under the key that follows a reference. The language reads `output.list[0]` as an instance, which
/// an output value has not.
fn element(value: Value, key: Option<&InstanceKey>) -> Result<Value, Diagnostic> {
    let Some(key) = key else { return Ok(value) };
    let found = match key {
        InstanceKey::Int(index) => {
            let index = usize::try_from(*index).unwrap_or(usize::MAX);
            value.as_sequence().and_then(|items| items.get(index))
        }
        InstanceKey::String(name) => value.get(name),
    };
    match found {
        Some(found) => Ok(found.clone().marked(value.marks())),
        None if value.is_known() => Err(diagnostics::no_element(key)),
        None => Ok(Value::unknown(Type::Any).marked(value.marks())),
    }
}
