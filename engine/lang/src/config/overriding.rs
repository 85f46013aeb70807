//! Files that override: what stands in `override.tf` and `*_override.tf` replaces parts of what other files have.
//!
//! It is done on the trees, before blocks are read, so that nothing else knows of it. Arguments replace arguments of the
//! same name. Nested blocks replace all of their type, but `lifecycle`, whose arguments are replaced one by one.

use infra_diag::Diagnostics;
use infra_value::Str;

use super::content::is_name;
use super::{blocks, diagnostics, resource};
use crate::syntax::{Attribute, Block, Body};

/// Merges the bodies of files that override into those of the others, in order.
pub(super) fn merge(bodies: &mut Vec<Body>, overriding: Vec<Body>, diags: &mut Diagnostics) {
    for mut body in overriding {
        let mut rest = Vec::new();
        for block in std::mem::take(&mut body.blocks) {
            rest.extend(one(bodies, block, diags));
        }
        // What cannot override anything is read as it is, and is found wrong there.
        body.blocks = rest;
        bodies.push(body);
    }
}

/// Merges a block; gives it back if it counts like one of an ordinary file.
fn one(bodies: &mut [Body], block: Block, diags: &mut Diagnostics) -> Option<Block> {
    if !blocks::is_labelled(&block) {
        return Some(block);
    }
    match &*block.ty {
        "variable" | "output" | "module" | "resource" | "data" | "ephemeral" | "action" => {
            let ty = block.ty.clone();
            match blocks_of(bodies, &ty).find(|base| same_labels(base, &block)) {
                Some(base) => replace(base, block, diags),
                // As in Terraform, which has no mistake for it.
                None if &*ty == "ephemeral" => {}
                None => {
                    diags.push(diagnostics::nothing_to_override(&ty).at(block.header));
                    // A name that cannot be one is found wrong too.
                    let wrong = block.labels.iter().any(|label| !is_name(&label.text));
                    return wrong.then_some(block);
                }
            }
            None
        }
        "locals" => {
            for attribute in block.body.attributes {
                local(bodies, attribute, diags);
            }
            None
        }
        "provider" => {
            let alias = alias(&block);
            let base = blocks_of(bodies, "provider")
                .find(|base| same_labels(base, &block) && self::alias(base) == alias);
            match (base, alias) {
                (Some(base), _) => replace(base, block, diags),
                (None, Some(_)) => {
                    diags.push(diagnostics::no_provider_to_override().at(block.header));
                }
                // A default configuration is there without being written.
                (None, None) => return Some(block),
            }
            None
        }
        "terraform" => {
            settings(bodies, &block);
            Some(block)
        }
        "moved" | "import" | "check" => {
            diags.push(diagnostics::cannot_override(&block.ty).at(block.header));
            None
        }
        "removed" => None,
        _ => Some(block),
    }
}

fn blocks_of<'b>(bodies: &'b mut [Body], ty: &'b str) -> impl Iterator<Item = &'b mut Block> {
    bodies.iter_mut().flat_map(|body| &mut body.blocks).filter(move |block| &*block.ty == ty)
}

fn same_labels(one: &Block, other: &Block) -> bool {
    one.labels.iter().map(|label| &label.text).eq(other.labels.iter().map(|label| &label.text))
}

fn alias(block: &Block) -> Option<Str> {
    block.body.attribute("alias")?.expr.as_literal()?.as_str().map(Str::from)
}

/// Replaces parts of `base` by what `block` has.
fn replace(base: &mut Block, mut block: Block, diags: &mut Diagnostics) {
    base.body.overridden = Some(block.header);
    if let Some(after) = block.body.take_attribute("depends_on") {
        diags.push(diagnostics::depends_on_overridden().at(after.name_span));
    }
    for ty in ["validation", "precondition"] {
        for condition in block.body.take_blocks(ty) {
            diags.push(diagnostics::conditions_overridden(ty).at(condition.ty_span));
        }
    }
    let lifecycle = block.body.take_blocks("lifecycle");
    if let Some(mut lifecycle) = resource::only("resource", lifecycle, diags) {
        for ty in ["precondition", "postcondition"] {
            for condition in lifecycle.body.take_blocks(ty) {
                diags.push(diagnostics::conditions_overridden(ty).at(condition.ty_span));
            }
        }
        match base.body.blocks.iter_mut().find(|block| &*block.ty == "lifecycle") {
            Some(before) => {
                if lifecycle.body.blocks_of("action_trigger").next().is_some() {
                    before.body.take_blocks("action_trigger");
                }
                attributes(&mut before.body, lifecycle.body.attributes);
                before.body.blocks.extend(lifecycle.body.blocks);
            }
            None => base.body.blocks.push(lifecycle),
        }
    }
    attributes(&mut base.body, block.body.attributes);
    let made = |block: &Block| match block.labels.first() {
        Some(label) if &*block.ty == "dynamic" => label.text.clone(),
        _ => block.ty.clone(),
    };
    let replaced: Vec<Str> = block.body.blocks.iter().map(made).collect();
    base.body.blocks.retain(|block| !replaced.contains(&made(block)));
    base.body.blocks.extend(block.body.blocks);
}

fn attributes(base: &mut Body, attributes: Vec<Attribute>) {
    for attribute in attributes {
        base.take_attribute(&attribute.name);
        base.attributes.push(attribute);
    }
}

fn local(bodies: &mut [Body], attribute: Attribute, diags: &mut Diagnostics) {
    let mut known = blocks_of(bodies, "locals").flat_map(|block| &mut block.body.attributes);
    match known.find(|base| base.name == attribute.name) {
        Some(base) => *base = attribute,
        None => diags.push(diagnostics::nothing_to_override("locals").at(attribute.span)),
    }
}

/// Takes out of the other files what a `terraform` block that overrides sets anew.
fn settings(bodies: &mut [Body], block: &Block) {
    let sets = |ty: &str| block.body.blocks_of(ty).next().is_some();
    let storage = sets("backend") || sets("cloud");
    let requirements: Vec<&Str> = block
        .body
        .blocks_of("required_providers")
        .flat_map(|block| block.body.attributes.iter().map(|attribute| &attribute.name))
        .collect();
    for base in blocks_of(bodies, "terraform") {
        if block.body.attribute("required_version").is_some() {
            base.body.take_attribute("required_version");
        }
        if storage {
            base.body.take_blocks("backend");
            base.body.take_blocks("cloud");
        }
        for inner in &mut base.body.blocks {
            if &*inner.ty == "required_providers" {
                inner.body.attributes.retain(|attribute| !requirements.contains(&&attribute.name));
            }
        }
    }
}
