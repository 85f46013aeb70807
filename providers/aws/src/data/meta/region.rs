use crate::prelude::*;

/// A region, by default that of the provider configuration.
///
/// ```hcl
/// data "aws_region" "current" {}
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_region")]
pub(crate) struct Region {
    /// What the region is called for people.
    description: Computed<String>,
    /// The host name of its EC2 endpoint.
    #[attr(computed)]
    endpoint: Option<String>,
    /// The name of the region.
    #[attr(computed)]
    id: Option<String>,
    /// The name of the region.
    #[attr(computed)]
    name: Option<String>,
}

impl Query for Region {
    type Client = Aws;

    async fn read(aws: &Aws, query: &Self) -> Result<Self> {
        let from_endpoint = query.endpoint.as_deref().and_then(|host| host.split('.').nth(1));
        let name = query.name.as_deref().or(from_endpoint).unwrap_or(&aws.region).to_owned();
        let description =
            DESCRIPTIONS.iter().find(|(region, _)| *region == name).map(|(_, text)| *text);
        let suffix = if name.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Ok(Self {
            description: description.map(str::to_owned).into(),
            endpoint: Some(format!("ec2.{name}.{suffix}")),
            id: Some(name.clone()),
            name: Some(name),
        })
    }
}

const DESCRIPTIONS: [(&str, &str); 17] = [
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ca-central-1", "Canada (Central)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("sa-east-1", "South America (Sao Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];
