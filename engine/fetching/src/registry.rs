//! Module registries: discovery of the service, versions, and where a version is.

use std::collections::BTreeMap;

use infra_lang::config::{Package, newest};
use serde_json::Value as Json;

use crate::http::{Client, elsewhere, resolved};

/// The registries, and what they said.
pub(crate) struct Registries {
    pub(crate) client: Client,
    services: BTreeMap<String, String>,
}

/// A version of a module, and its package.
pub(crate) struct Found {
    pub(crate) version: String,
    pub(crate) package: Package,
}

impl Registries {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, services: BTreeMap::new() }
    }

    /// The newest version of a module that is wanted.
    pub(crate) fn find(
        &mut self,
        host: &str,
        module: &str,
        wanted: Option<&str>,
    ) -> Result<Found, String> {
        let service = self.service(host)?;
        let versions = format!("{service}{module}/versions");
        let answer = self.client.get(&versions)?;
        match answer.status {
            200 => {}
            404 => return Err(format!("there is no module \"{module}\" at {host}")),
            status => return Err(format!("{versions} answers with status {status}")),
        }
        let json = parsed(&versions, &answer.body)?;
        let listed = json.pointer("/modules/0/versions").and_then(Json::as_array);
        let listed: Vec<&str> = listed
            .into_iter()
            .flatten()
            .filter_map(|version| version.get("version").and_then(Json::as_str))
            .collect();
        let Some(version) = newest(listed.iter().copied(), wanted) else {
            return Err(format!(
                "no version is wanted by the constraint {}; there are {}",
                wanted.unwrap_or("(any)"),
                listed.join(", ")
            ));
        };
        let download = format!("{service}{module}/{version}/download");
        let answer = self.client.get(&download)?;
        let location = answer.location.or_else(|| {
            let json: Json = serde_json::from_slice(&answer.body).ok()?;
            json.get("location").and_then(Json::as_str).map(str::to_owned)
        });
        let location =
            location.ok_or_else(|| format!("{download} does not say where the module is"))?;
        Ok(Found { version: version.to_owned(), package: elsewhere(&download, &location)? })
    }

    /// The address of the service for modules at a host.
    fn service(&mut self, host: &str) -> Result<String, String> {
        if let Some(known) = self.services.get(host) {
            return Ok(known.clone());
        }
        // Nothing leaves the machine on the way to itself.
        let local = host.starts_with("127.0.0.1:") || host.starts_with("localhost.localdomain:");
        let scheme = if local { "http" } else { "https" };
        let discovery = format!("{scheme}://{host}/.well-known/terraform.json");
        let answer = self.client.get(&discovery)?;
        if answer.status != 200 {
            return Err(format!("{discovery} answers with status {}", answer.status));
        }
        let json = parsed(&discovery, &answer.body)?;
        let service = json.get("modules.v1").and_then(Json::as_str);
        let service = service.ok_or_else(|| format!("{host} is no registry of modules"))?;
        let mut service = resolved(&discovery, service);
        if !service.ends_with('/') {
            service.push('/');
        }
        self.services.insert(host.to_owned(), service.clone());
        Ok(service)
    }
}

fn parsed(url: &str, body: &[u8]) -> Result<Json, String> {
    serde_json::from_slice(body).map_err(|error| format!("{url} is not JSON: {error}"))
}
