//! `removed` blocks.

use infra_addrs::Target;
use infra_diag::{Diagnostics, Span};

use super::content::{flag, labels_fit};
use super::module::Module;
use super::{Provisioner, diagnostics, moved, resource};
use crate::syntax::{Block, Body};

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

pub(super) fn read(module: &mut Module, mut block: Block, diags: &mut Diagnostics) {
    let Some(from) = block.body.attribute("from").cloned() else {
        diags.push(diagnostics::missing("from").at(block.header));
        return;
    };
    let Some(target) = moved::target(&from.expr, diags) else { return };
    if target.keyed() {
        let module = target.resource.is_none();
        diags.push(diagnostics::removed_key(module).at(from.expr.span()));
        return;
    }
    if let Some((resource, _)) = &target.resource
        && resource.mode != infra_addrs::Mode::Managed
    {
        diags.push(diagnostics::removed_data().at(from.expr.span()));
        return;
    }
    let mut destroy = true;
    for lifecycle in block.body.take_blocks("lifecycle") {
        match lifecycle.body.attribute("destroy") {
            Some(attribute) => destroy = flag(&attribute.expr, diags).unwrap_or(true),
            None => diags.push(diagnostics::missing("destroy").at(lifecycle.header)),
        }
    }
    let mut provisioners = Vec::new();
    for found in block.body.take_blocks("provisioner") {
        let span = found.header;
        if !labels_fit(&found, &["type"], diags) {
            continue;
        }
        let Some(provisioner) = Provisioner::read(found, diags) else { continue };
        if provisioner.destroy {
            provisioners.push(provisioner);
        } else {
            diags.push(diagnostics::creation_provisioner().at(span));
        }
    }
    let connection = resource::only("removed", block.body.take_blocks("connection"), diags);
    let connection = connection.map(|found| found.body);
    let span = block.header;
    module.removed.push(Removed { from: target, destroy, provisioners, connection, span });
}
