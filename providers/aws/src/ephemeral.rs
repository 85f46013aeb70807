//! The ephemeral resource types, by service: the list that says what there is. What they give is never stored.

use infra_provider_sdk::{Registration, ephemeral};

use crate::clients::Aws;

pub(crate) mod secretsmanager {
    pub(crate) mod random_password;
    pub(crate) mod secret_version;
}

pub(crate) mod ssm {
    pub(crate) mod parameter;
}

/// All of them.
pub(crate) fn all() -> Vec<Registration<Aws>> {
    vec![
        ephemeral::<secretsmanager::random_password::RandomPassword>(),
        ephemeral::<secretsmanager::secret_version::PassingSecretVersion>(),
        ephemeral::<ssm::parameter::PassingParameter>(),
    ]
}
