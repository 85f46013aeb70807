//! The one type that values of several types can become.
//!
//! Kinds that are alike are joined part by part; otherwise one of the types must do for all, the more general first.
//! The rules are Terraform's.

use std::cmp::Ordering;

use crate::{ObjectType, Str, Type, convert};

/// The one type to which values of all these types can be converted; nothing if there is none. No types become any type.
pub fn unify(types: &[Type]) -> Option<Type> {
    if types.is_empty() { Some(Type::Any) } else { one_type(&distinct(types.iter())) }
}

fn distinct<'t>(types: impl Iterator<Item = &'t Type>) -> Vec<&'t Type> {
    let mut found: Vec<&Type> = Vec::new();
    for ty in types {
        if !found.contains(&ty) {
            found.push(ty);
        }
    }
    found
}

/// Whether some part of `found`, to which types were unified, is of any type because nothing in common is known of it.
/// Elements of collections cannot have such a type.
pub(crate) fn is_vague(types: &[&Type], found: &Type) -> bool {
    let inside = |part: &dyn Fn(&Type) -> Vec<Type>, found: &Type| {
        let parts: Vec<Type> = types.iter().flat_map(|ty| part(ty)).collect();
        is_vague(&parts.iter().collect::<Vec<_>>(), found)
    };
    match found {
        Type::Any => distinct(types.iter().copied()).len() > 1,
        Type::Bool | Type::Number | Type::String => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => inside(
            &|ty| match ty {
                Type::Tuple(elements) => elements.to_vec(),
                Type::Object(object) => object.attributes.values().cloned().collect(),
                other => other.element().cloned().into_iter().collect(),
            },
            element,
        ),
        Type::Object(object) => object.attributes.iter().any(|(name, found)| {
            inside(
                &|ty| match ty {
                    Type::Object(object) => {
                        object.attributes.get(name).cloned().into_iter().collect()
                    }
                    _ => Vec::new(),
                },
                found,
            )
        }),
        Type::Tuple(elements) => elements.iter().enumerate().any(|(at, found)| {
            inside(
                &|ty| match ty {
                    Type::Tuple(elements) => elements.get(at).cloned().into_iter().collect(),
                    _ => Vec::new(),
                },
                found,
            )
        }),
    }
}

/// The one type of types that are all different.
fn one_type(types: &[&Type]) -> Option<Type> {
    match types {
        [] => return None,
        [one] => return Some((*one).clone()),
        _ => {}
    }
    let count = |test: fn(&Type) -> bool| types.iter().filter(|ty| test(ty)).count();
    let any = count(|ty| *ty == Type::Any);
    let objects = count(|ty| matches!(ty, Type::Object(_)));
    let tuples = count(|ty| matches!(ty, Type::Tuple(_)));
    for (same_kind, make) in COLLECTIONS {
        let of_kind = count(same_kind);
        if of_kind > 0 && of_kind + any == types.len() {
            let elements = types.iter().filter_map(|ty| ty.element());
            return if any > 0 { Some(Type::Any) } else { Some(make(joined(elements)?)) };
        }
    }
    if objects > 0 && objects + any == types.len() {
        return if any > 0 { Some(Type::Any) } else { join_objects(types) };
    }
    if tuples > 0 && tuples + any == types.len() {
        return if any > 0 { Some(Type::Any) } else { join_tuples(types) };
    }
    if objects > 0 && tuples > 0 {
        return None;
    }
    let maps = count(|ty| matches!(ty, Type::Map(_)));
    let lists = count(|ty| matches!(ty, Type::List(_)));
    let found = if maps > 0 && maps + objects + any == types.len() {
        as_collections(types, Type::map, |ty| match ty {
            Type::Object(object) => Some(object.attributes.values().collect()),
            _ => None,
        })
    } else if lists > 0 && lists + tuples + any == types.len() {
        as_collections(types, Type::list, |ty| match ty {
            Type::Tuple(elements) => Some(elements.iter().collect()),
            _ => None,
        })
    } else {
        None
    };
    found.or_else(|| most_general(types))
}

type Kind = (fn(&Type) -> bool, fn(Type) -> Type);

const COLLECTIONS: [Kind; 3] = [
    (|ty| matches!(ty, Type::Map(_)), Type::map),
    (|ty| matches!(ty, Type::List(_)), Type::list),
    (|ty| matches!(ty, Type::Set(_)), Type::set),
];

/// The one type of the types of parts; nothing if there are none.
fn joined<'t>(types: impl Iterator<Item = &'t Type>) -> Option<Type> {
    one_type(&distinct(types))
}

/// Objects beside maps, or tuples beside lists: first those become collections, then all become one.
fn as_collections(
    types: &[&Type],
    make: fn(Type) -> Type,
    parts: fn(&Type) -> Option<Vec<&Type>>,
) -> Option<Type> {
    let inner = types.iter().filter_map(|ty| parts(ty)).flatten();
    let collection = make(joined(inner)?);
    let listed = types.iter().map(|ty| if parts(ty).is_some() { &collection } else { *ty });
    joined(listed).filter(Type::is_collection)
}

/// Objects with the same attributes become one object; others a map, if their attributes agree.
fn join_objects(types: &[&Type]) -> Option<Type> {
    let objects: Vec<&ObjectType> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Object(object) => Some(&**object),
            _ => None,
        })
        .collect();
    let names = || objects[0].attributes.keys();
    if !objects.iter().all(|object| object.attributes.keys().eq(names())) {
        let all = objects.iter().flat_map(|object| object.attributes.values());
        return possible_for_all(types, Type::map(joined(all)?));
    }
    let attribute = |name: &Str| {
        let types = objects.iter().filter_map(|object| object.attributes.get(name));
        Some((name.clone(), joined(types)?))
    };
    Some(Type::object(names().map(attribute).collect::<Option<Vec<_>>>()?))
}

/// Tuples of the same length become one tuple; others a list, if their elements agree.
fn join_tuples(types: &[&Type]) -> Option<Type> {
    let tuples: Vec<&[Type]> = types
        .iter()
        .filter_map(|ty| match ty {
            Type::Tuple(elements) => Some(&**elements),
            _ => None,
        })
        .collect();
    let length = tuples[0].len();
    if tuples.iter().any(|tuple| tuple.len() != length) {
        let all = tuples.iter().flat_map(|tuple| tuple.iter());
        return possible_for_all(types, Type::list(joined(all)?));
    }
    let element = |at: usize| joined(tuples.iter().map(|tuple| &tuple[at]));
    Some(Type::tuple((0..length).map(element).collect::<Option<Vec<_>>>()?))
}

/// The first type, the more general before the others, to which all others can be converted.
fn most_general(types: &[&Type]) -> Option<Type> {
    let mut order: Vec<&Type> = Vec::new();
    let mut rest = types.to_vec();
    while !rest.is_empty() {
        let first =
            |ty: &&Type| rest.iter().all(|other| generality(ty, other) != Ordering::Greater);
        let (free, bound): (Vec<&Type>, Vec<&Type>) =
            rest.iter().copied().partition(|ty| first(ty));
        if free.is_empty() {
            break;
        }
        order.extend(free);
        rest = bound;
    }
    order.into_iter().find_map(|wanted| possible_for_all(types, wanted.clone()))
}

/// The type, if all others can be converted to it.
fn possible_for_all(types: &[&Type], wanted: Type) -> Option<Type> {
    let fits = |ty: &&Type| **ty == wanted || convert::is_possible(ty, &wanted);
    types.iter().all(fits).then_some(wanted)
}

/// `Less` if `a` is to be tried before `b`.
fn generality(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        (Type::Any, Type::Any) => Ordering::Equal,
        (Type::Any, _) => Ordering::Greater,
        (_, Type::Any) => Ordering::Less,
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => generality(a, b),
        (Type::List(_) | Type::Tuple(_), Type::Set(_))
        | (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Set(_), Type::List(_) | Type::Tuple(_))
        | (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_unified_where_kinds_are_alike() {
        let (string, number) = (Type::String, Type::Number);
        let object = |name: &str, ty: &Type| Type::object([(name, ty.clone())]);
        let same = unify(&[object("a", &number), object("a", &string)]);
        assert_eq!(same, Some(object("a", &string)));
        let other = unify(&[object("a", &number), object("b", &string)]);
        assert_eq!(other, Some(Type::map(string.clone())));
        let tuples = unify(&[Type::tuple([number.clone()]), Type::tuple([])]);
        assert_eq!(tuples, Some(Type::list(number)));
    }

    #[test]
    fn otherwise_the_more_general_type_does_for_all() {
        let list = Type::list(Type::String);
        let set = Type::set(Type::String);
        assert_eq!(unify(&[set.clone(), list.clone()]), Some(list.clone()));
        assert_eq!(unify(&[Type::tuple([]), list.clone()]), Some(list));
        assert_eq!(unify(&[Type::tuple([Type::Number]), set.clone()]), Some(set));
        assert_eq!(unify(&[Type::Number, Type::Bool]), None);
        assert_eq!(unify(&[Type::Number, Type::Bool, Type::String]), Some(Type::String));
        assert_eq!(unify(&[Type::Number, Type::Any]), Some(Type::Number));
        assert_eq!(unify(&[Type::tuple([]), Type::object::<&str>([])]), None);
    }
}
