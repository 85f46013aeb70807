//! The provider `null`: `null_resource`.

mod resource;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{SdkProvider, registration};

pub(crate) fn provider() -> SdkProvider<()> {
    let types = [registration::<resource::Null>()];
    SdkProvider::new(ProviderAddr::hashicorp("null"), "3.2.4", Schema::default(), types, |_| {
        Box::pin(async { Ok(()) })
    })
}
