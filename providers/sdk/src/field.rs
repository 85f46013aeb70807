//! What fields may be.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use infra_provider::{Block, Nesting};
use infra_value::{Number, Str, Type, Value};

use crate::schema::{Builder, Declared, DeclaredBlock};

/// The fields of a struct, as attributes of an object.
pub trait Fields: Sized {
    /// Declares the fields.
    fn fields(schema: &mut Builder);
    /// Reads the fields from an object; what is null or unknown is the default of the field.
    fn from_object(object: &Value) -> Self;
    /// Writes the fields to an object.
    fn write_fields(&self, object: &mut Object);

    /// The seconds that each operation may take if the block `timeouts` does not say.
    fn default_timeouts() -> &'static [(&'static str, u64)] {
        &[]
    }

    /// The block that the fields make.
    fn block() -> Block {
        let mut schema = Builder::default();
        Self::fields(&mut schema);
        schema.finish()
    }

    /// The object that the fields make.
    fn to_object(&self) -> Value {
        let mut object = Object::default();
        self.write_fields(&mut object);
        Value::object(object.0)
    }
}

/// The attributes of an object as they are collected.
#[derive(Default)]
pub struct Object(pub(crate) BTreeMap<Str, Value>);

impl Object {
    /// Sets an attribute.
    pub fn insert(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }
}

/// A field that is an attribute.
pub trait Attribute: Sized {
    /// Declares it, with the flags that the author gave.
    fn declare(schema: &mut Builder, name: &str, flags: impl FnOnce(Declared) -> Declared);
    /// Reads it from an object.
    fn read_from(object: &Value, name: &str) -> Self;
    /// Writes it to an object.
    fn write_to(&self, object: &mut Object, name: &str);
}

/// A type of values.
pub trait Plain: Sized + Default {
    /// The type.
    fn ty() -> Type;
    /// Reads a value; nothing if it is null or unknown.
    fn from_value(value: &Value) -> Option<Self>;
    /// The value.
    fn to_value(&self) -> Value;
}

impl Plain for String {
    fn ty() -> Type {
        Type::String
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl Plain for bool {
    fn ty() -> Type {
        Type::Bool
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.as_bool()
    }
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl Plain for $ty {
            fn ty() -> Type {
                Type::Number
            }
            fn from_value(value: &Value) -> Option<Self> {
                value.as_i64().and_then(|number| Self::try_from(number).ok())
            }
            fn to_value(&self) -> Value {
                i64::from(*self).into()
            }
        }
    )*};
}

integers!(i64, i32, u32, u16);

impl Plain for f64 {
    fn ty() -> Type {
        Type::Number
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.as_number().map(Number::to_f64)
    }
    fn to_value(&self) -> Value {
        Number::from_f64(*self).map_or_else(|| Value::null(Type::Number), Value::from)
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn ty() -> Type {
        Type::list(T::ty())
    }
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.as_sequence()?.iter().filter_map(T::from_value).collect())
    }
    fn to_value(&self) -> Value {
        Value::list(T::ty(), self.iter().map(T::to_value).collect::<Vec<_>>())
    }
}

impl<T: Plain> Plain for BTreeMap<String, T> {
    fn ty() -> Type {
        Type::map(T::ty())
    }
    fn from_value(value: &Value) -> Option<Self> {
        let items = value.as_map()?.iter();
        Some(
            items.filter_map(|(key, item)| Some((key.to_string(), T::from_value(item)?))).collect(),
        )
    }
    fn to_value(&self) -> Value {
        Value::map(
            T::ty(),
            self.iter().map(|(key, item)| (key.as_str(), item.to_value())).collect::<Vec<_>>(),
        )
    }
}

/// Objects as elements of an attribute.
impl<T: Fields + Default> Plain for T {
    fn ty() -> Type {
        T::block().implied_type().clone()
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.as_map().map(|_| T::from_object(value))
    }
    fn to_value(&self) -> Value {
        self.to_object()
    }
}

/// Distinct elements, without order.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Set<T>(pub Vec<T>);

impl<T> Deref for Set<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T: Plain> Plain for Set<T> {
    fn ty() -> Type {
        Type::set(T::ty())
    }
    fn from_value(value: &Value) -> Option<Self> {
        Vec::from_value(value).map(Self)
    }
    fn to_value(&self) -> Value {
        Value::set(T::ty(), self.0.iter().map(T::to_value).collect::<Vec<_>>())
    }
}

/// A JSON document: equal if it means the same.
#[derive(Clone, Default, Debug)]
pub struct Json(pub String);

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        self.0 == other.0 || (parsed(&self.0).is_some() && parsed(&self.0) == parsed(&other.0))
    }
}

impl Plain for Json {
    fn ty() -> Type {
        Type::String
    }
    fn from_value(value: &Value) -> Option<Self> {
        value.as_str().map(|text| Self(text.to_owned()))
    }
    fn to_value(&self) -> Value {
        self.0.as_str().into()
    }
}

/// A value of any type.
#[derive(Clone, PartialEq, Debug)]
pub struct Dynamic(pub Value);

impl Default for Dynamic {
    fn default() -> Self {
        Self(Value::null(Type::Any))
    }
}

impl Plain for Dynamic {
    fn ty() -> Type {
        Type::Any
    }
    fn from_value(value: &Value) -> Option<Self> {
        // A null of a type is more than nothing.
        let nothing = value.is_null() && value.ty() == Type::Any;
        (!nothing && value.is_known()).then(|| Self(value.clone()))
    }
    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

impl<T: Plain> Attribute for T {
    fn declare(schema: &mut Builder, name: &str, flags: impl FnOnce(Declared) -> Declared) {
        schema.attribute(name, flags(Declared::required_of(T::ty())));
    }
    fn read_from(object: &Value, name: &str) -> Self {
        object.get(name).and_then(T::from_value).unwrap_or_default()
    }
    fn write_to(&self, object: &mut Object, name: &str) {
        object.insert(name, self.to_value());
    }
}

impl<T: Plain> Attribute for Option<T> {
    fn declare(schema: &mut Builder, name: &str, flags: impl FnOnce(Declared) -> Declared) {
        schema.attribute(name, flags(Declared::required_of(T::ty()).optional()));
    }
    fn read_from(object: &Value, name: &str) -> Self {
        object.get(name).and_then(T::from_value)
    }
    fn write_to(&self, object: &mut Object, name: &str) {
        object.insert(name, self.as_ref().map_or_else(|| Value::null(T::ty()), T::to_value));
    }
}

/// What the provider decides; nothing while that is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct Computed<T>(pub Option<T>);

impl<T> Default for Computed<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Computed<T> {
    type Target = Option<T>;
    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<T> From<T> for Computed<T> {
    fn from(value: T) -> Self {
        Self(Some(value))
    }
}

impl<T> From<Option<T>> for Computed<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

impl From<&str> for Computed<String> {
    fn from(value: &str) -> Self {
        Self(Some(value.to_owned()))
    }
}

impl<T: Plain> Attribute for Computed<T> {
    fn declare(schema: &mut Builder, name: &str, flags: impl FnOnce(Declared) -> Declared) {
        let mut declared = Declared::required_of(T::ty()).computed();
        declared.0.required = false;
        schema.attribute(name, flags(declared));
    }
    fn read_from(object: &Value, name: &str) -> Self {
        Self(object.get(name).and_then(T::from_value))
    }
    fn write_to(&self, object: &mut Object, name: &str) {
        self.0.write_to(object, name);
    }
}

/// A field that is nested blocks.
pub trait Nested: Sized {
    /// Declares it.
    fn nested(nesting: Nesting) -> DeclaredBlock;
    /// Reads it.
    fn read(value: Option<&Value>) -> Self;
    /// Writes it.
    fn write(&self, nesting: Nesting) -> Value;
}

impl<B: Fields> Nested for Vec<B> {
    fn nested(nesting: Nesting) -> DeclaredBlock {
        DeclaredBlock::new(nesting, B::block())
    }
    fn read(value: Option<&Value>) -> Self {
        value.and_then(Value::as_sequence).unwrap_or_default().iter().map(B::from_object).collect()
    }
    fn write(&self, nesting: Nesting) -> Value {
        let element = B::block().implied_type().clone();
        let items: Vec<Value> = self.iter().map(B::to_object).collect();
        if nesting == Nesting::Set {
            Value::set(element, items)
        } else {
            Value::list(element, items)
        }
    }
}

impl<B: Fields> Nested for Option<B> {
    fn nested(nesting: Nesting) -> DeclaredBlock {
        let declared = DeclaredBlock::new(nesting, B::block());
        if nesting == Nesting::Single { declared } else { declared.max(1) }
    }
    fn read(value: Option<&Value>) -> Self {
        let value = value?;
        match value.as_sequence() {
            Some(items) => items.first().map(B::from_object),
            None => value.as_map().map(|_| B::from_object(value)),
        }
    }
    fn write(&self, nesting: Nesting) -> Value {
        let element = B::block().implied_type().clone();
        let item = self.as_ref().map(B::to_object);
        match nesting {
            Nesting::Single => item.unwrap_or_else(|| Value::null(element)),
            Nesting::Set => Value::set(element, item),
            _ => Value::list(element, item),
        }
    }
}

/// The block `timeouts`: how long an operation may take.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Timeouts(BTreeMap<String, Option<String>>);

impl Timeouts {
    /// Reads the block.
    pub fn read(object: &Value) -> Self {
        let items = object.get("timeouts").and_then(Value::as_map).into_iter().flatten();
        Self(
            items
                .map(|(name, value)| (name.to_string(), value.as_str().map(str::to_owned)))
                .collect(),
        )
    }

    /// Writes the block, if there is one.
    pub fn write(&self, object: &mut Object) {
        if !self.0.is_empty() {
            let item = |value: &Option<String>| {
                value.as_deref().map_or_else(|| Value::null(Type::String), Value::from)
            };
            let items: Vec<(&str, Value)> =
                self.0.iter().map(|(name, value)| (name.as_str(), item(value))).collect();
            object.insert("timeouts", Value::object(items));
        }
    }

    /// What is wrong with one of them.
    pub fn problem(&self) -> Option<String> {
        self.0.iter().find_map(|(name, value)| {
            let error = duration(value.as_deref()?).err()?;
            Some(format!("Error parsing {name:?} timeout: {error}"))
        })
    }

    /// How long an operation may take.
    pub fn of(&self, operation: &str, otherwise: Duration) -> Duration {
        let given = self.0.get(operation).and_then(|value| duration(value.as_deref()?).ok());
        given.unwrap_or(otherwise)
    }
}

/// A duration as Go reads it, such as `1h30m`; what is negative is nothing.
pub fn duration(text: &str) -> std::result::Result<Duration, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        let (number, after) = rest.split_at(rest.find(|c| !digits(c)).unwrap_or(rest.len()));
        let number: f64 = number.parse().map_err(|_| invalid())?;
        let (unit, after) = after.split_at(after.find(digits).unwrap_or(after.len()));
        total += number
            * match unit {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" | "μs" => 1e-6,
                "ns" => 1e-9,
                "" => return Err(format!("time: missing unit in duration {text:?}")),
                _ => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
            };
        rest = after;
    }
    let positive = if text.starts_with('-') { 0.0 } else { total };
    Duration::try_from_secs_f64(positive).map_err(|_| invalid())
}
