//! Actions that are invoked: as a plan shows them, and as it goes on.

use infra_engine::addrs::{InstanceKey, ResourceInstance};
use infra_engine::plan::{Cause, Happened, Invocation, Plan, Registry, ResourceChange};
use infra_engine::provider::{Block, Kind};
use infra_engine::value::{Path, Value, print};
use serde_json::{Map, Value as Json, json};

use super::machine::{self, Machine};
use super::paint::Paint;
use super::value::Values;

/// Those that a plan invokes, to be found by the change that triggers them.
pub(crate) struct Actions<'p> {
    plan: &'p Plan,
    registry: &'p Registry,
    paint: Paint,
}

impl<'p> Actions<'p> {
    pub(crate) fn of(plan: &'p Plan, registry: &'p Registry, paint: Paint) -> Self {
        Self { plan, registry, paint }
    }

    /// What is invoked before and after a change; nothing if there is nothing.
    pub(crate) fn around(&self, change: &ResourceChange) -> String {
        let all = &self.plan.invocations;
        let addr = Some(&change.addr);
        // They are sorted by the instance that changes.
        let first = all.partition_point(|found| found.trigger().map(|(of, _)| of) < addr);
        let own =
            || all[first..].iter().take_while(|found| found.trigger().map(|(of, _)| of) == addr);
        let mut text = String::new();
        if change.deposed.is_some() {
            return text;
        }
        for (when, before) in [("before", true), ("after", false)] {
            let mut due = own().filter(|found| found.is_before() == before).peekable();
            if due.peek().is_some() {
                let title = format!("# Actions to be invoked {when} this change in order:");
                text.push_str(&format!("\n    {}\n", self.paint.bold(&title)));
                for found in due {
                    text.push_str(&format!("    # {}\n{}", found.addr, self.block(found)));
                }
            }
        }
        text
    }

    /// What is invoked since the person asked for it; nothing if there is nothing.
    pub(crate) fn asked(&self) -> String {
        let mut asked = self.plan.invocations.iter().filter(|found| found.cause == Cause::Asked);
        let block = |found: &std::sync::Arc<Invocation>| {
            let title = format!("# {} will be invoked", found.addr);
            format!("  {}\n{}\n", self.paint.bold(&title), self.block(found))
        };
        match asked.next() {
            None => String::new(),
            Some(first) => {
                let blocks = std::iter::once(first).chain(asked).map(block);
                format!("\ninfra will invoke these actions:\n\n{}", blocks.collect::<String>())
            }
        }
    }

    fn block(&self, found: &Invocation) -> String {
        let resource = &found.addr.resource;
        let schema = self
            .registry
            .get(&found.provider.provider)
            .and_then(|provider| provider.schema(Kind::Action, &resource.type_name));
        let head = format!("    action \"{}\" \"{}\" {{", resource.type_name, resource.name);
        let config = schema.map(|schema| self.body(&found.config, &schema.block, 12));
        match config.filter(|config| !config.is_empty()) {
            Some(config) => format!("{head}\n        config {{\n{config}        }}\n    }}\n"),
            None => format!("{head}}}\n"),
        }
    }

    /// Arguments that are set, and then nested blocks.
    fn body(&self, object: &Value, schema: &Block, indent: usize) -> String {
        let values = Values { paint: self.paint, replace: &[] };
        let pad = " ".repeat(indent);
        let set = schema.attributes.keys().filter_map(|name| {
            let value = object.get(name).filter(|value| !value.is_null())?;
            Some((name, value))
        });
        let set: Vec<_> = set.collect();
        let width = set.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let line = |(name, value): &(&infra_engine::value::Str, &Value)| {
            let value = values.pair(Some(value), Some(value), &Path::root(), indent - 2);
            format!("{pad}{} = {value}\n", print::widened(name, width))
        };
        let mut text: String = set.iter().map(line).collect();
        for (name, nested) in &schema.blocks {
            let Some(value) = object.get(name).filter(|value| !value.is_null()) else { continue };
            let one = std::slice::from_ref(value);
            let items: Vec<(String, &Value)> = match value.as_map() {
                Some(items) if nested.nesting == infra_engine::provider::Nesting::Map => items
                    .iter()
                    .map(|(key, item)| (format!(" {}", print::quoted(key)), item))
                    .collect(),
                _ => {
                    let items = value.as_sequence().unwrap_or(one).iter();
                    items.map(|item| (String::new(), item)).collect()
                }
            };
            for (label, item) in items {
                let inner = self.body(item, &nested.block, indent + 4);
                text.push_str(&format!("\n{pad}{name}{label} {{\n{inner}{pad}}}\n"));
            }
        }
        text
    }
}

/// The end of a line that counts: ` Actions: 1 to invoke.`
pub(crate) fn counted(count: usize, what: &str) -> String {
    if count > 0 { format!(" Actions: {count} {what}.") } else { String::new() }
}

/// Which action is invoked, and what for.
pub(crate) fn which(invocation: &Invocation) -> String {
    let cause = match invocation.trigger() {
        None => "CLI".to_owned(),
        Some((resource, _)) => resource.to_string(),
    };
    format!("{} (triggered by {cause})", invocation.addr)
}

/// The line for what happens to an action.
pub(crate) fn said(invocation: &Invocation, happened: &Happened) -> String {
    let which = which(invocation);
    match happened {
        Happened::Started => format!("Action started: {which}"),
        Happened::Progress(text) => format!("Action {which}: {text}"),
        Happened::Done => format!("Action complete: {which}"),
        Happened::Failed(_) => format!("Action errored: {which}"),
    }
}

/// The message for each action of a plan.
pub(crate) fn planned(machine: &Machine, plan: &Plan) {
    for found in &plan.invocations {
        let text = format!("planned action invocation: {}", found.addr);
        let mut entry = cause(found);
        entry.insert("action_addr".into(), addr(&found.addr));
        machine.say("info", &text, "planned_action_invocation", json!({ "invocation": entry }));
    }
}

/// The message for what happens to an action.
pub(crate) fn event(machine: &Machine, invocation: &Invocation, happened: &Happened) {
    let mut hook = cause(invocation);
    hook.insert("action".into(), addr(&invocation.addr));
    let ty = match happened {
        Happened::Started => "action_start",
        Happened::Progress(text) => {
            hook.insert("message".into(), json!(text));
            "action_progress"
        }
        Happened::Done => "action_complete",
        Happened::Failed(error) => {
            hook.insert("error".into(), json!(error));
            "action_errored"
        }
    };
    machine.say("info", &said(invocation, happened), ty, json!({ "hook": hook }));
}

fn cause(invocation: &Invocation) -> Map<String, Json> {
    let (name, entry) = match &invocation.cause {
        Cause::Asked => ("action_trigger", json!({})),
        Cause::Trigger { resource, block, event, action } => {
            let entry = json!({
                "triggering_resource": machine::resource(resource),
                "triggering_event": event.to_string(),
                "action_trigger_block_index": block,
                "actions_list_index": action,
            });
            ("lifecycle_trigger", entry)
        }
    };
    Map::from_iter([(name.to_owned(), entry)])
}

fn addr(action: &ResourceInstance) -> Json {
    let inside = ResourceInstance { module: Default::default(), ..action.clone() };
    json!({
        "addr": action.to_string(),
        "module": action.module.to_string(),
        "action": inside.to_string(),
        "implied_provider": action.resource.type_name.split('_').next().unwrap_or_default(),
        "action_type": &*action.resource.type_name,
        "action_name": &*action.resource.name,
        "action_key": match &action.key {
            None => Json::Null,
            Some(InstanceKey::Int(index)) => json!(index),
            Some(InstanceKey::String(key)) => json!(&**key),
        },
    })
}
