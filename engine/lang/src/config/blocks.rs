//! The top level of a file: which block is what.

use infra_addrs::Mode;
use infra_diag::Diagnostics;

use super::module::Module;
use super::{Local, ModuleCall, backend, diagnostics, output, provider, resource, variable};
use crate::syntax::{Block, Body};

const TYPES: [&str; 12] = [
    "terraform",
    "provider",
    "variable",
    "locals",
    "output",
    "resource",
    "data",
    "ephemeral",
    "module",
    "moved",
    "removed",
    "import",
];

/// Reads the blocks of a file into a module. A file that overrides replaces arguments of blocks that are there.
pub(super) fn read(module: &mut Module, body: Body, overriding: bool, diags: &mut Diagnostics) {
    for attribute in &body.attributes {
        diags.push(diagnostics::unexpected_argument(&attribute.name).at(attribute.name_span));
    }
    for block in body.blocks {
        let labels = match &*block.ty {
            "resource" | "data" | "ephemeral" => 2,
            "provider" | "variable" | "output" | "module" | "check" => 1,
            _ => 0,
        };
        if !TYPES.contains(&&*block.ty) && &*block.ty != "check" {
            diags.push(diagnostics::unknown_block(&block.ty, TYPES).at(block.ty_span));
            continue;
        }
        if block.labels.len() != labels {
            diags.push(diagnostics::labels(&block.ty, labels, block.labels.len()).at(block.header));
            continue;
        }
        one(module, block, overriding, diags);
    }
}

fn one(module: &mut Module, block: Block, overriding: bool, diags: &mut Diagnostics) {
    match &*block.ty {
        "terraform" => backend::read(module, block, diags),
        "provider" => provider::read(module, block, overriding, diags),
        "variable" => variable::read(module, block, overriding, diags),
        "output" => output::read(module, block, overriding, diags),
        "locals" => {
            for attribute in block.body.attributes {
                let local = Local {
                    name: attribute.name.clone(),
                    span: attribute.name_span,
                    expr: attribute.expr.clone(),
                };
                if let Some(before) = module.locals.insert(attribute.name.clone(), local)
                    && !overriding
                {
                    diags.push(
                        diagnostics::duplicate("local value", &before.name).at(attribute.name_span),
                    );
                }
            }
        }
        "resource" => resource::read(module, block, Mode::Managed, overriding, diags),
        "data" => resource::read(module, block, Mode::Data, overriding, diags),
        "ephemeral" => resource::read(module, block, Mode::Ephemeral, overriding, diags),
        "module" => ModuleCall::read(module, block, overriding, diags),
        other => diags.push(diagnostics::not_yet(other).at(block.header)),
    }
}

/// Replaces the arguments and blocks of `base` by those of `body`, as override files do.
pub(super) fn override_body(base: &mut Body, body: Body) {
    for attribute in body.attributes {
        base.take_attribute(&attribute.name);
        base.attributes.push(attribute);
    }
    let mut types: Vec<_> = body.blocks.iter().map(|block| block.ty.clone()).collect();
    types.dedup();
    for ty in types {
        base.take_blocks(&ty);
    }
    base.blocks.extend(body.blocks);
}
