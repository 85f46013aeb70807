//! Types and marks.

use infra_value::{Data, Marks, Type, Value, convert};

use super::function::{Function, FunctionError, Param};

type Result = std::result::Result<Value, FunctionError>;

const VALUE: Param = Param::any("v").with_null().with_unknown().with_marks();

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "ephemeralasnull",
        "The value with null where it is ephemeral.",
        &[VALUE],
        || Type::Any,
        |a| {
            Ok(a[0].clone().transform(&mut |_, item| {
                if item.marks().contains(Marks::EPHEMERAL) { Value::null(item.ty()) } else { item }
            }))
        },
    ),
    Function::pure(
        "issensitive",
        "Whether a value is sensitive.",
        &[VALUE],
        || Type::Bool,
        |a| Ok(a[0].is_sensitive().into()),
    ),
    Function::pure(
        "nonsensitive",
        "The value, no longer sensitive.",
        &[VALUE],
        || Type::Any,
        |a| {
            let (value, marks) = a[0].clone().unmarked();
            Ok(value.marked(marks.without(Marks::SENSITIVE)))
        },
    ),
    Function::pure(
        "sensitive",
        "The value, from now on sensitive.",
        &[VALUE],
        || Type::Any,
        |a| Ok(a[0].clone().marked(Marks::SENSITIVE)),
    ),
    Function::pure(
        "tobool",
        "The value as a bool: `tobool(\"true\")` is `true`.",
        &[VALUE],
        || Type::Bool,
        |a| to(&a[0], &Type::Bool),
    ),
    Function::pure(
        "tolist",
        "The value as a list.",
        &[VALUE],
        || Type::Any,
        |a| to(&a[0], &Type::list(Type::Any)),
    ),
    Function::pure(
        "tomap",
        "The value as a map.",
        &[VALUE],
        || Type::Any,
        |a| to(&a[0], &Type::map(Type::Any)),
    ),
    Function::pure(
        "tonumber",
        "The value as a number: `tonumber(\"1\")` is `1`.",
        &[VALUE],
        || Type::Number,
        |a| to(&a[0], &Type::Number),
    ),
    Function::pure(
        "toset",
        "The value as a set.",
        &[VALUE],
        || Type::Any,
        |a| to(&a[0], &Type::set(Type::Any)),
    ),
    Function::pure(
        "tostring",
        "The value as a string: `tostring(1)` is `\"1\"`.",
        &[VALUE],
        || Type::String,
        |a| to(&a[0], &Type::String),
    ),
];

fn to(value: &Value, ty: &Type) -> Result {
    convert::convert(value, ty).map_err(|error| {
        let wanted = infra_value::print::type_name(ty).replace("dynamic", "any single type");
        let given = match value.data() {
            Data::String(text) if !value.is_sensitive() => {
                format!("cannot convert {} to {wanted}", infra_value::print::quoted(text))
            }
            _ => {
                format!("cannot convert {} to {wanted}", infra_value::print::type_name(&value.ty()))
            }
        };
        let given = if ty.is_primitive() {
            format!("{given}; {}", error.message)
        } else {
            error.to_string()
        };
        FunctionError::at(0, given)
    })
}
