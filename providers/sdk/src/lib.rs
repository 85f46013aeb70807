//! What a provider author imports: a resource type is a struct and four verbs, everything else follows from its fields.
//!
//! Reading order: `resource` (what an author writes), `field` (what fields may be), `schema`, then what follows from
//! them: `plan`, `read`, `apply`; `listing` finds objects; `registration` and `provider` tie types to a provider.

mod apply;
mod change;
mod equal;
mod error;
mod legacy;
mod listing;
mod plan;
mod provider;
mod read;
mod registration;
mod resource;
mod tags;

pub mod check;
pub mod field;
pub mod schema;

pub use change::Change;
pub use error::{Error, Result};
pub use field::{Computed, Dynamic, Fields, Json, Set, Timeouts};
pub use infra_provider::{Kind, Progress, Upgrade};
pub use infra_provider_sdk_derive::{Block, Resource};
pub use infra_value as value;
pub use listing::{List, Page, Results};
pub use provider::{Adopt, SdkProvider};
pub use registration::{Registration, action, ephemeral, listing, query, registration};
pub use resource::{
    Action, Client, Ephemeral, Found, Id, Known, Lease, Operations, Query, Resource,
};
pub use tags::Tags;

/// Everything that a file of a resource type needs.
pub mod prelude {
    pub use crate::{
        Action, Block, Change, Client, Computed, Dynamic, Ephemeral, Error, Fields, Found, Id,
        Json, Known, Lease, List, Operations, Page, Progress, Query, Resource, Result, Results,
        Set, Tags, Timeouts,
    };
    pub use infra_provider::Problem;
    pub use infra_value::{Path, Type, Value};
    pub use std::collections::BTreeMap;
    pub use std::time::Duration;
}

// The derive names this crate; its own tests are inside it.
extern crate self as infra_provider_sdk;
