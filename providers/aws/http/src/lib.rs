//! The HTTP client between us and AWS, for the provider `aws` and the backend `s3`: through which proxies it goes, which
//! certificates it trusts, and that none are loaded where no endpoint needs them.

use std::sync::OnceLock;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider as Tls, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// How services are reached, as far as a configuration says it. Else the variables `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` and
/// `AWS_CA_BUNDLE` say it, which are read here as the SDK reads its own.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Route {
    /// The proxy to endpoints that begin with `http://`.
    pub http_proxy: Option<String>,
    /// The proxy to endpoints that begin with `https://`.
    pub https_proxy: Option<String>,
    /// Hosts that are reached directly, separated by commas.
    pub no_proxy: Option<String>,
    /// A file of certificates to trust besides those of the system.
    pub custom_ca_bundle: Option<String>,
    /// Whether any certificate is to be trusted, which is refused.
    pub insecure: bool,
}

/// A client for these endpoints, as far as they are set by hand: without any, it is for those of AWS. Clients for the same
/// sort of endpoints share their connections, unless a route is given.
///
/// # Errors
/// What is wrong with the route: the argument and a sentence.
pub fn client(route: &Route, endpoints: &[&str]) -> Result<SharedHttpClient, (String, String)> {
    let all =
        |test: fn(&str) -> bool| !endpoints.is_empty() && endpoints.iter().all(|url| test(url));
    let plain = all(|url| url.starts_with("http://"));
    let here = all(is_here);
    if *route != Route::default() {
        return made(route, plain, here);
    }
    static SHARED: [OnceLock<SharedHttpClient>; 4] = [const { OnceLock::new() }; 4];
    let shared = &SHARED[usize::from(plain) + 2 * usize::from(here)];
    match shared.get() {
        Some(client) => Ok(client.clone()),
        None => made(route, plain, here).map(|made| shared.get_or_init(|| made).clone()),
    }
}

/// Whether an endpoint is on this machine, where no proxy leads to.
fn is_here(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["localhost", "127.", "[::1]"].iter().any(|name| host.starts_with(name))
}

fn made(route: &Route, plain: bool, here: bool) -> Result<SharedHttpClient, (String, String)> {
    if route.insecure {
        let problem = "It is not supported to trust any certificate: name the certificate of the service as \
                       custom_ca_bundle instead.";
        return Err(("insecure".to_owned(), problem.to_owned()));
    }
    let proxies = proxies(route, plain, here)?;
    // Where nothing is encrypted no certificate matters.
    let context = if plain { TlsContext::default() } else { context(route)? };
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder().proxy_config(proxies.clone());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        if plain {
            return connector.build_http();
        }
        connector.tls_provider(Tls::Rustls(CryptoMode::Ring)).tls_context(context.clone()).build()
    }))
}

/// The certificates to trust.
fn context(route: &Route) -> Result<TlsContext, (String, String)> {
    #[expect(clippy::disallowed_methods, reason = "a variable of AWS, as the SDK reads its own")]
    let named = || std::env::var("AWS_CA_BUNDLE").ok().filter(|path| !path.is_empty());
    let Some(path) = route.custom_ca_bundle.clone().or_else(named) else {
        return Ok(TlsContext::default());
    };
    let wrong = |error: &dyn std::fmt::Display| {
        let named =
            if route.custom_ca_bundle.is_none() { ", which AWS_CA_BUNDLE names," } else { "" };
        ("custom_ca_bundle".to_owned(), format!("{path}{named} cannot be used: {error}."))
    };
    let bundle = std::fs::read(&path).map_err(|error| wrong(&error))?;
    let store = TrustStore::empty().with_native_roots(true).with_pem_certificate(bundle);
    TlsContext::builder().with_trust_store(store).build().map_err(|error| wrong(&error))
}

/// The proxies between us and the service.
fn proxies(route: &Route, plain: bool, here: bool) -> Result<ProxyConfig, (String, String)> {
    let (name, url) = match plain {
        true => ("http_proxy", &route.http_proxy),
        false => ("https_proxy", &route.https_proxy),
    };
    let proxy = match url {
        Some(url) if plain => ProxyConfig::http(url),
        Some(url) => ProxyConfig::https(url),
        None if here => return Ok(ProxyConfig::disabled()),
        None => return Ok(ProxyConfig::from_env()),
    };
    let proxy = proxy.map_err(|error| (name.to_owned(), format!("It is no address: {error}.")))?;
    Ok(match &route.no_proxy {
        Some(rules) => proxy.no_proxy(rules),
        None => proxy,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(route: &Route) -> String {
        client(route, &[]).err().map(|(argument, _)| argument).unwrap_or_default()
    }

    #[test]
    fn arguments_that_cannot_be_used_are_named() {
        let of = |text: &str| Some(text.to_owned());
        let wrong = Route { insecure: true, ..Route::default() };
        assert_eq!(problem(&wrong), "insecure");
        let wrong = Route { https_proxy: of("::"), ..Route::default() };
        assert_eq!(problem(&wrong), "https_proxy");
        let wrong = Route { custom_ca_bundle: of("missing.pem"), ..Route::default() };
        assert_eq!(problem(&wrong), "custom_ca_bundle");
        assert_eq!(problem(&Route::default()), "");
    }

    #[test]
    fn no_proxy_leads_to_this_machine() {
        assert!(is_here("http://127.0.0.1:5000") && is_here("https://localhost:4566"));
        assert!(!is_here("http://moto.example:5000") && !is_here("https://10.0.0.1"));
    }
}
