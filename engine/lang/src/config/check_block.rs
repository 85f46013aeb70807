//! `check` blocks.

use infra_addrs::{Mode, Resource};
use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::content::labels_fit;
use super::diagnostics;
use super::module::Module;
use super::resource::{self, Condition, condition};
use crate::syntax::Block;

/// Assertions about a configuration and what it made. One that fails is a warning.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name.
    pub name: Str,
    /// What must hold.
    pub asserts: Vec<Condition>,
    /// The data source inside it, which only it can refer to.
    pub data: Option<Resource>,
    /// The first line of the block.
    pub span: Span,
}

pub(super) fn read(module: &mut Module, mut block: Block, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    if module.checks.contains_key(&name) {
        diags.push(diagnostics::duplicate_check(&name).at(block.header));
        return;
    }
    let mut data = None;
    for found in block.body.take_blocks("data") {
        if !labels_fit(&found, &["type", "name"], diags) {
            continue;
        }
        let addr = Resource {
            mode: Mode::Data,
            type_name: found.labels[0].text.clone(),
            name: found.labels[1].text.clone(),
        };
        resource::read(module, found, Mode::Data, diags);
        if let Some(resource) = module.resources.get_mut(&addr) {
            resource.check = Some(name.clone());
        }
        data = Some(addr);
    }
    let blocks = block.body.take_blocks("assert");
    let asserts: Vec<Condition> =
        blocks.iter().filter_map(|block| condition(block, diags)).collect();
    if asserts.is_empty() && !diags.has_errors() {
        diags.push(diagnostics::no_assertions().at(block.header));
    }
    let check = Check { name: name.clone(), asserts, data, span: block.header };
    module.checks.insert(name, check);
}
