use aws_sdk_rds::types as api;

use super::tags::{read_tags, tag_list, update_tags};
use crate::listing::{self, Everything};
use crate::prelude::*;

/// Subnets that databases may be in.
///
/// ```hcl
/// resource "aws_db_subnet_group" "main" {
///   name       = "main"
///   subnet_ids = [aws_subnet.a.id, aws_subnet.b.id]
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_db_subnet_group", checks = CHECKS)]
pub(crate) struct DbSubnetGroup {
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(default = "Managed by Terraform")]
    description: String,
    #[attr(computed, force_new)]
    name: Option<String>,
    #[attr(computed, force_new)]
    name_prefix: Option<String>,
    subnet_ids: Set<String>,
    supported_network_types: Computed<Set<String>>,
    tags: Tags,
    vpc_id: Computed<String>,
}

const GONE: &[&str] = &["DBSubnetGroupNotFoundFault"];

impl Operations for DbSubnetGroup {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let name = names::name_or_new(plan.name.as_ref(), plan.name_prefix.as_ref(), 255);
        let request = aws
            .rds
            .create_db_subnet_group()
            .db_subnet_group_name(&name)
            .db_subnet_group_description(&plan.description)
            .set_subnet_ids(Some(plan.subnet_ids.to_vec()))
            .set_tags(tag_list(&plan.tags));
        let made = request.send().await;
        let made = made.explain(&format!("creating RDS DB Subnet Group ({name})"))?.db_subnet_group;
        Ok(Id(made.and_then(|group| group.db_subnet_group_name).unwrap_or(name)))
    }

    /// One group is asked for by name, several are found among all.
    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let groups: Vec<api::DbSubnetGroup> = if let [only] = known {
            let response =
                aws.rds.describe_db_subnet_groups().db_subnet_group_name(&*only.id).send().await;
            let found = response.found("reading RDS DB Subnet Group", GONE)?;
            found.and_then(|found| found.db_subnet_groups).unwrap_or_default()
        } else {
            let pages = aws
                .rds
                .describe_db_subnet_groups()
                .into_paginator()
                .items()
                .send()
                .try_collect()
                .await;
            pages.explain("reading RDS DB Subnet Groups")?
        };
        let mut found = Found::new();
        for group in groups {
            let name = group.db_subnet_group_name.clone().unwrap_or_default();
            if known.iter().any(|known| *known.id == *name) {
                let arn = group.db_subnet_group_arn.clone().unwrap_or_default();
                found.insert(name, from_api(group, read_tags(aws, &arn).await?));
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        if plan.subnet_ids != prior.subnet_ids || plan.description != prior.description {
            let request = aws
                .rds
                .modify_db_subnet_group()
                .db_subnet_group_name(&*prior.id)
                .db_subnet_group_description(&plan.description)
                .set_subnet_ids(Some(plan.subnet_ids.to_vec()));
            request
                .send()
                .await
                .explain(&format!("updating RDS DB Subnet Group ({})", prior.id))?;
        }
        let arn = prior.arn.as_deref().unwrap_or_default();
        update_tags(aws, arn, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        until("the DB subnet group to be deleted", Duration::from_secs(180), || async {
            let request = aws.rds.delete_db_subnet_group().db_subnet_group_name(&*prior.id);
            request.send().await.deleted("deleting RDS DB Subnet Group", GONE)
        })
        .await
    }
}

impl List for DbSubnetGroup {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.rds.describe_db_subnet_groups().max_records(page.size(20, 100));
        let answer = request.set_marker(page.token).send().await;
        let answer = answer.explain("listing RDS DB Subnet Groups")?;
        let groups = answer.db_subnet_groups.unwrap_or_default().into_iter();
        let names = groups.filter_map(|group| group.db_subnet_group_name);
        Ok(Results::new(names.map(|name| (name.clone(), name)), answer.marker))
    }
}

fn from_api(group: api::DbSubnetGroup, tags: Tags) -> DbSubnetGroup {
    let name = group.db_subnet_group_name.unwrap_or_default();
    let subnets = group.subnets.unwrap_or_default().into_iter();
    DbSubnetGroup {
        arn: group.db_subnet_group_arn.into(),
        description: group.db_subnet_group_description.unwrap_or_default(),
        name_prefix: Some(names::prefix_of(&name)),
        name: Some(name),
        subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
        supported_network_types: Set(group.supported_network_types.unwrap_or_default()).into(),
        tags,
        vpc_id: group.vpc_id.into(),
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("name", shapes::subnet_group),
    fits("name_prefix", shapes::prefix_of_subnet_group),
    conflicts("name", &["name_prefix"]),
    conflicts("name_prefix", &["name"]),
];
