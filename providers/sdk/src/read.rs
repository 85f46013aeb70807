//! What the API says, brought into the form of the state.

use infra_provider::{Block, NestedBlock, Nesting};
use infra_value::{Str, Type, Value};

use crate::equal::{is_zero, same};

/// The object of a schema from what a type read: what it did not read is null or as before, and what means the same as
/// before is as before.
pub(crate) fn settled(schema: &Block, found: &Value, prior: Option<&Value>) -> Value {
    if let Some(prior) = prior.filter(|prior| *prior == found) {
        return prior.clone();
    }
    let part =
        |object: Option<&Value>, name: &Str| object.and_then(|object| object.get(name)).cloned();
    let attributes = schema.attributes.iter().map(|(name, attribute)| {
        let before = part(prior, name);
        let after = part(Some(found), name);
        let after = after.unwrap_or_else(|| Value::null(attribute.ty.clone()));
        let value = match before {
            Some(before) if attribute.unreadable => before,
            // What the provider decides was null only because it was not known yet.
            Some(before) if before.is_null() && attribute.computed => after,
            Some(before) if before.is_known() && stays(&attribute.ty, &before, &after) => before,
            _ => after,
        };
        let value = if attribute.write_only { Value::null(attribute.ty.clone()) } else { value };
        (name.clone(), value)
    });
    let blocks = schema.blocks.iter().map(|(name, nested)| {
        let before = part(prior, name);
        let after = part(Some(found), name);
        let value = match (before, after) {
            (Some(before), _) if &**name == "timeouts" => before,
            (before, Some(after)) => elements(nested, &after, before.as_ref()),
            (Some(before), None) => before,
            (None, None) => nested.empty_value(),
        };
        (name.clone(), value)
    });
    Value::object(attributes.chain(blocks).collect::<Vec<_>>())
}

/// Whether a value means what it meant before, so that the state stays as it is: nothing where nothing is told, one
/// empty collection and another, documents that mean the same. `false` and `0` are told, and are not null.
fn stays(ty: &Type, before: &Value, after: &Value) -> bool {
    match ty {
        // Objects in a collection are as the API says, whatever the configuration left out.
        Type::List(element) | Type::Set(element) if matches!(**element, Type::Object(..)) => {
            after.is_null() && is_zero(before)
        }
        Type::Bool | Type::Number => before == after || (after.is_null() && is_zero(before)),
        Type::String => same(before, after) && (after.is_null() || !before.is_null()),
        _ => same(before, after),
    }
}

fn elements(schema: &NestedBlock, after: &Value, before: Option<&Value>) -> Value {
    let object = schema.block.implied_type().clone();
    match (schema.nesting, after.as_sequence()) {
        (Nesting::List, Some(items)) => {
            let prior = before.and_then(Value::as_sequence).unwrap_or_default();
            let settled = items
                .iter()
                .enumerate()
                .map(|(at, item)| settled(&schema.block, item, prior.get(at)));
            Value::list(object, settled.collect::<Vec<_>>())
        }
        (Nesting::Set, Some(items)) => {
            let prior = before.and_then(Value::as_sequence).unwrap_or_default();
            let settled = items.iter().map(|item| {
                let counterpart = prior.iter().find(|before| same(before, item));
                settled(&schema.block, item, counterpart)
            });
            Value::set(object, settled.collect::<Vec<_>>())
        }
        (Nesting::Single | Nesting::Group, None) if !after.is_null() => {
            settled(&schema.block, after, before.filter(|before| !before.is_null()))
        }
        _ => after.clone(),
    }
}
