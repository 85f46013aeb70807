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
                let key = if own { addr.key.clone() } else { found.key.clone() };
                let first = ResourceInstance {
                    module: addr.module.clone(),
                    resource: resource.clone(),
                    key: None,
                };
                let whole = key.is_none() && path.0.is_empty();
                let mut named = self
                    .changes
                    .range((first.clone(), None)..)
                    .map(|(_, change)| change)
                    .take_while(|change| {
                        change.addr.module == first.module && change.addr.resource == *resource
                    })
                    .filter(|change| change.deposed.is_none())
                    .filter(|change| whole || change.addr.key == key)
                    .peekable();
                let stored = self.prior.by_resource.get(&first.config());
                let leaves = stored
                    .into_iter()
                    .flatten()
                    .any(|addr| addr.module == first.module && (whole || addr.key == key));
                if named.peek().is_none() && !leaves {
                    let missing = ResourceInstance { key, ..first };
                    self.diags.push(diagnostics::no_trigger(&missing, addr));
                    return None;
                }
                triggered = triggered
                    || named.any(|change| {
                        let of = |value: &Option<Value>| value.as_ref()?.at(&path).cloned();
                        (change.action == Action::Update || change.action.is_replace())
                            && (path.0.is_empty() || of(&change.before) != of(&change.after))
                    });
            }
        }
        Some(triggered)
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
