use crate::prelude::*;

/// A version of a secret: the current one, unless another is asked for.
///
/// ```hcl
/// ephemeral "aws_secretsmanager_secret_version" "database" {
///   secret_id = aws_secretsmanager_secret.database.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(ephemeral, name = "aws_secretsmanager_secret_version")]
pub(crate) struct PassingSecretVersion {
    /// Amazon Resource Name of the secret.
    arn: Computed<String>,
    created_date: Computed<String>,
    #[attr(sensitive)]
    secret_binary: Computed<String>,
    /// The secret: its name or Amazon Resource Name.
    secret_id: String,
    #[attr(sensitive)]
    secret_string: Computed<String>,
    #[attr(computed)]
    version_id: Option<String>,
    /// `AWSCURRENT`, if neither version nor stage is asked for.
    #[attr(computed)]
    version_stage: Option<String>,
    version_stages: Computed<Vec<String>>,
}

impl Ephemeral for PassingSecretVersion {
    type Client = Aws;

    async fn open(aws: &Aws, asked: &Self) -> Result<Lease<Self>> {
        let stage = match (&asked.version_id, &asked.version_stage) {
            (None, None) => Some("AWSCURRENT".to_owned()),
            (_, stage) => stage.clone(),
        };
        let request = aws
            .secretsmanager
            .get_secret_value()
            .secret_id(&asked.secret_id)
            .set_version_id(asked.version_id.clone())
            .set_version_stage(stage.clone());
        let found = request.send().await.explain("reading Secrets Manager Secret Version")?;
        let binary = found.secret_binary.map(aws_sdk_secretsmanager::primitives::Blob::into_inner);
        Ok(Lease::lasting(Self {
            arn: found.arn.into(),
            created_date: found.created_date.and_then(texts::moment).into(),
            secret_binary: binary
                .map(|binary| String::from_utf8_lossy(&binary).into_owned())
                .or_else(|| Some(String::new()))
                .into(),
            secret_string: found.secret_string.or_else(|| Some(String::new())).into(),
            version_id: found.version_id,
            version_stage: stage,
            version_stages: found.version_stages.into(),
            ..asked.clone()
        }))
    }
}
