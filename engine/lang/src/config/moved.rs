//! `moved` blocks.

use infra_addrs::Target;
use infra_diag::{Diagnostics, Span};

use super::content::Content;
use super::diagnostics;
use super::module::Module;
use crate::syntax::{Block, Expr};

const MOVED: Content = Content { arguments: &[], required: &["from", "to"], blocks: &[] };

/// An object has another address now.
#[derive(Clone, Debug)]
pub struct Moved {
    /// Where it was, seen from the module of the block.
    pub from: Target,
    /// Where it is, seen from the module of the block.
    pub to: Target,
    /// The first line of the block.
    pub span: Span,
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let body = MOVED.read(block.body, diags);
    let mut endpoint = |name: &str| target(&body.attribute(name)?.expr, diags);
    let (from, to) = (endpoint("from"), endpoint("to"));
    let (Some(from), Some(to)) = (from, to) else { return };
    if from.resource.is_some() != to.resource.is_some() {
        diags.push(diagnostics::moved_kinds().at(block.header));
        return;
    }
    module.moved.push(Moved { from, to, span: block.header });
}

/// The address that an expression is.
pub(super) fn target(expr: &Expr, diags: &mut Diagnostics) -> Option<Target> {
    let Some(words) = expr.as_traversal() else {
        diags.push(diagnostics::reference_needed().at(expr.span()));
        return None;
    };
    let found = Some(&words).filter(|words| &*words.root != "ephemeral");
    let found = found.and_then(|words| words.to_string().parse().ok());
    if found.is_none() {
        diags.push(diagnostics::wrong_target(&words.root).at(expr.span()));
    }
    found
}
