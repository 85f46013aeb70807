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
use crate::clients::Sts;
use crate::error::Explain as _;

/// Who the credentials are of.
pub(super) enum Identity {
    /// A role that other credentials may assume.
    Role(AssumeRole),
    /// A role that a token of another identity gives.
    Web(WebIdentity),
}

/// A configuration whose credentials are those of a role.
pub(super) fn assumed(sdk: SdkConfig, sts: &Sts, identity: Identity) -> SdkConfig {
    let sts = aws_sdk_sts::Client::from_conf(sts.config(&sdk).build());
    let shared = SharedCredentialsProvider::new(Assumed { sts, identity });
    sdk.into_builder().credentials_provider(shared).build()
}

struct Assumed {
    sts: aws_sdk_sts::Client,
    identity: Identity,
}

/// A token is a secret.
impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("assumed role")
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            match &self.identity {
                Identity::Role(role) => assume(&self.sts, role).await,
                Identity::Web(identity) => identify(&self.sts, identity).await,
            }
        })
    }
}

async fn assume(sts: &aws_sdk_sts::Client, role: &AssumeRole) -> provider::Result {
    let tags = role.tags.iter().flatten();
    let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags: Vec<Tag> = tags.collect::<Result<_, _>>().map_err(CredentialsError::unhandled)?;
    let request = sts
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

async fn identify(sts: &aws_sdk_sts::Client, identity: &WebIdentity) -> provider::Result {
    let token = match (&identity.web_identity_token, &identity.web_identity_token_file) {
        (Some(token), _) if !token.is_empty() => token.clone(),
        (_, Some(file)) => {
            tokio::fs::read_to_string(file).await.map_err(CredentialsError::provider_error)?
        }
        _ => return Err(CredentialsError::not_loaded("no token is set")),
    };
    let request = sts
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
