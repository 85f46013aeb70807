//! `dynamic` blocks.

use infra_diag::Diagnostics;
use infra_value::{Str, Type, Value, convert, print};

use super::{Context, diagnostics};
use crate::syntax::{Block, Body, Expr, Label};

/// A block as it counts, with the iterators that its body sees.
pub(super) enum Expanded {
    Block(Block, Vec<(Str, Value)>),
    /// A `dynamic` block whose `for_each` is not known: nobody can say how many there are.
    Unknown(Block, Vec<(Str, Value)>),
}

/// The blocks of a type in a body, those that `dynamic` blocks make included, in the order of the text. `labels`: how many
/// each has; what has more is left out.
pub(super) fn expand(
    body: &Body,
    name: &str,
    labels: usize,
    cx: &mut Context<'_>,
) -> Vec<Expanded> {
    let mut found = Vec::new();
    for block in &body.blocks {
        if *block.ty == *name {
            if block.labels.len() > labels {
                continue;
            }
            found.push(Expanded::Block(block.clone(), Vec::new()));
        } else if &*block.ty == "dynamic"
            && block.labels.first().is_some_and(|label| *label.text == *name)
        {
            dynamic(block, name, labels, cx, &mut found);
        }
    }
    found
}

fn dynamic(
    block: &Block,
    name: &str,
    labelled: usize,
    cx: &mut Context<'_>,
    found: &mut Vec<Expanded>,
) {
    let before = cx.diags.len();
    let known: &[&str] = match labelled {
        0 => &["for_each", "iterator"],
        _ => &["for_each", "iterator", "labels"],
    };
    for attribute in &block.body.attributes {
        if !known.contains(&&*attribute.name) {
            let unknown =
                diagnostics::unsupported_argument(&attribute.name, known.iter().copied(), false);
            cx.diags.push(unknown.at(attribute.name_span));
        }
    }
    for inner in block.body.blocks.iter().filter(|inner| &*inner.ty != "content") {
        let unknown = diagnostics::unsupported_block(&inner.ty, ["content"], false);
        cx.diags.push(unknown.at(inner.ty_span));
    }
    let failed = cx.diags.failed_since(before);
    let Some(for_each) = block.body.attribute("for_each") else {
        cx.diags.push(diagnostics::missing_argument("for_each").at(block.body.open));
        return;
    };
    if failed {
        return;
    }
    let mut contents = block.body.blocks_of("content");
    let Some(content) = contents.next() else {
        cx.diags.push(diagnostics::no_content().at(block.header));
        return;
    };
    if let Some(second) = contents.next() {
        cx.diags.push(diagnostics::second_content().at(second.header));
        return;
    }
    let iterator: Str = match block.body.attribute("iterator") {
        Some(attribute) => match iterator_name(&attribute.expr, block.body.json) {
            Some(word) => word,
            None => {
                let several = attribute.expr.as_traversal().is_some();
                cx.diags.push(diagnostics::wrong_iterator(several).at(attribute.expr.span()));
                return;
            }
        },
        None => name.into(),
    };
    let made = |labels: Vec<Label>| Block {
        ty: name.into(),
        labels,
        body: content.body.clone(),
        ..block.clone()
    };
    let value = for_each.expr.evaluate(cx);
    let (value, marks) = value.unmarked();
    if value.is_null() {
        cx.diags.push(
            diagnostics::wrong_dynamic("Cannot use a null value in for_each.")
                .at(for_each.expr.span()),
        );
        return;
    }
    if let Some(kind) = not_iterable(&value) {
        let problem =
            format!("Cannot use a {kind} value in for_each. An iterable collection is required.");
        cx.diags.push(diagnostics::wrong_dynamic(&problem).at(for_each.expr.span()));
        return;
    }
    if !value.is_known() {
        let part = Value::unknown(Type::Any).marked(marks);
        let each = Value::object([("key", part.clone()), ("value", part)]);
        found.push(Expanded::Unknown(made(Vec::new()), vec![(iterator, each)]));
        return;
    }
    let Some(entries) = cx.entries(&value, for_each.expr.span()) else { return };
    for (key, item) in entries {
        let each = Value::object([("key", key.marked(marks)), ("value", item.marked(marks))]);
        cx.locals.push((iterator.clone(), each.clone()));
        let labels = labels(block, cx);
        cx.locals.pop();
        found.push(Expanded::Block(made(labels), vec![(iterator.clone(), each)]));
    }
}

/// What a value is that has no elements, known or not.
fn not_iterable(value: &Value) -> Option<String> {
    let ty = value.ty();
    ty.is_primitive().then(|| print::type_name(&ty))
}

/// The name of an iterator; in JSON it stands in quotes like all else.
fn iterator_name(expr: &Expr, json: bool) -> Option<Str> {
    let quoted = expr.as_literal().filter(|_| json);
    let quoted = quoted.as_ref().and_then(|name| name.as_str());
    expr.as_keyword().or(quoted).map(Str::from)
}

fn labels(block: &Block, cx: &mut Context<'_>) -> Vec<Label> {
    let Some(written) = block.body.attribute("labels") else { return Vec::new() };
    let value = written.expr.evaluate(cx);
    let mut problems = Diagnostics::new();
    let labels = value.as_sequence().unwrap_or_default().iter().filter_map(|label| {
        match convert::convert(label, &Type::String) {
            Ok(label) => Some(Label { text: label.as_str()?.into(), span: written.expr.span() }),
            Err(error) => {
                problems
                    .push(diagnostics::wrong_dynamic(&error.to_string()).at(written.expr.span()));
                None
            }
        }
    });
    let labels = labels.collect();
    cx.diags.extend(problems);
    labels
}
