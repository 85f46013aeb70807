//! The resource types, by service: the list that says what there is.

use infra_provider_sdk::{Registration, registration};

use crate::clients::Aws;

pub(crate) mod ec2 {
    pub(crate) mod internet_gateway;
    pub(crate) mod subnet;
    pub(crate) mod vpc;
}

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        registration::<ec2::internet_gateway::InternetGateway>(),
        registration::<ec2::subnet::Subnet>(),
        registration::<ec2::vpc::Vpc>(),
    ]
}
