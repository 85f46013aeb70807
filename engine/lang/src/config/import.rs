//! `import` blocks.

use infra_addrs::{ConfigResource, ResourceInstance};
use infra_diag::{Diagnostics, Span};
use infra_value::{Str, Value};

use super::content::Content;
use super::module::Module;
use super::{diagnostics, provider};
use crate::syntax::{Block, Expr, Kind, Step};

const IMPORT: Content = Content {
    arguments: &["id", "identity", "for_each", "provider"],
    required: &["to"],
    blocks: &[],
};

/// An object that exists and shall be managed.
#[derive(Clone, Debug)]
pub struct Import {
    /// The address that it gets; keys may be expressions.
    pub to: Expr,
    /// Its import id.
    pub id: Option<Expr>,
    /// Its identity, in place of an id.
    pub identity: Option<Expr>,
    /// One import for each element.
    pub for_each: Option<Expr>,
    /// Local name and alias of the provider configuration, for an object that has no resource block yet.
    pub provider: Option<(Str, Option<Str>)>,
    /// Where that is written.
    pub provider_span: Option<Span>,
    /// The first line of the block.
    pub span: Span,
    /// The resource of the address.
    target: Option<ConfigResource>,
}

impl Import {
    /// Whether its address holds nothing that has to be evaluated.
    pub fn is_constant(&self) -> bool {
        self.to.as_traversal().is_some()
    }

    /// The resource of the address, whatever its keys.
    pub fn resource(&self) -> Option<&ConfigResource> {
        self.target.as_ref()
    }

    /// The address, with keys as they are evaluated; nothing if a key cannot be one.
    pub fn address(
        &self,
        evaluate: &mut dyn FnMut(&Expr) -> Option<Value>,
    ) -> Option<ResourceInstance> {
        let Kind::Reference { steps, .. } = self.to.kind() else { return None };
        let mut words = self.to.words()?;
        for step in steps {
            words.steps.push(match step {
                Step::Attr(name, _) => infra_value::Step::Attr(name.clone()),
                Step::Index(key, _) => match key.as_literal() {
                    Some(key) => infra_value::Step::Index(key),
                    None => infra_value::Step::Index(evaluate(key)?.unmarked().0),
                },
                Step::Splat(..) => return None,
            });
        }
        words.to_string().parse().ok()
    }
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    if !module.path.is_root() {
        diags.push(diagnostics::import_below_root().at(block.header));
        return;
    }
    let told = diags.len();
    let body = IMPORT.read(block.body, diags);
    if let Some(to) = body.attribute("to").filter(|_| body.json) {
        match to.expr.kind() {
            Kind::Unread(found) => {
                diags.extend(found.iter().cloned());
                return;
            }
            Kind::Literal(_) | Kind::Tuple(_) | Kind::Object(_) => {
                diags.push(diagnostics::json_reference_needed().at(to.expr.span()));
                return;
            }
            _ => {}
        }
    }
    let part = |name: &str| body.attribute(name).map(|attribute| attribute.expr.clone());
    let nameless = part("id").is_none() && part("identity").is_none();
    if nameless {
        let place = if body.json || part("to").is_none() { body.open } else { block.header };
        diags.push(diagnostics::missing("id").at(place));
    }
    let Some(written) = body.attribute("to") else { return };
    let (to, to_span) = (written.expr.clone(), written.span);
    let provider = part("provider");
    let mut import = Import {
        target: None,
        provider_span: body.attribute("provider").map(|written| written.name_span),
        id: part("id"),
        identity: part("identity"),
        for_each: part("for_each"),
        provider: provider.and_then(|expr| provider::reference(&expr, "provider", diags)),
        span: block.header,
        to,
    };
    if import.id.is_some() && import.identity.is_some() {
        diags.push(diagnostics::import_twice_named().at(block.header));
    }
    let literal = import.address(&mut |_| None);
    import.target = import.address(&mut |_| Some(0_i64.into())).map(|found| found.config());
    let constant = import.is_constant();
    if !constant && import.resource().is_none() {
        diags.push(diagnostics::reference_needed().at(import.to.span()));
    }
    match import.resource() {
        None => {
            if let Some(words) = import.to.as_traversal() {
                diags.push(diagnostics::wrong_target(&words.root).at(import.to.span()));
            }
            diags.push(diagnostics::import_of_other().at(to_span));
        }
        Some(found) if found.resource.mode != infra_addrs::Mode::Managed => {
            diags.push(diagnostics::import_of_other().at(to_span));
        }
        Some(_) if diags.failed_since(told) => {}
        Some(resource) => {
            if let Some(addr) = literal
                && !module.imported.insert(addr.clone())
            {
                diags.push(diagnostics::import_twice(&addr.to_string()).at(import.to.span()));
                return;
            }
            let at = module.imports.len();
            module.imports_of.entry(resource.clone()).or_default().push(at);
            module.imports.push(import);
        }
    }
}
