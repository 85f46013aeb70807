use crate::prelude::*;

/// The value of a parameter.
///
/// ```hcl
/// ephemeral "aws_ssm_parameter" "password" {
///   arn = aws_ssm_parameter.password.arn
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(ephemeral, name = "aws_ssm_parameter", checks = CHECKS)]
pub(crate) struct PassingParameter {
    /// Amazon Resource Name of the parameter.
    arn: String,
    name: Computed<String>,
    /// `String`, `StringList` or `SecureString`.
    r#type: Computed<String>,
    #[attr(sensitive)]
    value: Computed<String>,
    version: Computed<i64>,
    /// Whether what is encrypted is decrypted, as it is by default.
    #[attr(computed)]
    with_decryption: Option<bool>,
}

impl Ephemeral for PassingParameter {
    type Client = Aws;

    async fn open(aws: &Aws, asked: &Self) -> Result<Lease<Self>> {
        let decrypted = asked.with_decryption.unwrap_or(true);
        let request = aws.ssm.get_parameter().name(&asked.arn).with_decryption(decrypted);
        let answer = request.send().await.explain("reading SSM Parameter")?;
        let found = answer.parameter.ok_or_else(|| Error::new("The answer has no parameter."))?;
        Ok(Lease::lasting(Self {
            arn: found.arn.unwrap_or_else(|| asked.arn.clone()),
            name: found.name.into(),
            r#type: found.r#type.map(|kind| kind.as_str().to_owned()).into(),
            value: found.value.into(),
            version: Some(found.version).into(),
            with_decryption: Some(decrypted),
        }))
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[fits("arn", shapes::arn)];
