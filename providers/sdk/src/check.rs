//! What values must be, beyond what schemas say: a line for each check, beside the resource type.
//!
//! ```
//! use infra_provider_sdk::check::*;
//!
//! const CHECKS: &[Check] = &[
//!     one_of("billing_mode", &["PROVISIONED", "PAY_PER_REQUEST"]),
//!     range("replica.order", 1, 50_000),
//!     conflicts("name", &["name_prefix"]),
//! ];
//! ```
//!
//! The order, the words and the places are those of the older plug-in kit of Terraform: what is not known is not checked,
//! and an argument that conflicts with another one is not looked at any further.

use infra_provider::{Block, Nesting, Problem};
use infra_value::{Data, Number, Path, Value};

const CONFLICT: &str = "Conflicting configuration arguments";
const COMBINATION: &str = "Invalid combination of arguments";
const MISSING: &str = "Missing required argument";

/// A check of one argument.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// The argument after the blocks around it, as in `default_action.order`.
    argument: &'static str,
    rule: Rule,
}

#[derive(Clone, Copy, Debug)]
enum Rule {
    OneOf { choices: &'static [&'static str], full: bool, exact: bool },
    OneOfNumbers(&'static [i64]),
    Range(i64, i64),
    AtLeast(i64),
    Length(usize, usize),
    Fewest(usize),
    Most(usize),
    Fits(Text),
    Counts(Count),
    Needed,
    Conflicts(&'static [&'static str]),
    Together(&'static [&'static str]),
    ExactlyOne(&'static [&'static str]),
    AtLeastOne(&'static [&'static str]),
}

/// What is wrong with a text. The argument is given with the blocks around it and their numbers.
pub type Text = fn(argument: &str, text: &str) -> Vec<String>;

/// What is wrong with a number. The argument is given with the blocks around it and their numbers.
pub type Count = fn(argument: &str, number: i64) -> Vec<String>;

/// The text is one of these.
pub const fn one_of(argument: &'static str, choices: &'static [&'static str]) -> Check {
    Check { argument, rule: Rule::OneOf { choices, full: false, exact: true } }
}

impl Check {
    /// Small letters are as good as capitals.
    pub const fn any_case(self) -> Self {
        match self.rule {
            Rule::OneOf { choices, full, .. } => {
                Self { rule: Rule::OneOf { choices, full, exact: false }, ..self }
            }
            _ => self,
        }
    }

    /// The message names the blocks around the argument too, where it would have its name alone.
    pub const fn in_block(self) -> Self {
        match self.rule {
            Rule::OneOf { choices, exact, .. } => {
                Self { rule: Rule::OneOf { choices, full: true, exact }, ..self }
            }
            _ => self,
        }
    }
}

/// The number is one of these.
pub const fn one_of_numbers(argument: &'static str, choices: &'static [i64]) -> Check {
    Check { argument, rule: Rule::OneOfNumbers(choices) }
}

/// The number is not below and not above these.
pub const fn range(argument: &'static str, least: i64, most: i64) -> Check {
    Check { argument, rule: Rule::Range(least, most) }
}

/// The number is not below this.
pub const fn at_least(argument: &'static str, least: i64) -> Check {
    Check { argument, rule: Rule::AtLeast(least) }
}

/// The text has so many bytes.
pub const fn length(argument: &'static str, least: usize, most: usize) -> Check {
    Check { argument, rule: Rule::Length(least, most) }
}

/// The list has so many elements at least.
pub const fn fewest(argument: &'static str, count: usize) -> Check {
    Check { argument, rule: Rule::Fewest(count) }
}

/// There are so many of the block at most.
pub const fn most(argument: &'static str, count: usize) -> Check {
    Check { argument, rule: Rule::Most(count) }
}

/// The text has a shape.
pub const fn fits(argument: &'static str, shape: Text) -> Check {
    Check { argument, rule: Rule::Fits(shape) }
}

/// The number fits.
pub const fn counts(argument: &'static str, fits: Count) -> Check {
    Check { argument, rule: Rule::Counts(fits) }
}

/// It is set, in each object of an attribute: schemas say so only of blocks.
pub const fn needed(argument: &'static str) -> Check {
    Check { argument, rule: Rule::Needed }
}

/// None of these is set beside it.
pub const fn conflicts(argument: &'static str, others: &'static [&'static str]) -> Check {
    Check { argument, rule: Rule::Conflicts(others) }
}

/// These are set beside it.
pub const fn together(argument: &'static str, others: &'static [&'static str]) -> Check {
    Check { argument, rule: Rule::Together(others) }
}

/// One of these, and no other, is set.
pub const fn exactly_one(of: &'static [&'static str]) -> Check {
    Check { argument: "", rule: Rule::ExactlyOne(of) }
}

/// It, or one of these, is set. It may be one of these itself.
pub const fn at_least_one(argument: &'static str, others: &'static [&'static str]) -> Check {
    Check { argument, rule: Rule::AtLeastOne(others) }
}

/// What is set although only the provider sets it, in a value at `path`. Where a problem is there already, none is added.
pub(crate) fn read_only(schema: &Block, value: &Value, path: &Path, problems: &mut Vec<Problem>) {
    for (name, attribute) in &schema.attributes {
        let set = value.get(name).is_some_and(|set| !set.is_null());
        let path = path.attr(name);
        let told = || problems.iter().any(|problem| problem.path == path);
        if set && !attribute.required && !attribute.optional && !told() {
            let detail = format!(
                "Can't configure a value for \"{name}\": its value will be decided automatically based on the result of \
                 applying this configuration."
            );
            let problem = Problem::error("Value for unconfigurable attribute", detail);
            problems.push(problem.at(path));
        }
    }
    for (name, nested) in &schema.blocks {
        let found = value.get(name).filter(|found| found.is_wholly_known());
        let Some(found) = found else { continue };
        let items = found.as_sequence().unwrap_or(std::slice::from_ref(found));
        for (index, item) in items.iter().enumerate() {
            let path = path.attr(name).index(index as i64);
            read_only(&nested.block, item, &path, problems);
        }
    }
}

/// What is wrong with a configuration. Its numbers are whole.
pub(crate) fn run(checks: &[Check], schema: &Block, config: &Value) -> Vec<Problem> {
    let mut run = Run { schema, config, stopped: Vec::new(), problems: Vec::new() };
    // What does not go together with others is not looked at any further.
    let (groups, values): (Vec<_>, Vec<_>) =
        checks.iter().partition(|check| check.rule.is_of_group());
    for check in groups.into_iter().chain(values) {
        run.check(check);
    }
    run.numbers(config, &Place::ROOT);
    run.problems
}

/// What must be set in a configuration and is null.
pub(crate) fn required(schema: &Block, config: &Value) -> Vec<Problem> {
    let mut run = Run { schema, config, stopped: Vec::new(), problems: Vec::new() };
    run.required(schema, config, &Place::ROOT);
    run.problems
}

impl Rule {
    /// Whether it is about several arguments.
    fn is_of_group(self) -> bool {
        use Rule::{AtLeastOne, Conflicts, ExactlyOne, Together};
        matches!(self, Conflicts(_) | Together(_) | ExactlyOne(_) | AtLeastOne(_))
    }
}

/// A number as Go prints those of 64 bits.
fn float(number: &Number) -> String {
    let found: f64 = number.to_string().parse().unwrap_or(f64::INFINITY);
    if found.is_infinite() {
        return if found > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    if (1e-4..1e21).contains(&found.abs()) {
        return found.to_string();
    }
    let text = format!("{found:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

struct Run<'c> {
    schema: &'c Block,
    config: &'c Value,
    /// Arguments that do not go together with others.
    stopped: Vec<String>,
    problems: Vec<Problem>,
}

/// An argument in a configuration.
struct Place {
    /// Its name with the blocks around it and their numbers: `default_action.0.order`.
    key: String,
    /// Where it is. Elements of sets have no place: their set stands for them.
    path: Path,
    /// Whether it is in a set.
    cut: bool,
}

impl Place {
    const ROOT: Self = Self { key: String::new(), path: Path(Vec::new()), cut: false };

    fn attribute(&self, name: &str) -> Self {
        let path = if self.cut { self.path.clone() } else { self.path.attr(name) };
        let dot = if self.key.is_empty() { "" } else { "." };
        Self { key: format!("{}{dot}{name}", self.key), path, cut: self.cut }
    }

    fn element(&self, at: usize, of_set: bool) -> Self {
        let cut = self.cut || of_set;
        let path = if cut { self.path.clone() } else { self.path.index(at as i64) };
        Self { key: format!("{}.{at}", self.key), path, cut }
    }
}

impl Run<'_> {
    fn check(&mut self, check: &Check) {
        let own = [check.argument];
        let arguments = match check.rule {
            Rule::ExactlyOne(of) => of,
            _ => &own,
        };
        for argument in arguments {
            let check = Check { argument, ..*check };
            self.inside(&check, argument, self.config, &Place::ROOT);
        }
    }

    /// Finds the argument in an object, through all blocks around it.
    fn inside(&mut self, check: &Check, argument: &str, object: &Value, place: &Place) {
        let (name, rest) = match argument.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (argument, None),
        };
        let place = place.attribute(name);
        let value = object.get(name);
        let Some(rest) = rest else {
            self.argument(check, value, &place);
            return;
        };
        // As long as anything in a block is not known, nothing in it is checked.
        let Some(value) = value.filter(|value| value.is_wholly_known()) else { return };
        for (at, element) in value.as_sequence().into_iter().flatten().enumerate() {
            let of_set = matches!(value.data(), Data::Set(..));
            self.inside(check, rest, element, &place.element(at, of_set));
        }
    }

    fn argument(&mut self, check: &Check, value: Option<&Value>, place: &Place) {
        let own = check.argument;
        let set = value.is_some_and(|value| self.is_set(own, value));
        match check.rule {
            Rule::ExactlyOne(of) => {
                let known = |name: &&&str| self.found(name).is_some_and(Value::is_wholly_known);
                let given: Vec<&str> = of.iter().filter(known).copied().collect();
                let open = of.iter().any(|name| self.found(name).is_some());
                let detail = match given.as_slice() {
                    [] if !open => format!("one of {} must be specified", names(of)),
                    [_, _, ..] => format!(
                        "only one of {} can be specified, but {} were specified.",
                        names(of),
                        names(&given)
                    ),
                    _ => return,
                };
                self.tell(COMBINATION, place, &detail);
            }
            Rule::AtLeastOne(others) => {
                let other = others.iter().copied().filter(|other| *other != own);
                let all: Vec<&str> = other.chain([own]).collect();
                if !all.iter().any(|name| self.found(name).is_some()) {
                    self.tell(MISSING, place, &format!("one of {} must be specified", names(&all)));
                }
            }
            Rule::Needed if !set => self.missing(place),
            _ if !set => {}
            Rule::Together(others) => {
                if others.iter().any(|name| self.found(name).is_none()) {
                    let all: Vec<&str> = others.iter().copied().chain([own]).collect();
                    self.tell(MISSING, place, &format!("all of {} must be specified", names(&all)));
                }
            }
            _ if value.is_some_and(|value| !value.is_wholly_known()) => {}
            _ if self.is_stopped(&place.key) => {}
            Rule::Conflicts(others) => {
                let known = |name: &&&str| self.found(name).is_some_and(Value::is_known);
                if let Some(other) = others.iter().find(known) {
                    self.tell(CONFLICT, place, &format!("conflicts with {other}"));
                }
            }
            Rule::Fewest(limit) | Rule::Most(limit) => {
                let found = value.and_then(Value::as_sequence).map_or(0, <[Value]>::len);
                let (summary, wrong) = match check.rule {
                    Rule::Fewest(_) if found < limit => (
                        "Not enough list items",
                        format!("requires {limit} item minimum, but config has only {found}"),
                    ),
                    Rule::Most(_) if found > limit => (
                        "Too many list items",
                        format!("supports {limit} item maximum, but config has {found}"),
                    ),
                    _ => return,
                };
                let detail = format!("Attribute {} {wrong} declared.", place.key);
                self.problems.push(Problem::error(summary, detail).at(place.path.clone()));
            }
            rule => {
                let Some(value) = value else { return };
                let Some(elements) = value.as_sequence() else {
                    self.value(rule, value, place);
                    return;
                };
                for (at, element) in elements.iter().enumerate() {
                    self.value(
                        rule,
                        element,
                        &place.element(at, matches!(value.data(), Data::Set(..))),
                    );
                }
            }
        }
    }

    fn value(&mut self, rule: Rule, value: &Value, place: &Place) {
        let key = &place.key;
        let complaints = match (rule, value.as_str(), value.as_i64()) {
            (Rule::OneOf { choices, full, exact }, Some(text), _) => {
                let same = |choice: &&str| match exact {
                    true => *choice == text,
                    false => choice.eq_ignore_ascii_case(text),
                };
                if choices.iter().any(same) {
                    return;
                }
                let quoted: Vec<String> =
                    choices.iter().map(|choice| format!("{choice:?}")).collect();
                let name = if full { key } else { name_of(key) };
                // An element of a set has no number that would say anything.
                let of_set = |name: &&str| {
                    !full && place.cut && name.ends_with(|last: char| last.is_ascii_digit())
                };
                let name = Some(name)
                    .filter(of_set)
                    .and_then(|name| name.rsplit_once('.'))
                    .map_or(name, |(name, _)| name);
                vec![format!("expected {name} to be one of [{}], got {text}", quoted.join(" "))]
            }
            (Rule::OneOfNumbers(choices), _, Some(number)) if !choices.contains(&number) => {
                let choices: Vec<String> = choices.iter().map(i64::to_string).collect();
                vec![format!("expected {key} to be one of [{}], got {number}", choices.join(" "))]
            }
            (Rule::Range(least, most), _, Some(number)) if !(least..=most).contains(&number) => {
                vec![format!("expected {key} to be in the range ({least} - {most}), got {number}")]
            }
            (Rule::AtLeast(least), _, Some(number)) if number < least => {
                vec![format!("expected {key} to be at least ({least}), got {number}")]
            }
            (Rule::Length(least, most), Some(text), _) if !(least..=most).contains(&text.len()) => {
                let range = format!("({least} - {most})");
                vec![format!("expected length of {key} to be in the range {range}, got {text}")]
            }
            (Rule::Fits(complaints), Some(text), _) => complaints(key, text),
            (Rule::Counts(complaints), _, Some(number)) => complaints(key, number),
            _ => return,
        };
        let problems = complaints.into_iter().map(|problem| Problem::error(problem, ""));
        self.problems.extend(problems.map(|problem| problem.at(place.path.clone())));
    }

    /// What must be set and is null.
    fn required(&mut self, schema: &Block, object: &Value, place: &Place) {
        for (name, attribute) in &schema.attributes {
            if attribute.required && object.get(name).is_some_and(Value::is_null) {
                self.missing(&place.attribute(name));
            }
        }
        for (name, nested) in &schema.blocks {
            let found = object.get(name).filter(|found| found.is_wholly_known());
            let place = place.attribute(name);
            for (at, item) in found.and_then(Value::as_sequence).into_iter().flatten().enumerate() {
                let place = place.element(at, nested.nesting == Nesting::Set);
                self.required(&nested.block, item, &place);
            }
        }
    }

    /// Numbers that are not whole, or too large to be counted with.
    fn numbers(&mut self, value: &Value, place: &Place) {
        match value.data() {
            Data::Number(number) if number.to_i64().is_none() => {
                let problem = format!("Attribute must be a whole number, got {}", float(number));
                self.problems.push(Problem::error(problem, "").at(place.path.clone()));
            }
            Data::Object(attributes) => {
                for (name, value) in attributes.iter().filter(|(_, value)| value.is_wholly_known())
                {
                    let place = place.attribute(name);
                    if !self.is_stopped(&place.key) {
                        self.numbers(value, &place);
                    }
                }
            }
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                for (at, item) in items.iter().enumerate() {
                    let of_set = matches!(value.data(), Data::Set(..));
                    self.numbers(item, &place.element(at, of_set));
                }
            }
            _ => {}
        }
    }

    fn missing(&mut self, place: &Place) {
        let detail =
            format!("The argument {:?} is required, but no definition was found.", place.key);
        self.problems.push(Problem::error(MISSING, detail).at(place.path.clone()));
    }

    /// Whether an argument, or a block around it, does not go together with others.
    fn is_stopped(&self, key: &str) -> bool {
        self.stopped.iter().any(|stopped| {
            key.strip_prefix(stopped.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn tell(&mut self, summary: &'static str, place: &Place, detail: &str) {
        let detail = format!("{:?}: {detail}", place.key);
        self.problems.push(Problem::error(summary, detail).at(place.path.clone()));
        self.stopped.push(place.key.clone());
    }

    /// The argument of a name, if it is set: in the first of the blocks around it.
    fn found(&self, name: &str) -> Option<&Value> {
        let mut value = self.config;
        for (at, part) in name.split('.').enumerate() {
            if at > 0 {
                value = value.as_sequence()?.first()?;
            }
            value = value.get(part)?;
        }
        self.is_set(name, value).then_some(value)
    }

    /// Whether an argument is set: blocks of which there are none are not.
    fn is_set(&self, name: &str, value: &Value) -> bool {
        let none = value.as_sequence().is_some_and(<[Value]>::is_empty);
        !value.is_null() && (!none || !self.is_block(name))
    }

    fn is_block(&self, name: &str) -> bool {
        let mut schema = Some(self.schema);
        let mut parts = name.split('.');
        while let (Some(inside), Some(part)) = (schema, parts.next()) {
            schema = inside.blocks.get(part).map(|nested| &nested.block);
        }
        schema.is_some()
    }
}

/// The last part of a name that is no number, and what follows it.
fn name_of(key: &str) -> &str {
    let is_name = |at: &usize| !key[*at + 1..].starts_with(|first: char| first.is_ascii_digit());
    let dot = key.match_indices('.').map(|(at, _)| at).rfind(is_name);
    dot.map_or(key, |at| &key[at + 1..])
}

/// Names as messages have them: sorted, and with the numbers of the blocks around them.
fn names(names: &[&str]) -> String {
    let mut names: Vec<String> = names.iter().map(|name| name.replace('.', ".0.")).collect();
    names.sort_unstable();
    format!("`{}`", names.join(","))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use infra_value::Type;

    use super::*;

    fn found(checks: &[Check], attributes: Vec<(&str, Value)>) -> Vec<String> {
        let schema = Block::new(BTreeMap::new(), BTreeMap::new());
        let problems = run(checks, &schema, &Value::object(attributes));
        problems
            .into_iter()
            .map(|problem| format!("{}|{}", problem.summary, problem.detail))
            .collect()
    }

    #[test]
    fn a_value_that_is_none_of_the_choices_is_told_with_all_of_them() {
        let checks = [one_of("mode", &["on", "off"]), range("rule.order", 1, 9)];
        let rule = Value::list(Type::Any, vec![Value::object([("order", 0.into())])]);
        assert_eq!(
            found(&checks, vec![("mode", "odd".into()), ("rule", rule)]),
            [
                "expected mode to be one of [\"on\" \"off\"], got odd|",
                "expected rule.0.order to be in the range (1 - 9), got 0|"
            ]
        );
        assert!(found(&[checks[0].any_case()], vec![("mode", "ON".into())]).is_empty());
    }

    #[test]
    fn what_conflicts_is_not_looked_at_any_further() {
        let checks = [length("name", 1, 3), conflicts("name", &["prefix"])];
        let name = || ("name", Value::from("long name"));
        assert_eq!(
            found(&checks, vec![name(), ("prefix", "x".into())]),
            ["Conflicting configuration arguments|\"name\": conflicts with prefix"]
        );
        let unknown = Value::unknown(Type::String);
        assert_eq!(found(&checks, vec![name(), ("prefix", unknown)]).len(), 1);
    }

    #[test]
    fn what_is_not_known_is_not_checked_but_counts_as_set() {
        let checks = [one_of("a", &["x"]), exactly_one(&["a", "b"]), together("a", &["c"])];
        assert_eq!(
            found(&checks, vec![("a", Value::unknown(Type::String))]),
            ["Missing required argument|\"a\": all of `a,c` must be specified"]
        );
        assert_eq!(found(&checks, vec![]).len(), 2);
    }

    #[test]
    fn numbers_are_whole() {
        let number = |text| Value::from(Number::parse(text).unwrap());
        assert_eq!(
            found(&[], vec![("a", number("1.5")), ("b", number("1e30")), ("c", number("12"))]),
            [
                "Attribute must be a whole number, got 1.5|",
                "Attribute must be a whole number, got 1e+30|"
            ]
        );
    }
}
