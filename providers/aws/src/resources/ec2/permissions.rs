//! Rules of security groups, taken apart: one protocol, one range of ports, one source.
//!
//! The API merges rules that share protocol and ports, and splits none; people write them in other groupings. Taken
//! apart, both are sets that can be compared.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, PrefixListId, UserIdGroupPair};

use crate::prelude::*;

/// One permission that cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Permission {
    pub(super) protocol: String,
    pub(super) from_port: i64,
    pub(super) to_port: i64,
    pub(super) description: String,
    pub(super) source: Source,
}

impl Permission {
    /// Whether both permit the same.
    pub(super) fn is_but_for_description(&self, other: &Self) -> bool {
        (&self.protocol, self.from_port, self.to_port, &self.source)
            == (&other.protocol, other.from_port, other.to_port, &other.source)
    }
}

/// Where traffic comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Ipv4(String),
    Ipv6(String),
    PrefixList(String),
    Group(String),
}

/// Direction of traffic, as seen from the instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

/// The name that the API has for a protocol: `all` is `-1`, `6` is `tcp`.
pub(super) fn protocol(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "all" | "-1" => "-1".to_owned(),
        "6" => "tcp".to_owned(),
        "17" => "udp".to_owned(),
        "1" => "icmp".to_owned(),
        "58" => "icmpv6".to_owned(),
        other => other.to_owned(),
    }
}

/// The permissions that the API tells of a group.
pub(super) fn from_api(permissions: &[IpPermission]) -> BTreeSet<Permission> {
    let mut found = BTreeSet::new();
    for permission in permissions {
        let protocol = protocol(permission.ip_protocol.as_deref().unwrap_or("-1"));
        // All protocols have all ports, which configurations write as 0.
        let port =
            |port: Option<i32>| if protocol == "-1" { 0 } else { i64::from(port.unwrap_or(0)) };
        let mut add = |source: Source, description: Option<&String>| {
            found.insert(Permission {
                protocol: protocol.clone(),
                from_port: port(permission.from_port),
                to_port: port(permission.to_port),
                description: description.cloned().unwrap_or_default(),
                source,
            });
        };
        for range in permission.ip_ranges.iter().flatten() {
            add(
                Source::Ipv4(range.cidr_ip.clone().unwrap_or_default()),
                range.description.as_ref(),
            );
        }
        for range in permission.ipv6_ranges.iter().flatten() {
            add(
                Source::Ipv6(range.cidr_ipv6.clone().unwrap_or_default()),
                range.description.as_ref(),
            );
        }
        for list in permission.prefix_list_ids.iter().flatten() {
            add(
                Source::PrefixList(list.prefix_list_id.clone().unwrap_or_default()),
                list.description.as_ref(),
            );
        }
        for pair in permission.user_id_group_pairs.iter().flatten() {
            add(
                Source::Group(pair.group_id.clone().unwrap_or_default()),
                pair.description.as_ref(),
            );
        }
    }
    found
}

/// The permissions as a request has them: those with the same protocol and ports together.
fn to_api<'p>(permissions: impl IntoIterator<Item = &'p Permission>) -> Vec<IpPermission> {
    let mut groups: BTreeMap<(&str, i64, i64), Vec<&Permission>> = BTreeMap::new();
    for permission in permissions {
        let key = (permission.protocol.as_str(), permission.from_port, permission.to_port);
        groups.entry(key).or_default().push(permission);
    }
    let groups = groups.into_iter().map(|((protocol, from, to), members)| {
        let mut built = IpPermission::builder().ip_protocol(protocol);
        if protocol != "-1" {
            built =
                built.set_from_port(i32::try_from(from).ok()).set_to_port(i32::try_from(to).ok());
        }
        for member in members {
            let description = Some(member.description.clone()).filter(|text| !text.is_empty());
            built = match &member.source {
                Source::Ipv4(range) => built.ip_ranges(
                    IpRange::builder().cidr_ip(range).set_description(description).build(),
                ),
                Source::Ipv6(range) => built.ipv6_ranges(
                    Ipv6Range::builder().cidr_ipv6(range).set_description(description).build(),
                ),
                Source::PrefixList(id) => built.prefix_list_ids(
                    PrefixListId::builder().prefix_list_id(id).set_description(description).build(),
                ),
                Source::Group(id) => built.user_id_group_pairs(
                    UserIdGroupPair::builder().group_id(id).set_description(description).build(),
                ),
            };
        }
        built.build()
    });
    groups.collect()
}

/// Adds permissions to a group.
pub(super) async fn authorize<'p>(
    aws: &Aws,
    group: &str,
    direction: Direction,
    permissions: impl IntoIterator<Item = &'p Permission>,
) -> Result<()> {
    let list = to_api(permissions);
    if list.is_empty() {
        return Ok(());
    }
    match direction {
        Direction::In => {
            let request = aws.ec2.authorize_security_group_ingress().group_id(group);
            let response = request.set_ip_permissions(Some(list)).send().await;
            response.explain("authorizing Security Group (ingress) rules")?;
        }
        Direction::Out => {
            let request = aws.ec2.authorize_security_group_egress().group_id(group);
            let response = request.set_ip_permissions(Some(list)).send().await;
            response.explain("authorizing Security Group (egress) rules")?;
        }
    }
    Ok(())
}

/// Takes permissions from a group. Those that are gone already are no error.
pub(super) async fn revoke<'p>(
    aws: &Aws,
    group: &str,
    direction: Direction,
    permissions: impl IntoIterator<Item = &'p Permission>,
) -> Result<()> {
    const GONE: &[&str] = &["InvalidPermission.NotFound", "InvalidGroup.NotFound"];
    let list = to_api(permissions);
    if list.is_empty() {
        return Ok(());
    }
    match direction {
        Direction::In => {
            let request = aws.ec2.revoke_security_group_ingress().group_id(group);
            let response = request.set_ip_permissions(Some(list)).send().await;
            response.found("revoking Security Group (ingress) rules", GONE)?;
        }
        Direction::Out => {
            let request = aws.ec2.revoke_security_group_egress().group_id(group);
            let response = request.set_ip_permissions(Some(list)).send().await;
            response.found("revoking Security Group (egress) rules", GONE)?;
        }
    }
    Ok(())
}

/// Gives permissions that a group has another description.
pub(super) async fn describe<'p>(
    aws: &Aws,
    group: &str,
    direction: Direction,
    permissions: impl IntoIterator<Item = &'p Permission>,
) -> Result<()> {
    let list = Some(to_api(permissions));
    match direction {
        Direction::In => {
            let request = aws.ec2.update_security_group_rule_descriptions_ingress();
            let response = request.group_id(group).set_ip_permissions(list).send().await;
            response.explain("updating Security Group (ingress) rule description")?;
        }
        Direction::Out => {
            let request = aws.ec2.update_security_group_rule_descriptions_egress();
            let response = request.group_id(group).set_ip_permissions(list).send().await;
            response.explain("updating Security Group (egress) rule description")?;
        }
    }
    Ok(())
}

/// Brings the permissions of a group from `prior` to `plan`: what goes away first makes room for what comes.
pub(super) async fn change(
    aws: &Aws,
    group: &str,
    direction: Direction,
    prior: &BTreeSet<Permission>,
    plan: &BTreeSet<Permission>,
) -> Result<()> {
    revoke(aws, group, direction, prior.difference(plan)).await?;
    authorize(aws, group, direction, plan.difference(prior)).await
}
