//! The configuration of an object that is imported without one.

use std::sync::Arc;

use infra_addrs::ResourceInstance;
use infra_diag::{Diagnostics, Severity, Sources};
use infra_lang::format::format;
use infra_provider::{Attribute, Block, Kind, Nesting, Provider};
use infra_value::{Data, Step, Str, Value, json, print};

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
    pub(crate) written: String,
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) schema: Block,
}

impl Writer {
    /// A `resource` block and an `import` block for the object of a number.
    pub(crate) fn write(&self, number: usize, id: &str, object: &Value) -> (String, String) {
        let Self { type_name, name, written, schema, .. } = self;
        let name = format!("{name}_{number}");
        let resource = block(type_name, &name, Some(written), &self.accepted(object), schema);
        // The instance of a provider configuration is named by the resource alone.
        let provider = match written.contains('[') {
            true => String::new(),
            false => format!("provider = {written}\n"),
        };
        let id = print::expression(&Value::from(id));
        let import = format!(
            "import {{\nto = {type_name}.{name}\n{provider}identity = {{\nid = {id}\n}}\n}}"
        );
        (resource, formatted(import))
    }

    /// What the configuration of an object can say, without what the provider does not accept: the API tells both of two
    /// arguments that exclude each other, and blocks in which nothing is set.
    fn accepted(&self, object: &Value) -> Value {
        let mut config = settable(&object.unmarked_deep().0, &self.schema, true);
        // Each round takes something away.
        loop {
            let problems = self.provider.validate(Kind::Managed, &self.type_name, &config);
            let errors = problems.iter().filter(|found| found.severity == Severity::Error);
            let removable = errors.filter_map(|problem| {
                let path = problem.path.0.as_slice();
                let Some(Step::Attr(name)) = path.first() else { return None };
                // What says nothing goes first, and then what the provider decides anyway.
                let items = config.get(name).and_then(Value::as_sequence);
                let empty = items.is_some_and(<[Value]>::is_empty);
                let computed = self.schema.attributes.get(name).is_some_and(|found| found.computed);
                Some(((empty, computed, name.clone()), without(&config, &self.schema, path)?))
            });
            let Some((_, less)) = removable.max_by(|(a, _), (b, _)| a.cmp(b)) else {
                return config;
            };
            config = less;
        }
    }
}

/// An object without what a path names: the argument, or the block around it if that needs the argument.
fn without(object: &Value, schema: &Block, path: &[Step]) -> Option<Value> {
    let [Step::Attr(name), rest @ ..] = path else { return None };
    let value = object.get(name).filter(|value| !value.is_null())?;
    if let Some(attribute) = schema.attributes.get(name) {
        return attribute
            .optional
            .then(|| object.clone().with(name, Value::null(attribute.ty.clone())));
    }
    let nested = schema.blocks.get(name)?;
    let ty = nested.block.implied_type().clone();
    let Some(items) = value.as_sequence() else {
        let less = without(value, &nested.block, rest);
        return Some(object.clone().with(name, less.unwrap_or_else(|| Value::null(ty))));
    };
    let (Step::Index(key), rest) = rest.split_first()? else { return None };
    let index = key.as_i64().and_then(|index| usize::try_from(index).ok());
    let index = index.or_else(|| items.iter().position(|item| item == key))?;
    let mut items = items.to_vec();
    match without(items.get(index)?, &nested.block, rest) {
        Some(less) => items[index] = less,
        None if items.len() as u64 > nested.min_items => drop(items.remove(index)),
        None => return None,
    }
    let less = match nested.nesting {
        Nesting::Set => Value::set(ty, items),
        _ => Value::list(ty, items),
    };
    Some(object.clone().with(name, less))
}

/// The object as its configuration is written: null where nobody may set something, or says nothing with it.
fn settable(object: &Value, schema: &Block, is_resource: bool) -> Value {
    let attributes = schema.attributes.iter().map(|(name, attribute)| {
        let value = object.get(name).filter(|value| {
            let is_settable = attribute.required || attribute.optional;
            let is_id = is_resource && &**name == "id";
            let is_empty = attribute.optional && value.as_str() == Some("");
            // A hash is not what it was made of.
            let hashed = attribute.stored.zip(value.as_str());
            let is_hash = hashed.is_some_and(|(stored, text)| stored(text) != text);
            is_settable && !(is_id || is_empty || is_hash)
        });
        (name.clone(), value.cloned().unwrap_or_else(|| Value::null(attribute.ty.clone())))
    });
    let blocks = schema.blocks.iter().map(|(name, nested)| {
        let ty = nested.block.implied_type().clone();
        let inside = |item: &Value| settable(item, &nested.block, false);
        let value = object.get(name).cloned().unwrap_or_else(|| nested.empty_value());
        let items = value.as_sequence().map(|items| items.iter().map(inside).collect::<Vec<_>>());
        let value = match (nested.nesting, items) {
            (Nesting::List, Some(items)) => Value::list(ty, items),
            (Nesting::Set, Some(items)) => Value::set(ty, items),
            (Nesting::Single | Nesting::Group, None) if !value.is_null() => inside(&value),
            _ => value,
        };
        (name.clone(), value)
    });
    Value::object(attributes.chain(blocks).collect::<Vec<_>>())
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

    use infra_provider::NestedBlock;
    use infra_value::Type;

    use super::*;

    #[test]
    fn what_a_path_names_goes_with_the_block_that_needs_it() {
        let number =
            |required| Attribute { required, optional: !required, ..Attribute::new(Type::Number) };
        let days = Block::new(
            BTreeMap::from([("days".into(), number(true)), ("hours".into(), number(false))]),
            BTreeMap::new(),
        );
        let nested = NestedBlock {
            nesting: Nesting::List,
            block: days,
            min_items: 0,
            max_items: 0,
            force_new: false,
            computed: false,
            kept: false,
            key: &[],
        };
        let schema = Block::new(BTreeMap::new(), BTreeMap::from([("keep".into(), nested)]));
        let block =
            |days: i64, hours: i64| Value::object([("days", days.into()), ("hours", hours.into())]);
        let ty = schema.blocks["keep"].block.implied_type().clone();
        let object = Value::object([("keep", Value::list(ty, [block(1, 2), block(3, 4)]))]);
        let path = |name: &str| {
            let keep = [Step::Attr("keep".into()), Step::Index(1_i64.into())];
            keep.into_iter().chain([Step::Attr(name.into())]).collect::<Vec<_>>()
        };
        let shown =
            |name| without(&object, &schema, &path(name)).map(|less| print::redacted(&less));
        let expected = "{keep = tolist([{days = 1, hours = 2}, {days = 3, hours = null}])}";
        assert_eq!(shown("hours").as_deref(), Some(expected));
        assert_eq!(shown("days").as_deref(), Some("{keep = tolist([{days = 1, hours = 2}])}"));
    }

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
