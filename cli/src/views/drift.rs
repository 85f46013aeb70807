//! What was found changed outside, as far as it explains a plan: of each object only the attributes from which something of
//! the plan was computed. All of it is what a refresh-only plan shows.

use std::collections::BTreeMap;

use infra_engine::addrs::{InstanceKey, ModulePath, Resource};
use infra_engine::plan::{Action, Plan, ResourceChange};
use infra_engine::value::{Data, Path, Step, Value};

/// Attributes of the instances of one resource; without a key, of all of them.
type Paths<'p> = Vec<(Option<&'p InstanceKey>, &'p Path)>;

/// The changes that explain something, each without what does not.
pub(super) fn explaining(plan: &Plan) -> Vec<ResourceChange> {
    let mut relevant: BTreeMap<(ModulePath, &Resource), Paths<'_>> = BTreeMap::new();
    for (addr, path) in &plan.relevant {
        let paths = relevant.entry((addr.module.module(), &addr.resource)).or_default();
        paths.push((addr.key.as_ref(), path));
    }
    let explaining = |change: &ResourceChange| {
        let addr = &change.addr;
        let paths = relevant.get(&(addr.module.module(), &addr.resource))?;
        let own = |key: &Option<&InstanceKey>| key.is_none() || *key == addr.key.as_ref();
        let paths: Vec<&[Step]> =
            paths.iter().filter(|(key, _)| own(key)).map(|(_, path)| &*path.0).collect();
        if paths.is_empty() || change.action == Action::NoOp {
            return None;
        }
        let mut change = change.clone();
        if let (Some(before), Some(after)) = (&change.before, &mut change.after) {
            *after = part(before, after, &paths);
            if before == after {
                return None;
            }
        }
        Some(change)
    };
    plan.drift.iter().filter_map(explaining).collect()
}

/// `before` with what `after` has at the paths.
fn part(before: &Value, after: &Value, paths: &[&[Step]]) -> Value {
    if paths.iter().any(|path| path.is_empty()) {
        return after.clone();
    }
    let below = |name: &str| -> Vec<&[Step]> {
        let leads = |step: &Step| match step {
            Step::Attr(attr) => **attr == *name,
            Step::Index(key) => key.as_str() == Some(name),
        };
        let rest = |path: &&'_ [Step]| path.first().is_some_and(leads);
        paths.iter().filter(|path| rest(path)).map(|path| &path[1..]).collect()
    };
    match (before.data(), after.data()) {
        (Data::Object(old), Data::Object(new)) => {
            let both = old.iter().map(|(name, old)| {
                let below = below(name);
                let new = new.get(name).filter(|_| !below.is_empty());
                (name.clone(), new.map_or_else(|| old.clone(), |new| part(old, new, &below)))
            });
            let both: BTreeMap<_, _> = both.collect();
            Value::from(both).marked(before.marks())
        }
        _ => after.clone(),
    }
}
