//! Changes of instances that are alike, shown as one.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use infra_engine::addrs::{ConfigResource, InstanceKey, ResourceInstance};
use infra_engine::plan::{Reason, ResourceChange};
use infra_engine::provider::Block;

use super::actions::Actions;
use super::change::{self, Masked};
use super::paint::Paint;

/// From how many instances on.
const MANY: usize = 3;

/// Changes that look the same, and how.
struct Group<'c> {
    members: Vec<&'c ResourceChange>,
    /// The block of each, without its comment; nothing where the block of the instance itself must be made.
    block: Option<Rc<str>>,
}

/// What is the same in all changes of a group: the resource, what happens, why, and the block with the actions around it.
type Alike = (ConfigResource, &'static str, Option<Reason>, Rc<str>);

/// Adds the blocks of changes, each with an empty line after it.
pub(crate) fn blocks<'r>(
    text: &mut String,
    changes: &[&ResourceChange],
    schema: impl Fn(&ResourceChange) -> Option<&'r Block>,
    actions: &Actions<'_>,
    paint: Paint,
) {
    for group in groups(changes, &schema, actions, paint) {
        let first = group.members[0];
        if group.members.len() >= MANY {
            text.push_str(&heading(&group.members, paint));
            let names = differing(&group.members, schema(first));
            text.push_str(&change::object(first, schema(first), Masked::Names(&names), paint).0);
            text.push_str(&actions.around(first));
            text.push('\n');
            continue;
        }
        for member in &group.members {
            text.push_str(&change::comment(member, paint));
            match &group.block {
                Some(block) => text.push_str(block),
                None => {
                    let (block, _) = change::object(member, schema(member), Masked::Nothing, paint);
                    text.push_str(&block);
                }
            }
            text.push_str(&actions.around(member));
            text.push('\n');
        }
    }
}

fn groups<'c, 'r>(
    changes: &[&'c ResourceChange],
    schema: &impl Fn(&ResourceChange) -> Option<&'r Block>,
    actions: &Actions<'_>,
    paint: Paint,
) -> Vec<Group<'c>> {
    let mut instances: HashMap<ConfigResource, usize> = HashMap::new();
    for change in changes {
        *instances.entry(change.addr.config()).or_default() += 1;
    }
    let mut groups: Vec<Group<'c>> = Vec::new();
    let mut known: HashMap<Alike, usize> = HashMap::new();
    for change in changes {
        let config = change.addr.config();
        let own = change.deposed.is_some()
            || change.previous_addr.is_some()
            || change.importing.is_some();
        if own || instances.get(&config).is_none_or(|count| *count < MANY) {
            groups.push(Group { members: vec![change], block: None });
            continue;
        }
        let (block, left_out) = change::object(change, schema(change), Masked::Own, paint);
        let block: Rc<str> = block.into();
        let whole = (!left_out).then(|| block.clone());
        let around = actions.around(change);
        let block = if around.is_empty() { block } else { format!("{block}{around}").into() };
        let alike = (config, change::happening(change), change.reason, block);
        match known.get(&alike) {
            Some(at) => groups[*at].members.push(change),
            None => {
                known.insert(alike, groups.len());
                groups.push(Group { members: vec![change], block: whole });
            }
        }
    }
    groups
}

/// The attributes that are not the same before all of these changes.
fn differing<'s>(members: &[&ResourceChange], schema: Option<&'s Block>) -> BTreeSet<&'s str> {
    let of = |change: &ResourceChange, name: &str| {
        change.before.as_ref().and_then(|object| object.get(name).cloned())
    };
    let names = schema.into_iter().flat_map(|schema| schema.attributes.keys());
    let differs = |name: &&str| {
        let first = of(members[0], name);
        members.iter().any(|member| of(member, name) != first)
    };
    names.map(|name| &**name).filter(differs).collect()
}

fn heading(members: &[&ResourceChange], paint: Paint) -> String {
    let happening = change::happening(members[0]);
    let title = format!("# each of these {} instances {happening}", members.len());
    let mut text = format!("  {}\n", paint.bold(&title));
    let mut rest = members;
    while let Some((first, others)) = rest.split_first() {
        let run = 1 + others.iter().zip(rest).take_while(|(b, a)| follows(a, b)).count();
        let addr = &first.addr;
        let (shown, taken) = match &rest[run - 1].addr.key {
            Some(last) if run > 2 => (format!("{addr} to {last}"), run),
            _ => (addr.to_string(), 1),
        };
        text.push_str(&format!("  {}\n", paint.bold(&format!("#   {shown}"))));
        rest = &rest[taken..];
    }
    if let Some(note) = change::common_note(members[0]) {
        text.push_str(&format!("  {}\n", paint.dim(&format!("# ({note})"))));
    }
    text
}

/// Whether an instance is the next one by its index.
fn follows(before: &ResourceChange, after: &ResourceChange) -> bool {
    let (Some(InstanceKey::Int(a)), Some(InstanceKey::Int(b))) =
        (&before.addr.key, &after.addr.key)
    else {
        return false;
    };
    let same = |a: &ResourceInstance, b: &ResourceInstance| {
        a.module == b.module && a.resource == b.resource
    };
    *b == *a + 1 && same(&before.addr, &after.addr)
}
