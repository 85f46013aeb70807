//! Packages behind an address of the web.

use std::collections::BTreeMap;
use std::time::Duration;

use infra_lang::config::{Package, Source};

use crate::archive;

/// What an address answers.
pub(crate) enum Answer {
    /// The package.
    Archive(Vec<u8>, archive::Kind),
    /// Where the package is.
    Elsewhere(Package),
}

/// An answer with what matters of its headers.
pub(crate) struct Response {
    /// The status.
    pub(crate) status: u16,
    /// Where the package is, if the answer says so.
    pub(crate) location: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// Makes requests.
pub(crate) struct Client {
    agent: ureq::Agent,
    tokens: BTreeMap<String, String>,
}

/// No package is larger.
const LARGEST: u64 = 1 << 30;

impl Client {
    pub(crate) fn new(tokens: BTreeMap<String, String>) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(300)))
            .http_status_as_error(false)
            .build();
        Self { agent: config.into(), tokens }
    }

    /// The answer to a GET request.
    pub(crate) fn get(&self, url: &str) -> Result<Response, String> {
        let mut request = self.agent.get(url);
        if let Some(token) = self.tokens.get(host(url)) {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut response = request.call().map_err(|error| format!("{url}: {error}"))?;
        let location = response.headers().get("X-Terraform-Get");
        let location = location.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        let body = body.map_err(|error| format!("{url}: {error}"))?;
        Ok(Response { status: response.status().as_u16(), location, body })
    }

    /// What there is for a package at an address.
    pub(crate) fn package(&self, url: &str) -> Result<Answer, String> {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let named = query.split('&').find_map(|pair| pair.strip_prefix("archive="));
        if let Some(kind) = archive::Kind::of(named.unwrap_or(path)) {
            let own = query.split('&').filter(|pair| !pair.starts_with("archive="));
            let query = own.collect::<Vec<_>>().join("&");
            let address =
                if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
            let response = self.get(&address)?;
            return match response.status {
                200 => Ok(Answer::Archive(response.body, kind)),
                status => Err(format!("{address} answers with status {status}")),
            };
        }
        let joint = if query.is_empty() { "?" } else { "&" };
        let response = self.get(&format!("{url}{joint}terraform-get=1"))?;
        if response.status >= 400 {
            return Err(format!("{url} answers with status {}", response.status));
        }
        let page = String::from_utf8_lossy(&response.body).into_owned();
        match response.location.or_else(|| meta(&page)) {
            Some(location) => elsewhere(url, &location).map(Answer::Elsewhere),
            None => Err(format!("{url} is no archive, and does not say where one is")),
        }
    }
}

/// The host of an address, with its port.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// What `<meta name="terraform-get" content="...">` says.
fn meta(page: &str) -> Option<String> {
    let after = page.split("terraform-get").nth(1)?;
    let content = after.split("content=").nth(1)?;
    let quote = content.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    content[1..].split(quote).next().map(str::to_owned)
}

/// The package that an answer names, in an address of its own or one that starts from that of the answer.
pub(crate) fn elsewhere(url: &str, location: &str) -> Result<Package, String> {
    let relative = location.starts_with("./") || location.starts_with("../");
    let absolute = if relative || location.starts_with('/') {
        resolved(url, location)
    } else {
        location.to_owned()
    };
    match Source::parse(&absolute, false) {
        Ok(Source::Package(package)) => Ok(package),
        _ => Err(format!("{url} says that the package is at \"{location}\", which is no address")),
    }
}

/// A path that starts from an address.
pub(crate) fn resolved(url: &str, path: &str) -> String {
    if path.contains("://") {
        return path.to_owned();
    }
    let base = url.split('?').next().unwrap_or(url);
    let start = base.find("://").map_or(0, |at| at + 3);
    let root = base[start..].find('/').map_or(base.len(), |at| start + at);
    if path.starts_with('/') {
        return format!("{}{path}", &base[..root]);
    }
    let mut parts: Vec<&str> = base[root..].split('/').filter(|part| !part.is_empty()).collect();
    if !base.ends_with('/') {
        parts.pop();
    }
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{}/{}", &base[..root], parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_starts_from_the_address_that_names_it() {
        let base = "https://host/v1/a/b";
        assert_eq!(resolved(base, "./x.zip"), "https://host/v1/a/x.zip");
        assert_eq!(resolved(base, "../x.zip"), "https://host/v1/x.zip");
        assert_eq!(resolved(base, "/x.zip"), "https://host/x.zip");
        assert_eq!(resolved("https://host/v1/", "x/"), "https://host/v1/x/");
        assert_eq!(resolved(base, "https://other/x"), "https://other/x");
    }
}
