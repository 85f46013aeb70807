use aws_sdk_ec2::types::VpcAttributeName as Name;

use super::filters::{Filter, conditions, only};
use crate::prelude::*;
use crate::resources::ec2::vpc::Vpc as Managed;

/// One VPC.
///
/// ```hcl
/// data "aws_vpc" "default" {
///   default = true
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_vpc")]
pub(crate) struct Vpc {
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(computed)]
    cidr_block: Option<String>,
    cidr_block_associations: Computed<Vec<CidrBlockAssociation>>,
    /// Whether it is the one that the account came with.
    #[attr(computed)]
    default: Option<bool>,
    #[attr(computed)]
    dhcp_options_id: Option<String>,
    enable_dns_hostnames: Computed<bool>,
    enable_dns_support: Computed<bool>,
    enable_network_address_usage_metrics: Computed<bool>,
    #[block(set)]
    filter: Vec<Filter>,
    #[attr(computed)]
    id: Option<String>,
    instance_tenancy: Computed<String>,
    ipv6_association_id: Computed<String>,
    ipv6_cidr_block: Computed<String>,
    main_route_table_id: Computed<String>,
    owner_id: Computed<String>,
    #[attr(computed)]
    state: Option<String>,
    #[attr(computed)]
    tags: Option<BTreeMap<String, String>>,
    #[timeouts(read)]
    timeouts: Timeouts,
}

/// A range of IPv4 addresses.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct CidrBlockAssociation {
    association_id: Option<String>,
    cidr_block: Option<String>,
    state: Option<String>,
}

impl Query for Vpc {
    type Client = Aws;

    async fn read(aws: &Aws, query: &Self) -> Result<Self> {
        let default = query.default.map(|default| default.to_string());
        let given = [
            ("cidr", query.cidr_block.as_deref()),
            ("dhcp-options-id", query.dhcp_options_id.as_deref()),
            ("isDefault", default.as_deref().filter(|default| *default == "true")),
            ("state", query.state.as_deref()),
        ];
        let request = aws
            .ec2
            .describe_vpcs()
            .set_vpc_ids(query.id.clone().map(|id| vec![id]))
            .set_filters(conditions(&query.filter, query.tags.as_ref(), &given));
        let found = request.into_paginator().items().send().try_collect().await;
        let found = found.found("reading EC2 VPCs", &["InvalidVpcID.NotFound"])?;
        let vpc = only(found.unwrap_or_default(), "EC2 VPC")?;
        let id = vpc.vpc_id.clone().unwrap_or_default();
        let (hostnames, support, metrics) = futures::try_join!(
            Managed::flag(aws, &id, Name::EnableDnsHostnames),
            Managed::flag(aws, &id, Name::EnableDnsSupport),
            Managed::flag(aws, &id, Name::EnableNetworkAddressUsageMetrics),
        )?;
        let main = aws
            .ec2
            .describe_route_tables()
            .filters(filter("vpc-id", [id.clone()]))
            .filters(filter("association.main", ["true"]));
        let main =
            main.send().await.explain("reading EC2 Route Tables")?.route_tables.unwrap_or_default();
        let owner = vpc.owner_id.clone().unwrap_or_default();
        let ipv6 = vpc.ipv6_cidr_block_association_set.as_ref().and_then(|list| list.first());
        let associations =
            vpc.cidr_block_association_set.unwrap_or_default().into_iter().map(|found| {
                CidrBlockAssociation {
                    association_id: found.association_id,
                    cidr_block: found.cidr_block,
                    state: found
                        .cidr_block_state
                        .and_then(|state| state.state)
                        .map(|state| state.as_str().to_owned()),
                }
            });
        Ok(Self {
            arn: aws.arn("ec2", &owner, &format!("vpc/{id}")).into(),
            cidr_block: vpc.cidr_block,
            cidr_block_associations: associations.collect::<Vec<_>>().into(),
            default: vpc.is_default,
            dhcp_options_id: vpc.dhcp_options_id,
            enable_dns_hostnames: hostnames.into(),
            enable_dns_support: support.into(),
            enable_network_address_usage_metrics: metrics.into(),
            filter: query.filter.clone(),
            id: Some(id),
            instance_tenancy: vpc
                .instance_tenancy
                .map(|tenancy| tenancy.as_str().to_owned())
                .into(),
            ipv6_association_id: ipv6
                .and_then(|found| found.association_id.clone())
                .unwrap_or_default()
                .into(),
            ipv6_cidr_block: ipv6
                .and_then(|found| found.ipv6_cidr_block.clone())
                .unwrap_or_default()
                .into(),
            main_route_table_id: main
                .into_iter()
                .next()
                .and_then(|table| table.route_table_id)
                .into(),
            owner_id: owner.into(),
            state: query.state.clone(),
            tags: Some(tags::from_ec2(vpc.tags.as_ref()).all().clone()),
            timeouts: query.timeouts.clone(),
        })
    }
}
