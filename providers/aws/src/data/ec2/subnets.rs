use super::filters::{Filter, conditions};
use crate::prelude::*;

/// The ids of subnets.
///
/// ```hcl
/// data "aws_subnets" "private" {
///   filter {
///     name   = "vpc-id"
///     values = [aws_vpc.main.id]
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_subnets")]
pub(crate) struct Subnets {
    #[block(set)]
    filter: Vec<Filter>,
    #[attr(computed)]
    id: Option<String>,
    ids: Computed<Vec<String>>,
    #[attr(computed)]
    tags: Option<BTreeMap<String, String>>,
    #[timeouts(read)]
    timeouts: Timeouts,
}

impl Query for Subnets {
    type Client = Aws;

    async fn read(aws: &Aws, query: &Self) -> Result<Self> {
        let conditions = conditions(&query.filter, query.tags.as_ref(), &[]);
        let request = aws.ec2.describe_subnets().set_filters(conditions);
        let found = request.into_paginator().items().send().try_collect().await;
        let found = found.explain("reading EC2 Subnets")?;
        let ids: Vec<String> = found.into_iter().filter_map(|subnet| subnet.subnet_id).collect();
        Ok(Self { id: Some(aws.region.clone()), ids: ids.into(), ..query.clone() })
    }
}
