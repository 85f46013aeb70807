//! The provider `terraform`: `terraform_data`, and functions that write and read the language.

mod data;
mod functions;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{SdkProvider, registration};

pub(crate) fn provider() -> SdkProvider<()> {
    let types = [registration::<data::Data>()];
    SdkProvider::new(ProviderAddr::terraform(), "1.11.4", Schema::default(), types, |_| {
        Box::pin(async { Ok(()) })
    })
    .with_functions(functions::ALL)
}
