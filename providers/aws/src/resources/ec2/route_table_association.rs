use std::collections::BTreeSet;

use aws_sdk_ec2::types::RouteTable;

use super::route;
use crate::listing::{self, Filtered};
use crate::prelude::*;

/// Makes a subnet or a gateway use a route table.
///
/// ```hcl
/// resource "aws_route_table_association" "a" {
///   subnet_id      = aws_subnet.a.id
///   route_table_id = aws_route_table.public.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_route_table_association", checks = CHECKS)]
pub(crate) struct RouteTableAssociation {
    #[attr(force_new)]
    gateway_id: Option<String>,
    route_table_id: String,
    #[attr(force_new)]
    subnet_id: Option<String>,
    #[timeouts(create = 300, delete = 300, update = 120)]
    timeouts: Timeouts,
}

impl Operations for RouteTableAssociation {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let request = aws
            .ec2
            .associate_route_table()
            .route_table_id(&plan.route_table_id)
            .set_subnet_id(plan.subnet_id.clone().filter(|id| !id.is_empty()))
            .set_gateway_id(plan.gateway_id.clone().filter(|id| !id.is_empty()));
        let response = request
            .send()
            .await
            .explain(&format!("creating Route Table ({}) Association", plan.route_table_id))?;
        response.association_id.map(Id).ok_or_else(|| Error::missing("id"))
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let wanted = known.iter().map(|known| known.id.0.clone());
        let tables = route::tables(aws, "association.route-table-association-id", wanted).await?;
        let associations =
            tables.into_iter().flat_map(|table| table.associations.unwrap_or_default());
        let found = associations.map(|association| {
            let object = Self {
                gateway_id: Some(association.gateway_id.unwrap_or_default()),
                route_table_id: association.route_table_id.unwrap_or_default(),
                subnet_id: Some(association.subnet_id.unwrap_or_default()),
                timeouts: Timeouts::default(),
            };
            (association.route_table_association_id.unwrap_or_default(), object)
        });
        Ok(found.collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let request = aws
            .ec2
            .replace_route_table_association()
            .association_id(&*prior.id)
            .route_table_id(&plan.route_table_id);
        request
            .send()
            .await
            .explain(&format!("updating Route Table Association ({})", prior.id))?;
        Ok(())
    }

    /// A replaced association has a new id, by which the state would not find it any more.
    async fn renamed(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<Id> {
        let tables = route::tables(aws, "route-table-id", [plan.route_table_id.clone()]).await?;
        let given = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
        let ours = tables
            .into_iter()
            .flat_map(|table| table.associations.unwrap_or_default())
            .find(|there| {
                there.subnet_id == given(&prior.subnet_id)
                    && there.gateway_id == given(&prior.gateway_id)
            });
        let id = ours.and_then(|association| association.route_table_association_id);
        Ok(id.map_or_else(|| prior.id.clone(), Id))
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.ec2.disassociate_route_table().association_id(&*prior.id);
        let gone = &["InvalidAssociationID.NotFound"];
        request
            .send()
            .await
            .found(&format!("deleting Route Table Association ({})", prior.id), gone)?;
        Ok(())
    }

    /// `SUBNET_OR_GATEWAY/TABLE`.
    async fn import_all(aws: &Aws, ids: &[String]) -> Vec<Result<Known<Self>>> {
        let parts = ids.iter().filter_map(|id| id.split_once('/'));
        let tables = parts.map(|(_, table)| table.to_owned()).collect::<BTreeSet<_>>();
        let tables = match route::tables(aws, "route-table-id", tables).await {
            Ok(tables) => tables,
            Err(error) => return ids.iter().map(|_| Err(error.clone())).collect(),
        };
        ids.iter().map(|id| among(&tables, id)).collect()
    }
}

/// The association that an import id means.
fn among(tables: &[RouteTable], id: &str) -> Result<Known<RouteTableAssociation>> {
    let Some((target, table)) = id.split_once('/') else {
        return Err(Error::new(format!(
            "The import id of an association is the id of a subnet or gateway, a slash and the id of the table; \
             found {id:?}."
        )));
    };
    let there = tables.iter().filter(|there| there.route_table_id.as_deref() == Some(table));
    let ours = there.flat_map(|there| there.associations.iter().flatten()).find(|there| {
        there.subnet_id.as_deref() == Some(target) || there.gateway_id.as_deref() == Some(target)
    });
    let id = ours.and_then(|association| association.route_table_association_id.clone());
    let id = id.ok_or_else(|| Error::new(format!("{target} is not associated with {table}.")))?;
    Ok(Known { id: Id(id), state: RouteTableAssociation::default() })
}

impl List for RouteTableAssociation {
    type Config = Filtered;

    /// The filters are those of route tables. What makes a table the main one of its VPC is no association of this type.
    async fn list(aws: &Aws, wanted: &Filtered, page: Page) -> Result<Results> {
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &[])?
        else {
            return Ok(Results::default());
        };
        let request = aws.ec2.describe_route_tables().set_filters(Some(filters));
        let request = request.max_results(page.size(5, 100)).set_next_token(page.token);
        let answer = request.send().await.explain("listing EC2 Route Table Associations")?;
        let tables = answer.route_tables.unwrap_or_default().into_iter();
        let all = tables.flat_map(|table| table.associations.unwrap_or_default());
        let found = all.filter_map(|there| {
            let target = there.subnet_id.or(there.gateway_id)?;
            let id = format!("{target}/{}", there.route_table_id?);
            Some((id, there.route_table_association_id?))
        });
        Ok(Results::new(found, answer.next_token))
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[exactly_one(&["gateway_id", "subnet_id"])];
