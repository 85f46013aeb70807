//! Time and identity.

use infra_value::{Refinement, Type, Value};

use super::function::{Function, FunctionError, Param};
use super::string::text;

const STRING: fn() -> Type = || Type::String;

pub(super) const ALL: &[Function] = &[
    Function::world(
        "plantimestamp",
        "When the plan was made, in RFC 3339.",
        &[],
        STRING,
        |env, _| Ok(env.plan_time.as_str().into()),
    ),
    Function::pure(
        "timeadd",
        "A time after another: `timeadd(\"2024-01-01T00:00:00Z\", \"1h\")`.",
        &[Param::string("timestamp"), Param::string("duration")],
        STRING,
        |a| {
            let time = timestamp(text(&a[0]), 0)?;
            let moved = time
                .checked_add(duration(text(&a[1]))?)
                .map_err(|error| FunctionError::new(error.to_string()))?;
            Ok(moved.to_string().into())
        },
    ),
    Function::pure(
        "timecmp",
        "Which of two times is earlier: -1, 0 or 1.",
        &[Param::string("timestamp_a"), Param::string("timestamp_b")],
        || Type::Number,
        |a| Ok((timestamp(text(&a[0]), 0)?.cmp(&timestamp(text(&a[1]), 1)?) as i64).into()),
    ),
    Function::world(
        "timestamp",
        "The time now, in RFC 3339; known only during apply.",
        &[],
        STRING,
        |env, _| {
            Ok(env
                .now
                .as_deref()
                .map_or_else(|| Value::refined(Type::String, Refinement::not_null()), Value::from))
        },
    ),
    Function::world(
        "uuid",
        "A new random identifier; known only during apply.",
        &[],
        STRING,
        |env, _| {
            Ok(match env.now {
                Some(_) => uuid::Uuid::new_v4().to_string().into(),
                None => Value::refined(Type::String, Refinement::not_null()),
            })
        },
    ),
];

fn timestamp(given: &str, argument: usize) -> Result<jiff::Timestamp, FunctionError> {
    given.parse().map_err(|_| {
        FunctionError::at(
            argument,
            format!("not a valid RFC3339 timestamp: cannot use \"{given}\" as a time"),
        )
    })
}

/// A duration as Go reads it: `1h30m`, `-5s`, `1.5h`.
fn duration(given: &str) -> Result<jiff::SignedDuration, FunctionError> {
    let wrong = || FunctionError::at(1, format!("time: invalid duration \"{given}\""));
    let (negative, mut rest) = match given.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, given.strip_prefix('+').unwrap_or(given)),
    };
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut nanoseconds = 0.0_f64;
    while !rest.is_empty() && rest != "0" {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        nanoseconds += number
            * match &rest[..unit] {
                "ns" => 1.0,
                "us" | "µs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 60e9,
                "h" => 3600e9,
                _ => return Err(wrong()),
            };
        rest = &rest[unit..];
    }
    let nanoseconds = if negative { -nanoseconds } else { nanoseconds };
    Ok(jiff::SignedDuration::from_nanos(nanoseconds as i64))
}
