use std::collections::BTreeSet;

use super::permissions::{self, Direction, Permission, Source};
use crate::listing::{self, Filtered};
use crate::prelude::*;

/// One rule of a security group.
///
/// ```hcl
/// resource "aws_security_group_rule" "ssh" {
///   type              = "ingress"
///   security_group_id = aws_security_group.web.id
///   protocol          = "tcp"
///   from_port         = 22
///   to_port           = 22
///   cidr_blocks       = ["10.0.0.0/8"]
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_security_group_rule", version = 2, checks = CHECKS)]
pub(crate) struct SecurityGroupRule {
    #[attr(force_new)]
    cidr_blocks: Option<Vec<String>>,
    description: Option<String>,
    #[attr(force_new)]
    from_port: i64,
    #[attr(force_new)]
    ipv6_cidr_blocks: Option<Vec<String>>,
    #[attr(force_new)]
    prefix_list_ids: Option<Vec<String>>,
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all.
    #[attr(force_new)]
    protocol: String,
    #[attr(force_new)]
    security_group_id: String,
    /// Id that the API has for it; only if it has one source.
    security_group_rule_id: Computed<String>,
    #[attr(default = false, force_new)]
    self_: bool,
    #[attr(computed, force_new)]
    source_security_group_id: Option<String>,
    #[timeouts(create = 300)]
    timeouts: Timeouts,
    #[attr(force_new)]
    to_port: i64,
    /// `ingress` or `egress`.
    #[attr(force_new)]
    r#type: String,
}

impl SecurityGroupRule {
    fn direction(&self) -> Direction {
        if self.r#type == "egress" { Direction::Out } else { Direction::In }
    }

    fn sources(&self) -> Vec<Source> {
        let texts = |list: &Option<Vec<String>>| {
            let mut list = list.clone().unwrap_or_default();
            list.sort_unstable();
            list.into_iter()
        };
        let group = match (&self.source_security_group_id, self.self_) {
            (_, true) => Some(self.security_group_id.clone()),
            (Some(id), false) if !id.is_empty() => Some(id.clone()),
            _ => None,
        };
        texts(&self.cidr_blocks)
            .map(Source::Ipv4)
            .chain(texts(&self.ipv6_cidr_blocks).map(Source::Ipv6))
            .chain(texts(&self.prefix_list_ids).map(Source::PrefixList))
            .chain(group.map(Source::Group))
            .collect()
    }

    /// Whether it is about all protocols, which have no ports.
    fn is_for_all(&self) -> bool {
        permissions::protocol(&self.protocol) == "-1"
    }

    fn permissions(&self) -> BTreeSet<Permission> {
        let port = |port| if self.is_for_all() { 0 } else { port };
        let permission = |source| Permission {
            protocol: permissions::protocol(&self.protocol),
            from_port: port(self.from_port),
            to_port: port(self.to_port),
            description: self.description.clone().unwrap_or_default(),
            source,
        };
        self.sources().into_iter().map(permission).collect()
    }

    /// A rule has no identity of its own: it is what it permits.
    fn id(&self) -> Id {
        let mut text = format!("{}-", self.security_group_id);
        for port in [self.from_port, self.to_port] {
            if port > 0 {
                text.push_str(&format!("{port}-"));
            }
        }
        text.push_str(&format!("{}-{}-", permissions::protocol(&self.protocol), self.r#type));
        for source in self.sources() {
            match source {
                Source::Ipv4(text_of) | Source::Ipv6(text_of) | Source::PrefixList(text_of) => {
                    text.push_str(&format!("{text_of}-"));
                }
                Source::Group(id) => text.push_str(&format!("{id}--")),
            }
        }
        Id(format!("sgrule-{}", names::hash(&text)))
    }
}

impl Operations for SecurityGroupRule {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        permissions::authorize(aws, &plan.security_group_id, plan.direction(), &plan.permissions())
            .await?;
        Ok(plan.id())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let groups: BTreeSet<String> =
            known.iter().map(|known| known.security_group_id.clone()).collect();
        let groups: Vec<String> = groups.into_iter().collect();
        let mut there: BTreeMap<(String, bool), BTreeSet<Permission>> = BTreeMap::new();
        for chunk in groups.chunks(CHUNK) {
            let request =
                aws.ec2.describe_security_groups().filters(filter("group-id", chunk.to_vec()));
            let found = request.into_paginator().items().send().try_collect().await;
            for group in found.explain("reading Security Groups")? {
                let id = group.group_id.unwrap_or_default();
                let entering = permissions::from_api(&group.ip_permissions.unwrap_or_default());
                let leaving =
                    permissions::from_api(&group.ip_permissions_egress.unwrap_or_default());
                there.insert((id.clone(), false), entering);
                there.insert((id, true), leaving);
            }
        }
        let found = known.iter().filter_map(|known| {
            let egress = known.direction() == Direction::Out;
            let now = there.get(&(known.security_group_id.clone(), egress))?;
            let mut description = known.description.clone().unwrap_or_default();
            for wanted in known.permissions() {
                if !now.contains(&wanted) {
                    // The same permission with another description is the same rule, changed.
                    let changed = now.iter().find(|now| now.is_but_for_description(&wanted))?;
                    description.clone_from(&changed.description);
                }
            }
            let description = Some(description).filter(|text| !text.is_empty());
            let description = description.or_else(|| known.description.clone());
            let mut found = Self { description, ..known.state.clone() };
            // A new rule has what was planned, as in Terraform; its own id is known only later.
            if known.is_for_all() && known.security_group_rule_id.is_some() {
                (found.from_port, found.to_port) = (0, 0);
            }
            Some((known.id.clone(), found))
        });
        let mut found: BTreeMap<Id, Self> = found.collect();
        let without_id: Vec<&Known<Self>> = known
            .iter()
            .filter(|known| {
                known.security_group_rule_id.as_ref().is_none_or(String::is_empty)
                    && known.permissions().len() == 1
            })
            .collect();
        let rule_ids = rule_ids(aws, &without_id).await?;
        for known in without_id {
            if let Some(object) = found.get_mut(&known.id) {
                object.security_group_rule_id = rule_ids.get(&known.id).cloned().into();
            }
        }
        // What is several rules has no id of one.
        for object in found.values_mut() {
            object.security_group_rule_id.0.get_or_insert_default();
        }
        Ok(found.into_iter().collect())
    }

    /// Only the description can change.
    async fn update(aws: &Aws, _prior: &Known<Self>, plan: &Self) -> Result<()> {
        let group = &plan.security_group_id;
        permissions::describe(aws, group, plan.direction(), &plan.permissions()).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        permissions::revoke(aws, &prior.security_group_id, prior.direction(), &prior.permissions())
            .await
    }

    /// `GROUP_DIRECTION_PROTOCOL_FROM_TO_SOURCE[_SOURCE...]`.
    async fn import(_aws: &Aws, id: &str) -> Result<Known<Self>> {
        let wrong = || {
            Error::new(format!(
                "The import id of a rule is GROUP_DIRECTION_PROTOCOL_FROM_TO_SOURCE, such as \
                 sg-0123_ingress_tcp_22_22_10.0.0.0/8; found {id:?}."
            ))
        };
        let parts: Vec<&str> = id.split('_').collect();
        let [group, direction, protocol, from, to, sources @ ..] = parts.as_slice() else {
            return Err(wrong());
        };
        let port = |text: &str| text.parse::<i64>().map_err(|_| wrong());
        let mut state = Self {
            security_group_id: (*group).to_owned(),
            r#type: (*direction).to_owned(),
            protocol: (*protocol).to_owned(),
            from_port: port(from)?,
            to_port: port(to)?,
            ..Self::default()
        };
        for source in sources {
            let text = (*source).to_owned();
            match *source {
                "self" => state.self_ = true,
                source if source.starts_with("sg-") => state.source_security_group_id = Some(text),
                source if source.starts_with("pl-") => {
                    state.prefix_list_ids.get_or_insert_default().push(text);
                }
                source if source.contains(':') => {
                    state.ipv6_cidr_blocks.get_or_insert_default().push(text);
                }
                _ => state.cidr_blocks.get_or_insert_default().push(text),
            }
        }
        for list in
            [&mut state.cidr_blocks, &mut state.ipv6_cidr_blocks, &mut state.prefix_list_ids]
        {
            list.get_or_insert_default();
        }
        Ok(Known { id: state.id(), state })
    }

    fn customise(change: &mut Change<'_>) {
        let named = change.planned("protocol");
        if let Some(name) = named.as_str().filter(|name| permissions::protocol(name) != *name) {
            let protocol = permissions::protocol(name);
            let before = change.prior().and_then(|prior| prior.get("protocol")).cloned();
            if before.as_ref().and_then(Value::as_str) == Some(protocol.as_str()) {
                change.keep("protocol");
            }
            change.set("protocol", protocol.as_str());
        }
        // All protocols have all ports, whatever the configuration says.
        if !change.is_create() && change.planned("protocol").as_str() == Some("-1") {
            change.leave("from_port");
            change.leave("to_port");
        }
    }
}

impl List for SecurityGroupRule {
    type Config = Filtered;

    async fn list(aws: &Aws, wanted: &Filtered, page: Page) -> Result<Results> {
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &[])?
        else {
            return Ok(Results::default());
        };
        let request = aws.ec2.describe_security_group_rules().set_filters(Some(filters));
        let request = request.max_results(page.size(5, 1000)).set_next_token(page.token);
        let answer = request.send().await.explain("listing EC2 Security Group Rules")?;
        let rules = answer.security_group_rules.unwrap_or_default().into_iter();
        let found = rules.filter_map(|rule| {
            let group = rule.group_id.clone()?;
            let Permission { from_port, to_port, source, protocol, .. } = from_api(&rule)?;
            let direction = if rule.is_egress == Some(true) { "egress" } else { "ingress" };
            let source = match source {
                Source::Group(other) if other == group => "self".to_owned(),
                Source::Ipv4(text)
                | Source::Ipv6(text)
                | Source::PrefixList(text)
                | Source::Group(text) => text,
            };
            let id = format!("{group}_{direction}_{protocol}_{from_port}_{to_port}_{source}");
            Some((id, rule.security_group_rule_id?))
        });
        Ok(Results::new(found, answer.next_token))
    }
}

/// The ids that the API has for rules with one source. They never change, so they are asked for once.
async fn rule_ids(aws: &Aws, known: &[&Known<SecurityGroupRule>]) -> Result<BTreeMap<Id, String>> {
    let groups: BTreeSet<String> =
        known.iter().map(|known| known.security_group_id.clone()).collect();
    let groups: Vec<String> = groups.into_iter().collect();
    let mut ids = BTreeMap::new();
    for chunk in groups.chunks(CHUNK) {
        let request =
            aws.ec2.describe_security_group_rules().filters(filter("group-id", chunk.to_vec()));
        let rules = request.into_paginator().items().send().try_collect().await;
        for rule in rules.explain("reading Security Group Rules")? {
            let direction =
                if rule.is_egress == Some(true) { Direction::Out } else { Direction::In };
            let Some(permission) = from_api(&rule) else { continue };
            let ours = known.iter().filter(|known| {
                Some(&known.security_group_id) == rule.group_id.as_ref()
                    && known.direction() == direction
                    && known
                        .permissions()
                        .iter()
                        .any(|wanted| permission.is_but_for_description(wanted))
            });
            ids.extend(ours.map(|known| known.id.clone()).zip(rule.security_group_rule_id.clone()));
        }
    }
    Ok(ids)
}

fn from_api(rule: &aws_sdk_ec2::types::SecurityGroupRule) -> Option<Permission> {
    let source = if let Some(range) = &rule.cidr_ipv4 {
        Source::Ipv4(range.clone())
    } else if let Some(range) = &rule.cidr_ipv6 {
        Source::Ipv6(range.clone())
    } else if let Some(list) = &rule.prefix_list_id {
        Source::PrefixList(list.clone())
    } else {
        Source::Group(rule.referenced_group_info.as_ref()?.group_id.clone()?)
    };
    let protocol = permissions::protocol(rule.ip_protocol.as_deref().unwrap_or("-1"));
    let port = |port: Option<i32>| if protocol == "-1" { 0 } else { i64::from(port.unwrap_or(0)) };
    Some(Permission {
        from_port: port(rule.from_port),
        to_port: port(rule.to_port),
        description: rule.description.clone().unwrap_or_default(),
        source,
        protocol,
    })
}

/// Whom a rule may be about.
const SOURCES: [&str; 5] =
    ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "self", "source_security_group_id"];

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("description", shapes::description),
    fits("prefix_list_ids", shapes::not_empty),
    one_of("type", &["egress", "ingress"]),
    fits("cidr_blocks", shapes::ipv4_block),
    fits("ipv6_cidr_blocks", shapes::ipv6_block),
    at_least_one("cidr_blocks", &SOURCES),
    at_least_one("ipv6_cidr_blocks", &SOURCES),
    at_least_one("prefix_list_ids", &SOURCES),
    at_least_one("self", &SOURCES),
    at_least_one("source_security_group_id", &SOURCES),
    conflicts("cidr_blocks", &["source_security_group_id", "self"]),
    conflicts("ipv6_cidr_blocks", &["source_security_group_id", "self"]),
    conflicts("self", &["cidr_blocks", "ipv6_cidr_blocks", "source_security_group_id"]),
    conflicts("source_security_group_id", &["cidr_blocks", "ipv6_cidr_blocks", "self"]),
];
