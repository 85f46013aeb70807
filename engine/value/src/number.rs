//! Numbers: binary floats of a precision of their own, with a fast path for integers. As with all floats, a division by
//! zero gives an infinity, and there is a negative zero.
//!
//! A number that was written has 512 bits, one that counts something 64, one that a machine float gave 53. What is
//! calculated of two has the precision of the finer one, so that `length(a) / length(b)` has 64 bits: Terraform's numbers
//! are the floats of Go's `math/big`, and users see the difference in the digits that are printed.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use dashu_base::{Abs, BitTest, Sign};
use dashu_float::round::Rounded;
use dashu_float::round::mode::HalfEven;
use dashu_float::{Context, FBig, FpError};
use dashu_int::IBig;

/// Bits of precision of a number that was written.
const WRITTEN: u32 = 512;
/// Bits of precision of a whole number that was counted.
const COUNTED: u32 = 64;
/// Bits of precision of a machine float.
const MACHINE: u32 = 53;

/// A binary float that rounds half to even.
type Float = FBig<HalfEven, 2>;

/// A number with its precision, which equality does not look at.
#[derive(Clone, Debug)]
pub struct Number {
    repr: Repr,
    precision: u32,
}

/// Integers that fit 64 bits are always held as such.
#[derive(Clone, Debug)]
enum Repr {
    Int(i64),
    Big(Arc<Float>),
    NegativeZero,
    /// With its sign: whether it is the negative one.
    Infinite(bool),
}

/// A whole number that was counted.
impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self { repr: Repr::Int(value), precision: COUNTED }
    }
}

fn context(precision: u32) -> Context<HalfEven> {
    Context::new(precision as usize)
}

/// The result of an operation on finite numbers, of which only a division by zero could be anything else.
fn finite(result: Result<Rounded<Float>, FpError>) -> Float {
    result.map_or(Float::ZERO, Rounded::value)
}

impl Number {
    /// The number of a float, rounded to a precision.
    fn of(value: Float, precision: u32) -> Self {
        let value = value.with_precision(precision as usize).value();
        let repr = match to_small(&value) {
            Some(small) => Repr::Int(small),
            None => Repr::Big(Arc::new(value)),
        };
        Self { repr, precision }
    }

    /// The number of an integer that the precision may be too small for.
    fn of_int(value: i64, precision: u32) -> Self {
        if precision < COUNTED {
            return Self::of(Float::from(IBig::from(value)), precision);
        }
        Self { repr: Repr::Int(value), precision }
    }

    /// A number that is no float of its own, of a precision.
    fn special(repr: Repr, precision: u32) -> Self {
        Self { repr, precision }
    }

    fn float(&self) -> Float {
        match &self.repr {
            Repr::Int(value) => Float::from(IBig::from(*value)),
            Repr::Big(value) => (**value).clone(),
            Repr::NegativeZero | Repr::Infinite(_) => Float::ZERO,
        }
    }

    /// The precision of what is calculated of two numbers.
    fn finer(&self, other: &Self) -> u32 {
        self.precision.max(other.precision)
    }

    /// Reads a decimal number such as `-1.5e10`, or `Inf`.
    pub fn parse(text: &str) -> Option<Self> {
        let negative = text.starts_with('-');
        let signed = |number: Self| if negative { number.neg() } else { number };
        if let Ok(value) = text.parse::<i64>() {
            let number = Self::special(Repr::Int(value), WRITTEN);
            return Some(if value == 0 { signed(number) } else { number });
        }
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if matches!(digits, "Inf" | "inf") {
            return Some(Self::special(Repr::Infinite(negative), WRITTEN));
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
            Float::from(significand * power)
        } else {
            finite(context(WRITTEN).div(Float::from(significand).repr(), Float::from(power).repr()))
        };
        Some(signed(Self::of(value, WRITTEN)))
    }

    /// A machine float; nothing for what is no number.
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_infinite() {
            return Some(Self::special(Repr::Infinite(value < 0.0), MACHINE));
        }
        if value == 0.0 && value.is_sign_negative() {
            return Some(Self::special(Repr::NegativeZero, MACHINE));
        }
        Some(Self::of(Float::try_from(value).ok()?, MACHINE))
    }

    /// An integer, all of it, with as many bits as it needs.
    pub fn from_integer(value: IBig) -> Self {
        let precision = u32::try_from(value.bit_len()).unwrap_or(u32::MAX).max(COUNTED);
        Self::of(Float::from(value), precision)
    }

    /// The integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.repr {
            Repr::Int(value) => Some(*value),
            Repr::NegativeZero => Some(0),
            Repr::Big(_) | Repr::Infinite(_) => None,
        }
    }

    /// The integer of any size, if it is one.
    pub fn to_integer(&self) -> Option<IBig> {
        match &self.repr {
            Repr::Int(value) => Some(IBig::from(*value)),
            Repr::Big(value) => to_integer(value),
            Repr::NegativeZero => Some(IBig::ZERO),
            Repr::Infinite(_) => None,
        }
    }

    /// The number as a fraction, exactly: numerator and positive denominator; zero for an infinity.
    pub fn to_fraction(&self) -> (IBig, IBig) {
        match &self.repr {
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
        match &self.repr {
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
        matches!(self.repr, Repr::Infinite(_))
    }

    /// Whether it is zero, of whatever sign.
    pub fn is_zero(&self) -> bool {
        matches!(self.repr, Repr::Int(0) | Repr::NegativeZero)
    }

    /// Whether it is the zero that `-0` is: equal to the other, but another element of a set.
    pub(crate) fn is_negative_zero(&self) -> bool {
        matches!(self.repr, Repr::NegativeZero)
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        self.has_sign() && !self.is_zero()
    }

    /// Whether it has a minus sign, which zero can have too.
    pub fn has_sign(&self) -> bool {
        match &self.repr {
            Repr::Int(value) => *value < 0,
            Repr::Big(value) => value.sign() == Sign::Negative,
            Repr::NegativeZero => true,
            Repr::Infinite(negative) => *negative,
        }
    }

    /// Zero or infinity with the sign of a product or quotient.
    fn signed(&self, other: &Self, zero: bool) -> Self {
        let repr = match (self.has_sign() != other.has_sign(), zero) {
            (true, true) => Repr::NegativeZero,
            (false, true) => Repr::Int(0),
            (negative, false) => Repr::Infinite(negative),
        };
        Self::special(repr, self.finer(other))
    }

    /// The sum; nothing for two infinities of different sign.
    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        let precision = self.finer(other);
        match (&self.repr, &other.repr) {
            (Repr::Int(a), Repr::Int(b)) if let Some(sum) = a.checked_add(*b) => {
                Some(Self::of_int(sum, precision))
            }
            (Repr::Infinite(a), Repr::Infinite(b)) => (a == b).then(|| self.clone()),
            (Repr::Infinite(_), _) => Some(self.clone()),
            (_, Repr::Infinite(_)) => Some(other.clone()),
            (Repr::NegativeZero, Repr::NegativeZero) => Some(self.clone()),
            _ => Some(Self::of(sum(&self.float(), &other.float(), precision), precision)),
        }
    }

    /// The difference; nothing for two infinities of the same sign.
    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        match (&self.repr, &other.repr) {
            (Repr::Int(a), Repr::Int(b)) if let Some(difference) = a.checked_sub(*b) => {
                Some(Self::of_int(difference, self.finer(other)))
            }
            _ => self.checked_add(&other.neg()),
        }
    }

    /// The product, with the bits that it needs, at most those of a number that was written; nothing for zero and an
    /// infinity.
    pub fn checked_mul(&self, other: &Self) -> Option<Self> {
        let precision = self.finer(other);
        match (&self.repr, &other.repr) {
            _ if self.is_infinite() || other.is_infinite() => {
                let nothing = self.is_zero() || other.is_zero();
                (!nothing).then(|| self.signed(other, false))
            }
            _ if self.is_zero() || other.is_zero() => Some(self.signed(other, true)),
            (Repr::Int(a), Repr::Int(b))
                if precision >= COUNTED
                    && let Some(product) = a.checked_mul(*b) =>
            {
                Some(Self::of_int(product, precision))
            }
            _ => {
                let product = context(WRITTEN).mul(self.float().repr(), other.float().repr());
                let product = finite(product);
                // The significand of a float is odd: all of its bits are needed.
                let needed = u32::try_from(product.repr().significand().bit_len());
                Some(Self::of(product, precision.max(needed.unwrap_or(WRITTEN))))
            }
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
        let precision = self.finer(other);
        match (&self.repr, &other.repr) {
            (Repr::Infinite(_), Repr::Infinite(_)) => None,
            (Repr::Infinite(_), _) => Some(self.signed(other, false)),
            (_, Repr::Infinite(_)) => Some(self.signed(other, true)),
            _ if other.is_zero() => (!self.is_zero()).then(|| self.signed(other, false)),
            _ if self.is_zero() => Some(self.signed(other, true)),
            (Repr::Int(a), Repr::Int(b)) if a.checked_rem(*b) == Some(0) => {
                Some(Self::of_int(a.wrapping_div(*b), precision))
            }
            _ => {
                let quotient = context(precision).div(self.float().repr(), other.float().repr());
                Some(Self::of(finite(quotient), precision))
            }
        }
    }

    /// The remainder of a division towards zero, in the precision of what is divided. What is divided by zero is its own
    /// remainder; nothing for infinities.
    pub fn rem(&self, other: &Self) -> Option<Self> {
        if other.is_zero() {
            return Some(self.clone());
        }
        if self.precision >= COUNTED
            && let (Repr::Int(a), Repr::Int(b)) = (&self.repr, &other.repr)
            && let Some(remainder) = a.checked_rem(*b)
        {
            return Some(Self::of_int(remainder, self.precision));
        }
        if self.is_infinite() || other.is_infinite() {
            return None;
        }
        let quotient = self.div(other)?;
        let whole = if quotient.is_negative() { quotient.ceil() } else { quotient.floor() };
        let rounded = |value: Float| Self::of(value, self.precision);
        let whole = rounded(whole.float()).float();
        let taken = finite(context(self.precision).mul(whole.repr(), other.float().repr()));
        Some(rounded(sum(&self.float(), &-taken, self.precision)))
    }

    /// The number with the other sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        let repr = match &self.repr {
            Repr::Int(0) => Repr::NegativeZero,
            Repr::Int(value) if let Some(negated) = value.checked_neg() => Repr::Int(negated),
            Repr::NegativeZero => Repr::Int(0),
            Repr::Infinite(negative) => Repr::Infinite(!negative),
            Repr::Int(_) | Repr::Big(_) => return Self::of(-self.float(), self.precision),
        };
        Self::special(repr, self.precision)
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.has_sign() { self.neg() } else { self.clone() }
    }

    /// The greatest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.whole(Float::floor)
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.whole(Float::ceil)
    }

    fn whole(&self, round: fn(&Float) -> Float) -> Self {
        match &self.repr {
            Repr::Big(value) if to_integer(value).is_none() => {
                Self::of(round(value), self.precision)
            }
            Repr::NegativeZero => Self::special(Repr::Int(0), self.precision),
            Repr::Big(_) | Repr::Int(_) | Repr::Infinite(_) => self.clone(),
        }
    }

    /// Which is greater, exactly. Numbers that are equal as users see it need not be equal here: see [`PartialEq`].
    pub fn compare(&self, other: &Self) -> Ordering {
        match (&self.repr, &other.repr) {
            (Repr::Int(a), Repr::Int(b)) => a.cmp(b),
            (Repr::Infinite(a), Repr::Infinite(b)) => b.cmp(a),
            (Repr::Infinite(true), _) | (_, Repr::Infinite(false)) => Ordering::Less,
            (Repr::Infinite(false), _) | (_, Repr::Infinite(true)) => Ordering::Greater,
            _ => self.float().cmp(&other.float()),
        }
    }
}

/// The exact sum, rounded once.
fn sum(a: &Float, b: &Float, precision: u32) -> Float {
    let (least, most) = if a.repr().exponent() <= b.repr().exponent() { (a, b) } else { (b, a) };
    let distance = most.repr().exponent() - least.repr().exponent();
    // What is too small to count, even for rounding, is not added digit by digit.
    let width = least.repr().significand().bit_len().max(precision as usize) * 4;
    if distance.unsigned_abs() > width {
        return finite(context(precision).add(a.repr(), b.repr()));
    }
    let shifted = most.repr().significand().clone() << distance.unsigned_abs();
    let exact = shifted + least.repr().significand();
    Float::from_parts(exact, least.repr().exponent()).with_precision(precision as usize).value()
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

/// Numbers are equal if they are written alike: fractions with the same digits, whole numbers only exactly.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.repr, &other.repr) {
            (Repr::Big(a), Repr::Big(b)) => {
                a == b
                    || self.precision != other.precision
                        && to_integer(a).is_none()
                        && to_integer(b).is_none()
                        && self.to_string() == other.to_string()
            }
            _ => self.compare(other) == Ordering::Equal,
        }
    }
}

impl Eq for Number {}

/// As Terraform prints numbers in strings: in full, without an exponent, with as many digits as tell it from its
/// neighbours in its precision.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.precision;
        match &self.repr {
            Repr::Int(value) if bits >= COUNTED || value.unsigned_abs() < 1 << bits => {
                write!(f, "{value}")
            }
            Repr::Int(_) => f.write_str(&shortest(&self.float(), bits)),
            Repr::NegativeZero => f.write_str("-0"),
            Repr::Infinite(negative) => f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Repr::Big(value) => match to_integer(value) {
                Some(whole) if whole.bit_len() <= bits as usize => write!(f, "{whole}"),
                _ => f.write_str(&shortest(value, bits)),
            },
        }
    }
}

/// The decimal with the fewest digits that is nearer to a float than to its neighbours, as Go's `math/big` finds it: where
/// the next smaller float is nearer than the next greater one, both are taken to be as far away.
fn shortest(value: &Float, precision: u32) -> String {
    let significand = value.repr().significand().clone().abs();
    // In halves of the last place, so that neighbours end one above and one below.
    let shift = (precision as usize + 1).saturating_sub(significand.bit_len());
    let mantissa = significand << shift;
    let exponent = value.repr().exponent() - shift as isize;
    let inclusive = !mantissa.bit(1);
    let (digits, point) = decimal(&mantissa, exponent);
    let (lower, _) = decimal(&(&mantissa - IBig::ONE), exponent);
    let (upper, _) = decimal(&(&mantissa + IBig::ONE), exponent);
    let at = |digits: &[u8], place: usize| digits.get(place).copied().unwrap_or(b'0');
    let found = (0..digits.len()).find_map(|place| {
        let (digit, low, high) = (digits[place], at(&lower, place), at(&upper, place));
        let down = low != digit || inclusive && place + 1 == lower.len();
        let up = digit != high && (inclusive || digit + 1 < high || place + 1 < upper.len());
        match (down, up) {
            (true, true) => Some((place + 1, rounds_up(&digits, place + 1))),
            (true, false) => Some((place + 1, false)),
            (false, true) => Some((place + 1, true)),
            (false, false) => None,
        }
    });
    let (digits, point) = match found {
        Some((count, up)) => cut(&digits, point, count, up),
        None => (digits, point),
    };
    let text = placed(&digits, point);
    if value.sign() == Sign::Negative { format!("-{text}") } else { text }
}

/// The digits of `mantissa × 2^exponent` without zeros at the end, and where the point is: how many digits are before it.
fn decimal(mantissa: &IBig, exponent: isize) -> (Vec<u8>, isize) {
    let places = exponent.unsigned_abs();
    let (whole, scale) = if exponent >= 0 {
        (mantissa.clone() << places, 0)
    } else {
        // Half of ten is five: a power of two below the point is a power of five behind it.
        (mantissa * IBig::from(5).pow(places), places as isize)
    };
    let mut digits = whole.to_string().into_bytes();
    let point = digits.len() as isize - scale;
    digits.truncate(digits.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1));
    (digits, point)
}

/// Whether a number is rounded up if only so many of its digits are kept, half to even.
fn rounds_up(digits: &[u8], count: usize) -> bool {
    match digits.get(count) {
        Some(b'5') if digits.len() == count + 1 => digits[count - 1] % 2 == 1,
        Some(digit) => *digit >= b'5',
        None => false,
    }
}

/// Keeps so many digits, and adds one to the last.
fn cut(digits: &[u8], point: isize, count: usize, up: bool) -> (Vec<u8>, isize) {
    let mut kept = digits[..count].to_vec();
    if up {
        while kept.last() == Some(&b'9') {
            kept.pop();
        }
        match kept.last_mut() {
            Some(last) => *last += 1,
            None => return (vec![b'1'], point + 1),
        }
    } else {
        while kept.last() == Some(&b'0') {
            kept.pop();
        }
    }
    (kept, point)
}

/// Digits with their point, without an exponent.
fn placed(digits: &[u8], point: isize) -> String {
    let text = String::from_utf8_lossy(digits);
    match usize::try_from(point) {
        Ok(before) if before >= text.len() => format!("{text}{}", "0".repeat(before - text.len())),
        Ok(before) if before > 0 => format!("{}.{}", &text[..before], &text[before..]),
        _ => format!("0.{}{text}", "0".repeat(point.unsigned_abs())),
    }
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
        assert_eq!(number("1e70000").to_string(), format!("1{}", "0".repeat(70_000)));
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
            infinity.compare(&number("1e100")).is_gt()
                && infinity.neg().compare(&number("-1e100")).is_lt()
                && zero == zero.neg()
        );
        assert_eq!(number("-1").mul(&zero).to_string(), "-0");
    }

    #[test]
    fn a_number_has_the_precision_of_where_it_comes_from() {
        let (counted, written) = (|value: i64| Number::from(value), number);
        let machine = |value: f64| Number::from_f64(value).unwrap();
        let third = counted(1).div(&counted(3)).unwrap();
        for (found, text) in [
            (third.clone(), "0.33333333333333333334"),
            (counted(2).div(&counted(3)).unwrap().mul(&counted(3)), "2.00000000000000000005"),
            (machine(0.1), "0.1"),
            (machine(0.1).neg(), "-0.1"),
            (
                machine(0.1).mul(&written("1")),
                "0.1000000000000000055511151231257827021181583404541015625",
            ),
            (machine(2_f64.sqrt()).sub(&counted(1)), "0.41421356237309514547"),
            (machine(2_f64.powi(64)), "18446744073709550000"),
            (machine(2_f64.powi(64)).add(&written("1")), "18446744073709551617"),
            (machine(2_f64.powi(53)).add(&machine(1.0)), "9007199254740992"),
            (machine(2_f64.powi(64)).rem(&written("7")).unwrap(), "0"),
            (machine(1e23), "100000000000000000000000"),
            (machine(2_f64.powi(60)), "1152921504606847000"),
        ] {
            assert_eq!(found.to_string(), text);
        }
        let big = IBig::from(1) << 700;
        assert_eq!(Number::from_integer(big.clone()).to_integer(), Some(big));
    }

    #[test]
    fn equal_numbers_are_written_alike() {
        let machine = |value: f64| Number::from_f64(value).unwrap();
        let third = Number::from(1).div(&Number::from(3)).unwrap();
        assert_eq!(machine(0.1), number("0.1"));
        assert_eq!(third, number("0.33333333333333333334"));
        assert_ne!(third, number("1").div(&number("3")).unwrap());
        assert_eq!(machine(2_f64.powi(64)), number("18446744073709551616"));
        assert_ne!(machine(2_f64.powi(64)), number("18446744073709550000"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", "-", "a", "1e", "0x10", "--1", "1_000", "."] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }
}
