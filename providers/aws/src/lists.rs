//! The resource types whose objects can be listed, by service: the list that says which.

use infra_provider_sdk::{Registration, listing};

use crate::clients::Aws;
use crate::resources::{dynamodb, ec2, elbv2, rds, s3, secretsmanager, ssm};

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        listing::<dynamodb::table::DynamodbTable>(),
        listing::<ec2::instance::Instance>(),
        listing::<ec2::internet_gateway::InternetGateway>(),
        listing::<ec2::key_pair::KeyPair>(),
        listing::<ec2::route::Route>(),
        listing::<ec2::route_table::RouteTable>(),
        listing::<ec2::route_table_association::RouteTableAssociation>(),
        listing::<ec2::security_group::SecurityGroup>(),
        listing::<ec2::security_group_rule::SecurityGroupRule>(),
        listing::<ec2::subnet::Subnet>(),
        listing::<ec2::vpc::Vpc>(),
        listing::<ec2::vpc_peering_connection::VpcPeeringConnection>(),
        listing::<elbv2::lb::Lb>(),
        listing::<elbv2::lb_listener::LbListener>(),
        listing::<elbv2::lb_target_group::LbTargetGroup>(),
        listing::<rds::db_instance::DbInstance>(),
        listing::<rds::db_subnet_group::DbSubnetGroup>(),
        listing::<s3::bucket::S3Bucket>(),
        listing::<secretsmanager::secret::Secret>(),
        listing::<secretsmanager::secret_version::SecretVersion>(),
        listing::<ssm::parameter::SsmParameter>(),
    ]
}
