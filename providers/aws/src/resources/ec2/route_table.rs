use aws_sdk_ec2::types::{ResourceType, RouteOrigin};

use super::route::{self, Target};
use crate::listing;
use crate::prelude::*;

/// Routes of subnets.
///
/// ```hcl
/// resource "aws_route_table" "public" {
///   vpc_id = aws_vpc.main.id
///   route {
///     cidr_block = "0.0.0.0/0"
///     gateway_id = aws_internet_gateway.main.id
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_route_table", checks = CHECKS)]
pub(crate) struct RouteTable {
    /// Amazon Resource Name.
    arn: Computed<String>,
    /// Account that owns it.
    owner_id: Computed<String>,
    /// Virtual private gateways that add their routes.
    #[attr(computed)]
    propagating_vgws: Option<Set<String>>,
    /// The routes; not to be used together with `aws_route`.
    #[attr(computed)]
    route: Option<Set<Route>>,
    tags: Tags,
    #[timeouts(create = 300, delete = 300, update = 120)]
    timeouts: Timeouts,
    /// The VPC.
    #[attr(force_new)]
    vpc_id: String,
}

/// A route: one destination and one target.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Route {
    carrier_gateway_id: Option<String>,
    cidr_block: Option<String>,
    core_network_arn: Option<String>,
    destination_prefix_list_id: Option<String>,
    egress_only_gateway_id: Option<String>,
    gateway_id: Option<String>,
    ipv6_cidr_block: Option<String>,
    local_gateway_id: Option<String>,
    nat_gateway_id: Option<String>,
    network_interface_id: Option<String>,
    transit_gateway_id: Option<String>,
    vpc_endpoint_id: Option<String>,
    vpc_peering_connection_id: Option<String>,
}

const GONE: &[&str] = &["InvalidRouteTableID.NotFound"];

impl Route {
    fn destination(&self) -> route::Destination {
        route::Destination::new(
            self.cidr_block.as_ref(),
            self.ipv6_cidr_block.as_ref(),
            self.destination_prefix_list_id.as_ref(),
        )
    }

    fn target(&self) -> Target {
        Target::of([
            ("carrier gateway", &self.carrier_gateway_id),
            ("core network", &self.core_network_arn),
            ("egress-only gateway", &self.egress_only_gateway_id),
            ("gateway", &self.gateway_id),
            ("local gateway", &self.local_gateway_id),
            ("NAT gateway", &self.nat_gateway_id),
            ("network interface", &self.network_interface_id),
            ("transit gateway", &self.transit_gateway_id),
            ("VPC endpoint", &self.vpc_endpoint_id),
            ("VPC peering connection", &self.vpc_peering_connection_id),
        ])
    }
}

/// Brings the routes of a table from `prior` to `plan`.
async fn set_routes(aws: &Aws, table: &str, prior: &[Route], plan: &[Route]) -> Result<()> {
    for old in
        prior.iter().filter(|old| !plan.iter().any(|new| new.destination() == old.destination()))
    {
        route::delete(aws, table, &old.destination()).await?;
    }
    for new in plan {
        match prior.iter().find(|old| old.destination() == new.destination()) {
            Some(old) if old.target() == new.target() => {}
            Some(_) => route::replace(aws, table, &new.destination(), &new.target()).await?,
            None => route::create(aws, table, &new.destination(), &new.target()).await?,
        }
    }
    Ok(())
}

async fn set_propagation(aws: &Aws, table: &str, prior: &[String], plan: &[String]) -> Result<()> {
    for gateway in prior.iter().filter(|gateway| !plan.contains(gateway)) {
        let request =
            aws.ec2.disable_vgw_route_propagation().route_table_id(table).gateway_id(gateway);
        request.send().await.explain("disabling route propagation")?;
    }
    for gateway in plan.iter().filter(|gateway| !prior.contains(gateway)) {
        let request =
            aws.ec2.enable_vgw_route_propagation().route_table_id(table).gateway_id(gateway);
        request.send().await.explain("enabling route propagation")?;
    }
    Ok(())
}

impl Operations for RouteTable {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let request = aws
            .ec2
            .create_route_table()
            .vpc_id(&plan.vpc_id)
            .set_tag_specifications(tags::specification(&plan.tags, ResourceType::RouteTable));
        let table = request.send().await.explain("creating Route Table")?.route_table;
        table.and_then(|table| table.route_table_id).map(Id).ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        set_propagation(aws, &plan.id, &[], plan.propagating_vgws.as_deref().unwrap_or_default())
            .await?;
        set_routes(aws, &plan.id, &[], plan.route.as_deref().unwrap_or_default()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let tables =
            route::tables(aws, "route-table-id", known.iter().map(|known| known.id.0.clone()))
                .await?;
        Ok(tables.into_iter().map(|table| from_api(aws, table)).collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let gateways = |state: &Self| state.propagating_vgws.clone().unwrap_or_default();
        set_propagation(aws, &prior.id, &gateways(prior), &gateways(plan)).await?;
        let routes = |state: &Self| state.route.clone().unwrap_or_default();
        set_routes(aws, &prior.id, &routes(prior), &routes(plan)).await?;
        tags::update_ec2(aws, &prior.id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let tables = route::tables(aws, "route-table-id", [prior.id.0.clone()]).await?;
        let associations =
            tables.into_iter().flat_map(|table| table.associations.unwrap_or_default());
        for association in associations.filter(|association| association.main != Some(true)) {
            let request = aws
                .ec2
                .disassociate_route_table()
                .set_association_id(association.route_table_association_id);
            let gone = &["InvalidAssociationID.NotFound"];
            request.send().await.found("removing the association of EC2 Route Table", gone)?;
        }
        let limit = prior.timeouts.of("delete", Duration::from_secs(300));
        until("the route table to be deleted", limit, || async {
            let request = aws.ec2.delete_route_table().route_table_id(&*prior.id);
            request.send().await.deleted(&format!("deleting Route Table ({})", prior.id), GONE)
        })
        .await
    }
}

/// Which route tables a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    #[block]
    filter: Vec<listing::Filter>,
    /// The region of the provider configuration.
    region: Option<String>,
    route_table_ids: Option<Vec<String>>,
}

impl List for RouteTable {
    type Config = Wanted;

    async fn list(aws: &Aws, wanted: &Wanted, page: Page) -> Result<Results> {
        let given = [("route-table-id", wanted.route_table_ids.as_deref())];
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &given)?
        else {
            return Ok(Results::default());
        };
        let request = aws
            .ec2
            .describe_route_tables()
            .set_filters(Some(filters))
            .max_results(page.size(5, 100));
        let answer =
            request.set_next_token(page.token).send().await.explain("listing EC2 Route Tables")?;
        let found = answer.route_tables.unwrap_or_default().into_iter();
        let found = found.map(|found| listing::named(found.route_table_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}

fn from_api(aws: &Aws, table: aws_sdk_ec2::types::RouteTable) -> (String, RouteTable) {
    let id = table.route_table_id.unwrap_or_default();
    let owner = table.owner_id.unwrap_or_default();
    let gateways = table.propagating_vgws.unwrap_or_default();
    let routes = table.routes.unwrap_or_default().into_iter();
    let own = routes.filter(|route| {
        route.gateway_id.as_deref() != Some("local")
            && route.origin != Some(RouteOrigin::EnableVgwRoutePropagation)
            && !(route.gateway_id.as_deref().is_some_and(|id| id.starts_with("vpce-"))
                && route.destination_prefix_list_id.is_some())
    });
    let object = RouteTable {
        arn: aws.arn("ec2", &owner, &format!("route-table/{id}")).into(),
        owner_id: owner.into(),
        propagating_vgws: Some(
            gateways.into_iter().filter_map(|gateway| gateway.gateway_id).collect(),
        ),
        route: Some(own.map(route_from_api).collect()),
        tags: tags::from_ec2(table.tags.as_ref()),
        timeouts: Timeouts::default(),
        vpc_id: table.vpc_id.unwrap_or_default(),
    };
    (id, object)
}

fn route_from_api(route: aws_sdk_ec2::types::Route) -> Route {
    let text = |value: Option<String>| Some(value.unwrap_or_default());
    let (endpoint, gateway) = match route.gateway_id {
        Some(id) if id.starts_with("vpce-") => (Some(id), None),
        gateway => (None, gateway),
    };
    Route {
        carrier_gateway_id: text(route.carrier_gateway_id),
        cidr_block: text(route.destination_cidr_block),
        core_network_arn: text(route.core_network_arn),
        destination_prefix_list_id: text(route.destination_prefix_list_id),
        egress_only_gateway_id: text(route.egress_only_internet_gateway_id),
        gateway_id: text(gateway),
        ipv6_cidr_block: text(route.destination_ipv6_cidr_block),
        local_gateway_id: text(route.local_gateway_id),
        nat_gateway_id: text(route.nat_gateway_id),
        network_interface_id: text(route.network_interface_id),
        transit_gateway_id: text(route.transit_gateway_id),
        vpc_endpoint_id: text(endpoint),
        vpc_peering_connection_id: text(route.vpc_peering_connection_id),
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("route.cidr_block", shapes::ipv4_block),
    fits("route.ipv6_cidr_block", shapes::ipv6_block),
];
