//! Numbers: 512-bit binary floats, with a fast path for integers.

use std::cmp::Ordering;
use std::fmt;

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

/// Digits of precision, in bits, as Terraform has.
pub const PRECISION: usize = 512;

/// A binary float that rounds half to even.
pub type Float = FBig<HalfEven, 2>;

/// A number. Integers that fit 64 bits are always held as such, so equality is structural.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    Int(i64),
    Big(std::sync::Arc<Float>),
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl Number {
    /// The integer, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(value) => Some(*value),
            Repr::Big(_) => None,
        }
    }
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
            (Repr::Big(a), Repr::Big(b)) => a.cmp(b),
            (Repr::Int(a), Repr::Big(b)) => Float::from(*a).cmp(b),
            (Repr::Big(a), Repr::Int(b)) => (**a).cmp(&Float::from(*b)),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(value) => write!(f, "{value}"),
            Repr::Big(value) => write!(f, "{value}"),
        }
    }
}
