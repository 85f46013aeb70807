//! The arguments of the backend block, and the clients that they make.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_smithy_http_client::tls::Provider as Tls;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use infra_provider::{Attribute, Block, Schema};
use infra_value::{Str, Type, Value};

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
        optional(Type::object(parts.into_iter().map(|(name, ty)| (Str::from(name), ty))))
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
    let role = vec![
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
    Schema { version: 0, block: Block::new(attributes, BTreeMap::new()) }
}

/// A string argument that is set and not empty.
pub(crate) fn text<'v>(config: &'v Value, name: &str) -> Option<&'v str> {
    config.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// A bool argument.
pub(crate) fn flag(config: &Value, name: &str) -> bool {
    config.get(name).and_then(Value::as_bool).unwrap_or(false)
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
    let secure = aws_smithy_http_client::Builder::new()
        .tls_provider(Tls::Rustls(CryptoMode::Ring))
        .build_https();
    let mut sdk = loader.http_client(secure).load().await;
    if sdk.endpoint_url().is_some_and(|url| url.starts_with("http://")) {
        sdk = sdk
            .into_builder()
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
    }
    if sdk.region().is_none() {
        return Err(
            "The backend \"s3\" needs a region: set it in the block, or as AWS_REGION.".to_owned()
        );
    }
    let role = config.get("assume_role").filter(|role| !role.is_null());
    if let Some(arn) =
        role.and_then(|role| text(role, "role_arn")).or_else(|| text(config, "role_arn"))
        && overrides.is_empty()
    {
        let name = role.and_then(|role| text(role, "session_name")).unwrap_or("infra");
        let mut builder =
            aws_config::sts::AssumeRoleProvider::builder(arn).configure(&sdk).session_name(name);
        if let Some(id) = role.and_then(|role| text(role, "external_id")) {
            builder = builder.external_id(id);
        }
        let assumed =
            aws_credential_types::provider::SharedCredentialsProvider::new(builder.build().await);
        sdk = sdk.into_builder().credentials_provider(assumed).build();
    }
    Ok(sdk)
}

/// The endpoint that the configuration sets for a service.
pub(crate) fn endpoint(config: &Value, service: &str, old: &str) -> Option<String> {
    let endpoints = config.get("endpoints").and_then(|endpoints| text(endpoints, service));
    endpoints.or_else(|| text(config, old)).map(str::to_owned)
}
