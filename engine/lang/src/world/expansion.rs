//! `count` and `for_each`: which instances there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{ConfigResource, InstanceKey, ModuleInstance, Resource, ResourceInstance};
use infra_diag::Diagnostic;
use infra_value::{Data, Marks, Str, Type, Value, convert};

use super::{World, diagnostics};
use crate::syntax::Expr;

/// Which instances something has.
#[derive(Clone, PartialEq, Debug)]
pub enum Expansion {
    /// One, without a key.
    Single,
    /// As many as `count` says.
    Count(i64),
    /// One for each key, with the values of `each.value`.
    ForEach(BTreeMap<Str, Value>),
    /// `count` or `for_each` is wrong or not known; a diagnostic has been made, unless the world defers what is not known.
    Unknown,
}

/// What `count.index` or `each` are in one instance.
#[derive(Clone, Default, Debug)]
pub struct Repetition {
    /// `count.index`.
    pub index: Option<Value>,
    /// `each.key`, which only in imports may be something else than a string, and `each.value`.
    pub each: Option<(Value, Value)>,
}

impl Repetition {
    /// What is the same in all instances: nothing is known of the keys.
    pub fn open() -> Self {
        let each = (Value::unknown(Type::String), Value::unknown(Type::Any));
        Self { index: Some(Value::unknown(Type::Number)), each: Some(each) }
    }

    /// What is left to say of an instance that is not asked for any more.
    pub fn of_key(key: &Option<InstanceKey>) -> Self {
        match key {
            Some(InstanceKey::Int(index)) => Self { index: Some((*index).into()), each: None },
            Some(InstanceKey::String(key)) => {
                Self { index: None, each: Some((key.clone().into(), Value::unknown(Type::Any))) }
            }
            None => Self::default(),
        }
    }
}

impl Expansion {
    /// The keys of all instances, in order.
    pub fn keys(&self) -> Vec<Option<InstanceKey>> {
        match self {
            Self::Single => vec![None],
            Self::Count(count) => (0..*count).map(|index| Some(InstanceKey::Int(index))).collect(),
            Self::ForEach(items) => {
                items.keys().map(|key| Some(InstanceKey::String(key.clone()))).collect()
            }
            Self::Unknown => Vec::new(),
        }
    }

    /// Whether there is an instance with this key.
    pub fn contains(&self, key: &Option<InstanceKey>) -> bool {
        match (self, key) {
            (Self::Single, None) => true,
            (Self::Count(count), Some(InstanceKey::Int(index))) => (0..*count).contains(index),
            (Self::ForEach(items), Some(InstanceKey::String(key))) => items.contains_key(key),
            _ => false,
        }
    }

    /// What `count.index` and `each` are in the instance with this key.
    pub fn repetition(&self, key: &Option<InstanceKey>) -> Repetition {
        match (self, key) {
            (Self::Count(_), Some(InstanceKey::Int(index))) => {
                Repetition { index: Some((*index).into()), each: None }
            }
            (Self::ForEach(items), Some(InstanceKey::String(key))) => {
                let value = items.get(key).cloned().unwrap_or_else(|| Value::unknown(Type::Any));
                Repetition { index: None, each: Some((key.clone().into(), value)) }
            }
            _ => Repetition::default(),
        }
    }
}

impl World {
    /// Which instances a resource has in a module instance.
    pub fn expansion(&self, instance: &ModuleInstance, resource: &Resource) -> Arc<Expansion> {
        let known = |table: &super::Table| table.expansions.get(resource).cloned();
        let keep =
            |table: &mut super::Table, value| table.expansions.insert(resource.clone(), value);
        let compute = || {
            let module = self.config.module(&instance.module())?;
            if module.stand_in(instance).is_some() {
                return Some(Arc::new(Expansion::Count(0)));
            }
            let block = module.block(resource)?;
            Some(Arc::new(self.expand(instance, block.count.as_ref(), block.for_each.as_ref())))
        };
        self.kept(instance, known, keep, compute).unwrap_or_else(|| Arc::new(Expansion::Unknown))
    }

    /// All instances of a resource, in all instances of its module, as far as they are known.
    pub fn instances(&self, resource: &ConfigResource) -> Vec<ResourceInstance> {
        let Some(module) = self.config.module(&resource.module) else { return Vec::new() };
        let modules = self.module_instances(module).into_iter();
        let instances = modules.flat_map(|module| {
            let keys = self.expansion(&module, &resource.resource).keys();
            keys.into_iter().map(move |key| ResourceInstance {
                module: module.clone(),
                resource: resource.resource.clone(),
                key,
            })
        });
        instances.collect()
    }

    /// Which instances a module call has in a module instance.
    pub fn call_expansion(&self, instance: &ModuleInstance, name: &str) -> Arc<Expansion> {
        let known = |table: &super::Table| table.calls.get(name).cloned();
        let keep = |table: &mut super::Table, value| table.calls.insert(name.into(), value);
        let compute = || {
            let module = self.config.module(&instance.module())?;
            if module.stand_in(instance).is_some() {
                return Some(Arc::new(Expansion::Count(0)));
            }
            let call = module.calls.get(name)?;
            Some(Arc::new(self.expand(instance, call.count.as_ref(), call.for_each.as_ref())))
        };
        self.kept(instance, known, keep, compute).unwrap_or_else(|| Arc::new(Expansion::Unknown))
    }

    /// The instances that a `for_each` outside of any resource asks for.
    pub fn for_each(&self, instance: &ModuleInstance, expr: &Expr) -> Expansion {
        self.expand(instance, None, Some(expr))
    }

    /// What `each` is in each import that the `for_each` of an import block asks for.
    pub fn import_repetitions(&self, expr: &Expr) -> Vec<Repetition> {
        let Some(scope) = self.scope(&ModuleInstance::root()) else { return Vec::new() };
        let Some(value) = self.evaluated(expr, &scope) else { return Vec::new() };
        elements(&value).unwrap_or_else(|diagnostic| {
            self.report(diagnostic.at(expr.span()).into());
            Vec::new()
        })
    }

    fn expand(
        &self,
        instance: &ModuleInstance,
        count: Option<&Expr>,
        for_each: Option<&Expr>,
    ) -> Expansion {
        let (expr, read): (_, Read) = match (count, for_each) {
            (Some(expr), _) => (expr, counted),
            (None, Some(expr)) => (expr, keyed),
            (None, None) => return Expansion::Single,
        };
        let Some(scope) = self.scope(instance) else { return Expansion::Unknown };
        let before = self.diagnostics.borrow().len();
        let value = self.evaluate(expr, &scope);
        if self.diagnostics.borrow().iter().skip(before).any(Diagnostic::is_error) {
            return Expansion::Unknown;
        }
        if self.defers && is_open(&value) {
            return Expansion::Unknown;
        }
        read(&value).unwrap_or_else(|diagnostic| {
            self.report(diagnostic.at(expr.span()).into());
            Expansion::Unknown
        })
    }
}

/// Whether the value of `count` or `for_each` does not say yet which instances there are.
fn is_open(value: &Value) -> bool {
    let unknown = match value.data() {
        Data::Set(_, items) => items.iter().any(|item| !item.is_known()),
        data => matches!(data, Data::Unknown(..)),
    };
    unknown && value.marks() == Marks::NONE
}

/// Reads the value of `count` or of `for_each`.
type Read = fn(&Value) -> Result<Expansion, Diagnostic>;

/// Reads the value of `count`.
pub(crate) fn counted(value: &Value) -> Result<Expansion, Diagnostic> {
    if value.is_null() {
        return Err(diagnostics::count_null());
    }
    if !value.is_known() {
        return Err(diagnostics::count_unknown());
    }
    let number = convert::convert(value, &Type::Number)
        .map_err(|error| diagnostics::count_type(&error.message))?;
    match number.as_i64() {
        Some(count) if count < 0 => Err(diagnostics::count_negative()),
        Some(count) => Ok(Expansion::Count(count)),
        None => Err(diagnostics::count_type("a whole number is required")),
    }
}

/// Reads the value of `for_each`.
pub(crate) fn keyed(value: &Value) -> Result<Expansion, Diagnostic> {
    if value.marks().contains(Marks::EPHEMERAL) {
        return Err(diagnostics::for_each_ephemeral());
    }
    if value.is_sensitive() {
        return Err(diagnostics::for_each_sensitive());
    }
    if value.is_null() {
        return Err(diagnostics::for_each_null());
    }
    match value.data() {
        Data::Unknown(..) => Err(diagnostics::for_each_unknown(matches!(value.ty(), Type::Set(_)))),
        Data::Map(_, items) | Data::Object(items) => Ok(Expansion::ForEach((**items).clone())),
        Data::Set(element, items) => {
            let mut keys = BTreeMap::new();
            for item in items.iter() {
                match item.data() {
                    Data::String(key) => keys.insert(key.clone(), item.clone()),
                    Data::Unknown(..) => return Err(diagnostics::for_each_unknown(true)),
                    Data::Null(_) => return Err(diagnostics::for_each_null_element()),
                    _ => return Err(diagnostics::for_each_set_element(element)),
                };
            }
            Ok(Expansion::ForEach(keys))
        }
        _ => Err(diagnostics::for_each_type(&value.ty())),
    }
}

/// The elements that the `for_each` of an import block goes through: of any collection, none of null.
pub(crate) fn elements(value: &Value) -> Result<Vec<Repetition>, Diagnostic> {
    if value.marks().contains(Marks::EPHEMERAL) {
        return Err(diagnostics::for_each_ephemeral());
    }
    if value.is_null() {
        return Ok(Vec::new());
    }
    if !value.is_wholly_known() {
        return Err(diagnostics::for_each_unknown(matches!(value.ty(), Type::Set(_))));
    }
    let pairs: Vec<(Value, Value)> = match value.data() {
        Data::List(_, items) | Data::Tuple(items) => {
            items.iter().enumerate().map(|(at, item)| ((at as i64).into(), item.clone())).collect()
        }
        Data::Set(_, items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
        Data::Map(_, items) | Data::Object(items) => {
            items.iter().map(|(key, item)| (key.clone().into(), item.clone())).collect()
        }
        _ => return Err(diagnostics::for_each_type(&value.ty())),
    };
    let marks = value.marks();
    let each = |(key, item): (Value, Value)| Some((key.marked(marks), item.marked(marks)));
    Ok(pairs.into_iter().map(|pair| Repetition { index: None, each: each(pair) }).collect())
}
