//! Roles: credentials that STS gives for a while, in exchange for others or for a token.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::types::{Credentials as Given, PolicyDescriptorType, Tag};
use infra_value::Value;

use crate::settings::{text, texts};

/// How the credentials of a role are got.
#[derive(Debug)]
struct Role {
    sts: aws_sdk_sts::Client,
    /// The object `assume_role` or `assume_role_with_web_identity`.
    config: Value,
    duration: Option<i32>,
    /// A token takes the place of credentials.
    web_identity: bool,
}

/// The same configuration with the rights of the roles that the arguments name.
///
/// # Errors
/// What is wrong with the arguments.
pub(crate) fn assumed(sdk: SdkConfig, config: &Value) -> Result<SdkConfig, String> {
    let mut sdk = sdk;
    // A role that is got for a token may be what another role is assumed with.
    for (name, web_identity) in [("assume_role_with_web_identity", true), ("assume_role", false)] {
        let Some(role) = config.get(name).filter(|role| !role.is_null()) else { continue };
        if text(role, "role_arn").is_none() {
            return Err(format!("{name} needs a role_arn."));
        }
        let duration = match text(role, "duration") {
            Some(given) => Some(seconds(given).ok_or_else(|| {
                format!("{name}: the duration \"{given}\" is not one such as 15m or 1h, of 15 minutes to 12 hours.")
            })?),
            None => None,
        };
        let mut builder = aws_sdk_sts::config::Builder::from(&sdk);
        if let Some(url) = crate::settings::endpoint(config, "sts", "sts_endpoint") {
            builder.set_endpoint_url(Some(url));
        }
        if let Some(region) = text(config, "sts_region") {
            builder.set_region(Some(aws_config::Region::new(region.to_owned())));
        }
        let sts = aws_sdk_sts::Client::from_conf(builder.build());
        let role = Role { sts, config: role.clone(), duration, web_identity };
        sdk = sdk.into_builder().credentials_provider(SharedCredentialsProvider::new(role)).build();
    }
    Ok(sdk)
}

/// A duration as Go writes it, in seconds, if STS accepts it.
pub(crate) fn seconds(text: &str) -> Option<i32> {
    let (mut all, mut rest) = (0_i32, text);
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: i32 = rest[..digits].parse().ok()?;
        let unit = match rest.as_bytes()[digits] {
            b'h' => 3600,
            b'm' => 60,
            b's' => 1,
            _ => return None,
        };
        all = all.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[digits + 1..];
    }
    (900..=43_200).contains(&all).then_some(all)
}

impl ProvideCredentials for Role {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async move {
            let given =
                if self.web_identity { self.for_token().await } else { self.assume().await };
            given.and_then(|given| given.ok_or("STS gave no credentials".to_owned())).map_or_else(
                |problem| Err(CredentialsError::provider_error(problem)),
                |given| {
                    let until = std::time::SystemTime::try_from(*given.expiration()).ok();
                    Ok(Credentials::new(
                        given.access_key_id(),
                        given.secret_access_key(),
                        Some(given.session_token().to_owned()),
                        until,
                        "assume_role",
                    ))
                },
            )
        })
    }
}

impl Role {
    fn of(&self, name: &str) -> Option<String> {
        text(&self.config, name).map(str::to_owned)
    }

    fn policies(&self) -> Option<Vec<PolicyDescriptorType>> {
        let arns = texts(&self.config, "policy_arns");
        let policy = |arn: String| PolicyDescriptorType::builder().arn(arn).build();
        (!arns.is_empty()).then(|| arns.into_iter().map(policy).collect())
    }

    fn session(&self) -> String {
        self.of("session_name").unwrap_or_else(|| "infra".to_owned())
    }

    async fn assume(&self) -> Result<Option<Given>, String> {
        let mut request = self
            .sts
            .assume_role()
            .set_role_arn(self.of("role_arn"))
            .role_session_name(self.session())
            .set_duration_seconds(self.duration)
            .set_external_id(self.of("external_id"))
            .set_policy(self.of("policy"))
            .set_policy_arns(self.policies())
            .set_source_identity(self.of("source_identity"));
        for (key, value) in self.config.get("tags").and_then(Value::as_map).into_iter().flatten() {
            let tag = Tag::builder().key(&**key).value(value.as_str().unwrap_or_default()).build();
            request = request.tags(tag.map_err(|error| error.to_string())?);
        }
        for key in texts(&self.config, "transitive_tag_keys") {
            request = request.transitive_tag_keys(key);
        }
        let answer = request.send().await;
        answer.map(|answer| answer.credentials).map_err(|error| {
            crate::error::failed("The role of the backend could not be assumed", &error).0
        })
    }

    async fn for_token(&self) -> Result<Option<Given>, String> {
        let token = match (self.of("web_identity_token"), self.of("web_identity_token_file")) {
            (Some(token), _) => token,
            (None, Some(path)) => tokio::fs::read_to_string(&path)
                .await
                .map_err(|error| format!("{path} could not be read: {error}"))?,
            (None, None) => {
                return Err("assume_role_with_web_identity needs a web_identity_token or a \
                            web_identity_token_file"
                    .to_owned());
            }
        };
        let request = self
            .sts
            .assume_role_with_web_identity()
            .set_role_arn(self.of("role_arn"))
            .role_session_name(self.session())
            .web_identity_token(token.trim())
            .set_duration_seconds(self.duration)
            .set_policy(self.of("policy"))
            .set_policy_arns(self.policies());
        let answer = request.send().await;
        answer.map(|answer| answer.credentials).map_err(|error| {
            crate::error::failed("The role of the backend could not be assumed", &error).0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn durations_are_those_that_sts_accepts() {
        assert_eq!(seconds("1h30m"), Some(5400));
        assert_eq!(seconds("900s"), Some(900));
        assert_eq!(seconds("14m"), None);
        assert_eq!(seconds("13h"), None);
        assert_eq!(seconds("soon"), None);
    }
}
