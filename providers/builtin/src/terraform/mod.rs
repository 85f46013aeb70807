//! The provider `terraform`: `terraform_data`, the outputs of other states, and functions that write and read the language.

mod data;
mod functions;
mod remote_state;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{SdkProvider, query, registration};

use crate::Surroundings;
use remote_state::States;
pub use remote_state::{BackendProblem, Backends};

pub(crate) fn provider(surroundings: &Surroundings) -> SdkProvider<States> {
    let types = [registration::<data::Data>(), query::<remote_state::RemoteState>()];
    let (folder, backends) = (surroundings.folder.clone(), surroundings.backends.clone());
    let known = backends.clone();
    SdkProvider::new(ProviderAddr::terraform(), "1.11.4", Schema::default(), types, move |_| {
        let states = States { folder: folder.clone(), backends: backends.clone() };
        Box::pin(async { Ok(states) })
    })
    .with_validation(move |_, type_name, config| match type_name {
        "terraform_data" => data::validate(config),
        "terraform_remote_state" => remote_state::validate(known.as_deref(), config),
        _ => Vec::new(),
    })
    .with_functions(functions::ALL)
    .with_moves(data::adopt)
}
