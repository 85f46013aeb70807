//! Conversion of values to types, and the one type that several types can become.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::unify::is_vague;
pub use crate::unify::unify;
use crate::{Data, Number, ObjectType, Path, Refinement, Step, Str, Type, Value, print};

/// Why a value cannot become a type.
#[derive(Clone, PartialEq, Debug)]
pub struct ConvertError {
    /// Where inside the value.
    pub path: Path,
    /// What is wrong.
    pub message: String,
}

/// The place, as words before the message: `attribute "x": string required`.
impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.path.0 {
            match step {
                Step::Attr(name) => write!(f, "attribute {}: ", print::quoted(name))?,
                Step::Index(key) => write!(f, "element {}: ", print::redacted(key))?,
            }
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConvertError {}

type Result<T> = std::result::Result<T, ConvertError>;

fn error<T>(message: impl Into<String>) -> Result<T> {
    Err(ConvertError { path: Path::root(), message: message.into() })
}

fn within<T>(step: impl FnOnce() -> Step, result: Result<T>) -> Result<T> {
    result.map_err(|mut error| {
        error.path.0.insert(0, step());
        error
    })
}

/// Converts a value to a type, which may contain [`Type::Any`] and optional attributes.
///
/// # Errors
/// The first part that cannot be converted.
pub fn convert(value: &Value, ty: &Type) -> Result<Value> {
    converted(value.clone(), ty)
}

/// Like [`convert`] for a value that nobody else needs.
///
/// # Errors
/// The first part that cannot be converted.
#[inline]
pub fn converted(value: Value, ty: &Type) -> Result<Value> {
    if *ty == Type::Any || is_of(&value, ty) {
        return Ok(value);
    }
    other(&value, ty)
}

/// The conversion of a value that is not of the type.
fn other(value: &Value, ty: &Type) -> Result<Value> {
    if !value.is_known() && value.ty() == Type::Any {
        let found = Value::from(Data::Unknown(ty.without_optional(), refinement(value)));
        return Ok(found.marked(value.marks()));
    }
    let marks = value.marks();
    let converted = match value.data() {
        Data::Null(from) => null(from, ty)?,
        Data::Unknown(from, _) => unknown(value, from, ty)?,
        _ => known(value, ty)?,
    };
    Ok(converted.marked(marks))
}

/// Whether the value already has exactly this type: the common case, found without building types.
#[inline]
fn is_of(value: &Value, ty: &Type) -> bool {
    match (value.data(), ty) {
        (Data::Null(from) | Data::Unknown(from, _), ty) => {
            from == ty && !ty.has_any() && *ty == ty.without_optional()
        }
        (Data::Bool(_), Type::Bool)
        | (Data::Number(_), Type::Number)
        | (Data::String(_), Type::String) => true,
        (Data::List(from, _), Type::List(to))
        | (Data::Set(from, _), Type::Set(to))
        | (Data::Map(from, _), Type::Map(to)) => from == &**to && to.is_primitive(),
        _ => false,
    }
}

fn refinement(value: &Value) -> Option<Arc<Refinement>> {
    match value.data() {
        Data::Unknown(_, refinement) => {
            let kept = refinement.as_ref().is_some_and(|refinement| refinement.not_null);
            kept.then(|| Arc::new(Refinement::not_null()))
        }
        _ => None,
    }
}

fn null(from: &Type, ty: &Type) -> Result<Value> {
    if *from != Type::Any {
        possible(from, ty)?;
    }
    Ok(Value::null(settled(from, ty)))
}

fn unknown(value: &Value, from: &Type, ty: &Type) -> Result<Value> {
    possible(from, ty)?;
    if *from == ty.without_optional() {
        return Ok(value.clone().unmarked().0);
    }
    let known = Refinement::of(value);
    let (least, most) = match from {
        Type::Tuple(items) => (Some(items.len() as u64), Some(items.len() as u64)),
        Type::Object(object) => {
            let count = object.attributes.len() as u64;
            (Some(count), Some(count))
        }
        _ => (known.min_length, known.max_length),
    };
    let kept = Refinement { not_null: known.not_null, ..Refinement::default() };
    let refinement = match ty {
        Type::List(_) | Type::Map(_) => Refinement { min_length: least, max_length: most, ..kept },
        // What was different may be equal in the end.
        Type::Set(_) => {
            let least = least.map(|least| least.min(1));
            Refinement { min_length: least, max_length: most, ..kept }
        }
        _ => kept,
    };
    Ok(Value::refined(settled(from, ty), refinement))
}

/// What a constraint becomes for a value of type `from` that has no parts to look at.
fn settled(from: &Type, ty: &Type) -> Type {
    match (from, ty) {
        (from, Type::Any) => from.clone(),
        (_, ty) if !ty.has_any() => ty.without_optional(),
        (Type::List(from) | Type::Set(from), Type::List(to)) => Type::list(settled(from, to)),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => Type::set(settled(from, to)),
        (Type::Map(from), Type::Map(to)) => Type::map(settled(from, to)),
        (Type::Tuple(from), Type::List(to)) => Type::list(element_of(from.iter(), to)),
        (Type::Tuple(from), Type::Set(to)) => Type::set(element_of(from.iter(), to)),
        (Type::Object(from), Type::Map(to)) => Type::map(element_of(from.attributes.values(), to)),
        (Type::Object(from), Type::Object(to)) => {
            Type::object(to.attributes.iter().map(|(name, ty)| {
                (
                    name.clone(),
                    from.attributes
                        .get(name)
                        .map_or_else(|| ty.without_optional(), |from| settled(from, ty)),
                )
            }))
        }
        (Type::Tuple(from), Type::Tuple(to)) => {
            Type::tuple(from.iter().zip(to.iter()).map(|(from, to)| settled(from, to)))
        }
        (_, ty) => ty.without_optional(),
    }
}

fn element_of<'t>(from: impl Iterator<Item = &'t Type>, to: &Type) -> Type {
    let settled: Vec<Type> = from.map(|from| settled(from, to)).collect();
    if settled.is_empty() { to.without_optional() } else { unify(&settled).unwrap_or(Type::Any) }
}

/// Whether some value of type `from` can be converted.
pub(crate) fn is_possible(from: &Type, to: &Type) -> bool {
    possible(from, to).is_ok()
}

fn possible(from: &Type, to: &Type) -> Result<()> {
    match (from, to) {
        (_, Type::Any) | (Type::Any, _) => Ok(()),
        (from, to) if from == to => Ok(()),
        (Type::Number | Type::Bool, Type::String) | (Type::String, Type::Number | Type::Bool) => {
            Ok(())
        }
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to))
        | (Type::Map(from), Type::Map(to)) => possible(from, to),
        (Type::Tuple(items), Type::List(to) | Type::Set(to)) => {
            unifiable(items.iter(), to, "list")?;
            items.iter().try_for_each(|from| possible(from, to))
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            from.iter().zip(to.iter()).try_for_each(|(from, to)| possible(from, to))
        }
        (Type::Object(from), Type::Map(to)) => {
            unifiable(from.attributes.values(), to, "map")?;
            from.attributes.values().try_for_each(|from| possible(from, to))
        }
        (Type::Object(from), Type::Object(to)) => {
            missing(from.attributes.keys(), to)?;
            to.attributes.iter().try_for_each(|(name, to)| match from.attributes.get(name) {
                Some(from) => within(|| Step::Attr(name.clone()), possible(from, to)),
                None => Ok(()),
            })
        }
        (Type::Map(from), Type::Object(to)) => {
            to.attributes.values().try_for_each(|to| possible(from, to))
        }
        (_, to) => mismatch(to),
    }
}

/// Whether types become one where the constraint leaves the type of elements open.
fn unifiable<'t>(types: impl Iterator<Item = &'t Type>, to: &Type, what: &str) -> Result<()> {
    if *to == Type::Any && unify(&types.cloned().collect::<Vec<_>>()).is_none() {
        return unlike(what);
    }
    Ok(())
}

fn unlike<T>(what: &str) -> Result<T> {
    error(format!("all {what} elements must have the same type"))
}

fn mismatch<T>(to: &Type) -> Result<T> {
    error(format!("{} required", print::type_name(to).replace("dynamic", "any single type")))
}

fn missing<'n>(names: impl Iterator<Item = &'n Str>, to: &ObjectType) -> Result<()> {
    let given: std::collections::BTreeSet<&Str> = names.collect();
    let missing: Vec<String> = to
        .attributes
        .keys()
        .filter(|name| !given.contains(name) && !to.optional.contains(*name))
        .map(|name| print::quoted(name))
        .collect();
    match missing.as_slice() {
        [] => Ok(()),
        [one] => error(format!("attribute {one} is required")),
        [first, second] => error(format!("attributes {first} and {second} are required")),
        [before @ .., last] => {
            error(format!("attributes {}, and {last} are required", before.join(", ")))
        }
    }
}

fn known(value: &Value, ty: &Type) -> Result<Value> {
    match (value.data(), ty) {
        (Data::Number(number), Type::String) => Ok(number.to_string().into()),
        (Data::Bool(value), Type::String) => Ok((if *value { "true" } else { "false" }).into()),
        (Data::String(text), Type::Number) => match Number::parse(text) {
            Some(number) => Ok(number.into()),
            None => error("a number is required"),
        },
        (Data::String(text), Type::Bool) => match &**text {
            "true" | "1" => Ok(true.into()),
            "false" | "0" => Ok(false.into()),
            "True" | "TRUE" => {
                error("a bool is required; to convert from string, use lowercase \"true\"")
            }
            "False" | "FALSE" => {
                error("a bool is required; to convert from string, use lowercase \"false\"")
            }
            _ => error("a bool is required"),
        },
        (Data::Set(from, items), Type::List(_)) if items.len() > 1 && !value.is_wholly_known() => {
            // Elements that are not known yet may turn out to be equal, and their order is not known.
            possible(&Type::set(from.clone()), ty)?;
            let refinement = Refinement {
                min_length: Some(1),
                max_length: Some(items.len() as u64),
                ..Refinement::not_null()
            };
            Ok(Value::refined(settled(&Type::set(from.clone()), ty), refinement))
        }
        (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), Type::List(element)) => {
            let (element, items) = elements(items, element)?;
            Ok(Value::list(element, items))
        }
        (Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items), Type::Set(element)) => {
            let (element, items) = elements(items, element)?;
            Ok(Value::set(element, items))
        }
        (Data::Tuple(items), Type::Tuple(types)) => {
            if items.len() != types.len() {
                return error(format!("tuple of {} elements is required", types.len()));
            }
            let items = items.iter().zip(types.iter()).enumerate();
            let converted = items.map(|(at, (item, ty))| within(|| index(at), convert(item, ty)));
            Ok(Value::tuple(converted.collect::<Result<Vec<_>>>()?))
        }
        (Data::Map(_, items) | Data::Object(items), Type::Map(element)) => {
            let converted = items
                .iter()
                .map(|(key, item)| {
                    within(|| Step::Index(key.clone().into()), convert(item, element))
                })
                .collect::<Result<Vec<_>>>()?;
            let (element, converted) = unified(element, converted, "map")?;
            Ok(Value::map(element, items.keys().cloned().zip(converted)))
        }
        (Data::Map(_, items) | Data::Object(items), Type::Object(object)) => {
            missing(items.keys(), object)?;
            let attribute = |(name, ty): (&Str, &Type)| {
                let item = match items.get(name) {
                    Some(item) => within(|| Step::Attr(name.clone()), convert(item, ty))?,
                    None => Value::null(ty.without_optional()),
                };
                Ok((name.clone(), item))
            };
            Ok(Value::object(
                object.attributes.iter().map(attribute).collect::<Result<BTreeMap<_, _>>>()?,
            ))
        }
        (_, ty) => mismatch(ty),
    }
}

fn index(at: usize) -> Step {
    Step::Index((at as i64).into())
}

fn elements(items: &[Value], element: &Type) -> Result<(Type, Vec<Value>)> {
    let converted: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(at, item)| within(|| index(at), convert(item, element)))
        .collect::<Result<_>>()?;
    unified(element, converted, "list")
}

/// Makes all elements of one type, where the constraint leaves that open.
fn unified(element: &Type, items: Vec<Value>, what: &str) -> Result<(Type, Vec<Value>)> {
    if !element.has_any() {
        return Ok((element.without_optional(), items));
    }
    let mut types: Vec<Type> = items.iter().map(Value::ty).collect();
    types.dedup();
    match types.as_slice() {
        [] => return Ok((element.without_optional(), items)),
        [one] => return Ok((one.clone(), items)),
        _ => {}
    }
    let mixed = || format!("all {what} elements must have the same type");
    let Some(mut ty) = unify(&types) else {
        return error(mixed());
    };
    if ty == Type::Any && what == "map" {
        // Null, and what is not known, become like their neighbours, if these are alike.
        types.retain(|ty| *ty != Type::Any);
        types.dedup();
        let [found] = types.as_slice() else {
            return error(mixed());
        };
        ty = found.clone();
    } else if ty == Type::Any {
        return error(mixed());
    }
    let vague = ty.has_any() && is_vague(&types.iter().collect::<Vec<_>>(), &ty);
    let items = items.iter().map(|item| convert(item, &ty)).collect::<Result<Vec<_>>>()?;
    if vague {
        // A conversion may settle what was open.
        let mut converted: Vec<Type> = items.iter().map(Value::ty).collect();
        converted.dedup();
        if converted == types {
            return error(mixed());
        }
        return unified(element, items, what);
    }
    Ok((ty, items))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Marks;

    #[test]
    fn primitives_convert_where_nothing_is_lost() {
        assert_eq!(convert(&"12".into(), &Type::Number).unwrap(), 12.into());
        assert_eq!(convert(&true.into(), &Type::String).unwrap(), "true".into());
        assert_eq!(
            convert(&"x".into(), &Type::Number).unwrap_err().to_string(),
            "a number is required"
        );
        assert_eq!(
            convert(&Value::tuple([]), &Type::String).unwrap_err().to_string(),
            "string required"
        );
    }

    #[test]
    fn marks_and_unknowns_survive() {
        let secret = Value::from(1).marked(Marks::SENSITIVE);
        assert!(convert(&secret, &Type::String).unwrap().is_sensitive());
        let unknown = Value::refined(Type::Number, Refinement::not_null());
        assert_eq!(
            convert(&unknown, &Type::String).unwrap(),
            Value::refined(Type::String, Refinement::not_null())
        );
    }

    #[test]
    fn a_missing_attribute_is_named_unless_it_is_optional() {
        let object = ObjectType {
            attributes: [("a".into(), Type::String), ("b".into(), Type::Number)].into(),
            optional: ["b".into()].into(),
        };
        let ty = Type::Object(Arc::new(object));
        let given = Value::object([("a", Value::from(1))]);
        let want = Value::object([("a", "1".into()), ("b", Value::null(Type::Number))]);
        assert_eq!(convert(&given, &ty).unwrap(), want);
        let problem = convert(&Value::object([("b", Value::from(1))]), &ty).unwrap_err();
        assert_eq!(problem.to_string(), "attribute \"a\" is required");
    }

    #[test]
    fn elements_of_any_type_are_unified() {
        let mixed = Value::tuple([1.into(), "a".into()]);
        let want = Value::list(Type::String, ["1".into(), "a".into()]);
        assert_eq!(convert(&mixed, &Type::list(Type::Any)).unwrap(), want);
        assert_eq!(unify(&[Type::Number, Type::Bool]), None);
        assert_eq!(
            unify(&[Type::tuple([]), Type::list(Type::String)]),
            Some(Type::list(Type::String))
        );
    }
}
