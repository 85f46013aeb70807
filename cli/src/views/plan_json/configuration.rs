//! The configuration of a plan: every block with its expressions, each as a constant or as what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use infra_engine::addrs::{InstanceKey, Mode, ModulePath, ProviderAddr};
use infra_engine::diag::{Diagnostics, Sources};
use infra_engine::lang::config::{Config, Module, ModuleCall, Resource, constraint_text};
use infra_engine::lang::eval::{blocks_as_argument, constraint};
use infra_engine::lang::syntax::{Body, Expr, Located, Reference};
use infra_engine::plan::Registry;
use infra_engine::provider::{Block, Kind, Nesting};
use infra_engine::value::{Step, Str, Type, convert, json, print};
use serde_json::{Map, Value as Json, json};

/// The whole configuration.
pub(crate) fn configuration(config: &Config, registry: &Registry) -> Json {
    let view = View { config, registry };
    let mut document = Map::new();
    let providers = view.providers();
    if !providers.is_empty() {
        document.insert("provider_config".into(), Json::Object(providers));
    }
    document.insert("root_module".into(), view.module(&config.root));
    Json::Object(document)
}

struct View<'a> {
    config: &'a Config,
    registry: &'a Registry,
}

impl View<'_> {
    fn module(&self, module: &Module) -> Json {
        let mut entry = Map::new();
        let outputs: Map<String, Json> = module
            .outputs
            .iter()
            .map(|(name, output)| {
                let mut entry = Map::new();
                if output.sensitive {
                    entry.insert("sensitive".into(), json!(true));
                }
                entry.insert("expression".into(), expression(&output.expr, &self.config.sources));
                depends_on(&mut entry, &output.depends_on.references);
                if let Some(text) = output.description.as_ref().filter(|text| !text.is_empty()) {
                    entry.insert("description".into(), json!(text));
                }
                (name.to_string(), Json::Object(entry))
            })
            .collect();
        put(&mut entry, "outputs", outputs);
        let of =
            |mode: Mode| module.resources.values().filter(move |found| found.addr.mode == mode);
        let resources: Vec<Json> = of(Mode::Managed)
            .chain(of(Mode::Data))
            .chain(of(Mode::Ephemeral))
            .map(|resource| self.resource(module, resource))
            .collect();
        if !resources.is_empty() {
            entry.insert("resources".into(), Json::Array(resources));
        }
        let actions: Vec<Json> =
            module.actions.values().map(|action| self.action(module, action)).collect();
        if !actions.is_empty() {
            entry.insert("actions".into(), Json::Array(actions));
        }
        let calls: Map<String, Json> = module
            .calls
            .iter()
            .filter_map(|(name, call)| {
                let child = module.children.get(name)?;
                Some((name.to_string(), self.call(call, child)))
            })
            .collect();
        put(&mut entry, "module_calls", calls);
        let variables: Map<String, Json> = module
            .variables
            .iter()
            .map(|(name, variable)| {
                let mut entry = Map::new();
                if let Some(default) = &variable.default {
                    let encoded = json::to_json(default, &default.ty()).unwrap_or(Json::Null);
                    entry.insert("default".into(), encoded);
                }
                if let Some(text) = variable.description.as_ref().filter(|text| !text.is_empty()) {
                    entry.insert("description".into(), json!(text));
                }
                if variable.sensitive {
                    entry.insert("sensitive".into(), json!(true));
                }
                (name.to_string(), Json::Object(entry))
            })
            .collect();
        put(&mut entry, "variables", variables);
        Json::Object(entry)
    }

    fn call(&self, call: &ModuleCall, child: &Module) -> Json {
        let mut entry = Map::new();
        if let Some((source, _)) = &call.source {
            entry.insert("source".into(), json!(source));
        }
        let inputs: Map<String, Json> = call
            .body
            .attributes
            .iter()
            .filter(|attribute| child.variables.contains_key(&attribute.name))
            .map(|attribute| {
                let shown = expression(&attribute.expr, &self.config.sources);
                (attribute.name.to_string(), shown)
            })
            .collect();
        put(&mut entry, "expressions", inputs);
        repetition(&mut entry, call.count.as_ref(), call.for_each.as_ref(), &self.config.sources);
        entry.insert("module".into(), self.module(child));
        if let Some((version, _)) = &call.version {
            entry.insert("version_constraint".into(), json!(version));
        }
        depends_on(&mut entry, &call.depends_on.references);
        Json::Object(entry)
    }

    fn resource(&self, module: &Module, resource: &Resource) -> Json {
        let (mode, kind) = match resource.addr.mode {
            Mode::Managed => ("managed", Kind::Managed),
            Mode::Data => ("data", Kind::Data),
            Mode::Ephemeral => ("ephemeral", Kind::Ephemeral),
            Mode::List => ("list", Kind::List),
            Mode::Action => ("action", Kind::Action),
        };
        let provider = self.config.provider_of(&module.path, resource);
        let mut entry = Map::new();
        entry.insert("address".into(), json!(resource.addr.to_string()));
        entry.insert("mode".into(), json!(mode));
        entry.insert("type".into(), json!(&*resource.addr.type_name));
        entry.insert("name".into(), json!(&*resource.addr.name));
        let local = match &resource.provider {
            Some((name, alias)) => (name.clone(), alias.clone()),
            None => (implied(&resource.addr.type_name), None),
        };
        let key = self.source(module, local);
        entry.insert("provider_config_key".into(), json!(key));
        let provisioners: Vec<Json> = resource
            .provisioners
            .iter()
            .map(|found| {
                let mut entry = Map::new();
                entry.insert("type".into(), json!(&*found.ty));
                if let Some(known) = self.registry.provisioner(&found.ty) {
                    put(
                        &mut entry,
                        "expressions",
                        expressions(&found.body, &known.schema().block, &self.config.sources),
                    );
                }
                Json::Object(entry)
            })
            .collect();
        if !provisioners.is_empty() {
            entry.insert("provisioners".into(), Json::Array(provisioners));
        }
        let schema = self
            .registry
            .get(&provider.provider)
            .and_then(|found| found.schema(kind, &resource.addr.type_name));
        if let Some(schema) = schema {
            put(
                &mut entry,
                "expressions",
                expressions(&resource.body, &schema.block, &self.config.sources),
            );
            entry.insert("schema_version".into(), json!(schema.version));
        }
        repetition(
            &mut entry,
            resource.count.as_ref(),
            resource.for_each.as_ref(),
            &self.config.sources,
        );
        depends_on(&mut entry, &resource.depends_on.references);
        Json::Object(entry)
    }

    /// What an action has in common with a resource.
    fn action(&self, module: &Module, action: &Resource) -> Json {
        let mut entry = self.resource(module, action);
        if let Json::Object(entry) = &mut entry {
            entry.remove("mode");
            entry.remove("schema_version");
        }
        entry
    }

    /// Every provider configuration that is there, by key; those that are passed on are listed where they come from.
    fn providers(&self) -> Map<String, Json> {
        let mut found = BTreeMap::new();
        for module in self.config.modules() {
            let mut names: BTreeSet<(Str, Option<Str>)> =
                module.providers.keys().cloned().collect();
            names.extend(module.requirements.keys().map(|name| (name.clone(), None)));
            for requirement in module.requirements.values() {
                names.extend(
                    requirement
                        .aliases
                        .iter()
                        .map(|(name, alias)| (name.clone(), Some(alias.clone()))),
                );
            }
            for import in &module.imports {
                if let Some(resource) = import.resource().filter(|found| found.module.is_root()) {
                    names.insert((implied(&resource.resource.type_name), None));
                }
            }
            for resource in module.blocks() {
                let local = resource.provider.as_ref().map(|(name, _)| name.clone());
                let implied = implied(&resource.addr.type_name);
                names.insert((local.unwrap_or(implied), None));
            }
            for (name, alias) in names {
                let own = key(&name, alias.as_ref(), &module.path);
                if self.source(module, (name.clone(), alias.clone())) == own {
                    let source = module.provider_source(&name);
                    found.insert(own, self.provider(module, &name, alias.as_ref(), &source));
                }
            }
        }
        found.into_iter().collect()
    }

    /// The key of the provider configuration that a local name of a module means: that of the outermost module which
    /// knows of it.
    fn source(&self, module: &Module, (name, alias): (Str, Option<Str>)) -> String {
        let here = key(&name, alias.as_ref(), &module.path);
        if module.providers.contains_key(&(name.clone(), alias.clone())) {
            return here;
        }
        let provider = module.provider_source(&name);
        let Some((parent, call)) = module.path.parent() else { return here };
        let Some(caller) = self.config.module(&parent) else { return here };
        let passed = caller
            .calls
            .get(call)
            .and_then(|call| call.providers.get(&(name.clone(), alias.clone())));
        let above = match (passed, &alias) {
            (Some((name, alias, _)), _) => (name.clone(), alias.clone()),
            (None, None) => (caller.local_name(&provider).unwrap_or(name), None),
            (None, Some(_)) => return here,
        };
        if self.declares(caller, &above) { self.source(caller, above) } else { here }
    }

    /// Whether a module has a provider configuration, by a block, a requirement, a resource that needs it, or its call.
    fn declares(&self, module: &Module, local: &(Str, Option<Str>)) -> bool {
        let used = |found: &Resource| match &found.provider {
            Some((name, _)) => *name == local.0,
            None => implied(&found.addr.type_name) == local.0,
        };
        let passed = module.path.parent().is_some_and(|(parent, call)| {
            let caller = self.config.module(&parent).and_then(|caller| caller.calls.get(call));
            caller.is_some_and(|call| call.providers.contains_key(local))
        });
        module.providers.contains_key(local)
            || module.requirements.contains_key(&local.0)
            || module.blocks().any(used)
            || passed
    }

    fn provider(
        &self,
        module: &Module,
        name: &Str,
        alias: Option<&Str>,
        source: &ProviderAddr,
    ) -> Json {
        let mut entry = Map::new();
        entry.insert("name".into(), json!(&**name));
        entry.insert("full_name".into(), json!(source.to_string()));
        let block = module.providers.get(&(name.clone(), alias.cloned()));
        if let Some(alias) = alias.filter(|_| block.is_some()) {
            entry.insert("alias".into(), json!(&**alias));
        }
        let mut versions = Vec::new();
        wanted_versions(module, source, &mut versions);
        let version = constraint_text(versions);
        if !version.is_empty() {
            entry.insert("version_constraint".into(), json!(version));
        }
        if !module.path.is_root() {
            entry.insert("module_address".into(), json!(module.path.to_string()));
        }
        if let (Some(block), Some(provider)) = (block, self.registry.get(source)) {
            repetition(&mut entry, None, block.for_each.as_ref(), &self.config.sources);
            put(
                &mut entry,
                "expressions",
                expressions(&block.body, &provider.config_schema().block, &self.config.sources),
            );
        }
        Json::Object(entry)
    }
}

/// The versions of a provider that a module, and those that it calls, ask for.
fn wanted_versions<'m>(module: &'m Module, source: &ProviderAddr, found: &mut Vec<&'m str>) {
    let required = module.requirements.iter().map(|(name, wanted)| (name, &wanted.version));
    let blocks = module.providers.iter().map(|((name, _), block)| (name, &block.version));
    let of_it = required.chain(blocks).filter(|(name, _)| module.provider_source(name) == *source);
    found.extend(of_it.filter_map(|(_, version)| Some(version.as_ref()?.0.as_str())));
    for child in module.children.values() {
        wanted_versions(child, source, found);
    }
}

/// The local name that the type of a resource implies.
fn implied(type_name: &str) -> Str {
    type_name.split('_').next().unwrap_or(type_name).into()
}

/// `aws`, `aws.east`, `module.a:aws`.
fn key(name: &str, alias: Option<&Str>, module: &ModulePath) -> String {
    let name = match alias {
        Some(alias) => format!("{name}.{alias}"),
        None => name.to_owned(),
    };
    if module.is_root() { name } else { format!("{module}:{name}") }
}

fn put(entry: &mut Map<String, Json>, name: &str, items: Map<String, Json>) {
    if !items.is_empty() {
        entry.insert(name.to_owned(), Json::Object(items));
    }
}

fn repetition(
    entry: &mut Map<String, Json>,
    count: Option<&Expr>,
    for_each: Option<&Expr>,
    sources: &Sources,
) {
    let found = [("count_expression", count), ("for_each_expression", for_each)];
    for (name, expr) in found {
        let shown = expr.map(|expr| expression(expr, sources)).filter(|shown| *shown != json!({}));
        if let Some(shown) = shown {
            entry.insert(name.into(), shown);
        }
    }
}

fn depends_on(entry: &mut Map<String, Json>, references: &[Located]) {
    if !references.is_empty() {
        let name = |found: &Located| match (&found.reference, &found.attr) {
            (Reference::Module(_), Some(output)) => format!("{}.{output}", found.reference),
            _ => found.reference.to_string(),
        };
        let names: Vec<String> = references.iter().map(name).collect();
        entry.insert("depends_on".into(), json!(names));
    }
}

/// The expressions of a body, by argument and nested block.
fn expressions(body: &Body, schema: &Block, sources: &Sources) -> Map<String, Json> {
    let body = body.for_schema(schema);
    let mut found: Map<String, Json> = body
        .attributes
        .iter()
        .filter(|attribute| schema.attributes.contains_key(&attribute.name))
        .map(|attribute| (attribute.name.to_string(), expression(&attribute.expr, sources)))
        .collect();
    for (name, attribute) in &schema.attributes {
        if let Some(blocks) = blocks_as_argument(&body, schema, name) {
            found.insert(name.to_string(), typed_expression(&blocks, &attribute.ty, sources));
        }
    }
    for block in &body.blocks {
        let Some(nested) = schema.blocks.get(&block.ty) else { continue };
        let inner = Json::Object(expressions(&block.body, &nested.block, sources));
        let name = block.ty.to_string();
        match nested.nesting {
            Nesting::Single | Nesting::Group => {
                found.insert(name, inner);
            }
            Nesting::List | Nesting::Set => {
                if let Json::Array(items) = found.entry(name).or_insert_with(|| json!([])) {
                    items.push(inner);
                }
            }
            Nesting::Map => {
                let label = block.labels.first().map(|label| label.text.to_string());
                if let Json::Object(items) = found.entry(name).or_insert_with(|| json!({})) {
                    items.insert(label.unwrap_or_default(), inner);
                }
            }
        }
    }
    found
}

fn expression(expr: &Expr, sources: &Sources) -> Json {
    let references: Vec<String> = expr.references().iter().flat_map(names).collect();
    let as_json = as_json(expr, sources);
    if !references.is_empty() {
        let mut shown = json!({ "references": references });
        if let Some(as_json) = as_json {
            shown["constant_value"] = as_json;
        }
        return shown;
    }
    if let Some(constant) = as_json {
        return json!({ "constant_value": constant });
    }
    let constant =
        if expr.has_calls() { None } else { constraint::constant(expr, &mut Diagnostics::new()) };
    match constant.and_then(|value| json::to_json(&value, &value.ty()).ok()) {
        Some(value) => json!({ "constant_value": value }),
        None => json!({}),
    }
}

/// An expression whose value, where it is constant, becomes one of a type.
fn typed_expression(expr: &Expr, ty: &Type, sources: &Sources) -> Json {
    let constant = constraint::constant(expr, &mut Diagnostics::new());
    let typed = constant.and_then(|value| convert::convert(&value, ty).ok());
    match typed.and_then(|value| json::to_json(&value, ty).ok()) {
        Some(value) => json!({ "constant_value": value }),
        None => expression(expr, sources),
    }
}

/// What stands in a file of JSON: as long as nothing is evaluated, templates are text there.
fn as_json(expr: &Expr, sources: &Sources) -> Option<Json> {
    let file = sources.get(expr.span().source)?;
    if !file.path.ends_with(".json") {
        return None;
    }
    let (start, end) = (expr.span().start as usize, expr.span().end as usize);
    let text = file.text.get(start..end)?;
    // A string may be without its quotes.
    let quoted = file.text[..start].ends_with('"') && !text.starts_with('"');
    let quoted = quoted.then(|| format!("\"{text}\""));
    let text = json::whole_characters(quoted.as_deref().unwrap_or(text));
    let value = json::implied(&json::read(text.as_bytes()).ok()?);
    json::to_json(&value, &value.ty()).ok()
}

/// A reference in full, and then with one step less each, down to the object itself.
fn names(found: &Located) -> Vec<String> {
    let subject = found.reference.to_string();
    let keyed = matches!(found.reference, Reference::Resource(_) | Reference::Module(_))
        && found.key.is_some();
    let mut least = usize::from(keyed);
    if let Reference::Module(_) = found.reference
        && found.attr.is_some()
    {
        least += 1;
    }
    let text = |count: usize| {
        let steps: String = found.steps[..count].iter().map(step).collect();
        format!("{subject}{steps}")
    };
    let mut all: Vec<String> = (least..=found.steps.len()).rev().map(text).collect();
    match found.reference {
        Reference::Module(_) if found.attr.is_some() => all.push(text(least - 1)),
        Reference::Resource(_) | Reference::Module(_) if keyed => all.push(subject),
        _ => {}
    }
    all
}

fn step(step: &Step) -> String {
    match step {
        Step::Attr(name) => format!(".{name}"),
        Step::Index(key) => match (key.as_str(), key.as_i64()) {
            (Some(key), _) => format!("[{}]", print::quoted(key)),
            (None, Some(index)) => InstanceKey::Int(index).to_string(),
            (None, None) => "[...]".to_owned(),
        },
    }
}
