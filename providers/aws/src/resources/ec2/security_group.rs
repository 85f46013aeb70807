use std::collections::BTreeSet;

use aws_sdk_ec2::types::ResourceType;

use super::permissions::{self, Direction, Permission, Source};
use crate::listing;
use crate::prelude::*;

/// A firewall around instances.
///
/// ```hcl
/// resource "aws_security_group" "web" {
///   vpc_id = aws_vpc.main.id
///   ingress {
///     protocol    = "tcp"
///     from_port   = 443
///     to_port     = 443
///     cidr_blocks = ["0.0.0.0/0"]
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_security_group", version = 1, checks = CHECKS)]
pub(crate) struct SecurityGroup {
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(default = "Managed by Terraform", force_new)]
    description: String,
    /// What may leave; not to be used together with `aws_security_group_rule`.
    #[attr(computed)]
    egress: Option<Set<Rule>>,
    /// What may enter; not to be used together with `aws_security_group_rule`.
    #[attr(computed)]
    ingress: Option<Set<Rule>>,
    #[attr(computed, force_new)]
    name: Option<String>,
    #[attr(computed, force_new)]
    name_prefix: Option<String>,
    /// Account that owns it.
    owner_id: Computed<String>,
    /// Whether to revoke all rules first, so that groups that refer to each other can be deleted.
    #[attr(default = false, unreadable)]
    revoke_rules_on_delete: bool,
    tags: Tags,
    #[timeouts(create = 600, delete = 900)]
    timeouts: Timeouts,
    #[attr(computed, force_new)]
    vpc_id: Option<String>,
}

/// A range of ports, and all its sources.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Rule {
    cidr_blocks: Option<Vec<String>>,
    description: Option<String>,
    from_port: Option<i64>,
    ipv6_cidr_blocks: Option<Vec<String>>,
    prefix_list_ids: Option<Vec<String>>,
    protocol: Option<String>,
    security_groups: Option<Set<String>>,
    self_: Option<bool>,
    to_port: Option<i64>,
}

const GONE: &[&str] = &["InvalidGroup.NotFound", "InvalidGroupId.Malformed"];

impl Rule {
    fn permissions(&self, group: &str) -> BTreeSet<Permission> {
        let texts = |list: &Option<Vec<String>>| list.clone().unwrap_or_default().into_iter();
        let groups = self.security_groups.clone().unwrap_or_default().0.into_iter();
        let own = (self.self_ == Some(true)).then(|| group.to_owned());
        let sources = texts(&self.cidr_blocks)
            .map(Source::Ipv4)
            .chain(texts(&self.ipv6_cidr_blocks).map(Source::Ipv6))
            .chain(texts(&self.prefix_list_ids).map(Source::PrefixList))
            .chain(groups.chain(own).map(Source::Group));
        let permission = |source| Permission {
            protocol: permissions::protocol(self.protocol.as_deref().unwrap_or_default()),
            from_port: self.from_port.unwrap_or(0),
            to_port: self.to_port.unwrap_or(0),
            description: self.description.clone().unwrap_or_default(),
            source,
        };
        sources.map(permission).collect()
    }

    /// The rule with nothing left out, as the state has it.
    fn whole(&self) -> Self {
        Self {
            cidr_blocks: Some(self.cidr_blocks.clone().unwrap_or_default()),
            description: Some(self.description.clone().unwrap_or_default()),
            from_port: Some(self.from_port.unwrap_or(0)),
            ipv6_cidr_blocks: Some(self.ipv6_cidr_blocks.clone().unwrap_or_default()),
            prefix_list_ids: Some(self.prefix_list_ids.clone().unwrap_or_default()),
            protocol: self.protocol.as_deref().map(permissions::protocol),
            security_groups: Some(self.security_groups.clone().unwrap_or_default()),
            self_: Some(self.self_.unwrap_or(false)),
            to_port: Some(self.to_port.unwrap_or(0)),
        }
    }

    fn of(permission: &Permission) -> Self {
        let rule = Self {
            description: Some(permission.description.clone()),
            from_port: Some(permission.from_port),
            protocol: Some(permission.protocol.clone()),
            to_port: Some(permission.to_port),
            ..Self::default()
        };
        rule.whole()
    }

    fn add(&mut self, source: &Source, group: &str) {
        match source {
            Source::Ipv4(range) => self.cidr_blocks.get_or_insert_default().push(range.clone()),
            Source::Ipv6(range) => {
                self.ipv6_cidr_blocks.get_or_insert_default().push(range.clone());
            }
            Source::PrefixList(id) => self.prefix_list_ids.get_or_insert_default().push(id.clone()),
            Source::Group(id) if id == group => self.self_ = Some(true),
            Source::Group(id) => self.security_groups.get_or_insert_default().0.push(id.clone()),
        }
    }
}

fn all(rules: Option<&Set<Rule>>, group: &str) -> BTreeSet<Permission> {
    rules
        .into_iter()
        .flat_map(|rules| rules.0.iter())
        .flat_map(|rule| rule.permissions(group))
        .collect()
}

/// The permissions of a group as rules: in the grouping that is known already, and what is left by ports and description.
fn grouped(mut found: BTreeSet<Permission>, known: Option<&Set<Rule>>, group: &str) -> Set<Rule> {
    let mut rules = Vec::new();
    for rule in known.into_iter().flat_map(|rules| rules.0.iter()) {
        let parts = rule.permissions(group);
        if !parts.is_empty() && parts.is_subset(&found) {
            found.retain(|permission| !parts.contains(permission));
            rules.push(rule.whole());
        }
    }
    let mut left: BTreeMap<(String, i64, i64, String), Rule> = BTreeMap::new();
    for permission in &found {
        let key = (
            permission.protocol.clone(),
            permission.from_port,
            permission.to_port,
            permission.description.clone(),
        );
        left.entry(key).or_insert_with(|| Rule::of(permission)).add(&permission.source, group);
    }
    rules.into_iter().chain(left.into_values()).collect()
}

impl Operations for SecurityGroup {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let name = names::name_or_new(plan.name.as_ref(), plan.name_prefix.as_ref(), 255);
        let request = aws
            .ec2
            .create_security_group()
            .group_name(&name)
            .description(&plan.description)
            .set_vpc_id(plan.vpc_id.clone())
            .set_tag_specifications(tags::specification(&plan.tags, ResourceType::SecurityGroup));
        let response = request.send().await;
        let response = response.explain(&format!("creating Security Group ({name})"))?;
        response.group_id.map(Id).ok_or_else(|| Error::missing("id"))
    }

    /// A new group lets everything out; a managed one only what its configuration says.
    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let group = &plan.id;
        let response = aws.ec2.describe_security_groups().group_ids(&**group).send().await;
        let now = response.explain("reading Security Group")?.security_groups.unwrap_or_default();
        let leaving =
            now.first().and_then(|group| group.ip_permissions_egress.clone()).unwrap_or_default();
        let wanted = all(plan.egress.as_ref(), group);
        permissions::change(aws, group, Direction::Out, &permissions::from_api(&leaving), &wanted)
            .await?;
        permissions::authorize(aws, group, Direction::In, &all(plan.ingress.as_ref(), group)).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let states: BTreeMap<&str, &Self> =
                chunk.iter().map(|known| (&*known.id, &known.state)).collect();
            let request =
                aws.ec2.describe_security_groups().filters(filter("group-id", ids(chunk)));
            let groups = request.into_paginator().items().send().try_collect().await;
            for group in groups.explain("reading Security Groups")? {
                let id = group.group_id.clone().unwrap_or_default();
                let state = states.get(id.as_str()).copied();
                found.insert(id.clone(), from_api(aws, group, &id, state));
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let group = &prior.id;
        let rules = |rules: &Option<Set<Rule>>| all(rules.as_ref(), group);
        permissions::change(
            aws,
            group,
            Direction::In,
            &rules(&prior.ingress),
            &rules(&plan.ingress),
        )
        .await?;
        permissions::change(
            aws,
            group,
            Direction::Out,
            &rules(&prior.egress),
            &rules(&plan.egress),
        )
        .await?;
        tags::update_ec2(aws, group, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        if prior.revoke_rules_on_delete {
            let rules = |rules: &Option<Set<Rule>>| all(rules.as_ref(), &prior.id);
            permissions::revoke(aws, &prior.id, Direction::In, &rules(&prior.ingress)).await?;
            permissions::revoke(aws, &prior.id, Direction::Out, &rules(&prior.egress)).await?;
        }
        let limit = prior.timeouts.of("delete", Duration::from_secs(900));
        until("the security group to be deleted", limit, || async {
            let request = aws.ec2.delete_security_group().group_id(&*prior.id);
            request.send().await.deleted(&format!("deleting Security Group ({})", prior.id), GONE)
        })
        .await
    }

    /// Protocols have the names that the API gives them.
    fn customise(change: &mut Change<'_>) {
        for name in ["egress", "ingress"] {
            let Some(wanted) = change.config().get(name).filter(|wanted| wanted.is_known()) else {
                continue;
            };
            let named = |rule: &Value| {
                let protocol = rule.get("protocol")?.as_str().map(permissions::protocol)?;
                Some(rule.clone().with("protocol", protocol.into()))
            };
            let rules = wanted.as_sequence().unwrap_or_default().iter();
            let rules: Vec<Value> =
                rules.map(|rule| named(rule).unwrap_or_else(|| rule.clone())).collect();
            let Some(first) = rules.first() else { continue };
            let rules = Value::set(first.ty(), rules);
            change.plan(name, rules);
        }
    }
}

/// Which security groups a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    #[block]
    filter: Vec<listing::Filter>,
    /// The region of the provider configuration.
    region: Option<String>,
    group_ids: Option<Vec<String>>,
}

impl List for SecurityGroup {
    type Config = Wanted;

    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        let given = [("group-id", wanted.group_ids.as_deref())];
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &given)?
        else {
            return Ok(Results::default());
        };
        let request = aws
            .ec2
            .describe_security_groups()
            .set_filters(Some(filters))
            .max_results(page.size(5, 1000));
        let answer = request
            .set_next_token(page.token)
            .send()
            .await
            .explain("listing EC2 Security Groups")?;
        let found = answer.security_groups.unwrap_or_default().into_iter();
        let found = found.map(|found| listing::named(found.group_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}

fn from_api(
    aws: &Aws,
    group: aws_sdk_ec2::types::SecurityGroup,
    id: &str,
    known: Option<&SecurityGroup>,
) -> SecurityGroup {
    let owner = group.owner_id.unwrap_or_default();
    let name = group.group_name.unwrap_or_default();
    let rules = |permissions: Option<Vec<_>>, known: Option<&Set<Rule>>| {
        Some(grouped(permissions::from_api(&permissions.unwrap_or_default()), known, id))
    };
    SecurityGroup {
        arn: aws.arn("ec2", &owner, &format!("security-group/{id}")).into(),
        description: group.description.unwrap_or_default(),
        egress: rules(group.ip_permissions_egress, known.and_then(|known| known.egress.as_ref())),
        ingress: rules(group.ip_permissions, known.and_then(|known| known.ingress.as_ref())),
        name_prefix: Some(names::prefix_of(&name)),
        name: Some(name),
        owner_id: owner.into(),
        revoke_rules_on_delete: known.is_some_and(|known| known.revoke_rules_on_delete),
        tags: tags::from_ec2(group.tags.as_ref()),
        timeouts: Timeouts::default(),
        vpc_id: group.vpc_id,
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    needed("ingress.from_port"),
    needed("ingress.protocol"),
    needed("ingress.to_port"),
    needed("egress.from_port"),
    needed("egress.protocol"),
    needed("egress.to_port"),
    length("description", 0, 255),
    fits("egress.description", shapes::description),
    fits("ingress.description", shapes::description),
    fits("name", shapes::security_group),
    length("name_prefix", 0, 229),
    fits("ingress.cidr_blocks", shapes::ipv4_block),
    fits("ingress.ipv6_cidr_blocks", shapes::ipv6_block),
    fits("egress.cidr_blocks", shapes::ipv4_block),
    fits("egress.ipv6_cidr_blocks", shapes::ipv6_block),
    conflicts("name", &["name_prefix"]),
    conflicts("name_prefix", &["name"]),
];
