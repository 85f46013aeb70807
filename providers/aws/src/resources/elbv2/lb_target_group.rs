use aws_sdk_elasticloadbalancingv2::types as api;

use super::attributes::{
    Attributes, arn_suffix, changed, put, read_tags, tag_list, take, take_some, update_tags,
};
use crate::listing::{self, Everything};
use crate::prelude::*;

/// Targets that a load balancer sends requests to.
///
/// ```hcl
/// resource "aws_lb_target_group" "web" {
///   name     = "web"
///   port     = 8080
///   protocol = "HTTP"
///   vpc_id   = aws_vpc.main.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_lb_target_group", checks = CHECKS)]
pub(crate) struct LbTargetGroup {
    /// Amazon Resource Name, which is also its id.
    arn: Computed<String>,
    /// The part of the ARN that metrics have.
    arn_suffix: Computed<String>,
    #[attr(computed)]
    connection_termination: Option<bool>,
    /// Seconds.
    #[attr(default = "300")]
    deregistration_delay: String,
    #[block(max = 1, computed)]
    health_check: Option<HealthCheck>,
    /// The ARN; declared here since a change of it would replace the group.
    #[attr(computed, force_new)]
    id: Option<String>,
    #[attr(computed, force_new)]
    ip_address_type: Option<String>,
    #[attr(default = false)]
    lambda_multi_value_headers_enabled: bool,
    load_balancer_arns: Computed<Set<String>>,
    #[attr(computed)]
    load_balancing_algorithm_type: Option<String>,
    #[attr(computed)]
    load_balancing_anomaly_mitigation: Option<String>,
    #[attr(computed)]
    load_balancing_cross_zone_enabled: Option<String>,
    #[attr(computed, force_new)]
    name: Option<String>,
    #[attr(computed, force_new)]
    name_prefix: Option<String>,
    #[attr(force_new)]
    port: Option<i64>,
    #[attr(computed)]
    preserve_client_ip: Option<String>,
    #[attr(force_new)]
    protocol: Option<String>,
    #[attr(computed, force_new)]
    protocol_version: Option<String>,
    #[attr(default = false)]
    proxy_protocol_v2: bool,
    /// Seconds.
    #[attr(default = 0)]
    slow_start: i64,
    #[block(max = 1, computed)]
    stickiness: Option<Stickiness>,
    tags: Tags,
    #[block(computed)]
    target_failover: Vec<TargetFailover>,
    #[block(max = 1, computed)]
    target_group_health: Option<TargetGroupHealth>,
    #[block(computed)]
    target_health_state: Vec<TargetHealthState>,
    /// `instance`, `ip`, `lambda` or `alb`.
    #[attr(default = "instance", force_new)]
    target_type: String,
    #[attr(force_new)]
    vpc_id: Option<String>,
}

/// When a target counts as healthy.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct HealthCheck {
    #[attr(default = true)]
    enabled: bool,
    #[attr(default = 3)]
    healthy_threshold: i64,
    #[attr(default = 30)]
    interval: i64,
    #[attr(computed)]
    matcher: Option<String>,
    #[attr(computed)]
    path: Option<String>,
    #[attr(default = "traffic-port")]
    port: String,
    #[attr(default = "HTTP")]
    protocol: String,
    #[attr(computed)]
    timeout: Option<i64>,
    #[attr(default = 3)]
    unhealthy_threshold: i64,
}

/// Whether a client keeps its target.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Stickiness {
    #[attr(default = 86400)]
    cookie_duration: Option<i64>,
    cookie_name: Option<String>,
    #[attr(default = true)]
    enabled: bool,
    r#type: String,
}

/// What happens to flows when a target goes away.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct TargetFailover {
    #[attr(required)]
    on_deregistration: Option<String>,
    #[attr(required)]
    on_unhealthy: Option<String>,
}

/// When the group counts as healthy.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct TargetGroupHealth {
    #[block(max = 1, computed)]
    dns_failover: Option<DnsFailover>,
    #[block(max = 1, computed)]
    unhealthy_state_routing: Option<UnhealthyStateRouting>,
}

/// When the zone leaves DNS. A number or `off`.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct DnsFailover {
    minimum_healthy_targets_count: Option<String>,
    minimum_healthy_targets_percentage: Option<String>,
}

/// When unhealthy targets are used too.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct UnhealthyStateRouting {
    minimum_healthy_targets_count: Option<i64>,
    minimum_healthy_targets_percentage: Option<String>,
}

/// What happens to connections of an unhealthy target.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct TargetHealthState {
    #[attr(required)]
    enable_unhealthy_connection_termination: Option<bool>,
    #[attr(default = 0)]
    unhealthy_draining_interval: Option<i64>,
}

const GONE: &[&str] = &["TargetGroupNotFound"];

fn int(number: i64) -> Option<i32> {
    i32::try_from(number).ok()
}

impl LbTargetGroup {
    fn is_http(&self) -> bool {
        self.protocol.as_deref().is_some_and(|protocol| protocol.starts_with("HTTP"))
    }

    /// The attributes that this kind of target group has.
    fn attributes(&self) -> Attributes {
        let mut all = Attributes::new();
        if self.target_type == "lambda" {
            put(
                &mut all,
                "lambda.multi_value_headers.enabled",
                Some(self.lambda_multi_value_headers_enabled),
            );
            return all;
        }
        put(&mut all, "deregistration_delay.timeout_seconds", Some(&self.deregistration_delay));
        put(
            &mut all,
            "load_balancing.cross_zone.enabled",
            self.load_balancing_cross_zone_enabled.as_ref(),
        );
        if self.is_http() {
            put(&mut all, "slow_start.duration_seconds", Some(self.slow_start));
            put(
                &mut all,
                "load_balancing.algorithm.type",
                self.load_balancing_algorithm_type.as_ref(),
            );
            put(
                &mut all,
                "load_balancing.algorithm.anomaly_mitigation",
                self.load_balancing_anomaly_mitigation.as_ref(),
            );
        } else {
            put(&mut all, "proxy_protocol_v2.enabled", Some(self.proxy_protocol_v2));
            put(&mut all, "preserve_client_ip.enabled", self.preserve_client_ip.as_ref());
            put(
                &mut all,
                "deregistration_delay.connection_termination.enabled",
                self.connection_termination,
            );
        }
        self.put_stickiness(&mut all);
        for failover in &self.target_failover {
            put(&mut all, "target_failover.on_deregistration", failover.on_deregistration.as_ref());
            put(&mut all, "target_failover.on_unhealthy", failover.on_unhealthy.as_ref());
        }
        for state in &self.target_health_state {
            let terminate = state.enable_unhealthy_connection_termination;
            put(
                &mut all,
                "target_health_state.unhealthy.connection_termination.enabled",
                terminate,
            );
            if terminate == Some(false) {
                let interval = state.unhealthy_draining_interval;
                put(&mut all, "target_health_state.unhealthy.draining_interval_seconds", interval);
            }
        }
        if let Some(health) = &self.target_group_health {
            if let Some(failover) = &health.dns_failover {
                let key = |what: &str| {
                    format!("target_group_health.dns_failover.minimum_healthy_targets.{what}")
                };
                let (count, percentage) = (
                    failover.minimum_healthy_targets_count.as_deref(),
                    failover.minimum_healthy_targets_percentage.as_deref(),
                );
                put(&mut all, &key("count"), count.or(Some("off")));
                put(&mut all, &key("percentage"), percentage.or(Some("off")));
            }
            if let Some(routing) = &health.unhealthy_state_routing {
                let key = |what: &str| {
                    format!(
                        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.{what}"
                    )
                };
                let percentage = routing.minimum_healthy_targets_percentage.as_deref();
                put(&mut all, &key("count"), routing.minimum_healthy_targets_count.or(Some(1)));
                put(&mut all, &key("percentage"), percentage.or(Some("off")));
            }
        }
        all
    }

    fn put_stickiness(&self, all: &mut Attributes) {
        let Some(stickiness) = &self.stickiness else { return };
        put(all, "stickiness.enabled", Some(stickiness.enabled));
        if !stickiness.enabled {
            return;
        }
        put(all, "stickiness.type", Some(&stickiness.r#type));
        match stickiness.r#type.as_str() {
            "lb_cookie" => {
                put(all, "stickiness.lb_cookie.duration_seconds", stickiness.cookie_duration);
            }
            "app_cookie" => {
                put(all, "stickiness.app_cookie.duration_seconds", stickiness.cookie_duration);
                put(all, "stickiness.app_cookie.cookie_name", stickiness.cookie_name.as_ref());
            }
            _ => {}
        }
    }

    async fn set_attributes(&self, aws: &Aws, arn: &str) -> Result<()> {
        let now = attributes_of(aws, arn).await?;
        let usual = Self {
            target_type: self.target_type.clone(),
            protocol: self.protocol.clone(),
            deregistration_delay: "300".to_owned(),
            ..Self::default()
        };
        let usual = usual.attributes();
        let mut wanted = changed(&self.attributes(), &now);
        wanted.retain(|key, value| now.contains_key(key) || usual.get(key) != Some(value));
        if wanted.is_empty() {
            return Ok(());
        }
        let list = wanted
            .iter()
            .map(|(key, value)| api::TargetGroupAttribute::builder().key(key).value(value).build());
        let request = aws.elbv2.modify_target_group_attributes().target_group_arn(arn);
        request
            .set_attributes(Some(list.collect()))
            .send()
            .await
            .explain("modifying ELBv2 Target Group attributes")?;
        Ok(())
    }

    fn matcher(&self) -> Option<api::Matcher> {
        let text = self.health_check.as_ref()?.matcher.clone().filter(|text| !text.is_empty())?;
        let grpc = self.protocol_version.as_deref() == Some("GRPC");
        let built = api::Matcher::builder();
        Some(if grpc { built.grpc_code(text).build() } else { built.http_code(text).build() })
    }
}

async fn attributes_of(aws: &Aws, arn: &str) -> Result<Attributes> {
    let response = aws.elbv2.describe_target_group_attributes().target_group_arn(arn).send().await;
    let found = response.found("reading ELBv2 Target Group attributes", GONE)?;
    let pairs = found.and_then(|found| found.attributes).unwrap_or_default().into_iter();
    Ok(pairs.filter_map(|pair| Some((pair.key?, pair.value.unwrap_or_default()))).collect())
}

/// The target groups with these ARNs that exist: all at once, or one by one where one of them is gone.
async fn describe(aws: &Aws, arns: Vec<String>) -> Result<Vec<api::TargetGroup>> {
    let request =
        |arns: Vec<String>| aws.elbv2.describe_target_groups().set_target_group_arns(Some(arns));
    let mut found = Vec::new();
    for chunk in arns.chunks(CHUNK) {
        let response = request(chunk.to_vec()).send().await;
        if let Some(response) = response.found("reading ELBv2 Target Groups", GONE)? {
            found.extend(response.target_groups.unwrap_or_default());
            continue;
        }
        for arn in chunk.iter().filter(|_| chunk.len() > 1) {
            let response = request(vec![arn.clone()]).send().await;
            let response = response.found("reading ELBv2 Target Group", GONE)?;
            found.extend(response.and_then(|response| response.target_groups).unwrap_or_default());
        }
    }
    Ok(found)
}

impl Operations for LbTargetGroup {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let prefix = given(&plan.name_prefix).unwrap_or_else(|| "tf-".to_owned());
        let name = names::name_or_new(plan.name.as_ref(), Some(&prefix), 32);
        // The API would answer with the group that has the name already, and it would become ours.
        let same = aws.elbv2.describe_target_groups().names(&name).send().await;
        let same = same.found(&format!("reading ELBv2 Target Group ({name})"), GONE)?;
        if same.and_then(|found| found.target_groups).is_some_and(|groups| !groups.is_empty()) {
            let summary = format!("ELBv2 Target Group ({name}) already exists");
            return Err(Error::new("").summary(summary));
        }
        let mut request = aws
            .elbv2
            .create_target_group()
            .name(&name)
            .target_type(plan.target_type.as_str().into())
            .set_tags(tag_list(&plan.tags));
        if plan.target_type != "lambda" {
            request = request
                .set_port(plan.port.and_then(int))
                .set_protocol(given(&plan.protocol).as_deref().map(Into::into))
                .set_vpc_id(given(&plan.vpc_id))
                .set_protocol_version(given(&plan.protocol_version).filter(|_| plan.is_http()))
                .set_ip_address_type(given(&plan.ip_address_type).as_deref().map(Into::into));
        }
        if let Some(check) = &plan.health_check {
            request = request
                .health_check_enabled(check.enabled)
                .set_health_check_interval_seconds(int(check.interval))
                .set_health_check_path(given(&check.path))
                .set_health_check_timeout_seconds(
                    check.timeout.and_then(int).filter(|seconds| *seconds > 0),
                )
                .set_healthy_threshold_count(int(check.healthy_threshold))
                .set_unhealthy_threshold_count(int(check.unhealthy_threshold))
                .set_matcher(plan.matcher());
            if plan.target_type != "lambda" {
                request = request
                    .health_check_port(&check.port)
                    .health_check_protocol(check.protocol.as_str().into());
            }
        }
        let made = request.send().await;
        let made = made.explain(&format!("creating ELBv2 Target Group ({name})"))?.target_groups;
        let first = made.unwrap_or_default().into_iter().next();
        first.and_then(|group| group.target_group_arn).map(Id).ok_or_else(|| Error::missing("ARN"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        plan.set_attributes(aws, &plan.id).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let states: BTreeMap<&str, &Self> =
            known.iter().map(|known| (&*known.id, &known.state)).collect();
        let groups = describe(aws, ids(known)).await?;
        let arns: Vec<String> =
            groups.iter().filter_map(|group| group.target_group_arn.clone()).collect();
        let mut tags = read_tags(aws, &arns).await?;
        let attributes =
            futures::future::try_join_all(arns.iter().map(|arn| attributes_of(aws, arn))).await?;
        let objects =
            groups.into_iter().zip(&arns).zip(attributes).map(|((group, arn), attributes)| {
                let known =
                    states.get(arn.as_str()).map(|state| (*state).clone()).unwrap_or_default();
                let tags = tags.remove(arn).unwrap_or_default();
                (arn.clone(), Self { tags, ..from_api(&group, &attributes, known) })
            });
        Ok(objects.collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let arn = &*prior.id;
        if let Some(check) =
            plan.health_check.as_ref().filter(|check| prior.health_check.as_ref() != Some(check))
        {
            let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
            let mut request = aws
                .elbv2
                .modify_target_group()
                .target_group_arn(arn)
                .health_check_enabled(check.enabled)
                .set_health_check_interval_seconds(int(check.interval))
                .set_health_check_path(given(&check.path))
                .set_health_check_timeout_seconds(
                    check.timeout.and_then(int).filter(|seconds| *seconds > 0),
                )
                .set_healthy_threshold_count(int(check.healthy_threshold))
                .set_unhealthy_threshold_count(int(check.unhealthy_threshold))
                .set_matcher(plan.matcher());
            if plan.target_type != "lambda" {
                request = request
                    .health_check_port(&check.port)
                    .health_check_protocol(check.protocol.as_str().into());
            }
            request.send().await.explain(&format!("modifying ELBv2 Target Group ({arn})"))?;
        }
        plan.set_attributes(aws, arn).await?;
        update_tags(aws, arn, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        until("the target group to be deleted", Duration::from_secs(120), || async {
            let request = aws.elbv2.delete_target_group().target_group_arn(&*prior.id);
            request
                .send()
                .await
                .deleted(&format!("deleting ELBv2 Target Group ({})", prior.id), GONE)
        })
        .await
    }

    /// Some arguments exist for some kinds of targets only: what is not set is then not to be decided.
    fn customise(change: &mut Change<'_>) {
        if let Some(wrong) = wrong_combination(change) {
            change.problem(Problem::error(format!("Invalid Attribute Combination\n\n{wrong}"), ""));
        }
        let protocol = change.planned("protocol");
        if protocol.as_str().is_some_and(|protocol| !protocol.starts_with("HTTP")) {
            without_cookie(change);
        }
    }
}

impl List for LbTargetGroup {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.elbv2.describe_target_groups().page_size(page.size(1, 400));
        let answer =
            request.set_marker(page.token).send().await.explain("listing ELBv2 Target Groups")?;
        let found = answer.target_groups.unwrap_or_default().into_iter();
        let found =
            found.filter_map(|found| Some((found.target_group_arn?, found.target_group_name?)));
        Ok(Results::new(found, answer.next_marker))
    }
}

/// Only HTTP has cookies: their duration stays what it is.
fn without_cookie(change: &mut Change<'_>) {
    let before = change.prior().and_then(|prior| prior.get("stickiness"));
    let before = before.and_then(|found| found.as_sequence()?.first()?.get("cookie_duration"));
    let before = before.cloned().unwrap_or_else(|| Value::null(Type::Number));
    let planned = change.planned("stickiness");
    if let (true, Some([stickiness])) = (planned.is_known(), planned.as_sequence()) {
        let stickiness = stickiness.clone().with("cookie_duration", before);
        change.set("stickiness", Value::list(stickiness.ty(), vec![stickiness]));
    }
}

/// What is set and does not fit the health check or the kind of target, or is missing for it.
fn wrong_combination(change: &Change<'_>) -> Option<String> {
    let config = change.config();
    let check = config.get("health_check").and_then(|checks| checks.as_sequence()?.first());
    let text = |name: &str| check.and_then(|check| check.get(name)?.as_str()).unwrap_or_default();
    if text("protocol").eq_ignore_ascii_case("TCP")
        && let Some(name) = ["matcher", "path"].into_iter().find(|name| !text(name).is_empty())
    {
        return Some(format!(
            "Attribute \"health_check[0].{name}\" cannot be specified when \"health_check[0].protocol\" is \"TCP\".\n\n\
             Path: health_check[0].{name}"
        ));
    }
    let kind = change.planned("target_type");
    let kind = kind.as_str().filter(|kind| *kind != "lambda")?;
    let unset = |name: &&str| config.get(name).is_some_and(Value::is_null);
    let name = ["port", "protocol", "vpc_id"].into_iter().find(unset)?;
    Some(format!(
        "Attribute \"{name}\" must be specified when \"target_type\" is \"{kind}\".\n\nPath: target_type"
    ))
}

fn from_api(
    group: &api::TargetGroup,
    attributes: &Attributes,
    known: LbTargetGroup,
) -> LbTargetGroup {
    let arn = group.target_group_arn.clone().unwrap_or_default();
    let name = group.target_group_name.clone().unwrap_or_default();
    let matcher = group.matcher.as_ref();
    let check = HealthCheck {
        enabled: group.health_check_enabled.unwrap_or(true),
        healthy_threshold: group.healthy_threshold_count.map_or(3, i64::from),
        interval: group.health_check_interval_seconds.map_or(30, i64::from),
        matcher: Some(
            matcher
                .and_then(|found| found.http_code.clone().or(found.grpc_code.clone()))
                .unwrap_or_default(),
        ),
        path: Some(group.health_check_path.clone().unwrap_or_default()),
        port: group.health_check_port.clone().unwrap_or_default(),
        protocol: group
            .health_check_protocol
            .as_ref()
            .map_or("", |protocol| protocol.as_str())
            .to_owned(),
        timeout: group.health_check_timeout_seconds.map(i64::from),
        unhealthy_threshold: group.unhealthy_threshold_count.map_or(3, i64::from),
    };
    let mut object = LbTargetGroup {
        arn_suffix: arn_suffix(&arn).into(),
        arn: arn.into(),
        health_check: Some(check),
        ip_address_type: group.ip_address_type.as_ref().map(|kind| kind.as_str().to_owned()),
        load_balancer_arns: Set(group.load_balancer_arns.clone().unwrap_or_default()).into(),
        name_prefix: Some(names::prefix_of(&name)),
        name: Some(name),
        port: group.port.map(i64::from),
        protocol: group.protocol.as_ref().map(|protocol| protocol.as_str().to_owned()),
        protocol_version: match group.protocol.as_ref().map(api::ProtocolEnum::as_str) {
            Some("HTTP" | "HTTPS") => Some(group.protocol_version.clone().unwrap_or_default()),
            _ => known.protocol_version,
        },
        target_type: group.target_type.as_ref().map_or("instance", |kind| kind.as_str()).to_owned(),
        vpc_id: group.vpc_id.clone(),
        ..known
    };
    take(attributes, "deregistration_delay.timeout_seconds", &mut object.deregistration_delay);
    take_some(
        attributes,
        "deregistration_delay.connection_termination.enabled",
        &mut object.connection_termination,
    );
    take(
        attributes,
        "lambda.multi_value_headers.enabled",
        &mut object.lambda_multi_value_headers_enabled,
    );
    // A function has no requests to balance.
    if object.target_type != "lambda" {
        take_some(
            attributes,
            "load_balancing.algorithm.type",
            &mut object.load_balancing_algorithm_type,
        );
        take_some(
            attributes,
            "load_balancing.algorithm.anomaly_mitigation",
            &mut object.load_balancing_anomaly_mitigation,
        );
        take_some(
            attributes,
            "load_balancing.cross_zone.enabled",
            &mut object.load_balancing_cross_zone_enabled,
        );
    }
    take_some(attributes, "preserve_client_ip.enabled", &mut object.preserve_client_ip);
    take(attributes, "proxy_protocol_v2.enabled", &mut object.proxy_protocol_v2);
    take(attributes, "slow_start.duration_seconds", &mut object.slow_start);
    object.stickiness = stickiness(attributes, object.stickiness);
    let of = |key: &str| attributes.get(key).cloned();
    object.target_failover = vec![TargetFailover {
        on_deregistration: of("target_failover.on_deregistration"),
        on_unhealthy: of("target_failover.on_unhealthy"),
    }];
    let key = "target_health_state.unhealthy";
    let parsed = |what: &str| of(&format!("{key}.{what}"));
    object.target_health_state = vec![TargetHealthState {
        enable_unhealthy_connection_termination: parsed("connection_termination.enabled")
            .and_then(|value| value.parse().ok()),
        unhealthy_draining_interval: parsed("draining_interval_seconds")
            .and_then(|value| value.parse().ok()),
    }];
    object.target_group_health = Some(health(attributes));
    object
}

fn stickiness(attributes: &Attributes, known: Option<Stickiness>) -> Option<Stickiness> {
    if attributes.is_empty() {
        return None;
    }
    let kind = attributes.get("stickiness.type").cloned().unwrap_or_default();
    let mut found = Stickiness { r#type: kind, ..known.unwrap_or_default() };
    found.cookie_name.get_or_insert_default();
    found.cookie_duration.get_or_insert_default();
    take(attributes, "stickiness.enabled", &mut found.enabled);
    match found.r#type.as_str() {
        "lb_cookie" => {
            let key = "stickiness.lb_cookie.duration_seconds";
            take_some(attributes, key, &mut found.cookie_duration);
        }
        "app_cookie" => {
            let key = "stickiness.app_cookie.duration_seconds";
            take_some(attributes, key, &mut found.cookie_duration);
            take_some(attributes, "stickiness.app_cookie.cookie_name", &mut found.cookie_name);
        }
        _ => {}
    }
    Some(found)
}

fn health(attributes: &Attributes) -> TargetGroupHealth {
    let of = |part: &str, what: &str| {
        attributes
            .get(&format!("target_group_health.{part}.minimum_healthy_targets.{what}"))
            .cloned()
    };
    let dns = (of("dns_failover", "count"), of("dns_failover", "percentage"));
    let routing =
        (of("unhealthy_state_routing", "count"), of("unhealthy_state_routing", "percentage"));
    TargetGroupHealth {
        dns_failover: Some(DnsFailover {
            minimum_healthy_targets_count: dns.0,
            minimum_healthy_targets_percentage: dns.1,
        }),
        unhealthy_state_routing: Some(UnhealthyStateRouting {
            minimum_healthy_targets_count: routing.0.and_then(|count| count.parse().ok()),
            minimum_healthy_targets_percentage: routing.1,
        }),
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("deregistration_delay", shapes::delay),
    one_of("ip_address_type", &["ipv4", "ipv6"]),
    one_of(
        "load_balancing_algorithm_type",
        &["round_robin", "least_outstanding_requests", "weighted_random"],
    ),
    one_of("load_balancing_anomaly_mitigation", &["on", "off"]),
    one_of(
        "load_balancing_cross_zone_enabled",
        &["true", "false", "use_load_balancer_configuration"],
    ),
    fits("name", shapes::target_group),
    fits("name_prefix", shapes::prefix_of_target_group),
    range("port", 1, 65_535),
    fits("preserve_client_ip", shapes::truth),
    one_of("protocol", &["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"]),
    one_of("protocol_version", &["GRPC", "HTTP1", "HTTP2"]).any_case(),
    counts("slow_start", shapes::slow_start),
    one_of("target_type", &["instance", "ip", "lambda", "alb"]),
    range("health_check.healthy_threshold", 2, 10),
    range("health_check.interval", 5, 300),
    fits("health_check.path", shapes::path),
    fits("health_check.port", shapes::port_or_traffic),
    one_of("health_check.protocol", &["HTTP", "HTTPS", "TCP"]).in_block().any_case(),
    range("health_check.timeout", 2, 120),
    range("health_check.unhealthy_threshold", 2, 10),
    range("stickiness.cookie_duration", 0, 604_800),
    one_of(
        "stickiness.type",
        &["lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"],
    )
    .in_block(),
    one_of("target_failover.on_deregistration", &["rebalance", "no_rebalance"]).in_block(),
    one_of("target_failover.on_unhealthy", &["rebalance", "no_rebalance"]).in_block(),
    fits("target_group_health.dns_failover.minimum_healthy_targets_count", shapes::targets),
    fits("target_group_health.dns_failover.minimum_healthy_targets_percentage", shapes::percentage),
    fits(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets_percentage",
        shapes::percentage,
    ),
    range("target_health_state.unhealthy_draining_interval", 0, 360_000),
    conflicts("name", &["name_prefix"]),
    conflicts("name_prefix", &["name"]),
];
