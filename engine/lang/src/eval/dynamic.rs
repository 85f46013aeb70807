//! `dynamic` blocks.

use infra_diag::Diagnostics;
use infra_value::{Data, Str, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::{Block, Body, Expr, Label};

/// A block as it counts, with the iterators that its body sees.
pub(super) enum Expanded {
    Block(Block, Vec<(Str, Value)>),
    /// A `dynamic` block whose `for_each` is not known: nobody can say how many there are.
    Unknown(Block, Vec<(Str, Value)>),
}

/// The blocks of a type in a body, those that `dynamic` blocks make included, in the order of the text.
pub(super) fn expand(body: &Body, name: &str, cx: &mut Context<'_>) -> Vec<Expanded> {
    let mut found = Vec::new();
    for block in &body.blocks {
        if *block.ty == *name {
            found.push(Expanded::Block(block.clone(), Vec::new()));
        } else if &*block.ty == "dynamic"
            && block.labels.first().is_some_and(|label| *label.text == *name)
        {
            dynamic(block, name, cx, &mut found);
        }
    }
    found
}

fn dynamic(block: &Block, name: &str, cx: &mut Context<'_>, found: &mut Vec<Expanded>) {
    let known = ["for_each", "iterator", "labels"];
    for attribute in &block.body.attributes {
        if !known.contains(&&*attribute.name) {
            let unknown = diagnostics::unsupported_argument(&attribute.name, known, false);
            cx.diags.push(unknown.at(attribute.name_span));
        }
    }
    for inner in block.body.blocks.iter().filter(|inner| &*inner.ty != "content") {
        let unknown = diagnostics::unsupported_block(&inner.ty, ["content"], false);
        cx.diags.push(unknown.at(inner.ty_span));
    }
    let Some(for_each) = block.body.attribute("for_each") else {
        cx.diags.push(diagnostics::missing_argument("for_each").at(block.body.open));
        return;
    };
    let mut contents = block.body.blocks_of("content");
    let Some(content) = contents.next() else {
        cx.diags.push(diagnostics::no_content().at(block.header));
        return;
    };
    if let Some(second) = contents.next() {
        cx.diags.push(diagnostics::second_content().at(second.header));
    }
    let iterator: Str = match block.body.attribute("iterator") {
        Some(attribute) => match iterator_name(&attribute.expr, block.body.json) {
            Some(word) => word,
            None => {
                cx.diags.push(diagnostics::wrong_iterator().at(attribute.expr.span()));
                return;
            }
        },
        None => name.into(),
    };
    let made = |labels: Vec<Label>| Block {
        ty: name.into(),
        labels,
        body: content.body.clone(),
        header: content.header,
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
    if !value.is_known() {
        let part = Value::unknown(Type::Any).marked(marks);
        let each = Value::object([("key", part.clone()), ("value", part)]);
        found.push(Expanded::Unknown(made(Vec::new()), vec![(iterator, each)]));
        return;
    }
    if !matches!(
        value.data(),
        Data::List(..) | Data::Set(..) | Data::Tuple(_) | Data::Map(..) | Data::Object(_)
    ) {
        let problem =
            "Cannot use a value of this type in for_each. An iterable collection is required.";
        cx.diags.push(diagnostics::wrong_dynamic(problem).at(for_each.expr.span()));
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
