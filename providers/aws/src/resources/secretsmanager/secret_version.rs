use aws_sdk_secretsmanager::operation::update_secret_version_stage::builders::UpdateSecretVersionStageFluentBuilder;
use aws_sdk_secretsmanager::primitives::Blob;
use base64::Engine as _;

use crate::listing;
use crate::prelude::*;

/// A value of a secret.
///
/// ```hcl
/// resource "aws_secretsmanager_secret_version" "database" {
///   secret_id     = aws_secretsmanager_secret.database.id
///   secret_string = var.password
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_secretsmanager_secret_version", checks = CHECKS)]
pub(crate) struct SecretVersion {
    /// Amazon Resource Name of the secret.
    arn: Computed<String>,
    /// Whether the value is one that is not stored.
    has_secret_string_wo: Computed<bool>,
    /// The value in base64.
    #[attr(force_new, sensitive)]
    secret_binary: Option<String>,
    /// The secret: its name or Amazon Resource Name.
    #[attr(force_new)]
    secret_id: String,
    #[attr(force_new, sensitive)]
    secret_string: Option<String>,
    /// The value, which is not stored; another one is written when `secret_string_wo_version` changes.
    #[attr(sensitive, write_only)]
    secret_string_wo: Option<String>,
    #[attr(force_new, unreadable)]
    secret_string_wo_version: Option<i64>,
    version_id: Computed<String>,
    #[attr(computed)]
    version_stages: Option<Set<String>>,
}

const GONE: &[&str] = &["ResourceNotFoundException", "InvalidRequestException"];
const CURRENT: &str = "AWSCURRENT";

/// The secret and the version in an identity.
fn parts(id: &str) -> Result<(&str, &str)> {
    id.split_once('|').ok_or_else(|| {
        Error::new(format!("The ID {id:?} is not of the form SECRET_ID|VERSION_ID."))
    })
}

impl Operations for SecretVersion {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let binary = given(&plan.secret_binary).map(|text| {
            let decoded = base64::engine::general_purpose::STANDARD.decode(&text);
            decoded.map_err(|error| Error::new(format!("secret_binary is no base64: {error}.")))
        });
        let stages = plan.version_stages.clone().map(|stages| stages.0);
        let request = aws
            .secretsmanager
            .put_secret_value()
            .secret_id(&plan.secret_id)
            .set_secret_string(given(&plan.secret_string_wo).or_else(|| given(&plan.secret_string)))
            .set_secret_binary(binary.transpose()?.map(Blob::new))
            .set_version_stages(stages.filter(|stages| !stages.is_empty()));
        let made = request.send().await.explain("putting Secrets Manager Secret value")?;
        Ok(Id(format!("{}|{}", plan.secret_id, made.version_id.unwrap_or_default())))
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for known in known {
            let (secret, version) = parts(&known.id)?;
            let request = aws.secretsmanager.get_secret_value().secret_id(secret);
            let request = request.version_id(version).send().await;
            let doing = "reading Secrets Manager Secret Version";
            let Some(value) = request.found(doing, GONE)? else { continue };
            let binary = value.secret_binary.map(Blob::into_inner).unwrap_or_default();
            let written = known.secret_string_wo_version.is_some();
            let text = value.secret_string.filter(|_| !written).unwrap_or_default();
            let object = Self {
                arn: value.arn.into(),
                has_secret_string_wo: written.then_some(true).into(),
                secret_binary: Some(base64::engine::general_purpose::STANDARD.encode(binary)),
                secret_id: secret.to_owned(),
                secret_string: Some(text),
                version_id: value.version_id.into(),
                version_stages: value.version_stages.map(Set),
                ..known.state.clone()
            };
            found.insert(known.id.to_string(), object);
        }
        Ok(found)
    }

    /// The stages are all that can change.
    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let (secret, version) = parts(&prior.id)?;
        let before = prior.version_stages.clone().unwrap_or_default();
        let after = plan.version_stages.clone().unwrap_or_default();
        for stage in after.iter().filter(|stage| !before.0.contains(stage)) {
            let mut request = aws
                .secretsmanager
                .update_secret_version_stage()
                .secret_id(secret)
                .version_stage(stage)
                .move_to_version_id(version);
            if stage == CURRENT
                && let Some(holder) = holder(aws, secret).await?
            {
                request = request.remove_from_version_id(holder);
            }
            request.send().await.explain("adding Secrets Manager Secret Version stage")?;
        }
        // A secret always has a current version: only another one can take its place.
        let removed = before.iter().filter(|stage| !after.0.contains(stage) && **stage != CURRENT);
        for stage in removed {
            let request = without(aws, secret, version, stage).send().await;
            request.explain("removing Secrets Manager Secret Version stage")?;
        }
        Ok(())
    }

    /// A version goes when it has no stages any more.
    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let (secret, version) = parts(&prior.id)?;
        let stages = prior.version_stages.clone().unwrap_or_default();
        for stage in stages.iter().filter(|stage| *stage != CURRENT) {
            let request = without(aws, secret, version, stage).send().await;
            request.found("removing Secrets Manager Secret Version stage", GONE)?;
        }
        Ok(())
    }
}

/// The secret whose versions a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    /// The region of the provider configuration.
    region: Option<String>,
    secret_id: String,
}

impl List for SecretVersion {
    type Config = Wanted;

    /// Versions that no stage names are on their way out.
    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.secretsmanager.list_secret_version_ids().secret_id(&wanted.secret_id);
        let request = request.max_results(page.size(1, 100)).set_next_token(page.token);
        let answer = request.send().await.explain("listing Secrets Manager Secret Versions")?;
        let arn = answer.arn.unwrap_or_default();
        let found = answer.versions.unwrap_or_default().into_iter().filter_map(|version| {
            let id = version.version_id?;
            let stages = version.version_stages.unwrap_or_default().join(", ");
            Some((format!("{arn}|{id}"), format!("{id} ({stages})")))
        });
        Ok(Results::new(found, answer.next_token))
    }
}

/// Takes a stage from a version.
fn without(
    aws: &Aws,
    secret: &str,
    version: &str,
    stage: &str,
) -> UpdateSecretVersionStageFluentBuilder {
    let request = aws.secretsmanager.update_secret_version_stage().secret_id(secret);
    request.version_stage(stage).remove_from_version_id(version)
}

/// The version that is current.
async fn holder(aws: &Aws, secret: &str) -> Result<Option<String>> {
    let request = aws.secretsmanager.get_secret_value().secret_id(secret).send().await;
    let found = request.found("reading Secrets Manager Secret Version", GONE)?;
    Ok(found.and_then(|found| found.version_id))
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    conflicts("secret_binary", &["secret_string", "secret_string_wo"]),
    conflicts("secret_string", &["secret_binary", "secret_string_wo"]),
    conflicts("secret_string_wo", &["secret_binary", "secret_string"]),
    together("secret_string_wo", &["secret_string_wo_version"]),
    together("secret_string_wo_version", &["secret_string_wo"]),
];
