use aws_sdk_ec2::types::ResourceType;

use crate::listing::{self, Filtered};
use crate::prelude::*;

/// A gateway between a VPC and the internet.
///
/// ```hcl
/// resource "aws_internet_gateway" "main" {
///   vpc_id = aws_vpc.main.id
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_internet_gateway")]
pub(crate) struct InternetGateway {
    /// Amazon Resource Name.
    arn: Computed<String>,
    /// Account that owns it.
    owner_id: Computed<String>,
    tags: Tags,
    #[timeouts(create = 1200, delete = 1200, update = 1200)]
    timeouts: Timeouts,
    /// The VPC to which it is attached.
    #[attr(computed)]
    vpc_id: Option<String>,
}

impl InternetGateway {
    /// The VPC to which it is attached: of one that is not, the state has an empty name.
    fn attached(&self) -> Option<&str> {
        self.vpc_id.as_deref().filter(|vpc| !vpc.is_empty())
    }
}

const GONE: &[&str] = &["InvalidInternetGatewayID.NotFound", "Gateway.NotAttached"];

async fn attach(aws: &Aws, id: &str, vpc: &str) -> Result<()> {
    let request = aws.ec2.attach_internet_gateway().internet_gateway_id(id).vpc_id(vpc);
    request
        .send()
        .await
        .explain(&format!("attaching EC2 Internet Gateway ({id}) to VPC ({vpc})"))?;
    Ok(())
}

async fn detach(aws: &Aws, id: &str, vpc: &str) -> Result<()> {
    until("the internet gateway to be detached", Duration::from_secs(1200), || async {
        // Addresses of the VPC that are still in use go away first.
        let request = aws.ec2.detach_internet_gateway().internet_gateway_id(id).vpc_id(vpc);
        request
            .send()
            .await
            .deleted(&format!("detaching EC2 Internet Gateway ({id}) from VPC ({vpc})"), GONE)
    })
    .await
}

impl Operations for InternetGateway {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let tags = tags::specification(&plan.tags, ResourceType::InternetGateway);
        let response = aws.ec2.create_internet_gateway().set_tag_specifications(tags).send().await;
        let gateway = response.explain("creating EC2 Internet Gateway")?.internet_gateway;
        gateway
            .and_then(|gateway| gateway.internet_gateway_id)
            .map(Id)
            .ok_or_else(|| Error::missing("id"))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        match plan.attached() {
            Some(vpc) => attach(aws, &plan.id, vpc).await,
            None => Ok(()),
        }
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(CHUNK) {
            let gateways = aws
                .ec2
                .describe_internet_gateways()
                .filters(filter("internet-gateway-id", ids(chunk)));
            let gateways: Vec<_> = gateways
                .into_paginator()
                .items()
                .send()
                .try_collect()
                .await
                .explain("reading EC2 Internet Gateways")?;
            for gateway in gateways {
                let id = gateway.internet_gateway_id.clone().unwrap_or_default();
                let owner = gateway.owner_id.clone().unwrap_or_default();
                let attached = gateway
                    .attachments
                    .as_ref()
                    .and_then(|list| list.first())
                    .and_then(|first| first.vpc_id.clone());
                let object = Self {
                    arn: aws.arn("ec2", &owner, &format!("internet-gateway/{id}")).into(),
                    owner_id: owner.into(),
                    tags: tags::from_ec2(gateway.tags.as_ref()),
                    timeouts: Timeouts::default(),
                    vpc_id: Some(attached.unwrap_or_default()),
                };
                found.insert(id, object);
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        if prior.attached() != plan.attached() {
            if let Some(vpc) = prior.attached() {
                detach(aws, &prior.id, vpc).await?;
            }
            if let Some(vpc) = plan.attached() {
                attach(aws, &prior.id, vpc).await?;
            }
        }
        tags::update_ec2(aws, &prior.id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        if let Some(vpc) = prior.attached() {
            detach(aws, &prior.id, vpc).await?;
        }
        let response =
            aws.ec2.delete_internet_gateway().internet_gateway_id(&*prior.id).send().await;
        response.found(&format!("deleting EC2 Internet Gateway ({})", prior.id), GONE)?;
        Ok(())
    }
}

impl List for InternetGateway {
    type Config = Filtered;

    async fn list(aws: &Aws, wanted: &Filtered, page: Page) -> Result<Results> {
        let Some(filters) = listing::wanted(aws, wanted.region.as_ref(), &wanted.filter, &[])?
        else {
            return Ok(Results::default());
        };
        let request = aws
            .ec2
            .describe_internet_gateways()
            .set_filters(Some(filters))
            .max_results(page.size(5, 1000));
        let answer = request
            .set_next_token(page.token)
            .send()
            .await
            .explain("listing EC2 Internet Gateways")?;
        let found = answer.internet_gateways.unwrap_or_default().into_iter();
        let found =
            found.map(|found| listing::named(found.internet_gateway_id, found.tags.as_ref()));
        Ok(Results::new(found, answer.next_token))
    }
}
