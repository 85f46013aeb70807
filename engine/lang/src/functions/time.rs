//! Time.

use std::fmt;

use infra_value::{Refinement, Type, Value};
use jiff::SignedDuration;
use jiff::civil::{DateTime, date};

use super::{Environment, FunctionError, Result, function};

/// When the plan was made, in RFC 3339. It stays the same until the end of apply.
///
/// ```console
/// > plantimestamp()
/// "2024-05-06T07:08:09Z"
/// ```
#[function(environment = Environment, returns = string)]
fn plantimestamp(environment: &Environment) -> Value {
    match &*environment.plan_time {
        "" => Value::refined(Type::String, Refinement::not_null()),
        time => time.into(),
    }
}

/// A time some while after another; a negative duration goes back. Its units are `h`, `m`, `s`, `ms`, `us`, `ns`.
///
/// ```console
/// > timeadd("2017-11-22T00:00:00Z", "1h30m")
/// "2017-11-22T01:30:00Z"
/// > timeadd("9999-12-31T23:00:00Z", "2h")
/// "10000-01-01T01:00:00Z"
/// ```
#[function(nullable)]
fn timeadd(timestamp: &str, duration: &str) -> Result<String> {
    let time = Timestamp::parse(timestamp).map_err(FunctionError::new)?;
    let duration = parse_duration(duration).map_err(FunctionError::new)?;
    Ok(time
        .plus(duration)
        .ok_or_else(|| FunctionError::new("the result is out of the range of dates"))?
        .to_string())
}

/// Which of two times is earlier: -1 where the first is, 1 where the second is, 0 where they are the same instant.
///
/// ```console
/// > timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00+01:00")
/// 0
/// > timecmp("2017-11-22T00:00:00Z", "2017-11-22T01:00:00Z")
/// -1
/// ```
#[function]
fn timecmp(timestamp_a: &str, timestamp_b: &str) -> Result<i64> {
    let a = Timestamp::parse(timestamp_a).map_err(|why| FunctionError::at(0, why))?;
    let b = Timestamp::parse(timestamp_b).map_err(|why| FunctionError::at(1, why))?;
    Ok(a.instant().cmp(&b.instant()) as i64)
}

/// The time now, in RFC 3339; it is known only during apply.
///
/// ```console
/// > timestamp() == null
/// false
/// ```
#[function(environment = Environment, returns = string)]
fn timestamp(environment: &Environment) -> Value {
    match &environment.now {
        Some(time) => time.as_str().into(),
        None => Value::refined(Type::String, Refinement::not_null()),
    }
}

/// A time of the clock at some distance from UTC.
pub(super) struct Timestamp {
    clock: DateTime,
    /// Minutes east of UTC.
    offset: i32,
    /// Years after those of the clock, which ends with the year 9999.
    later: i16,
}

/// The years after which the calendar repeats.
const CALENDAR: i16 = 400;

impl Timestamp {
    /// Reads a timestamp of RFC 3339.
    pub(super) fn parse(text: &str) -> std::result::Result<Self, String> {
        Self::read(text).map_err(|why| format!("not a valid RFC3339 timestamp: {why}"))
    }

    fn read(text: &str) -> std::result::Result<Self, String> {
        let mut rest = text;
        let year = number(&mut rest, 4, "year")?;
        literal(&mut rest, "-", "year")?;
        let month = number(&mut rest, 2, "month")?;
        literal(&mut rest, "-", "month")?;
        let day = number(&mut rest, 2, "day of month")?;
        literal(&mut rest, "T", "day of month")?;
        let hour = number(&mut rest, 2, "hour")?;
        literal(&mut rest, ":", "hour")?;
        let minute = number(&mut rest, 2, "minute")?;
        literal(&mut rest, ":", "minute")?;
        let second = number(&mut rest, 2, "second")?;
        let mut nanosecond = 0;
        if let Some(after) = rest.strip_prefix('.') {
            let length = after.find(|next: char| !next.is_ascii_digit()).unwrap_or(after.len());
            if length > 0 {
                let digits: String =
                    after[..length].chars().chain("000000000".chars()).take(9).collect();
                nanosecond = digits.parse().unwrap_or(0);
                rest = &after[length..];
            }
        }
        let offset = offset(rest)?;
        let range = |what: &str| format!("{what} out of range");
        let narrow = |value: i32| i8::try_from(value).unwrap_or(-1);
        if !(1..=12).contains(&month) {
            return Err(range("month"));
        }
        if hour > 23 {
            return Err(range("hour"));
        }
        if minute > 59 {
            return Err(range("minute"));
        }
        if second > 59 {
            return Err(range("second"));
        }
        let year = i16::try_from(year).map_err(|_| range("year"))?;
        DateTime::new(
            year,
            narrow(month),
            narrow(day),
            narrow(hour),
            narrow(minute),
            narrow(second),
            nanosecond,
        )
        .map(|clock| Self { clock, offset, later: 0 })
        .map_err(|_| range("day"))
    }

    /// Reads a date, or a date and a time, in the forms that YAML allows.
    pub(super) fn lenient(text: &str) -> Option<Self> {
        let parts = |text: &str, separator: char| -> Option<Vec<i32>> {
            text.split(separator).map(|part| part.parse().ok()).collect()
        };
        let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
        let [year, month, day] = parts(&text[..end], '-')?[..] else { return None };
        let narrow = |value: i32| i8::try_from(value).unwrap_or(-1);
        let day =
            jiff::civil::Date::new(i16::try_from(year).ok()?, narrow(month), narrow(day)).ok()?;
        if end == text.len() {
            return (text.len() == 10).then(|| Self {
                clock: day.at(0, 0, 0, 0),
                offset: 0,
                later: 0,
            });
        }
        let clock = text[end + 1..].trim_start();
        let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        let (clock, zone) = (clock[..zone].trim_end(), &clock[zone..]);
        if !zone.is_empty() && text[end..].starts_with(' ') {
            return None;
        }
        let offset = if zone.is_empty() { 0 } else { offset(zone).ok()? };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let [hour, minute, second] = parts(clock, ':')?[..] else { return None };
        let digits: String = fraction.chars().chain("000000000".chars()).take(9).collect();
        let time = jiff::civil::Time::new(
            narrow(hour),
            narrow(minute),
            narrow(second),
            digits.parse().ok()?,
        );
        Some(Self { clock: day.to_datetime(time.ok()?), offset, later: 0 })
    }

    /// The time since the epoch.
    fn instant(&self) -> SignedDuration {
        let epoch = date(1970, 1, 1).at(0, 0, 0, 0);
        self.clock.duration_since(epoch) - SignedDuration::from_mins(i64::from(self.offset))
    }

    fn plus(self, duration: SignedDuration) -> Option<Self> {
        if let Ok(clock) = self.clock.checked_add(duration) {
            return Some(Self { clock, ..self });
        }
        let year = self.clock.year().checked_sub(CALENDAR)?;
        let clock = self.clock.with().year(year).build().ok()?.checked_add(duration).ok()?;
        Some(Self { clock, later: CALENDAR, ..self })
    }

    pub(super) fn year(&self) -> i16 {
        self.clock.year()
    }

    pub(super) fn month(&self) -> u8 {
        self.clock.month().unsigned_abs()
    }

    pub(super) fn day(&self) -> i8 {
        self.clock.day()
    }

    /// The day of the week, from Sunday.
    pub(super) fn weekday(&self) -> usize {
        usize::from(self.clock.weekday().to_sunday_zero_offset().unsigned_abs())
    }

    pub(super) fn hour(&self) -> i8 {
        self.clock.hour()
    }

    pub(super) fn minute(&self) -> i8 {
        self.clock.minute()
    }

    pub(super) fn second(&self) -> i8 {
        self.clock.second()
    }

    pub(super) fn is_utc(&self) -> bool {
        self.offset == 0
    }

    /// The distance from UTC, with something between hours and minutes.
    pub(super) fn offset(&self, between: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs();
        format!("{sign}{:02}{between}{:02}", minutes / 60, minutes % 60)
    }
}

/// RFC 3339, without fractions of a second.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = self.clock;
        let year = clock.year() + self.later;
        let before = if year < 0 { "-" } else { "" };
        write!(
            f,
            "{before}{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            year.unsigned_abs(),
            clock.month(),
            clock.day(),
            clock.hour(),
            clock.minute(),
            clock.second()
        )?;
        if self.is_utc() { f.write_str("Z") } else { f.write_str(&self.offset(":")) }
    }
}

fn number(rest: &mut &str, digits: usize, what: &str) -> std::result::Result<i32, String> {
    if rest.is_empty() {
        return Err(format!("end of string before {what}"));
    }
    match rest.get(..digits) {
        Some(found) if found.bytes().all(|byte| byte.is_ascii_digit()) => {
            *rest = &rest[digits..];
            found.parse().map_err(|_| format!("cannot use {found:?} as {what}"))
        }
        _ => Err(format!("cannot use {rest:?} as {what}")),
    }
}

fn literal(rest: &mut &str, wanted: &str, after: &str) -> std::result::Result<(), String> {
    match rest.strip_prefix(wanted) {
        Some(next) => {
            *rest = next;
            Ok(())
        }
        None if rest.is_empty() => {
            Err(format!("end of string where {wanted:?} is expected after {after}"))
        }
        None => Err(format!("found {rest:?} where {wanted:?} is expected")),
    }
}

/// Minutes east of UTC.
fn offset(text: &str) -> std::result::Result<i32, String> {
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'Z') if text.len() == 1 => return Ok(0),
        Some(b'Z') => return Err(format!("extra characters {:?} after the time", &text[1..])),
        Some(b'+') => (1, &text[1..]),
        Some(b'-') => (-1, &text[1..]),
        Some(_) => return Err(format!("cannot use {text:?} as UTC offset")),
        None => return Err("missing UTC offset".to_owned()),
    };
    let mut rest = rest;
    let hours = number(&mut rest, 2, "UTC offset")?;
    literal(&mut rest, ":", "UTC offset")?;
    let minutes = number(&mut rest, 2, "UTC offset")?;
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return Err(format!("cannot use {text:?} as UTC offset"));
    }
    Ok(sign * (hours * 60 + minutes))
}

/// A duration as Go reads it: `1h30m`, `-5s`, `1.5h`.
fn parse_duration(given: &str) -> std::result::Result<SignedDuration, String> {
    let wrong = || format!("time: invalid duration {given:?}");
    let (negative, mut rest) = match given.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, given.strip_prefix('+').unwrap_or(given)),
    };
    if rest == "0" {
        return Ok(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits =
            |text: &str| text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len());
        let (whole, after) = rest.split_at(digits(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(digits(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(wrong());
        }
        let end =
            after.find(|next: char| next == '.' || next.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let scale: i128 = match unit {
            "" => return Err(format!("time: missing unit in duration {given:?}")),
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            unit => return Err(format!("time: unknown unit {unit:?} in duration {given:?}")),
        };
        let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<i128>() };
        let whole = number(whole).map_err(|_| wrong())?;
        total =
            whole.checked_mul(scale).and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
        // Go computes this part with a machine float.
        if let Ok(fraction) = format!("0.{fraction}").parse::<f64>() {
            total += (fraction * scale as f64) as i128;
        }
        rest = after;
    }
    let limit = i128::from(i64::MAX) + i128::from(negative);
    if total > limit {
        return Err(wrong());
    }
    let total = if negative { -total } else { total };
    i64::try_from(total).map(SignedDuration::from_nanos).map_err(|_| wrong())
}
