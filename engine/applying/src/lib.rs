//! Applying: a plan -> calls to providers -> the new state.
//!
//! It evaluates the configuration inside the plan, never files on disk. One dispatcher owns the state and decides what
//! comes next; workers make calls. Every change is announced to the journal before it is made and reported after.
//!
//! Reading order: `order` (which step after which), `dispatcher` (the loop), `make`, `remove`, `actions`, `ephemeral`,
//! `provision`, `outputs`, `checks`.

mod actions;
mod checks;
mod diagnostics;
mod dispatcher;
mod ephemeral;
mod lost;
mod make;
mod order;
mod outputs;
mod provision;
mod remove;

use infra_diag::Diagnostics;
use infra_lang::functions::Environment;
use infra_plan::{Connections, Events, Plan, Registry};
use infra_state::State;
use infra_state::journal::Journal;
use tokio_util::sync::CancellationToken;

/// All that is needed to carry out a plan.
pub struct Request {
    /// The plan.
    pub plan: Plan,
    /// The providers that are linked in.
    pub registry: Registry,
    /// Their connections.
    pub connections: Connections,
    /// What functions see of the world; while applying, the time is known.
    pub environment: Environment,
    /// Where intents and results are written at once, so that a killed run loses nothing.
    pub journal: Option<Journal>,
    /// How many changes may be under way at once.
    pub parallelism: usize,
    /// Where events go.
    pub events: Events,
    /// When cancelled, nothing new is begun; what is under way is finished.
    pub cancel: CancellationToken,
}

/// Carries out a plan. The state holds everything that exists, also after errors.
pub async fn apply(request: Request) -> (State, Diagnostics) {
    dispatcher::Dispatcher::run(request).await
}
