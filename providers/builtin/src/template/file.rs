use infra_provider_sdk::prelude::*;
use sha2::Digest as _;

use super::Renderer;

/// A template rendered with variables. New configurations use the function `templatefile`.
///
/// ```hcl
/// data "template_file" "init" {
///   template = "Hello, $${name}!"
///   vars     = { name = "you" }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "template_file")]
pub(crate) struct TemplateFile {
    /// The template.
    template: Option<String>,
    /// A file with the template.
    #[attr(deprecated = "Use the template argument with the function file instead.")]
    filename: Option<String>,
    /// The variables.
    vars: Option<BTreeMap<String, String>>,
    /// The text.
    rendered: Computed<String>,
    /// SHA-256 of the text.
    id: Computed<String>,
}

impl Query for TemplateFile {
    type Client = Renderer;

    async fn read(renderer: &Renderer, query: &Self) -> Result<Self> {
        let template =
            query.template.clone().or_else(|| query.filename.clone()).unwrap_or_default();
        let items = query.vars.clone().unwrap_or_default();
        let variables = Value::object(
            items.iter().map(|(name, value)| (name.as_str(), Value::from(value.as_str()))),
        );
        let rendered = (renderer.0)(&template, &variables).map_err(Error::new)?;
        let text = rendered.as_str().unwrap_or_default().to_owned();
        let hash: String =
            sha2::Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { rendered: text.into(), id: hash.into(), ..query.clone() })
    }
}
