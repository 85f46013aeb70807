//! The value itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::inside::Inside;
use crate::{Marks, Number, Path, Refinement, Step, Type};

/// Shared text: attribute names, map keys, string values.
pub type Str = Arc<str>;

/// A value with its marks. Equality compares values, types and marks exactly.
#[derive(Clone, PartialEq)]
pub struct Value {
    marks: Marks,
    inside: Inside,
    data: Data,
}

/// What a value is, for matching. Build values with the functions of [`Value`], which keep the invariants: strings are
/// in normal form C, sets are distinct and in Terraform's order, and no element of a set is marked.
#[derive(Clone, PartialEq)]
pub enum Data {
    /// No value, of a type.
    Null(Type),
    /// Known only after apply.
    Unknown(Type, Option<Arc<Refinement>>),
    /// A bool.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Str),
    /// Element type and elements.
    List(Type, Arc<[Value]>),
    /// Element type and elements, in the order of iteration.
    Set(Type, Arc<[Value]>),
    /// Element type and elements.
    Map(Type, Arc<BTreeMap<Str, Value>>),
    /// Attributes.
    Object(Arc<BTreeMap<Str, Value>>),
    /// Elements.
    Tuple(Arc<[Value]>),
}

impl From<Data> for Value {
    #[inline]
    fn from(data: Data) -> Self {
        Self { marks: Marks::NONE, inside: Inside::of(&data), data }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Data::Bool(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Data::Number(value.into()).into()
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        i64::from(value).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Data::Number(value).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Data::String(normalised(value)).into()
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl From<Str> for Value {
    fn from(value: Str) -> Self {
        if is_normalised(&value) { Data::String(value).into() } else { (&*value).into() }
    }
}

fn is_normalised(text: &str) -> bool {
    text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes
}

fn normalised(text: &str) -> Str {
    if is_normalised(text) { text.into() } else { text.nfc().collect::<String>().into() }
}

/// An object.
impl From<BTreeMap<Str, Self>> for Value {
    fn from(attributes: BTreeMap<Str, Self>) -> Self {
        Data::Object(Arc::new(attributes)).into()
    }
}

impl Value {
    /// The null of a type.
    pub fn null(ty: Type) -> Self {
        Data::Null(ty).into()
    }

    /// A value of a type, known only after apply.
    pub fn unknown(ty: Type) -> Self {
        Data::Unknown(ty, None).into()
    }

    /// An unknown value of which something is known; the value itself where that says all.
    pub fn refined(ty: Type, refinement: Refinement) -> Self {
        match refinement.only(&ty) {
            Some(value) => value,
            None if refinement == Refinement::default() => Self::unknown(ty),
            None => Data::Unknown(ty, Some(Arc::new(refinement))).into(),
        }
    }

    /// A list of elements, all of type `element`.
    pub fn list(element: Type, items: impl IntoIterator<Item = Self>) -> Self {
        Data::List(element, items.into_iter().collect()).into()
    }

    /// A set of elements, all of type `element`. Equal elements become one; marks of elements move to the set.
    pub fn set(element: Type, items: impl IntoIterator<Item = Self>) -> Self {
        let mut marks = Marks::NONE;
        let mut items: Vec<Self> = items
            .into_iter()
            .map(|item| {
                if !item.has_marks() {
                    return item;
                }
                let (item, found) = item.unmarked_deep();
                marks |= found;
                item
            })
            .collect();
        items.sort_by(crate::order::compare);
        // What is not known yet may turn out to be different.
        items.dedup_by(|a, b| crate::order::is_same_element(a, b) && a.is_wholly_known());
        Self::from(Data::Set(element, items.into())).marked(marks)
    }

    /// A map whose elements are all of type `element`.
    pub fn map<K: Into<Str>>(element: Type, items: impl IntoIterator<Item = (K, Self)>) -> Self {
        Data::Map(
            element,
            Arc::new(items.into_iter().map(|(key, item)| (key.into(), item)).collect()),
        )
        .into()
    }

    /// An object.
    pub fn object<K: Into<Str>>(attributes: impl IntoIterator<Item = (K, Self)>) -> Self {
        Data::Object(Arc::new(
            attributes.into_iter().map(|(name, item)| (name.into(), item)).collect(),
        ))
        .into()
    }

    /// A tuple.
    pub fn tuple(items: impl IntoIterator<Item = Self>) -> Self {
        Data::Tuple(items.into_iter().collect()).into()
    }

    /// What it is. Marks do not show here: ask [`Value::marks`].
    #[inline]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// The type. Built anew for objects and tuples: do not call it in a loop.
    pub fn ty(&self) -> Type {
        match &self.data {
            Data::Null(ty) | Data::Unknown(ty, _) => ty.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::String(_) => Type::String,
            Data::List(element, _) => Type::list(element.clone()),
            Data::Set(element, _) => Type::set(element.clone()),
            Data::Map(element, _) => Type::map(element.clone()),
            Data::Object(attributes) => {
                Type::object(attributes.iter().map(|(name, item)| (name.clone(), item.ty())))
            }
            Data::Tuple(items) => Type::tuple(items.iter().map(Self::ty)),
        }
    }

    /// Whether it is null.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Whether the value itself is known; elements may be unknown.
    #[inline]
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(..))
    }

    /// Whether the value and everything in it is known.
    #[inline]
    pub fn is_wholly_known(&self) -> bool {
        !self.inside.unknown
    }

    /// Whether it or anything in it is an infinite number, which JSON has not.
    #[inline]
    pub fn is_infinite(&self) -> bool {
        self.inside.infinite
    }

    /// Whether it or anything in it is marked.
    #[inline]
    pub fn has_marks(&self) -> bool {
        !self.marks_deep().is_empty()
    }

    /// Whether `test` holds of it or of anything in it.
    pub fn any(&self, test: &impl Fn(&Self) -> bool) -> bool {
        test(self) || self.children().any(|item| item.any(test))
    }

    /// The elements or attribute values directly in it, in order.
    pub fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                Box::new(items.iter())
            }
            Data::Map(_, items) | Data::Object(items) => Box::new(items.values()),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// How many elements a known list, set or map has.
    pub(crate) fn children_len(&self) -> Option<u64> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) => Some(items.len() as u64),
            Data::Map(_, items) => Some(items.len() as u64),
            _ => None,
        }
    }

    /// Its own marks, without those of elements.
    #[inline]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Its own marks and those of everything in it.
    #[inline]
    pub fn marks_deep(&self) -> Marks {
        self.marks | self.inside.marks
    }

    /// Whether the value itself is sensitive.
    #[inline]
    pub fn is_sensitive(&self) -> bool {
        self.marks.contains(Marks::SENSITIVE)
    }

    /// The same value with `marks` added.
    #[must_use]
    #[inline]
    pub fn marked(mut self, marks: Marks) -> Self {
        self.marks |= marks;
        self
    }

    /// The value without its own marks, and those marks.
    #[inline]
    pub fn unmarked(mut self) -> (Self, Marks) {
        let marks = std::mem::take(&mut self.marks);
        (self, marks)
    }

    /// The value with no mark anywhere inside, and all the marks that were there, joined.
    pub fn unmarked_deep(&self) -> (Self, Marks) {
        let marks = self.marks_deep();
        if marks.is_empty() {
            return (self.clone(), marks);
        }
        (self.clone().transform(&mut |_, item| item.unmarked().0), marks)
    }

    /// The value with no mark anywhere inside, and which paths were marked, outer before inner.
    pub fn unmarked_paths(&self) -> (Self, Vec<(Path, Marks)>) {
        if !self.has_marks() {
            return (self.clone(), Vec::new());
        }
        let mut paths = Vec::new();
        self.walk(&mut |path, item| {
            if !item.marks.is_empty() {
                paths.push((path.clone(), item.marks));
            }
        });
        (self.unmarked_deep().0, paths)
    }

    /// Visits the value and everything in it with their paths, outer before inner.
    pub fn walk(&self, visit: &mut impl FnMut(&Path, &Self)) {
        fn go(value: &Value, path: &mut Path, visit: &mut impl FnMut(&Path, &Value)) {
            visit(path, value);
            let mut each = |step: Step, item: &Value| {
                path.0.push(step);
                go(item, path, visit);
                path.0.pop();
            };
            match &value.data {
                Data::List(_, items) | Data::Tuple(items) => {
                    items
                        .iter()
                        .enumerate()
                        .for_each(|(i, item)| each(Step::Index((i as i64).into()), item));
                }
                Data::Set(_, items) => {
                    items.iter().for_each(|item| each(Step::Index(item.clone()), item));
                }
                Data::Map(_, items) => {
                    items
                        .iter()
                        .for_each(|(key, item)| each(Step::Index(key.clone().into()), item));
                }
                Data::Object(items) => {
                    items.iter().for_each(|(name, item)| each(Step::Attr(name.clone()), item));
                }
                _ => {}
            }
        }
        go(self, &mut Path::root(), visit);
    }

    /// Rebuilds the value from the inside out through `change`, which gets each path and the value there with its
    /// elements already changed.
    #[must_use]
    pub fn transform(self, change: &mut impl FnMut(&Path, Self) -> Self) -> Self {
        fn go(
            value: Value,
            path: &mut Path,
            change: &mut impl FnMut(&Path, Value) -> Value,
        ) -> Value {
            let Value { data, marks, .. } = value;
            let mut each = |step: Step, item: &Value| {
                path.0.push(step);
                let item = go(item.clone(), path, change);
                path.0.pop();
                item
            };
            let indexed =
                |items: &[Value], each: &mut dyn FnMut(Step, &Value) -> Value| -> Vec<Value> {
                    items
                        .iter()
                        .enumerate()
                        .map(|(i, item)| each(Step::Index((i as i64).into()), item))
                        .collect()
                };
            let value = match data {
                Data::List(element, items) => {
                    let items = indexed(&items, &mut each);
                    let element = items.first().map_or(element, Value::ty);
                    Value::list(element, items)
                }
                Data::Tuple(items) => Value::tuple(indexed(&items, &mut each)),
                Data::Set(element, items) => {
                    let items: Vec<_> =
                        items.iter().map(|item| each(Step::Index(item.clone()), item)).collect();
                    let element = items.first().map_or(element, Value::ty);
                    Value::set(element, items)
                }
                Data::Map(element, items) => {
                    let items: Vec<_> = items
                        .iter()
                        .map(|(key, item)| {
                            (key.clone(), each(Step::Index(key.clone().into()), item))
                        })
                        .collect();
                    let element = items.first().map_or(element, |(_, item)| item.ty());
                    Value::map(element, items)
                }
                Data::Object(items) => Value::object(
                    items
                        .iter()
                        .map(|(name, item)| (name.clone(), each(Step::Attr(name.clone()), item)))
                        .collect::<Vec<_>>(),
                ),
                other => other.into(),
            };
            change(path, value.marked(marks))
        }
        go(self, &mut Path::root(), change)
    }

    /// The bool, if it is a known one.
    #[inline]
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The string, if it is a known one.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is a known one.
    #[inline]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is a known integer that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::to_i64)
    }

    /// The elements, if it is a known list, set or tuple.
    #[inline]
    pub fn as_sequence(&self) -> Option<&[Self]> {
        match &self.data {
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The elements by key, if it is a known map or object.
    pub fn as_map(&self) -> Option<&BTreeMap<Str, Self>> {
        match &self.data {
            Data::Map(_, items) | Data::Object(items) => Some(items),
            _ => None,
        }
    }

    /// An attribute of an object or an element of a map, if it is there. Marks of `self` are not added.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_map()?.get(name)
    }

    /// The value at a path, if it is there.
    pub fn at(&self, path: &Path) -> Option<&Self> {
        path.0.iter().try_fold(self, |value, step| match (step, &value.data) {
            (Step::Attr(name), _) => value.get(name),
            (Step::Index(key), Data::Set(_, items)) => items.iter().find(|item| *item == key),
            (Step::Index(key), Data::Map(_, items) | Data::Object(items)) => {
                items.get(key.as_str()?)
            }
            (Step::Index(key), _) => value.as_sequence()?.get(usize::try_from(key.as_i64()?).ok()?),
        })
    }

    /// The object or map with one attribute replaced or added; anything else as it is.
    #[must_use]
    pub fn with(mut self, name: &str, value: Self) -> Self {
        self.set_attribute(name, value);
        self
    }

    /// Replaces or adds an attribute of an object or map, in place where nobody shares it; does nothing to anything else.
    pub fn set_attribute(&mut self, name: &str, value: Self) {
        let (Data::Map(_, items) | Data::Object(items)) = &mut self.data else { return };
        let items = Arc::make_mut(items);
        match items.get_mut(name) {
            Some(item) => *item = value,
            None => {
                items.insert(name.into(), value);
            }
        }
        self.inside = Inside::of(&self.data);
    }
}

/// For tests and assertions only: a sensitive value shows as `(sensitive)`.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::print::redacted(self))
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Value::from(self.clone()), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_known_also_after_a_change() {
        let secret = Value::from("x").marked(Marks::SENSITIVE);
        let later = Value::unknown(Type::Number);
        let list = Value::list(Type::Number, [later]);
        let mut object = Value::object([("a", Value::tuple([secret])), ("b", list)]);
        assert_eq!((object.marks_deep(), object.is_wholly_known()), (Marks::SENSITIVE, false));
        assert!(object.marks().is_empty());

        object.set_attribute("b", Value::list(Type::Number, [Value::from(1)]));
        assert!(object.is_wholly_known());
        object = object.transform(&mut |_, item| item.unmarked().0);
        assert!(!object.has_marks());
    }

    #[test]
    fn an_attribute_is_set_in_one_value_and_not_in_those_that_shared_it() {
        let before = Value::object([("a", Value::from(1))]);
        let after = before.clone().with("a", Value::unknown(Type::Number));
        assert_eq!(before.get("a"), Some(&Value::from(1)));
        assert!(before.is_wholly_known() && !after.is_wholly_known());
    }
}
