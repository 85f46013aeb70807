//! `resource`, `data` and `ephemeral` blocks.

use infra_addrs::Mode;
use infra_diag::{Diagnostics, Span};
use infra_value::{Path, Step, Str};

use super::module::Module;
use super::variable::flag;
use super::{blocks, diagnostics, provider};
use crate::syntax::{Block, Body, Expr, Located, Traversal};

/// A resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Type and name.
    pub addr: infra_addrs::Resource,
    /// The first line of the block.
    pub span: Span,
    /// Its arguments, without those that mean the same for every type.
    pub body: Body,
    /// `count`.
    pub count: Option<Expr>,
    /// `for_each`.
    pub for_each: Option<Expr>,
    /// Local name and alias of the provider configuration.
    pub provider: Option<(Str, Option<Str>)>,
    /// What must be done first.
    pub depends_on: Vec<Located>,
    /// How it lives.
    pub lifecycle: Lifecycle,
    /// What runs after its creation or before its deletion.
    pub provisioners: Vec<Provisioner>,
    /// How provisioners reach it.
    pub connection: Option<Body>,
    block: Block,
}

/// The `lifecycle` block.
#[derive(Clone, Default, Debug)]
pub struct Lifecycle {
    /// Its replacement is made before it is deleted.
    pub create_before_destroy: Option<bool>,
    /// It must not be deleted.
    pub prevent_destroy: Option<Expr>,
    /// What may differ from the configuration.
    pub ignore_changes: IgnoreChanges,
    /// Objects whose change replaces it.
    pub replace_triggered_by: Vec<Expr>,
    /// Conditions before it is planned.
    pub preconditions: Vec<Condition>,
    /// Conditions on the finished object.
    pub postconditions: Vec<Condition>,
}

/// What may differ from the configuration.
#[derive(Clone, PartialEq, Default, Debug)]
pub enum IgnoreChanges {
    /// Nothing.
    #[default]
    None,
    /// These arguments.
    Some(Vec<Path>),
    /// Every argument.
    All,
}

/// A condition with the message for when it does not hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What must be true.
    pub condition: Expr,
    /// What people read if it is not.
    pub error_message: Expr,
    /// The first line of the block.
    pub span: Span,
}

/// A `provisioner` block.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Its type.
    pub ty: Str,
    /// Its arguments.
    pub body: Body,
    /// It runs before the object is deleted.
    pub destroy: bool,
    /// A failure does not matter.
    pub continue_on_failure: bool,
    /// The first line of the block.
    pub span: Span,
}

pub(super) fn read(
    module: &mut Module,
    block: Block,
    mode: Mode,
    overriding: bool,
    diags: &mut Diagnostics,
) {
    let addr = infra_addrs::Resource {
        mode,
        type_name: block.labels[0].text.clone(),
        name: block.labels[1].text.clone(),
    };
    let block = match module.resources.remove(&addr) {
        Some(before) if overriding => {
            let mut merged = before.block;
            blocks::override_body(&mut merged.body, block.body);
            merged
        }
        Some(before) => {
            diags.push(diagnostics::duplicate_resource(&addr).at(block.header));
            module.resources.insert(addr, before);
            return;
        }
        None => block,
    };
    let resource = compile(addr.clone(), block, diags);
    module.resources.insert(addr, resource);
}

fn compile(addr: infra_addrs::Resource, block: Block, diags: &mut Diagnostics) -> Resource {
    let mut body = block.body.clone();
    let count = body.take_attribute("count");
    let for_each = body.take_attribute("for_each");
    if let (Some(_), Some(both)) = (&count, &for_each) {
        diags.push(diagnostics::count_and_for_each().at(both.name_span));
    }
    let provider = body.take_attribute("provider").and_then(|found| {
        let reference = provider::reference(&found.expr);
        if reference.is_none() {
            diags.push(diagnostics::wrong_provider_reference().at(found.expr.span()));
        }
        reference
    });
    let after = body
        .take_attribute("depends_on")
        .map(|found| depends_on(&found.expr, diags))
        .unwrap_or_default();
    let mut lifecycle = Lifecycle::default();
    for found in body.take_blocks("lifecycle") {
        read_lifecycle(&mut lifecycle, &found.body, diags);
    }
    let mut provisioners = Vec::new();
    let mut connection = None;
    if addr.mode == Mode::Managed {
        provisioners.extend(
            body.take_blocks("provisioner")
                .into_iter()
                .filter_map(|found| provisioner(found, diags)),
        );
        connection = body.take_blocks("connection").pop().map(|found| found.body);
    }
    Resource {
        addr,
        span: block.header,
        body,
        count: count.map(|found| found.expr),
        for_each: for_each.map(|found| found.expr),
        provider,
        depends_on: after,
        lifecycle,
        provisioners,
        connection,
        block,
    }
}

/// The references of `depends_on`, also in quotes as old configurations have them.
pub(super) fn depends_on(expr: &Expr, diags: &mut Diagnostics) -> Vec<Located> {
    let Some(items) = expr.as_tuple() else {
        diags.push(diagnostics::wrong_depends_on().at(expr.span()));
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items {
        if let Some(text) = item.as_literal() {
            let mut ignored = Diagnostics::new();
            let parsed = text
                .as_str()
                .and_then(|text| crate::syntax::parse_expr(item.span().source, text, &mut ignored));
            match parsed.as_ref().and_then(|parsed| parsed.references().first()) {
                Some(reference) => {
                    diags.push(diagnostics::quoted_reference().at(item.span()));
                    found.push(Located { span: item.span(), ..reference.clone() });
                }
                None => diags.push(diagnostics::wrong_depends_on().at(item.span())),
            }
            continue;
        }
        match item.references() {
            [reference] if item.as_traversal().is_some() => found.push(reference.clone()),
            _ => diags.push(diagnostics::wrong_depends_on().at(item.span())),
        }
    }
    found
}

fn read_lifecycle(lifecycle: &mut Lifecycle, body: &Body, diags: &mut Diagnostics) {
    for attribute in &body.attributes {
        let expr = &attribute.expr;
        match &*attribute.name {
            "create_before_destroy" => {
                lifecycle.create_before_destroy = Some(flag(expr, "create_before_destroy", diags));
            }
            "prevent_destroy" => lifecycle.prevent_destroy = Some(expr.clone()),
            "ignore_changes" => lifecycle.ignore_changes = ignore_changes(expr, diags),
            "replace_triggered_by" => {
                lifecycle.replace_triggered_by = expr.as_tuple().unwrap_or_default().to_vec();
            }
            other => {
                let known = [
                    "create_before_destroy",
                    "prevent_destroy",
                    "ignore_changes",
                    "replace_triggered_by",
                ];
                diags.push(diagnostics::unsupported(other, known).at(attribute.name_span));
            }
        }
    }
    for block in &body.blocks {
        match &*block.ty {
            "precondition" => {
                lifecycle.preconditions.extend(conditions(std::slice::from_ref(block), diags));
            }
            "postcondition" => {
                lifecycle.postconditions.extend(conditions(std::slice::from_ref(block), diags));
            }
            other => {
                diags.push(
                    diagnostics::unknown_block(other, ["precondition", "postcondition"])
                        .at(block.ty_span),
                );
            }
        }
    }
}

fn ignore_changes(expr: &Expr, diags: &mut Diagnostics) -> IgnoreChanges {
    if expr.as_keyword() == Some("all") {
        return IgnoreChanges::All;
    }
    let mut paths = Vec::new();
    for item in expr.as_tuple().unwrap_or_default() {
        let quoted = item.as_literal().and_then(|value| value.as_str().map(str::to_owned));
        let words = match &quoted {
            Some(text) if text == "*" => {
                diags.push(diagnostics::quoted_reference().at(item.span()));
                return IgnoreChanges::All;
            }
            Some(text) => {
                diags.push(diagnostics::quoted_reference().at(item.span()));
                let mut ignored = Diagnostics::new();
                crate::syntax::parse_expr(item.span().source, text, &mut ignored)
                    .and_then(|expr| expr.as_traversal())
            }
            None => item.as_traversal(),
        };
        match words {
            Some(words) => paths.push(path(&words)),
            None => diags.push(diagnostics::wrong_ignore_changes().at(item.span())),
        }
    }
    IgnoreChanges::Some(paths)
}

fn path(words: &Traversal) -> Path {
    Path(
        std::iter::once(Step::Attr(words.root.clone()))
            .chain(words.steps.iter().cloned())
            .collect(),
    )
}

pub(super) fn conditions(blocks: &[Block], diags: &mut Diagnostics) -> Vec<Condition> {
    let mut found = Vec::new();
    for block in blocks {
        let part = |name: &str| block.body.attribute(name).map(|attribute| attribute.expr.clone());
        match (part("condition"), part("error_message")) {
            (Some(condition), Some(error_message)) => {
                found.push(Condition { condition, error_message, span: block.header });
            }
            (None, _) => diags.push(diagnostics::missing("condition").at(block.body.open)),
            (_, None) => diags.push(diagnostics::missing("error_message").at(block.body.open)),
        }
    }
    found
}

fn provisioner(block: Block, diags: &mut Diagnostics) -> Option<Provisioner> {
    let Some(label) = block.labels.first() else {
        diags.push(diagnostics::labels("provisioner", 1, 0).at(block.header));
        return None;
    };
    let ty = label.text.clone();
    let mut body = block.body;
    let mut word = |name: &str| {
        let found = body.take_attribute(name)?;
        let literal = found.expr.as_literal().and_then(|value| value.as_str().map(str::to_owned));
        found.expr.as_keyword().map(str::to_owned).or(literal)
    };
    let destroy = word("when").as_deref() == Some("destroy");
    let continue_on_failure = word("on_failure").as_deref() == Some("continue");
    body.take_blocks("connection");
    Some(Provisioner { ty, body, destroy, continue_on_failure, span: block.header })
}
