use crate::prelude::*;
use crate::regions;

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
        let (_, hosts) = regions::partition(&name);
        Ok(Self {
            description: regions::description(&name).map(str::to_owned).into(),
            endpoint: Some(format!("ec2.{name}.{hosts}")),
            id: Some(name.clone()),
            name: Some(name),
        })
    }
}
