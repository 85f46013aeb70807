//! `moved` blocks, and the moves that a switch to or from `count` implies: the state is rewritten before anything is planned.

use std::collections::{BTreeMap, BTreeSet};

use infra_addrs::{
    ConfigResource, InstanceKey, ModuleInstance, ModulePath, Resource, ResourceInstance, Target,
};
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_graph::Graph;
use infra_lang::config::Config;
use infra_lang::dependencies::Node;
use infra_plan::Mode;
use infra_state::State;
use infra_value::Str;

use crate::diagnostics;
use crate::planner::Planner;

/// Which objects have another address now.
#[derive(Default)]
pub(crate) struct Moves {
    /// The former address of each object that moved, by its address now.
    pub(crate) from: BTreeMap<ResourceInstance, ResourceInstance>,
    /// Moves that could not be made, since there is something at the new address.
    blocked: Vec<(String, String)>,
    /// The statements that blocks make: what they move from must not be there any more.
    explicit: Vec<Statement>,
    /// A block, if following the statements leads back to where they began.
    circle: Option<Option<Span>>,
}

/// One move, seen from the root.
struct Statement {
    /// The module that has the block; it holds for all instances of it.
    module: ModulePath,
    from: Target,
    to: Target,
    /// The block; nothing for a move that is implied.
    span: Option<Span>,
}

/// A step of a module address in a statement: a name, and the key if only one instance is meant.
type Pattern<'s> = Vec<(&'s Str, Option<&'s Option<InstanceKey>>)>;

impl Statement {
    /// The modules of an endpoint: any instance of those around the block, just the named ones inside.
    fn pattern<'s>(&'s self, end: &'s Target) -> Pattern<'s> {
        let outer = self.module.0.iter().map(|name| (name, None));
        outer.chain(end.module.0.iter().map(|(name, key)| (name, Some(key)))).collect()
    }

    /// Whether it is about one instance rather than a whole resource or module call.
    fn of_instance(&self) -> bool {
        let keyed = |end: &Target| match &end.resource {
            Some((_, key)) => key.is_some(),
            None => end.module.0.last().is_some_and(|(_, key)| key.is_some()),
        };
        keyed(&self.from) || keyed(&self.to)
    }

    fn still_there(&self) -> Diagnostic {
        diagnostics::moved_still_there(&self.from, &self.to, self.of_instance(), self.span)
    }

    /// Whether `other` must be done before this.
    fn depends_on(&self, other: &Self) -> bool {
        let chained = same(&self.pattern(&self.from), &other.pattern(&other.to))
            && match (&self.from.resource, &other.to.resource) {
                (None, None) => true,
                (Some((resource, key)), Some((found, other))) => {
                    resource == found && (key.is_none() || other.is_none() || key == other)
                }
                _ => false,
            };
        if chained {
            return true;
        }
        let nested = within(self, &self.from, other, &other.to)
            || within(self, &self.to, other, &other.to)
            || within(other, &other.from, self, &self.from)
            || within(other, &other.to, self, &self.from);
        nested && (self.module.0.len() >= other.module.0.len() || !self.only_reindexes())
    }

    /// Whether just the key of a module changes.
    fn only_reindexes(&self) -> bool {
        let names = |end: &Target| end.module.module();
        self.from.resource.is_none() && names(&self.from) == names(&self.to)
    }
}

fn same(a: &Pattern<'_>, b: &Pattern<'_>) -> bool {
    a.len() == b.len() && begins(a, b)
}

fn begins(longer: &Pattern<'_>, shorter: &Pattern<'_>) -> bool {
    longer.len() >= shorter.len()
        && longer.iter().zip(shorter).all(|((a, key), (b, other))| {
            a == b && (key.is_none() || other.is_none() || key == other)
        })
}

/// Whether the one endpoint is inside the module that the other is.
fn within(a: &Statement, end: &Target, b: &Statement, outer: &Target) -> bool {
    let (inner, outside) = (a.pattern(end), b.pattern(outer));
    outer.resource.is_none()
        && begins(&inner, &outside)
        && (end.resource.is_some() || inner.len() > outside.len())
}

/// Moves what moved, also where statements are wrong. The state is as if it had always been there.
pub(crate) fn apply(config: &Config, state: &mut State) -> (Moves, Diagnostics) {
    let mut statements: Vec<Statement> = Vec::new();
    for module in config.modules() {
        statements.extend(module.moved.iter().map(|block| Statement {
            module: module.path.clone(),
            from: block.from.clone(),
            to: block.to.clone(),
            span: Some(block.span),
        }));
    }
    let (mut moves, diags) = (Moves::default(), validate(&statements));
    implied(config, state, &mut statements);
    statements.retain(|statement| statement.from != statement.to);
    if statements.is_empty() {
        return (moves, diags);
    }
    let mut graph = Graph::new();
    for (position, statement) in statements.iter().enumerate() {
        graph.add(position);
        for (other, found) in statements.iter().enumerate() {
            if other != position
                && (statement.span.is_some() || found.span.is_some())
                && statement.depends_on(found)
            {
                graph.depend(position, other);
            }
        }
    }
    match graph.order() {
        Ok(order) => {
            for position in order {
                moves.make(&statements[position], state);
            }
        }
        Err(_) => moves.circle = Some(statements[0].span),
    }
    statements.retain(|statement| statement.span.is_some());
    moves.explicit = statements;
    (moves, diags)
}

/// Moves between `a` and `a[0]`, where `count` was added or removed and no block says anything about the resource.
fn implied(config: &Config, state: &State, statements: &mut Vec<Statement>) {
    let explicit: BTreeSet<(ModulePath, Resource)> = statements
        .iter()
        .flat_map(|statement| {
            [&statement.from, &statement.to].into_iter().filter_map(|end| {
                let inner = end.module.module();
                let path = statement.module.0.iter().chain(inner.0.iter()).cloned().collect();
                Some((ModulePath(path), end.resource.as_ref()?.0.clone()))
            })
        })
        .collect();
    let mut found = BTreeSet::new();
    for ((module, resource), stored) in &state.resources {
        let path = module.module();
        let Some(block) = config.module(&path).and_then(|module| module.resources.get(resource))
        else {
            continue;
        };
        let zero = Some(InstanceKey::Int(0));
        let (from, to) = match (&block.count, &block.for_each) {
            (Some(_), _) => (None, zero),
            (None, None) => (zero, None),
            (None, Some(_)) => continue,
        };
        if !stored.instances.contains_key(&from) || explicit.contains(&(path, resource.clone())) {
            continue;
        }
        found.insert((module.clone(), resource.clone(), from, to));
    }
    statements.extend(found.into_iter().map(|(module, resource, from, to)| Statement {
        module: ModulePath::root(),
        from: Target { module: module.clone(), resource: Some((resource.clone(), from)) },
        to: Target { module, resource: Some((resource, to)) },
        span: None,
    }));
}

/// What is wrong with the blocks, whatever there is in the state.
fn validate(statements: &[Statement]) -> Diagnostics {
    let mut diags = Diagnostics::new();
    // An instance without a key and the whole resource are two things.
    let mut sources: BTreeMap<(&ModulePath, &Target, bool), &Target> = BTreeMap::new();
    let mut destinations: BTreeMap<(&ModulePath, &Target, bool), &Target> = BTreeMap::new();
    for statement in statements {
        let Statement { module, from, to, span } = statement;
        if from == to {
            diags.push(diagnostics::move_to_itself(from, *span));
            continue;
        }
        match sources.insert((module, from, statement.of_instance()), to) {
            Some(other) if other != to => {
                diags.push(diagnostics::moved_twice(from, other, to, *span));
            }
            _ => {}
        }
        match destinations.insert((module, to, statement.of_instance()), from) {
            Some(other) if other != from => {
                diags.push(diagnostics::moved_onto(to, other, from, *span));
            }
            _ => {}
        }
    }
    diags
}

/// What a walk came to.
struct Seen {
    /// The nodes that the run is about; nothing if it is about all.
    wanted: Option<BTreeSet<Node>>,
    /// What is imported without a block.
    imported: BTreeSet<ConfigResource>,
}

impl Planner {
    /// Whether the walk came to a node: it is wanted, and nothing that it depends on failed.
    fn was_reached(&self, seen: &Seen, node: &Node) -> bool {
        !self.was_skipped(node) && seen.wanted.as_ref().is_none_or(|wanted| wanted.contains(node))
    }

    /// What is wrong with the statements, now that it is known which instances there are.
    pub(crate) fn check_moves(&self) -> Diagnostics {
        let config = &self.request.config;
        let mut diags = Diagnostics::new();
        // Of what is all to go nothing is declared any more.
        if !self.moves.explicit.is_empty() && self.request.mode != Mode::Destroy {
            let imports = config.imports_to_write().into_iter();
            let imports = imports.filter(|_| self.request.mode == Mode::Normal);
            let seen = Seen {
                wanted: self.wanted(),
                imported: imports.map(|(_, addr, _)| addr).collect(),
            };
            for statement in &self.moves.explicit {
                let around = config.module(&statement.module);
                let around =
                    around.map(|module| self.world.module_instances(module)).unwrap_or_default();
                if around.iter().any(|module| self.still_has(&seen, module, statement)) {
                    diags.push(statement.still_there());
                }
            }
        }
        if let Some(span) = self.moves.circle.filter(|_| !diags.has_errors()) {
            diags.push(diagnostics::moves_in_circle(span));
        }
        diags
    }

    /// Whether what a statement says was moved, seen from an instance of its module, is there, or is to be imported there.
    /// What was left out, after a failure or as no target, is not.
    fn still_has(&self, seen: &Seen, around: &ModuleInstance, statement: &Statement) -> bool {
        let config = &self.request.config;
        let (end, whole) = (&statement.from, !statement.of_instance());
        let mut module = around.clone();
        for (at, (name, key)) in end.module.0.iter().enumerate() {
            let path = module.module();
            let declared = config.module(&path).is_some_and(|found| found.calls.contains_key(name))
                && self.was_reached(seen, &Node::Call(path, name.clone()));
            let any = whole && end.resource.is_none() && at + 1 == end.module.0.len();
            if !declared || !(any || self.world.call_expansion(&module, name).contains(key)) {
                return false;
            }
            module = module.child(name, key.clone());
        }
        let Some((resource, key)) = &end.resource else { return true };
        let addr = ConfigResource { module: module.module(), resource: resource.clone() };
        if config.resource(&addr).is_none() {
            return (whole || key.is_none()) && seen.imported.contains(&addr);
        }
        self.was_reached(seen, &Node::Resource(addr))
            && (whole || self.world.expansion(&module, resource).contains(key))
    }
}

impl Moves {
    /// What could not be moved.
    pub(crate) fn blocked(&self) -> Option<Diagnostic> {
        (!self.blocked.is_empty()).then(|| diagnostics::moves_blocked(&self.blocked))
    }

    fn make(&mut self, statement: &Statement, state: &mut State) {
        let from = statement.pattern(&statement.from);
        let depth = from.len();
        let modules: BTreeSet<ModuleInstance> = state
            .resources
            .keys()
            .map(|(module, _)| module)
            .filter(|module| {
                let whole = statement.from.resource.is_none() && !statement.of_instance();
                module.0.len() >= depth
                    && module.0.iter().zip(&from).enumerate().all(
                        |(at, ((name, key), (wanted, exact)))| {
                            let any = whole && at + 1 == depth;
                            name == *wanted && (any || exact.is_none_or(|exact| exact == key))
                        },
                    )
            })
            .cloned()
            .collect();
        for module in modules {
            match &statement.from.resource {
                None => self.move_module(statement, &module, depth, state),
                Some(_) if module.0.len() == depth => self.move_resource(statement, &module, state),
                Some(_) => {}
            }
        }
    }

    /// The module at the other end of a statement, for one of the instances around its block.
    fn destination(
        statement: &Statement,
        module: &ModuleInstance,
    ) -> Vec<(Str, Option<InstanceKey>)> {
        let outer = module.0.iter().take(statement.module.0.len()).cloned();
        outer.chain(statement.to.module.0.iter().cloned()).collect()
    }

    fn move_module(
        &mut self,
        statement: &Statement,
        module: &ModuleInstance,
        depth: usize,
        state: &mut State,
    ) {
        let mut steps = Self::destination(statement, module);
        if !statement.of_instance()
            && let (Some(last), Some((_, key))) = (steps.last_mut(), module.0.get(depth - 1))
        {
            last.1.clone_from(key);
        }
        steps.extend(module.0.iter().skip(depth).cloned());
        let to = ModuleInstance(steps.into());
        let taken = |(found, _): &(ModuleInstance, Resource)| *found == to;
        if state.resources.keys().any(taken) {
            self.blocked.push((module.to_string(), to.to_string()));
            return;
        }
        let inside: Vec<Resource> = state
            .resources
            .keys()
            .filter(|(found, _)| found == module)
            .map(|(_, resource)| resource.clone())
            .collect();
        for resource in inside {
            self.move_all((module, &resource), (&to, &resource), state);
        }
    }

    fn move_resource(&mut self, statement: &Statement, module: &ModuleInstance, state: &mut State) {
        let (Some((resource, key)), Some((to_resource, to_key))) =
            (&statement.from.resource, &statement.to.resource)
        else {
            return;
        };
        let to = ModuleInstance(Self::destination(statement, module).into());
        if !state.resources.contains_key(&(module.clone(), resource.clone())) {
            return;
        }
        if !statement.of_instance() {
            if state.resources.contains_key(&(to.clone(), to_resource.clone())) {
                let new = Target { module: to, resource: Some((to_resource.clone(), None)) };
                let old =
                    Target { module: module.clone(), resource: Some((resource.clone(), None)) };
                self.blocked.push((old.to_string(), new.to_string()));
                return;
            }
            self.move_all((module, resource), (&to, to_resource), state);
            return;
        }
        let old = ResourceInstance {
            module: module.clone(),
            resource: resource.clone(),
            key: key.clone(),
        };
        let new =
            ResourceInstance { module: to, resource: to_resource.clone(), key: to_key.clone() };
        if state.instance(&old).is_none() {
            return;
        }
        if state.instance(&new).is_some() {
            self.blocked.push((old.to_string(), new.to_string()));
            return;
        }
        state.rename(&old, &new);
        self.record(old, new);
    }

    fn move_all(
        &mut self,
        (module, resource): (&ModuleInstance, &Resource),
        (to, to_resource): (&ModuleInstance, &Resource),
        state: &mut State,
    ) {
        let Some(found) = state.resources.remove(&(module.clone(), resource.clone())) else {
            return;
        };
        for key in found.instances.keys() {
            self.record(
                ResourceInstance {
                    module: module.clone(),
                    resource: resource.clone(),
                    key: key.clone(),
                },
                ResourceInstance {
                    module: to.clone(),
                    resource: to_resource.clone(),
                    key: key.clone(),
                },
            );
        }
        state.resources.insert((to.clone(), to_resource.clone()), found);
    }

    fn record(&mut self, old: ResourceInstance, new: ResourceInstance) {
        let first = self.from.remove(&old).unwrap_or(old);
        self.from.insert(new, first);
    }
}
