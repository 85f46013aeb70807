//! Lists and maps.

use std::collections::BTreeMap;

use infra_value::{Data, Marks, Refinement, Str, Type, Value, convert, order, print};

use super::function::{Function, FunctionError, Param};
use super::string::text;

type Result = std::result::Result<Value, FunctionError>;

const ANY: fn() -> Type = || Type::Any;
const BOOL: fn() -> Type = || Type::Bool;
const LIST: fn() -> Type = || Type::list(Type::Any);
const STRINGS: fn() -> Type = || Type::list(Type::String);

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "alltrue",
        "Whether all elements are true.",
        &[Param::new("list", || Type::list(Type::Bool)).with_unknown()],
        BOOL,
        |a| all_or_any(&a[0], false),
    ),
    Function::pure(
        "anytrue",
        "Whether any element is true.",
        &[Param::new("list", || Type::list(Type::Bool)).with_unknown()],
        BOOL,
        |a| all_or_any(&a[0], true),
    ),
    Function::pure(
        "chunklist",
        "The list in pieces of a size.",
        &[Param::new("list", LIST), Param::number("size")],
        ANY,
        |a| {
            let items = items(&a[0]);
            let size = usize::try_from(a[1].as_i64().unwrap_or(-1))
                .map_err(|_| FunctionError::at(1, "the size argument must be positive"))?;
            let element = a[0].ty();
            let size = if size == 0 { items.len().max(1) } else { size };
            Ok(Value::list(
                element.clone(),
                items
                    .chunks(size)
                    .map(|chunk| {
                        Value::list(element.element().cloned().unwrap_or(Type::Any), chunk.to_vec())
                    })
                    .collect::<Vec<_>>(),
            ))
        },
    ),
    Function::pure(
        "coalesce",
        "The first argument that is neither null nor an empty string.",
        &[],
        ANY,
        coalesce,
    )
    .and_any(Param::any("vals").with_null().with_unknown()),
    Function::pure("coalescelist", "The first list that is not empty.", &[], ANY, |a| {
        a.iter()
            .find(|list| !items(list).is_empty())
            .cloned()
            .ok_or_else(|| FunctionError::new("no non-null arguments"))
    })
    .and_any(Param::any("vals")),
    Function::pure(
        "compact",
        "The list without null and empty strings.",
        &[Param::new("list", STRINGS)],
        STRINGS,
        |a| {
            Ok(Value::list(
                Type::String,
                items(&a[0])
                    .iter()
                    .filter(|item| item.as_str().is_some_and(|text| !text.is_empty()))
                    .cloned()
                    .collect::<Vec<_>>(),
            ))
        },
    ),
    Function::pure("concat", "Lists put together.", &[], ANY, concat)
        .and_any(Param::any("seqs").with_unknown()),
    Function::pure(
        "contains",
        "Whether a list contains a value.",
        &[Param::any("list"), Param::any("value")],
        BOOL,
        |a| {
            if a[0].as_sequence().is_none() {
                return Err(FunctionError::at(0, "argument must be list, tuple, or set"));
            }
            Ok(items(&a[0])
                .iter()
                .any(|item| order::equals(item, &a[1]).as_bool() == Some(true))
                .into())
        },
    ),
    Function::pure(
        "distinct",
        "The list without repetitions.",
        &[Param::new("list", LIST)],
        ANY,
        |a| {
            let mut found: Vec<Value> = Vec::new();
            for item in items(&a[0]) {
                if !found.contains(item) {
                    found.push(item.clone());
                }
            }
            Ok(Value::list(a[0].ty().element().cloned().unwrap_or(Type::Any), found))
        },
    ),
    Function::pure(
        "element",
        "The element at an index, which wraps around.",
        &[Param::any("list").with_unknown(), Param::number("index")],
        ANY,
        element,
    ),
    Function::pure(
        "flatten",
        "Lists inside lists as one list.",
        &[Param::any("list").with_unknown()],
        ANY,
        |a| {
            if !a[0].is_known() {
                return Ok(Value::unknown(Type::Any));
            }
            if a[0].as_sequence().is_none() {
                return Err(FunctionError::at(0, "can only flatten lists, sets and tuples"));
            }
            let mut found = Vec::new();
            if flatten(&a[0], &mut found) {
                Ok(Value::tuple(found))
            } else {
                Ok(Value::unknown(Type::Any))
            }
        },
    ),
    Function::pure(
        "index",
        "Where a value is in a list.",
        &[Param::any("list"), Param::any("value")],
        || Type::Number,
        |a| match items(&a[0])
            .iter()
            .position(|item| order::equals(item, &a[1]).as_bool() == Some(true))
        {
            Some(at) => Ok((at as i64).into()),
            None => Err(FunctionError::new("item not found")),
        },
    ),
    Function::pure(
        "keys",
        "The keys of a map, sorted.",
        &[Param::any("inputMap").with_unknown()],
        ANY,
        |a| match a[0].data() {
            Data::Map(_, items) => Ok(Value::list(
                Type::String,
                items.keys().map(|key| key.clone().into()).collect::<Vec<_>>(),
            )),
            Data::Object(items) => {
                Ok(Value::tuple(items.keys().map(|key| key.clone().into()).collect::<Vec<_>>()))
            }
            Data::Unknown(Type::Any | Type::Map(_), _) => Ok(Value::unknown(Type::Any)),
            _ => Err(FunctionError::at(0, "must have map or object type")),
        },
    ),
    Function::pure(
        "length",
        "How many elements or characters there are.",
        &[Param::any("value").with_unknown().with_marks()],
        || Type::Number,
        length,
    ),
    Function::pure("list", "A list of the arguments.", &[], ANY, |a| {
        to_list(Value::tuple(a.to_vec()))
    })
    .and_any(Param::any("items").with_unknown())
    .instead("write [...] or tolist([...])"),
    Function::pure(
        "lookup",
        "The element of a map with a key, or a default.",
        &[Param::any("inputMap").with_unknown().with_marks(), Param::string("key").with_marks()],
        ANY,
        lookup,
    )
    .and_any(Param::any("default").with_null().with_unknown().with_marks()),
    Function::pure("map", "A map of keys and values that follow each other.", &[], ANY, |a| {
        if a.len() % 2 != 0 {
            return Err(FunctionError::new("an even number of arguments is required"));
        }
        let pairs = a.chunks(2).map(|pair| (Str::from(text(&pair[0])), pair[1].clone()));
        convert::convert(&Value::object(pairs), &Type::map(Type::Any))
            .map_err(|error| FunctionError::new(error.to_string()))
    })
    .and_any(Param::any("items"))
    .instead("write {...} or tomap({...})"),
    Function::pure(
        "matchkeys",
        "The values whose keys are in a list.",
        &[Param::new("values", LIST), Param::new("keys", LIST), Param::new("searchset", LIST)],
        ANY,
        |a| {
            if items(&a[0]).len() != items(&a[1]).len() {
                return Err(FunctionError::new("length of keys and values should be equal"));
            }
            let wanted = |key: &Value| {
                items(&a[2]).iter().any(|wanted| order::equals(wanted, key).as_bool() == Some(true))
            };
            let pairs = items(&a[0]).iter().zip(items(&a[1]));
            let found: Vec<Value> =
                pairs.filter(|(_, key)| wanted(key)).map(|(value, _)| value.clone()).collect();
            Ok(Value::list(a[0].ty().element().cloned().unwrap_or(Type::Any), found))
        },
    ),
    Function::pure("merge", "Maps put together; later ones win.", &[], ANY, merge)
        .and_any(Param::any("maps").with_null().with_unknown()),
    Function::pure(
        "one",
        "The only element, or null if there is none.",
        &[Param::any("list")],
        ANY,
        |a| match (a[0].as_sequence(), &a[0]) {
            (Some([]), value) => {
                Ok(Value::null(value.ty().element().cloned().unwrap_or(Type::Any)))
            }
            (Some([only]), _) => Ok(only.clone()),
            (Some(_), _) => Err(FunctionError::at(
                0,
                "must be a list, set, or tuple value with either zero or one elements",
            )),
            (None, _) => Err(FunctionError::at(
                0,
                "must be a list, set, or tuple value with either zero or one elements",
            )),
        },
    ),
    Function::pure(
        "range",
        "Numbers from a start to a limit: `range(3)` is `[0, 1, 2]`.",
        &[],
        || Type::list(Type::Number),
        range,
    )
    .and_any(Param::number("params")),
    Function::pure(
        "reverse",
        "The list from its end to its beginning.",
        &[Param::any("list")],
        ANY,
        |a| match a[0].data() {
            Data::Tuple(items) => Ok(Value::tuple(items.iter().rev().cloned().collect::<Vec<_>>())),
            Data::List(element, items) | Data::Set(element, items) => {
                Ok(Value::list(element.clone(), items.iter().rev().cloned().collect::<Vec<_>>()))
            }
            _ => Err(FunctionError::at(
                0,
                format!(
                    "can only reverse list or tuple values, not {}",
                    print::type_name(&a[0].ty())
                ),
            )),
        },
    ),
    Function::pure(
        "slice",
        "Elements from a start up to, not including, an end.",
        &[Param::any("list"), Param::number("start_index"), Param::number("end_index")],
        ANY,
        slice,
    ),
    Function::pure(
        "sort",
        "The strings of a list in order.",
        &[Param::new("list", STRINGS)],
        STRINGS,
        |a| {
            let mut found = items(&a[0]).to_vec();
            found.sort_by(order::compare);
            Ok(Value::list(Type::String, found))
        },
    ),
    Function::pure(
        "transpose",
        "A map of lists turned around.",
        &[Param::new("values", || Type::map(Type::list(Type::String)))],
        || Type::map(Type::list(Type::String)),
        |a| {
            let mut found: BTreeMap<Str, Vec<Value>> = BTreeMap::new();
            for (key, list) in a[0].as_map().into_iter().flatten() {
                for item in items(list) {
                    found.entry(text(item).into()).or_default().push(key.clone().into());
                }
            }
            Ok(Value::map(
                Type::list(Type::String),
                found.into_iter().map(|(key, list)| (key, Value::list(Type::String, list))),
            ))
        },
    ),
    Function::pure(
        "values",
        "The elements of a map, in the order of its keys.",
        &[Param::any("mapping").with_unknown()],
        ANY,
        |a| match a[0].data() {
            Data::Map(element, items) => {
                Ok(Value::list(element.clone(), items.values().cloned().collect::<Vec<_>>()))
            }
            Data::Object(items) => Ok(Value::tuple(items.values().cloned().collect::<Vec<_>>())),
            Data::Unknown(Type::Any | Type::Map(_), _) => Ok(Value::unknown(Type::Any)),
            _ => Err(FunctionError::at(0, "values() requires a map as the first argument")),
        },
    ),
    Function::pure(
        "zipmap",
        "A map of keys and values from two lists.",
        &[Param::new("keys", STRINGS), Param::any("values").with_unknown()],
        ANY,
        |a| {
            if !a[1].is_known() {
                return Ok(Value::unknown(Type::Any));
            }
            let (keys, values) = (items(&a[0]), items(&a[1]));
            if keys.len() != values.len() {
                return Err(FunctionError::new(format!(
                    "number of keys ({}) does not match number of values ({})",
                    keys.len(),
                    values.len()
                )));
            }
            let pairs: Vec<(Str, Value)> =
                keys.iter().map(|key| text(key).into()).zip(values.iter().cloned()).collect();
            Ok(match a[1].data() {
                Data::List(element, _) => Value::map(element.clone(), pairs),
                _ => Value::object(pairs),
            })
        },
    ),
];

fn items(value: &Value) -> &[Value] {
    value.as_sequence().unwrap_or_default()
}

fn to_list(value: Value) -> Result {
    convert::convert(&value, &Type::list(Type::Any))
        .map_err(|error| FunctionError::new(error.to_string()))
}

fn all_or_any(list: &Value, decisive: bool) -> Result {
    if !list.is_known() {
        return Ok(Value::unknown(Type::Bool));
    }
    let mut known = true;
    for item in items(list) {
        match item.as_bool() {
            Some(value) if value == decisive => return Ok(decisive.into()),
            Some(_) => {}
            None if item.is_null() => return Ok(if decisive { continue } else { false }.into()),
            None => known = false,
        }
    }
    Ok(if known { (!decisive).into() } else { Value::refined(Type::Bool, Refinement::not_null()) })
}

fn coalesce(a: &[Value]) -> Result {
    let types: Vec<Type> = a
        .iter()
        .filter(|value| !(value.is_null() && value.ty() == Type::Any))
        .map(Value::ty)
        .collect();
    let Some(ty) = convert::unify(&types) else {
        return Err(FunctionError::new("all arguments must have the same type"));
    };
    for value in a {
        if !value.is_known() {
            return Ok(Value::unknown(ty));
        }
        if value.is_null() || value.as_str() == Some("") {
            continue;
        }
        return convert::convert(value, &ty).map_err(|error| FunctionError::new(error.to_string()));
    }
    Err(FunctionError::new("no non-null, non-empty-string arguments"))
}

fn concat(a: &[Value]) -> Result {
    let mut found = Vec::new();
    let mut lists = !a.is_empty();
    for (at, argument) in a.iter().enumerate() {
        match argument.data() {
            Data::List(_, items) => found.extend(items.iter().cloned()),
            Data::Set(_, items) => found.extend(items.iter().cloned()),
            Data::Tuple(items) => {
                lists = false;
                found.extend(items.iter().cloned());
            }
            Data::Unknown(Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => {
                return Ok(Value::unknown(Type::Any));
            }
            _ => return Err(FunctionError::at(at, "all arguments must be lists or tuples")),
        }
    }
    if lists {
        return to_list(Value::tuple(found.clone())).or_else(|_| Ok(Value::tuple(found)));
    }
    Ok(Value::tuple(found))
}

fn element(a: &[Value]) -> Result {
    let Some(index) = a[1].as_i64() else {
        return Err(FunctionError::at(1, "a whole number is required"));
    };
    match a[0].data() {
        Data::List(_, items) | Data::Tuple(items) | Data::Set(_, items) => {
            if items.is_empty() {
                return Err(FunctionError::new("cannot use element function with an empty list"));
            }
            if index < 0 {
                return Err(FunctionError::new(
                    "cannot use element function with a negative index",
                ));
            }
            let at = usize::try_from(index).unwrap_or(0) % items.len();
            Ok(items[at].clone())
        }
        Data::Unknown(Type::List(element), _) => Ok(Value::unknown((**element).clone())),
        Data::Unknown(..) => Ok(Value::unknown(Type::Any)),
        _ => Err(FunctionError::at(0, "cannot read elements from a value that is not a list")),
    }
}

/// Whether everything in it is known well enough.
fn flatten(value: &Value, found: &mut Vec<Value>) -> bool {
    let mut known = true;
    for item in items(value) {
        match item.data() {
            Data::List(..) | Data::Set(..) | Data::Tuple(_) => known &= flatten(item, found),
            Data::Unknown(ty, _) if *ty == Type::Any || ty.element().is_some() => known = false,
            _ => found.push(item.clone()),
        }
    }
    known
}

fn length(a: &[Value]) -> Result {
    let (value, marks) = a[0].clone().unmarked();
    let count = match value.data() {
        Data::String(text) => {
            unicode_segmentation::UnicodeSegmentation::graphemes(&**text, true).count()
        }
        Data::List(_, items) | Data::Tuple(items) => items.len(),
        Data::Set(_, items) => {
            if !value.is_wholly_known() && items.len() > 1 {
                return Ok(Value::refined(Type::Number, Refinement::not_null()).marked(marks));
            }
            items.len()
        }
        Data::Map(_, items) | Data::Object(items) => items.len(),
        Data::Unknown(Type::Tuple(elements), _) => elements.len(),
        Data::Unknown(Type::Object(object), _) => object.attributes.len(),
        Data::Unknown(..) => {
            return Ok(Value::refined(Type::Number, Refinement::not_null()).marked(marks));
        }
        _ => {
            return Err(FunctionError::at(
                0,
                "argument must be a string, a collection type, or a structural type",
            ));
        }
    };
    Ok(Value::from(count as i64).marked(marks))
}

fn lookup(a: &[Value]) -> Result {
    let (map, marks) = a[0].clone().unmarked();
    let (key, key_marks) = a[1].clone().unmarked();
    let marks: Marks = marks | key_marks;
    if a.len() > 3 {
        return Err(FunctionError::new(format!(
            "lookup() takes two or three arguments, got {}",
            a.len()
        )));
    }
    let Some(name) = key.as_str() else { return Ok(Value::unknown(Type::Any).marked(marks)) };
    match map.data() {
        Data::Map(_, items) | Data::Object(items) => match (items.get(name), a.get(2)) {
            (Some(item), _) => Ok(item.clone().marked(marks)),
            (None, Some(default)) => {
                let default = match map.data() {
                    Data::Map(element, _) => convert::convert(default, element).map_err(|error| FunctionError::at(2, format!("the default value must have the same type as the map elements: {error}")))?,
                    _ => default.clone(),
                };
                Ok(default.marked(marks))
            }
            (None, None) => Err(FunctionError::new(format!(
                "the given object has no attribute {}",
                print::quoted(name)
            ))),
        },
        Data::Unknown(..) => Ok(Value::unknown(Type::Any).marked(marks)),
        _ => Err(FunctionError::at(0, "lookup() requires a map as the first argument")),
    }
}

fn merge(a: &[Value]) -> Result {
    let mut found: BTreeMap<Str, Value> = BTreeMap::new();
    let mut maps = true;
    let mut element: Option<Type> = None;
    for (at, argument) in a.iter().enumerate() {
        match argument.data() {
            Data::Null(_) => {}
            Data::Map(ty, items) => {
                maps &= element.get_or_insert_with(|| ty.clone()) == ty;
                found.extend(items.iter().map(|(key, item)| (key.clone(), item.clone())));
            }
            Data::Object(items) => {
                maps = false;
                found.extend(items.iter().map(|(key, item)| (key.clone(), item.clone())));
            }
            Data::Unknown(..) => return Ok(Value::unknown(Type::Any)),
            _ => {
                return Err(FunctionError::at(
                    at,
                    format!(
                        "arguments must be maps or objects, got {}",
                        infra_value::print::quoted(&print::type_name(&argument.ty()))
                    ),
                ));
            }
        }
    }
    Ok(match element {
        Some(element) if maps => Value::map(element, found),
        _ => Value::object(found),
    })
}

fn range(a: &[Value]) -> Result {
    let number = |at: usize| a[at].as_number().cloned().unwrap_or_else(|| 0.into());
    let zero = infra_value::Number::from(0);
    let (start, end) = match a.len() {
        1 => (zero.clone(), number(0)),
        2 | 3 => (number(0), number(1)),
        _ => return Err(FunctionError::new("must have one, two, or three arguments")),
    };
    let step = match a.len() {
        3 => number(2),
        _ if end < start => (-1).into(),
        _ => 1.into(),
    };
    if step == zero {
        return Err(FunctionError::at(2, "step must not be zero"));
    }
    if (step < zero) != (end < start) && end != start {
        return Err(FunctionError::new(if end < start {
            "end must be greater than start when step is positive"
        } else {
            "end must be less than start when step is negative"
        }));
    }
    let mut found = Vec::new();
    let mut next = start;
    while if step < zero { next > end } else { next < end } {
        if found.len() >= 1024 {
            return Err(FunctionError::new(
                "more than 1024 values were generated; either decrease the difference between start and end or use a smaller step",
            ));
        }
        found.push(Value::from(next.clone()));
        next = next.add(&step);
    }
    Ok(Value::list(Type::Number, found))
}

fn slice(a: &[Value]) -> Result {
    let items = match a[0].data() {
        Data::List(_, items) | Data::Tuple(items) => items,
        Data::Set(..) => {
            return Err(FunctionError::at(
                0,
                "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important",
            ));
        }
        _ => return Err(FunctionError::at(0, "must be a list or tuple value")),
    };
    let index = |at: usize| a[at].as_i64().and_then(|index| usize::try_from(index).ok());
    let (Some(start), Some(end)) = (index(1), index(2)) else {
        return Err(FunctionError::at(1, "start index must not be less than zero"));
    };
    if end > items.len() {
        return Err(FunctionError::at(
            2,
            "end index must be less than or equal to the length of the list",
        ));
    }
    if start > end {
        return Err(FunctionError::at(1, "start index must not be greater than end index"));
    }
    let part = items[start..end].to_vec();
    Ok(match a[0].data() {
        Data::List(element, _) => Value::list(element.clone(), part),
        _ => Value::tuple(part),
    })
}
