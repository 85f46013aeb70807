//! Taking an object that exists into the state, without a plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{Mode, ModuleInstance, ResourceInstance};
use infra_diag::{Diagnostic, Diagnostics};
use infra_lang::config::Config;
use infra_lang::problems;
use infra_lang::world::World;
use infra_provider::{Kind, Object, ReadRequest};
use infra_state::{Attributes, ObjectState, OutputValue};
use infra_value::{Marks, Str, Value};

use crate::{Engine, Session};

/// What to take into the state.
pub struct ImportOptions {
    /// The address that it gets.
    pub addr: ResourceInstance,
    /// Its id, in the form that its resource type takes.
    pub id: String,
    /// Values of the root module's variables.
    pub variables: BTreeMap<Str, Value>,
    /// The workspace.
    pub workspace: String,
    /// The time, in RFC 3339.
    pub now: String,
}

impl Engine {
    /// Finds an object by its id, reads it, and saves it in the state.
    pub async fn import(
        &self,
        config: &Arc<Config>,
        session: &mut Session,
        options: ImportOptions,
    ) -> Diagnostics {
        let mut found = Diagnostics::new();
        let state = match self.imported(config, session, options, &mut found).await {
            Ok(state) => state,
            Err(diagnostic) => {
                found.push(*diagnostic);
                return config.with_blocks(found);
            }
        };
        let mut found = config.with_blocks(found);
        if let Some(state) = state {
            found.extend(session.save(state).await);
        }
        found
    }

    async fn imported(
        &self,
        config: &Arc<Config>,
        session: &Session,
        options: ImportOptions,
        found: &mut Diagnostics,
    ) -> Result<Option<infra_state::State>, Box<Diagnostic>> {
        let ImportOptions { addr, id, variables, workspace, now } = options;
        if addr.resource.mode != Mode::Managed {
            return Err(Box::new(not_managed(&addr)));
        }
        let module = config.module(&addr.module.module());
        if module.is_none() {
            return Err(Box::new(no_module(&addr)));
        }
        let Some(block) = module.and_then(|module| module.resources.get(&addr.resource)) else {
            return Err(Box::new(no_block(&addr)));
        };
        if session.state.object(&addr).is_some() {
            return Err(Box::new(already_managed(&addr)));
        }
        let located = |problem| problems::located(problem, &block.body).address(&addr);
        let path = addr.module.module();
        let provider_addr = config.provider_of(&path, block);
        let Some(provider) = self.registry.get(&provider_addr.provider) else {
            return Err(Box::new(no_provider(&provider_addr.provider.short())));
        };
        let type_name = &*addr.resource.type_name;
        let Some(schema) = provider.schema(Kind::Managed, type_name) else {
            return Err(Box::new(no_provider(&provider_addr.provider.short())));
        };
        let environment = self.environment(config.files.clone(), &now, None);
        let given = variables.clone();
        let world = World::new(config.clone(), environment, &workspace, variables);
        let there = world.instances(&addr.config()).contains(&addr);
        let problems = world.take_diagnostics();
        let failed = problems.has_errors();
        found.extend(problems);
        if failed {
            return Ok(None);
        }
        if !there {
            return Err(Box::new(no_instance(&addr)));
        }
        let wanted = world.provider_of(block, &addr);
        found.extend(world.take_diagnostics());
        let Some(provider_addr) = wanted else { return Ok(None) };
        let (value, problems) =
            world.provider_config(&provider_addr, &provider.config_schema().block);
        let failed = problems.has_errors();
        found.extend(problems);
        if failed {
            return Ok(None);
        }
        let value = value.unmarked_deep().0;
        let connection = match self.connections.get(provider, &provider_addr, &value).await {
            Ok(connection) => connection,
            Err(problems) => {
                found.extend(problems.into_iter().map(problems::unlocated));
                return Ok(None);
            }
        };
        let imported = connection.import(type_name, std::slice::from_ref(&id)).await.pop();
        let Some(imported) = imported.transpose().map_err(located)? else {
            return Err(Box::new(nothing_there(&addr, &id)));
        };
        let objects = [imported.object];
        let request = ReadRequest { type_name, objects: &objects };
        let object = match connection.read(request).await.pop() {
            Some(Ok(Some(object))) => object,
            Some(Err(problem)) => return Err(Box::new(located(problem))),
            Some(Ok(None)) | None => return Err(Box::new(nothing_there(&addr, &id))),
        };
        let mut state = session.state.clone();
        state.set_object(&addr, &provider_addr, stored(object, schema));
        let world = self.values(config, &state, given, &workspace, &now);
        outputs(&world, &mut state);
        Ok(Some(state))
    }
}

/// Keeps the output values that are known now.
fn outputs(world: &World, state: &mut infra_state::State) {
    for output in world.config().root.outputs.values().filter(|output| !output.ephemeral) {
        let value = world.output(&ModuleInstance::root(), &output.name);
        // What is wrong with an output value is told when it is planned.
        let wrong = world.take_diagnostics().has_errors();
        let Some(value) = value.filter(|value| !wrong && value.is_wholly_known()) else { continue };
        if value.is_null() {
            state.outputs.remove(&output.name);
            continue;
        }
        let (value, _) = value.unmarked_deep();
        let kept = OutputValue { value, sensitive: output.sensitive };
        state.outputs.insert(output.name.clone(), kept);
    }
}

fn stored(object: Object, schema: &infra_provider::Schema) -> ObjectState {
    let (value, marked) = infra_planning::marked(object.value, &[], &schema.block).unmarked_paths();
    let sensitive = marked.into_iter().filter(|(_, marks)| marks.contains(Marks::SENSITIVE));
    ObjectState {
        tainted: false,
        schema_version: schema.version,
        attributes: Attributes::Value(value),
        sensitive: sensitive.map(|(path, _)| path).collect(),
        private: object.private,
        dependencies: Vec::new(),
        create_before_destroy: false,
        identity: None,
    }
}

fn not_managed(addr: &ResourceInstance) -> Diagnostic {
    let summary =
        "A managed resource address is required. Importing into a data resource is not allowed.";
    Diagnostic::error(summary).detail(match addr.resource.mode {
        Mode::Data => format!("{addr} is a data source: it is read anew each time."),
        _ => format!("{addr} is not the address of a managed resource."),
    })
}

fn no_module(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Import to non-existent module").detail(format!(
        "{} is not called by the configuration. Write the call first.",
        addr.module
    ))
}

fn no_block(addr: &ResourceInstance) -> Diagnostic {
    let summary = format!("resource address \"{addr}\" does not exist in the configuration.");
    Diagnostic::error(summary).detail(format!(
        "Write it first, such as:\n\n  resource \"{}\" \"{}\" {{\n    # arguments\n  }}",
        addr.resource.type_name, addr.resource.name
    ))
}

fn no_instance(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Configuration for import target does not exist").detail(format!(
        "The configuration has no instance {addr}: its count or for_each, or that of its module, has no such key."
    ))
}

fn already_managed(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Resource already managed by Terraform").detail(format!(
        "The state has an object for {addr} already. To import another one in its place, drop it first: infra state rm."
    ))
}

fn no_provider(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported provider")
        .detail(format!("The resource type belongs to the provider {name}, which is not built in or has no such type."))
}

fn nothing_there(addr: &ResourceInstance, id: &str) -> Diagnostic {
    Diagnostic::error("Cannot import non-existent remote object").detail(format!(
        "There is no object with the id \"{id}\" for {addr}: only what exists can be imported. Look at the id, and at \
         the region and the account of the provider."
    ))
}
