use infra_provider_sdk::prelude::*;
use rand::RngExt as _;

/// A random whole number.
///
/// ```hcl
/// resource "random_integer" "port" {
///   min = 8000
///   max = 9000
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_integer")]
pub(crate) struct Integer {
    /// Values whose change makes a new number.
    #[attr(force_new)]
    keepers: Option<BTreeMap<String, String>>,
    /// The least.
    #[attr(force_new)]
    min: i64,
    /// The greatest.
    #[attr(force_new)]
    max: i64,
    /// Text from which the number follows.
    #[attr(force_new)]
    seed: Option<String>,
    /// The number.
    result: Computed<i64>,
}

impl Operations for Integer {
    type Client = ();

    async fn create(_: &(), plan: &Self) -> Result<Id> {
        if plan.min > plan.max {
            return Err(Error::new("The least must not be greater than the greatest.").at("min"));
        }
        Ok(rand::rng().random_range(plan.min..=plan.max).to_string().into())
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        let all = known.iter().map(|known| {
            Some(Self { result: known.id.parse().ok().into(), ..known.state.clone() })
        });
        Ok(Found::each(all))
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
