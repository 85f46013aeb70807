use crate::prelude::*;

/// Whose credentials the provider configuration has.
///
/// ```hcl
/// data "aws_caller_identity" "current" {}
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_caller_identity")]
pub(crate) struct CallerIdentity {
    account_id: Computed<String>,
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(computed)]
    id: Option<String>,
    user_id: Computed<String>,
}

impl Query for CallerIdentity {
    type Client = Aws;

    async fn read(aws: &Aws, _query: &Self) -> Result<Self> {
        let response =
            aws.sts.get_caller_identity().send().await.explain("reading STS Caller Identity")?;
        Ok(Self {
            account_id: response.account.clone().into(),
            arn: response.arn.into(),
            id: response.account,
            user_id: response.user_id.into(),
        })
    }
}
