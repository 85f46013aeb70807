use aws_sdk_ec2::types::{
    AttributeBooleanValue, Filter, ResourceType, Tenancy, VpcAttributeName, VpcCidrBlockStateCode,
    VpcIpv6CidrBlockAssociation, VpcTenancy,
};

use crate::listing;
use crate::prelude::*;

/// A virtual network.
///
/// ```hcl
/// resource "aws_vpc" "main" {
///   cidr_block = "10.0.0.0/16"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_vpc", version = 1, checks = CHECKS)]
pub(crate) struct Vpc {
    /// Amazon Resource Name.
    arn: Computed<String>,
    /// Whether it has IPv6 addresses of Amazon.
    assign_generated_ipv6_cidr_block: Option<bool>,
    /// IPv4 addresses.
    #[attr(computed, force_new)]
    cidr_block: Option<String>,
    /// The network ACL that it was made with.
    default_network_acl_id: Computed<String>,
    /// The route table that it was made with.
    default_route_table_id: Computed<String>,
    /// The security group that it was made with.
    default_security_group_id: Computed<String>,
    /// The DHCP options.
    dhcp_options_id: Computed<String>,
    /// Whether instances get DNS names.
    #[attr(computed)]
    enable_dns_hostnames: Option<bool>,
    /// Whether DNS works.
    #[attr(default = true)]
    enable_dns_support: bool,
    /// Whether the use of addresses is measured.
    #[attr(computed)]
    enable_network_address_usage_metrics: Option<bool>,
    /// Whether instances run on hardware of their own.
    #[attr(default = "default", force_new)]
    instance_tenancy: String,
    /// An IPAM pool of IPv4 addresses.
    #[attr(force_new)]
    ipv4_ipam_pool_id: Option<String>,
    /// Length of the prefix from the IPv4 pool.
    #[attr(force_new)]
    ipv4_netmask_length: Option<i64>,
    /// Id of the association of the IPv6 addresses.
    ipv6_association_id: Computed<String>,
    /// IPv6 addresses.
    #[attr(computed)]
    ipv6_cidr_block: Option<String>,
    /// Zone group from which IPv6 addresses are announced.
    #[attr(computed)]
    ipv6_cidr_block_network_border_group: Option<String>,
    /// An IPAM pool of IPv6 addresses.
    ipv6_ipam_pool_id: Option<String>,
    /// Length of the prefix from the IPv6 pool.
    ipv6_netmask_length: Option<i64>,
    /// The main route table.
    main_route_table_id: Computed<String>,
    /// Account that owns it.
    owner_id: Computed<String>,
    tags: Tags,
}

const GONE: &[&str] = &["InvalidVpcID.NotFound"];

impl Vpc {
    async fn set(aws: &Aws, id: &str, name: VpcAttributeName, value: bool) -> Result<()> {
        let flag = AttributeBooleanValue::builder().value(value).build();
        let request = aws.ec2.modify_vpc_attribute().vpc_id(id);
        let request = match name {
            VpcAttributeName::EnableDnsHostnames => request.enable_dns_hostnames(flag),
            VpcAttributeName::EnableDnsSupport => request.enable_dns_support(flag),
            _ => request.enable_network_address_usage_metrics(flag),
        };
        request.send().await.explain("modifying EC2 VPC")?;
        Ok(())
    }

    /// The attributes that only one call each tells.
    pub(crate) async fn flag(aws: &Aws, id: &str, name: VpcAttributeName) -> Result<Option<bool>> {
        let response =
            aws.ec2.describe_vpc_attribute().vpc_id(id).attribute(name.clone()).send().await;
        let Some(found) = response.found("reading EC2 VPC attribute", GONE)? else {
            return Ok(None);
        };
        let flag = match name {
            VpcAttributeName::EnableDnsHostnames => found.enable_dns_hostnames,
            VpcAttributeName::EnableDnsSupport => found.enable_dns_support,
            _ => found.enable_network_address_usage_metrics,
        };
        Ok(Some(flag.and_then(|flag| flag.value).unwrap_or(false)))
    }
}

/// The IPv6 addresses of a VPC: those that the state knows, else the first.
fn ipv6<'v>(
    vpc: &'v aws_sdk_ec2::types::Vpc,
    known: Option<&Vpc>,
) -> Option<&'v VpcIpv6CidrBlockAssociation> {
    let associated = || {
        let all = vpc.ipv6_cidr_block_association_set.iter().flatten();
        all.filter(|found| {
            let state = found.ipv6_cidr_block_state.as_ref().and_then(|state| state.state.as_ref());
            state == Some(&VpcCidrBlockStateCode::Associated)
        })
    };
    let known = known.and_then(|known| known.ipv6_association_id.as_deref());
    let same =
        associated().find(|found| known.is_some() && found.association_id.as_deref() == known);
    same.or_else(|| associated().next())
}

impl Vpc {
    fn wants_ipv6(&self) -> bool {
        self.assign_generated_ipv6_cidr_block == Some(true)
            || [&self.ipv6_cidr_block, &self.ipv6_ipam_pool_id]
                .into_iter()
                .any(|value| value.as_deref().is_some_and(|value| !value.is_empty()))
    }

    /// Waits until the VPC has IPv6 addresses, or none.
    async fn settled(aws: &Aws, id: &str, wanted: bool) -> Result<()> {
        until("the IPv6 addresses of the VPC", Duration::from_secs(600), || async {
            let vpcs = aws.ec2.describe_vpcs().vpc_ids(id).send().await;
            let vpcs = vpcs.explain("reading EC2 VPCs")?.vpcs.unwrap_or_default();
            let there = vpcs.first().and_then(|vpc| ipv6(vpc, None)).is_some();
            Ok((there == wanted).then_some(()))
        })
        .await
    }

    /// Gives up the IPv6 addresses, and gets those that are wanted.
    async fn change_ipv6(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        if let Some(id) = prior.ipv6_association_id.as_deref().filter(|id| !id.is_empty()) {
            let request = aws.ec2.disassociate_vpc_cidr_block().association_id(id);
            request.send().await.explain("disassociating IPv6 CIDR block")?;
            Self::settled(aws, &prior.id, false).await?;
        }
        if !plan.wants_ipv6() {
            return Ok(());
        }
        let set = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        // What an Amazon pool gave is no wish.
        let generated = plan.assign_generated_ipv6_cidr_block.filter(|assign| *assign);
        let block = set(&plan.ipv6_cidr_block).filter(|_| generated.is_none());
        let request = aws
            .ec2
            .associate_vpc_cidr_block()
            .vpc_id(&*prior.id)
            .set_amazon_provided_ipv6_cidr_block(generated)
            .set_ipv6_cidr_block(block)
            .set_ipv6_cidr_block_network_border_group(set(
                &plan.ipv6_cidr_block_network_border_group
            ))
            .set_ipv6_ipam_pool_id(set(&plan.ipv6_ipam_pool_id))
            .set_ipv6_netmask_length(plan.ipv6_netmask());
        request.send().await.explain("associating IPv6 CIDR block")?;
        Self::settled(aws, &prior.id, true).await
    }

    fn ipv6_netmask(&self) -> Option<i32> {
        self.ipv6_netmask_length.and_then(|length| i32::try_from(length).ok()).filter(|it| *it > 0)
    }
}

/// What was made together with the VPCs: route table, network ACL, security group.
#[derive(Default)]
struct Defaults {
    route_tables: BTreeMap<String, String>,
    network_acls: BTreeMap<String, String>,
    security_groups: BTreeMap<String, String>,
}

impl Defaults {
    async fn read(aws: &Aws, vpcs: &[String]) -> Result<Self> {
        let of = |name: &str, values: Vec<String>| {
            Filter::builder().name(name).set_values(Some(values)).build()
        };
        let vpc = || of("vpc-id", vpcs.to_vec());
        let yes = || vec!["true".to_owned()];
        let mut found = Self::default();
        let mut pages = aws
            .ec2
            .describe_route_tables()
            .filters(vpc())
            .filters(of("association.main", yes()))
            .into_paginator()
            .items()
            .send();
        while let Some(table) = pages.next().await {
            let table = table.explain("reading EC2 Route Tables")?;
            found.route_tables.extend(table.vpc_id.zip(table.route_table_id));
        }
        let mut pages = aws
            .ec2
            .describe_network_acls()
            .filters(vpc())
            .filters(of("default", yes()))
            .into_paginator()
            .items()
            .send();
        while let Some(acl) = pages.next().await {
            let acl = acl.explain("reading EC2 Network ACLs")?;
            found.network_acls.extend(acl.vpc_id.zip(acl.network_acl_id));
        }
        let groups = of("group-name", vec!["default".to_owned()]);
        let mut pages = aws
            .ec2
            .describe_security_groups()
            .filters(vpc())
            .filters(groups)
            .into_paginator()
            .items()
            .send();
        while let Some(group) = pages.next().await {
            let group = group.explain("reading EC2 Security Groups")?;
            found.security_groups.extend(group.vpc_id.zip(group.group_id));
        }
        Ok(found)
    }
}

impl Operations for Vpc {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let request = aws
            .ec2
            .create_vpc()
            .set_cidr_block(plan.cidr_block.clone())
            .set_ipv4_ipam_pool_id(plan.ipv4_ipam_pool_id.clone())
            .set_ipv4_netmask_length(
                plan.ipv4_netmask_length.and_then(|length| i32::try_from(length).ok()),
            )
            .set_ipv6_ipam_pool_id(plan.ipv6_ipam_pool_id.clone())
            .set_ipv6_cidr_block(plan.ipv6_cidr_block.clone())
            .set_ipv6_cidr_block_network_border_group(
                plan.ipv6_cidr_block_network_border_group.clone(),
            )
            .set_ipv6_netmask_length(plan.ipv6_netmask())
            .set_amazon_provided_ipv6_cidr_block(
                plan.assign_generated_ipv6_cidr_block.filter(|assign| *assign),
            )
            .instance_tenancy(Tenancy::from(plan.instance_tenancy.as_str()))
            .set_tag_specifications(tags::specification(&plan.tags, ResourceType::Vpc));
        let vpc = request.send().await.explain("creating EC2 VPC")?.vpc;
        vpc.and_then(|vpc| vpc.vpc_id).map(Id).ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        if plan.wants_ipv6() {
            Self::settled(aws, &plan.id, true).await?;
        }
        if !plan.enable_dns_support {
            Self::set(aws, &plan.id, VpcAttributeName::EnableDnsSupport, false).await?;
        }
        if plan.enable_dns_hostnames == Some(true) {
            Self::set(aws, &plan.id, VpcAttributeName::EnableDnsHostnames, true).await?;
        }
        if plan.enable_network_address_usage_metrics == Some(true) {
            Self::set(aws, &plan.id, VpcAttributeName::EnableNetworkAddressUsageMetrics, true)
                .await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let ids: Vec<String> = chunk.iter().map(|known| known.id.0.clone()).collect();
            let filter = Filter::builder().name("vpc-id").set_values(Some(ids.clone())).build();
            let mut vpcs = Vec::new();
            let mut pages = aws.ec2.describe_vpcs().filters(filter).into_paginator().items().send();
            while let Some(vpc) = pages.next().await {
                vpcs.push(vpc.explain("reading EC2 VPCs")?);
            }
            let defaults = Defaults::read(aws, &ids).await?;
            let known = |id: Option<&str>| {
                chunk.iter().find(|known| Some(&*known.id) == id).map(|known| &known.state)
            };
            let reads = vpcs.into_iter().map(|vpc| {
                let state = known(vpc.vpc_id.as_deref());
                one(aws, vpc, &defaults, state)
            });
            for (id, object) in futures::future::try_join_all(reads).await? {
                let state = known(Some(&id));
                found.insert(id, state.map_or(object.clone(), |state| object.like(state)));
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let id = &prior.id;
        if prior.enable_dns_support != plan.enable_dns_support {
            Self::set(aws, id, VpcAttributeName::EnableDnsSupport, plan.enable_dns_support).await?;
        }
        if prior.enable_dns_hostnames != plan.enable_dns_hostnames {
            let value = plan.enable_dns_hostnames.unwrap_or(false);
            Self::set(aws, id, VpcAttributeName::EnableDnsHostnames, value).await?;
        }
        if prior.enable_network_address_usage_metrics != plan.enable_network_address_usage_metrics {
            let value = plan.enable_network_address_usage_metrics.unwrap_or(false);
            Self::set(aws, id, VpcAttributeName::EnableNetworkAddressUsageMetrics, value).await?;
        }
        if prior.instance_tenancy != plan.instance_tenancy {
            let tenancy = VpcTenancy::from(plan.instance_tenancy.as_str());
            let request = aws.ec2.modify_vpc_tenancy().vpc_id(&**id).instance_tenancy(tenancy);
            request.send().await.explain("modifying Tenancy")?;
        }
        let ipv6 = |vpc: &Self| {
            let texts = [
                &vpc.ipv6_cidr_block,
                &vpc.ipv6_cidr_block_network_border_group,
                &vpc.ipv6_ipam_pool_id,
            ];
            let texts = texts.map(|text| text.clone().unwrap_or_default());
            (vpc.assign_generated_ipv6_cidr_block.unwrap_or(false), texts)
        };
        if ipv6(prior) != ipv6(plan) {
            Self::change_ipv6(aws, prior, plan).await?;
        }
        tags::update_ec2(aws, id, &prior.tags, &plan.tags).await
    }

    fn customise(change: &mut Change<'_>) {
        if change.changed("assign_generated_ipv6_cidr_block") {
            change.set_unknown("ipv6_association_id");
            change.set_unknown("ipv6_cidr_block");
        }
        // Dedicated hardware can be given up, but not asked for later.
        if change.planned("instance_tenancy").as_str() == Some("default") {
            change.keep("instance_tenancy");
        }
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        until("the VPC to be deleted", Duration::from_secs(300), || async {
            let request = aws.ec2.delete_vpc().vpc_id(&*prior.id);
            request.send().await.deleted(&format!("deleting EC2 VPC ({})", prior.id), GONE)
        })
        .await
    }
}

/// Which VPCs a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    #[block]
    filter: Vec<listing::Filter>,
    /// The region of the provider configuration.
    region: Option<String>,
    vpc_ids: Option<Vec<String>>,
}

impl List for Vpc {
    type Config = Wanted;

    /// A default VPC belongs to a resource type of its own.
    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        let own = ["false".to_owned()];
        let given = [("vpc-id", wanted.vpc_ids.as_deref()), ("is-default", Some(&own[..]))];
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &given)?
        else {
            return Ok(Results::default());
        };
        let request =
            aws.ec2.describe_vpcs().set_filters(Some(filters)).max_results(page.size(5, 1000));
        let answer = request.set_next_token(page.token).send().await.explain("listing EC2 VPCs")?;
        let found = answer.vpcs.unwrap_or_default().into_iter();
        let found = found.map(|found| listing::named(found.vpc_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}

impl Vpc {
    /// What no call tells is as it was.
    fn like(self, state: &Self) -> Self {
        Self {
            ipv4_ipam_pool_id: state.ipv4_ipam_pool_id.clone(),
            ipv4_netmask_length: state.ipv4_netmask_length,
            ..self
        }
    }
}

async fn one(
    aws: &Aws,
    vpc: aws_sdk_ec2::types::Vpc,
    defaults: &Defaults,
    known: Option<&Vpc>,
) -> Result<(String, Vpc)> {
    let id = vpc.vpc_id.clone().unwrap_or_default();
    let (hostnames, support, metrics) = futures::try_join!(
        Vpc::flag(aws, &id, VpcAttributeName::EnableDnsHostnames),
        Vpc::flag(aws, &id, VpcAttributeName::EnableDnsSupport),
        Vpc::flag(aws, &id, VpcAttributeName::EnableNetworkAddressUsageMetrics),
    )?;
    let owner = vpc.owner_id.clone().unwrap_or_default();
    let ipv6 = ipv6(&vpc, known);
    let route_table = defaults.route_tables.get(&id).cloned();
    let object = Vpc {
        arn: aws.arn("ec2", &owner, &format!("vpc/{id}")).into(),
        assign_generated_ipv6_cidr_block: Some(
            ipv6.is_some_and(|found| found.ipv6_pool.as_deref() == Some("Amazon")),
        ),
        cidr_block: vpc.cidr_block.clone(),
        default_network_acl_id: defaults.network_acls.get(&id).cloned().into(),
        default_route_table_id: route_table.clone().into(),
        default_security_group_id: defaults.security_groups.get(&id).cloned().into(),
        dhcp_options_id: vpc.dhcp_options_id.clone().into(),
        enable_dns_hostnames: hostnames,
        enable_dns_support: support.unwrap_or(true),
        enable_network_address_usage_metrics: metrics,
        instance_tenancy: vpc
            .instance_tenancy
            .as_ref()
            .map_or("default", |tenancy| tenancy.as_str())
            .to_owned(),
        ipv4_ipam_pool_id: None,
        ipv4_netmask_length: None,
        ipv6_association_id: ipv6
            .and_then(|found| found.association_id.clone())
            .unwrap_or_default()
            .into(),
        ipv6_cidr_block: Some(
            ipv6.and_then(|found| found.ipv6_cidr_block.clone()).unwrap_or_default(),
        ),
        ipv6_cidr_block_network_border_group: Some(
            ipv6.and_then(|found| found.network_border_group.clone()).unwrap_or_default(),
        ),
        ipv6_ipam_pool_id: Some(String::new()),
        ipv6_netmask_length: Some(0),
        main_route_table_id: route_table.into(),
        owner_id: owner.into(),
        tags: tags::from_ec2(vpc.tags.as_ref()),
    };
    Ok((id, object))
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("cidr_block", shapes::vpc_block),
    one_of("instance_tenancy", &["default", "dedicated"]),
    one_of_numbers("ipv6_netmask_length", &[44, 48, 52, 56, 60]),
    together("ipv4_netmask_length", &["ipv4_ipam_pool_id"]),
    together("ipv6_cidr_block", &["ipv6_ipam_pool_id"]),
    together("ipv6_cidr_block_network_border_group", &["assign_generated_ipv6_cidr_block"]),
    together("ipv6_netmask_length", &["ipv6_ipam_pool_id"]),
    conflicts("assign_generated_ipv6_cidr_block", &["ipv6_ipam_pool_id"]),
    conflicts("cidr_block", &["ipv4_netmask_length"]),
    conflicts("ipv4_netmask_length", &["cidr_block"]),
    conflicts("ipv6_cidr_block", &["ipv6_netmask_length", "assign_generated_ipv6_cidr_block"]),
    conflicts("ipv6_ipam_pool_id", &["assign_generated_ipv6_cidr_block"]),
    conflicts("ipv6_netmask_length", &["ipv6_cidr_block"]),
];
