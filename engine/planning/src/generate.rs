//! The configuration of an object that is imported without one.

use infra_addrs::ResourceInstance;
use infra_provider::{Block, Nesting};
use infra_value::{Value, print};

/// A resource block that says what there is: every argument that may be set.
pub(crate) fn resource(addr: &ResourceInstance, value: &Value, schema: &Block) -> String {
    let resource = &addr.resource;
    let mut text = format!("resource \"{}\" \"{}\" {{\n", resource.type_name, resource.name);
    body(&mut text, value, schema, 2);
    text.push('}');
    text
}

fn body(text: &mut String, value: &Value, schema: &Block, indent: usize) {
    let pad = " ".repeat(indent);
    let settable = schema.attributes.iter().filter(|(name, attribute)| {
        // An id is set by the provider also where its schema would let people set it.
        (attribute.required || attribute.optional)
            && attribute.deprecated.is_none()
            && !(indent == 2 && &***name == "id")
    });
    let rows: Vec<(&str, String)> = settable
        .map(|(name, attribute)| {
            let item = value.get(name);
            let shown = match item {
                Some(_) if attribute.sensitive => "null # sensitive".to_owned(),
                Some(item) => print::console(item),
                None => "null".to_owned(),
            };
            (&**name, shown.replace('\n', &format!("\n{pad}")))
        })
        .collect();
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, shown) in rows {
        text.push_str(&format!("{pad}{name:<width$} = {shown}\n"));
    }
    for (name, nested) in &schema.blocks {
        let Some(item) = value.get(name).filter(|item| !item.is_null()) else { continue };
        let items: Vec<&Value> = match nested.nesting {
            Nesting::Single | Nesting::Group => vec![item],
            _ => item.as_sequence().unwrap_or_default().iter().collect(),
        };
        for item in items {
            text.push_str(&format!("{pad}{name} {{\n"));
            body(text, item, &nested.block, indent + 2);
            text.push_str(&format!("{pad}}}\n"));
        }
    }
}
