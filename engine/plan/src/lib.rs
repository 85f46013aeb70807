//! The plan: all that passes between planning and applying. Also the events of both, since whoever watches one
//! watches the other.
//!
//! It knows neither how plans are made nor how they are carried out.

mod change;
mod checks;
mod deferred;
mod event;
mod invocation;
mod plan;
mod registry;

pub mod file;

pub use change::{Action, OutputChange, Reason, ResourceChange};
pub use checks::{Checkable, Checks, Status};
pub use deferred::{DeferralReason, Deferred};
pub use event::{Event, Events, Happened, Listed, Objects, Verb};
pub use invocation::{Cause, Invocation};
pub use plan::{Counts, Mode, Plan};
pub use registry::{Connections, Registry};
