//! Plans that read as little as can be: a first plan from the state alone says which objects would change, and only those
//! are read for the plan that counts.

use infra_diag::Diagnostics;
use infra_plan::{Action, Events, Plan};

use crate::planner::Planner;
use crate::{Purpose, Refresh, Request};

pub(crate) async fn plan(request: Request) -> (Option<Plan>, Diagnostics) {
    let unread =
        Request { refresh: Refresh::Nothing, events: Events::ignored(), ..request.clone() };
    let (found, _) = Planner::run(unread, Purpose::Plan).await;
    // What is wrong is told of the plan that counts.
    let changes = found.into_iter().flat_map(|plan| plan.changes);
    let changed = changes.filter(|change| change.action != Action::NoOp);
    let refresh = Refresh::Of(std::sync::Arc::new(changed.map(|change| change.addr).collect()));
    Planner::run(Request { refresh, ..request }, Purpose::Plan).await
}
