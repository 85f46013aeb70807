//! Bodies as values of a schema.

use std::collections::BTreeMap;

use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_provider::{Attribute as AttributeSchema, Block as Schema, NestedBlock, Nesting};
use infra_value::{ObjectType, Path, Step, Str, Type, Value, convert};

use super::dynamic::{Expanded, expand};
use super::{Context, diagnostics};
use crate::syntax::{Attribute, Block, Body, Expr, Kind, Located};

/// The body as an object of the schema's type: what is absent is null, nested blocks are collections.
pub fn decode(body: &Body, schema: &Schema, cx: &mut Context<'_>) -> Value {
    let before = cx.diags.len();
    let body = &*body.for_schema(schema);
    let value = parts(body, schema, cx);
    // What may not or should not be set is of interest only where all fits.
    if !cx.diags.failed_since(before) {
        settings(&value, schema, body, cx.diags);
    }
    value
}

fn read(body: &Body, schema: &Schema, cx: &mut Context<'_>) -> Value {
    parts(&body.for_schema(schema), schema, cx)
}

/// The object of a body whose blocks are told from its arguments.
fn parts(body: &Body, schema: &Schema, cx: &mut Context<'_>) -> Value {
    names(body, schema, cx.diags);
    let mut found: BTreeMap<Str, Value> = BTreeMap::new();
    for (name, attribute) in &schema.attributes {
        let value = match body.attribute(name) {
            Some(written) => value_of(written, attribute, cx),
            None => match attribute.as_blocks() {
                Some(object) if has_blocks(body, name) => {
                    attribute_blocks(body, name, attribute, object, cx)
                }
                _ => {
                    if attribute.required {
                        cx.diags.push(diagnostics::missing_argument(name).at(body.open));
                    }
                    Value::null(attribute.ty.clone())
                }
            },
        };
        found.insert(name.clone(), value);
    }
    for (name, nested) in &schema.blocks {
        found.insert(name.clone(), nested_value(body, name, nested, cx));
    }
    Value::object(found)
}

fn value_of(written: &Attribute, schema: &AttributeSchema, cx: &mut Context<'_>) -> Value {
    let value = written.expr.evaluate(cx);
    match convert::convert(&value, &schema.ty) {
        Ok(value) => value,
        Err(error) => {
            let wrong = diagnostics::wrong_type(&written.name, &error.to_string());
            cx.diags.push(wrong.at(written.expr.span()));
            Value::unknown(schema.ty.clone())
        }
    }
}

fn has_blocks(body: &Body, name: &str) -> bool {
    body.blocks.iter().any(|block| {
        *block.ty == *name
            || (&*block.ty == "dynamic"
                && block.labels.first().is_some_and(|label| *label.text == *name))
    })
}

/// An attribute of a list or set of objects that was written as blocks.
fn attribute_blocks(
    body: &Body,
    name: &str,
    schema: &AttributeSchema,
    object: &ObjectType,
    cx: &mut Context<'_>,
) -> Value {
    let nested = object_schema(object);
    let mut items = Vec::new();
    for block in expand(body, name, 0, cx) {
        match block {
            Expanded::Block(block, iterator) => {
                items.push(with_iterator(cx, iterator, |cx| read(&block.body, &nested, cx)));
            }
            Expanded::Unknown(block, iterator) => {
                with_iterator(cx, iterator, |cx| read(&block.body, &nested, cx));
                return Value::unknown(schema.ty.clone());
            }
        }
    }
    if items.is_empty() {
        // Blocks that a dynamic block does not make are not set, other than an empty list.
        return Value::null(schema.ty.clone());
    }
    let value = Value::tuple(items);
    convert::convert(&value, &schema.ty).unwrap_or_else(|error| {
        cx.diags.push(diagnostics::wrong_type(name, &error.to_string()).at(body.span));
        Value::unknown(schema.ty.clone())
    })
}

/// What blocks set an attribute of a list or set of objects to, as one expression; blocks that a `dynamic` block would
/// make are not among them.
pub fn blocks_as_argument(body: &Body, schema: &Schema, name: &str) -> Option<Expr> {
    let object = schema.attributes.get(name)?.as_blocks()?;
    let mut blocks = body.blocks_of(name).peekable();
    blocks.peek()?;
    let nested = object_schema(object);
    let item = |block: &Block| {
        let entries = object.attributes.keys().map(|name| {
            let written = block.body.attribute(name).map(|written| written.expr.clone());
            let value = written.or_else(|| blocks_as_argument(&block.body, &nested, name));
            let key = Expr::literal(name.clone().into(), block.body.span);
            let null = || Expr::literal(Value::null(Type::Any), block.body.span);
            (key, value.unwrap_or_else(null))
        });
        Expr::new(Kind::Object(entries.collect()), block.body.span)
    };
    Some(Expr::new(Kind::Tuple(blocks.map(item).collect()), body.span))
}

/// The schema of blocks that make objects of a type: everything is optional.
fn object_schema(object: &ObjectType) -> Schema {
    let attribute = |(name, ty): (&Str, &Type)| {
        let attribute = AttributeSchema { optional: true, ..AttributeSchema::new(ty.clone()) };
        (name.clone(), attribute)
    };
    Schema::new(object.attributes.iter().map(attribute).collect(), BTreeMap::new())
}

/// How many labels the blocks have.
fn labels(nested: &NestedBlock) -> usize {
    usize::from(nested.nesting == Nesting::Map)
}

fn nested_value(body: &Body, name: &str, nested: &NestedBlock, cx: &mut Context<'_>) -> Value {
    let object = nested.block.implied_type().clone();
    let unknown = Value::unknown(nested.implied_type());
    let mut items: Vec<(Option<Str>, Value, [Span; 2])> = Vec::new();
    let mut known = true;
    for block in expand(body, name, labels(nested), cx) {
        match block {
            Expanded::Block(block, iterator) => {
                let label = block.labels.first().map(|label| label.text.clone());
                let value = with_iterator(cx, iterator, |cx| read(&block.body, &nested.block, cx));
                items.push((label, value, [block.header, block.body.open]));
            }
            Expanded::Unknown(block, iterator) => {
                known = false;
                with_iterator(cx, iterator, |cx| read(&block.body, &nested.block, cx));
            }
        }
    }
    if !known {
        return unknown;
    }
    let count = items.len() as u64;
    if count < nested.min_items {
        let single = matches!(nested.nesting, Nesting::Single | Nesting::Group);
        let diagnostic = if single {
            diagnostics::missing_block(name)
        } else {
            diagnostics::too_few_blocks(name, nested.min_items)
        };
        cx.diags.push(diagnostic.at(body.open));
    }
    let single = matches!(nested.nesting, Nesting::Single | Nesting::Group);
    let most = if single { 1 } else { nested.max_items };
    if most > 0 && count > most {
        let place = items.get(most as usize).map(|(_, _, place)| *place);
        cx.diags.push(if single {
            diagnostics::duplicate_block(name).at(place.map(|[header, _]| header))
        } else {
            diagnostics::too_many_blocks(name, most).at(place.map(|[_, open]| open))
        });
        return unknown;
    }
    // Elements of one collection have one type also where an attribute is of any type.
    let mut values = items.iter().map(|(_, value, _)| value.clone());
    match nested.nesting {
        Nesting::Single | Nesting::Group => {
            values.next_back().unwrap_or_else(|| nested.empty_value())
        }
        Nesting::List => Value::list(object, values),
        Nesting::Set => Value::set(object, values),
        Nesting::Map => {
            Value::map(object, items.into_iter().filter_map(|(key, value, _)| Some((key?, value))))
        }
    }
}

/// Runs with the iterator of a `dynamic` block in place.
fn with_iterator<T>(
    cx: &mut Context<'_>,
    iterators: Vec<(Str, Value)>,
    run: impl FnOnce(&mut Context<'_>) -> T,
) -> T {
    let depth = cx.locals.len();
    cx.locals.extend(iterators);
    let result = run(cx);
    cx.locals.truncate(depth);
    result
}

/// The expressions of a body that its schema knows, those of nested and `dynamic` blocks included.
pub fn expressions(body: &Body, schema: &Schema) -> Vec<Expr> {
    let body = body.for_schema(schema);
    let known = body.attributes.iter();
    let known = known.filter(|attribute| schema.attributes.contains_key(&attribute.name));
    let mut found: Vec<Expr> = known.map(|attribute| attribute.expr.clone()).collect();
    for block in &body.blocks {
        match (&*block.ty, block.labels.first()) {
            ("dynamic", Some(label)) => {
                let own = block.body.attributes.iter();
                let own = own.filter(|attribute| &*attribute.name != "iterator");
                found.extend(own.map(|attribute| attribute.expr.clone()));
                for content in block.body.blocks_of("content") {
                    found.extend(nested_expressions(&content.body, schema, &label.text));
                }
            }
            _ => found.extend(nested_expressions(&block.body, schema, &block.ty)),
        }
    }
    found
}

fn nested_expressions(body: &Body, schema: &Schema, name: &str) -> Vec<Expr> {
    if let Some(nested) = schema.blocks.get(name) {
        return expressions(body, &nested.block);
    }
    match schema.attributes.get(name).and_then(AttributeSchema::as_blocks) {
        Some(object) => expressions(body, &object_schema(object)),
        None => Vec::new(),
    }
}

/// Reports what should not be set any more.
fn settings(value: &Value, schema: &Schema, body: &Body, diags: &mut Diagnostics) {
    for written in &body.attributes {
        let Some(attribute) = schema.attributes.get(&written.name) else { continue };
        let set = value.get(&written.name);
        diags.extend(setting(attribute, set).map(|found| found.at(written.expr.span())));
    }
    if !body.blocks.is_empty() {
        block_settings(value, schema, (body, &mut Vec::new()), diags);
    }
}

/// The same of nested blocks; `path` leads from the body to the value.
fn block_settings(
    value: &Value,
    schema: &Schema,
    (body, path): (&Body, &mut Vec<Step>),
    diags: &mut Diagnostics,
) {
    for (name, nested) in &schema.blocks {
        let Some(found) = value.get(name).filter(|found| found.is_known()) else { continue };
        let items = found.as_sequence().unwrap_or(std::slice::from_ref(found));
        if let Some(why) = nested
            .block
            .deprecated
            .filter(|_| found.is_wholly_known() && items.iter().any(|item| !item.is_null()))
        {
            diags.push(diagnostics::deprecated_block(name, why).at(body.open));
        }
        path.push(Step::Attr(name.clone()));
        for (index, item) in items.iter().enumerate() {
            path.push(Step::Index((index as i64).into()));
            for (name, attribute) in &nested.block.attributes {
                let Some(problem) = setting(attribute, item.get(name)) else { continue };
                path.push(Step::Attr(name.clone()));
                diags.push(problem.at(span_of(body, &Path(path.clone())).unwrap_or(body.open)));
                path.pop();
            }
            block_settings(item, &nested.block, (body, path), diags);
            path.pop();
        }
        path.pop();
    }
}

/// What is to be said of an attribute that is set to something.
fn setting(schema: &AttributeSchema, set: Option<&Value>) -> Option<Diagnostic> {
    let set = set.filter(|set| !set.is_null() && set.is_wholly_known());
    set.and(schema.deprecated).map(diagnostics::deprecated_argument)
}

/// Reports arguments and blocks that the schema does not have.
fn names(body: &Body, schema: &Schema, diags: &mut Diagnostics) {
    for written in &body.attributes {
        match schema.attributes.get(&written.name) {
            Some(_) => {}
            None if body.json => {
                let extraneous = diagnostics::json_extraneous(&written.name);
                diags.push(body.unexpected(extraneous.at(written.name_span)));
            }
            None => {
                let settable =
                    schema.attributes.iter().filter(|(_, known)| known.required || known.optional);
                let is_block = schema.blocks.contains_key(&written.name);
                let known = settable.map(|(name, _)| &**name);
                let unsupported = diagnostics::unsupported_argument(&written.name, known, is_block);
                diags.push(body.unexpected(unsupported.at(written.name_span)));
            }
        }
    }
    for block in &body.blocks {
        let (name, span) = match block.labels.first() {
            Some(label) if &*block.ty == "dynamic" => (&label.text, label.span),
            _ => (&block.ty, block.ty_span),
        };
        if &*block.ty == "dynamic" && block.labels.len() != 1 {
            diags.push(match block.labels.get(1) {
                Some(extra) => diagnostics::extra_dynamic_label().at(extra.span),
                None => diagnostics::no_dynamic_label().at(block.body.open),
            });
            continue;
        }
        let as_attribute = schema.attributes.get(name);
        // Written as an argument too, it is none that may be written as blocks.
        let as_attribute = as_attribute.filter(|_| body.attribute(name).is_none());
        let wanted = schema.blocks.get(name).map_or(0, labels);
        let known_block = schema.blocks.contains_key(name) || as_attribute.is_some();
        if let Some(extra) =
            block.labels.get(wanted).filter(|_| &*block.ty != "dynamic" && known_block)
        {
            diags.push(diagnostics::extra_label(name).at(extra.span));
            continue;
        }
        if schema.blocks.contains_key(name)
            || as_attribute.is_some_and(|known| known.as_blocks().is_some())
        {
            continue;
        }
        let known = schema.blocks.keys().map(|name| &**name);
        let unsupported = diagnostics::unsupported_block(name, known, as_attribute.is_some());
        diags.push(body.unexpected(unsupported.at(span)));
    }
}

/// Every reference in a body, its nested blocks included.
pub fn references(body: &Body) -> Vec<&Located> {
    let mut found: Vec<&Located> =
        body.attributes.iter().flat_map(|attribute| attribute.expr.references()).collect();
    found.extend(body.blocks.iter().flat_map(|block| references(&block.body)));
    found
}

/// Where the argument at a path was written: the nearest that there is.
pub fn span_of(body: &Body, path: &Path) -> Option<Span> {
    match path.0.as_slice() {
        // Blocks of a type together have no place.
        [Step::Attr(name)] if body.attribute(name).is_none() => None,
        _ => span_in(body, path),
    }
}

fn span_in(body: &Body, path: &Path) -> Option<Span> {
    let (step, rest) = path.0.split_first()?;
    let Step::Attr(name) = step else { return None };
    if let Some(attribute) = body.attribute(name) {
        return place(&attribute.expr, &Path(rest.to_vec())).or(Some(attribute.expr.span()));
    }
    let index = match rest.first() {
        Some(Step::Index(index)) => {
            index.as_i64().and_then(|index| usize::try_from(index).ok()).unwrap_or(0)
        }
        None if body.blocks_of(name).count() != 1 => return None,
        _ => 0,
    };
    // Blocks that `dynamic` makes have no place of their own: the body around them stands for them.
    let block = body.blocks_of(name).nth(index)?;
    let inner = rest.iter().skip_while(|step| matches!(step, Step::Index(_))).cloned().collect();
    span_in(&block.body, &Path(inner)).or(Some(block.body.open))
}

/// Where the part of a value at a path is written, if it stands in the text.
fn place(expr: &Expr, path: &Path) -> Option<Span> {
    let (step, rest) = path.0.split_first()?;
    let rest = Path(rest.to_vec());
    let inner = match step {
        Step::Attr(name) => {
            let entries = expr.as_object()?;
            let entry = entries
                .iter()
                .rev()
                .find(|(key, _)| key.as_literal().is_some_and(|key| key.as_str() == Some(name)));
            &entry?.1
        }
        Step::Index(key) => match (key.as_i64(), key.as_str()) {
            (Some(at), _) => expr.as_tuple()?.get(usize::try_from(at).ok()?)?,
            (_, Some(name)) => {
                let entries = expr.as_object()?;
                let mut entries = entries.iter().rev();
                &entries
                    .find(|(key, _)| {
                        key.as_literal().is_some_and(|key| key.as_str() == Some(name))
                    })?
                    .1
            }
            _ => return None,
        },
    };
    place(inner, &rest).or(Some(inner.span()))
}
