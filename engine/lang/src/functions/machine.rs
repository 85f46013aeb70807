//! Logarithms and powers of machine floats, rounded as Go rounds them: the last digit of a result shows the way that it
//! was computed.

/// A float as a fraction from 0.5 up to 1 and a power of two.
fn parts(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    // What is too small to be normal is made larger first.
    let (value, shift) =
        if value.abs() < f64::MIN_POSITIVE { (value * 2_f64.powi(64), -64) } else { (value, 0) };
    let bits = value.to_bits();
    let exponent = i32::from(u16::try_from((bits >> 52) & 0x7FF).unwrap_or(0)) - 1022;
    (f64::from_bits((bits & !(0x7FF << 52)) | (1022 << 52)), exponent + shift)
}

/// A fraction times a power of two.
fn joined(fraction: f64, exponent: i32) -> f64 {
    let half = exponent.clamp(-4096, 4096) / 2;
    fraction * 2_f64.powi(half) * 2_f64.powi(exponent.clamp(-4096, 4096) - half)
}

/// The natural logarithm, by the polynomial of FreeBSD's `e_log.c`.
pub(super) fn ln(value: f64) -> f64 {
    if value.is_nan() || value < 0.0 {
        return f64::NAN;
    }
    if value == 0.0 {
        return f64::NEG_INFINITY;
    }
    if value.is_infinite() {
        return value;
    }
    let (mut fraction, mut exponent) = parts(value);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let f = fraction - 1.0;
    let k = f64::from(exponent);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2
        * (0.6666666666666735
            + s4 * (0.2857142874366239 + s4 * (0.1818357216161805 + s4 * 0.14798198605116586)));
    let even = s4 * (0.3999999999940942 + s4 * (0.22222198432149784 + s4 * 0.15313837699209373));
    let rest = odd + even;
    let square = 0.5 * f * f;
    k * 0.6931471803691238 - ((square - (s * (square + rest) + k * 1.9082149292705877e-10)) - f)
}

/// A number raised to a power, by repeated squaring.
pub(super) fn power(base: f64, power: f64) -> f64 {
    if power == 0.0 || base == 1.0 {
        return 1.0;
    }
    if power == 1.0 {
        return base;
    }
    if base == 0.0 || !base.is_finite() || !power.is_finite() {
        return base.powf(power);
    }
    if power == 0.5 {
        return base.sqrt();
    }
    if power == -0.5 {
        return 1.0 / base.sqrt();
    }
    let (mut whole, mut fraction) = (power.abs().trunc(), power.abs().fract());
    if fraction != 0.0 && base < 0.0 {
        return f64::NAN;
    }
    if whole >= 9.223_372_036_854_776e18 {
        return base.powf(power);
    }
    let mut result = 1.0;
    let mut exponent = 0_i32;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        result = (fraction * ln(base)).exp();
    }
    let (mut square, mut square_exponent) = parts(base);
    let mut left = whole as i64;
    while left != 0 {
        if square_exponent.abs() > 1 << 12 {
            exponent = exponent.saturating_add(square_exponent);
            break;
        }
        if left & 1 == 1 {
            result *= square;
            exponent += square_exponent;
        }
        square *= square;
        square_exponent <<= 1;
        if square < 0.5 {
            square += square;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    if power < 0.0 { joined(1.0 / result, -exponent) } else { joined(result, exponent) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_digit_is_that_of_go() {
        assert_eq!(ln(0.5) / ln(3.0), -0.6309297535714575);
        assert_eq!(power(0.1, 10.0), 0.00000000010000000000000011);
        assert_eq!(power(2.0, -2.0), 0.25);
        assert_eq!(power(1e300, 2.0), f64::INFINITY);
        assert_eq!(power(-2.0, 3.0), -8.0);
    }
}
