//! The resource types, by service: the list that says what there is.

use infra_provider_sdk::{Registration, registration};

use crate::clients::Aws;

pub(crate) mod dynamodb {
    pub(crate) mod table;
}

pub(crate) mod ec2 {
    pub(crate) mod instance;
    pub(crate) mod internet_gateway;
    pub(crate) mod key_pair;
    mod permissions;
    pub(crate) mod route;
    pub(crate) mod route_table;
    pub(crate) mod route_table_association;
    pub(crate) mod security_group;
    pub(crate) mod security_group_rule;
    pub(crate) mod subnet;
    pub(crate) mod vpc;
    pub(crate) mod vpc_peering_connection;
    pub(crate) mod vpc_peering_connection_accepter;
}

pub(crate) mod elbv2 {
    mod attributes;
    pub(crate) mod lb;
    pub(crate) mod lb_listener;
    pub(crate) mod lb_target_group;
    pub(crate) mod lb_target_group_attachment;
}

pub(crate) mod rds {
    pub(crate) mod db_instance;
    pub(crate) mod db_subnet_group;
    mod tags;
}

pub(crate) mod s3 {
    pub(crate) mod bucket;
    pub(crate) mod bucket_versioning;
}

pub(crate) mod secretsmanager {
    pub(crate) mod secret;
    pub(crate) mod secret_version;
}

pub(crate) mod ssm {
    pub(crate) mod parameter;
}

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        registration::<dynamodb::table::DynamodbTable>(),
        registration::<ec2::instance::Instance>(),
        registration::<ec2::internet_gateway::InternetGateway>(),
        registration::<ec2::key_pair::KeyPair>(),
        registration::<ec2::route::Route>(),
        registration::<ec2::route_table::RouteTable>(),
        registration::<ec2::route_table_association::RouteTableAssociation>(),
        registration::<ec2::security_group::SecurityGroup>(),
        registration::<ec2::security_group_rule::SecurityGroupRule>(),
        registration::<ec2::subnet::Subnet>(),
        registration::<ec2::vpc::Vpc>(),
        registration::<ec2::vpc_peering_connection::VpcPeeringConnection>(),
        registration::<ec2::vpc_peering_connection_accepter::VpcPeeringConnectionAccepter>(),
        registration::<elbv2::lb::Lb>(),
        registration::<elbv2::lb_listener::LbListener>(),
        registration::<elbv2::lb_target_group::LbTargetGroup>(),
        registration::<elbv2::lb_target_group_attachment::LbTargetGroupAttachment>(),
        registration::<rds::db_instance::DbInstance>(),
        registration::<rds::db_subnet_group::DbSubnetGroup>(),
        registration::<s3::bucket::S3Bucket>(),
        registration::<s3::bucket_versioning::S3BucketVersioning>(),
        registration::<secretsmanager::secret::Secret>(),
        registration::<secretsmanager::secret_version::SecretVersion>(),
        registration::<ssm::parameter::SsmParameter>(),
    ]
}
