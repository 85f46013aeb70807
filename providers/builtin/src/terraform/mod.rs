//! The provider `terraform`: `terraform_data`, the outputs of other states, and functions that write and read the language.

mod data;
mod functions;
mod remote_state;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{SdkProvider, query, registration};

use crate::Surroundings;
use remote_state::Folder;

pub(crate) fn provider(surroundings: &Surroundings) -> SdkProvider<Folder> {
    let types = [registration::<data::Data>(), query::<remote_state::RemoteState>()];
    let folder = surroundings.folder.clone();
    SdkProvider::new(ProviderAddr::terraform(), "1.11.4", Schema::default(), types, move |_| {
        let folder = folder.clone();
        Box::pin(async { Ok(Folder(folder)) })
    })
    .with_functions(functions::ALL)
}
