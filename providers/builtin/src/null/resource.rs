use infra_provider_sdk::prelude::*;
use rand::RngExt as _;

/// Nothing, with a life cycle: a place for provisioners.
///
/// ```hcl
/// resource "null_resource" "setup" {
///   triggers = { revision = var.revision }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "null_resource")]
pub(crate) struct Null {
    /// Values whose change replaces the object.
    #[attr(force_new)]
    triggers: Option<BTreeMap<String, String>>,
}

impl Operations for Null {
    type Client = ();

    async fn create(_: &(), _: &Self) -> Result<Id> {
        Ok(rand::rng().random_range(0..=i64::MAX).to_string().into())
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        Ok(Found::each(known.iter().map(|known| Some(known.state.clone()))))
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
