//! The provider `template`, which old configurations use.

mod file;

use infra_addrs::ProviderAddr;
use infra_provider::Schema;
use infra_provider_sdk::{Client, SdkProvider, query};
use infra_value::Value;

use crate::Surroundings;

/// Renders a template with variables.
pub(crate) struct Renderer(pub(crate) fn(&str, &Value) -> Result<Value, String>);

impl Client for Renderer {}

pub(crate) fn provider(surroundings: &Surroundings) -> SdkProvider<Renderer> {
    let types = [query::<file::TemplateFile>()];
    let render = surroundings.render;
    SdkProvider::new(
        ProviderAddr::hashicorp("template"),
        "2.2.0",
        Schema::default(),
        types,
        move |_| Box::pin(async move { Ok(Renderer(render)) }),
    )
}
