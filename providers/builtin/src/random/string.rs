use infra_provider_sdk::prelude::*;
use rand::seq::{IndexedRandom as _, SliceRandom as _};

/// A random text.
///
/// ```hcl
/// resource "random_string" "suffix" {
///   length = 16
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "random_string", version = 2, upgrade = with_numeric)]
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
#[resource(name = "random_password", version = 3, upgrade = with_numeric)]
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

/// Older versions knew `number` only, which `numeric` says now.
fn with_numeric(_version: u64, mut stored: serde_json::Value) -> serde_json::Value {
    if stored["numeric"].is_null() {
        stored["numeric"] = stored["number"].clone();
    }
    stored
}

/// A text of so many characters; for each class whether it is used, how many at least, and its characters.
fn text(length: i64, classes: &[(bool, i64, &str); 4]) -> Result<String> {
    let least = classes.iter().fold(0, |sum: i64, (_, least, _)| sum.saturating_add(*least));
    if length < 1 || length < least {
        return Err(Error::new(format!(
            "The length must be at least 1 and at least {least}, the sum of the minima."
        ))
        .at("length"));
    }
    let all: Vec<char> =
        classes.iter().filter(|(used, ..)| *used).flat_map(|(_, _, set)| set.chars()).collect();
    let mut random = rand::rng();
    let mut found: Vec<char> = Vec::new();
    let mut draw = |count: i64, from: &[char]| -> Result<()> {
        for _ in 0..count {
            let Some(&drawn) = from.choose(&mut random) else {
                return Err(Error::new("At least one class of characters must be used."));
            };
            found.push(drawn);
        }
        Ok(())
    };
    for (_, least, set) in classes {
        draw(*least, &set.chars().collect::<Vec<_>>())?;
    }
    draw(length - least, &all)?;
    found.shuffle(&mut random);
    Ok(found.into_iter().collect())
}

/// The text as it is kept; it is the identity until the object is read for the first time.
fn result(kept: &Computed<String>, id: &Id) -> Computed<String> {
    if kept.is_none() { id.0.clone().into() } else { kept.clone() }
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
            Some(Self { result: result(&known.result, &known.id), ..known.state.clone() })
        });
        Ok(Found::each(all))
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

    /// As Terraform has it: until the first reading the identity is the password.
    fn shown(_: &Id) -> Id {
        Id("none".to_owned())
    }

    async fn read(_: &(), known: &[Known<Self>]) -> Result<Found<Self>> {
        let all = known.iter().map(|known| {
            Some(Self { result: result(&known.result, &known.id), ..known.state.clone() })
        });
        Ok(Found::each(all))
    }

    async fn delete(_: &(), _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}

/// A random text that is never stored: a new one whenever a plan is made or applied.
///
/// ```hcl
/// ephemeral "random_password" "database" {
///   length = 16
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(ephemeral, name = "random_password")]
pub(crate) struct Passing {
    /// Number of characters.
    length: i64,
    /// With lower-case letters.
    #[attr(computed)]
    lower: Option<bool>,
    /// With upper-case letters.
    #[attr(computed)]
    upper: Option<bool>,
    /// With digits.
    #[attr(computed)]
    numeric: Option<bool>,
    /// With special characters.
    #[attr(computed)]
    special: Option<bool>,
    /// At least so many lower-case letters.
    #[attr(computed)]
    min_lower: Option<i64>,
    /// At least so many upper-case letters.
    #[attr(computed)]
    min_upper: Option<i64>,
    /// At least so many digits.
    #[attr(computed)]
    min_numeric: Option<i64>,
    /// At least so many special characters.
    #[attr(computed)]
    min_special: Option<i64>,
    /// The special characters to use.
    override_special: Option<String>,
    /// The text.
    #[attr(sensitive)]
    result: Computed<String>,
}

impl Ephemeral for Passing {
    type Client = ();

    async fn open(_: &(), asked: &Self) -> Result<Lease<Self>> {
        let used = |flag: Option<bool>| flag.unwrap_or(true);
        let least = |number: Option<i64>| number.unwrap_or(0);
        let special = asked.override_special.as_deref().unwrap_or("!@#$%&*()-_=+[]{}<>:?");
        let classes = [
            (used(asked.lower), least(asked.min_lower), "abcdefghijklmnopqrstuvwxyz"),
            (used(asked.upper), least(asked.min_upper), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            (used(asked.numeric), least(asked.min_numeric), "0123456789"),
            (used(asked.special), least(asked.min_special), special),
        ];
        let result = text(asked.length, &classes)?.into();
        Ok(Lease::lasting(Self {
            lower: Some(used(asked.lower)),
            upper: Some(used(asked.upper)),
            numeric: Some(used(asked.numeric)),
            special: Some(used(asked.special)),
            min_lower: Some(least(asked.min_lower)),
            min_upper: Some(least(asked.min_upper)),
            min_numeric: Some(least(asked.min_numeric)),
            min_special: Some(least(asked.min_special)),
            result,
            ..asked.clone()
        }))
    }
}
