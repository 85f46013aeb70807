use aws_sdk_elasticloadbalancingv2::types as api;

use super::attributes::{
    Attributes, arn_suffix, changed, put, read_tags, tag_list, take, take_some, update_tags,
};
use crate::listing::{self, Everything};
use crate::prelude::*;

/// A load balancer.
///
/// ```hcl
/// resource "aws_lb" "web" {
///   name            = "web"
///   subnets         = [aws_subnet.a.id, aws_subnet.b.id]
///   security_groups = [aws_security_group.web.id]
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_lb", checks = CHECKS)]
pub(crate) struct Lb {
    #[block(max = 1, kept)]
    access_logs: Option<Logs>,
    /// Amazon Resource Name, which is also its id.
    arn: Computed<String>,
    /// The part of the ARN that metrics have.
    arn_suffix: Computed<String>,
    /// Seconds.
    #[attr(default = 3600)]
    client_keep_alive: Option<i64>,
    #[block(max = 1, kept)]
    connection_logs: Option<Logs>,
    #[attr(force_new)]
    customer_owned_ipv4_pool: Option<String>,
    #[attr(default = "defensive")]
    desync_mitigation_mode: Option<String>,
    dns_name: Computed<String>,
    #[attr(default = "any_availability_zone")]
    dns_record_client_routing_policy: Option<String>,
    #[attr(default = false)]
    drop_invalid_header_fields: Option<bool>,
    #[attr(default = false)]
    enable_cross_zone_load_balancing: Option<bool>,
    #[attr(default = false)]
    enable_deletion_protection: bool,
    #[attr(default = true)]
    enable_http2: Option<bool>,
    #[attr(default = false)]
    enable_tls_version_and_cipher_suite_headers: Option<bool>,
    #[attr(default = false)]
    enable_waf_fail_open: Option<bool>,
    #[attr(default = false)]
    enable_xff_client_port: Option<bool>,
    #[attr(default = false)]
    enable_zonal_shift: Option<bool>,
    #[attr(computed)]
    enforce_security_group_inbound_rules_on_private_link_traffic: Option<String>,
    /// Seconds.
    #[attr(default = 60)]
    idle_timeout: Option<i64>,
    /// Whether it has private addresses only.
    #[attr(computed, force_new)]
    internal: Option<bool>,
    #[attr(computed)]
    ip_address_type: Option<String>,
    #[block(max = 1)]
    ipam_pools: Option<IpamPools>,
    /// `application`, `network` or `gateway`.
    #[attr(default = "application", force_new)]
    load_balancer_type: String,
    #[block(max = 1)]
    minimum_load_balancer_capacity: Option<MinimumLoadBalancerCapacity>,
    #[attr(computed, force_new)]
    name: Option<String>,
    #[attr(computed, force_new)]
    name_prefix: Option<String>,
    #[attr(default = false)]
    preserve_host_header: Option<bool>,
    #[attr(computed)]
    security_groups: Option<Set<String>>,
    #[block(set, computed)]
    subnet_mapping: Vec<SubnetMapping>,
    #[attr(computed)]
    subnets: Option<Set<String>>,
    tags: Tags,
    #[timeouts(create = 600, delete = 600, update = 600)]
    timeouts: Timeouts,
    vpc_id: Computed<String>,
    #[attr(default = "append")]
    xff_header_processing_mode: Option<String>,
    /// The hosted zone of its DNS name.
    zone_id: Computed<String>,
}

/// Where logs go.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Logs {
    bucket: String,
    #[attr(default = false)]
    enabled: bool,
    prefix: Option<String>,
}

/// Where public addresses come from.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct IpamPools {
    ipv4_ipam_pool_id: String,
}

/// Capacity that is reserved.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct MinimumLoadBalancerCapacity {
    capacity_units: i64,
}

/// A subnet, with the address that the load balancer has there.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct SubnetMapping {
    #[attr(default = "")]
    allocation_id: String,
    #[attr(default = "")]
    ipv6_address: String,
    outpost_id: Computed<String>,
    #[attr(default = "")]
    private_ipv4_address: String,
    subnet_id: String,
}

const GONE: &[&str] = &["LoadBalancerNotFound"];

impl Logs {
    fn put(&self, attributes: &mut Attributes, kind: &str) {
        put(attributes, &format!("{kind}.s3.enabled"), Some(self.enabled));
        if self.enabled {
            put(attributes, &format!("{kind}.s3.bucket"), Some(&self.bucket));
            put(attributes, &format!("{kind}.s3.prefix"), self.prefix.as_ref());
        }
    }

    fn from_api(attributes: &Attributes, kind: &str, known: Option<&Self>) -> Option<Self> {
        let of = |name: &str| attributes.get(&format!("{kind}.s3.{name}"));
        let enabled = of("enabled").is_some_and(|value| value == "true");
        // While logs are off the API forgets where they would go.
        let text = |name: &str, known: Option<&String>| {
            of(name).filter(|text| !text.is_empty()).or(known).cloned().unwrap_or_default()
        };
        Some(Self {
            bucket: text("bucket", known.map(|known| &known.bucket)),
            enabled,
            prefix: Some(text("prefix", known.and_then(|known| known.prefix.as_ref()))),
        })
    }
}

impl Lb {
    fn is(&self, kind: &str) -> bool {
        self.load_balancer_type == kind
    }

    /// The attributes that this type of load balancer has.
    fn attributes(&self) -> Attributes {
        let mut all = Attributes::new();
        put(&mut all, "deletion_protection.enabled", Some(self.enable_deletion_protection));
        if self.is("application") {
            put(&mut all, "idle_timeout.timeout_seconds", self.idle_timeout);
            put(&mut all, "client_keep_alive.seconds", self.client_keep_alive);
            put(&mut all, "routing.http2.enabled", self.enable_http2);
            put(
                &mut all,
                "routing.http.desync_mitigation_mode",
                self.desync_mitigation_mode.as_ref(),
            );
            put(
                &mut all,
                "routing.http.drop_invalid_header_fields.enabled",
                self.drop_invalid_header_fields,
            );
            put(&mut all, "routing.http.preserve_host_header.enabled", self.preserve_host_header);
            put(
                &mut all,
                "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
                self.enable_tls_version_and_cipher_suite_headers,
            );
            put(&mut all, "routing.http.xff_client_port.enabled", self.enable_xff_client_port);
            put(
                &mut all,
                "routing.http.xff_header_processing.mode",
                self.xff_header_processing_mode.as_ref(),
            );
            put(&mut all, "waf.fail_open.enabled", self.enable_waf_fail_open);
            if let Some(logs) = &self.connection_logs {
                logs.put(&mut all, "connection_logs");
            }
        } else {
            put(
                &mut all,
                "load_balancing.cross_zone.enabled",
                self.enable_cross_zone_load_balancing,
            );
        }
        if self.is("network") {
            put(
                &mut all,
                "dns_record.client_routing_policy",
                self.dns_record_client_routing_policy.as_ref(),
            );
        }
        if !self.is("gateway") {
            put(&mut all, "zonal_shift.config.enabled", self.enable_zonal_shift);
            if let Some(logs) = &self.access_logs {
                logs.put(&mut all, "access_logs");
            }
        }
        all
    }

    async fn set_attributes(&self, aws: &Aws, arn: &str) -> Result<()> {
        let now = attributes_of(aws, arn).await?;
        // What the service has not heard of is sent only where it was asked for.
        let plain = Self { load_balancer_type: self.load_balancer_type.clone(), ..defaults() };
        let usual = plain.attributes();
        let mut wanted = changed(&self.attributes(), &now);
        wanted.retain(|key, value| now.contains_key(key) || usual.get(key) != Some(value));
        if wanted.is_empty() {
            return Ok(());
        }
        let list = wanted.iter().map(|(key, value)| {
            api::LoadBalancerAttribute::builder().key(key).value(value).build()
        });
        let request = aws.elbv2.modify_load_balancer_attributes().load_balancer_arn(arn);
        request
            .set_attributes(Some(list.collect()))
            .send()
            .await
            .explain("modifying ELBv2 Load Balancer attributes")?;
        Ok(())
    }

    /// What other calls than that for attributes set.
    async fn set_rest(&self, aws: &Aws, arn: &str, prior: &Self) -> Result<()> {
        if self.minimum_load_balancer_capacity != prior.minimum_load_balancer_capacity {
            let units = self.minimum_load_balancer_capacity.as_ref();
            let capacity =
                units.and_then(|wanted| i32::try_from(wanted.capacity_units).ok()).map(|units| {
                    api::MinimumLoadBalancerCapacity::builder().capacity_units(units).build()
                });
            let request = aws
                .elbv2
                .modify_capacity_reservation()
                .load_balancer_arn(arn)
                .set_reset_capacity_reservation(capacity.is_none().then_some(true))
                .set_minimum_load_balancer_capacity(capacity);
            request.send().await.explain("modifying ELBv2 Load Balancer capacity")?;
        }
        Ok(())
    }

    fn pools(&self) -> Option<api::IpamPools> {
        let pools = self.ipam_pools.as_ref()?;
        Some(api::IpamPools::builder().ipv4_ipam_pool_id(&pools.ipv4_ipam_pool_id).build())
    }

    fn mappings(&self) -> Option<Vec<api::SubnetMapping>> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let list: Vec<_> = self
            .subnet_mapping
            .iter()
            .map(|mapping| {
                api::SubnetMapping::builder()
                    .subnet_id(&mapping.subnet_id)
                    .set_allocation_id(given(&mapping.allocation_id))
                    .set_ipv6_address(given(&mapping.ipv6_address))
                    .set_private_ipv4_address(given(&mapping.private_ipv4_address))
                    .build()
            })
            .collect();
        (!list.is_empty()).then_some(list)
    }
}

/// A load balancer with the default of every argument that has one.
fn defaults() -> Lb {
    Lb {
        client_keep_alive: Some(3600),
        desync_mitigation_mode: Some("defensive".to_owned()),
        dns_record_client_routing_policy: Some("any_availability_zone".to_owned()),
        drop_invalid_header_fields: Some(false),
        enable_cross_zone_load_balancing: Some(false),
        enable_http2: Some(true),
        enable_tls_version_and_cipher_suite_headers: Some(false),
        enable_waf_fail_open: Some(false),
        enable_xff_client_port: Some(false),
        enable_zonal_shift: Some(false),
        idle_timeout: Some(60),
        preserve_host_header: Some(false),
        xff_header_processing_mode: Some("append".to_owned()),
        ..Lb::default()
    }
}

async fn attributes_of(aws: &Aws, arn: &str) -> Result<Attributes> {
    let response =
        aws.elbv2.describe_load_balancer_attributes().load_balancer_arn(arn).send().await;
    let found = response.found("reading ELBv2 Load Balancer attributes", GONE)?;
    let pairs = found.and_then(|found| found.attributes).unwrap_or_default().into_iter();
    Ok(pairs.filter_map(|pair| Some((pair.key?, pair.value.unwrap_or_default()))).collect())
}

/// The load balancers with these ARNs that exist: all at once, or one by one where one of them is gone.
async fn describe(aws: &Aws, arns: Vec<String>) -> Result<Vec<api::LoadBalancer>> {
    let request =
        |arns: Vec<String>| aws.elbv2.describe_load_balancers().set_load_balancer_arns(Some(arns));
    let mut found = Vec::new();
    for chunk in arns.chunks(20) {
        let response = request(chunk.to_vec()).send().await;
        if let Some(response) = response.found("reading ELBv2 Load Balancers", GONE)? {
            found.extend(response.load_balancers.unwrap_or_default());
            continue;
        }
        for arn in chunk.iter().filter(|_| chunk.len() > 1) {
            let response = request(vec![arn.clone()]).send().await;
            let response = response.found("reading ELBv2 Load Balancer", GONE)?;
            found.extend(response.and_then(|response| response.load_balancers).unwrap_or_default());
        }
    }
    Ok(found)
}

impl Operations for Lb {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let prefix = given(&plan.name_prefix).unwrap_or_else(|| "tf-lb-".to_owned());
        let mappings = plan.mappings();
        let subnets = plan.subnets.clone().filter(|_| mappings.is_none());
        let name = names::name_or_new(plan.name.as_ref(), Some(&prefix), 32);
        // The API would answer with the load balancer that has the name already, and it would become ours.
        let same = aws.elbv2.describe_load_balancers().names(&name).send().await;
        let same = same.found(&format!("reading ELBv2 Load Balancer ({name})"), GONE)?;
        if same.and_then(|found| found.load_balancers).is_some_and(|there| !there.is_empty()) {
            let summary = format!("ELBv2 Load Balancer ({name}) already exists");
            return Err(Error::new("").summary(summary));
        }
        let request = aws
            .elbv2
            .create_load_balancer()
            .name(&name)
            .r#type(plan.load_balancer_type.as_str().into())
            .set_scheme(
                (plan.internal == Some(true)).then_some(api::LoadBalancerSchemeEnum::Internal),
            )
            .set_security_groups(
                plan.security_groups
                    .clone()
                    .map(|groups| groups.0)
                    .filter(|groups| !groups.is_empty()),
            )
            .set_subnets(subnets.map(|subnets| subnets.0))
            .set_subnet_mappings(mappings)
            .set_ip_address_type(given(&plan.ip_address_type).as_deref().map(Into::into))
            .set_customer_owned_ipv4_pool(given(&plan.customer_owned_ipv4_pool))
            .set_ipam_pools(plan.pools())
            .set_tags(tag_list(&plan.tags));
        let doing = format!("creating ELBv2 {} Load Balancer ({name})", plan.load_balancer_type);
        let made = request.send().await.explain(&doing)?.load_balancers;
        let first = made.unwrap_or_default().into_iter().next();
        first
            .and_then(|balancer| balancer.load_balancer_arn)
            .map(Id)
            .ok_or_else(|| Error::missing("ARN"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let limit = plan.timeouts.of("create", Duration::from_secs(600));
        until("the load balancer to be active", limit, || async {
            let now = describe(aws, vec![plan.id.0.clone()]).await?.into_iter().next();
            match now.and_then(|balancer| balancer.state).and_then(|state| state.code) {
                Some(api::LoadBalancerStateEnum::Failed) => {
                    Err(Error::new(format!("The load balancer {} failed to start.", plan.id)))
                }
                Some(api::LoadBalancerStateEnum::Provisioning) => Ok(None),
                _ => Ok(Some(())),
            }
        })
        .await?;
        plan.set_attributes(aws, &plan.id).await?;
        plan.set_rest(aws, &plan.id, &Self::default()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let states: BTreeMap<&str, &Self> =
            known.iter().map(|known| (&*known.id, &known.state)).collect();
        let balancers = describe(aws, ids(known)).await?;
        let arns: Vec<String> =
            balancers.iter().filter_map(|balancer| balancer.load_balancer_arn.clone()).collect();
        let mut tags = read_tags(aws, &arns).await?;
        let attributes =
            futures::future::try_join_all(arns.iter().map(|arn| attributes_of(aws, arn))).await?;
        let objects = balancers.into_iter().zip(&arns).zip(attributes).map(
            |((balancer, arn), attributes)| {
                let known =
                    states.get(arn.as_str()).map(|state| (*state).clone()).unwrap_or_else(defaults);
                let tags = tags.remove(arn).unwrap_or_default();
                (arn.clone(), Self { tags, ..from_api(&balancer, &attributes, known) })
            },
        );
        Ok(objects.collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let arn = &*prior.id;
        if let Some(groups) = plan
            .security_groups
            .clone()
            .filter(|groups| prior.security_groups.as_ref() != Some(groups))
        {
            let request = aws
                .elbv2
                .set_security_groups()
                .load_balancer_arn(arn)
                .set_security_groups(Some(groups.0));
            request.send().await.explain("setting ELBv2 Load Balancer security groups")?;
        }
        if plan.subnet_mapping != prior.subnet_mapping || plan.subnets != prior.subnets {
            let mappings = plan.mappings().filter(|_| plan.subnet_mapping != prior.subnet_mapping);
            let subnets = plan.subnets.clone().filter(|_| mappings.is_none());
            let request = aws
                .elbv2
                .set_subnets()
                .load_balancer_arn(arn)
                .set_subnets(subnets.map(|subnets| subnets.0))
                .set_subnet_mappings(mappings);
            request.send().await.explain("setting ELBv2 Load Balancer subnets")?;
        }
        if let Some(kind) = plan
            .ip_address_type
            .as_deref()
            .filter(|kind| prior.ip_address_type.as_deref() != Some(kind))
        {
            let request =
                aws.elbv2.set_ip_address_type().load_balancer_arn(arn).ip_address_type(kind.into());
            request.send().await.explain("setting ELBv2 Load Balancer address type")?;
        }
        if plan.ipam_pools != prior.ipam_pools {
            let request =
                aws.elbv2.modify_ip_pools().load_balancer_arn(arn).set_ipam_pools(plan.pools());
            request.send().await.explain("modifying ELBv2 Load Balancer IPAM pools")?;
        }
        plan.set_attributes(aws, arn).await?;
        plan.set_rest(aws, arn, prior).await?;
        update_tags(aws, arn, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.elbv2.delete_load_balancer().load_balancer_arn(&*prior.id);
        request
            .send()
            .await
            .found(&format!("deleting ELBv2 Load Balancer ({})", prior.id), GONE)?;
        let limit = prior.timeouts.of("delete", Duration::from_secs(600));
        until("the load balancer to be deleted", limit, || async {
            Ok(describe(aws, vec![prior.id.0.clone()]).await?.is_empty().then_some(()))
        })
        .await
    }

    /// Most arguments are for one kind of load balancer only, and mean nothing for the others.
    fn customise(change: &mut Change<'_>) {
        let kind = change.planned("load_balancer_type");
        let kind = kind.as_str().unwrap_or_default();
        let foreign = FOR_KINDS.iter().filter(|(kinds, _)| !kinds.contains(&kind));
        for name in foreign.flat_map(|(_, names)| *names) {
            change.leave(name);
        }
    }
}

impl List for Lb {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.elbv2.describe_load_balancers().page_size(page.size(1, 400));
        let answer =
            request.set_marker(page.token).send().await.explain("listing ELBv2 Load Balancers")?;
        let found = answer.load_balancers.unwrap_or_default().into_iter();
        let found =
            found.filter_map(|found| Some((found.load_balancer_arn?, found.load_balancer_name?)));
        Ok(Results::new(found, answer.next_marker))
    }
}

/// Kinds of load balancers, and the arguments that are for these alone.
const FOR_KINDS: &[(&[&str], &[&str])] = &[
    (
        &["application"],
        &[
            "client_keep_alive",
            "desync_mitigation_mode",
            "drop_invalid_header_fields",
            "enable_http2",
            "enable_tls_version_and_cipher_suite_headers",
            "enable_waf_fail_open",
            "enable_xff_client_port",
            "idle_timeout",
            "preserve_host_header",
            "xff_header_processing_mode",
        ],
    ),
    (&["application", "network"], &["enable_zonal_shift"]),
    (&["gateway", "network"], &["enable_cross_zone_load_balancing"]),
    (&["network"], &["dns_record_client_routing_policy"]),
];

fn from_api(balancer: &api::LoadBalancer, attributes: &Attributes, known: Lb) -> Lb {
    let arn = balancer.load_balancer_arn.clone().unwrap_or_default();
    let name = balancer.load_balancer_name.clone().unwrap_or_default();
    let zones = || balancer.availability_zones.iter().flatten();
    let mapping = |zone: &api::AvailabilityZone| {
        let address = zone.load_balancer_addresses.iter().flatten().next();
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        SubnetMapping {
            allocation_id: text(address.and_then(|address| address.allocation_id.as_ref())),
            ipv6_address: text(address.and_then(|address| address.ipv6_address.as_ref())),
            outpost_id: text(zone.outpost_id.as_ref()).into(),
            private_ipv4_address: text(
                address.and_then(|address| address.private_ipv4_address.as_ref()),
            ),
            subnet_id: text(zone.subnet_id.as_ref()),
        }
    };
    let mut object = Lb {
        access_logs: Logs::from_api(attributes, "access_logs", known.access_logs.as_ref()),
        arn_suffix: arn_suffix(&arn).into(),
        arn: arn.into(),
        connection_logs: Logs::from_api(
            attributes,
            "connection_logs",
            known.connection_logs.as_ref(),
        ),
        customer_owned_ipv4_pool: Some(
            balancer.customer_owned_ipv4_pool.clone().unwrap_or_default(),
        ),
        dns_name: balancer.dns_name.clone().into(),
        enforce_security_group_inbound_rules_on_private_link_traffic: Some(
            balancer
                .enforce_security_group_inbound_rules_on_private_link_traffic
                .clone()
                .unwrap_or_default(),
        ),
        internal: Some(balancer.scheme == Some(api::LoadBalancerSchemeEnum::Internal)),
        ip_address_type: balancer.ip_address_type.as_ref().map(|kind| kind.as_str().to_owned()),
        load_balancer_type: balancer
            .r#type
            .as_ref()
            .map_or("application", |kind| kind.as_str())
            .to_owned(),
        name_prefix: Some(names::prefix_of(&name)),
        name: Some(name),
        security_groups: Some(Set(balancer.security_groups.clone().unwrap_or_default())),
        subnet_mapping: zones().map(mapping).collect(),
        subnets: Some(zones().filter_map(|zone| zone.subnet_id.clone()).collect()),
        vpc_id: balancer.vpc_id.clone().into(),
        zone_id: balancer.canonical_hosted_zone_id.clone().into(),
        ..known
    };
    take_some(attributes, "idle_timeout.timeout_seconds", &mut object.idle_timeout);
    take_some(attributes, "client_keep_alive.seconds", &mut object.client_keep_alive);
    take_some(attributes, "routing.http2.enabled", &mut object.enable_http2);
    take_some(
        attributes,
        "routing.http.desync_mitigation_mode",
        &mut object.desync_mitigation_mode,
    );
    take_some(
        attributes,
        "routing.http.drop_invalid_header_fields.enabled",
        &mut object.drop_invalid_header_fields,
    );
    take_some(
        attributes,
        "routing.http.preserve_host_header.enabled",
        &mut object.preserve_host_header,
    );
    take_some(
        attributes,
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
        &mut object.enable_tls_version_and_cipher_suite_headers,
    );
    take_some(
        attributes,
        "routing.http.xff_client_port.enabled",
        &mut object.enable_xff_client_port,
    );
    take_some(
        attributes,
        "routing.http.xff_header_processing.mode",
        &mut object.xff_header_processing_mode,
    );
    take_some(attributes, "waf.fail_open.enabled", &mut object.enable_waf_fail_open);
    take(attributes, "deletion_protection.enabled", &mut object.enable_deletion_protection);
    take_some(attributes, "zonal_shift.config.enabled", &mut object.enable_zonal_shift);
    take_some(
        attributes,
        "dns_record.client_routing_policy",
        &mut object.dns_record_client_routing_policy,
    );
    // It is always on for an application load balancer, which has no such argument.
    if object.is("application") {
        object.enable_cross_zone_load_balancing.get_or_insert(false);
    } else {
        object.connection_logs = None;
        take_some(
            attributes,
            "load_balancing.cross_zone.enabled",
            &mut object.enable_cross_zone_load_balancing,
        );
    }
    object
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    one_of("desync_mitigation_mode", &["monitor", "defensive", "strictest"]),
    one_of(
        "dns_record_client_routing_policy",
        &[
            "availability_zone_affinity",
            "partial_availability_zone_affinity",
            "any_availability_zone",
        ],
    ),
    one_of("enforce_security_group_inbound_rules_on_private_link_traffic", &["on", "off"]),
    one_of("ip_address_type", &["ipv4", "dualstack", "dualstack-without-public-ipv4"]),
    one_of("load_balancer_type", &["application", "network", "gateway"]),
    fits("name", shapes::load_balancer),
    fits("name_prefix", shapes::prefix_of_load_balancer),
    one_of("xff_header_processing_mode", &["append", "preserve", "remove"]),
    exactly_one(&["subnet_mapping", "subnets"]),
    conflicts("name", &["name_prefix"]),
    conflicts("name_prefix", &["name"]),
];
