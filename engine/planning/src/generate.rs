//! The configuration of an object that is imported without one.

use infra_addrs::ResourceInstance;
use infra_diag::{Diagnostics, Sources};
use infra_lang::format::format;
use infra_provider::{Attribute, Block, Nesting};
use infra_value::{Data, Str, Value, json, print};

/// A resource block that says what there is: every argument that may be set.
pub(crate) fn resource(addr: &ResourceInstance, value: &Value, schema: &Block) -> String {
    block(&addr.resource.type_name, &addr.resource.name, None, value, schema)
}

fn block(ty: &str, name: &str, provider: Option<&str>, value: &Value, schema: &Block) -> String {
    let mut text = format!("resource \"{ty}\" \"{name}\" {{\n");
    if let Some(provider) = provider {
        text.push_str(&format!("provider = {provider}\n"));
    }
    body(&mut text, value, schema, true);
    text.push('}');
    formatted(text)
}

fn formatted(text: String) -> String {
    let source = Sources::new().add("generated", text.as_str());
    format(source, &text, &mut Diagnostics::new()).unwrap_or(text)
}

/// Writes the configuration of what a list finds.
pub(crate) struct Writer {
    pub(crate) type_name: Str,
    /// The name of all of them, to which a number is added.
    pub(crate) name: Str,
    /// The provider configuration, as it is written.
    pub(crate) provider: String,
    pub(crate) schema: Block,
}

impl Writer {
    /// A `resource` block and an `import` block for the object of a number.
    pub(crate) fn write(&self, number: usize, id: &str, object: &Value) -> (String, String) {
        let Self { type_name, name, provider, schema } = self;
        let name = format!("{name}_{number}");
        let resource = block(type_name, &name, Some(provider), object, schema);
        // The instance of a provider configuration is named by the resource alone.
        let provider = match provider.contains('[') {
            true => String::new(),
            false => format!("provider = {provider}\n"),
        };
        let id = print::expression(&Value::from(id));
        let import = format!(
            "import {{\nto = {type_name}.{name}\n{provider}identity = {{\nid = {id}\n}}\n}}"
        );
        (resource, formatted(import))
    }
}

fn body(text: &mut String, value: &Value, schema: &Block, is_resource: bool) {
    for (name, attribute) in &schema.attributes {
        // An id is set by the provider also where its schema would let people set it.
        let settable =
            (attribute.required || attribute.optional) && !(is_resource && &**name == "id");
        if settable && attribute.deprecated.is_none() {
            text.push_str(&format!("{name} = {}\n", argument(value.get(name), attribute)));
        }
    }
    for (name, nested) in &schema.blocks {
        let Some(item) = value.get(name).filter(|item| !item.is_null()) else { continue };
        let items: Vec<&Value> = match nested.nesting {
            Nesting::Single | Nesting::Group => vec![item],
            _ => item.as_sequence().unwrap_or_default().iter().collect(),
        };
        for item in items {
            text.push_str(&format!("{name} {{\n"));
            body(text, item, &nested.block, false);
            text.push_str("}\n");
        }
    }
}

/// What is written for the value of an argument.
fn argument(value: Option<&Value>, attribute: &Attribute) -> String {
    match value {
        _ if attribute.sensitive => "null # sensitive".to_owned(),
        None => "null".to_owned(),
        Some(value) => match value.data() {
            // Providers of the older kind say nothing with an empty string.
            Data::String(text) if text.is_empty() && attribute.optional => "null".to_owned(),
            // JSON reads better in the language itself.
            Data::String(text) => match json::document(text) {
                Some(document) => format!("jsonencode({})", print::expression(&document)),
                None => print::expression(value),
            },
            _ => print::expression(value),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use infra_value::Type;

    use super::*;

    #[test]
    fn what_there_is_reads_as_if_somebody_had_written_it() {
        let optional = |ty: Type| Attribute { optional: true, ..Attribute::new(ty) };
        let sensitive = Attribute { sensitive: true, ..optional(Type::String) };
        let schema = Block::new(
            BTreeMap::from([
                ("arn".into(), Attribute { computed: true, ..Attribute::new(Type::String) }),
                ("id".into(), optional(Type::String)),
                ("name".into(), optional(Type::String)),
                ("password".into(), sensitive),
                ("policy".into(), optional(Type::String)),
                ("prefix".into(), optional(Type::String)),
                ("tags".into(), optional(Type::map(Type::String))),
            ]),
            BTreeMap::new(),
        );
        let value = Value::object([
            ("arn", "arn:of:it".into()),
            ("id", "an-id".into()),
            ("name", "${not} a template".into()),
            ("password", "secret".into()),
            ("policy", r#"{"Allow":["all",1]}"#.into()),
            ("prefix", "".into()),
            ("tags", Value::map(Type::String, [("a b", "c".into())])),
        ]);
        let addr = "some_type.it".parse().expect("an address");
        let expected = r#"resource "some_type" "it" {
  name     = "$${not} a template"
  password = null # sensitive
  policy = jsonencode({
    Allow = ["all", 1]
  })
  prefix = null
  tags = {
    "a b" = "c"
  }
}"#;
        assert_eq!(resource(&addr, &value, &schema), expected);
    }
}
