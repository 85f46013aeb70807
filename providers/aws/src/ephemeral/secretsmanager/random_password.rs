use crate::prelude::*;

/// A random password: a new one whenever a plan is made or applied.
///
/// ```hcl
/// ephemeral "aws_secretsmanager_random_password" "database" {
///   password_length     = 32
///   exclude_punctuation = true
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(ephemeral, name = "aws_secretsmanager_random_password")]
pub(crate) struct RandomPassword {
    /// Characters that it does not have.
    exclude_characters: Option<String>,
    exclude_lowercase: Option<bool>,
    exclude_numbers: Option<bool>,
    exclude_punctuation: Option<bool>,
    exclude_uppercase: Option<bool>,
    /// Whether it may have spaces.
    include_space: Option<bool>,
    /// Number of characters, 32 by default.
    password_length: Option<i64>,
    /// The password.
    #[attr(sensitive)]
    random_password: Computed<String>,
    /// Whether it has one character of each sort at least.
    require_each_included_type: Option<bool>,
}

impl Ephemeral for RandomPassword {
    type Client = Aws;

    async fn open(aws: &Aws, asked: &Self) -> Result<Lease<Self>> {
        let request = aws
            .secretsmanager
            .get_random_password()
            .set_exclude_characters(asked.exclude_characters.clone())
            .set_exclude_lowercase(asked.exclude_lowercase)
            .set_exclude_numbers(asked.exclude_numbers)
            .set_exclude_punctuation(asked.exclude_punctuation)
            .set_exclude_uppercase(asked.exclude_uppercase)
            .set_include_space(asked.include_space)
            .set_password_length(asked.password_length)
            .set_require_each_included_type(asked.require_each_included_type);
        let answer = request.send().await.explain("reading Secrets Manager Random Password")?;
        Ok(Lease::lasting(Self { random_password: answer.random_password.into(), ..asked.clone() }))
    }
}
