//! The data sources: the list that says what there is.

use infra_provider_sdk::{Registration, query};

use crate::clients::Aws;

pub(crate) mod region;

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        query::<region::Region>(),
    ]
}
