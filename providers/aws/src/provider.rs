//! The provider block.

mod checks;
mod endpoints;
mod roles;

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials as _;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use infra_addrs::ProviderAddr;
use infra_aws_http::Route;
use infra_provider::{Calls, Foreign, Problem, Schema};
use infra_provider_sdk::SdkProvider;
use infra_provider_sdk::prelude::*;

use self::roles::Identity;
use crate::clients::{Aws, Settings, Sts};
use crate::error::chain;
use crate::{Overrides, actions, data, ephemeral, lists, regions, resources};

/// The version whose schemas we have.
const VERSION: &str = "5.100.0";

/// The arguments of the provider block.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    access_key: Option<String>,
    allowed_account_ids: Option<Set<String>>,
    custom_ca_bundle: Option<String>,
    ec2_metadata_service_endpoint: Option<String>,
    ec2_metadata_service_endpoint_mode: Option<String>,
    forbidden_account_ids: Option<Set<String>>,
    http_proxy: Option<String>,
    https_proxy: Option<String>,
    insecure: Option<bool>,
    max_retries: Option<u32>,
    no_proxy: Option<String>,
    profile: Option<String>,
    region: Option<String>,
    retry_mode: Option<String>,
    s3_us_east_1_regional_endpoint: Option<String>,
    s3_use_path_style: Option<bool>,
    secret_key: Option<String>,
    shared_config_files: Option<Vec<String>>,
    shared_credentials_files: Option<Vec<String>>,
    skip_credentials_validation: Option<bool>,
    skip_metadata_api_check: Option<String>,
    skip_region_validation: Option<bool>,
    skip_requesting_account_id: Option<bool>,
    sts_region: Option<String>,
    token: Option<String>,
    token_bucket_rate_limiter_capacity: Option<i64>,
    use_dualstack_endpoint: Option<bool>,
    use_fips_endpoint: Option<bool>,
    #[block]
    assume_role: Vec<AssumeRole>,
    #[block]
    assume_role_with_web_identity: Vec<WebIdentity>,
    #[block]
    default_tags: Vec<DefaultTags>,
    #[block]
    ignore_tags: Vec<IgnoreTags>,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct AssumeRole {
    duration: Option<String>,
    external_id: Option<String>,
    policy: Option<String>,
    policy_arns: Option<Set<String>>,
    role_arn: Option<String>,
    session_name: Option<String>,
    source_identity: Option<String>,
    tags: Option<BTreeMap<String, String>>,
    transitive_tag_keys: Option<Set<String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct WebIdentity {
    duration: Option<String>,
    policy: Option<String>,
    policy_arns: Option<Set<String>>,
    role_arn: Option<String>,
    session_name: Option<String>,
    web_identity_token: Option<String>,
    web_identity_token_file: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct DefaultTags {
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct IgnoreTags {
    key_prefixes: Option<Set<String>>,
    keys: Option<Set<String>>,
}

pub(crate) fn provider(overrides: Overrides, calls: Calls) -> SdkProvider<Aws> {
    let mut block = Arguments::block();
    let text = || infra_provider::Attribute {
        optional: true,
        ..infra_provider::Attribute::new(Type::String)
    };
    let endpoints = infra_provider::Block::new(
        endpoints::SERVICES.map(|name| (name.into(), text())).into(),
        BTreeMap::new(),
    );
    let mut blocks = block.blocks.clone();
    blocks.insert(
        "endpoints".into(),
        infra_provider::NestedBlock {
            nesting: infra_provider::Nesting::Set,
            block: endpoints,
            min_items: 0,
            max_items: 0,
            force_new: false,
            computed: false,
            kept: false,
            key: &[],
        },
    );
    block = infra_provider::Block::new(block.attributes, blocks);
    let schema = Schema { block, ..Schema::default() };
    let types = [resources::all(), lists::all(), data::all(), ephemeral::all(), actions::all()];
    let types = types.into_iter().flatten();
    SdkProvider::new(ProviderAddr::hashicorp("aws"), VERSION, schema, types, move |config| {
        let (overrides, calls) = (overrides.clone(), calls.clone());
        Box::pin(async move { configure(&config, &overrides, calls).await })
    })
    .with_checks()
    .with_config_checks(checks::CHECKS)
    .with_moves(refused)
    .with_functions(crate::functions::ALL)
}

/// No type of this provider makes an object of another type into one of its own.
fn refused(type_name: &str, from: &Foreign<'_>) -> std::result::Result<serde_json::Value, Problem> {
    Err(Problem::error(
        "Move Resource State Not Supported",
        format!(
            "An object of the type \"{}\" cannot become one of the type \"{type_name}\". Have it forgotten with a \
             \"removed\" block, and import the other.",
            from.type_name
        ),
    ))
}

async fn configure(
    config: &Value,
    overrides: &Overrides,
    calls: Calls,
) -> std::result::Result<Aws, Vec<Problem>> {
    let given = Arguments::from_object(config);
    let overrides = overrides.read().unwrap_or_else(PoisonError::into_inner).clone();
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = given.region.clone().filter(|region| !region.is_empty()) {
        loader = loader.region(Region::new(region));
    }
    let profile = given.profile.as_deref().filter(|profile| !profile.is_empty());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(files) = profile_files(&given) {
        loader = loader.profile_files(files);
    }
    let overridden = |name: &str| overrides.get(name).cloned();
    let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (key, secret) = (set(&given.access_key), set(&given.secret_key));
    let sandboxed = overridden("AWS_ACCESS_KEY_ID").zip(overridden("AWS_SECRET_ACCESS_KEY"));
    if sandboxed.is_none() && key.is_some() != secret.is_some() {
        return Err(vec![Problem::error(
            "retrieving credentials: static credentials are empty",
            "Of access_key and secret_key of the provider block only one is set. Set both, or none.",
        )]);
    }
    let static_key = key.zip(secret);
    if let Some((key, secret)) = sandboxed.or(static_key) {
        let token = given.token.clone().filter(|token| !token.is_empty());
        loader = loader.credentials_provider(Credentials::new(
            key,
            secret,
            token,
            None,
            "provider block",
        ));
    }
    let endpoint = overridden("AWS_ENDPOINT_URL");
    if let Some(endpoint) = &endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    let endpoints = if endpoint.is_some() { BTreeMap::new() } else { service_endpoints(config) };
    let mut retries = match given.retry_mode.as_deref() {
        Some("adaptive") => RetryConfig::adaptive(),
        None | Some("" | "standard") => RetryConfig::standard(),
        Some(mode) => {
            let detail = "The retry_mode of the provider block is \"standard\" or \"adaptive\".";
            return Err(vec![Problem::error(format!("unknown RetryMode, {mode}"), detail)]);
        }
    };
    retries = retries
        .with_max_attempts(given.max_retries.map_or(5, |retries| retries + 1))
        .with_max_backoff(Duration::from_secs(20));
    loader = loader.retry_config(retries);
    if let Some(fips) = given.use_fips_endpoint {
        loader = loader.use_fips(fips);
    }
    if let Some(dual) = given.use_dualstack_endpoint {
        loader = loader.use_dual_stack(dual);
    }
    let mut sdk = loader.http_client(http_client(&given, &[])?).load().await;
    let by_hand = sdk.endpoint_url().into_iter().chain(endpoints.values().map(String::as_str));
    let by_hand: Vec<&str> = by_hand.collect();
    // Where only some services have an endpoint of their own, the others are at AWS.
    if sdk.endpoint_url().is_some() {
        let client = http_client(&given, &by_hand)?;
        sdk = sdk.to_builder().http_client(client).build();
    }
    if sdk.region().is_none() {
        return Err(vec![Problem::error(
            "Missing region configuration",
            "Every call goes to a region, and none is set. Set region in the provider block, or AWS_REGION.",
        )]);
    }
    check_region(&sdk, &given)?;
    if sandboxed_roles(&overrides) {
        return finish(&sdk, &given, endpoints, Sts::default(), calls).await;
    }
    // Where no single service has an endpoint of its own, that of all holds.
    let region = given.sts_region.clone().filter(|region| !region.is_empty());
    let sts = Sts { endpoint: endpoints.get("sts").cloned(), region };
    let web = given.assume_role_with_web_identity.iter().cloned().map(Identity::Web);
    let named = |role: &&AssumeRole| role.role_arn.as_deref().is_some_and(|arn| !arn.is_empty());
    let named = given.assume_role.iter().filter(named).cloned().map(Identity::Role);
    for identity in web.chain(named) {
        sdk = roles::assumed(sdk, &sts, identity);
    }
    finish(&sdk, &given, endpoints, sts, calls).await
}

/// The client for calls to these endpoints. As in Terraform, the proxy for HTTP is also that for HTTPS if there is no other.
fn http_client(
    given: &Arguments,
    endpoints: &[&str],
) -> std::result::Result<SharedHttpClient, Vec<Problem>> {
    let of = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let route = Route {
        http_proxy: of(&given.http_proxy),
        https_proxy: of(&given.https_proxy).or_else(|| of(&given.http_proxy)),
        no_proxy: of(&given.no_proxy),
        custom_ca_bundle: of(&given.custom_ca_bundle),
        insecure: given.insecure == Some(true),
    };
    infra_aws_http::client(&route, endpoints).map_err(|(argument, problem)| {
        let path = Path::of(&argument);
        vec![
            Problem::error(format!("The argument \"{argument}\" cannot be used"), problem).at(path),
        ]
    })
}

/// Sees that the region is one that there is.
fn check_region(
    sdk: &aws_config::SdkConfig,
    given: &Arguments,
) -> std::result::Result<(), Vec<Problem>> {
    let region = sdk.region().map(Region::as_ref).unwrap_or_default();
    if given.skip_region_validation == Some(true) || regions::description(region).is_some() {
        return Ok(());
    }
    let detail = "AWS has no region of that name. Where an endpoint has regions of its own, set \
                  skip_region_validation in the provider block.";
    let problem = Problem::error(format!("invalid AWS Region: {region}"), detail);
    Err(vec![problem.suggest(region, regions::names())])
}

/// In the sandbox there are no roles to assume.
fn sandboxed_roles(overrides: &BTreeMap<&'static str, String>) -> bool {
    overrides.contains_key("AWS_ENDPOINT_URL")
}

async fn finish(
    sdk: &aws_config::SdkConfig,
    given: &Arguments,
    endpoints: BTreeMap<String, String>,
    sts: Sts,
    calls: Calls,
) -> std::result::Result<Aws, Vec<Problem>> {
    let ignored = given.ignore_tags.first().cloned().unwrap_or_default();
    let default_tags = given.default_tags.first().cloned();
    let custom = sdk.endpoint_url().is_some() || endpoints.contains_key("s3");
    let settings = Settings {
        default_tags: default_tags.and_then(|tags| tags.tags).unwrap_or_default(),
        ignored_keys: ignored.keys.map(|keys| keys.0).unwrap_or_default(),
        ignored_prefixes: ignored.key_prefixes.map(|keys| keys.0).unwrap_or_default(),
        skip_account_id: given.skip_requesting_account_id == Some(true),
        // A bucket name is no host name of an emulator.
        s3_path_style: given.s3_use_path_style.unwrap_or(custom),
        endpoints,
        sts,
    };
    check_credentials(sdk, given).await?;
    let aws = Aws::new(sdk, settings, calls);
    check_account(&aws, given).await?;
    Ok(aws)
}

/// Sees that there are credentials, before anything is planned that could not be done.
async fn check_credentials(
    sdk: &aws_config::SdkConfig,
    given: &Arguments,
) -> std::result::Result<(), Vec<Problem>> {
    let profile = given.profile.as_deref().filter(|profile| !profile.is_empty());
    let Some(provider) = sdk.credentials_provider() else { return Ok(()) };
    match provider.provide_credentials().await {
        Ok(_) => Ok(()),
        Err(error) => Err(vec![Problem::error(
            match (profile, given.assume_role.is_empty()) {
                (_, false) => "Cannot assume IAM Role".to_owned(),
                (Some(profile), _) => format!("failed to get shared config profile, {profile}"),
                (None, true) => "No valid credential sources found".to_owned(),
            },
            format!(
                "Every call needs credentials, and none were found{}. Set access_key and secret_key in the provider \
                 block, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or choose a profile with AWS_PROFILE. ({})",
                profile.map(|profile| format!(" in the profile {profile:?}")).unwrap_or_default(),
                chain(&error)
            ),
        )]),
    }
}

/// Sees that the account is one that the configuration allows.
async fn check_account(aws: &Aws, given: &Arguments) -> std::result::Result<(), Vec<Problem>> {
    let allowed = given.allowed_account_ids.clone().unwrap_or_default();
    let forbidden = given.forbidden_account_ids.clone().unwrap_or_default();
    if allowed.is_empty() && forbidden.is_empty() {
        return Ok(());
    }
    let account = aws.account().await.map_err(|error| vec![error.into()])?;
    let permitted = (allowed.is_empty() || allowed.iter().any(|id| id == account))
        && !forbidden.iter().any(|id| id == account);
    if permitted {
        return Ok(());
    }
    let detail = format!(
        "The credentials are of the AWS account {account}, which the provider block does not allow."
    );
    Err(vec![Problem::error("AWS account ID not allowed", detail)])
}

fn profile_files(given: &Arguments) -> Option<aws_runtime::env_config::file::EnvConfigFiles> {
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    let configs = given.shared_config_files.clone().unwrap_or_default();
    let credentials = given.shared_credentials_files.clone().unwrap_or_default();
    if configs.is_empty() && credentials.is_empty() {
        return None;
    }
    let mut files = EnvConfigFiles::builder();
    files = files
        .include_default_config_file(configs.is_empty())
        .include_default_credentials_file(credentials.is_empty());
    for path in configs {
        files = files.with_file(EnvConfigFileKind::Config, path);
    }
    for path in credentials {
        files = files.with_file(EnvConfigFileKind::Credentials, path);
    }
    Some(files.build())
}

fn service_endpoints(config: &Value) -> BTreeMap<String, String> {
    let blocks = config.get("endpoints").and_then(Value::as_sequence).unwrap_or_default();
    let entries = blocks.iter().filter_map(Value::as_map).flatten();
    let set = entries.filter_map(|(name, url)| {
        Some((endpoints::plain_name(name).to_owned(), url.as_str()?.to_owned()))
    });
    set.filter(|(_, url)| !url.is_empty()).collect()
}
