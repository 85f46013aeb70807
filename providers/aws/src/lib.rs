//! The provider `aws`, on the AWS SDK: the schemas are those of hashicorp/aws 5.100.0.
//!
//! A resource type is one file below `resources`, a data source one below `data`, an ephemeral one below
//! `ephemeral`, an action one below `actions`. Reading order: `provider` (the provider block), `clients`, `error`, `tags`, `wait`.

mod actions;
mod clients;
mod data;
mod ephemeral;
mod error;
mod filter;
mod functions;
mod listing;
mod lists;
mod names;
mod provider;
mod regions;
mod resources;
mod shapes;
mod tags;
mod texts;
mod wait;

mod prelude;

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

/// Variables that take the place of those of the environment, such as `AWS_ENDPOINT_URL`.
pub type Overrides = Arc<RwLock<BTreeMap<&'static str, String>>>;

/// The provider. `calls` is told of each request.
pub fn providers(
    overrides: Overrides,
    calls: infra_provider::Calls,
) -> Vec<Arc<dyn infra_provider::Provider>> {
    vec![Arc::new(provider::provider(overrides, calls))]
}
