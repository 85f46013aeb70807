//! Values of a known type straight from JSON text, without the tree in between.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{Error, from_json};
use crate::{Number, ObjectType, Path, Str, Type, Value};

/// Reads a value of type `ty` from text, as [`from_json`] does from JSON.
///
/// # Errors
/// The first place where the JSON is of another type, or that the text is not JSON.
pub fn from_text(text: &str, ty: &Type) -> Result<Value, Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    match Typed(ty).deserialize(&mut reader) {
        Ok(value) if reader.end().is_ok() => Ok(value),
        // What is rare, such as a number that is written as text, and what is wrong with the JSON is found there.
        _ => match super::read(text.as_bytes()) {
            Ok(json) => from_json(&json, ty),
            Err(problem) => Err(Error { path: Path::root(), message: problem.to_string() }),
        },
    }
}

/// Reads a value of a type, or fails where the long way has to be taken.
#[derive(Clone, Copy)]
struct Typed<'t>(&'t Type);

impl<'de> DeserializeSeed<'de> for Typed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        let null = || Value::null(self.0.clone());
        Ok(match self.0 {
            Type::Bool => Option::<bool>::deserialize(from)?.map_or_else(null, Value::from),
            Type::Number => match Option::<serde_json::Number>::deserialize(from)? {
                Some(number) => Number::parse(number.as_str())
                    .ok_or_else(|| D::Error::custom("a number is required"))?
                    .into(),
                None => null(),
            },
            _ => from.deserialize_any(self)?,
        })
    }
}

impl<'de> Visitor<'de> for Typed<'_> {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&crate::print::type_name(self.0))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::null(self.0.clone()))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        match self.0 {
            Type::String => Ok(text.into()),
            _ => Err(E::custom("another type is required")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut found = Vec::new();
        match self.0 {
            Type::List(element) | Type::Set(element) => {
                while let Some(item) = items.next_element_seed(Typed(element))? {
                    found.push(item);
                }
            }
            Type::Tuple(elements) => {
                for element in elements.iter() {
                    found.extend(items.next_element_seed(Typed(element))?);
                }
                if found.len() < elements.len() || items.next_element::<IgnoredAny>()?.is_some() {
                    return Err(A::Error::custom("another length is required"));
                }
            }
            _ => return Err(A::Error::custom("another type is required")),
        }
        Ok(match self.0 {
            Type::List(element) => Value::list((**element).clone(), found),
            Type::Set(element) => Value::set((**element).clone(), found),
            _ => Value::tuple(found),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        match self.0 {
            Type::Map(element) => {
                let mut found = Vec::new();
                while let Some(key) = items.next_key_seed(Key)? {
                    found.push((key, items.next_value_seed(Typed(element))?));
                }
                Ok(Value::map((**element).clone(), found))
            }
            Type::Object(object) => {
                let mut found = BTreeMap::new();
                while let Some(attribute) = items.next_key_seed(Attribute(object))? {
                    match attribute {
                        Some((name, ty)) => {
                            found.insert(name.clone(), items.next_value_seed(Typed(ty))?);
                        }
                        None => drop(items.next_value::<IgnoredAny>()?),
                    }
                }
                if found.len() < object.attributes.len() {
                    for (name, ty) in &object.attributes {
                        found.entry(name.clone()).or_insert_with(|| Value::null(ty.clone()));
                    }
                }
                Ok(found.into())
            }
            Type::Any => {
                let (value, ty) = beside_its_type(items)?;
                from_text(value.get(), &ty).map_err(A::Error::custom)
            }
            _ => Err(A::Error::custom("another type is required")),
        }
    }
}

/// A value whose type is stored beside it, which as a rule comes second.
fn beside_its_type<'de, A: MapAccess<'de>>(
    mut items: A,
) -> Result<(&'de RawValue, Type), A::Error> {
    let other = || A::Error::custom("a value and its type are required");
    let Some("value") = items.next_key()? else { return Err(other()) };
    let value = items.next_value()?;
    let Some("type") = items.next_key()? else { return Err(other()) };
    let ty = items.next_value()?;
    match items.next_key::<IgnoredAny>()? {
        None => Ok((value, ty)),
        Some(_) => Err(other()),
    }
}

/// A key of a map.
pub(super) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Str;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Str, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Str;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a key")
    }

    fn visit_str<E>(self, text: &str) -> Result<Str, E> {
        Ok(text.into())
    }
}

/// An attribute of a type of object; nothing for one that it does not have.
struct Attribute<'t>(&'t ObjectType);

impl<'de, 't> DeserializeSeed<'de> for Attribute<'t> {
    type Value = Option<(&'t Str, &'t Type)>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_str(self)
    }
}

impl<'t> Visitor<'_> for Attribute<'t> {
    type Value = Option<(&'t Str, &'t Type)>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("the name of an attribute")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.attributes.get_key_value(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text is read as JSON is, whatever its type and its mistakes.
    #[test]
    fn text_is_read_as_json_is() {
        let object = Type::object([
            ("any", Type::Any),
            ("flag", Type::Bool),
            ("list", Type::list(Type::String)),
            ("map", Type::map(Type::Number)),
            ("pair", Type::tuple([Type::String, Type::Number])),
            ("set", Type::set(Type::String)),
        ]);
        for text in [
            r#"{"any": {"value": [1, "a"], "type": ["tuple", ["number", "string"]]}, "flag": true}"#,
            r#"{"any": {"type": "string", "value": "é"}, "list": ["a", null, "\u00e9"], "other": [{}]}"#,
            r#"{"any": {"value": 1, "type": "strange"}}"#,
            r#"{"any": {"value": {}, "type": "string", "more": 1}}"#,
            r#"{"any": [1, {"a": null}], "map": {"b": 1e100, "a": "2", "c": null}}"#,
            r#"{"any": "plain", "pair": ["a", 18446744073709551617], "set": ["b", "a", "b"]}"#,
            r#"{"pair": ["a"]}"#,
            r#"{"pair": ["a", 1, 2]}"#,
            r#"{"pair": ["a", "b"]}"#,
            r#"{"list": "a", "flag": "true"}"#,
            r#"{"flag": "yes"}"#,
            r#"{"list": {"a": 1}}"#,
            r#"{"map": [1]}"#,
            r#"{"flag": true, "flag": false, "list": [1, true]}"#,
            "null",
            "[]",
            "1",
            "{}",
        ] {
            let json = serde_json::from_str(text).unwrap();
            assert_eq!(from_text(text, &object), from_json(&json, &object), "{text}");
        }
        assert!(from_text("{", &object).is_err() && from_text("{} x", &object).is_err());
    }
}
