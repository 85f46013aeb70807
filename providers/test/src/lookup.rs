use infra_provider_sdk::prelude::*;

use crate::cloud::Account;

/// An object that is there, found by name.
///
/// ```hcl
/// data "test_object" "a" {
///   name = "a"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "test_object")]
pub(crate) struct Lookup {
    id: Computed<String>,
    name: String,
    value: Computed<String>,
}

impl Query for Lookup {
    type Client = Account;

    async fn read(Account(cloud): &Account, query: &Self) -> Result<Self> {
        cloud.called();
        let found = cloud.read(|objects| objects.get(&query.name).cloned());
        let found =
            found.ok_or_else(|| Error::new(format!("There is no object {:?}.", query.name)))?;
        Ok(Self { id: query.name.clone().into(), value: found.value.into(), ..query.clone() })
    }
}
