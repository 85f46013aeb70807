//! The port between the engine and providers: schemas, the traits [`Provider`] and [`Connection`], requests and responses.
//!
//! Nothing here knows a particular provider, and providers know nothing of configuration files, graphs or state files.

mod call;
mod listing;
mod problem;
mod provider;
mod provisioner;
mod schema;

pub use call::{Answer, Call, Calls};
pub use listing::{ListRequest, Listed, identity, identity_type, list_schema};
pub use problem::Problem;
pub use provider::{
    ApplyRequest, ApplyResponse, Connection, Foreign, Imported, Object, Opened, PlanRequest,
    PlanResponse, Progress, Provider, ReadRequest, Renewed, Saved,
};
pub use provisioner::{Output, Provisioner, connection_schema};
pub use schema::{Attribute, Block, Kind, NestedBlock, Nesting, Schema, Upgrade};
