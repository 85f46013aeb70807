//! The provider `random`.

mod id;
mod integer;
mod pet;
mod string;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{SdkProvider, ephemeral, registration};

pub(crate) fn provider() -> SdkProvider<()> {
    let types = [
        registration::<id::RandomId>(),
        registration::<integer::Integer>(),
        registration::<pet::Pet>(),
        registration::<string::Password>(),
        registration::<string::Text>(),
        ephemeral::<string::Passing>(),
    ];
    SdkProvider::new(ProviderAddr::hashicorp("random"), "3.7.2", Schema::default(), types, |_| {
        Box::pin(async { Ok(()) })
    })
}
