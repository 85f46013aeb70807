//! What can be said against a configuration without calling a provider.
//!
//! Every object is evaluated once, with values that are unknown but have their types: variables, attributes of
//! resources, `count.index`. What depends on a mistake is left out, so that one mistake is told once.
//!
//! Reading order: this file (the walk), `scope` (what expressions see), `references`, `repetition`, then a file for each
//! sort of block.

mod actions;
mod calls;
mod conditions;
mod diagnostics;
mod imports;
mod installed;
mod lists;
mod providers;
mod provisioners;
mod references;
mod repetition;
mod resources;
mod scope;
mod values;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use infra_addrs::{ModulePath, ProviderAddr};
use infra_diag::{Diagnostic, Diagnostics};
use infra_graph::Graph;
use infra_provider::{Block as Schema, Kind, Provider, Provisioner};
use infra_value::{Str, Value};

use crate::config::{Config, Resource};
use crate::dependencies::{Node, looked_at};
use crate::eval::{self, Context};
use crate::functions::{Environment, ProviderFunctions};
use crate::syntax::{Body, Expr};
use conditions::Owner;
use scope::Place;

pub use actions::trigger_holds;
pub use diagnostics::{
    cycle, ephemeral_message, sensitive_message, unknown_type, wrong_import_id,
    wrong_import_identity,
};
pub use imports::import_id;

/// Finds what is linked in.
pub trait Installed {
    /// The provider at an address.
    fn provider(&self, addr: &ProviderAddr) -> Option<Arc<dyn Provider>>;

    /// The provisioner of a name.
    fn provisioner(&self, name: &str) -> Option<Arc<dyn Provisioner>>;

    /// The functions of providers.
    fn functions(&self) -> ProviderFunctions {
        ProviderFunctions::default()
    }
}

/// Checks names, references, types, and blocks against the schemas of their types.
pub fn check(config: &Config, installed: &dyn Installed) -> Diagnostics {
    let checker = Checker::new(config, installed);
    let mut diags = Diagnostics::new();
    checker.all(&mut diags);
    in_order(config, diags)
}

/// Checks no more than which providers there are, and how modules pass their configurations on.
pub fn check_providers(config: &Config, installed: &dyn Installed) -> Diagnostics {
    let checker = Checker::new(config, installed);
    let mut diags = Diagnostics::new();
    checker.providers(&mut diags);
    in_order(config, diags)
}

/// People read their files from top to bottom.
fn in_order(config: &Config, diags: Diagnostics) -> Diagnostics {
    let mut found: Vec<Diagnostic> = config.with_blocks(diags).into_iter().collect();
    found.sort_by_key(|diagnostic| diagnostic.span.map(|span| (span.source, span.start)));
    found.into_iter().collect()
}

/// What is wrong with the references of an expression that stands in a module, outside any block.
pub fn check_references(
    config: &Config,
    installed: &dyn Installed,
    module: &ModulePath,
    expr: &Expr,
) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let checker = Checker::new(config, installed);
    if let Some(module) = config.module(module) {
        references::check(&checker, &Place::of(module), expr, &mut diags);
    }
    diags
}

/// Reports references of a resource to itself. They are told of when it is planned.
pub fn check_not_itself(resource: &Resource, schema: &Schema) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let exprs = eval::expressions(&resource.body, schema);
    references::check_not_itself(&resource.addr, &exprs, &mut diags);
    diags
}

struct Checker<'a> {
    config: &'a Config,
    installed: &'a dyn Installed,
    environment: Environment,
    locals: RefCell<HashMap<(ModulePath, Str), Value>>,
}

impl<'a> Checker<'a> {
    fn new(config: &'a Config, installed: &'a dyn Installed) -> Self {
        let environment = Environment {
            files: config.files.clone(),
            providers: installed.functions(),
            ..Environment::nowhere()
        };
        Self { config, installed, environment, locals: RefCell::default() }
    }
}

impl Checker<'_> {
    fn providers(&self, diags: &mut Diagnostics) {
        installed::check(self, diags);
        if !diags.has_errors() {
            imports::check_providers(self, diags);
            providers::check_passed(&self.config.root, None, diags);
        }
    }

    /// One stage after the other: each relies on what the ones before it found right.
    fn all(&self, diags: &mut Diagnostics) {
        self.providers(diags);
        if diags.has_errors() {
            return;
        }
        providers::check(self, diags);
        if diags.has_errors() {
            return;
        }
        calls::check_inputs(self, diags);
        if diags.has_errors() {
            return;
        }
        values::check_self_references(self, diags);
        let dependencies = self.config.dependencies();
        let failed = match &dependencies.order {
            Ok(order) => self.walk(&dependencies.graph, order, diags),
            Err(cycles) => {
                if !diags.has_errors() {
                    diags.extend(cycles.iter().map(|found| cycle(self.config, found)));
                }
                return;
            }
        };
        for module in self.config.modules() {
            for check in module.checks.values() {
                if looked_at(module, check).iter().any(|node| failed.contains(node)) {
                    continue;
                }
                let place = Place { check: Some(check.name.clone()), ..Place::of(module) };
                conditions::check(self, &place, &check.asserts, Owner::Check, diags);
            }
        }
        for import in &self.config.root.imports {
            imports::check(self, import, diags);
        }
    }

    /// Each object after all that it depends on; nothing that depends on a mistake. Gives what was found wrong or left out.
    fn walk<'g>(
        &self,
        graph: &Graph<Node>,
        order: &'g [Node],
        diags: &mut Diagnostics,
    ) -> BTreeSet<&'g Node> {
        let mut failed: BTreeSet<&Node> = BTreeSet::new();
        for node in order {
            let follows = || graph.dependencies(node).iter().any(|other| failed.contains(other));
            // Without a type it is not known which expressions a resource has, and so what it depends on.
            if follows() && !self.is_of_no_type(node) {
                failed.insert(node);
                continue;
            }
            // A provider configuration that nothing uses is never made.
            if matches!(node, Node::Provider(_)) && graph.dependents(node).is_empty() {
                continue;
            }
            let mut found = Diagnostics::new();
            self.node(node, &mut found);
            if found.has_errors() {
                failed.insert(node);
            }
            diags.extend(found);
        }
        failed
    }

    /// Whether a resource has a type that its provider does not know.
    fn is_of_no_type(&self, node: &Node) -> bool {
        let Node::Resource(addr) = node else { return false };
        let Some(module) = self.config.module(&addr.module) else { return false };
        let Some(resource) = module.resources.get(&addr.resource) else { return false };
        let provider = self.config.provider_of(&module.path, resource).provider;
        let kind = Kind::from(resource.addr.mode);
        self.installed
            .provider(&provider)
            .is_some_and(|found| found.schema(kind, &addr.resource.type_name).is_none())
    }

    fn node(&self, node: &Node, diags: &mut Diagnostics) {
        let (Node::Variable(path, _)
        | Node::Local(path, _)
        | Node::Call(path, _)
        | Node::Output(path, _)) = node
        else {
            match node {
                Node::Provider(addr) => providers::check_block(self, addr, diags),
                Node::Resource(addr) | Node::Action(addr) => resources::check(self, addr, diags),
                Node::Triggers(addr) => actions::check(self, addr, diags),
                _ => {}
            }
            return;
        };
        let Some(module) = self.config.module(path) else { return };
        match node {
            Node::Variable(_, name) => {
                values::check_variable(self, module, &module.variables[name], diags);
            }
            Node::Local(_, name) => values::check_local(self, module, &module.locals[name], diags),
            Node::Output(_, name) => {
                values::check_output(self, module, &module.outputs[name], diags);
            }
            Node::Call(_, name) => calls::check_call(self, module, &module.calls[name], diags),
            _ => {}
        }
    }

    /// The value of an expression, if nothing is wrong with it.
    fn evaluate(&self, place: &Place<'_>, expr: &Expr, diags: &mut Diagnostics) -> Option<Value> {
        let mut found = Diagnostics::new();
        references::check(self, place, expr, &mut found);
        if !found.has_errors() {
            let scope = place.scope(self);
            let value = expr.evaluate(&mut Context::new(&scope, &mut found));
            if !found.has_errors() {
                diags.extend(found);
                return Some(value);
            }
        }
        diags.extend(found);
        None
    }

    /// The value of a body, if nothing is wrong with it.
    fn decode(
        &self,
        place: &Place<'_>,
        body: &Body,
        schema: &Schema,
        diags: &mut Diagnostics,
    ) -> Option<Value> {
        let mut found = Diagnostics::new();
        for expr in eval::expressions(body, schema) {
            references::check(self, place, &expr, &mut found);
        }
        let mut value = None;
        if !found.has_errors() {
            let scope = place.scope(self);
            value = Some(eval::decode(body, schema, &mut Context::new(&scope, &mut found)));
        }
        let failed = found.has_errors();
        diags.extend(found);
        value.filter(|_| !failed)
    }
}
