//! Plans that destroy: the configuration is looked at first, as for any plan, since what it says decides which provider
//! looks after an object and what depends on what. Only then is everything that there is planned to go.

use std::sync::Arc;

use infra_diag::Diagnostics;
use infra_plan::{Mode, Plan};

use crate::planner::Planner;
use crate::{Purpose, Refresh, Request};

pub(crate) async fn plan(mut request: Request) -> (Option<Plan>, Diagnostics) {
    let looked = Request { mode: Mode::Normal, ..request.clone() };
    let (found, diags) = Planner::run(looked, Purpose::BeforeDestroying).await;
    let Some(found) = found.filter(|_| !diags.has_errors()) else { return (None, diags) };
    // What was told is told again, as far as it matters.
    request.prior = Arc::unwrap_or_clone(found.prior);
    request.refresh = Refresh::Nothing;
    let (plan, diags) = Planner::run(request, Purpose::Plan).await;
    let plan = plan.map(|plan| Plan {
        state_changed: plan.state_changed || found.state_changed,
        based_on: found.based_on,
        ..plan
    });
    (plan, diags)
}
