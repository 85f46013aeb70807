//! What expressions see.

use infra_addrs::{InstanceKey, Mode, ModuleInstance, ProviderAddr, Resource};
use infra_diag::Diagnostic;
use infra_value::{Str, Type, Value};

use super::{Expansion, Repetition, World, diagnostics};
use crate::config::Module;
use crate::eval::Scope;
use crate::functions::Environment;
use crate::syntax::Reference;

/// The objects that an expression in one module instance can refer to.
pub struct InstanceScope<'w> {
    pub(super) world: &'w World,
    /// The module.
    pub module: &'w Module,
    pub(super) instance: ModuleInstance,
    pub(super) repetition: Repetition,
    pub(super) this: Option<Value>,
}

impl Scope for InstanceScope<'_> {
    fn value(
        &self,
        reference: &Reference,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        let world = self.world;
        match reference {
            Reference::Variable(name) => world.variable(&self.instance, name).ok_or_else(|| {
                diagnostics::undeclared(
                    "Reference to undeclared input variable",
                    &reference.to_string(),
                )
            }),
            Reference::Local(name) => world.local(&self.instance, name).ok_or_else(|| {
                diagnostics::undeclared(
                    "Reference to undeclared local value",
                    &reference.to_string(),
                )
            }),
            Reference::Module(name) => self.module_value(name, key, attr),
            Reference::Resource(resource) => self.resource_value(resource, key),
            Reference::Count(_) => {
                self.repetition.index.clone().ok_or_else(diagnostics::count_without_count)
            }
            Reference::Each(name) => {
                let without = || match &**name {
                    "key" => diagnostics::each_without_for_each(),
                    _ => diagnostics::each_value(),
                };
                let (key, value) = self.repetition.each.as_ref().ok_or_else(without)?;
                Ok(if &**name == "key" { key.clone() } else { value.clone() })
            }
            Reference::SelfObject => self.this.clone().ok_or_else(diagnostics::invalid_self),
            Reference::Path(name) => match &**name {
                "module" => Ok(path_of(&self.module.dir)),
                "root" => Ok(path_of(&world.config.root.dir)),
                "cwd" => Ok(world.config.files.absolute("").into()),
                _ => Err(Diagnostic::error("Invalid \"path\" attribute")
                    .detail(format!(
                        "The \"path\" object does not have an attribute named \"{name}\"."
                    ))
                    .suggest(name, ["module", "root", "cwd"])),
            },
            Reference::Terraform(name) => match &**name {
                "workspace" => Ok(world.workspace.clone().into()),
                "applying" => Ok(Value::from(world.environment.now.is_some())
                    .marked(infra_value::Marks::EPHEMERAL)),
                _ => Err(Diagnostic::error("Invalid \"terraform\" attribute")
                    .detail(format!(
                        "The \"terraform\" object does not have an attribute named \"{name}\"."
                    ))
                    .suggest(name, ["workspace"])),
            },
        }
    }

    fn functions(&self) -> &Environment {
        &self.world.environment
    }

    fn required_provider(&self, name: &str) -> Option<ProviderAddr> {
        self.module.requirements.get(name).map(|requirement| requirement.source.clone())
    }
}

pub(crate) fn path_of(dir: &str) -> Value {
    if dir.is_empty() { ".".into() } else { dir.into() }
}

impl InstanceScope<'_> {
    /// The module instance.
    pub fn instance(&self) -> &ModuleInstance {
        &self.instance
    }

    fn resource_value(
        &self,
        resource: &Resource,
        key: Option<&InstanceKey>,
    ) -> Result<Value, Diagnostic> {
        if resource.mode == Mode::Action {
            return Err(diagnostics::action_is_no_value(resource));
        }
        if !self.module.resources.contains_key(resource) {
            return Err(diagnostics::undeclared(
                "Reference to undeclared resource",
                &resource.to_string(),
            ));
        }
        let expansion = self.world.expansion(&self.instance, resource);
        let single = key.is_none() || *expansion == Expansion::Single;
        if !single && self.nothing_known(resource, &expansion) {
            return Ok(Value::unknown(Type::Any));
        }
        if !single {
            let key = key.cloned();
            let value = self.world.resource(&self.instance, resource, &key);
            let absent = match self.world.only_present {
                true => value.is_none(),
                false => !expansion.contains(&key),
            };
            if *expansion != Expansion::Unknown && absent {
                return Err(diagnostics::invalid_key(&resource.to_string(), &has(&expansion)));
            }
            return Ok(value.unwrap_or_else(|| Value::unknown(Type::Any)));
        }
        let whole = self.whole(resource, &expansion);
        // A key on something without `count` or `for_each` is an index into the object itself.
        match key {
            Some(InstanceKey::String(name)) => whole
                .get(name)
                .cloned()
                .or_else(|| (!whole.is_known()).then(|| Value::unknown(Type::Any)))
                .ok_or_else(|| diagnostics::invalid_key(&resource.to_string(), "has no such attribute")),
            Some(InstanceKey::Int(_)) if whole.is_known() => Err(Diagnostic::error("Unexpected resource instance key")
                .detail(format!(
                    "Because {resource} does not have \"count\" or \"for_each\" set, references to it must not \
                     include an index key. Remove the bracketed index to refer to the single instance of this resource."
                ))),
            _ => Ok(whole),
        }
    }

    /// Whether there are instances, and none of them was made known: the console asks before anything is planned.
    fn nothing_known(&self, resource: &Resource, expansion: &Expansion) -> bool {
        let some = match expansion {
            Expansion::Single => true,
            _ if self.world.only_present => false,
            Expansion::Count(count) => *count > 0,
            Expansion::ForEach(items) => !items.is_empty(),
            Expansion::Unknown => false,
        };
        let tables = self.world.tables.borrow();
        let known = tables.get(&self.instance).and_then(|table| table.resources.get(resource));
        some && known.is_none_or(|known| known.by_key.is_empty())
    }

    /// All instances of a resource as one value, built once.
    fn whole(&self, resource: &Resource, expansion: &Expansion) -> Value {
        if self.nothing_known(resource, expansion) {
            return Value::unknown(Type::Any);
        }
        let mut tables = self.world.tables.borrow_mut();
        let instances = super::table(&mut tables, &self.instance)
            .resources
            .entry(resource.clone())
            .or_default();
        if let Some(value) = &instances.whole {
            return value.clone();
        }
        let unknown = || Value::unknown(Type::Any);
        let of =
            |key: &Option<InstanceKey>| instances.by_key.get(key).cloned().unwrap_or_else(unknown);
        let value = match expansion {
            Expansion::Unknown => unknown(),
            Expansion::Single => of(&None),
            _ if self.world.only_present => present(expansion, &instances.by_key),
            Expansion::Count(_) => Value::tuple(expansion.keys().iter().map(of)),
            Expansion::ForEach(items) => Value::object(
                items
                    .keys()
                    .map(|key| (key.clone(), of(&Some(InstanceKey::String(key.clone())))))
                    .collect::<Vec<_>>(),
            ),
        };
        instances.whole = Some(value.clone());
        value
    }

    fn module_value(
        &self,
        name: &str,
        key: Option<&InstanceKey>,
        attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        let Some(child) = self.module.children.get(name) else {
            return Err(diagnostics::undeclared(
                "Reference to undeclared module",
                &format!("module.{name}"),
            ));
        };
        let expansion = self.world.call_expansion(&self.instance, name);
        let outputs = |key: Option<InstanceKey>| match attr {
            Some(attr) => self.one_output(name, key, attr),
            None => {
                let instance = self.instance.child(name, key);
                let value = |output: &Str| self.world.output(&instance, output);
                Ok(Value::object(
                    child
                        .outputs
                        .keys()
                        .filter_map(|name| Some((name.clone(), value(name)?)))
                        .collect::<Vec<_>>(),
                ))
            }
        };
        match (&*expansion, key) {
            (Expansion::Unknown, _) => Ok(Value::unknown(Type::Any)),
            (Expansion::Single, None) => outputs(None),
            (Expansion::Single, Some(_)) => Err(Diagnostic::error("Unexpected module instance key").detail(format!(
                "Because module.{name} does not have \"count\" or \"for_each\" set, references to it must not include \
                 an index key."
            ))),
            (expansion, Some(key)) if expansion.contains(&Some(key.clone())) => outputs(Some(key.clone())),
            (expansion, Some(_)) => Err(diagnostics::invalid_key(&format!("module.{name}"), &has(expansion))),
            (_, None) if attr.is_some() => {
                let form = if matches!(*expansion, Expansion::Count(_)) { "[count.index]" } else { "[each.key]" };
                Err(Diagnostic::error("Unsupported attribute").detail(format!(
                    "module.{name} has several instances, so an output is read from one of them: \
                     module.{name}{form}.{}.",
                    attr.unwrap_or_default()
                )))
            }
            (Expansion::Count(_), None) => {
                Ok(Value::tuple(expansion.keys().into_iter().map(outputs).collect::<Result<Vec<_>, _>>()?))
            }
            (Expansion::ForEach(items), None) => {
                let each = |key: &Str| Ok((key.clone(), outputs(Some(InstanceKey::String(key.clone())))?));
                Ok(Value::object(items.keys().map(each).collect::<Result<Vec<_>, Diagnostic>>()?))
            }
        }
    }

    fn one_output(
        &self,
        name: &str,
        key: Option<InstanceKey>,
        attr: &str,
    ) -> Result<Value, Diagnostic> {
        self.world.output(&self.instance.child(name, key), attr).ok_or_else(|| {
            let declared = self
                .module
                .children
                .get(name)
                .map(|child| child.outputs.keys())
                .into_iter()
                .flatten();
            Diagnostic::error("Unsupported attribute")
                .detail(format!("This object does not have an attribute named \"{attr}\"."))
                .suggest(attr, declared.map(|output| &**output))
        })
    }
}

/// The instances that are there as one value, which an object sorts; what is missing before the last of them is not known.
fn present(expansion: &Expansion, by_key: &super::HashMap<Option<InstanceKey>, Value>) -> Value {
    if let Expansion::Count(_) = expansion {
        let last = by_key.keys().filter_map(|key| match key {
            Some(InstanceKey::Int(index)) => Some(*index),
            _ => None,
        });
        let keys = (0..=last.max().unwrap_or(-1)).map(|index| Some(InstanceKey::Int(index)));
        let of = |key| by_key.get(&key).cloned().unwrap_or_else(|| Value::unknown(Type::Any));
        return Value::tuple(keys.map(of));
    }
    Value::object(by_key.iter().filter_map(|(key, value)| match key {
        Some(InstanceKey::String(key)) => Some((key.clone(), value.clone())),
        _ => None,
    }))
}

/// What instances there are, in words.
fn has(expansion: &Expansion) -> String {
    match expansion {
        Expansion::Count(0) => "has no instances".to_owned(),
        Expansion::Count(1) => "has one instance, 0".to_owned(),
        Expansion::Count(count) => format!("has the instances 0 to {}", count - 1),
        Expansion::ForEach(items) if items.is_empty() => "has no instances".to_owned(),
        Expansion::ForEach(items) => {
            let keys: Vec<String> = items.keys().take(8).map(|key| format!("\"{key}\"")).collect();
            format!(
                "has the instances {}{}",
                keys.join(", "),
                if items.len() > 8 { ", ..." } else { "" }
            )
        }
        Expansion::Single => "has no key".to_owned(),
        Expansion::Unknown => "is not known yet".to_owned(),
    }
}
