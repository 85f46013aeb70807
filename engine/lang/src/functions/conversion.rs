//! Types and marks.

use infra_value::{Data, Marks, Type, Value, convert, print};

use super::{FunctionError, Result, function};

/// The value with null where it is ephemeral.
///
/// ```console
/// > ephemeralasnull("lasting")
/// "lasting"
/// ```
#[function(typed = same, nullable)]
fn ephemeralasnull(#[arg(null, unknown, dynamic, marked)] value: &Value) -> Value {
    value.clone().transform(&mut |_, item| {
        let (plain, marks) = item.unmarked();
        let rest = marks.without(Marks::EPHEMERAL);
        match marks.contains(Marks::EPHEMERAL) && plain.is_known() {
            true => Value::null(plain.ty()).marked(rest),
            false => plain.marked(rest),
        }
    })
}

/// Whether a value is sensitive.
///
/// ```console
/// > issensitive(sensitive("secret"))
/// true
/// > issensitive("open")
/// false
/// ```
#[function(returns = bool, nullable)]
fn issensitive(#[arg(null, unknown, dynamic, marked)] value: &Value) -> Value {
    if value.is_sensitive() {
        true.into()
    } else if value.is_known() {
        false.into()
    } else {
        // It may turn out to be sensitive.
        Value::unknown(Type::Bool)
    }
}

/// The value, no longer sensitive.
///
/// ```console
/// > nonsensitive(sensitive("not so secret"))
/// "not so secret"
/// ```
#[function(typed = same, nullable)]
fn nonsensitive(#[arg(null, unknown, dynamic, marked)] value: &Value) -> Value {
    let (value, marks) = value.clone().unmarked();
    value.marked(marks.without(Marks::SENSITIVE))
}

/// The value, never shown from now on.
///
/// ```console
/// > sensitive("secret")
/// (sensitive value)
/// ```
#[function(typed = same, nullable)]
fn sensitive(#[arg(null, unknown, dynamic, marked)] value: &Value) -> Value {
    value.clone().marked(Marks::SENSITIVE)
}

fn same(a: &[Value]) -> Result<Type> {
    Ok(a[0].ty())
}

/// The value as a bool.
///
/// ```console
/// > tobool("true")
/// true
/// > tobool(null)
/// tobool(null)
/// ```
#[function(typed = |a| convertible(&a[0], Type::Bool), nullable)]
fn tobool(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The value as a list.
///
/// ```console
/// > tolist(["a", 1])
/// tolist([
///   "a",
///   "1",
/// ])
/// ```
#[function(typed = |a| convertible(&a[0], Type::list(Type::Any)), nullable)]
fn tolist(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The value as a map.
///
/// ```console
/// > tomap({ a = 1, b = "x" })
/// tomap({
///   "a" = "1"
///   "b" = "x"
/// })
/// ```
#[function(typed = |a| convertible(&a[0], Type::map(Type::Any)), nullable)]
fn tomap(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The value as a number.
///
/// ```console
/// > tonumber("1.5")
/// 1.5
/// ```
#[function(typed = |a| convertible(&a[0], Type::Number), nullable)]
fn tonumber(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The value as a set.
///
/// ```console
/// > toset(["b", "a", "b"])
/// toset([
///   "a",
///   "b",
/// ])
/// ```
#[function(typed = |a| convertible(&a[0], Type::set(Type::Any)), nullable)]
fn toset(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The value as a string.
///
/// ```console
/// > tostring(1.5)
/// "1.5"
/// ```
#[function(typed = |a| convertible(&a[0], Type::String), nullable)]
fn tostring(#[arg(null, unknown, dynamic, marked)] v: &Value, ty: &Type) -> Result<Value> {
    converted(v, ty)
}

/// The type, if values of the type of `value` can be converted to it at all.
fn convertible(value: &Value, ty: Type) -> Result<Type> {
    let from = value.ty();
    match convert::convert(&Value::unknown(from.clone()), &ty) {
        Ok(_) => Ok(ty),
        Err(_) => Err(FunctionError::at(0, cannot(&from, &ty))),
    }
}

fn cannot(from: &Type, to: &Type) -> String {
    let to = print::type_name(to).replace("dynamic", "any single type");
    format!("cannot convert {} to {to}", print::type_name(from))
}

fn converted(value: &Value, ty: &Type) -> Result<Value> {
    if !value.is_known() {
        return Ok(Value::unknown(ty.clone()).marked(value.marks()));
    }
    convert::convert(value, ty).map_err(|_| {
        let why = match ty {
            Type::Bool => "only the strings \"true\" or \"false\" are allowed",
            _ => "given string must be a decimal representation of a number",
        };
        let message = match value.data() {
            _ if value.is_sensitive() => {
                let (from, to) = (print::type_name(&value.ty()), print::type_name(ty));
                format!("cannot convert this sensitive {from} to {to}")
            }
            Data::String(text) if ty.is_primitive() => {
                format!("cannot convert {} to {}; {why}", print::quoted(text), print::type_name(ty))
            }
            _ => cannot(&value.ty(), ty),
        };
        FunctionError::at(0, message)
    })
}
