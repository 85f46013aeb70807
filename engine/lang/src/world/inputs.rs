//! Input variables: what the caller gives, defaults, conversion.

use infra_addrs::ModuleInstance;
use infra_value::{Marks, Value, convert};

use super::{InstanceScope, World, diagnostics};
use crate::config::Variable;

/// The marks that a variable or output declares.
pub(crate) fn marks(sensitive: bool, ephemeral: bool) -> Marks {
    let sensitive = if sensitive { Marks::SENSITIVE } else { Marks::NONE };
    let ephemeral = if ephemeral { Marks::EPHEMERAL } else { Marks::NONE };
    sensitive | ephemeral
}

impl World {
    /// The value of an input variable of a module instance.
    pub fn variable(&self, instance: &ModuleInstance, name: &str) -> Option<Value> {
        let known = |table: &super::Table| table.variables.get(name).cloned();
        self.kept(
            instance,
            known,
            |table, value| table.variables.insert(name.into(), value),
            || {
                let variable = self.config.module(&instance.module())?.variables.get(name)?;
                let value = match instance.parent() {
                    Some(parent) => self.passed(&parent, instance, variable),
                    None => self.variables.get(name).cloned().or_else(|| variable.default.clone()),
                };
                let value = value.unwrap_or_else(|| Value::unknown(variable.ty.without_optional()));
                Some(value.marked(marks(variable.sensitive, variable.ephemeral)))
            },
        )
    }

    /// Makes an input variable one of which nothing is known.
    pub fn forget_variable(&self, instance: &ModuleInstance, variable: &Variable) {
        let unknown = Value::unknown(variable.ty.without_optional());
        let mut tables = self.tables.borrow_mut();
        super::table(&mut tables, instance).variables.insert(variable.name.clone(), unknown);
    }

    /// The scope in which the arguments of the call of a module instance are evaluated: the caller's.
    pub fn call_scope(&self, instance: &ModuleInstance) -> Option<InstanceScope<'_>> {
        let parent = instance.parent()?;
        let (name, key) = instance.0.last()?;
        let repetition = self.call_expansion(&parent, name).repetition(key);
        self.scope_with(&parent, repetition, None)
    }

    /// What the call of a module instance passes for a variable, converted; nothing on error.
    fn passed(
        &self,
        parent: &ModuleInstance,
        instance: &ModuleInstance,
        variable: &Variable,
    ) -> Option<Value> {
        let (name, _) = instance.0.last()?;
        let call = self.config.module(&parent.module())?.calls.get(name)?;
        let Some(attribute) = call.body.attribute(&variable.name) else {
            return variable.default.clone();
        };
        let given = self.evaluate(&attribute.expr, &self.call_scope(instance)?);
        if given.is_null() && !variable.nullable {
            if variable.default.is_none() {
                self.report(
                    diagnostics::null_input(&variable.name).at(attribute.expr.span()).into(),
                );
            }
            return variable.default.clone();
        }
        match convert::convert(&variable.defaults.apply(given), &variable.ty) {
            Ok(value) => Some(value),
            Err(error) => {
                let problem = error.to_string();
                let diagnostic = diagnostics::wrong_input(&variable.name, &variable.ty, &problem);
                self.report(
                    diagnostic
                        .at(attribute.expr.span())
                        .within(format!("module \"{name}\""))
                        .into(),
                );
                None
            }
        }
    }
}
