use aws_sdk_ec2::types::{
    AttributeBooleanValue, HostnameType, ResourceType, SubnetCidrBlockStateCode,
    SubnetIpv6CidrBlockAssociation,
};

use crate::listing;
use crate::prelude::*;

/// A part of a VPC in one availability zone.
///
/// ```hcl
/// resource "aws_subnet" "a" {
///   vpc_id     = aws_vpc.main.id
///   cidr_block = "10.0.1.0/24"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_subnet", version = 1, checks = CHECKS)]
pub(crate) struct Subnet {
    /// Amazon Resource Name.
    arn: Computed<String>,
    /// Whether new interfaces get an IPv6 address.
    #[attr(default = false)]
    assign_ipv6_address_on_creation: bool,
    /// Name of the availability zone.
    #[attr(computed, force_new)]
    availability_zone: Option<String>,
    /// Id of the availability zone.
    #[attr(computed, force_new)]
    availability_zone_id: Option<String>,
    /// IPv4 addresses.
    #[attr(force_new)]
    cidr_block: Option<String>,
    /// The pool of customer-owned addresses.
    customer_owned_ipv4_pool: Option<String>,
    /// Whether DNS answers have IPv6 addresses for IPv4 destinations.
    #[attr(default = false)]
    enable_dns64: bool,
    /// Index of the network interface on an Outpost's local network.
    enable_lni_at_device_index: Option<i64>,
    /// Whether resource names resolve to IPv4 addresses.
    #[attr(default = false)]
    enable_resource_name_dns_a_record_on_launch: bool,
    /// Whether resource names resolve to IPv6 addresses.
    #[attr(default = false)]
    enable_resource_name_dns_aaaa_record_on_launch: bool,
    /// IPv6 addresses.
    ipv6_cidr_block: Option<String>,
    /// Id of the association of the IPv6 addresses.
    ipv6_cidr_block_association_id: Computed<String>,
    /// Whether it has IPv6 addresses only.
    #[attr(default = false, force_new)]
    ipv6_native: bool,
    /// Whether new interfaces get a customer-owned address.
    map_customer_owned_ip_on_launch: Option<bool>,
    /// Whether new instances get a public address.
    #[attr(default = false)]
    map_public_ip_on_launch: bool,
    /// The Outpost.
    #[attr(force_new)]
    outpost_arn: Option<String>,
    /// Account that owns it.
    owner_id: Computed<String>,
    /// What DNS names of instances are made from.
    #[attr(computed)]
    private_dns_hostname_type_on_launch: Option<String>,
    tags: Tags,
    #[timeouts(create = 600, delete = 1200)]
    timeouts: Timeouts,
    /// The VPC.
    #[attr(force_new)]
    vpc_id: String,
}

const GONE: &[&str] = &["InvalidSubnetID.NotFound"];

fn flag(value: bool) -> AttributeBooleanValue {
    AttributeBooleanValue::builder().value(value).build()
}

/// The IPv6 addresses of a subnet: those that it does not have yet, or any more, are in the list too.
fn ipv6(subnet: &aws_sdk_ec2::types::Subnet) -> Option<&SubnetIpv6CidrBlockAssociation> {
    subnet.ipv6_cidr_block_association_set.iter().flatten().find(|found| {
        let state = found.ipv6_cidr_block_state.as_ref().and_then(|state| state.state.as_ref());
        !matches!(
            state,
            Some(
                SubnetCidrBlockStateCode::Associating
                    | SubnetCidrBlockStateCode::Disassociating
                    | SubnetCidrBlockStateCode::Disassociated
                    | SubnetCidrBlockStateCode::Failing
                    | SubnetCidrBlockStateCode::Failed
            )
        )
    })
}

impl Subnet {
    /// Gives up the IPv6 addresses, and gets those that are wanted.
    async fn change_ipv6(&self, aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        let wanted = set(&self.ipv6_cidr_block);
        if set(&prior.ipv6_cidr_block) == wanted {
            return Ok(());
        }
        if let Some(id) = set(&prior.ipv6_cidr_block_association_id.0) {
            let request = aws.ec2.disassociate_subnet_cidr_block().association_id(id);
            request.send().await.explain("disassociating EC2 Subnet IPv6 CIDR block")?;
            Self::settled(aws, &prior.id, false).await?;
        }
        let Some(block) = wanted else { return Ok(()) };
        let request = aws.ec2.associate_subnet_cidr_block().subnet_id(&*prior.id);
        let request = request.ipv6_cidr_block(block).send().await;
        request.explain("associating EC2 Subnet IPv6 CIDR block")?;
        Self::settled(aws, &prior.id, true).await
    }

    /// Waits until the subnet has IPv6 addresses, or none.
    async fn settled(aws: &Aws, id: &str, wanted: bool) -> Result<()> {
        until("the IPv6 addresses of the subnet", Duration::from_secs(180), || async {
            let subnets = aws.ec2.describe_subnets().subnet_ids(id).send().await;
            let subnets = subnets.explain("reading EC2 Subnets")?.subnets.unwrap_or_default();
            let there = subnets.first().and_then(ipv6).is_some();
            Ok((there == wanted).then_some(()))
        })
        .await
    }

    /// Each call changes one attribute: those that differ from `prior`.
    async fn modify(&self, aws: &Aws, id: &str, prior: &Self) -> Result<()> {
        let request = || aws.ec2.modify_subnet_attribute().subnet_id(id);
        let mut requests = Vec::new();
        if prior.assign_ipv6_address_on_creation != self.assign_ipv6_address_on_creation {
            requests.push(
                request()
                    .assign_ipv6_address_on_creation(flag(self.assign_ipv6_address_on_creation)),
            );
        }
        if prior.enable_dns64 != self.enable_dns64 {
            requests.push(request().enable_dns64(flag(self.enable_dns64)));
        }
        if prior.map_public_ip_on_launch != self.map_public_ip_on_launch {
            requests.push(request().map_public_ip_on_launch(flag(self.map_public_ip_on_launch)));
        }
        let a_record = self.enable_resource_name_dns_a_record_on_launch;
        if prior.enable_resource_name_dns_a_record_on_launch != a_record {
            requests.push(request().enable_resource_name_dns_a_record_on_launch(flag(a_record)));
        }
        let aaaa_record = self.enable_resource_name_dns_aaaa_record_on_launch;
        if prior.enable_resource_name_dns_aaaa_record_on_launch != aaaa_record {
            requests
                .push(request().enable_resource_name_dns_aaaa_record_on_launch(flag(aaaa_record)));
        }
        if let Some(kind) = &self.private_dns_hostname_type_on_launch
            && prior.private_dns_hostname_type_on_launch.as_ref() != Some(kind)
        {
            requests.push(
                request().private_dns_hostname_type_on_launch(HostnameType::from(kind.as_str())),
            );
        }
        for request in requests {
            request.send().await.explain("modifying EC2 Subnet")?;
        }
        Ok(())
    }
}

impl Operations for Subnet {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let request = aws
            .ec2
            .create_subnet()
            .vpc_id(&plan.vpc_id)
            .set_cidr_block(plan.cidr_block.clone())
            .set_ipv6_cidr_block(plan.ipv6_cidr_block.clone())
            .set_availability_zone(plan.availability_zone.clone())
            .set_availability_zone_id(plan.availability_zone_id.clone())
            .set_outpost_arn(plan.outpost_arn.clone())
            .set_ipv6_native(plan.ipv6_native.then_some(true))
            .set_tag_specifications(tags::specification(&plan.tags, ResourceType::Subnet));
        let subnet = request.send().await.explain("creating EC2 Subnet")?.subnet;
        subnet.and_then(|subnet| subnet.subnet_id).map(Id).ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        if plan.ipv6_cidr_block.as_deref().is_some_and(|block| !block.is_empty()) {
            Self::settled(aws, &plan.id, true).await?;
        }
        // A new subnet has everything off, and names from addresses.
        let kind =
            plan.private_dns_hostname_type_on_launch.clone().filter(|kind| kind == "ip-name");
        let fresh = Self { private_dns_hostname_type_on_launch: kind, ..Self::default() };
        plan.state.modify(aws, &plan.id, &fresh).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let subnets = aws.ec2.describe_subnets().filters(filter("subnet-id", ids(chunk)));
            let subnets: Vec<_> = subnets
                .into_paginator()
                .items()
                .send()
                .try_collect()
                .await
                .explain("reading EC2 Subnets")?;
            for subnet in subnets {
                found.insert(subnet.subnet_id.clone().unwrap_or_default(), from_api(subnet));
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        // Nothing can be assigned on creation where there are no addresses.
        if plan.assign_ipv6_address_on_creation {
            plan.change_ipv6(aws, prior).await?;
            plan.modify(aws, &prior.id, prior).await?;
        } else {
            plan.modify(aws, &prior.id, prior).await?;
            plan.change_ipv6(aws, prior).await?;
        }
        tags::update_ec2(aws, &prior.id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let limit = prior.timeouts.of("delete", Duration::from_secs(1200));
        until("the subnet to be deleted", limit, || async {
            let request = aws.ec2.delete_subnet().subnet_id(&*prior.id);
            request.send().await.deleted(&format!("deleting EC2 Subnet ({})", prior.id), GONE)
        })
        .await
    }
}

/// Which subnets a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    #[block]
    filter: Vec<listing::Filter>,
    /// The region of the provider configuration.
    region: Option<String>,
    subnet_ids: Option<Vec<String>>,
}

impl List for Subnet {
    type Config = Wanted;

    /// Default subnets belong to a resource type of their own.
    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        let own = ["false".to_owned()];
        let given =
            [("subnet-id", wanted.subnet_ids.as_deref()), ("default-for-az", Some(&own[..]))];
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &given)?
        else {
            return Ok(Results::default());
        };
        let request =
            aws.ec2.describe_subnets().set_filters(Some(filters)).max_results(page.size(5, 1000));
        let answer =
            request.set_next_token(page.token).send().await.explain("listing EC2 Subnets")?;
        let found = answer.subnets.unwrap_or_default().into_iter();
        let found = found.map(|found| listing::named(found.subnet_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}

fn from_api(subnet: aws_sdk_ec2::types::Subnet) -> Subnet {
    let options = subnet.private_dns_name_options_on_launch.as_ref();
    let ipv6 = ipv6(&subnet);
    Subnet {
        arn: subnet.subnet_arn.clone().into(),
        assign_ipv6_address_on_creation: subnet.assign_ipv6_address_on_creation.unwrap_or(false),
        availability_zone: subnet.availability_zone.clone(),
        availability_zone_id: subnet.availability_zone_id.clone(),
        cidr_block: subnet.cidr_block.clone(),
        customer_owned_ipv4_pool: Some(subnet.customer_owned_ipv4_pool.clone().unwrap_or_default()),
        enable_dns64: subnet.enable_dns64.unwrap_or(false),
        enable_lni_at_device_index: Some(subnet.enable_lni_at_device_index.map_or(0, i64::from)),
        enable_resource_name_dns_a_record_on_launch: options
            .and_then(|options| options.enable_resource_name_dns_a_record)
            .unwrap_or(false),
        enable_resource_name_dns_aaaa_record_on_launch: options
            .and_then(|options| options.enable_resource_name_dns_aaaa_record)
            .unwrap_or(false),
        ipv6_cidr_block: Some(
            ipv6.and_then(|found| found.ipv6_cidr_block.clone()).unwrap_or_default(),
        ),
        ipv6_cidr_block_association_id: ipv6
            .and_then(|found| found.association_id.clone())
            .unwrap_or_default()
            .into(),
        ipv6_native: subnet.ipv6_native.unwrap_or(false),
        map_customer_owned_ip_on_launch: Some(
            subnet.map_customer_owned_ip_on_launch.unwrap_or(false),
        ),
        map_public_ip_on_launch: subnet.map_public_ip_on_launch.unwrap_or(false),
        outpost_arn: Some(subnet.outpost_arn.clone().unwrap_or_default()),
        owner_id: subnet.owner_id.clone().into(),
        private_dns_hostname_type_on_launch: options
            .and_then(|options| options.hostname_type.as_ref())
            .map(|kind| kind.as_str().to_owned()),
        tags: tags::from_ec2(subnet.tags.as_ref()),
        timeouts: Timeouts::default(),
        vpc_id: subnet.vpc_id.clone().unwrap_or_default(),
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("cidr_block", shapes::ipv4_block),
    together("map_customer_owned_ip_on_launch", &["customer_owned_ipv4_pool", "outpost_arn"]),
    together("customer_owned_ipv4_pool", &["map_customer_owned_ip_on_launch", "outpost_arn"]),
    counts("enable_lni_at_device_index", shapes::not_zero),
    fits("ipv6_cidr_block", shapes::ipv6_block),
    fits("outpost_arn", shapes::arn),
    one_of("private_dns_hostname_type_on_launch", &["ip-name", "resource-name"]),
    conflicts("availability_zone", &["availability_zone_id"]),
    conflicts("availability_zone_id", &["availability_zone"]),
];
