//! What queries find: a table for each list as it ends, messages for programs, configuration.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use infra_engine::addrs::ResourceInstance;
use infra_engine::plan::{Event, Events, Listed};
use infra_engine::value::{Value, json, print};
use serde_json::{Map, Value as Json, json};

use super::machine::Machine;
use super::plan::GENERATED;
use super::progress::Progress;
use crate::context::Context;

/// Collects and shows what is found.
#[derive(Clone)]
pub(crate) struct Listing(Arc<Inner>);

struct Inner {
    progress: Progress,
    /// The columns of a terminal.
    width: Option<usize>,
    found: Mutex<BTreeMap<ResourceInstance, Vec<Listed>>>,
}

impl Listing {
    /// Shows what is found beside what is going on.
    pub(crate) fn new(progress: &Progress, cx: &Context) -> Self {
        let width = cx.terminal.then_some(cx.style.width);
        Self(Arc::new(Inner { progress: progress.clone(), width, found: Mutex::default() }))
    }

    /// Where events go.
    pub(crate) fn events(&self) -> Events {
        let (listing, others) = (self.clone(), self.0.progress.events());
        Events::new(move |event| {
            listing.take_in(&event);
            others.emit(event);
        })
    }

    fn found(&self) -> MutexGuard<'_, BTreeMap<ResourceInstance, Vec<Listed>>> {
        self.0.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_in(&self, event: &Event) {
        match event {
            Event::ListStart { addr, .. } => drop(self.found().insert(addr.clone(), Vec::new())),
            Event::ListFound { addr, found } => {
                self.found().entry(addr.clone()).or_default().push((**found).clone());
            }
            Event::ListDone { addr, .. } | Event::ListFailed { addr } => {
                let rows = self.found().get(addr).map(|found| rows(addr, found, self.0.width));
                match rows.filter(|rows| !rows.is_empty()) {
                    Some(rows) => self.0.progress.say(&rows),
                    // Nobody knows what there would have been.
                    None if matches!(event, Event::ListFailed { .. }) => {
                        self.found().remove(addr);
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// What is said in the end: which lists found nothing.
    pub(crate) fn ended(&self) -> String {
        let found = self.found();
        let empty = found.iter().filter(|(_, found)| found.is_empty());
        let empty: Vec<String> = empty.map(|(addr, _)| addr.to_string()).collect();
        match empty.is_empty() {
            true => String::new(),
            false => format!("Warning: list block(s) [{}] returned 0 results.\n", empty.join(", ")),
        }
    }

    /// Configuration that imports what was found, and how many objects that are.
    pub(crate) fn generated(&self) -> (String, usize) {
        let found = self.found();
        let written = found.values().flatten().filter_map(|found| found.generated.as_ref());
        let block = |(resource, import): &(String, String)| {
            format!("\n# __generated__ by Terraform\n{resource}\n\n{import}\n")
        };
        let blocks: Vec<String> = written.map(block).collect();
        (format!("{GENERATED}{}", blocks.concat()), blocks.len())
    }
}

/// A line for each object: by which list it was found, what it is known by, what people call it.
fn rows(addr: &ResourceInstance, found: &[Listed], width: Option<usize>) -> String {
    let known: Vec<String> = found.iter().map(known_by).collect();
    let longest = known.iter().map(|known| console::measure_text_width(known)).max();
    let mut text = String::new();
    for (found, known) in found.iter().zip(&known) {
        let known = console::pad_str(known, longest.unwrap_or(0), console::Alignment::Left, None);
        let line = format!("{addr}   {known}   {}", found.name);
        let line = match width {
            Some(width) => console::truncate_str(&line, width, "…").into_owned(),
            None => line,
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The identity of an object in a line.
pub(crate) fn known_by(found: &Listed) -> String {
    let parts = found.identity.as_map().into_iter().flatten();
    let parts = parts.map(|(name, value)| match value.as_str() {
        Some(text) => format!("{name}={text}"),
        None => format!("{name}={}", print::expression(value)),
    });
    parts.collect::<Vec<_>>().join(",")
}

/// That configuration was written.
pub(crate) fn written(path: &Path, objects: usize) -> String {
    let plural = if objects == 1 { "" } else { "s" };
    format!("Wrote the configuration of {objects} object{plural} to {}.\n", path.display())
}

/// What is found, for programs.
pub(crate) fn message(machine: &Machine, event: &Event) {
    let of = |addr: &ResourceInstance| {
        Map::from_iter([
            ("address".to_owned(), json!(addr.to_string())),
            ("resource_type".to_owned(), json!(&*addr.resource.type_name)),
        ])
    };
    let say = |addr: &ResourceInstance, text: &str, ty: &str, entry: Map<String, Json>| {
        machine.say("info", &format!("{addr}: {text}"), ty, json!({ ty: entry }));
    };
    match event {
        Event::ListStart { addr, config } => {
            let mut entry = of(addr);
            entry.insert("input_config".into(), shown(config));
            say(addr, "Starting query...", "list_start", entry);
        }
        Event::ListFound { addr, found } => {
            let mut entry = of(addr);
            entry.insert("display_name".into(), json!(found.name));
            entry.insert("identity".into(), shown(&found.identity));
            entry.insert("identity_version".into(), json!(0));
            if let Some(object) = &found.object {
                entry.insert("resource_object".into(), shown(object));
            }
            if let Some((resource, import)) = &found.generated {
                entry.insert("config".into(), json!(resource));
                entry.insert("import_config".into(), json!(import));
            }
            say(addr, "Result found", "list_resource_found", entry);
        }
        Event::ListDone { addr, total } => {
            let mut entry = of(addr);
            entry.insert("total".into(), json!(total));
            say(addr, "List complete", "list_complete", entry);
        }
        _ => {}
    }
}

/// A value without what is sensitive in it.
fn shown(value: &Value) -> Json {
    let hidden = |value: Value| value.is_sensitive().then(|| Value::null(value.ty()));
    let value = value.clone().transform(&mut |_, item| hidden(item.clone()).unwrap_or(item));
    let value = value.unmarked_deep().0;
    json::to_json(&value, &value.ty()).unwrap_or(Json::Null)
}
