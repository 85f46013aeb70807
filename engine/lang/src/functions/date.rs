//! `formatdate`.

use super::time::Timestamp;
use super::{FunctionError, Result, function};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A time in another form. Repeated letters stand for its parts: `YYYY` or `YY` the year, `MMMM`, `MMM`, `MM` or `M` the
/// month, `DD` or `D` the day, `EEEE` or `EEE` the day of the week, `hh` or `h` the hour of 24, `HH` or `H` of 12, `AA`
/// or `aa` the half of the day, `mm` or `m` the minute, `ss` or `s` the second, `ZZZZZ`, `ZZZZ`, `ZZZ` or `Z` the time
/// zone. Text stands between single quotes.
///
/// ```console
/// > formatdate("DD MMM YYYY hh:mm ZZZ", "2018-01-02T23:12:01Z")
/// "02 Jan 2018 23:12 UTC"
/// > formatdate("EEEE, h'h'mm'm'", "2018-01-02T23:12:01-08:00")
/// "Tuesday, 23h12m"
/// ```
#[function]
fn formatdate(format: &str, time: &str) -> Result<String> {
    let time = Timestamp::parse(time).map_err(|why| FunctionError::at(1, why))?;
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            rest = quoted(&rest[1..], &mut out)?;
            continue;
        }
        if !first.is_ascii_alphabetic() {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let length = rest.find(|next| next != first).unwrap_or(rest.len());
        let (verb, after) = rest.split_at(length);
        out.push_str(&part(verb, &time)?);
        rest = after;
    }
    Ok(out)
}

/// Text up to the closing quote; two quotes are one that is meant. Gives what follows.
fn quoted<'a>(mut rest: &'a str, out: &mut String) -> Result<&'a str> {
    let mut empty = true;
    loop {
        let Some((text, after)) = rest.split_once('\'') else {
            return Err(FunctionError::at(0, "unterminated literal '"));
        };
        out.push_str(text);
        empty &= text.is_empty();
        rest = after;
        match rest.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                empty = false;
                rest = after;
            }
            None => {
                // Two quotes outside of quoted text are one.
                if empty {
                    out.push('\'');
                }
                return Ok(rest);
            }
        }
    }
}

fn part(verb: &str, time: &Timestamp) -> Result<String> {
    let hour12 = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let month = MONTHS[usize::from(time.month().clamp(1, 12)) - 1];
    let day = DAYS[time.weekday() % 7];
    let half = if time.hour() < 12 { "AM" } else { "PM" };
    Ok(match verb {
        "YYYY" => format!("{:04}", time.year()),
        "YY" => format!("{:02}", time.year() % 100),
        "MMMM" => month.to_owned(),
        "MMM" => month[..3].to_owned(),
        "MM" => format!("{:02}", time.month()),
        "M" => time.month().to_string(),
        "DD" => format!("{:02}", time.day()),
        "D" => time.day().to_string(),
        "EEEE" => day.to_owned(),
        "EEE" => day[..3].to_owned(),
        "hh" => format!("{:02}", time.hour()),
        "h" => time.hour().to_string(),
        "HH" => format!("{hour12:02}"),
        "H" => hour12.to_string(),
        "AA" => half.to_owned(),
        "aa" => half.to_lowercase(),
        "mm" => format!("{:02}", time.minute()),
        "m" => time.minute().to_string(),
        "ss" => format!("{:02}", time.second()),
        "s" => time.second().to_string(),
        "ZZZZZ" => time.offset(":"),
        "ZZZZ" => time.offset(""),
        "ZZZ" if time.is_utc() => "UTC".to_owned(),
        "ZZZ" => time.offset(""),
        "Z" if time.is_utc() => "Z".to_owned(),
        "Z" => time.offset(":"),
        _ => {
            let rule = match &verb[..1] {
                "Y" => "year must either be \"YYYY\" or \"YY\"",
                "M" => "month must be \"MMMM\", \"MMM\", \"MM\", or \"M\"",
                "D" => "day of month must either be \"DD\" or \"D\"",
                "E" => "day of week must either be \"EEEE\" or \"EEE\"",
                "h" => "24-hour must either be \"hh\" or \"h\"",
                "H" => "12-hour must either be \"HH\" or \"H\"",
                "A" | "a" => "must be \"AA\" or \"aa\"",
                "m" => "minute must either be \"mm\" or \"m\"",
                "s" => "second must either be \"ss\" or \"s\"",
                "Z" => "timezone must be Z, ZZZ, ZZZZ, or ZZZZZ",
                _ => "it stands for nothing; put text between single quotes",
            };
            return Err(FunctionError::at(0, format!("invalid date format verb {verb:?}: {rule}")));
        }
    })
}
