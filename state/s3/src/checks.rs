//! What can be said of the arguments before any call is made.

use infra_value::Value;

use crate::settings::{flag, text};

/// Something wrong with the arguments, under Terraform's title.
pub struct Problem {
    /// The argument of the block that is to be changed, if it is one alone.
    pub argument: Option<&'static str>,
    /// The title.
    pub summary: &'static str,
    /// What is wrong, and what to write instead.
    pub detail: String,
    /// Nothing but advice.
    pub is_warning: bool,
}

/// Arguments of which one at most may be set.
const ALTERNATIVES: [[&str; 2]; 3] = [
    ["kms_key_id", "sse_customer_key"],
    ["force_path_style", "use_path_style"],
    ["allowed_account_ids", "forbidden_account_ids"],
];

/// Arguments that others have taken the place of.
const FORMER: [(&str, &str); 2] = [
    ("force_path_style", "use_path_style"),
    ("shared_credentials_file", "shared_credentials_files"),
];

/// What is wrong with the arguments of the backend `s3`, in the order of their names.
#[must_use]
pub fn problems(config: &Value) -> Vec<Problem> {
    let mut found = Vec::new();
    let set = |name: &str| config.get(name).is_some_and(|value| !value.is_null());
    for (former, now) in FORMER.into_iter().filter(|(former, _)| set(former)) {
        let detail = format!("The argument \"{former}\" is deprecated. Use \"{now}\" instead.");
        found.push(Problem { is_warning: true, ..wrong(former, "Deprecated Parameter", detail) });
    }
    for names in ALTERNATIVES.into_iter().filter(|names| names.iter().all(|name| set(name))) {
        let detail = format!("Only one of {} can be set.", names.join(", "));
        found.push(Problem {
            argument: None,
            ..wrong(names[0], "Invalid Attribute Combination", detail)
        });
    }
    for name in ["bucket", "key", "workspace_key_prefix"] {
        let value = config.get(name).and_then(Value::as_str);
        found.extend(value.and_then(|value| path(name, value)));
    }
    found.extend(text(config, "kms_key_id").and_then(kms_key));
    found.extend(
        text(config, "region").filter(|_| !flag(config, "skip_region_validation")).and_then(region),
    );
    found.extend(text(config, "retry_mode").and_then(retry_mode));
    found.extend(text(config, "sse_customer_key").and_then(customer_key));
    for name in ["assume_role", "assume_role_with_web_identity"] {
        let role = config.get(name).filter(|role| !role.is_null());
        found.extend(role.and_then(|role| self::role(name, role)));
    }
    found
}

fn wrong(argument: &'static str, summary: &'static str, detail: String) -> Problem {
    Problem { argument: Some(argument), summary, detail, is_warning: false }
}

/// Names and keys are parts of paths, between slashes.
fn path(name: &'static str, value: &str) -> Option<Problem> {
    let problem = if value.trim().is_empty() && name != "workspace_key_prefix" {
        "must not be empty"
    } else if name != "bucket" && (value.starts_with('/') || value.ends_with('/')) {
        "must not start or end with \"/\""
    } else if name == "key" && value.contains("//") {
        "must not contain \"//\""
    } else {
        return None;
    };
    Some(wrong(name, "Invalid Value", format!("The argument \"{name}\" {problem}.")))
}

/// A key is named by its ID, its alias, or the ARN of either.
fn kms_key(id: &str) -> Option<Problem> {
    let named = match id.split_once(":kms:") {
        Some((_, rest)) if id.starts_with("arn:") => rest.splitn(3, ':').nth(2).unwrap_or_default(),
        _ if id.starts_with("arn:") => "",
        _ => id,
    };
    let named = named.strip_prefix("key/").unwrap_or(named);
    let named = named.strip_prefix("mrk-").unwrap_or(named);
    let hex = named.len() >= 32 && named.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let alias = named.strip_prefix("alias/").is_some_and(|alias| !alias.is_empty());
    let (summary, what) = match id.starts_with("arn:") {
        true => ("Invalid KMS Key ARN", "ARN"),
        false => ("Invalid KMS Key ID", "ID"),
    };
    let detail = format!("\"{id}\" is not the {what} of a KMS key.");
    (!hex && !alias).then(|| wrong("kms_key_id", summary, detail))
}

/// Names of regions are words and a number, such as `eu-central-1`.
fn region(name: &str) -> Option<Problem> {
    let parts: Vec<&str> = name.split('-').collect();
    let is_region = parts.len() >= 3
        && parts.iter().rev().enumerate().all(|(position, part)| match position {
            0 => !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()),
            _ => part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase()),
        });
    let detail = format!(
        "\"{name}\" is not the name of an AWS region, such as eu-central-1. If it is the name of something like one, set \
         skip_region_validation."
    );
    (!is_region).then(|| wrong("region", "Invalid region value", detail))
}

fn retry_mode(mode: &str) -> Option<Problem> {
    let detail = format!("The retry_mode is \"standard\" or \"adaptive\", not \"{mode}\".");
    (!matches!(mode, "standard" | "adaptive")).then(|| wrong("retry_mode", "Invalid Value", detail))
}

/// The key itself is never part of the message.
fn customer_key(key: &str) -> Option<Problem> {
    let detail = "The sse_customer_key must be 32 bytes in Base64, that is 44 characters.";
    let is_key = crate::store::customer_key(key).is_some();
    (!is_key)
        .then(|| wrong("sse_customer_key", "Invalid sse_customer_key value", detail.to_owned()))
}

/// A role of `assume_role` or `assume_role_with_web_identity`.
fn role(argument: &'static str, role: &Value) -> Option<Problem> {
    let Some(arn) = text(role, "role_arn") else {
        let detail = format!(
            "Inappropriate value for attribute \"{argument}\": attribute \"role_arn\" is required."
        );
        return Some(wrong(argument, "Incorrect attribute value type", detail));
    };
    if !(arn.starts_with("arn:") && arn.splitn(6, ':').count() == 6) {
        let detail = format!("{argument}: the role_arn \"{arn}\" is not an ARN.");
        return Some(wrong(argument, "Invalid ARN", detail));
    }
    let duration = text(role, "duration")?;
    let detail = format!(
        "{argument}: the duration \"{duration}\" is not one such as 15m or 1h, of 15 minutes to 12 hours."
    );
    crate::role::seconds(duration).is_none().then(|| wrong(argument, "Invalid Duration", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The titles of what is wrong with arguments that are strings.
    fn titles(arguments: &[(&str, &str)]) -> Vec<&'static str> {
        let arguments = arguments.iter().map(|(name, value)| (*name, (*value).into()));
        problems(&Value::object(arguments)).iter().map(|problem| problem.summary).collect()
    }

    #[test]
    fn right_arguments_have_no_problems() {
        let arn = "arn:aws:kms:us-east-1:123456789012:key/2f1e5b66-75cb-4b31-a4f7-0f2b4bd2cd11";
        for id in [
            arn,
            "2f1e5b66-75cb-4b31-a4f7-0f2b4bd2cd11",
            "alias/states",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
        ] {
            let found = titles(&[
                ("bucket", "b"),
                ("key", "a/b"),
                ("region", "us-gov-west-1"),
                ("kms_key_id", id),
            ]);
            assert!(found.is_empty(), "{id}: {found:?}");
        }
    }

    #[test]
    fn each_wrong_argument_is_told() {
        let found = titles(&[
            ("bucket", " "),
            ("key", "/a"),
            ("workspace_key_prefix", "a/"),
            ("region", "mars"),
            ("kms_key_id", "x"),
            ("sse_customer_key", "short"),
            ("retry_mode", "slow"),
        ]);
        assert_eq!(
            found,
            [
                "Invalid Attribute Combination",
                "Invalid Value",
                "Invalid Value",
                "Invalid Value",
                "Invalid KMS Key ID",
                "Invalid region value",
                "Invalid Value",
                "Invalid sse_customer_key value",
            ]
        );
    }
}
