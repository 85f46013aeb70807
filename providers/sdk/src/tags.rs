//! Tags: those of the configuration, and all.

use std::collections::BTreeMap;

use infra_provider::Attribute as AttributeSchema;
use infra_value::{Type, Value};

use crate::Client;
use crate::equal::same;
use crate::field::{Attribute, Object, Plain};
use crate::schema::{Builder, Declared};

/// The tags of an object: the attributes `tags` and `tags_all`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tags(BTreeMap<String, String>);

impl Tags {
    /// All tags that the object has or shall have, default tags included.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// The keys that `self` does not have any more.
    pub fn removed_since(&self, prior: &Self) -> Vec<String> {
        prior.0.keys().filter(|key| !self.0.contains_key(*key)).cloned().collect()
    }

    /// The tags that are new or changed.
    pub fn added_since(&self, prior: &Self) -> BTreeMap<String, String> {
        let changed = self.0.iter().filter(|(key, value)| prior.0.get(*key) != Some(value));
        changed.map(|(key, value)| (key.clone(), value.clone())).collect()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Tags {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(tags: I) -> Self {
        Self(tags.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl Attribute for Tags {
    fn declare(schema: &mut Builder, _name: &str, flags: impl FnOnce(Declared) -> Declared) {
        let ty = || Type::map(Type::String);
        schema.attribute("tags", flags(Declared::required_of(ty()).optional()));
        schema.attribute(
            "tags_all",
            Declared(AttributeSchema {
                optional: true,
                computed: true,
                ..AttributeSchema::new(ty())
            }),
        );
    }
    fn read_from(object: &Value, _name: &str) -> Self {
        let of = |name: &str| object.get(name).and_then(BTreeMap::from_value);
        Self(of("tags_all").or_else(|| of("tags")).unwrap_or_default())
    }
    fn write_to(&self, object: &mut Object, _name: &str) {
        object.insert("tags", self.0.to_value());
        object.insert("tags_all", self.0.to_value());
    }
}

/// `tags_all` of a plan: the default tags and those of the configuration. Of an object that is not there yet, the
/// provider only says what is not empty.
pub(crate) fn planned(client: &dyn Client, tags: &Value, before: Option<&Value>) -> Value {
    let ty = Type::map(Type::String);
    if !tags.is_wholly_known() {
        return Value::unknown(ty);
    }
    let mut all = with_defaults(client, tags);
    all.retain(|key, _| !client.is_ignored_tag(key));
    let told = all.to_value();
    match before {
        Some(before) if same(before, &told) => before.clone(),
        _ if client.legacy() && all.values().any(String::is_empty) => Value::unknown(ty),
        None if client.legacy() && all.is_empty() => Value::unknown(ty),
        _ => told,
    }
}

/// The configuration without what is written of `tags_all`: it follows from `tags`, as in Terraform, whatever people or
/// generated configuration say. What `ignore_changes` has put there stays.
pub(crate) fn decided(config: &Value, written: &Value) -> Value {
    match (config.get("tags_all"), written.get("tags_all")) {
        (Some(all), Some(said)) if !all.is_null() && all == said => {
            config.clone().with("tags_all", Value::null(all.ty()))
        }
        _ => config.clone(),
    }
}

/// The default tags and those of the configuration.
pub(crate) fn merged(client: &dyn Client, tags: &Value) -> Value {
    with_defaults(client, tags).to_value()
}

fn with_defaults(client: &dyn Client, tags: &Value) -> BTreeMap<String, String> {
    let mut all = client.default_tags().clone();
    all.extend(BTreeMap::<String, String>::from_value(tags).unwrap_or_default());
    all
}

/// Splits the tags that an object has into `tags` and `tags_all`, leaving out what is none of our business.
pub(crate) fn split(client: &dyn Client, object: Value, prior: Option<&Value>) -> Value {
    let Some(found) = object.get("tags_all").and_then(BTreeMap::<String, String>::from_value)
    else {
        return object;
    };
    let own: BTreeMap<String, String> = found
        .into_iter()
        .filter(|(key, _)| !key.starts_with("aws:") && !client.is_ignored_tag(key))
        .collect();
    let before =
        prior.and_then(|prior| prior.get("tags")).and_then(BTreeMap::<String, String>::from_value);
    let before = before.unwrap_or_default();
    let configured: BTreeMap<String, String> = own
        .iter()
        .filter(|(key, value)| {
            client.default_tags().get(*key) != Some(value) || before.contains_key(*key)
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    object.with("tags", configured.to_value()).with("tags_all", own.to_value())
}
