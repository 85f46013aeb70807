//! The arguments of the backend block, and the clients that they make.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use infra_aws_http::Route;
use infra_provider::{Attribute, Block, Schema};
use infra_value::{ObjectType, Str, Type, Value};

/// Arguments that are strings.
const TEXTS: [&str; 25] = [
    "access_key",
    "acl",
    "bucket",
    "custom_ca_bundle",
    "dynamodb_endpoint",
    "dynamodb_table",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "endpoint",
    "http_proxy",
    "https_proxy",
    "iam_endpoint",
    "key",
    "kms_key_id",
    "no_proxy",
    "profile",
    "region",
    "retry_mode",
    "secret_key",
    "shared_credentials_file",
    "sse_customer_key",
    "sts_endpoint",
    "sts_region",
    "token",
    "workspace_key_prefix",
];

/// Arguments that are bools.
const FLAGS: [&str; 12] = [
    "encrypt",
    "force_path_style",
    "insecure",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "skip_s3_checksum",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "use_lockfile",
    "use_path_style",
];

/// Arguments that are sets of strings.
const LISTS: [&str; 4] = [
    "allowed_account_ids",
    "forbidden_account_ids",
    "shared_config_files",
    "shared_credentials_files",
];

/// Services whose endpoint can be set.
const ENDPOINTS: [&str; 5] = ["dynamodb", "iam", "s3", "sso", "sts"];

/// The arguments of the backend `s3`: those of Terraform 1.11, since `init` remembers a hash over all of them. Flags are
/// strings and bools as Terraform has them.
pub fn schema() -> Schema {
    let optional = |ty: Type| Attribute { optional: true, ..Attribute::new(ty) };
    let object = |parts: Vec<(&str, Type)>| {
        let attributes: BTreeMap<Str, Type> =
            parts.into_iter().map(|(name, ty)| (Str::from(name), ty)).collect();
        let optional_parts = attributes.keys().cloned().collect();
        optional(Type::Object(Arc::new(ObjectType { attributes, optional: optional_parts })))
    };
    let mut attributes: BTreeMap<Str, Attribute> = BTreeMap::new();
    attributes.extend(TEXTS.map(|name| (name.into(), optional(Type::String))));
    attributes.extend(FLAGS.map(|name| (name.into(), optional(Type::Bool))));
    attributes.extend(LISTS.map(|name| (name.into(), optional(Type::set(Type::String)))));
    attributes.insert("max_retries".into(), optional(Type::Number));
    for name in ["bucket", "key"] {
        attributes
            .insert(name.into(), Attribute { required: true, ..Attribute::new(Type::String) });
    }
    let role = [
        ("duration", Type::String),
        ("policy", Type::String),
        ("policy_arns", Type::set(Type::String)),
        ("role_arn", Type::String),
        ("session_name", Type::String),
    ];
    let assumed = vec![
        ("external_id", Type::String),
        ("source_identity", Type::String),
        ("tags", Type::map(Type::String)),
        ("transitive_tag_keys", Type::set(Type::String)),
    ];
    let identity =
        vec![("web_identity_token", Type::String), ("web_identity_token_file", Type::String)];
    let with = |more: Vec<(&'static str, Type)>| role.iter().cloned().chain(more).collect();
    attributes.insert("assume_role".into(), object(with(assumed)));
    attributes.insert("assume_role_with_web_identity".into(), object(with(identity)));
    let endpoints = ENDPOINTS.map(|name| (name, Type::String));
    attributes.insert("endpoints".into(), object(endpoints.into()));
    Schema { block: Block::new(attributes, BTreeMap::new()), ..Schema::default() }
}

/// A string argument that is set and not empty.
pub(crate) fn text<'v>(config: &'v Value, name: &str) -> Option<&'v str> {
    config.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// A bool argument.
pub(crate) fn flag(config: &Value, name: &str) -> bool {
    config.get(name).and_then(Value::as_bool).unwrap_or(false)
}

/// The strings of a list or set argument.
pub(crate) fn texts(config: &Value, name: &str) -> Vec<String> {
    let items = config.get(name).and_then(Value::as_sequence).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// What the clients are made from.
pub(crate) async fn load(
    config: &Value,
    overrides: &BTreeMap<&'static str, String>,
) -> Result<SdkConfig, String> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = text(config, "region") {
        loader = loader.region(Region::new(region.to_owned()));
    }
    if let Some(profile) = text(config, "profile") {
        loader = loader.profile_name(profile);
    }
    if let Some(files) = files(config) {
        loader = loader.profile_files(files);
    }
    if flag(config, "use_fips_endpoint") {
        loader = loader.use_fips(true);
    }
    if flag(config, "use_dualstack_endpoint") {
        loader = loader.use_dual_stack(true);
    }
    loader = loader.retry_config(retries(config)?);
    let of = |name: &str| overrides.get(name).map(String::as_str);
    let sandboxed = of("AWS_ACCESS_KEY_ID").zip(of("AWS_SECRET_ACCESS_KEY"));
    let given = text(config, "access_key").zip(text(config, "secret_key"));
    if let Some((key, secret)) = sandboxed.or(given) {
        let token = text(config, "token").map(str::to_owned);
        loader = loader.credentials_provider(Credentials::new(
            key,
            secret,
            token,
            None,
            "backend block",
        ));
    }
    if let Some(endpoint) = of("AWS_ENDPOINT_URL") {
        loader = loader.endpoint_url(endpoint);
    }
    let sdk = loader.http_client(client(config, &[])?).load().await;
    let s3 = endpoint(config, "s3", "endpoint");
    let endpoints: Vec<&str> = sdk.endpoint_url().into_iter().chain(s3.as_deref()).collect();
    let mut sdk = match endpoints.is_empty() {
        true => sdk,
        false => sdk.to_builder().http_client(client(config, &endpoints)?).build(),
    };
    if sdk.region().is_none() {
        return Err(
            "The backend \"s3\" needs a region: set it in the block, or as AWS_REGION.".to_owned()
        );
    }
    if overrides.is_empty() {
        sdk = crate::role::assumed(sdk, config)?;
        check_account(&sdk, config).await?;
    }
    Ok(sdk)
}

/// The files with profiles, where the block names them.
fn files(config: &Value) -> Option<EnvConfigFiles> {
    let settings = texts(config, "shared_config_files");
    let mut credentials = texts(config, "shared_credentials_files");
    credentials.extend(text(config, "shared_credentials_file").map(str::to_owned));
    if settings.is_empty() && credentials.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder()
        .include_default_config_file(settings.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for path in settings {
        files = files.with_file(EnvConfigFileKind::Config, path);
    }
    for path in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, path);
    }
    Some(files.build())
}

/// How often a call is tried.
fn retries(config: &Value) -> Result<RetryConfig, String> {
    let retries = match text(config, "retry_mode") {
        None | Some("standard") => RetryConfig::standard(),
        Some("adaptive") => RetryConfig::adaptive(),
        Some(other) => {
            return Err(format!(
                "The retry_mode is \"standard\" or \"adaptive\", not \"{other}\"."
            ));
        }
    };
    let attempts = config.get("max_retries").and_then(Value::as_i64).unwrap_or(5);
    let attempts = u32::try_from(attempts).map_err(|_| "max_retries must not be negative.")?;
    Ok(retries.with_max_attempts(attempts.max(1)))
}

/// The client for connections to these endpoints.
fn client(config: &Value, endpoints: &[&str]) -> Result<SharedHttpClient, String> {
    let of = |name: &str| text(config, name).map(str::to_owned);
    let route = Route {
        http_proxy: of("http_proxy"),
        https_proxy: of("https_proxy"),
        no_proxy: of("no_proxy"),
        custom_ca_bundle: of("custom_ca_bundle"),
        insecure: flag(config, "insecure"),
    };
    infra_aws_http::client(&route, endpoints)
        .map_err(|(argument, problem)| format!("{argument}: {problem}"))
}

/// Refuses to work in an account that the block excludes.
async fn check_account(sdk: &SdkConfig, config: &Value) -> Result<(), String> {
    let (allowed, forbidden) =
        (texts(config, "allowed_account_ids"), texts(config, "forbidden_account_ids"));
    let unasked = flag(config, "skip_requesting_account_id");
    if unasked || (allowed.is_empty() && forbidden.is_empty()) {
        return Ok(());
    }
    let mut builder = aws_sdk_sts::config::Builder::from(sdk);
    if let Some(url) = endpoint(config, "sts", "sts_endpoint") {
        builder.set_endpoint_url(Some(url));
    }
    let sts = aws_sdk_sts::Client::from_conf(builder.build());
    let answer = sts.get_caller_identity().send().await.map_err(|error| {
        crate::error::refused("The account of the credentials could not be found out", &error).0
    })?;
    let account = answer.account().unwrap_or_default();
    let excluded = forbidden.iter().any(|id| id == account)
        || (!allowed.is_empty() && !allowed.iter().any(|id| id == account));
    if excluded {
        return Err(format!(
            "The credentials belong to the account {account}, in which the backend must not be."
        ));
    }
    Ok(())
}

/// The endpoint that the configuration sets for a service.
pub(crate) fn endpoint(config: &Value, service: &str, old: &str) -> Option<String> {
    let endpoints = config.get("endpoints").and_then(|endpoints| text(endpoints, service));
    endpoints.or_else(|| text(config, old)).map(str::to_owned)
}
