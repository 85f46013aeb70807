//! Numbers.

use dashu_int::IBig;
use infra_value::{Data, Number, Type, Value, convert, print};

use super::{FunctionError, Result, function, items, machine};

/// The number without its sign.
///
/// ```console
/// > abs(-2.5)
/// 2.5
/// ```
#[function(returns = number)]
fn abs(#[arg(number, marked)] num: &Value) -> Value {
    let size = num.as_number().map(Number::abs);
    size.map_or_else(|| num.clone(), |size| Value::from(size).marked(num.marks()))
}

/// The least whole number that is not less than a number.
///
/// ```console
/// > ceil(1.2)
/// 2
/// ```
#[function]
fn ceil(num: &Number) -> Number {
    num.ceil()
}

/// The greatest whole number that is not greater than a number.
///
/// ```console
/// > floor(-1.2)
/// -2
/// ```
#[function]
fn floor(num: &Number) -> Number {
    num.floor()
}

/// The logarithm of a number in a base.
///
/// ```console
/// > log(8, 2)
/// 3
/// ```
#[function]
fn log(num: &Number, base: &Number) -> Result<Number> {
    float(machine::ln(double(num)?) / machine::ln(double(base)?))
}

/// The greatest of the numbers.
///
/// ```console
/// > max(12, 54, 3)
/// 54
/// > max([1, 2]...)
/// 2
/// ```
#[function]
fn max(#[arg(variadic, dynamic)] numbers: Vec<&Number>) -> Result<Number> {
    // Of equal ones the first: zero and minus zero are.
    let greatest = numbers.into_iter().reduce(|a, b| if b.compare(a).is_gt() { b } else { a });
    greatest.cloned().ok_or_else(no_numbers)
}

/// The least of the numbers.
///
/// ```console
/// > min(12, 54, 3)
/// 3
/// ```
#[function]
fn min(#[arg(variadic, dynamic)] numbers: Vec<&Number>) -> Result<Number> {
    numbers.into_iter().min_by(|a, b| a.compare(b)).cloned().ok_or_else(no_numbers)
}

/// The number that digits in a base of 2 to 62 mean.
///
/// ```console
/// > parseint("ff", 16)
/// 255
/// > parseint("-1011", 2)
/// -11
/// ```
#[function(typed = parseint_type)]
fn parseint(number: &Value, base: &Number) -> Result<Number> {
    let text = number.as_str().unwrap_or_default();
    let Some(base) = base.to_i64() else {
        return Err(FunctionError::at(1, infra_value::function::NOT_WHOLE));
    };
    if !(2..=62).contains(&base) {
        return Err(FunctionError::at(1, "base must be a whole number between 2 and 62 inclusive"));
    }
    let wrong = || {
        let text = print::quoted(text);
        FunctionError::at(0, format!("cannot parse {text} as a base {base} integer"))
    };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() {
        return Err(wrong());
    }
    let mut total = IBig::ZERO;
    for character in digits.chars() {
        let digit = match character {
            '0'..='9' => character as i64 - '0' as i64,
            'a'..='z' => character as i64 - 'a' as i64 + 10,
            'A'..='Z' if base <= 36 => character as i64 - 'A' as i64 + 10,
            'A'..='Z' => character as i64 - 'A' as i64 + 36,
            _ => return Err(wrong()),
        };
        if digit >= base {
            return Err(wrong());
        }
        total = total * IBig::from(base) + IBig::from(digit);
    }
    Ok(Number::from_integer(if text.starts_with('-') { -total } else { total }))
}

fn parseint_type(a: &[Value]) -> Result<Type> {
    match a[0].ty() {
        Type::String => Ok(Type::Number),
        ty => Err(FunctionError::at(
            0,
            format!("first argument must be a string, not {}", print::type_name(&ty)),
        )),
    }
}

/// A number raised to a power.
///
/// ```console
/// > pow(3, 2)
/// 9
/// > pow(4, 0.5)
/// 2
/// ```
#[function]
fn pow(num: &Number, power: &Number) -> Result<Number> {
    float(machine::power(double(num)?, double(power)?))
}

/// -1, 0 or 1: the sign of a whole number.
///
/// ```console
/// > signum(-13)
/// -1
/// ```
#[function]
fn signum(num: i64) -> i64 {
    num.signum()
}

/// All numbers of a list, set or tuple added.
///
/// ```console
/// > sum([10, 13, 6, 4.5])
/// 33.5
/// ```
#[function(returns = number)]
fn sum(list: &Value) -> Result<Value> {
    let Some(numbers) = list.as_sequence() else {
        if !matches!(list.ty(), Type::Object(_) | Type::Map(_)) {
            return Err(FunctionError::at(0, "cannot sum noniterable"));
        }
        let received = print::type_name(&list.ty());
        let received = received.split(' ').next().unwrap_or_default();
        return Err(FunctionError::at(
            0,
            format!("argument must be list, set, or tuple. Received {received}"),
        ));
    };
    if numbers.is_empty() {
        return Err(FunctionError::at(0, "cannot sum an empty list"));
    }
    if !list.is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let mut total: Option<Number> = None;
    for item in items(list) {
        if item.is_null() {
            return Err(FunctionError::at(
                0,
                "argument must be list, set, or tuple of number values",
            ));
        }
        let item = convert::convert(item, &Type::Number).map_err(|_| {
            FunctionError::at(0, "argument must be list, set, or tuple of number values")
        })?;
        if let Data::Number(number) = item.data() {
            total = Some(total.map_or_else(|| number.clone(), |total| total.add(number)));
        }
    }
    Ok(total.unwrap_or_else(|| 0.into()).into())
}

fn no_numbers() -> FunctionError {
    FunctionError::new("must pass at least one number")
}

/// An argument in 64 bits.
fn double(number: &Number) -> Result<f64> {
    let value = number.to_f64();
    if value.is_infinite() && !number.is_infinite() {
        return Err(FunctionError::new("a number is out of range"));
    }
    Ok(value)
}

fn float(value: f64) -> Result<Number> {
    Number::from_f64(value).ok_or_else(|| FunctionError::new("the result is no number"))
}
