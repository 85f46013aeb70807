//! infra-engine: plan and apply Terraform configurations from your own program.
//!
//! An [`Engine`] loads configurations, plans, applies and finds objects that exist; a [`Session`] holds a state and its
//! lock. All that happens meanwhile comes as [`plan::Event`]s. The engine links no provider and no backend: they are
//! handed in.
//!
//! Configurations and states may be nested 200 levels deep, and 10,000 on a thread of [`value::with_large_stack`].
//!
//! `examples/embedding` is a whole program.

mod engine;
mod importing;
mod session;
mod values;

pub mod testing;

pub use engine::{ApplyOptions, Engine, PlanOptions};
pub use importing::ImportOptions;
pub use session::Session;

pub use infra_addrs as addrs;
pub use infra_diag as diag;
pub use infra_graph as graph;
pub use infra_lang as lang;
pub use infra_plan as plan;
pub use infra_planning::{Refresh, marked};
pub use infra_provider as provider;
pub use infra_state as state;
pub use infra_value as value;
pub use tokio_util::sync::CancellationToken;
