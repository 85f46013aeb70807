//! `list` blocks, which stand in query files.

use infra_addrs::Mode;
use infra_diag::Diagnostics;

use super::content::Content;
use super::module::Module;
use super::{diagnostics, resource};
use crate::syntax::{Block, Expr};

pub(super) const CONTENT: Content = Content {
    arguments: &["count", "for_each", "provider", "limit", "include_resource"],
    required: &[],
    blocks: &[],
};

/// What a `list` block says besides what every resource may say.
#[derive(Clone, Default, Debug)]
pub struct Listing {
    /// How many objects are wanted.
    pub limit: Option<Expr>,
    /// Whether what they are is wanted, and not only which they are.
    pub include_resource: Option<Expr>,
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    if block.body.attribute("provider").is_none() {
        diags.push(diagnostics::list_without_provider().at(block.header));
    }
    resource::read(module, block, Mode::List, diags);
}
