//! The provider `test`: a cloud in memory, or in a file, whose calls can be made to fail or to take time.
//!
//! It exists for the cases of the engine: what happens when a call fails after the object was made, when a run is killed,
//! when many objects are read. Reading order: `cloud`, `object` (the resource type), `lookup` (the data source), `lease` (the ephemeral one),
//! `act` (the action).

mod act;
mod cloud;
mod lease;
mod lookup;
mod object;

use std::sync::Arc;

use infra_addrs::ProviderAddr;
use infra_provider::{Provider, Schema};
use infra_provider_sdk::prelude::*;
use infra_provider_sdk::{SdkProvider, action, ephemeral, listing, query, registration};

pub use cloud::Cloud;

/// The arguments of the provider block.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    /// A JSON file that holds the cloud, so that it is there for the next command.
    file: Option<String>,
}

/// The provider; without `file` in its block its objects are in `cloud`.
pub fn provider(cloud: &Arc<Cloud>) -> Arc<dyn Provider> {
    let cloud = Arc::clone(cloud);
    let types = [
        registration::<object::Object>(),
        listing::<object::Object>(),
        query::<lookup::Lookup>(),
        ephemeral::<lease::TestLease>(),
        action::<act::Note>(),
    ];
    let schema = Schema { block: Arguments::block(), ..Schema::default() };
    let address = ProviderAddr::hashicorp("test");
    Arc::new(SdkProvider::new(address, "1.0.0", schema, types, move |config| {
        let given = Arguments::from_object(&config);
        let cloud = match given.file {
            Some(file) => Arc::new(Cloud::in_file(file.into())),
            None => Arc::clone(&cloud),
        };
        Box::pin(async move { Ok(cloud::Account(cloud)) })
    }))
}
