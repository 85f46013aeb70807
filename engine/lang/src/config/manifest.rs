//! Which modules are installed, and where: `.terraform/modules/modules.json` as Terraform writes it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// The modules that are installed, by the names of the calls that lead to them, with dots between.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Manifest(pub BTreeMap<String, Installed>);

/// One module that is installed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Installed {
    /// The source as it was asked for, written in full.
    pub source: String,
    /// The version that was chosen, if it comes from a registry.
    pub version: Option<String>,
    /// Its folder, relative to that of the root module.
    pub dir: String,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// A sentence on what is wrong with it.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let json: Json = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        let field =
            |module: &Json, name: &str| module.get(name).and_then(Json::as_str).map(str::to_owned);
        let modules = json.get("Modules").and_then(Json::as_array).into_iter().flatten();
        let entries = modules.map(|module| {
            let installed = Installed {
                source: field(module, "Source").unwrap_or_default(),
                version: field(module, "Version"),
                dir: field(module, "Dir").unwrap_or_default(),
            };
            (field(module, "Key").unwrap_or_default(), installed)
        });
        Ok(Self(entries.collect()))
    }

    /// The manifest as a file has it.
    pub fn to_json(&self) -> String {
        let entries = self.0.iter().map(|(key, module)| {
            let mut entry = json!({ "Key": key, "Source": module.source });
            if let Some(version) = &module.version {
                entry["Version"] = json!(version);
            }
            entry["Dir"] = json!(module.dir);
            entry
        });
        json!({ "Modules": entries.collect::<Vec<_>>() }).to_string()
    }
}
