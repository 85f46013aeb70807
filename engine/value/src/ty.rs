//! Types.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::Str;

/// The type of a value, or in a constraint the types that are accepted. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Type {
    /// Any type: in a constraint a placeholder, of a value "not known yet".
    Any,
    /// `true` or `false`.
    Bool,
    /// A number of arbitrary precision.
    Number,
    /// Unicode text in normal form C.
    String,
    /// An ordered sequence of one element type.
    List(Arc<Self>),
    /// Distinct elements of one type, without order.
    Set(Arc<Self>),
    /// String keys to elements of one type.
    Map(Arc<Self>),
    /// Named attributes, each of its own type.
    Object(Arc<ObjectType>),
    /// An ordered sequence, each element of its own type.
    Tuple(Arc<[Self]>),
}

/// The attributes of an object type.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Debug)]
pub struct ObjectType {
    /// Types by name.
    pub attributes: BTreeMap<Str, Type>,
    /// Attributes that may be left out (only in type constraints).
    pub optional: BTreeSet<Str>,
}

impl Type {
    /// `list(element)`.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`.
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`.
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `object({...})` without optional attributes.
    pub fn object<K: Into<Str>>(attributes: impl IntoIterator<Item = (K, Self)>) -> Self {
        let attributes = attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
        Self::Object(Arc::new(ObjectType { attributes, optional: BTreeSet::new() }))
    }

    /// `tuple([...])`.
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// The element type of a list, set or map.
    pub fn element(&self) -> Option<&Self> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// Whether this is bool, number or string.
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether this is a list, set or map.
    pub fn is_collection(&self) -> bool {
        self.element().is_some()
    }

    /// Whether [`Type::Any`] occurs anywhere inside.
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_any(),
            Self::Object(object) => object.attributes.values().any(Self::has_any),
            Self::Tuple(elements) => elements.iter().any(Self::has_any),
        }
    }

    /// The same type with no attribute optional: the type that a converted value has.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Object(object) => Self::object(
                object.attributes.iter().map(|(name, ty)| (name.clone(), ty.without_optional())),
            ),
            Self::Tuple(elements) => Self::tuple(elements.iter().map(Self::without_optional)),
        }
    }
}
