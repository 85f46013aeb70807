use crate::listing;
use crate::prelude::*;

/// One route of a route table.
///
/// ```hcl
/// resource "aws_route" "internet" {
///   route_table_id         = aws_route_table.public.id
///   destination_cidr_block = "0.0.0.0/0"
///   gateway_id             = aws_internet_gateway.main.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_route", checks = CHECKS)]
pub(crate) struct Route {
    carrier_gateway_id: Option<String>,
    core_network_arn: Option<String>,
    /// IPv4 addresses that it is for.
    #[attr(force_new)]
    destination_cidr_block: Option<String>,
    /// IPv6 addresses that it is for.
    #[attr(force_new)]
    destination_ipv6_cidr_block: Option<String>,
    /// The list of addresses that it is for.
    #[attr(force_new)]
    destination_prefix_list_id: Option<String>,
    egress_only_gateway_id: Option<String>,
    gateway_id: Option<String>,
    instance_id: Computed<String>,
    instance_owner_id: Computed<String>,
    local_gateway_id: Option<String>,
    nat_gateway_id: Option<String>,
    #[attr(computed)]
    network_interface_id: Option<String>,
    /// What made it.
    origin: Computed<String>,
    #[attr(force_new)]
    route_table_id: String,
    /// Whether its target is there: `active` or `blackhole`.
    state: Computed<String>,
    #[timeouts(create = 300, delete = 300, update = 120)]
    timeouts: Timeouts,
    transit_gateway_id: Option<String>,
    vpc_endpoint_id: Option<String>,
    vpc_peering_connection_id: Option<String>,
}

/// Where a route is for; what is not given is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Destination {
    ipv4: String,
    ipv6: String,
    prefix_list: String,
}

impl Destination {
    pub(super) fn new(ipv4: Option<&String>, ipv6: Option<&String>, list: Option<&String>) -> Self {
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        Self { ipv4: text(ipv4), ipv6: text(ipv6), prefix_list: text(list) }
    }

    fn text(&self) -> String {
        format!("{}{}{}", self.ipv4, self.ipv6, self.prefix_list)
    }
}

/// Where a route leads: the kind of the target and its id.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Target {
    kind: &'static str,
    id: String,
}

impl Target {
    /// The first one that is given.
    pub(super) fn of<const N: usize>(candidates: [(&'static str, &Option<String>); N]) -> Self {
        let given = candidates.into_iter().find_map(|(kind, id)| {
            let id = id.as_ref().filter(|id| !id.is_empty())?;
            Some(Self { kind, id: id.clone() })
        });
        given.unwrap_or_default()
    }
}

/// Fills in a request that creates or replaces a route.
macro_rules! request {
    ($request:expr, $table:expr, $destination:expr, $target:expr) => {{
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let of = |kind: &str| ($target.kind == kind).then(|| $target.id.clone());
        $request
            .route_table_id($table)
            .set_destination_cidr_block(given(&$destination.ipv4))
            .set_destination_ipv6_cidr_block(given(&$destination.ipv6))
            .set_destination_prefix_list_id(given(&$destination.prefix_list))
            .set_carrier_gateway_id(of("carrier gateway"))
            .set_core_network_arn(of("core network"))
            .set_egress_only_internet_gateway_id(of("egress-only gateway"))
            .set_gateway_id(of("gateway"))
            .set_local_gateway_id(of("local gateway"))
            .set_nat_gateway_id(of("NAT gateway"))
            .set_network_interface_id(of("network interface"))
            .set_transit_gateway_id(of("transit gateway"))
            .set_vpc_endpoint_id(of("VPC endpoint"))
            .set_vpc_peering_connection_id(of("VPC peering connection"))
    }};
}

pub(super) async fn create(
    aws: &Aws,
    table: &str,
    to: &Destination,
    target: &Target,
) -> Result<()> {
    let request = request!(aws.ec2.create_route(), table, to, target);
    let place = format!("Route in Route Table ({table}) with destination ({})", to.text());
    let made = request.send().await;
    if made.as_ref().err().and_then(crate::error::code) == Some("RouteAlreadyExists") {
        let summary = format!("api error RouteAlreadyExists: {place} already exists");
        return Err(Error::new("").summary(summary));
    }
    made.explain(&format!("creating {place}"))?;
    Ok(())
}

pub(super) async fn replace(
    aws: &Aws,
    table: &str,
    to: &Destination,
    target: &Target,
) -> Result<()> {
    let request = request!(aws.ec2.replace_route(), table, to, target);
    request.send().await.explain(&format!(
        "updating Route in Route Table ({table}) with destination ({})",
        to.text()
    ))?;
    Ok(())
}

pub(super) async fn delete(aws: &Aws, table: &str, to: &Destination) -> Result<()> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let request = aws
        .ec2
        .delete_route()
        .route_table_id(table)
        .set_destination_cidr_block(given(&to.ipv4))
        .set_destination_ipv6_cidr_block(given(&to.ipv6))
        .set_destination_prefix_list_id(given(&to.prefix_list));
    let gone = &["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"];
    request.send().await.found(&format!("deleting route to {} in {table}", to.text()), gone)?;
    Ok(())
}

/// The route tables that a filter finds.
pub(super) async fn tables(
    aws: &Aws,
    name: &str,
    values: impl IntoIterator<Item = String>,
) -> Result<Vec<aws_sdk_ec2::types::RouteTable>> {
    let values: Vec<String> = values.into_iter().collect();
    let mut tables = Vec::new();
    for chunk in values.chunks(CHUNK) {
        let request = aws.ec2.describe_route_tables().filters(filter(name, chunk.to_vec()));
        let pages = request.into_paginator().items().send();
        tables.extend(pages.try_collect().await.explain("reading EC2 Route Tables")?);
    }
    Ok(tables)
}

impl Route {
    fn destination(&self) -> Destination {
        Destination::new(
            self.destination_cidr_block.as_ref(),
            self.destination_ipv6_cidr_block.as_ref(),
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
            ("transit gateway", &self.transit_gateway_id),
            ("VPC endpoint", &self.vpc_endpoint_id),
            ("VPC peering connection", &self.vpc_peering_connection_id),
            ("network interface", &self.network_interface_id),
        ])
    }

    fn id(&self) -> Id {
        Id(format!("r-{}{}", self.route_table_id, names::hash(&self.destination().text())))
    }
}

impl Operations for Route {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        create(aws, &plan.route_table_id, &plan.destination(), &plan.target()).await?;
        Ok(plan.id())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut ids: Vec<String> = known.iter().map(|known| known.route_table_id.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let tables: BTreeMap<String, _> = tables(aws, "route-table-id", ids)
            .await?
            .into_iter()
            .map(|table| {
                (table.route_table_id.unwrap_or_default(), table.routes.unwrap_or_default())
            })
            .collect();
        let found = known.iter().filter_map(|known| {
            let wanted = known.destination();
            let route = tables.get(&known.route_table_id)?.iter().find(|route| {
                let there = Destination::new(
                    route.destination_cidr_block.as_ref(),
                    route.destination_ipv6_cidr_block.as_ref(),
                    route.destination_prefix_list_id.as_ref(),
                );
                there == wanted
            })?;
            Some((known.id.clone(), known.state.with(route)))
        });
        Ok(found.collect())
    }

    async fn update(aws: &Aws, _prior: &Known<Self>, plan: &Self) -> Result<()> {
        replace(aws, &plan.route_table_id, &plan.destination(), &plan.target()).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        delete(aws, &prior.route_table_id, &prior.destination()).await
    }

    /// `TABLE_DESTINATION`.
    async fn import(_aws: &Aws, id: &str) -> Result<Known<Self>> {
        let Some((table, destination)) = id.split_once('_') else {
            return Err(Error::new(format!(
                "The import id of a route is the id of its table, an underscore and its destination; found {id:?}."
            )));
        };
        let mut state = Self { route_table_id: table.to_owned(), ..Self::default() };
        let destination = Some(destination.to_owned());
        match &destination {
            Some(text) if text.contains(':') => state.destination_ipv6_cidr_block = destination,
            Some(text) if text.starts_with("pl-") => state.destination_prefix_list_id = destination,
            _ => state.destination_cidr_block = destination,
        }
        Ok(Known { id: state.id(), state })
    }
}

/// The table whose routes a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    /// The region of the provider configuration.
    region: Option<String>,
    route_table_id: String,
}

impl List for Route {
    type Config = Wanted;

    async fn list(aws: &Aws, wanted: &Wanted, _page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let tables = tables(aws, "route-table-id", [wanted.route_table_id.clone()]).await?;
        let routes = tables.into_iter().flat_map(|table| table.routes.unwrap_or_default());
        let made = routes.filter(|route| {
            route.origin == Some(aws_sdk_ec2::types::RouteOrigin::CreateRoute)
                && route.gateway_id.as_deref() != Some("local")
        });
        let found = made.filter_map(|route| {
            let to = route
                .destination_cidr_block
                .or(route.destination_ipv6_cidr_block)
                .or(route.destination_prefix_list_id)?;
            Some((format!("{}_{to}", wanted.route_table_id), to))
        });
        Ok(Results::new(found, None::<String>))
    }
}

impl Route {
    /// The route with what the API says of it.
    fn with(&self, route: &aws_sdk_ec2::types::Route) -> Self {
        let text = |value: &Option<String>| Some(value.clone().unwrap_or_default());
        let (endpoint, gateway) = match &route.gateway_id {
            Some(id) if id.starts_with("vpce-") => (Some(id.clone()), None),
            gateway => (None, gateway.clone()),
        };
        Self {
            destination_cidr_block: text(&route.destination_cidr_block),
            destination_ipv6_cidr_block: text(&route.destination_ipv6_cidr_block),
            destination_prefix_list_id: text(&route.destination_prefix_list_id),
            carrier_gateway_id: text(&route.carrier_gateway_id),
            core_network_arn: text(&route.core_network_arn),
            egress_only_gateway_id: text(&route.egress_only_internet_gateway_id),
            gateway_id: text(&gateway),
            instance_id: text(&route.instance_id).into(),
            instance_owner_id: text(&route.instance_owner_id).into(),
            local_gateway_id: text(&route.local_gateway_id),
            nat_gateway_id: text(&route.nat_gateway_id),
            network_interface_id: text(&route.network_interface_id),
            origin: route.origin.as_ref().map(|origin| origin.as_str().to_owned()).into(),
            state: route.state.as_ref().map(|state| state.as_str().to_owned()).into(),
            transit_gateway_id: text(&route.transit_gateway_id),
            vpc_endpoint_id: text(&endpoint),
            vpc_peering_connection_id: text(&route.vpc_peering_connection_id),
            ..self.clone()
        }
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    fits("destination_cidr_block", shapes::ipv4_block),
    exactly_one(&[
        "destination_cidr_block",
        "destination_ipv6_cidr_block",
        "destination_prefix_list_id",
    ]),
    exactly_one(&[
        "carrier_gateway_id",
        "core_network_arn",
        "egress_only_gateway_id",
        "gateway_id",
        "local_gateway_id",
        "nat_gateway_id",
        "network_interface_id",
        "transit_gateway_id",
        "vpc_endpoint_id",
        "vpc_peering_connection_id",
    ]),
];
