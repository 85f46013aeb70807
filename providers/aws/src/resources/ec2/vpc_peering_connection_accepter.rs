use super::vpc_peering_connection::{Side, accept, connections, set_options, status, wait};
use crate::prelude::*;

/// A connection between two VPCs, as its accepter sees it.
///
/// ```hcl
/// resource "aws_vpc_peering_connection_accepter" "west" {
///   provider                  = aws.west
///   vpc_peering_connection_id = aws_vpc_peering_connection.to_west.id
///   auto_accept               = true
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_vpc_peering_connection_accepter")]
pub(crate) struct VpcPeeringConnectionAccepter {
    accept_status: Computed<String>,
    #[block(max = 1, computed)]
    accepter: Option<Side>,
    /// Whether to accept it.
    #[attr(unreadable)]
    auto_accept: Option<bool>,
    peer_owner_id: Computed<String>,
    peer_region: Computed<String>,
    peer_vpc_id: Computed<String>,
    #[block(max = 1, computed)]
    requester: Option<Side>,
    tags: Tags,
    #[timeouts(create = 60, update = 60)]
    timeouts: Timeouts,
    vpc_id: Computed<String>,
    #[attr(force_new)]
    vpc_peering_connection_id: String,
}

impl Operations for VpcPeeringConnectionAccepter {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let id = plan.vpc_peering_connection_id.clone();
        let limit = plan.timeouts.of("create", Duration::from_secs(60));
        // In another region the request shows up a little later.
        wait(aws, &id, limit, &["pending-acceptance", "provisioning", "active"]).await?;
        let now = connections(aws, vec![id.clone()]).await?;
        let waiting = now.first().and_then(status).as_deref() == Some("pending-acceptance");
        if plan.auto_accept == Some(true) && waiting {
            accept(aws, &id).await?;
        }
        Ok(Id(id))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        if plan.auto_accept == Some(true) {
            wait(aws, &plan.id, plan.timeouts.of("create", Duration::from_secs(60)), &["active"])
                .await?;
        }
        set_options(aws, &plan.id, plan.accepter.as_ref(), plan.requester.as_ref()).await?;
        tags::update_ec2(aws, &plan.id, &Tags::default(), &plan.tags).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let found = connections(aws, ids(known)).await?.into_iter().map(|connection| {
            let id = connection.vpc_peering_connection_id.clone().unwrap_or_default();
            let (accepter, requester) =
                (connection.accepter_vpc_info.as_ref(), connection.requester_vpc_info.as_ref());
            // Within one account it looks as it does to the requester.
            let owner = |side: Option<&aws_sdk_ec2::types::VpcPeeringConnectionVpcInfo>| {
                side.and_then(|side| side.owner_id.clone())
            };
            let (own, peer) = if owner(accepter) == owner(requester) {
                (requester, accepter)
            } else {
                (accepter, requester)
            };
            let object = Self {
                accept_status: status(&connection).into(),
                accepter: Side::from_api(accepter),
                auto_accept: None,
                peer_owner_id: owner(peer).into(),
                peer_region: accepter.and_then(|side| side.region.clone()).into(),
                peer_vpc_id: peer.and_then(|side| side.vpc_id.clone()).into(),
                requester: Side::from_api(requester),
                tags: tags::from_ec2(connection.tags.as_ref()),
                timeouts: Timeouts::default(),
                vpc_id: own.and_then(|side| side.vpc_id.clone()).into(),
                vpc_peering_connection_id: id.clone(),
            };
            (id, object)
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

    /// The connection belongs to its requester: it stays.
    async fn delete(_aws: &Aws, _prior: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
