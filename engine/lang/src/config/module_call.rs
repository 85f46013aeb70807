//! `module` blocks.

use std::collections::BTreeMap;

use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::module::Module;
use super::resource::depends_on;
use super::{blocks, diagnostics, provider};
use crate::syntax::{Block, Body, Expr, Located};

/// A call of a module.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Its name.
    pub name: Str,
    /// The first line of the block.
    pub span: Span,
    /// Where the module comes from.
    pub source: Option<(String, Span)>,
    /// The versions that it accepts.
    pub version: Option<(String, Span)>,
    /// The inputs.
    pub body: Body,
    /// `count`.
    pub count: Option<Expr>,
    /// `for_each`.
    pub for_each: Option<Expr>,
    /// What must be done before anything inside.
    pub depends_on: Vec<Located>,
    /// Provider configurations: what they are called inside, and what that is here.
    pub providers: BTreeMap<(Str, Option<Str>), (Str, Option<Str>)>,
    block: Block,
}

impl ModuleCall {
    pub(super) fn read(
        module: &mut Module,
        block: Block,
        overriding: bool,
        diags: &mut Diagnostics,
    ) {
        let name = block.labels[0].text.clone();
        let block = match module.calls.remove(&name) {
            Some(before) if overriding => {
                let mut merged = before.block;
                blocks::override_body(&mut merged.body, block.body);
                merged
            }
            Some(before) => {
                diags.push(diagnostics::duplicate("module call", &name).at(block.header));
                module.calls.insert(name, before);
                return;
            }
            None => block,
        };
        let mut body = block.body.clone();
        let mut text = |body: &mut Body, name: &str| {
            let attribute = body.take_attribute(name)?;
            let span = attribute.expr.span();
            match attribute.expr.as_literal().as_ref().and_then(|value| value.as_str()) {
                Some(text) => Some((text.to_owned(), span)),
                None => {
                    diags.push(diagnostics::literal_needed(name).at(span));
                    None
                }
            }
        };
        let source = text(&mut body, "source");
        let version = text(&mut body, "version");
        if source.is_none() && block.body.attribute("source").is_none() {
            diags.push(
                diagnostics::missing("source")
                    .at(block.body.open)
                    .within(format!("module \"{name}\"")),
            );
        }
        let count = body.take_attribute("count");
        let for_each = body.take_attribute("for_each");
        if let (Some(_), Some(both)) = (&count, &for_each) {
            diags.push(diagnostics::count_and_for_each().at(both.name_span));
        }
        let after = body
            .take_attribute("depends_on")
            .map(|found| depends_on(&found.expr, diags))
            .unwrap_or_default();
        let mut providers = BTreeMap::new();
        if let Some(passed) = body.take_attribute("providers") {
            for (inside, here) in passed.expr.as_object().unwrap_or_default() {
                match (provider::reference(inside), provider::reference(here)) {
                    (Some(inside), Some(here)) => {
                        providers.insert(inside, here);
                    }
                    _ => diags.push(
                        diagnostics::wrong_provider_reference().at(inside.span().to(here.span())),
                    ),
                }
            }
        }
        for inner in std::mem::take(&mut body.blocks) {
            diags.push(diagnostics::unknown_block(&inner.ty, []).at(inner.ty_span));
        }
        let call = Self {
            name: name.clone(),
            span: block.header,
            source,
            version,
            body,
            count: count.map(|found| found.expr),
            for_each: for_each.map(|found| found.expr),
            depends_on: after,
            providers,
            block,
        };
        module.calls.insert(name, call);
    }
}
