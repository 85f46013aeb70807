//! The provider `local`: files on this machine.

mod file;

use std::path::PathBuf;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{Client, SdkProvider, registration};

use crate::Surroundings;

/// The folder from which relative paths start.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Client for Folder {}

pub(crate) fn provider(surroundings: &Surroundings) -> SdkProvider<Folder> {
    let types = [registration::<file::File>(), registration::<file::SensitiveFile>()];
    let folder = surroundings.folder.clone();
    SdkProvider::new(
        ProviderAddr::hashicorp("local"),
        "2.5.3",
        Schema::default(),
        types,
        move |_| {
            let folder = folder.clone();
            Box::pin(async { Ok(Folder(folder)) })
        },
    )
}
