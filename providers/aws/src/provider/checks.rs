//! What the arguments of the provider block must be.

use infra_provider_sdk::field::duration;

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
    match duration(text) {
        Ok(found) if (15 * 60..=12 * 3600).contains(&found.as_secs()) => Vec::new(),
        Ok(_) => vec![format!(
            "duration {name:?} must be between 15 minutes (15m) and 12 hours (12h), inclusive"
        )],
        Err(problem) => vec![format!("{name:?} cannot be parsed as a duration: {problem}")],
    }
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
