//! Numbers.

use infra_value::{Number, Type, Value};

use super::function::{Function, FunctionError, Param};

type Result = std::result::Result<Value, FunctionError>;

const NUMBER: fn() -> Type = || Type::Number;

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "abs",
        "The number without its sign: `abs(-2)` is `2`.",
        &[Param::number("num")],
        NUMBER,
        |a| Ok(number(&a[0])?.abs().into()),
    ),
    Function::pure(
        "ceil",
        "The least whole number that is not less: `ceil(1.2)` is `2`.",
        &[Param::number("num")],
        NUMBER,
        |a| Ok(number(&a[0])?.ceil().into()),
    ),
    Function::pure(
        "floor",
        "The greatest whole number that is not greater: `floor(1.8)` is `1`.",
        &[Param::number("num")],
        NUMBER,
        |a| Ok(number(&a[0])?.floor().into()),
    ),
    Function::pure(
        "log",
        "The logarithm of a number in a base: `log(8, 2)` is `3`.",
        &[Param::number("num"), Param::number("base")],
        NUMBER,
        |a| float(number(&a[0])?.to_f64().ln() / number(&a[1])?.to_f64().ln()),
    ),
    Function::pure(
        "max",
        "The greatest of the numbers: `max(1, 3, 2)` is `3`.",
        &[],
        NUMBER,
        |a| extreme(a, |best, next| next > best),
    )
    .and_any(Param::number("numbers")),
    Function::pure("min", "The least of the numbers: `min(1, 3, 2)` is `1`.", &[], NUMBER, |a| {
        extreme(a, |best, next| next < best)
    })
    .and_any(Param::number("numbers")),
    Function::pure(
        "parseint",
        "The number that digits in a base mean: `parseint(\"ff\", 16)` is `255`.",
        &[Param::any("number"), Param::number("base")],
        NUMBER,
        parseint,
    ),
    Function::pure(
        "pow",
        "A number raised to a power: `pow(2, 3)` is `8`.",
        &[Param::number("num"), Param::number("power")],
        NUMBER,
        |a| float(number(&a[0])?.to_f64().powf(number(&a[1])?.to_f64())),
    ),
    Function::pure(
        "signum",
        "-1, 0 or 1, as the number is: `signum(-5)` is `-1`.",
        &[Param::number("num")],
        NUMBER,
        |a| {
            let number = number(&a[0])?;
            let zero = Number::from(0);
            Ok((if *number < zero { -1 } else { i64::from(*number > zero) }).into())
        },
    ),
    Function::pure(
        "sum",
        "All numbers of a list added: `sum([1, 2])` is `3`.",
        &[Param::any("list")],
        NUMBER,
        sum,
    ),
];

pub(super) fn number(value: &Value) -> std::result::Result<&Number, FunctionError> {
    value.as_number().ok_or_else(|| FunctionError::new("a number is required"))
}

fn float(value: f64) -> Result {
    match Number::from_f64(value) {
        Some(number) => Ok(number.into()),
        None => Err(FunctionError::new("the result is not a number")),
    }
}

fn extreme(arguments: &[Value], better: fn(&Number, &Number) -> bool) -> Result {
    let mut best: Option<&Number> = None;
    for argument in arguments {
        let next = number(argument)?;
        if best.is_none_or(|best| better(best, next)) {
            best = Some(next);
        }
    }
    best.map(|best| best.clone().into())
        .ok_or_else(|| FunctionError::new("must pass at least one number"))
}

fn parseint(a: &[Value]) -> Result {
    let Some(text) = a[0].as_str() else {
        return Err(FunctionError::at(
            0,
            format!(
                "first argument must be a string, not {}",
                infra_value::print::type_name(&a[0].ty())
            ),
        ));
    };
    let base = a[1].as_i64().filter(|base| (2..=62).contains(base));
    let Some(base) = base else {
        return Err(FunctionError::at(1, "base must be a whole number between 2 and 62 inclusive"));
    };
    let wrong = || {
        FunctionError::at(
            0,
            format!("cannot parse {} as a base {base} integer", infra_value::print::quoted(text)),
        )
    };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() {
        return Err(wrong());
    }
    let base_number = Number::from(base);
    let mut total = Number::from(0);
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
        total = total.mul(&base_number).add(&Number::from(digit));
    }
    Ok((if text.starts_with('-') { total.neg() } else { total }).into())
}

fn sum(a: &[Value]) -> Result {
    let Some(items) = a[0].as_sequence() else {
        return Err(FunctionError::at(0, "argument must be list, set, or tuple. Received object"));
    };
    if items.is_empty() {
        return Err(FunctionError::at(0, "cannot sum an empty list"));
    }
    let mut total = Number::from(0);
    for item in items {
        let item = infra_value::convert::convert(item, &Type::Number).map_err(|_| {
            FunctionError::at(0, "argument must be list, set, or tuple of number values")
        })?;
        let Some(number) = item.as_number() else {
            return Err(FunctionError::at(
                0,
                "argument must be list, set, or tuple of number values",
            ));
        };
        total = total.add(number);
    }
    Ok(total.into())
}
