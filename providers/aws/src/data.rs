//! The data sources: the list that says what there is.

use infra_provider_sdk::{Registration, query};

use crate::clients::Aws;

pub(crate) mod ami;
pub(crate) mod availability_zones;
pub(crate) mod caller_identity;
mod filters;
pub(crate) mod region;
pub(crate) mod subnets;
pub(crate) mod vpc;

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        query::<ami::Ami>(),
        query::<availability_zones::AvailabilityZones>(),
        query::<caller_identity::CallerIdentity>(),
        query::<region::Region>(),
        query::<subnets::Subnets>(),
        query::<vpc::Vpc>(),
    ]
}
