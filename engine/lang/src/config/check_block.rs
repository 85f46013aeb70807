//! `check` blocks.

use infra_addrs::{Mode, Resource};
use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::content::{Content, check_name};
use super::diagnostics;
use super::module::Module;
use super::resource::{self, Condition, condition};
use crate::syntax::Block;

const CHECK: Content = Content {
    arguments: &[],
    required: &[],
    blocks: &[("data", &["type", "name"]), ("assert", &[])],
};

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

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    check_name(&block, 0, "Invalid check block name", diags);
    let mut body = CHECK.read(block.body, diags);
    let mut data = None;
    for found in body.take_blocks("data") {
        if data.is_some() {
            diags.push(diagnostics::second_check_data().at(found.header));
            continue;
        }
        let told = diags.len();
        let addr = Resource {
            mode: Mode::Data,
            type_name: found.labels[0].text.clone(),
            name: found.labels[1].text.clone(),
        };
        for argument in ["count", "for_each"] {
            if let Some(written) = found.body.attribute(argument) {
                let span = written.name_span;
                diags.push(diagnostics::repeated_check_data(argument).at(span));
            }
        }
        if let Some(lifecycle) = found.body.blocks_of("lifecycle").next() {
            diags.push(diagnostics::check_data_lifecycle().at(lifecycle.header));
        }
        resource::read(module, found, Mode::Data, diags);
        if let Some(resource) = module.resources.get_mut(&addr) {
            resource.check = Some(name.clone());
        }
        data = Some(addr).filter(|_| !diags.failed_since(told));
    }
    let mut asserts = Vec::new();
    for block in body.take_blocks("assert") {
        let told = diags.len();
        let found = condition(&block, diags);
        asserts.extend(found.filter(|_| !diags.failed_since(told)));
    }
    if asserts.is_empty() {
        diags.push(diagnostics::no_assertions().at(block.header));
    }
    if module.checks.contains_key(&name) {
        diags.push(diagnostics::duplicate_check(&name).at(block.header));
        return;
    }
    let check = Check { name: name.clone(), asserts, data, span: block.header };
    module.checks.insert(name, check);
}
