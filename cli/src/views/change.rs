//! One resource change, as a block with symbols.

use std::cell::Cell;
use std::collections::BTreeSet;

use infra_engine::addrs::Mode;
use infra_engine::plan::{Action, Reason, ResourceChange};
use infra_engine::provider::{Block, Nesting};
use infra_engine::value::{Path, Value, print};

use super::paint::Paint;
use super::value::{Change, Values};

/// What is left out of a block that stands for several instances.
#[derive(Clone, Copy)]
pub(crate) enum Masked<'a> {
    /// Nothing.
    Nothing,
    /// What instances that change in the same way may differ in: what the provider decided of them, and what stays.
    Own,
    /// These attributes.
    Names(&'a BTreeSet<&'a str>),
}

/// The block of what was found changed outside.
pub(crate) fn drift(change: &ResourceChange, schema: Option<&Block>, paint: Paint) -> String {
    let happened = match change.action {
        Action::Delete => "has been deleted",
        Action::NoOp => "has moved",
        _ => "has changed",
    };
    titled(change, happened, paint) + &object(change, schema, Masked::Nothing, paint).0
}

/// The comment that says what will happen.
pub(crate) fn comment(change: &ResourceChange, paint: Paint) -> String {
    titled(change, happening(change), paint)
}

fn titled(change: &ResourceChange, happening: &str, paint: Paint) -> String {
    let mut text = format!("  {}\n", paint.bold(&format!("# {} {happening}", subject(change))));
    for note in notes(change) {
        text.push_str(&format!("  {}\n", paint.dim(&format!("# ({note})"))));
    }
    text
}

/// The attributes of a change, and whether something was left out of it.
pub(crate) fn object(
    change: &ResourceChange,
    schema: Option<&Block>,
    masked: Masked<'_>,
    paint: Paint,
) -> (String, bool) {
    let values = Values { paint, replace: &change.requires_replace };
    let view = Blocks { values, paint, masked, left_out: Cell::new(false) };
    let resource = &change.addr.resource;
    let kind = if resource.mode == Mode::Data { "data" } else { "resource" };
    let header = format!("{kind} \"{}\" \"{}\"", resource.type_name, resource.name);
    let symbol = change.action.to_string();
    let lead =
        format!("{}{}", " ".repeat(3_usize.saturating_sub(symbol.len())), paint.symbol(&symbol));
    let mut text = format!("{lead} {header} {{\n");
    if let Some(schema) = schema {
        text.push_str(&view.body(
            change.before.as_ref(),
            change.after.as_ref(),
            schema,
            &Path::root(),
            4,
        ));
    }
    text.push_str("    }\n");
    (text, view.left_out.get())
}

fn subject(change: &ResourceChange) -> String {
    match &change.deposed {
        Some(key) => format!("{} (deposed object {key})", change.addr),
        None => change.addr.to_string(),
    }
}

/// What will happen to an instance.
pub(crate) fn happening(change: &ResourceChange) -> &'static str {
    match (change.action, change.reason) {
        (Action::Create, _) => "will be created",
        (Action::Read, _) => "will be read during apply",
        (Action::Update, _) => "will be updated in-place",
        (Action::Delete, _) => "will be destroyed",
        (Action::Forget, _) => "will no longer be managed by infra",
        (Action::NoOp, _) if change.importing.is_some() => "will be imported",
        (Action::NoOp, _) if change.previous_addr.is_some() => "has moved",
        (Action::NoOp, _) => "does not change",
        (_, Some(Reason::ReplaceBecauseTainted)) => "is tainted, so it must be replaced",
        (_, Some(Reason::ReplaceByRequest)) => "will be replaced, as requested",
        (_, Some(Reason::ReplaceByTriggers)) => {
            "will be replaced due to changes in replace_triggered_by"
        }
        _ => "must be replaced",
    }
}

fn notes(change: &ResourceChange) -> Vec<String> {
    let addr = &change.addr;
    let key = addr.key.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut notes = Vec::new();
    if let Some(before) = &change.previous_addr {
        notes.push(format!("moved from {before}"));
    }
    if let Some(id) = &change.importing {
        notes.push(format!("imported from \"{id}\""));
    }
    if change.deposed.is_some() {
        notes.push("left over from a replacement that was not finished".to_owned());
    }
    notes.extend(because(change, &key));
    notes
}

/// Why this happens to several instances.
pub(crate) fn common_note(change: &ResourceChange) -> Option<String> {
    match change.reason {
        Some(Reason::DeleteBecauseCountIndex) => {
            Some("because their indexes are out of range for count".to_owned())
        }
        Some(Reason::DeleteBecauseEachKey) => {
            Some("because their keys are not in for_each map".to_owned())
        }
        Some(Reason::DeleteBecauseNoModule) => {
            Some(format!("because {} is not in configuration", change.addr.module.module()))
        }
        _ => because(change, ""),
    }
}

fn because(change: &ResourceChange, key: &str) -> Option<String> {
    let addr = &change.addr;
    match change.reason {
        Some(Reason::ReadBecauseConfigUnknown) => {
            Some("config refers to values not yet known".to_owned())
        }
        Some(Reason::ReadBecauseDependencyPending) => {
            Some("depends on a resource or a module with changes pending".to_owned())
        }
        Some(Reason::DeleteBecauseNoResourceConfig) => {
            Some(format!("because {} is not in configuration", addr.config()))
        }
        Some(Reason::ReadBecauseCheckNested) => {
            Some("a check reads it again when everything has been applied".to_owned())
        }
        Some(Reason::DeleteBecauseNoMoveTarget) => Some(format!(
            "because {} is not in configuration, to which it was moved",
            addr.config()
        )),
        Some(Reason::DeleteBecauseNoModule) => {
            Some(format!("because {} is not in configuration", addr.module))
        }
        Some(Reason::DeleteBecauseCountIndex) => {
            Some(format!("because index {key} is out of range for count"))
        }
        Some(Reason::DeleteBecauseEachKey) => {
            Some(format!("because key {key} is not in for_each map"))
        }
        Some(Reason::DeleteBecauseWrongRepetition) => Some(match &addr.key {
            Some(_) => {
                "because the resource no longer uses count or for_each in this way".to_owned()
            }
            None => "because the resource uses count or for_each".to_owned(),
        }),
        _ => None,
    }
}

struct Blocks<'a> {
    values: Values<'a>,
    paint: Paint,
    masked: Masked<'a>,
    left_out: Cell<bool>,
}

impl Blocks<'_> {
    /// Attributes, and then nested blocks.
    fn body(
        &self,
        before: Option<&Value>,
        after: Option<&Value>,
        schema: &Block,
        path: &Path,
        indent: usize,
    ) -> String {
        let mut rows = Vec::new();
        let mut hidden = 0;
        for (name, attribute) in &schema.attributes {
            let of = |object: Option<&Value>| object.and_then(|object| object.get(name).cloned());
            let (old, new) = (of(before), of(after));
            let change = Change::of(old.as_ref(), new.as_ref());
            let empty = [&old, &new].iter().all(|value| value.as_ref().is_none_or(Value::is_null));
            if empty {
                continue;
            }
            let important = indent == 4 && matches!(&**name, "id" | "name" | "tags");
            let apart = match self.masked {
                Masked::Nothing => false,
                Masked::Own => change == Change::None || attribute.computed,
                Masked::Names(names) => names.contains(&**name),
            };
            let apart = apart && indent == 4;
            if change == Change::None && (!important || apart) {
                self.left_out.set(self.left_out.get() || important);
                hidden += 1;
                continue;
            }
            rows.push((name, old, new, change, apart));
        }
        let width = rows.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let pad = " ".repeat(indent + 2);
        let mut text = String::new();
        for (name, old, new, change, apart) in rows {
            let (old, new, path) = (old.as_ref(), new.as_ref(), path.attr(name));
            let goes = new.is_none_or(|value| value.is_null() || !value.is_known());
            let value = if apart && goes && change != Change::Add {
                self.left_out.set(true);
                self.values.varying(new, &path)
            } else {
                self.values.pair(old, new, &path, indent + 2)
            };
            text.push_str(&format!("{pad}{}{name:<width$} = {value}\n", self.sign(change)));
        }
        text.push_str(&self.values.hidden(hidden, "attribute", indent + 2));
        let mut hidden = 0;
        for (name, nested) in &schema.blocks {
            let of = |object: Option<&Value>| object.and_then(|object| object.get(name)).cloned();
            let (old, new) = (of(before), of(after));
            if new.as_ref().is_some_and(|value| !value.is_known()) {
                let none =
                    old.as_ref().and_then(Value::as_sequence).is_none_or(<[Value]>::is_empty);
                let sign = self.sign(if none { Change::Add } else { Change::Update });
                text.push_str(&format!("\n{pad}{sign}{name} (known after apply)\n"));
                continue;
            }
            for (label, old, new) in pairs(nested.nesting, old.as_ref(), new.as_ref()) {
                let change = Change::of(old.as_ref(), new.as_ref());
                if change == Change::None {
                    hidden += 1;
                    continue;
                }
                let inner = path.attr(name);
                let label =
                    label.map(|label| format!(" {}", print::quoted(&label))).unwrap_or_default();
                let forced = if self.values.replace.contains(&inner) {
                    format!(" {}", self.paint.red("# forces replacement"))
                } else {
                    String::new()
                };
                text.push_str(&format!("\n{pad}{}{name}{label} {{{forced}\n", self.sign(change)));
                text.push_str(&self.body(
                    old.as_ref(),
                    new.as_ref(),
                    &nested.block,
                    &inner,
                    indent + 4,
                ));
                text.push_str(&format!("{pad}  }}\n"));
            }
        }
        if hidden > 0 {
            text.push('\n');
            text.push_str(&self.values.hidden(hidden, "block", indent + 2));
        }
        text
    }

    fn sign(&self, change: Change) -> String {
        match change {
            Change::None => "  ".to_owned(),
            change => format!("{} ", self.paint.symbol(change.symbol())),
        }
    }
}

type Pair = (Option<String>, Option<Value>, Option<Value>);

/// Nested blocks of one type, each with its counterpart.
fn pairs(nesting: Nesting, old: Option<&Value>, new: Option<&Value>) -> Vec<Pair> {
    let items =
        |value: Option<&Value>| value.and_then(Value::as_sequence).unwrap_or_default().to_vec();
    match nesting {
        Nesting::Single | Nesting::Group => vec![(None, old.cloned(), new.cloned())]
            .into_iter()
            .filter(|(_, old, new)| {
                [old, new].iter().any(|value| value.as_ref().is_some_and(|value| !value.is_null()))
            })
            .collect(),
        Nesting::List => {
            let (old, new) = (items(old), items(new));
            (0..old.len().max(new.len()))
                .map(|at| (None, old.get(at).cloned(), new.get(at).cloned()))
                .collect()
        }
        Nesting::Set => {
            let (old, new) = (items(old), items(new));
            let gone = old
                .iter()
                .filter(|item| !new.contains(item))
                .map(|item| (None, Some(item.clone()), None));
            let kept = new
                .iter()
                .map(|item| (None, old.contains(item).then(|| item.clone()), Some(item.clone())));
            gone.chain(kept).collect()
        }
        Nesting::Map => {
            let of =
                |value: Option<&Value>| value.and_then(Value::as_map).cloned().unwrap_or_default();
            let (old, new) = (of(old), of(new));
            let mut keys: Vec<_> = old.keys().chain(new.keys()).cloned().collect();
            keys.sort();
            keys.dedup();
            keys.into_iter()
                .map(|key| (Some(key.to_string()), old.get(&key).cloned(), new.get(&key).cloned()))
                .collect()
        }
    }
}
