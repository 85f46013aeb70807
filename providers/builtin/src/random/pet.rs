use infra_provider_sdk::prelude::*;
use rand::seq::IndexedRandom as _;

/// A name that people can remember.
///
/// ```hcl
/// resource "random_pet" "name" {
///   length = 2
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_pet")]
pub(crate) struct Pet {
    /// Values whose change makes a new name.
    #[attr(force_new)]
    keepers: Option<BTreeMap<String, String>>,
    /// Number of words.
    #[attr(default = 2, computed, force_new)]
    length: i64,
    /// Text before the name.
    #[attr(force_new)]
    prefix: Option<String>,
    /// What stands between words.
    #[attr(default = "-", computed, force_new)]
    separator: String,
}

const ADVERBS: &[&str] = &[
    "boldly", "briefly", "calmly", "clearly", "duly", "easily", "fairly", "gladly", "kindly",
    "lightly", "neatly", "openly", "quietly", "rarely", "safely", "simply", "truly", "warmly",
];
const ADJECTIVES: &[&str] = &[
    "able", "brave", "bright", "calm", "clever", "eager", "fair", "gentle", "happy", "keen",
    "kind", "lively", "modest", "noble", "proud", "quick", "sunny", "wise",
];
const ANIMALS: &[&str] = &[
    "badger", "bison", "crane", "deer", "eagle", "falcon", "fox", "gecko", "heron", "ibex", "lynx",
    "marten", "otter", "panda", "robin", "seal", "tiger", "wren",
];

impl Operations for Pet {
    type Client = ();

    async fn create(_: &(), plan: &Self) -> Result<Id> {
        let mut random = rand::rng();
        let mut word =
            |words: &[&'static str]| words.choose(&mut random).copied().unwrap_or_default();
        let words = (1..=plan.length).rev().map(|left| match left {
            1 => word(ANIMALS),
            2 => word(ADJECTIVES),
            _ => word(ADVERBS),
        });
        let mut name: Vec<&str> = words.collect();
        if let Some(prefix) = &plan.prefix {
            name.insert(0, prefix);
        }
        Ok(name.join(&plan.separator).into())
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        Ok(Found::each(known.iter().map(|known| Some(known.state.clone()))))
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
