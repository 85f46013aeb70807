//! One object as the state keeps it.

use std::borrow::Cow;
use std::sync::Arc;

use infra_addrs::ConfigResource;
use infra_provider::{Problem, Schema};
use infra_value::{Path, Value, json};
use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

/// An object and what belongs to it.
#[derive(Clone, PartialEq, Debug)]
pub struct ObjectState {
    /// It exists but is not as it should be: to be replaced.
    pub tainted: bool,
    /// Version of the schema under which the attributes are stored.
    pub schema_version: u64,
    /// The attributes.
    pub attributes: Attributes,
    /// Which of them are sensitive.
    pub sensitive: Vec<Path>,
    /// What the provider remembers besides.
    pub private: Vec<u8>,
    /// The resources that it depends on.
    pub dependencies: Vec<ConfigResource>,
    /// Whether its replacement is made before it is deleted.
    pub create_before_destroy: bool,
    /// Schema version and value of its identity, if it has one.
    pub identity: Option<(u64, Json)>,
}

/// Attributes as read, decoded only when they are needed, or as a value. Cheap to clone.
#[derive(Clone, PartialEq, Debug)]
pub enum Attributes {
    /// As the state file has them.
    Stored(StoredJson),
    /// Of the type of the schema, without marks.
    Value(Value),
}

/// JSON as text, read when it is needed: of most objects a run reads it once, of many never. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StoredJson(Arc<RawValue>);

impl StoredJson {
    /// The JSON; nothing if it is nested deeper than can be read.
    pub fn new(text: Box<RawValue>) -> Option<Self> {
        // Both brackets, without a branch.
        let opening = |byte: u8| usize::from(byte | 0x20 == b'{');
        let may_be_deep = text.get().bytes().map(opening).sum::<usize>() > 100;
        let readable = !may_be_deep || json::read::<Json>(text.get().as_bytes()).is_ok();
        readable.then(|| Self(text.into()))
    }

    /// Its text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// Its tree.
    pub fn to_json(&self) -> Json {
        json::read(self.text().as_bytes()).unwrap_or(Json::Null)
    }
}

impl From<&Json> for StoredJson {
    fn from(json: &Json) -> Self {
        Self(serde_json::value::to_raw_value(json).unwrap_or_default().into())
    }
}

impl PartialEq for StoredJson {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() || self.to_json() == other.to_json()
    }
}

impl ObjectState {
    /// The attributes as a value of the schema's type. Attributes that the schema does not have are dropped, those that
    /// are missing are null.
    ///
    /// # Errors
    /// An attribute that is of another type, or a schema that is older than what was stored.
    pub fn decode(&self, schema: &Schema) -> Result<Value, Problem> {
        match &self.attributes {
            Attributes::Value(value) => Ok(value.clone()),
            Attributes::Stored(stored) => self.decode_stored(stored, schema),
        }
    }

    fn decode_stored(&self, stored: &StoredJson, schema: &Schema) -> Result<Value, Problem> {
        if self.schema_version > schema.version {
            return Err(Problem::error(
                "Resource instance managed by newer provider version",
                format!(
                    "The state holds this object in version {} of the schema of its type, and version {} is the newest \
                     that is known here: a newer version of the provider wrote it. Use a version of infra with that \
                     provider.",
                    self.schema_version, schema.version
                ),
            ));
        }
        let upgraded = schema.upgrade.filter(|_| self.schema_version < schema.version);
        let upgraded = upgraded.map(|upgrade| upgrade(self.schema_version, stored.to_json()));
        let ty = schema.block.implied_type();
        let decoded = match upgraded {
            Some(upgraded) => json::from_json(&upgraded, ty),
            None => json::from_text(stored.text(), ty),
        };
        decoded.map_err(|error| {
            Problem::error(
                "Invalid object in state",
                format!(
                    "The state holds an object that does not fit the schema of its type: {error}. It may have been \
                     written by another version of the provider, or edited by hand."
                ),
            )
        })
    }

    /// The attributes as JSON.
    pub fn to_json(&self) -> Json {
        match &self.attributes {
            Attributes::Stored(stored) => stored.to_json(),
            Attributes::Value(value) => {
                let encoded = json::to_json(value, &stored_type(value));
                // Whatever a value holds that has no JSON, the rest of the object must not be lost.
                encoded.unwrap_or_else(|_| {
                    let rest = value.clone().transform(&mut |_, item| match item.is_known() {
                        true if item.as_number().is_none_or(|number| !number.is_infinite()) => item,
                        _ => Value::null(item.ty()),
                    });
                    json::to_json(&rest, &stored_type(&rest)).unwrap_or(Json::Null)
                })
            }
        }
    }

    /// The `id` attribute.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        #[derive(Deserialize)]
        struct Identified<'a> {
            #[serde(borrow)]
            id: Cow<'a, str>,
        }
        match &self.attributes {
            Attributes::Stored(stored) => {
                json::read::<Identified<'_>>(stored.text().as_bytes()).ok().map(|found| found.id)
            }
            Attributes::Value(value) => value.get("id")?.as_str().map(Cow::Borrowed),
        }
    }
}

/// The type under which a value is stored: its own. Parts whose schema says `any` are stored with their type by the
/// builtin provider's own encoding, which [`dynamic_attributes`] names.
fn stored_type(value: &Value) -> infra_value::Type {
    let ty = value.ty();
    match &ty {
        infra_value::Type::Object(object) if dynamic_attributes(object) => {
            let attribute = |(name, ty): (&infra_value::Str, &infra_value::Type)| {
                let any = ANY.contains(&&**name);
                (name.clone(), if any { infra_value::Type::Any } else { ty.clone() })
            };
            infra_value::Type::object(object.attributes.iter().map(attribute))
        }
        _ => ty,
    }
}

/// The attributes of the provider `terraform` that are of any type.
const ANY: [&str; 6] = ["config", "defaults", "input", "output", "outputs", "triggers_replace"];

/// Whether this is an object of the provider `terraform`, the one whose attributes are of any type.
fn dynamic_attributes(object: &infra_value::ObjectType) -> bool {
    let is = |names: &[&str]| {
        object.attributes.len() == names.len()
            && names.iter().all(|name| object.attributes.contains_key(*name))
    };
    is(&["id", "input", "output", "triggers_replace"])
        || is(&["backend", "config", "defaults", "outputs", "workspace"])
}

#[cfg(test)]
mod tests {
    use infra_value::{Number, Type};

    use super::*;

    #[test]
    fn what_has_no_json_does_not_take_the_rest_of_an_object_along() {
        let infinite = Number::parse("1").and_then(|one| one.div(&Number::from(0)));
        let object = ObjectState {
            attributes: Attributes::Value(Value::object([
                ("id", Value::from("a")),
                ("size", Value::from(infinite.expect("infinity"))),
                ("later", Value::unknown(Type::String)),
            ])),
            tainted: false,
            schema_version: 0,
            sensitive: Vec::new(),
            private: Vec::new(),
            dependencies: Vec::new(),
            create_before_destroy: false,
            identity: None,
        };
        let expected = serde_json::json!({ "id": "a", "later": null, "size": null });
        assert_eq!(object.to_json(), expected);
    }
}
