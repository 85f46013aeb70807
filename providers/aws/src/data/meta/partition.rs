use crate::prelude::*;
use crate::regions;

/// The partition of the region: what ARNs and host names have in it.
///
/// ```hcl
/// data "aws_partition" "current" {}
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_partition")]
pub(crate) struct Partition {
    /// How host names end.
    dns_suffix: Computed<String>,
    #[attr(computed)]
    id: Option<String>,
    /// `aws`, `aws-cn` or another.
    partition: Computed<String>,
    /// How names of services begin.
    reverse_dns_prefix: Computed<String>,
}

impl Query for Partition {
    type Client = Aws;

    async fn read(aws: &Aws, _: &Self) -> Result<Self> {
        let (partition, hosts) = regions::partition(&aws.region);
        let reverse: Vec<&str> = hosts.rsplit('.').collect();
        Ok(Self {
            dns_suffix: hosts.to_owned().into(),
            id: Some(partition.to_owned()),
            partition: partition.to_owned().into(),
            reverse_dns_prefix: reverse.join(".").into(),
        })
    }
}
