//! `replace_triggered_by`.

use infra_addrs::ResourceInstance;
use infra_lang::config::Resource;
use infra_lang::syntax::{Expr, Kind as ExprKind, Located, Reference, Step};
use infra_plan::Action;
use infra_value::{Path, Value};

use crate::diagnostics;
use crate::planner::Planner;

impl Planner {
    /// Whether one of the objects in `replace_triggered_by` changes. Nothing, if one of them is not there.
    pub(crate) fn is_triggered(
        &mut self,
        block: &Resource,
        addr: &ResourceInstance,
    ) -> Option<bool> {
        let mut triggered = false;
        for expr in &block.lifecycle.replace_triggered_by {
            for found in expr.references() {
                let Reference::Resource(resource) = &found.reference else {
                    continue;
                };
                let path = attribute(expr, found);
                let own = expr.references().len() > 1;
                let named = ResourceInstance {
                    module: addr.module.clone(),
                    resource: resource.clone(),
                    key: if own { addr.key.clone() } else { found.key.clone() },
                };
                let whole = named.key.is_none() && path.0.is_empty();
                let known = self.triggers.get(&named).filter(|_| whole).copied();
                let Some(changes) = known.or_else(|| self.changes_of(&named, whole, &path)) else {
                    self.diags.push(diagnostics::no_trigger(&named, addr));
                    return None;
                };
                triggered |= changes;
                if whole {
                    // Each instance of this resource will ask, and all the others have been planned.
                    self.triggers.insert(named, changes);
                }
            }
        }
        Some(triggered)
    }

    /// Whether an object, or any of a resource that is meant as a whole, is updated or replaced, and the attribute with
    /// it. Nothing, if there is no such object.
    fn changes_of(&self, named: &ResourceInstance, whole: bool, path: &Path) -> Option<bool> {
        let is_named = |addr: &ResourceInstance| {
            addr.module == named.module
                && addr.resource == named.resource
                && (whole || addr.key == named.key)
        };
        // Without a key the range begins with the first instance.
        let mut changes = self
            .changes
            .range((named.clone(), None)..)
            .map(|(_, change)| change)
            .take_while(|change| is_named(&change.addr))
            .filter(|change| change.deposed.is_none())
            .peekable();
        let leaves = || {
            let stored = self.prior.by_resource.get(&named.config());
            stored.into_iter().flatten().any(is_named)
        };
        if changes.peek().is_none() && !leaves() {
            return None;
        }
        let of = |value: &Option<Value>| value.as_ref()?.at(path).cloned();
        Some(changes.any(|change| {
            (change.action == Action::Update || change.action.is_replace())
                && (path.0.is_empty() || of(&change.before) != of(&change.after))
        }))
    }
}

/// The attribute that a trigger names after its resource, also after a key that is evaluated.
fn attribute(expr: &Expr, found: &Located) -> Path {
    let ExprKind::Reference { steps, .. } = expr.kind() else { return Path::root() };
    let literal = found.steps.len() == steps.len();
    if literal {
        return Path(found.steps[usize::from(found.key.is_some())..].to_vec());
    }
    let attributes = steps.iter().skip(1).map_while(|step| match step {
        Step::Attr(name, _) => Some(infra_value::Step::Attr(name.clone())),
        _ => None,
    });
    Path(attributes.collect())
}
