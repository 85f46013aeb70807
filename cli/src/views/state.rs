//! The state, as people read it.

use infra_engine::addrs::{Mode, ResourceInstance};
use infra_engine::plan::Registry;
use infra_engine::provider::{Block, Nesting};
use infra_engine::state::{ObjectState, State};
use infra_engine::value::{Marks, Value};

use super::paint::Paint;
use super::value::Values;

/// Everything.
pub(crate) fn all(state: &State, registry: &Registry, paint: Paint) -> String {
    if state.is_empty() {
        return "The state file is empty. No resources are represented.\n".to_owned();
    }
    let mut text = String::new();
    for (addr, provider, found) in state.instances() {
        let Some(object) = &found.current else { continue };
        let tainted = if object.tainted { " (tainted)" } else { "" };
        text.push_str(&format!("{}\n", paint.bold(&format!("# {addr}:{tainted}"))));
        text.push_str(&block(&addr, object, schema(registry, &provider.provider, &addr), paint));
        text.push('\n');
    }
    if !state.outputs.is_empty() {
        text.push_str(&format!("\n{}\n\n", paint.bold("Outputs:")));
    }
    let values = Values { paint, replace: &[] };
    for (name, output) in &state.outputs {
        let value = match output.sensitive && !paint.sensitive {
            true => "(sensitive value)".to_owned(),
            false => values.single(&output.value, " ", 0),
        };
        text.push_str(&format!("{name} = {value}\n"));
    }
    text
}

/// One resource instance; nothing if it is not there.
pub(crate) fn one(
    state: &State,
    addr: &ResourceInstance,
    registry: &Registry,
    paint: Paint,
) -> Option<String> {
    let (_, provider, found) = state.instances().find(|(found, ..)| found == addr)?;
    let object = found.current.as_ref()?;
    let schema = schema(registry, &provider.provider, addr);
    Some(format!("{}\n{}", paint.bold(&format!("# {addr}:")), block(addr, object, schema, paint)))
}

/// What a change of providers would do.
pub(crate) fn provider_change(
    from: &infra_engine::addrs::ProviderAddr,
    to: &infra_engine::addrs::ProviderAddr,
    resources: &[String],
    paint: Paint,
) -> String {
    let list: String = resources.iter().map(|name| format!("  {name}\n")).collect();
    format!(
        "infra will perform the following actions:\n\n  {} Updating provider:\n    {} {from}\n    {} {to}\n\n{} {} \
         resources:\n\n{list}",
        paint.symbol("~"),
        paint.symbol("-"),
        paint.symbol("+"),
        paint.bold("Changing"),
        resources.len(),
    )
}

/// That an import begins.
pub(crate) fn importing(addr: &ResourceInstance, id: &str, paint: Paint) -> String {
    format!("{}\n", paint.bold(&format!("{addr}: Importing from ID \"{id}\"...")))
}

/// That an import is done.
pub(crate) fn imported(paint: Paint) -> String {
    format!(
        "\n{}\n\nThe object is in the state. A plan shows where the configuration differs.\n",
        paint.green("Import successful!")
    )
}

/// Identities, an address with its attributes a line.
pub(crate) fn identities(found: &[(String, serde_json::Value)]) -> String {
    let line = |(addr, identity): &(String, serde_json::Value)| {
        let parts = identity.as_object().into_iter().flatten();
        let parts: Vec<String> = parts.map(|(name, value)| format!("{name}={value}")).collect();
        format!("{addr} {}\n", parts.join(" "))
    };
    found.iter().map(line).collect()
}

/// Identities by address.
pub(crate) fn identities_json(found: &[(String, serde_json::Value)]) -> String {
    let all: serde_json::Map<String, serde_json::Value> = found.iter().cloned().collect();
    infra_engine::value::json::pretty(&serde_json::Value::Object(all))
}

fn schema<'r>(
    registry: &'r Registry,
    provider: &infra_engine::addrs::ProviderAddr,
    addr: &ResourceInstance,
) -> Option<&'r infra_engine::provider::Schema> {
    registry.get(provider)?.schema(addr.resource.mode.into(), &addr.resource.type_name)
}

fn block(
    addr: &ResourceInstance,
    object: &ObjectState,
    schema: Option<&infra_engine::provider::Schema>,
    paint: Paint,
) -> String {
    let kind = if addr.resource.mode == Mode::Data { "data" } else { "resource" };
    let head = format!("{kind} \"{}\" \"{}\" {{\n", addr.resource.type_name, addr.resource.name);
    let marks: Vec<_> =
        object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
    let body = match schema.and_then(|schema| Some((schema, object.decode(schema).ok()?))) {
        Some((schema, value)) => {
            body(&schema.block, &infra_engine::marked(value, &marks, &schema.block), 0, paint)
        }
        None => "    # the provider of this object is not built in\n".to_owned(),
    };
    format!("{head}{body}}}\n")
}

fn body(schema: &Block, value: &Value, indent: usize, paint: Paint) -> String {
    let values = Values { paint, replace: &[] };
    let pad = " ".repeat(indent + 4);
    let set: Vec<_> = schema
        .attributes
        .keys()
        .filter_map(|name| Some((name, value.get(name)?)))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let width = set.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in set {
        let shown = values.single(value, " ", indent + 2);
        text.push_str(&format!("{pad}{name:<width$} = {shown}\n"));
    }
    for (name, nested) in &schema.blocks {
        let Some(found) = value.get(name).filter(|found| !found.is_null()) else { continue };
        let items = match nested.nesting {
            Nesting::Single | Nesting::Group => std::slice::from_ref(found),
            _ => found.as_sequence().unwrap_or_default(),
        };
        for item in items {
            let inner = match found.is_sensitive() && !paint.sensitive {
                true => format!("{pad}    # (sensitive value)\n"),
                false => body(&nested.block, item, indent + 4, paint),
            };
            text.push_str(&format!("\n{pad}{name} {{\n{inner}{pad}}}\n"));
        }
    }
    text
}
