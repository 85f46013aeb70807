//! Shapes of texts and numbers, for the checks of resource types. The words are those of the provider hashicorp/aws.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Nothing is wrong if this holds.
fn unless(holds: bool, problem: impl FnOnce() -> String) -> Vec<String> {
    if holds { Vec::new() } else { vec![problem()] }
}

/// The problems of a list that are there.
fn all<const N: usize>(problems: [(bool, String); N]) -> Vec<String> {
    problems.into_iter().filter_map(|(wrong, problem)| wrong.then_some(problem)).collect()
}

/// An Amazon Resource Name, or nothing.
pub(crate) fn arn(name: &str, text: &str) -> Vec<String> {
    let partition = |text: &str| {
        let mut words = text.split('-');
        words.next() == Some("aws") && words.all(is_word)
    };
    let region = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |text: &&str| (1..=2).contains(&text.len()) && is_number(text);
        match parts.as_slice() {
            [first, words @ .., last] => {
                first.len() == 2
                    && is_word(first)
                    && !words.is_empty()
                    && number(last)
                    && words.iter().all(|word| is_word(word))
            }
            _ => false,
        }
    };
    let account = |text: &str| {
        let cloudwatch = text.len() == 12 && text.starts_with("cw");
        matches!(text, "aws" | "aws-managed" | "third-party" | "aws-marketplace")
            || is_account(text)
            || cloudwatch
    };
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let expecting = |what: &str, pattern: &str| {
        format!("invalid {what} value (expecting to match regular expression: {pattern})")
    };
    let problem = match parts.as_slice() {
        _ if text.is_empty() => return Vec::new(),
        _ if !text.starts_with("arn:") => "arn: invalid prefix".to_owned(),
        [_, "", _, _, _, _] => "missing partition value".to_owned(),
        [_, found, _, _, _, _] if !partition(found) => expecting("partition", "^aws(-[a-z]+)*$"),
        [_, _, _, found, _, _] if !found.is_empty() && !region(found) => {
            "invalid region value".to_owned()
        }
        [_, _, _, _, found, _] if !found.is_empty() && !account(found) => expecting(
            "account ID",
            r"^(aws|aws-managed|third-party|aws-marketplace|\d{12}|cw.{10})$",
        ),
        [_, _, _, _, _, ""] => "missing resource value".to_owned(),
        [_, _, _, _, _, _] => return Vec::new(),
        _ => "arn: not enough sections".to_owned(),
    };
    vec![format!("{name:?} ({text}) is an invalid ARN: {problem}")]
}

/// The number of an AWS account.
pub(crate) fn account(name: &str, text: &str) -> Vec<String> {
    unless(is_account(text), || {
        format!("{name:?} doesn't look like AWS Account ID (exactly 12 digits): {text:?}")
    })
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && is_number(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// An address and the length of its prefix.
fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = length.parse().ok().filter(|_| is_number(length))?;
    (length <= most).then_some((address, length))
}

/// The first address of a network.
fn first(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length)).unwrap_or(0);
            Ipv4Addr::from(u32::from(address) & mask).into()
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
            Ipv6Addr::from(u128::from(address) & mask).into()
        }
    }
}

fn block(text: &str, family: &str, fits: fn(&IpAddr) -> bool) -> Vec<String> {
    let Some((address, length)) = network(text) else {
        return vec![format!("{text:?} is not a valid CIDR block: invalid CIDR address: {text}")];
    };
    let first = first(address, length);
    if !fits(&address) {
        return vec![format!("{text:?} is not a valid {family} CIDR block")];
    }
    unless(first == address, || {
        let meant = format!("{first}/{length}");
        format!("{text:?} is not a valid {family} CIDR block; did you mean {meant:?}?")
    })
}

/// A range of IPv4 addresses.
pub(crate) fn ipv4_block(_: &str, text: &str) -> Vec<String> {
    block(text, "IPv4", IpAddr::is_ipv4)
}

/// A range of IPv6 addresses.
pub(crate) fn ipv6_block(_: &str, text: &str) -> Vec<String> {
    block(text, "IPv6", IpAddr::is_ipv6)
}

/// The range of IPv4 addresses of a network: not too large, not too small.
pub(crate) fn vpc_block(name: &str, text: &str) -> Vec<String> {
    let Some((address, length)) = network(text) else {
        let error = format!("invalid CIDR address: {text}");
        return vec![format!(
            "expected {name} to contain a valid Value, got: {text} with err: {error}"
        )];
    };
    let first = first(address, length);
    let network = format!(
        "expected {name} to contain a valid network Value, expected {first}/{length}, got {text}"
    );
    let bits = format!(
        "expected {name:?} to contain a network Value with between 16 and 28 significant bits, got: {length}"
    );
    all([(first != address, network), (!(16..=28).contains(&length), bits)])
}

/// An IPv4 address.
pub(crate) fn ipv4(name: &str, text: &str) -> Vec<String> {
    unless(text.parse::<Ipv4Addr>().is_ok(), || {
        format!("expected {name} to contain a valid IPv4 address, got: {text}")
    })
}

/// An IPv6 address.
pub(crate) fn ipv6(name: &str, text: &str) -> Vec<String> {
    unless(text.parse::<IpAddr>().is_ok(), || {
        format!("expected {name} to contain a valid IPv6 address, got: {text}")
    })
}

/// A number of a port.
pub(crate) fn port(name: &str, number: i64) -> Vec<String> {
    unless((1..=65_535).contains(&number), || {
        format!("expected {name:?} to be a valid port number, got: {number}")
    })
}

/// A number of a port, or that of the traffic.
pub(crate) fn port_or_traffic(name: &str, text: &str) -> Vec<String> {
    let port = text.parse().is_ok_and(|port: u32| (1..=65_536).contains(&port));
    unless(port || text == "traffic-port", || {
        format!("{name:?} must be a valid port number (1-65536) or \"traffic-port\"")
    })
}

/// A number that is not zero.
pub(crate) fn not_zero(name: &str, number: i64) -> Vec<String> {
    unless(number != 0, || format!("{name} must not be zero, got {number}"))
}

/// A text that is not empty.
pub(crate) fn not_empty(name: &str, text: &str) -> Vec<String> {
    unless(!text.is_empty(), || format!("{name} must not be empty, got {text}"))
}

/// A text of one character or more.
pub(crate) fn some_text(name: &str, text: &str) -> Vec<String> {
    unless(!text.is_empty(), || format!("{name:?} cannot be shorter than 1 character"))
}

/// A path of a URL.
pub(crate) fn path(name: &str, text: &str) -> Vec<String> {
    let short = format!("expected length of {name} to be in the range (1 - 1024), got {text}");
    let prefix = format!("expected {name} to have prefix /, got {text}");
    all([(!(1..=1024).contains(&text.len()), short), (!text.starts_with('/'), prefix)])
}

/// A text in the base of 64 characters.
pub(crate) fn base64(name: &str, text: &str) -> Vec<String> {
    let body = text.trim_end_matches('=');
    let fits = text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    unless(fits, || format!("{name:?} ({text:?}) must be base64-encoded"))
}

/// The name of a secret, or nothing.
pub(crate) fn secret(name: &str, text: &str) -> Vec<String> {
    secret_of(name, text, 512)
}

/// The beginning of the name of a secret.
pub(crate) fn prefix_of_secret(name: &str, text: &str) -> Vec<String> {
    secret_of(name, text, 512 - 26)
}

fn secret_of(name: &str, text: &str, most: usize) -> Vec<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
    all([
        (
            !text.chars().all(fits),
            format!(
                "only alphanumeric characters and /_+=.@- special characters are allowed in {name:?}"
            ),
        ),
        (
            !(1..=most).contains(&text.len()),
            format!("expected length of {name} to be in the range (1 - {most}), got {text}"),
        ),
    ])
}

/// How long a deleted secret can be had back.
pub(crate) fn recovery_days(name: &str, days: i64) -> Vec<String> {
    let wrong = days != 0 && !(7..=30).contains(&days);
    all([
        (wrong, format!("expected {name} to be one of [0], got {days}")),
        (wrong, format!("expected {name} to be in the range (7 - 30), got {days}")),
    ])
}

/// What is wrong with a character that continues `true`, `false` or `null`.
fn in_literal(before: &str, found: char) -> String {
    let begun =
        before.rsplit(|other: char| !other.is_ascii_alphabetic()).next().unwrap_or_default();
    let mut literals = ["true", "false", "null"].into_iter();
    let literal = literals.find(|literal| !begun.is_empty() && literal.starts_with(begun));
    let wanted = literal.and_then(|literal| literal.chars().nth(begun.len()));
    let expecting = literal.zip(wanted);
    expecting.map_or_else(
        || format!("invalid character '{found}' looking for beginning of value"),
        |(literal, wanted)| {
            format!("invalid character '{found}' in literal {literal} (expecting '{wanted}')")
        },
    )
}

/// A JSON text, or nothing.
pub(crate) fn json(name: &str, text: &str) -> Vec<String> {
    let parsed = serde_json::from_str::<serde::de::IgnoredAny>(text);
    let Some(error) = parsed.err().filter(|_| !text.is_empty()) else { return Vec::new() };
    let at = text.split_inclusive('\n').take(error.line() - 1).map(str::len).sum::<usize>();
    let found =
        text.get(at + error.column().saturating_sub(1)..).and_then(|rest| rest.chars().next());
    let said = error.to_string();
    let problem = match (found, error.classify()) {
        (None, _) | (_, serde_json::error::Category::Eof) => {
            "unexpected end of JSON input".to_owned()
        }
        (Some(found), _) if said.starts_with("expected ident") => {
            in_literal(&text[..at + error.column().saturating_sub(1)], found)
        }
        (Some(found), _) if said.starts_with("trailing characters") => {
            format!("invalid character '{found}' after top-level value")
        }
        (Some(found), _)
            if said.starts_with("key must be") || said.starts_with("trailing comma") =>
        {
            format!("invalid character '{found}' looking for beginning of object key string")
        }
        (Some(found), _) => format!("invalid character '{found}' looking for beginning of value"),
    };
    vec![format!("{name:?} contains an invalid JSON: {problem}")]
}

/// A moment as `2006-01-02T15:04:05Z`.
pub(crate) fn moment(_: &str, text: &str) -> Vec<String> {
    const FORM: &str = "2006-01-02T15:04:05Z07:00";
    let problem = match unread(text) {
        None => return Vec::new(),
        Some((rest, "")) => format!("parsing time {text:?}: {rest}"),
        Some((rest, part)) => {
            format!("parsing time {text:?} as {FORM:?}: cannot parse {rest:?} as {part:?}")
        }
    };
    vec![format!("must be in RFC3339 time format {FORM:?}. Example: {problem}")]
}

/// A moment as the lifecycles of buckets have it.
pub(crate) fn timestamp(_: &str, text: &str) -> Vec<String> {
    unless(unread(text).is_none(), || {
        format!("{text:?} cannot be parsed as RFC3339 Timestamp Format")
    })
}

/// What cannot be read of a moment, and as which part of it; with no part, what is out of its range.
fn unread(text: &str) -> Option<(String, &'static str)> {
    const PARTS: [(&str, &str); 11] = [
        ("2006", "year"),
        ("-", ""),
        ("01", "month"),
        ("-", ""),
        ("02", "day"),
        ("T", ""),
        ("15", "hour"),
        (":", ""),
        ("04", "minute"),
        (":", ""),
        ("05", "second"),
    ];
    let mut rest = text;
    for (part, name) in PARTS {
        let Some((found, after)) = rest.split_at_checked(part.len()) else {
            return Some((rest.to_owned(), part));
        };
        let fits = if name.is_empty() { found == part } else { is_number(found) };
        if !fits {
            return Some((rest.to_owned(), part));
        }
        let number: u32 = found.parse().unwrap_or(0);
        let range = match name {
            "month" => 1..=12,
            "day" => 1..=31,
            "hour" => 0..=23,
            "minute" | "second" => 0..=59,
            _ => 0..=9999,
        };
        if !name.is_empty() && !range.contains(&number) {
            return Some((format!("{name} out of range"), ""));
        }
        rest = after;
    }
    let fraction =
        rest.strip_prefix('.').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let zone = fraction.unwrap_or(rest);
    let hours = |text: &str| {
        text.split_once(':')
            .is_some_and(|(h, m)| h.len() == 2 && m.len() == 2 && is_number(h) && is_number(m))
    };
    let known = zone == "Z" || zone.strip_prefix(['+', '-']).is_some_and(hours);
    (!known).then(|| (zone.to_owned(), "Z07:00"))
}

fn is_clock(text: &str) -> bool {
    let Some((hours, minutes)) = text.split_once(':') else { return false };
    let below = |text: &str, limit: u32| {
        text.len() == 2 && is_number(text) && text.parse().is_ok_and(|number: u32| number < limit)
    };
    below(hours, 24) && below(minutes, 60)
}

/// A time of each day, or nothing.
pub(crate) fn daily(_: &str, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let fits = text.split_once('-').is_some_and(|(from, to)| is_clock(from) && is_clock(to));
    unless(fits || text.is_empty(), || {
        format!("({text}) must satisfy the format of \"hh24:mi-hh24:mi\"")
    })
}

/// A time of each week, or nothing.
pub(crate) fn weekly(_: &str, text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let moment = |text: &str| {
        text.split_once(':').is_some_and(|(day, clock)| {
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&day) && is_clock(clock)
        })
    };
    let fits = text.split_once('-').is_some_and(|(from, to)| moment(from) && moment(to));
    unless(fits || text.is_empty(), || {
        format!("({text}) must satisfy the format of \"ddd:hh24:mi-ddd:hh24:mi\"")
    })
}

fn begins(text: &str, fits: fn(&u8) -> bool) -> bool {
    text.as_bytes().first().is_some_and(fits)
}

fn of(text: &str, more: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
}

/// The identifier of a database.
pub(crate) fn identifier(name: &str, text: &str) -> Vec<String> {
    let mut problems = prefix_of_identifier(name, text);
    problems.extend(unless(!text.ends_with('-'), || format!("{name:?} cannot end with a hyphen")));
    problems
}

/// How the identifier of a database begins.
pub(crate) fn prefix_of_identifier(name: &str, text: &str) -> Vec<String> {
    let small = !text.is_empty() && of(text, "-") && text.to_lowercase() == text;
    all([
        (!small, format!("only lowercase alphanumeric characters and hyphens allowed in {name:?}")),
        (
            !begins(text, u8::is_ascii_lowercase),
            format!("first character of {name:?} must be a letter"),
        ),
        (text.contains("--"), format!("{name:?} cannot contain two consecutive hyphens")),
    ])
}

/// The name of the last snapshot of a database.
pub(crate) fn snapshot(name: &str, text: &str) -> Vec<String> {
    let invalid = |why: &str| format!("invalid value for {name} ({why})");
    all([
        (!begins(text, u8::is_ascii_alphabetic), invalid("must begin with alphabetic character")),
        (!of(text, "-"), invalid("must only contain alphanumeric characters and hyphens")),
        (text.contains("--"), invalid("cannot contain two consecutive hyphens")),
        (text.ends_with('-'), invalid("cannot end in a hyphen")),
    ])
}

/// An instance profile of custom databases.
pub(crate) fn custom_profile(name: &str, text: &str) -> Vec<String> {
    unless(text.starts_with("AWSRDSCustom"), || {
        format!("invalid value for {name} (must begin with AWSRDSCustom)")
    })
}

/// Days for which insights into a database are kept.
pub(crate) fn insight_days(name: &str, days: i64) -> Vec<String> {
    match days {
        7 | 731 => Vec::new(),
        _ if days % 31 == 0 => Vec::new(),
        _ => vec![
            format!("expected {name} to be one of [7 731], got {days}"),
            format!("expected {name} to be divisible by 31, got: {days}"),
        ],
    }
}

fn group(name: &str, text: &str, most: usize) -> Vec<String> {
    let small = !text.is_empty() && of(text, "-_. ") && text.to_lowercase() == text;
    all([
        (
            !small,
            format!(
                "only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in {name:?}"
            ),
        ),
        (text.len() > most, format!("{name:?} cannot be longer than {most} characters")),
    ])
}

/// The name of a group of subnets.
pub(crate) fn subnet_group(name: &str, text: &str) -> Vec<String> {
    let mut problems = group(name, text, 255);
    problems.extend(unless(!text.eq_ignore_ascii_case("default"), || {
        format!("\"Default\" is not allowed as {name:?}")
    }));
    problems
}

/// How the name of a group of subnets begins.
pub(crate) fn prefix_of_subnet_group(name: &str, text: &str) -> Vec<String> {
    group(name, text, 229)
}

/// The name of a load balancer, or nothing.
pub(crate) fn load_balancer(name: &str, text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    all([
        (
            !of(text, "-"),
            format!("only alphanumeric characters and hyphens allowed in {name:?}: {text:?}"),
        ),
        (text.len() > 32, format!("{name:?} cannot be longer than 32 characters: {text:?}")),
        (text.starts_with('-'), format!("{name:?} cannot begin with a hyphen: {text:?}")),
        (text.ends_with('-'), format!("{name:?} cannot end with a hyphen: {text:?}")),
        (
            text.starts_with("internal-"),
            format!("{name:?} cannot begin with \"internal-\": {text:?}"),
        ),
    ])
}

/// How the name of a load balancer begins.
pub(crate) fn prefix_of_load_balancer(name: &str, text: &str) -> Vec<String> {
    let fits = !text.is_empty() && of(text, "-");
    all([
        (!fits, format!("only alphanumeric characters and hyphens allowed in {name:?}: {text:?}")),
        (text.len() > 6, format!("{name:?} cannot be longer than 6 characters: {text:?}")),
        (text.starts_with('-'), format!("{name:?} cannot begin with a hyphen: {text:?}")),
    ])
}

/// The name of a target group.
pub(crate) fn target_group(name: &str, text: &str) -> Vec<String> {
    let mut problems = within_target_group(name, text, 32);
    problems.extend(unless(!text.ends_with('-'), || format!("{name:?} cannot end with a hyphen")));
    problems
}

/// How the name of a target group begins.
pub(crate) fn prefix_of_target_group(name: &str, text: &str) -> Vec<String> {
    within_target_group(name, text, 6)
}

fn within_target_group(name: &str, text: &str, most: usize) -> Vec<String> {
    let fits = !text.is_empty() && of(text, "-");
    all([
        (!fits, format!("only alphanumeric characters and hyphens allowed in {name:?}")),
        (text.len() > most, format!("{name:?} cannot be longer than {most} characters")),
        (text.starts_with('-'), format!("{name:?} cannot begin with a hyphen")),
    ])
}

/// Seconds for which a target is still sent requests.
pub(crate) fn delay(name: &str, text: &str) -> Vec<String> {
    match text.parse::<i64>() {
        _ if text.is_empty() => Vec::new(),
        Ok(seconds) if (0..=3600).contains(&seconds) => Vec::new(),
        Ok(seconds) => {
            vec![format!("expected {name} to be at between (0) and (3600), got {seconds}")]
        }
        Err(_) => {
            let error = format!("strconv.ParseInt: parsing {text:?}: invalid syntax");
            vec![format!("{name}: cannot parse '{text}' as int: {error}")]
        }
    }
}

/// A text that is true or false, or nothing.
pub(crate) fn truth(name: &str, text: &str) -> Vec<String> {
    let known =
        ["", "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    unless(known.contains(&text), || {
        let error = format!("strconv.ParseBool: parsing {text:?}: invalid syntax");
        format!("{name}: cannot parse '{text}' as boolean: {error}")
    })
}

/// Seconds in which a target gets used to its requests.
pub(crate) fn slow_start(name: &str, seconds: i64) -> Vec<String> {
    match seconds {
        0 | 30..=900 => Vec::new(),
        _ => [(0, 0), (30, 900)]
            .map(|(least, most)| {
                format!("expected {name} to be in the range ({least} - {most}), got {seconds}")
            })
            .to_vec(),
    }
}

/// A number of targets, or `off`.
pub(crate) fn targets(name: &str, text: &str) -> Vec<String> {
    unless(text == "off" || text.parse::<i64>().is_ok(), || {
        format!("{name:?} must be an integer or 'off'")
    })
}

/// A share of targets in percent, or `off`.
pub(crate) fn percentage(name: &str, text: &str) -> Vec<String> {
    let share = text.parse().is_ok_and(|share: i64| (1..=100).contains(&share));
    unless(text == "off" || share, || {
        format!("{name:?} must be an integer between 0 and 100 or 'off'")
    })
}

/// The status of an answer.
pub(crate) fn status(name: &str, text: &str) -> Vec<String> {
    let fits = text.len() == 3 && is_number(text) && text.starts_with(['2', '4', '5']);
    unless(fits, || {
        format!(
            r#"expected value of {name} to match regular expression "^[245]\\d\\d$", got {text}"#
        )
    })
}

/// What describes a rule of a security group.
pub(crate) fn description(name: &str, text: &str) -> Vec<String> {
    const PATTERN: &str = r"^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]*$";
    all([
        (text.len() > 255, format!("{name:?} cannot be longer than 255 characters: {text:?}")),
        (
            !of(text, "_ .:/()#,@[]+=&;{}!$*-"),
            format!("{name:?} doesn't comply with restrictions ({PATTERN:?}): {text:?}"),
        ),
    ])
}

/// The name of a security group.
pub(crate) fn security_group(name: &str, text: &str) -> Vec<String> {
    all([
        (
            text.len() > 255,
            format!("expected length of {name} to be in the range (0 - 255), got {text}"),
        ),
        (text.starts_with("sg-"), format!("invalid value for {name} (cannot begin with sg-)")),
    ])
}

/// The id of a launch template.
pub(crate) fn template_id(name: &str, text: &str) -> Vec<String> {
    if text.is_empty() {
        return some_text(name, text);
    }
    let fits = text.strip_prefix("lt-").is_some_and(|rest| !rest.is_empty() && of(rest, ""));
    all([
        (text.len() > 255, format!("{name:?} cannot be longer than 255 characters")),
        (
            !fits && text.len() <= 255,
            format!(
                "{name:?} must begin with 'lt-' and be comprised of only alphanumeric characters: {text}"
            ),
        ),
    ])
}

/// The name of a launch template.
pub(crate) fn template_name(name: &str, text: &str) -> Vec<String> {
    let problem = match text.len() {
        ..3 => "cannot be less than 3 characters",
        126.. => "cannot be longer than 125 characters",
        _ if !of(text, "()./_-") => "can only alphanumeric characters and ()./_- symbols",
        _ => return Vec::new(),
    };
    vec![format!("{name:?} {problem}")]
}
