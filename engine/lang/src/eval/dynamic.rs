//! `dynamic` blocks.

use infra_diag::Diagnostics;
use infra_value::{Data, Str, Type, Value, convert};

use super::{Context, diagnostics};
use crate::syntax::{Block, Body, Label};

/// A block as it counts, with the iterators that its body sees.
pub(super) enum Expanded {
    Block(Block, Vec<(Str, Value)>),
    /// A `dynamic` block whose `for_each` is not known: nobody can say how many there are.
    Unknown,
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
    let Some(for_each) = block.body.attribute("for_each") else {
        cx.diags.push(diagnostics::dynamic_needs("for_each").at(block.header));
        return;
    };
    let Some(content) = block.body.blocks_of("content").next() else {
        cx.diags.push(diagnostics::dynamic_needs("a content block").at(block.header));
        return;
    };
    let iterator: Str = match block.body.attribute("iterator") {
        Some(attribute) => {
            let word = attribute.expr.as_keyword().map(Str::from);
            let text = attribute.expr.as_literal().and_then(|value| value.as_str().map(Str::from));
            word.or(text).unwrap_or_else(|| name.into())
        }
        None => name.into(),
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
        found.push(Expanded::Unknown);
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
        let made = Block { ty: name.into(), labels, body: content.body.clone(), ..block.clone() };
        found.push(Expanded::Block(made, vec![(iterator.clone(), each)]));
    }
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
