//! What is wrong with arguments that no call would take, told before anything is planned.

use std::net::Ipv4Addr;

use infra_provider::{Kind, Problem};
use infra_value::{Path, Value};

/// Arguments that have one of a few values.
const CHOICES: [(&str, &str, &[&str]); 5] = [
    ("aws_dynamodb_table", "billing_mode", &["PROVISIONED", "PAY_PER_REQUEST"]),
    ("aws_lb", "load_balancer_type", &["application", "gateway", "network"]),
    ("aws_lb_target_group", "target_type", &["instance", "ip", "lambda", "alb"]),
    ("aws_security_group_rule", "type", &["ingress", "egress"]),
    ("aws_vpc", "instance_tenancy", &["default", "dedicated"]),
];

/// Arguments of which only one may be set.
const ALTERNATIVES: [(&str, &str, &str); 7] = [
    ("aws_db_instance", "identifier", "identifier_prefix"),
    ("aws_db_subnet_group", "name", "name_prefix"),
    ("aws_key_pair", "key_name", "key_name_prefix"),
    ("aws_lb", "name", "name_prefix"),
    ("aws_lb_target_group", "name", "name_prefix"),
    ("aws_s3_bucket", "bucket", "bucket_prefix"),
    ("aws_security_group", "name", "name_prefix"),
];

/// Arguments that are a range of IPv4 addresses, and how long its prefix may be.
const RANGES: [(&str, &str, u8, u8); 2] =
    [("aws_subnet", "cidr_block", 0, 32), ("aws_vpc", "cidr_block", 16, 28)];

pub(crate) fn check(kind: Kind, type_name: &str, config: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    if kind != Kind::Managed {
        return problems;
    }
    let text = |name: &str| config.get(name).and_then(Value::as_str);
    let mut wrong = |summary: &'static str, name: &str, detail: String| {
        problems.push(Problem::error(summary, detail).at(Path::of(name)));
    };
    for (_, name, choices) in CHOICES.iter().filter(|(of, ..)| *of == type_name) {
        if let Some(found) = text(name).filter(|found| !choices.contains(found)) {
            let choices = choices.join(", ");
            let detail = format!("expected {name} to be one of {choices}, got {found}");
            wrong("Invalid argument value", name, detail);
        }
    }
    for (_, one, other) in ALTERNATIVES.iter().filter(|(of, ..)| *of == type_name) {
        // What is not known yet may turn out to be null.
        let set =
            |name: &str| config.get(name).is_some_and(|value| value.is_known() && !value.is_null());
        if set(one) && set(other) {
            let detail = format!("\"{one}\": conflicts with {other}");
            wrong("Conflicting configuration arguments", one, detail);
        }
    }
    for (_, name, least, most) in RANGES.iter().filter(|(of, ..)| *of == type_name) {
        let Some(found) = text(name).filter(|found| !found.is_empty()) else { continue };
        match prefix_of(found) {
            None => {
                let detail = format!("\"{found}\" is not a valid CIDR block");
                wrong("Invalid CIDR block", name, detail);
            }
            Some(length) if !(*least..=*most).contains(&length) => {
                let detail = format!(
                    "expected \"{name}\" to contain a network Value with between {least} and {most} significant bits, \
                     got: {length}"
                );
                wrong("Invalid CIDR block", name, detail);
            }
            Some(_) => {}
        }
    }
    problems
}

/// The length of the prefix of a range of IPv4 addresses.
fn prefix_of(range: &str) -> Option<u8> {
    let (address, length) = range.split_once('/')?;
    address.parse::<Ipv4Addr>().ok()?;
    length.parse().ok().filter(|length| *length <= 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(type_name: &str, arguments: &[(&str, &str)]) -> Vec<String> {
        let config = Value::object(
            arguments.iter().map(|(name, text)| (*name, Value::from(*text))).collect::<Vec<_>>(),
        );
        check(Kind::Managed, type_name, &config).into_iter().map(|found| found.detail).collect()
    }

    #[test]
    fn what_no_call_would_take_is_told() {
        assert_eq!(
            problems("aws_vpc", &[("cidr_block", "10.0.0.0/8"), ("instance_tenancy", "odd")]),
            [
                "expected instance_tenancy to be one of default, dedicated, got odd",
                "expected \"cidr_block\" to contain a network Value with between 16 and 28 significant bits, got: 8"
            ]
        );
        assert_eq!(
            problems("aws_s3_bucket", &[("bucket", "a"), ("bucket_prefix", "b")]),
            ["\"bucket\": conflicts with bucket_prefix"]
        );
        assert!(problems("aws_subnet", &[("cidr_block", "10.0.1.0/24")]).is_empty());
    }
}
