//! The top level of a file: which block is what.

use infra_addrs::Mode;
use infra_diag::Diagnostics;

use super::content::Content;
use super::module::Module;
use super::{
    ModuleCall, action, check_block, diagnostics, import, list, moved, output, provider, removed,
    resource, terraform, variable,
};
use crate::syntax::{Block, Body};

const FILE: Content = Content {
    arguments: &[],
    required: &[],
    blocks: &[
        ("terraform", &[]),
        ("required_providers", &[]),
        ("provider", &["name"]),
        ("variable", &["name"]),
        ("locals", &[]),
        ("output", &["name"]),
        ("resource", &["type", "name"]),
        ("data", &["type", "name"]),
        ("ephemeral", &["type", "name"]),
        ("action", &["type", "name"]),
        ("module", &["name"]),
        ("moved", &[]),
        ("removed", &[]),
        ("import", &[]),
        ("check", &["name"]),
    ],
};

const QUERY: Content = Content {
    arguments: &[],
    required: &[],
    blocks: &[
        ("list", &["type", "name"]),
        ("provider", &["name"]),
        ("variable", &["name"]),
        ("locals", &[]),
    ],
};

/// Whether a block has as many labels as it should.
pub(super) fn is_labelled(block: &Block) -> bool {
    FILE.labels(&block.ty).is_some_and(|names| names.len() == block.labels.len())
}

/// Reads the blocks of a file into a module.
pub(super) fn read(module: &mut Module, body: Body, diags: &mut Diagnostics) {
    read_as(&FILE, module, body, diags);
}

/// Reads the blocks of a query file into a module.
pub(super) fn read_query(module: &mut Module, body: Body, diags: &mut Diagnostics) {
    read_as(&QUERY, module, body, diags);
}

fn read_as(content: &Content, module: &mut Module, mut body: Body, diags: &mut Diagnostics) {
    for attribute in std::mem::take(&mut body.attributes) {
        let diagnostic = match body.json {
            true => diagnostics::json_extraneous(&attribute.name),
            false => diagnostics::unexpected_argument(&attribute.name),
        };
        diags.push(diagnostic.at(attribute.name_span));
    }
    for block in content.read(body, diags).blocks {
        one(module, block, diags);
    }
}

fn one(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    match &*block.ty {
        "terraform" => terraform::read(module, block, diags),
        "required_providers" => {
            diags.push(diagnostics::misplaced_requirements().at(block.header));
        }
        "provider" => provider::read(module, block, diags),
        "variable" => variable::read(module, block, diags),
        "output" => output::read(module, block, diags),
        "locals" => output::locals(module, block, diags),
        "resource" => resource::read(module, block, Mode::Managed, diags),
        "data" => resource::read(module, block, Mode::Data, diags),
        "ephemeral" => resource::read(module, block, Mode::Ephemeral, diags),
        "action" => action::read(module, block, diags),
        "module" => ModuleCall::read(module, block, diags),
        "moved" => moved::read(module, block, diags),
        "removed" => removed::read(module, block, diags),
        "import" => import::read(module, block, diags),
        "check" => check_block::read(module, block, diags),
        "list" => list::read(module, block, diags),
        _ => {}
    }
}
