//! `resource`, `data` and `ephemeral` blocks.

use infra_addrs::Mode;
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::{Path, Step, Str};

use super::content::{Content, check_name, flag, list};
use super::module::Module;
use super::stand_in::StandIn;
use super::{
    Listing, Provisioner, Trigger, action, diagnostics, list as listing, provider, provisioner,
};
use crate::syntax::{Block, Body, Expr, Kind, Located, Reference, Traversal};

const MANAGED: Content = Content {
    arguments: &["count", "for_each", "provider", "depends_on"],
    required: &[],
    blocks: &[
        ("lifecycle", &[]),
        ("connection", &[]),
        ("provisioner", &["type"]),
        ("locals", &[]),
        ("_", &[]),
    ],
};

const OTHER: Content =
    Content { blocks: &[("lifecycle", &[]), ("locals", &[]), ("_", &[])], ..MANAGED };

const LIFECYCLE: Content = Content {
    arguments: &[
        "create_before_destroy",
        "prevent_destroy",
        "ignore_changes",
        "replace_triggered_by",
    ],
    required: &[],
    blocks: &[("action_trigger", &[]), ("precondition", &[]), ("postcondition", &[])],
};

const CONDITION: Content =
    Content { arguments: &[], required: &["condition", "error_message"], blocks: &[] };

/// A resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Type and name.
    pub addr: infra_addrs::Resource,
    /// The first line of the block.
    pub span: Span,
    /// Where the type stands.
    pub type_span: Span,
    /// Its arguments, without those that mean the same for every type.
    pub body: Body,
    /// `count`.
    pub count: Option<Expr>,
    /// `for_each`.
    pub for_each: Option<Expr>,
    /// Local name and alias of the provider configuration.
    pub provider: Option<(Str, Option<Str>)>,
    /// Which instance of the provider configuration, if that is repeated.
    pub provider_key: Option<Expr>,
    /// What must be done first.
    pub depends_on: DependsOn,
    /// How it lives.
    pub lifecycle: Lifecycle,
    /// What runs after its creation or before its deletion.
    pub provisioners: Vec<Provisioner>,
    /// How provisioners reach it.
    pub connection: Option<Body>,
    /// The check that it stands in, if it is a data source in one.
    pub check: Option<Str>,
    /// What a `list` block says besides.
    pub listing: Listing,
    /// What a test has in place of its provider; the last one that names an instance holds.
    pub stand_ins: Vec<StandIn>,
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
    /// What is invoked before or after it changes.
    pub triggers: Vec<Trigger>,
    /// Conditions before it is planned.
    pub preconditions: Vec<Condition>,
    /// Conditions on the finished object.
    pub postconditions: Vec<Condition>,
}

impl Lifecycle {
    /// Pre- and postconditions.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.preconditions.iter().chain(&self.postconditions)
    }
}

/// What may differ from the configuration.
#[derive(Clone, PartialEq, Default, Debug)]
pub enum IgnoreChanges {
    /// Nothing.
    #[default]
    None,
    /// These arguments, and where they are named.
    Some(Vec<(Path, Span)>),
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

impl Condition {
    /// What the condition and its message refer to.
    pub fn references(&self) -> impl Iterator<Item = &Located> {
        self.condition.references().iter().chain(self.error_message.references())
    }
}

pub(super) fn read(module: &mut Module, block: Block, mode: Mode, diags: &mut Diagnostics) {
    let addr = infra_addrs::Resource {
        mode,
        type_name: block.labels[0].text.clone(),
        name: block.labels[1].text.clone(),
    };
    // What is wrong inside of a second one is told too.
    let resource = compile(addr.clone(), block, diags);
    if module.resources.contains_key(&addr) {
        diags.push(diagnostics::duplicate_resource(&addr).at(resource.span));
        return;
    }
    module.resources.insert(addr, Box::new(resource));
}

fn compile(addr: infra_addrs::Resource, block: Block, diags: &mut Diagnostics) -> Resource {
    let (kind, names) = match addr.mode {
        Mode::Managed => (&MANAGED, ("Invalid resource type name", "Invalid resource name")),
        Mode::Data => (&OTHER, ("Invalid data source name", "Invalid data resource name")),
        Mode::Ephemeral | Mode::Action => {
            (&OTHER, ("Invalid ephemeral resource type", "Invalid ephemeral resource name"))
        }
        Mode::List => (&listing::CONTENT, ("Invalid list type name", "Invalid list name")),
    };
    check_name(&block, 0, names.0, diags);
    check_name(&block, 1, names.1, diags);
    if addr.type_name.starts_with('_') && block.body.attribute("provider").is_none() {
        diags.push(diagnostics::no_provider_name().at(block.labels[0].span));
    }
    let mut body = block.body;
    let mut taken = kind.take(&mut body, diags);
    unescape(&mut body, &taken, &format!(" in {} block", block.ty), diags);
    let count = taken.take_attribute("count");
    let for_each = taken.take_attribute("for_each");
    if let (Some(_), Some(both)) = (&count, &for_each) {
        diags.push(diagnostics::count_and_for_each().at(both.name_span));
    }
    let provider = taken
        .take_attribute("provider")
        .and_then(|found| provider::keyed_reference(&found.expr, "provider", diags));
    let (provider, provider_key) = match provider {
        Some((name, alias, key)) => (Some((name, alias)), key),
        None => (None, None),
    };
    let after = taken.take_attribute("depends_on").map(|found| depends_on(&found.expr, diags));
    let mut lifecycle = Lifecycle::default();
    if let Some(found) = only("resource", taken.take_blocks("lifecycle"), diags) {
        read_lifecycle(&mut lifecycle, &addr, found.body, diags);
    }
    let connection = only("resource", taken.take_blocks("connection"), diags);
    let provisioners: Vec<Provisioner> = taken
        .take_blocks("provisioner")
        .into_iter()
        .filter_map(|found| Provisioner::read(found, diags))
        .collect();
    if let Some(connection) = &connection
        && provisioners.iter().any(|provisioner| provisioner.destroy)
    {
        provisioner::refers_only_to_itself(&connection.body, diags);
    }
    Resource {
        addr,
        span: block.header,
        type_span: block.labels[0].span,
        body,
        count: count.map(|found| found.expr),
        for_each: for_each.map(|found| found.expr),
        provider,
        provider_key,
        depends_on: after.unwrap_or_default(),
        lifecycle,
        provisioners,
        connection: connection.map(|found| found.body),
        check: None,
        listing: Listing {
            limit: taken.take_attribute("limit").map(|found| found.expr),
            include_resource: taken.take_attribute("include_resource").map(|found| found.expr),
        },
        stand_ins: Vec::new(),
    }
}

/// The one block of a type that there may be.
pub(super) fn only(what: &str, blocks: Vec<Block>, diags: &mut Diagnostics) -> Option<Block> {
    for second in blocks.iter().skip(1) {
        diags.push(diagnostics::second_block(what, &second.ty).at(second.header));
    }
    blocks.into_iter().next()
}

/// Puts what stands in a `_` block into the body: there, names that mean the same for every type do not. Reports block
/// types that are reserved; `place` says where.
pub(super) fn unescape(body: &mut Body, taken: &Body, place: &str, diags: &mut Diagnostics) {
    let mut escaped = false;
    for block in &taken.blocks {
        match &*block.ty {
            "_" if escaped => {
                diags.push(diagnostics::second_block("block", "escaping").at(block.header));
            }
            "_" => {
                escaped = true;
                body.attributes.extend(block.body.attributes.iter().cloned());
                body.blocks.extend(block.body.blocks.iter().cloned());
            }
            "lifecycle" | "connection" | "provisioner"
                if !place.contains("module") && !place.contains("provider") => {}
            reserved => diags.push(diagnostics::reserved_block(reserved, place).at(block.ty_span)),
        }
    }
}

/// The words of a reference, also in quotes as old configurations have it.
pub(super) fn words(expr: &Expr, diags: &mut Diagnostics) -> Option<Traversal> {
    unquoted(expr, diags).unwrap_or_else(|| expr.clone()).as_traversal()
}

/// The expression in a quoted text.
pub(super) fn unquoted(expr: &Expr, diags: &mut Diagnostics) -> Option<Expr> {
    let text = expr.as_literal()?;
    let mut ignored = Diagnostics::new();
    let parsed = crate::syntax::parse_expr(expr.span().source, text.as_str()?, &mut ignored);
    diags.push(diagnostics::quoted_reference().at(expr.span()));
    parsed.filter(|parsed| parsed.as_traversal().is_some())
}

/// Whether an expression is a text in quotes that is no reference; if so that is reported.
pub(super) fn is_nonsense(expr: &Expr, diags: &mut Diagnostics) -> bool {
    let text = expr.as_literal();
    let Some(text) = text.as_ref().and_then(|text| text.as_str()) else { return false };
    let mut ignored = Diagnostics::new();
    let parsed = crate::syntax::parse_expr(expr.span().source, text, &mut ignored);
    if parsed.is_some_and(|parsed| parsed.as_traversal().is_some()) {
        return false;
    }
    diags.push(diagnostics::quoted_reference().at(expr.span()));
    diags.push(diagnostics::quoted_nonsense().at(expr.span()));
    true
}

/// What `depends_on` says.
#[derive(Clone, Default, Debug)]
pub struct DependsOn {
    /// What must be done before.
    pub references: Vec<Located>,
    /// What is wrong with others, which is told with other references.
    pub wrong: Vec<Diagnostic>,
}

pub(super) fn depends_on(expr: &Expr, diags: &mut Diagnostics) -> DependsOn {
    let mut found = DependsOn::default();
    for item in list(expr, diags) {
        if is_nonsense(item, diags) {
            continue;
        }
        let parsed = unquoted(item, diags).unwrap_or_else(|| item.clone());
        match (parsed.kind(), parsed.references()) {
            (Kind::Invalid { diagnostic, .. }, _) => {
                found.wrong.push(diagnostic.clone().at(item.span()));
            }
            (Kind::Reference { .. }, [reference]) => {
                found.references.push(Located { span: item.span(), ..reference.clone() });
            }
            _ => diags.push(diagnostics::reference_needed().at(item.span())),
        }
    }
    found
}

fn read_lifecycle(
    lifecycle: &mut Lifecycle,
    addr: &infra_addrs::Resource,
    body: Body,
    diags: &mut Diagnostics,
) {
    let mut body = LIFECYCLE.read(body, diags);
    let kind = match addr.mode {
        Mode::Managed => None,
        Mode::Data => Some("data"),
        Mode::Ephemeral | Mode::Action => Some("ephemeral"),
        Mode::List => Some("list"),
    };
    for attribute in &body.attributes {
        let expr = &attribute.expr;
        if let Some(kind) = kind {
            let foreign = diagnostics::foreign_lifecycle(kind, &attribute.name);
            diags.push(foreign.at(attribute.name_span));
            continue;
        }
        match &*attribute.name {
            "create_before_destroy" => lifecycle.create_before_destroy = flag(expr, diags),
            "prevent_destroy" => lifecycle.prevent_destroy = prevent_destroy(expr, diags),
            "ignore_changes" => lifecycle.ignore_changes = ignore_changes(expr, diags),
            _ => lifecycle.replace_triggered_by = triggers(expr, body.json, diags),
        }
    }
    for block in body.take_blocks("action_trigger") {
        match kind {
            Some(kind) => {
                let foreign = diagnostics::foreign_lifecycle(kind, &block.ty);
                diags.push(foreign.at(block.ty_span));
            }
            None => lifecycle.triggers.push(action::trigger(block, diags)),
        }
    }
    for block in &body.blocks {
        let Some(found) = condition(block, diags) else { continue };
        for expr in [&found.condition, &found.error_message] {
            let itself = |found: &Located| matches!(&found.reference, Reference::Resource(referred) if referred == addr);
            if expr.references().iter().any(itself) {
                diags.push(diagnostics::condition_names_itself(&block.ty, addr).at(expr.span()));
            }
        }
        if &*block.ty == "precondition" {
            lifecycle.preconditions.push(found);
        } else {
            lifecycle.postconditions.push(found);
        }
    }
}

/// What refers to nothing must be `true` or `false`; the rest is evaluated when it is planned.
fn prevent_destroy(expr: &Expr, diags: &mut Diagnostics) -> Option<Expr> {
    if expr.references().is_empty() && !expr.has_calls() {
        flag(expr, diags)?;
    }
    Some(expr.clone())
}

fn triggers(expr: &Expr, json: bool, diags: &mut Diagnostics) -> Vec<Expr> {
    let items = list(expr, diags);
    let before = diags.len();
    for item in items {
        // Terraform reads no further after a wrong one.
        if diags.failed_since(before) {
            break;
        }
        match item.kind() {
            Kind::Unread(found) => {
                diags.extend(found.iter().cloned());
                continue;
            }
            Kind::Literal(_) if json => {
                diags.push(diagnostics::json_reference_needed().at(item.span()));
                continue;
            }
            _ => {}
        }
        let mut resources = 0;
        for found in item.references() {
            let wrong = match &found.reference {
                Reference::Resource(_) => {
                    resources += 1;
                    continue;
                }
                Reference::Each(name) if &**name == "key" => continue,
                Reference::Count(name) if &**name == "index" => continue,
                Reference::Each(_) => {
                    ("each", "Only each.key may be used in replace_triggered_by.")
                }
                Reference::Count(_) => {
                    ("count", "Only count.index may be used in replace_triggered_by.")
                }
                _ => (
                    "reference",
                    "Only resources, count.index, and each.key may be used in replace_triggered_by.",
                ),
            };
            diags.push(diagnostics::trigger(wrong.0, wrong.1).at(item.span()));
        }
        let problem = match resources {
            0 => "Missing resource reference in replace_triggered_by expression.",
            1 => continue,
            _ => "Multiple resource references in replace_triggered_by expression.",
        };
        diags.push(diagnostics::trigger("", problem).at(item.span()));
    }
    items.to_vec()
}

fn ignore_changes(expr: &Expr, diags: &mut Diagnostics) -> IgnoreChanges {
    if expr.as_keyword() == Some("all") {
        return IgnoreChanges::All;
    }
    let mut paths = Vec::new();
    let mut wildcard = None;
    for item in list(expr, diags) {
        if item.as_literal().is_some_and(|value| value.as_str() == Some("*")) {
            diags.push(diagnostics::wildcard_changes().at(expr.span()));
            wildcard = Some(item.span());
            continue;
        }
        match words(item, diags) {
            Some(words) => paths.push((path(&words), item.span())),
            None => diags.push(diagnostics::reference_needed().at(item.span())),
        }
    }
    if wildcard.is_some() && !paths.is_empty() {
        diags.push(diagnostics::mixed_changes().at(wildcard));
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

/// Reads a block with a condition and the message for when it does not hold.
pub(super) fn condition(block: &Block, diags: &mut Diagnostics) -> Option<Condition> {
    let body = CONDITION.read(block.body.clone(), diags);
    let part = |name: &str| body.attribute(name).map(|attribute| attribute.expr.clone());
    let (condition, error_message) = (part("condition"), part("error_message"));
    if let Some(condition) = &condition {
        let mut refers = false;
        condition.visit(&mut |expr| {
            refers |= matches!(expr.kind(), Kind::Reference { .. } | Kind::Invalid { .. });
        });
        if !refers {
            diags.push(diagnostics::constant_condition(&block.ty).at(condition.span()));
        }
    }
    Some(Condition { condition: condition?, error_message: error_message?, span: block.header })
}
