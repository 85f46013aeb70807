//! The data sources, by service: the list that says what there is.

use infra_provider_sdk::{Registration, query};

use crate::clients::Aws;

pub(crate) mod ec2 {
    pub(crate) mod ami;
    pub(crate) mod availability_zones;
    pub(crate) mod filters;
    pub(crate) mod subnets;
    pub(crate) mod vpc;
}

pub(crate) mod iam {
    pub(crate) mod policy_document;
}

pub(crate) mod meta {
    pub(crate) mod partition;
    pub(crate) mod region;
}

pub(crate) mod sts {
    pub(crate) mod caller_identity;
}

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        query::<ec2::ami::Ami>(),
        query::<ec2::availability_zones::AvailabilityZones>(),
        query::<ec2::subnets::Subnets>(),
        query::<ec2::vpc::Vpc>(),
        query::<iam::policy_document::PolicyDocument>(),
        query::<meta::partition::Partition>(),
        query::<meta::region::Region>(),
        query::<sts::caller_identity::CallerIdentity>(),
    ]
}
