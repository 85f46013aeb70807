//! The actions, by service: the list that says what there is. They are those of hashicorp/aws 6, since 5.100.0 has none.

use infra_provider_sdk::{Registration, action};

use crate::clients::Aws;

pub(crate) mod dynamodb {
    pub(crate) mod create_backup;
}

pub(crate) mod ec2 {
    pub(crate) mod stop_instance;
}

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        action::<dynamodb::create_backup::CreateBackup>(),
        action::<ec2::stop_instance::StopInstance>(),
    ]
}
