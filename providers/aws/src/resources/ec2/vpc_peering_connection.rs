use aws_sdk_ec2::types::{
    PeeringConnectionOptionsRequest, ResourceType, VpcPeeringConnectionStateReasonCode as Status,
    VpcPeeringConnectionVpcInfo,
};

use crate::listing::{self, Filtered};
use crate::prelude::*;

/// A connection between two VPCs, as its requester sees it.
///
/// ```hcl
/// resource "aws_vpc_peering_connection" "to_west" {
///   vpc_id      = aws_vpc.east.id
///   peer_vpc_id = aws_vpc.west.id
///   peer_region = "us-west-2"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_vpc_peering_connection")]
pub(crate) struct VpcPeeringConnection {
    accept_status: Computed<String>,
    #[block(max = 1, computed)]
    accepter: Option<Side>,
    /// Whether to accept it too: both VPCs are in this account and region.
    #[attr(unreadable)]
    auto_accept: Option<bool>,
    #[attr(computed, force_new)]
    peer_owner_id: Option<String>,
    #[attr(computed, force_new)]
    peer_region: Option<String>,
    #[attr(force_new)]
    peer_vpc_id: String,
    #[block(max = 1, computed)]
    requester: Option<Side>,
    tags: Tags,
    #[timeouts(create = 60, delete = 60, update = 60)]
    timeouts: Timeouts,
    #[attr(force_new)]
    vpc_id: String,
}

/// Options of one side.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Side {
    /// Whether DNS names of the other side resolve to private addresses.
    #[attr(default = false)]
    pub(super) allow_remote_vpc_dns_resolution: bool,
}

const GONE: &[&str] = &["InvalidVpcPeeringConnectionID.NotFound", "InvalidStateTransition"];

impl Side {
    fn request(&self) -> PeeringConnectionOptionsRequest {
        PeeringConnectionOptionsRequest::builder()
            .allow_dns_resolution_from_remote_vpc(self.allow_remote_vpc_dns_resolution)
            .build()
    }

    pub(super) fn from_api(info: Option<&VpcPeeringConnectionVpcInfo>) -> Option<Self> {
        let options = info?.peering_options.as_ref()?;
        let allow = options.allow_dns_resolution_from_remote_vpc.unwrap_or(false);
        Some(Self { allow_remote_vpc_dns_resolution: allow })
    }
}

/// The connections with these ids that are not on their way out.
pub(super) async fn connections(
    aws: &Aws,
    ids: Vec<String>,
) -> Result<Vec<aws_sdk_ec2::types::VpcPeeringConnection>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        let wanted = filter("vpc-peering-connection-id", chunk.to_vec());
        let request = aws.ec2.describe_vpc_peering_connections().filters(wanted);
        let pages = request.into_paginator().items().send().try_collect().await;
        found.extend(pages.explain("reading EC2 VPC Peering Connections")?);
    }
    found.retain(|connection| {
        // Emulators do not know the filter.
        let asked =
            connection.vpc_peering_connection_id.as_ref().is_some_and(|id| ids.contains(id));
        asked && is_there(connection)
    });
    Ok(found)
}

/// Whether a connection is not on its way out.
fn is_there(connection: &aws_sdk_ec2::types::VpcPeeringConnection) -> bool {
    let code = connection.status.as_ref().and_then(|status| status.code.as_ref());
    !matches!(
        code,
        Some(
            Status::Failed
                | Status::Deleted
                | Status::Deleting
                | Status::Expired
                | Status::Rejected
        )
    )
}

pub(super) fn status(connection: &aws_sdk_ec2::types::VpcPeeringConnection) -> Option<String> {
    let code = connection.status.as_ref().and_then(|status| status.code.as_ref());
    code.map(|code| code.as_str().to_owned())
}

/// Waits until the connection has one of these states.
pub(super) async fn wait(aws: &Aws, id: &str, limit: Duration, wanted: &[&str]) -> Result<()> {
    until("the VPC peering connection", limit, || async {
        let found = connections(aws, vec![id.to_owned()]).await?;
        let now = found.first().and_then(status);
        Ok(now.filter(|now| wanted.contains(&now.as_str())).map(|_| ()))
    })
    .await
}

/// Accepts the connection.
pub(super) async fn accept(aws: &Aws, id: &str) -> Result<()> {
    let request = aws.ec2.accept_vpc_peering_connection().vpc_peering_connection_id(id);
    request.send().await.explain("accepting EC2 VPC Peering Connection")?;
    Ok(())
}

/// Sets the options of both sides that differ from what they are.
pub(super) async fn set_options(
    aws: &Aws,
    id: &str,
    accepter: Option<&Side>,
    requester: Option<&Side>,
) -> Result<()> {
    if accepter.is_none() && requester.is_none() {
        return Ok(());
    }
    let request = aws
        .ec2
        .modify_vpc_peering_connection_options()
        .vpc_peering_connection_id(id)
        .set_accepter_peering_connection_options(accepter.map(Side::request))
        .set_requester_peering_connection_options(requester.map(Side::request));
    request.send().await.explain("modifying EC2 VPC Peering Connection options")?;
    Ok(())
}

impl Operations for VpcPeeringConnection {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let specification = tags::specification(&plan.tags, ResourceType::VpcPeeringConnection);
        let request = aws
            .ec2
            .create_vpc_peering_connection()
            .vpc_id(&plan.vpc_id)
            .peer_vpc_id(&plan.peer_vpc_id)
            .set_peer_owner_id(plan.peer_owner_id.clone().filter(|id| !id.is_empty()))
            .set_peer_region(plan.peer_region.clone().filter(|region| !region.is_empty()))
            .set_tag_specifications(specification);
        let response = request.send().await.explain("creating EC2 VPC Peering Connection")?;
        let connection = response.vpc_peering_connection;
        connection
            .and_then(|connection| connection.vpc_peering_connection_id)
            .map(Id)
            .ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let limit = plan.timeouts.of("create", Duration::from_secs(60));
        wait(aws, &plan.id, limit, &["pending-acceptance", "provisioning", "active"]).await?;
        if plan.auto_accept == Some(true) {
            accept(aws, &plan.id).await?;
            wait(aws, &plan.id, limit, &["active"]).await?;
        }
        set_options(aws, &plan.id, plan.accepter.as_ref(), plan.requester.as_ref()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let found = connections(aws, ids(known)).await?.into_iter().map(|connection| {
            let (accepter, requester) =
                (connection.accepter_vpc_info.as_ref(), connection.requester_vpc_info.as_ref());
            let object = Self {
                accept_status: status(&connection).into(),
                accepter: Side::from_api(accepter),
                auto_accept: None,
                peer_owner_id: accepter.and_then(|side| side.owner_id.clone()),
                peer_region: accepter.and_then(|side| side.region.clone()),
                peer_vpc_id: accepter.and_then(|side| side.vpc_id.clone()).unwrap_or_default(),
                requester: Side::from_api(requester),
                tags: tags::from_ec2(connection.tags.as_ref()),
                timeouts: Timeouts::default(),
                vpc_id: requester.and_then(|side| side.vpc_id.clone()).unwrap_or_default(),
            };
            (connection.vpc_peering_connection_id.unwrap_or_default(), object)
        });
        Ok(found.collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let waiting = prior.accept_status.as_deref() == Some("pending-acceptance");
        if plan.auto_accept == Some(true) && waiting {
            accept(aws, &prior.id).await?;
            let limit = plan.timeouts.of("update", Duration::from_secs(60));
            wait(aws, &prior.id, limit, &["active"]).await?;
        }
        let accepter = plan.accepter.as_ref().filter(|side| prior.accepter.as_ref() != Some(side));
        let requester =
            plan.requester.as_ref().filter(|side| prior.requester.as_ref() != Some(side));
        set_options(aws, &prior.id, accepter, requester).await?;
        tags::update_ec2(aws, &prior.id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.ec2.delete_vpc_peering_connection().vpc_peering_connection_id(&*prior.id);
        request.send().await.found("deleting EC2 VPC Peering Connection", GONE)?;
        let limit = prior.timeouts.of("delete", Duration::from_secs(60));
        until("the VPC peering connection to be deleted", limit, || async {
            Ok(connections(aws, vec![prior.id.0.clone()]).await?.is_empty().then_some(()))
        })
        .await
    }
}

impl List for VpcPeeringConnection {
    type Config = Filtered;

    async fn list(aws: &Aws, wanted: &Filtered, page: Page) -> Result<Results> {
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &[])?
        else {
            return Ok(Results::default());
        };
        let request = aws.ec2.describe_vpc_peering_connections().set_filters(Some(filters));
        let request = request.max_results(page.size(5, 1000)).set_next_token(page.token);
        let answer = request.send().await.explain("listing EC2 VPC Peering Connections")?;
        let there = answer.vpc_peering_connections.unwrap_or_default().into_iter().filter(is_there);
        let found =
            there.map(|found| listing::named(found.vpc_peering_connection_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}
