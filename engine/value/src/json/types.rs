//! Types as JSON, as Terraform writes them: `"string"`, `["list", "string"]`, `["object", {...}]`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::{Str, Type};

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Any => "dynamic".serialize(serializer),
            Self::Bool => "bool".serialize(serializer),
            Self::Number => "number".serialize(serializer),
            Self::String => "string".serialize(serializer),
            Self::List(element) => ("list", &**element).serialize(serializer),
            Self::Set(element) => ("set", &**element).serialize(serializer),
            Self::Map(element) => ("map", &**element).serialize(serializer),
            Self::Tuple(elements) => ("tuple", &**elements).serialize(serializer),
            Self::Object(object) if object.optional.is_empty() => {
                ("object", &object.attributes).serialize(serializer)
            }
            Self::Object(object) => {
                ("object", &object.attributes, &object.optional).serialize(serializer)
            }
        }
    }
}

/// The type as JSON.
pub fn type_to_json(ty: &Type) -> Json {
    serde_json::to_value(ty).unwrap_or(Json::Null)
}

/// Reads a type from JSON; nothing if it is none.
pub fn type_from_json(json: &Json) -> Option<Type> {
    Type::deserialize(json).ok()
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Type;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a type")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Type, E> {
        match name {
            "dynamic" => Ok(Type::Any),
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            _ => Err(E::custom("no type has this name")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Type, A::Error> {
        let incomplete = || A::Error::custom("the type is not complete");
        let name: Sort = parts.next_element()?.ok_or_else(incomplete)?;
        let ty = match name {
            Sort::List => parts.next_element()?.map(Type::list),
            Sort::Set => parts.next_element()?.map(Type::set),
            Sort::Map => parts.next_element()?.map(Type::map),
            Sort::Tuple => parts.next_element::<Vec<Type>>()?.map(Type::tuple),
            Sort::Object => {
                parts.next_element::<Attributes>()?.map(|Attributes(all)| Type::object(all))
            }
        };
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        ty.ok_or_else(incomplete)
    }
}

/// The types that are made of others.
#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sort {
    List,
    Set,
    Map,
    Tuple,
    Object,
}

/// The attributes of a type of object.
struct Attributes(Vec<(Str, Type)>);

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Listing)
    }
}

struct Listing;

impl<'de> Visitor<'de> for Listing {
    type Value = Attributes;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("the types of attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Attributes, A::Error> {
        let mut found = Vec::new();
        while let Some(name) = items.next_key_seed(super::text::Key)? {
            found.push((name, items.next_value()?));
        }
        Ok(Attributes(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_as_they_are_written() {
        let ty = Type::object([
            ("a", Type::list(Type::Any)),
            ("b", Type::tuple([Type::Bool, Type::map(Type::Number)])),
            ("c", Type::set(Type::object::<&str>([]))),
        ]);
        assert_eq!(type_from_json(&type_to_json(&ty)), Some(ty));
        for wrong in [r#""strange""#, "1", "[]", r#"["list"]"#, r#"["list", 1]"#, r#"["string"]"#] {
            assert_eq!(serde_json::from_str::<Type>(wrong).ok(), None, "{wrong}");
        }
    }
}
