use infra_provider_sdk::prelude::*;
use rand::RngExt as _;
use rand::seq::SliceRandom as _;

/// A random text.
///
/// ```hcl
/// resource "random_string" "suffix" {
///   length = 16
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_string", version = 2)]
pub(crate) struct Text {
    /// Values whose change makes a new text.
    #[attr(force_new)]
    keepers: Option<BTreeMap<String, String>>,
    /// Number of characters.
    #[attr(force_new)]
    length: i64,
    /// With lower-case letters.
    #[attr(default = true, computed, force_new)]
    lower: bool,
    /// With upper-case letters.
    #[attr(default = true, computed, force_new)]
    upper: bool,
    /// With digits.
    #[attr(default = true, computed, force_new)]
    numeric: bool,
    /// With digits.
    #[attr(default = true, computed, force_new, deprecated = "Use numeric instead.")]
    number: bool,
    /// With special characters.
    #[attr(default = true, computed, force_new)]
    special: bool,
    /// At least so many lower-case letters.
    #[attr(default = 0, computed, force_new)]
    min_lower: i64,
    /// At least so many upper-case letters.
    #[attr(default = 0, computed, force_new)]
    min_upper: i64,
    /// At least so many digits.
    #[attr(default = 0, computed, force_new)]
    min_numeric: i64,
    /// At least so many special characters.
    #[attr(default = 0, computed, force_new)]
    min_special: i64,
    /// The special characters to use.
    #[attr(force_new)]
    override_special: Option<String>,
    /// The text.
    result: Computed<String>,
}

/// A random text that must not be shown. It is kept in the state.
///
/// ```hcl
/// resource "random_password" "database" {
///   length = 16
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_password", version = 3)]
pub(crate) struct Password {
    /// Values whose change makes a new text.
    #[attr(force_new)]
    keepers: Option<BTreeMap<String, String>>,
    /// Number of characters.
    #[attr(force_new)]
    length: i64,
    /// With lower-case letters.
    #[attr(default = true, computed, force_new)]
    lower: bool,
    /// With upper-case letters.
    #[attr(default = true, computed, force_new)]
    upper: bool,
    /// With digits.
    #[attr(default = true, computed, force_new)]
    numeric: bool,
    /// With digits.
    #[attr(default = true, computed, force_new, deprecated = "Use numeric instead.")]
    number: bool,
    /// With special characters.
    #[attr(default = true, computed, force_new)]
    special: bool,
    /// At least so many lower-case letters.
    #[attr(default = 0, computed, force_new)]
    min_lower: i64,
    /// At least so many upper-case letters.
    #[attr(default = 0, computed, force_new)]
    min_upper: i64,
    /// At least so many digits.
    #[attr(default = 0, computed, force_new)]
    min_numeric: i64,
    /// At least so many special characters.
    #[attr(default = 0, computed, force_new)]
    min_special: i64,
    /// The special characters to use.
    #[attr(force_new)]
    override_special: Option<String>,
    /// The text.
    #[attr(sensitive)]
    result: Computed<String>,
}

/// A text of so many characters; for each class whether it is used, how many at least, and its characters.
fn text(length: i64, classes: &[(bool, i64, &str); 4]) -> Result<String> {
    let least: i64 = classes.iter().map(|(_, least, _)| *least).sum();
    if length < 1 || length < least {
        return Err(Error::new(format!(
            "The length must be at least 1 and at least {least}, the sum of the minima."
        ))
        .at("length"));
    }
    let all: Vec<char> =
        classes.iter().filter(|(used, ..)| *used).flat_map(|(_, _, set)| set.chars()).collect();
    if all.is_empty() {
        return Err(Error::new("At least one class of characters must be used."));
    }
    let mut random = rand::rng();
    let mut found: Vec<char> = Vec::new();
    for (_, least, set) in classes {
        let set: Vec<char> = set.chars().collect();
        found.extend((0..*least).map(|_| set[random.random_range(0..set.len())]));
    }
    found.extend((least..length).map(|_| all[random.random_range(0..all.len())]));
    found.shuffle(&mut random);
    Ok(found.into_iter().collect())
}

impl Operations for Text {
    type Client = ();

    async fn create(_: &(), plan: &Self) -> Result<Id> {
        let special = plan.override_special.as_deref().unwrap_or("!@#$%&*()-_=+[]{}<>:?");
        let classes = [
            (plan.lower, plan.min_lower, "abcdefghijklmnopqrstuvwxyz"),
            (plan.upper, plan.min_upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            (plan.numeric && plan.number, plan.min_numeric, "0123456789"),
            (plan.special, plan.min_special, special),
        ];
        text(plan.length, &classes).map(Id)
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        let all = known.iter().map(|known| {
            let result = if known.result.is_none() {
                known.id.0.clone().into()
            } else {
                known.result.clone()
            };
            (known.id.clone(), Self { result, ..known.state.clone() })
        });
        Ok(all.collect())
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}

impl Operations for Password {
    type Client = ();

    async fn create(_: &(), plan: &Self) -> Result<Id> {
        let special = plan.override_special.as_deref().unwrap_or("!@#$%&*()-_=+[]{}<>:?");
        let classes = [
            (plan.lower, plan.min_lower, "abcdefghijklmnopqrstuvwxyz"),
            (plan.upper, plan.min_upper, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            (plan.numeric && plan.number, plan.min_numeric, "0123456789"),
            (plan.special, plan.min_special, special),
        ];
        text(plan.length, &classes).map(Id)
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        let all = known.iter().map(|known| {
            let result = if known.result.is_none() {
                known.id.0.clone().into()
            } else {
                known.result.clone()
            };
            (known.id.clone(), Self { result, ..known.state.clone() })
        });
        Ok(all.collect())
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}
