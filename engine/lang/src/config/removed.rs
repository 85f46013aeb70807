//! `removed` blocks.

use infra_addrs::Target;
use infra_diag::{Diagnostics, Span};

use super::content::{Content, flag};
use super::module::Module;
use super::{Provisioner, diagnostics, moved, resource};
use crate::syntax::{Block, Body, Expr};

const REMOVED: Content = Content {
    arguments: &[],
    required: &["from"],
    blocks: &[("lifecycle", &[]), ("provisioner", &["type"]), ("connection", &[])],
};

const LIFECYCLE: Content = Content { arguments: &["destroy"], required: &[], blocks: &[] };

/// A resource or module that is not in the configuration any more.
#[derive(Clone, Debug)]
pub struct Removed {
    /// What it was, without keys, seen from the module of the block.
    pub from: Target,
    /// Its objects are deleted; else they go on existing, and only the state forgets them.
    pub destroy: bool,
    /// What runs before each object is deleted.
    pub provisioners: Vec<Provisioner>,
    /// How those reach the objects.
    pub connection: Option<Body>,
    /// The first line of the block.
    pub span: Span,
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let mut body = REMOVED.read(block.body, diags);
    let target = body.take_attribute("from").and_then(|from| target(&from.expr, diags));
    let managed = target.as_ref().is_some_and(|target| target.resource.is_some());
    let mut destroy = true;
    for lifecycle in body.take_blocks("lifecycle") {
        let lifecycle = LIFECYCLE.read(lifecycle.body, diags);
        if let Some(written) = lifecycle.attribute("destroy") {
            destroy = flag(&written.expr, diags).unwrap_or(true);
        }
    }
    let mut provisioners = Vec::new();
    for found in body.take_blocks("provisioner") {
        let span = found.header;
        if !managed {
            diags.push(diagnostics::provisioner_of_nothing().at(span));
            continue;
        }
        let Some(provisioner) = Provisioner::read(found, diags) else { continue };
        if provisioner.destroy {
            provisioners.push(provisioner);
        } else {
            diags.push(diagnostics::creation_provisioner().at(span));
        }
    }
    let connection = resource::only("removed", body.take_blocks("connection"), diags);
    let connection = connection.map(|found| found.body);
    let span = block.header;
    let Some(target) = target else { return };
    module.removed.push(Removed { from: target, destroy, provisioners, connection, span });
}

/// What a block is about: a managed resource or a module, whole.
fn target(expr: &Expr, diags: &mut Diagnostics) -> Option<Target> {
    let target = moved::target(expr, diags)?;
    if target.keyed() {
        let steps = &target.module.0;
        let module = target.resource.is_none() || steps.iter().any(|(_, key)| key.is_some());
        diags.push(diagnostics::removed_key(module).at(expr.span()));
        return None;
    }
    if let Some((resource, _)) = &target.resource
        && resource.mode != infra_addrs::Mode::Managed
    {
        diags.push(diagnostics::removed_data().at(expr.span()));
        return None;
    }
    Some(target)
}
