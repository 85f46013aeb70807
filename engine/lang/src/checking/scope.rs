//! What expressions see: unknown values of the right types.

use infra_addrs::{InstanceKey, Mode, ProviderAddr};
use infra_diag::Diagnostic;
use infra_provider::Block as Schema;
use infra_value::{Marks, Number, ObjectType, Str, Type, Value};

use super::{Checker, diagnostics};
use crate::config::Module;
use crate::eval::Scope;
use crate::functions::Environment;
use crate::syntax::Reference;
use crate::world;

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct Place<'a> {
    /// The module.
    pub(super) module: &'a Module,
    /// Whether `count.index` is there.
    pub(super) counted: bool,
    /// Whether `each` is there.
    pub(super) keyed: bool,
    /// The schema of what `self` is.
    pub(super) this: Option<&'a Schema>,
    /// The check that it is in, which alone sees its data source.
    pub(super) check: Option<Str>,
    /// The value of a variable that is checked itself.
    pub(super) own: Option<(Str, Value)>,
}

impl<'a> Place<'a> {
    /// Outside of everything that is repeated.
    pub(super) fn of(module: &'a Module) -> Self {
        Self { module, counted: false, keyed: false, this: None, check: None, own: None }
    }

    pub(super) fn scope<'s>(&'s self, checker: &'s Checker<'s>) -> StaticScope<'s> {
        StaticScope { checker, place: self }
    }
}

/// The scope of a place.
pub(super) struct StaticScope<'a> {
    checker: &'a Checker<'a>,
    place: &'a Place<'a>,
}

impl Scope for StaticScope<'_> {
    fn value(
        &self,
        reference: &Reference,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        let place = self.place;
        let module = place.module;
        match reference {
            Reference::Variable(name) => {
                if let Some((own, value)) = &place.own
                    && own == name
                {
                    return Ok(value.clone());
                }
                let variable = module.variables.get(name);
                let variable =
                    variable.ok_or_else(|| diagnostics::undeclared_variable(module, name))?;
                let marks = world::marks(variable.sensitive, variable.ephemeral);
                Ok(Value::unknown(variable.ty.without_optional()).marked(marks))
            }
            Reference::Local(name) => {
                if !module.locals.contains_key(name) {
                    return Err(diagnostics::undeclared_local(module, name));
                }
                let locals = self.checker.locals.borrow();
                let value = locals.get(&(module.path.clone(), name.clone())).cloned();
                Ok(value.unwrap_or_else(|| Value::unknown(Type::Any)))
            }
            Reference::Module(name) => self.module(name, key, attr),
            // What is read of a resource was checked against its schema with the reference.
            Reference::Resource(resource) => {
                let ephemeral = resource.mode == Mode::Ephemeral;
                Ok(Value::unknown(Type::Any).marked(world::marks(false, ephemeral)))
            }
            Reference::Count(name) if &**name != "index" => Err(diagnostics::count_attribute(name)),
            Reference::Count(_) if place.counted => Ok(Value::unknown(Type::Number)),
            Reference::Count(_) => Err(world::diagnostics::count_without_count()),
            Reference::Each(name) => match &**name {
                "key" if place.keyed => Ok(Value::unknown(Type::String)),
                "value" if place.keyed => Ok(Value::unknown(Type::Any)),
                "key" => Err(world::diagnostics::each_without_for_each()),
                "value" => Err(world::diagnostics::each_value()),
                _ => Err(diagnostics::each_attribute(name)),
            },
            Reference::SelfObject => {
                place.this.ok_or_else(world::diagnostics::invalid_self)?;
                Ok(Value::unknown(Type::Any))
            }
            Reference::Path(name) => match &**name {
                "module" => Ok(world::path_of(&module.dir)),
                "root" => Ok(world::path_of(&self.checker.config.root.dir)),
                "cwd" => Ok(self.checker.config.files.absolute("").into()),
                _ => Err(diagnostics::path_attribute(name)),
            },
            Reference::Terraform(name) => match &**name {
                "workspace" => Ok(self.checker.config.workspace.as_str().into()),
                "applying" => Ok(Value::unknown(Type::Bool).marked(Marks::EPHEMERAL)),
                _ => Err(diagnostics::terraform_attribute(name)),
            },
        }
    }

    fn functions(&self) -> &Environment {
        &self.checker.environment
    }

    fn required_provider(&self, name: &str) -> Option<ProviderAddr> {
        self.place.module.requirements.get(name).map(|requirement| requirement.source.clone())
    }
}

impl StaticScope<'_> {
    /// What a module call is: outputs are of any type.
    fn module(
        &self,
        name: &str,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        let module = self.place.module;
        let (Some(call), Some(child)) = (module.calls.get(name), module.children.get(name)) else {
            return Err(diagnostics::undeclared_module(module, name));
        };
        let repeated = call.count.is_some() || call.for_each.is_some();
        if let (Some(_), Some(InstanceKey::String(key))) = (&call.count, key)
            && Number::parse(key).is_none()
        {
            return Err(diagnostics::number_needed());
        }
        let outputs = child.outputs.keys().map(|output| (output.clone(), Type::Any)).collect();
        let object = ObjectType { attributes: outputs, optional: Default::default() };
        if let Some(attr) = attr {
            return match (call.count.is_some(), call.for_each.is_some(), key) {
                (true, _, None) => Err(diagnostics::attribute_of_many(attr)),
                // An unknown map of modules has whatever key is asked for.
                (_, true, None) => Ok(Value::unknown(Type::Object(object.into()))),
                _ if object.attributes.contains_key(attr) => Ok(Value::unknown(Type::Any)),
                _ => Err(diagnostics::no_output(child, attr)),
            };
        }
        let object = Type::Object(object.into());
        Ok(Value::unknown(match (key, &call.count) {
            (None, Some(_)) => Type::list(object),
            (None, None) if repeated => Type::map(object),
            _ => object,
        }))
    }
}
