//! Credentials of roles that the provider block assumes. The SDK asks for new ones when they run out.

use std::fmt;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::{self as api, PolicyDescriptorType, Tag};
use infra_provider_sdk::field::duration;

use super::{AssumeRole, WebIdentity};
use crate::error::Explain as _;

/// A configuration whose credentials are those of a role.
pub(super) fn assumed(sdk: SdkConfig, endpoint: Option<&String>, role: &AssumeRole) -> SdkConfig {
    let sts = client(&sdk, endpoint);
    with(sdk, Assumed { sts, role: role.clone() })
}

/// A configuration whose credentials are those that a token of another identity gives.
pub(super) fn identified(
    sdk: SdkConfig,
    endpoint: Option<&String>,
    identity: &WebIdentity,
) -> SdkConfig {
    let sts = client(&sdk, endpoint);
    with(sdk, Identified { sts, identity: identity.clone() })
}

fn client(sdk: &SdkConfig, endpoint: Option<&String>) -> aws_sdk_sts::Client {
    let mut config = aws_sdk_sts::config::Builder::from(sdk);
    if let Some(endpoint) = endpoint {
        config.set_endpoint_url(Some(endpoint.clone()));
    }
    aws_sdk_sts::Client::from_conf(config.build())
}

fn with(sdk: SdkConfig, credentials: impl ProvideCredentials + 'static) -> SdkConfig {
    let shared = SharedCredentialsProvider::new(credentials);
    sdk.into_builder().credentials_provider(shared).build()
}

#[derive(Debug)]
struct Assumed {
    sts: aws_sdk_sts::Client,
    role: AssumeRole,
}

impl Assumed {
    async fn ask(&self) -> provider::Result {
        let role = &self.role;
        let tags = role.tags.iter().flatten();
        let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags: Vec<Tag> = tags.collect::<Result<_, _>>().map_err(CredentialsError::unhandled)?;
        let request = self
            .sts
            .assume_role()
            .set_role_arn(role.role_arn.clone())
            .role_session_name(session(role.session_name.as_ref()))
            .set_duration_seconds(seconds(role.duration.as_ref()))
            .set_external_id(role.external_id.clone().filter(|id| !id.is_empty()))
            .set_policy(role.policy.clone().filter(|policy| !policy.is_empty()))
            .set_policy_arns(arns(role.policy_arns.as_ref().map(|arns| &arns.0)))
            .set_source_identity(role.source_identity.clone().filter(|name| !name.is_empty()))
            .set_tags(Some(tags).filter(|tags| !tags.is_empty()))
            .set_transitive_tag_keys(role.transitive_tag_keys.clone().map(|keys| keys.0));
        let answer = request.send().await.explain("assuming IAM Role");
        found(answer.map_err(refused)?.credentials)
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.ask())
    }
}

struct Identified {
    sts: aws_sdk_sts::Client,
    identity: WebIdentity,
}

/// The token is a secret.
impl fmt::Debug for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("web identity")
    }
}

impl Identified {
    async fn ask(&self) -> provider::Result {
        let identity = &self.identity;
        let token = match (&identity.web_identity_token, &identity.web_identity_token_file) {
            (Some(token), _) if !token.is_empty() => token.clone(),
            (_, Some(file)) => {
                tokio::fs::read_to_string(file).await.map_err(CredentialsError::provider_error)?
            }
            _ => return Err(CredentialsError::not_loaded("no token is set")),
        };
        let request = self
            .sts
            .assume_role_with_web_identity()
            .set_role_arn(identity.role_arn.clone())
            .role_session_name(session(identity.session_name.as_ref()))
            .web_identity_token(token.trim())
            .set_duration_seconds(seconds(identity.duration.as_ref()))
            .set_policy(identity.policy.clone().filter(|policy| !policy.is_empty()))
            .set_policy_arns(arns(identity.policy_arns.as_ref().map(|arns| &arns.0)));
        let answer = request.send().await.explain("assuming IAM Role with web identity");
        found(answer.map_err(refused)?.credentials)
    }
}

impl ProvideCredentials for Identified {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.ask())
    }
}

fn refused(error: infra_provider_sdk::Error) -> CredentialsError {
    let problem = infra_provider::Problem::from(error);
    CredentialsError::provider_error(problem.to_string())
}

fn found(credentials: Option<api::Credentials>) -> provider::Result {
    let found = credentials.ok_or_else(|| CredentialsError::not_loaded("the answer has none"))?;
    let expires = SystemTime::try_from(found.expiration).ok();
    Ok(Credentials::new(
        found.access_key_id,
        found.secret_access_key,
        Some(found.session_token),
        expires,
        "assumed role",
    ))
}

fn session(name: Option<&String>) -> &str {
    name.map(String::as_str).filter(|name| !name.is_empty()).unwrap_or("infra")
}

/// Seconds of a duration that was checked.
fn seconds(text: Option<&String>) -> Option<i32> {
    i32::try_from(duration(text?).ok()?.as_secs()).ok()
}

fn arns(arns: Option<&Vec<String>>) -> Option<Vec<PolicyDescriptorType>> {
    let arns = arns?.iter().map(|arn| PolicyDescriptorType::builder().arn(arn).build());
    Some(arns.collect())
}
