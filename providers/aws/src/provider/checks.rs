//! What the arguments of the provider block must be.

use crate::prelude::*;
use crate::shapes::{arn, json};

/// Beyond what the schema says.
pub(super) const CHECKS: &[Check] = &[
    conflicts("allowed_account_ids", &["forbidden_account_ids"]),
    conflicts("forbidden_account_ids", &["allowed_account_ids"]),
    exactly_one(&[
        "assume_role_with_web_identity.web_identity_token",
        "assume_role_with_web_identity.web_identity_token_file",
    ]),
    most("default_tags", 1),
    most("ignore_tags", 1),
    fits("assume_role.duration", session),
    length("assume_role.external_id", 2, 1224),
    fits("assume_role.policy", json),
    fits("assume_role.policy_arns", arn),
    fits("assume_role.role_arn", arn),
    length("assume_role.session_name", 2, 64),
    length("assume_role.source_identity", 2, 64),
    fits("assume_role_with_web_identity.duration", session),
    fits("assume_role_with_web_identity.policy", json),
    fits("assume_role_with_web_identity.policy_arns", arn),
    fits("assume_role_with_web_identity.role_arn", arn),
    length("assume_role_with_web_identity.session_name", 2, 64),
    length("assume_role_with_web_identity.web_identity_token", 4, 20_000),
    fits("skip_metadata_api_check", truth),
];

/// How long the credentials of a role last, as Go writes durations: from `15m` to `12h`.
fn session(name: &str, text: &str) -> Vec<String> {
    let minutes = match minutes(text) {
        Ok(minutes) => minutes,
        Err(problem) => return vec![format!("{name:?} cannot be parsed as a duration: {problem}")],
    };
    if (15.0..=720.0).contains(&minutes) {
        return Vec::new();
    }
    vec![format!(
        "duration {name:?} must be between 15 minutes (15m) and 12 hours (12h), inclusive"
    )]
}

/// A duration such as `1h30m`.
pub(super) fn minutes(text: &str) -> std::result::Result<f64, String> {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let mut all = 0.0;
    if rest.is_empty() {
        return Err(format!("time: invalid duration {text:?}"));
    }
    while !rest.is_empty() && rest != "0" {
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let (number, after) = rest.split_at(rest.find(|c| !is_digit(c)).unwrap_or(rest.len()));
        let number: f64 = number.parse().map_err(|_| format!("time: invalid duration {text:?}"))?;
        let (unit, after) = after.split_at(after.find(is_digit).unwrap_or(after.len()));
        all += number
            * match unit {
                "h" => 60.0,
                "m" => 1.0,
                "s" => 1.0 / 60.0,
                "ms" => 1.0 / 60e3,
                "us" | "µs" | "μs" => 1.0 / 60e6,
                "ns" => 1.0 / 60e9,
                "" => return Err(format!("time: missing unit in duration {text:?}")),
                unit => return Err(format!("time: unknown unit {unit:?} in duration {text:?}")),
            };
        rest = after;
    }
    Ok(sign * all)
}

/// A truth value as Go reads one.
fn truth(name: &str, text: &str) -> Vec<String> {
    let known = ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    if text.is_empty() || known.contains(&text) {
        return Vec::new();
    }
    vec![format!(
        "{name}: cannot parse '{text}' as boolean: strconv.ParseBool: parsing {text:?}: invalid syntax"
    )]
}
