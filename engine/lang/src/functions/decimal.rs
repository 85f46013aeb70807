//! Numbers as Go's verbs write them.

use dashu_base::Sign;
use dashu_int::IBig;
use infra_value::Number;

use super::verb::Verb;

/// The number in the way of a verb.
///
/// # Errors
/// The verb is for whole numbers, and this is none.
pub(super) fn written(verb: &Verb<'_>, number: &Number) -> Result<String, String> {
    // Minus zero is one where there may be fractions.
    let fractions = !matches!(verb.letter, 'd' | 'b' | 'o' | 'x' | 'X');
    let negative = number.is_negative() || (fractions && number.has_sign());
    let infinite = fractions && number.is_infinite();
    let sign = match (negative, verb.plus || infinite, verb.space) {
        (true, ..) => "-",
        (false, _, true) if infinite => " ",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    };
    if infinite {
        return Ok(padded(&Verb { zero: false, ..*verb }, sign, "Inf"));
    }
    match verb.letter {
        'd' | 'b' | 'o' | 'x' | 'X' => whole(verb, sign, number),
        'f' => Ok(padded(verb, sign, &fixed(number, verb.precision.unwrap_or(6)))),
        'e' | 'E' => Ok(padded(verb, sign, &scientific(verb, number, verb.precision.unwrap_or(6)))),
        _ => Ok(padded(verb, sign, &general(verb, number))),
    }
}

fn whole(verb: &Verb<'_>, sign: &str, number: &Number) -> Result<String, String> {
    let integer = number.to_integer().ok_or("an integer is required")?;
    let (_, magnitude) = integer.into_parts();
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = magnitude.in_radix(radix).to_string();
    if verb.letter == 'X' {
        digits.make_ascii_uppercase();
    }
    if digits == "0" && verb.precision == Some(0) {
        return Ok(String::new());
    }
    if let Some(precision) = verb.precision {
        digits = "0".repeat(precision.saturating_sub(digits.len())) + &digits;
    }
    let sign = if verb.sharp { format!("{sign}{prefix}") } else { sign.to_owned() };
    // A precision says how many digits there are: then spaces fill the width.
    Ok(padded(&Verb { zero: verb.zero && verb.precision.is_none(), ..*verb }, &sign, &digits))
}

/// The number without its sign, with so many digits after the point.
fn fixed(number: &Number, places: usize) -> String {
    let digits = scaled(number, places as i64);
    let digits = digits.to_string();
    let digits = "0".repeat((places + 1).saturating_sub(digits.len())) + &digits;
    let (whole, fraction) = digits.split_at(digits.len() - places);
    if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

fn scientific(verb: &Verb<'_>, number: &Number, places: usize) -> String {
    let (digits, exponent) = significant(number, places + 1);
    exponential(verb, &digits, exponent)
}

fn exponential(verb: &Verb<'_>, digits: &str, exponent: i64) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let letter = if verb.letter.is_ascii_uppercase() { 'E' } else { 'e' };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{letter}{sign}{:02}", exponent.unsigned_abs())
}

/// With an exponent where the number is very large or very small, without one elsewhere.
fn general(verb: &Verb<'_>, number: &Number) -> String {
    let (digits, exponent) = match verb.precision {
        None => shortest_digits(number),
        Some(precision) => significant(number, precision.max(1)),
    };
    let digits = digits.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let count = digits.len() as i64;
    let before_point = exponent + 1;
    let limit = match verb.precision {
        None => 6,
        Some(precision) => {
            let precision = precision.max(1) as i64;
            if precision > count && count >= before_point { count } else { precision }
        }
    };
    if exponent < -4 || exponent >= limit {
        return exponential(verb, digits, exponent);
    }
    if before_point <= 0 {
        return if digits == "0" {
            "0".to_owned()
        } else {
            format!("0.{}{digits}", "0".repeat(before_point.unsigned_abs() as usize))
        };
    }
    if count <= before_point {
        return format!("{digits}{}", "0".repeat((before_point - count).unsigned_abs() as usize));
    }
    let (whole, fraction) = digits.split_at(before_point.unsigned_abs() as usize);
    format!("{whole}.{fraction}")
}

/// So many digits, rounded half to even, and the power of ten of the first.
fn significant(number: &Number, count: usize) -> (String, i64) {
    if number.to_i64() == Some(0) {
        return ("0".repeat(count), 0);
    }
    let (digits, exponent) = shortest_digits(number);
    let count = count as i64;
    if digits.len() as i64 <= count && number.to_i64().is_some() {
        let missing = (count.unsigned_abs() as usize).saturating_sub(digits.len());
        return (digits + &"0".repeat(missing), exponent);
    }
    let rounded = scaled(number, count - 1 - exponent).to_string();
    // Rounding up may have given one digit more.
    let more = rounded.len() as i64 - count;
    if more > 0 {
        return (rounded[..count.unsigned_abs() as usize].to_owned(), exponent + more);
    }
    (rounded, exponent)
}

/// The fewest digits that tell the number from its neighbours, and the power of ten of the first.
fn shortest_digits(number: &Number) -> (String, i64) {
    let text = number.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if digits.is_empty() {
        return ("0".to_owned(), 0);
    }
    (digits.to_owned(), whole.len() as i64 - 1 - leading as i64)
}

/// The magnitude times a power of ten as a whole number, rounded half to even.
fn scaled(number: &Number, power: i64) -> IBig {
    let (numerator, denominator) = number.to_fraction();
    let (_, numerator) = numerator.into_parts();
    let numerator = IBig::from_parts(Sign::Positive, numerator);
    let ten = IBig::from(10).pow(power.unsigned_abs() as usize);
    let (numerator, denominator) =
        if power >= 0 { (numerator * ten, denominator) } else { (numerator, denominator * ten) };
    let whole = &numerator / &denominator;
    let doubled = (numerator - &whole * &denominator) * IBig::from(2);
    let odd = &whole % IBig::from(2) != IBig::ZERO;
    if doubled > denominator || (doubled == denominator && odd) { whole + IBig::ONE } else { whole }
}

fn padded(verb: &Verb<'_>, sign: &str, digits: &str) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
    match (verb.minus, verb.zero) {
        (true, _) => format!("{sign}{digits}{}", " ".repeat(missing)),
        (false, true) => format!("{sign}{}{digits}", "0".repeat(missing)),
        (false, false) => format!("{}{sign}{digits}", " ".repeat(missing)),
    }
}
