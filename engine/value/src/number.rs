//! Numbers: 512-bit binary floats, with a fast path for integers. As with all floats, a division by zero gives an
//! infinity, and there is a negative zero.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use dashu_base::{Abs, Sign};
use dashu_float::round::Rounded;
use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig, FpError};
use dashu_int::IBig;

/// Digits of precision, in bits, as Terraform has.
const PRECISION: usize = 512;

/// A binary float that rounds half to even.
type Float = FBig<HalfEven, 2>;

/// A number. Integers that fit 64 bits are always held as such, so equality is structural.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Int(i64),
    Big(Arc<Float>),
    NegativeZero,
    /// With its sign: whether it is the negative one.
    Infinite(bool),
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

fn context() -> Context<HalfEven> {
    Context::new(PRECISION)
}

/// The result of an operation on finite numbers, of which only a division by zero could be anything else.
fn finite(result: Result<Rounded<Float>, FpError>) -> Float {
    result.map_or(Float::ZERO, Rounded::value)
}

impl Number {
    fn of(value: Float) -> Self {
        match to_small(&value) {
            Some(small) => Self(Repr::Int(small)),
            None => Self(Repr::Big(Arc::new(value))),
        }
    }

    fn float(&self) -> Float {
        match &self.0 {
            Repr::Int(value) => Float::from(IBig::from(*value)).with_precision(PRECISION).value(),
            Repr::Big(value) => (**value).clone(),
            Repr::NegativeZero | Repr::Infinite(_) => Float::ZERO,
        }
    }

    /// Reads a decimal number such as `-1.5e10`, or `Inf`.
    pub fn parse(text: &str) -> Option<Self> {
        let negative = text.starts_with('-');
        let signed = |number: Self| if negative { number.neg() } else { number };
        if let Ok(value) = text.parse::<i64>() {
            return Some(if value == 0 { signed(value.into()) } else { value.into() });
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if matches!(digits, "Inf" | "inf") {
            return Some(Self(Repr::Infinite(negative)));
        }
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (digits, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let valid = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !valid(whole) || !valid(fraction) {
            return None;
        }
        if exponent.unsigned_abs() > 100_000 {
            return None;
        }
        let significand: IBig = format!("{whole}{fraction}").parse().ok()?;
        let scale = exponent - i32::try_from(fraction.len()).ok()?;
        let power = IBig::from(10).pow(scale.unsigned_abs() as usize);
        let value = if scale >= 0 {
            Float::from(significand * power).with_precision(PRECISION).value()
        } else {
            finite(context().div(Float::from(significand).repr(), Float::from(power).repr()))
        };
        Some(signed(Self::of(value)))
    }

    /// The number nearest to a machine float; nothing for an infinity or what is no number.
    pub fn from_f64(value: f64) -> Option<Self> {
        let float = Float::try_from(value).ok()?;
        Some(Self::of(float.with_precision(PRECISION).value()))
    }

    /// The number of a big integer.
    pub fn from_integer(value: IBig) -> Self {
        Self::of(Float::from(value).with_precision(PRECISION).value())
    }

    /// The integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(value) => Some(*value),
            Repr::NegativeZero => Some(0),
            Repr::Big(_) | Repr::Infinite(_) => None,
        }
    }

    /// The integer of any size, if it is one.
    pub fn to_integer(&self) -> Option<IBig> {
        match &self.0 {
            Repr::Int(value) => Some(IBig::from(*value)),
            Repr::Big(value) => to_integer(value),
            Repr::NegativeZero => Some(IBig::ZERO),
            Repr::Infinite(_) => None,
        }
    }

    /// The number as a fraction, exactly: numerator and positive denominator; zero for an infinity.
    pub fn to_fraction(&self) -> (IBig, IBig) {
        match &self.0 {
            Repr::Int(value) => (IBig::from(*value), IBig::ONE),
            Repr::NegativeZero | Repr::Infinite(_) => (IBig::ZERO, IBig::ONE),
            Repr::Big(value) => {
                let significand = value.repr().significand().clone();
                let exponent = value.repr().exponent();
                let shift = exponent.unsigned_abs();
                if exponent >= 0 {
                    (significand << shift, IBig::ONE)
                } else {
                    (significand, IBig::ONE << shift)
                }
            }
        }
    }

    /// The nearest machine float.
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Int(value) => *value as f64,
            Repr::Big(value) => value.to_f64().value(),
            Repr::NegativeZero => -0.0,
            Repr::Infinite(negative) => {
                if *negative {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                }
            }
        }
    }

    /// Whether it is a whole number.
    pub fn is_integer(&self) -> bool {
        self.to_integer().is_some()
    }

    /// Whether it is an infinity.
    pub fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinite(_))
    }

    /// Whether it is zero, of whatever sign.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Int(0) | Repr::NegativeZero)
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.has_sign() && !self.is_zero()
    }

    /// Whether it has a minus sign, which zero can have too.
    pub fn has_sign(&self) -> bool {
        match &self.0 {
            Repr::Int(value) => *value < 0,
            Repr::Big(value) => value.sign() == Sign::Negative,
            Repr::NegativeZero => true,
            Repr::Infinite(negative) => *negative,
        }
    }

    /// Zero or infinity with the sign of a product or quotient.
    fn signed(&self, other: &Self, zero: bool) -> Self {
        match (self.has_sign() != other.has_sign(), zero) {
            (true, true) => Self(Repr::NegativeZero),
            (false, true) => Self::from(0),
            (negative, false) => Self(Repr::Infinite(negative)),
        }
    }

    /// The sum; nothing for two infinities of different sign.
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Int(a), Repr::Int(b)) if let Some(sum) = a.checked_add(*b) => {
                Some(Self::from(sum))
            }
            (Repr::Infinite(a), Repr::Infinite(b)) => (a == b).then(|| self.clone()),
            (Repr::Infinite(_), _) => Some(self.clone()),
            (_, Repr::Infinite(_)) => Some(other.clone()),
            (Repr::NegativeZero, Repr::NegativeZero) => Some(self.clone()),
            _ => Some(Self::of(sum(&self.float(), &other.float()))),
        }
    }

    /// The difference; nothing for two infinities of the same sign.
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Int(a), Repr::Int(b)) if let Some(difference) = a.checked_sub(*b) => {
                Some(Self::from(difference))
            }
            _ => self.checked_add(&other.neg()),
        }
    }

    /// The product; nothing for zero and an infinity.
    pub fn checked_mul(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            _ if self.is_infinite() || other.is_infinite() => {
                let nothing = self.is_zero() || other.is_zero();
                (!nothing).then(|| self.signed(other, false))
            }
            _ if self.is_zero() || other.is_zero() => Some(self.signed(other, true)),
            (Repr::Int(a), Repr::Int(b)) if let Some(product) = a.checked_mul(*b) => {
                Some(Self::from(product))
            }
            _ => Some(Self::of(finite(context().mul(self.float().repr(), other.float().repr())))),
        }
    }

    /// The sum of numbers of which at most one is infinite.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        self.checked_add(other).unwrap_or_else(|| Self::from(0))
    }

    /// The difference of numbers of which at most one is infinite.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.checked_sub(other).unwrap_or_else(|| Self::from(0))
    }

    /// The product of finite numbers.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        self.checked_mul(other).unwrap_or_else(|| Self::from(0))
    }

    /// The quotient; nothing for two zeros or two infinities.
    pub fn div(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Infinite(_), Repr::Infinite(_)) => None,
            (Repr::Infinite(_), _) => Some(self.signed(other, false)),
            (_, Repr::Infinite(_)) => Some(self.signed(other, true)),
            _ if other.is_zero() => (!self.is_zero()).then(|| self.signed(other, false)),
            _ if self.is_zero() => Some(self.signed(other, true)),
            (Repr::Int(a), Repr::Int(b)) if a.checked_rem(*b) == Some(0) => {
                Some(Self::from(a.wrapping_div(*b)))
            }
            _ => Some(Self::of(finite(context().div(self.float().repr(), other.float().repr())))),
        }
    }

    /// The remainder of a division towards zero. What is divided by zero is its own remainder; nothing for infinities.
    pub fn rem(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return Some(self.clone());
        }
        if let (Repr::Int(a), Repr::Int(b)) = (&self.0, &other.0)
            && let Some(remainder) = a.checked_rem(*b)
        {
            return Some(Self::from(remainder));
        }
        if self.is_infinite() || other.is_infinite() {
            return None;
        }
        let quotient = self.div(other)?;
        let whole = if quotient.is_negative() { quotient.ceil() } else { quotient.floor() };
        self.checked_sub(&other.checked_mul(&whole)?)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        match &self.0 {
            Repr::Int(0) => Self(Repr::NegativeZero),
            Repr::Int(value) if let Some(negated) = value.checked_neg() => Self::from(negated),
            Repr::NegativeZero => Self::from(0),
            Repr::Infinite(negative) => Self(Repr::Infinite(!negative)),
            Repr::Int(_) | Repr::Big(_) => Self::of(-self.float()),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        match &self.0 {
            _ if self.has_sign() => self.neg(),
            _ => self.clone(),
        }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        match &self.0 {
            Repr::Big(value) => Self::of(value.floor()),
            Repr::NegativeZero => Self::from(0),
            Repr::Int(_) | Repr::Infinite(_) => self.clone(),
        }
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        match &self.0 {
            Repr::Big(value) => Self::of(value.ceil()),
            Repr::NegativeZero => Self::from(0),
            Repr::Int(_) | Repr::Infinite(_) => self.clone(),
        }
    }
}

/// The exact sum, rounded once.
fn sum(a: &Float, b: &Float) -> Float {
    let (least, most) = if a.repr().exponent() <= b.repr().exponent() { (a, b) } else { (b, a) };
    let distance = most.repr().exponent() - least.repr().exponent();
    // What is too small to count, even for rounding, is not added digit by digit.
    let width = significand_bits(least.repr().significand()).max(PRECISION) * 4;
    if distance.unsigned_abs() > width {
        return finite(context().add(a.repr(), b.repr()));
    }
    let shifted = most.repr().significand().clone() << distance.unsigned_abs();
    let exact = shifted + least.repr().significand();
    Float::from_parts(exact, least.repr().exponent()).with_precision(PRECISION).value()
}

fn to_integer(value: &Float) -> Option<IBig> {
    let (significand, exponent) = (value.repr().significand(), value.repr().exponent());
    if significand == &IBig::ZERO {
        return Some(IBig::ZERO);
    }
    if exponent >= 0 {
        return Some(significand.clone() << usize::try_from(exponent).ok()?);
    }
    // The significand of a normalised float is odd, so a negative exponent is a fraction.
    let shift = usize::try_from(-exponent).ok()?;
    let whole = significand.clone() >> shift;
    (whole.clone() << shift == *significand).then_some(whole)
}

fn to_small(value: &Float) -> Option<i64> {
    if value.repr().exponent() > 64 {
        return None;
    }
    i64::try_from(to_integer(value)?).ok()
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Int(a), Repr::Int(b)) => a.cmp(b),
            (Repr::Infinite(a), Repr::Infinite(b)) => b.cmp(a),
            (Repr::Infinite(negative), _) => {
                if *negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (_, Repr::Infinite(_)) => other.cmp(self).reverse(),
            _ => self.float().cmp(&other.float()),
        }
    }
}

/// As Terraform prints numbers in strings: in full, without an exponent, with as many digits as tell it from its
/// neighbours.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value) => write!(f, "{value}"),
            Repr::NegativeZero => f.write_str("-0"),
            Repr::Infinite(negative) => f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Repr::Big(value) => match to_integer(value) {
                Some(whole) if significand_bits(&whole) <= PRECISION => write!(f, "{whole}"),
                _ => f.write_str(&decimal(value)),
            },
        }
    }
}

/// The shortest decimal that reads back as the same float.
fn decimal(value: &Float) -> String {
    for digits in 17..=160 {
        let text = rounded(value, digits);
        if digits % 4 != 1 && digits < 150 {
            continue;
        }
        if Number::parse(&text).is_some_and(|found| found.float() == *value) {
            // Found within a step of four digits: look for the shortest.
            let shortest = (digits.saturating_sub(4)..=digits)
                .map(|fewer| rounded(value, fewer.max(1)))
                .find(|text| Number::parse(text).is_some_and(|found| found.float() == *value));
            return trimmed(shortest.unwrap_or(text));
        }
    }
    trimmed(rounded(value, 160))
}

fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// The float as a decimal of so many significant digits.
fn rounded(value: &Float, digits: usize) -> String {
    let negative = value.sign() == Sign::Negative;
    let (significand, exponent) =
        (value.repr().significand().clone().abs(), value.repr().exponent());
    let significand = significand << usize::try_from(exponent).unwrap_or(0);
    let shift = usize::try_from(-exponent).unwrap_or(0);
    // value = significand / 2^shift; scale so that the whole part has the wanted digits.
    let bits = significand_bits(&significand) as i64 - shift as i64;
    let magnitude = (bits as f64 * std::f64::consts::LOG10_2).floor() as i64;
    let scale = digits as i64 - magnitude - 1;
    let denominator = IBig::ONE << shift;
    let (numerator, denominator) = if scale >= 0 {
        (significand * IBig::from(10).pow(scale as usize), denominator)
    } else {
        (significand, denominator * IBig::from(10).pow(scale.unsigned_abs() as usize))
    };
    let doubled = numerator * IBig::from(2);
    let whole = (doubled + &denominator) / (denominator * IBig::from(2));
    let mut text = whole.to_string();
    if scale > 0 {
        let scale = scale as usize;
        if text.len() <= scale {
            text = format!("{}{text}", "0".repeat(scale + 1 - text.len()));
        }
        text.insert(text.len() - scale, '.');
    } else {
        text.push_str(&"0".repeat(scale.unsigned_abs() as usize));
    }
    if negative { format!("-{text}") } else { text }
}

fn significand_bits(value: &IBig) -> usize {
    use dashu_base::BitTest;
    value.bit_len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_print_as_they_were_written() {
        for text in
            ["0", "-1", "0.5", "3.14", "-0.001", "12345678901234567890123", "1.1", "0.1", "100.25"]
        {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1e3").to_string(), "1000");
        assert_eq!(number("1e100").to_string(), format!("1{}", "0".repeat(100)));
        assert_eq!(number("1.50").to_string(), "1.5");
    }

    #[test]
    fn arithmetic_is_exact_where_decimals_are() {
        assert_eq!(number("0.1").add(&number("0.2")).to_string(), "0.3");
        assert_eq!(number("10").div(&number("4")).unwrap().to_string(), "2.5");
        assert_eq!(
            number("9223372036854775807").add(&number("1")).to_string(),
            "9223372036854775808"
        );
        assert_eq!(number("7").rem(&number("-2")).unwrap(), number("1"));
    }

    #[test]
    fn zeros_have_signs_and_make_infinities() {
        let (zero, one) = (number("0"), number("1"));
        let infinity = one.div(&zero).unwrap();
        assert_eq!(
            [&infinity, &infinity.neg(), &zero.neg()].map(ToString::to_string),
            ["+Inf", "-Inf", "-0"]
        );
        assert_eq!(
            [infinity.checked_sub(&infinity), infinity.checked_mul(&zero), zero.div(&zero)],
            [None, None, None]
        );
        assert_eq!(one.rem(&zero), Some(one.clone()));
        assert!(
            infinity > number("1e100") && infinity.neg() < number("-1e100") && zero == zero.neg()
        );
        assert_eq!(number("-1").mul(&zero).to_string(), "-0");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "a", "1e", "0x10", "--1", "1_000", "."] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
