//! The forms that plans have with Terraform's older plug-in kit, in which most providers are written. It keeps a map or
//! a set whole or not at all while parts are unknown, and has nothing that is null inside a set.

use std::collections::BTreeMap;
use std::time::Duration;

use infra_provider::{Block, NestedBlock, Nesting, Problem, Schema};
use infra_value::{Data, Path, Type, Value};

use crate::equal::same;
use crate::field::Timeouts;

/// What of a configuration nothing can be planned for: collections with elements that are null, and limits of time that
/// are none.
pub(crate) fn refused(config: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    nulls(&config.unmarked_deep().0, &Path::root(), &mut problems);
    if problems.is_empty() {
        let wrong = Timeouts::read(config).problem();
        problems.extend(wrong.map(|wrong| Problem::error(wrong, "")));
    }
    problems
}

/// Reports what is null in lists and sets. What is inside of a set has no place.
fn nulls(value: &Value, path: &Path, problems: &mut Vec<Problem>) {
    let is_set = matches!(value.data(), Data::Set(..));
    for (at, item) in value.as_sequence().into_iter().flatten().enumerate() {
        let inside = if is_set { Path::root() } else { path.index(at as i64) };
        if item.is_null() {
            let detail = "Null values are not allowed for this attribute value.";
            let place = if is_set { path.clone() } else { inside };
            problems.push(Problem::error("Null value found in list", detail).at(place));
        } else {
            nulls(item, &inside, problems);
        }
    }
    for (name, item) in value.as_map().into_iter().flatten() {
        nulls(item, &path.attr(name), problems);
    }
}

/// What is planned for an attribute that is set to `wanted`.
pub(crate) fn attribute(ty: &Type, before: Option<&Value>, wanted: Value) -> Value {
    match (ty, wanted.as_sequence()) {
        (Type::Set(element), Some(items)) if matches!(**element, Type::Object(_)) => {
            let before = before.and_then(Value::as_sequence).unwrap_or_default();
            let planned = items.iter().map(|item| {
                let whole = filled(element, item);
                if before.iter().any(|before| same(before, &whole)) {
                    untold(&whole, item, |_| true)
                } else {
                    whole
                }
            });
            Value::set((**element).clone(), planned)
        }
        (Type::Map(_) | Type::Set(_) | Type::List(_), _) if !wanted.is_wholly_known() => {
            Value::unknown(ty.clone())
        }
        _ if is_nothing(before, &wanted) => Value::null(ty.clone()),
        (Type::Map(element), _) => {
            let items = wanted.as_map().into_iter().flatten();
            let told: Vec<_> = items
                .filter(|(_, item)| !item.is_null())
                .map(|(key, item)| (key.clone(), item.clone()))
                .collect();
            match before {
                None if told.is_empty() => Value::null(ty.clone()),
                _ => Value::map((**element).clone(), told).marked(wanted.marks()),
            }
        }
        _ => wanted,
    }
}

/// Whether a map or a set is empty where there was none: it counts as not set. Blocks in the form of an argument do not.
pub(crate) fn is_nothing(before: Option<&Value>, wanted: &Value) -> bool {
    let empty = match wanted.data() {
        Data::Map(_, items) => items.is_empty(),
        Data::Set(element, items) => items.is_empty() && !matches!(element, Type::Object(_)),
        _ => false,
    };
    empty && before.is_none_or(Value::is_null)
}

/// A block that a changed set has already: what is empty in it, and not set, is null once more.
pub(crate) fn kept(schema: &Block, planned: &Value, config: &Value) -> Value {
    untold(planned, config, |name| {
        schema.attributes.get(name).is_some_and(|attribute| !attribute.computed)
    })
}

/// The object with null in place of empty texts that `config` does not set.
fn untold(object: &Value, config: &Value, applies: impl Fn(&str) -> bool) -> Value {
    let Some(parts) = object.as_map() else { return object.clone() };
    let parts = parts.iter().map(|(name, part)| {
        let unset = config.get(name).is_some_and(Value::is_null);
        let empty = part.as_str() == Some("");
        let part =
            if unset && empty && applies(name) { Value::null(Type::String) } else { part.clone() };
        (name.clone(), part)
    });
    Value::object(parts.collect::<Vec<_>>())
}

/// What is planned for a collection that was there and is not set any more.
pub(crate) fn removed(ty: &Type) -> Value {
    match ty {
        Type::Map(_) | Type::List(_) | Type::Set(_) => zero(ty),
        _ => Value::null(ty.clone()),
    }
}

/// What applying makes of an object: sets are what was planned, even if the API tells otherwise.
pub(crate) fn applied(schema: &Block, made: Value, planned: &Value) -> Value {
    let attributes = schema.attributes.iter().filter(|(_, attribute)| {
        matches!(attribute.ty, Type::Set(_)) && !attribute.write_only && attribute.stored.is_none()
    });
    let blocks = schema.blocks.iter().filter(|(_, nested)| nested.nesting == Nesting::Set);
    let names = attributes.map(|(name, _)| name).chain(blocks.map(|(name, _)| name));
    names.fold(made, |made, name| match planned.get(name) {
        Some(planned) if !planned.is_null() && planned.is_wholly_known() => {
            made.with(name, planned.clone())
        }
        _ => made,
    })
}

/// What a refresh makes of an object: a collection that nobody set is empty, no longer null, as soon as it was read.
pub(crate) fn refreshed(schema: &Block, settled: Value, found: &Value) -> Value {
    let mut refreshed = settled.clone();
    for (name, attribute) in &schema.attributes {
        let collection = matches!(attribute.ty, Type::Map(_) | Type::List(_) | Type::Set(_));
        if collection
            && !attribute.write_only
            && settled.get(name).is_some_and(Value::is_null)
            && let Some(found) = found.get(name).filter(|found| !found.is_null())
        {
            refreshed = refreshed.with(name, found.clone());
        }
    }
    for (name, nested) in schema.blocks.iter().filter(|(_, nested)| nested.nesting == Nesting::List)
    {
        let parts = |object: &Value| Some(object.get(name)?.as_sequence()?.to_vec());
        if let (Some(blocks), Some(read)) = (parts(&settled), parts(found))
            && !blocks.is_empty()
        {
            let blocks = blocks.into_iter().enumerate().map(|(at, block)| match read.get(at) {
                Some(read) => self::refreshed(&nested.block, block, read),
                None => block,
            });
            let object = nested.block.implied_type().clone();
            refreshed = refreshed.with(name, Value::list(object, blocks.collect::<Vec<_>>()));
        }
    }
    refreshed
}

/// What a query leaves out is null; in its blocks it is empty.
pub(crate) fn queried(schema: &Block, found: Value) -> Value {
    let blocks = schema
        .blocks
        .iter()
        .filter(|(_, nested)| matches!(nested.nesting, Nesting::Set | Nesting::List));
    blocks.fold(found, |found, (name, nested)| {
        let Some(blocks) = found.get(name).cloned() else { return found };
        match blocks.as_sequence() {
            Some([]) => found.with(name, Value::null(nested.implied_type())),
            _ => found.with(name, elements(nested, &blocks)),
        }
    })
}

/// An element of a set of blocks, with nothing null but what the provider decides.
pub(crate) fn element(schema: &Block, planned: &Value) -> Value {
    let attributes = schema.attributes.iter().map(|(name, attribute)| {
        let value = planned.get(name).cloned().unwrap_or_else(|| Value::null(attribute.ty.clone()));
        let value = if attribute.computed { value } else { filled(&attribute.ty, &value) };
        (name.clone(), value)
    });
    let blocks = schema.blocks.iter().map(|(name, nested)| {
        let value = planned.get(name).cloned().unwrap_or_else(|| nested.empty_value());
        (name.clone(), elements(nested, &value))
    });
    Value::object(attributes.chain(blocks).collect::<Vec<_>>())
}

fn elements(schema: &NestedBlock, planned: &Value) -> Value {
    let object = schema.block.implied_type().clone();
    match (schema.nesting, planned.as_sequence()) {
        (Nesting::List, Some(items)) => {
            Value::list(object, items.iter().map(|item| element(&schema.block, item)))
        }
        (Nesting::Set, Some(items)) => {
            Value::set(object, items.iter().map(|item| element(&schema.block, item)))
        }
        _ => planned.clone(),
    }
}

/// The value with what is empty, zero or false in place of null.
fn filled(ty: &Type, value: &Value) -> Value {
    match (ty, value.data()) {
        (Type::Set(element), _)
            if !value.is_wholly_known() && !matches!(**element, Type::Object(_)) =>
        {
            Value::unknown(ty.clone())
        }
        (Type::Object(object), Data::Object(items)) => {
            let parts = object.attributes.iter().map(|(name, ty)| {
                let part = items.get(name).map_or_else(|| zero(ty), |item| filled(ty, item));
                (name.clone(), part)
            });
            Value::object(parts.collect::<Vec<_>>())
        }
        (Type::Map(_), _) => value.clone(),
        _ if value.is_null() => zero(ty),
        _ => value.clone(),
    }
}

fn zero(ty: &Type) -> Value {
    match ty {
        Type::String => "".into(),
        Type::Number => 0.into(),
        Type::Bool => false.into(),
        Type::List(element) => Value::list((**element).clone(), []),
        Type::Set(element) => Value::set((**element).clone(), []),
        Type::Map(element) => Value::map((**element).clone(), Vec::<(&str, Value)>::new()),
        _ => Value::null(ty.clone()),
    }
}

/// What Terraform's plug-in kit keeps beside the attributes of an object: the time that each operation may take, in
/// nanoseconds, and the version of the schema, if it is not the first one or the object was imported.
pub(crate) fn private(
    schema: &Schema,
    planned: &Value,
    defaults: &[(&str, u64)],
    imported: bool,
) -> Vec<u8> {
    const TIMEOUTS: &str = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";
    let given = Timeouts::read(planned);
    let limit = |seconds: u64, name: &str| given.of(name, Duration::from_secs(seconds)).as_nanos();
    let limits: BTreeMap<&str, u128> =
        defaults.iter().map(|(name, seconds)| (*name, limit(*seconds, name))).collect();
    let mut parts = Vec::new();
    if !limits.is_empty() {
        let limits = limits.iter().map(|(name, limit)| format!("\"{name}\":{limit}"));
        parts.push(format!("\"{TIMEOUTS}\":{{{}}}", limits.collect::<Vec<_>>().join(",")));
    }
    if schema.version > 0 || imported {
        parts.push(format!("\"schema_version\":\"{}\"", schema.version));
    }
    let text = match parts.is_empty() {
        true => "null".to_owned(),
        false => format!("{{{}}}", parts.join(",")),
    };
    text.into_bytes()
}
