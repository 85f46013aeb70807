//! `list` blocks: each asks its provider for objects, and tells of them as they come.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use futures::StreamExt;
use futures::future::BoxFuture;
use infra_addrs::{ConfigResource, InstanceKey, Mode, ResourceInstance};
use infra_graph::Graph;
use infra_lang::config::Resource;
use infra_lang::dependencies::Node;
use infra_plan::{Event, Events, Listed};
use infra_provider::{self as provider, Connection, Kind, ListRequest, Problem, Schema};
use infra_value::{Str, Type, Value};

use crate::managed::marked_by_schema;
use crate::planner::{Outcome, Planner};
use crate::{Refresh, Request, diagnostics, generate};

/// What one instance of a `list` block found.
pub(crate) struct Answer {
    addr: ResourceInstance,
    config: Value,
    found: Vec<Listed>,
    problems: Vec<Problem>,
}

/// What one instance of a `list` block asks.
struct Question {
    addr: ResourceInstance,
    connection: Arc<dyn Connection>,
    config: Value,
    limit: u64,
    include_object: bool,
    /// The schema of what is found.
    schema: Schema,
    writer: Option<generate::Writer>,
}

/// The `list` blocks and all that they depend on.
pub(crate) fn needed(graph: &Graph<Node>) -> BTreeSet<Node> {
    let lists = graph.nodes().filter(|node| node.resource().is_some_and(is_list));
    let lists: Vec<Node> = lists.cloned().collect();
    graph.with_dependencies(&lists).into_iter().cloned().collect()
}

fn is_list(addr: &ConfigResource) -> bool {
    addr.resource.mode == Mode::List
}

/// The instances of the state that `list` blocks depend on: others are not read.
pub(crate) fn refreshed(request: &Request) -> Refresh {
    let needed = needed(&request.config.dependencies().graph);
    let of_state = request.prior.instances().map(|(addr, ..)| addr);
    let named = of_state.filter(|addr| needed.contains(&Node::Resource(addr.config())));
    Refresh::Of(Arc::new(named.collect()))
}

impl Planner {
    pub(crate) fn list(&mut self, addr: &ConfigResource) -> Option<BoxFuture<'static, Outcome>> {
        let config = self.request.config.clone();
        let block = config.resource(addr)?;
        let provider_addr = config.provider_of(&addr.module, block);
        let provider = self.provider(&provider_addr.provider)?;
        let type_name = &addr.resource.type_name;
        let schemas =
            (provider.schema(Kind::List, type_name), provider.schema(Kind::Managed, type_name));
        let (Some(schema), Some(of_object)) = schemas else {
            self.diags.push(diagnostics::unknown_type(block, &*provider));
            return None;
        };
        let mut questions = Vec::new();
        for (at, instance) in self.world.instances(addr).into_iter().enumerate() {
            let unknown = Value::unknown(schema.block.implied_type().clone());
            self.world.set_resource(
                &instance.module,
                &addr.resource,
                instance.key.clone(),
                unknown,
            );
            questions.extend(self.question(block, at, instance, schema, of_object));
        }
        let (events, addr, parallelism) =
            (self.request.events.clone(), addr.clone(), self.request.parallelism);
        Some(Box::pin(async move {
            let asked = questions.into_iter().map(|question| question.ask(&events));
            let answers = futures::stream::iter(asked).buffered(parallelism.max(1));
            let answers = answers.collect().await;
            Outcome::Listed(addr, answers)
        }))
    }

    fn question(
        &mut self,
        block: &Resource,
        at: usize,
        addr: ResourceInstance,
        schema: &Schema,
        of_object: &Schema,
    ) -> Option<Question> {
        let told = self.diags.len();
        let scope = self.world.resource_scope(&addr.module, block, &addr.key)?;
        let (value, found) = self.world.decode(&block.body, &schema.block, &scope);
        self.diags.extend(found);
        let wanted = self.world.wanted_of(block, &addr);
        let configured = self.world.provider_of(block, &addr)?;
        let provider = self.provider(&configured.provider)?;
        let connection = self.connections.get(&configured).cloned()?;
        let (limit, include) = wanted?;
        if self.diags.failed_since(told) {
            return None;
        }
        let nested = schema.block.blocks.get("config")?;
        let config = value.get("config").filter(|config| !config.is_null()).cloned();
        let config = config.unwrap_or_else(|| nested.block.empty_value());
        if !config.is_wholly_known() {
            self.diags.push(diagnostics::unknown_list_config().at(block.span).address(&addr));
            return None;
        }
        let generates = self.request.generate;
        let writer = generates.then(|| generate::Writer {
            type_name: addr.resource.type_name.clone(),
            name: match addr.key {
                None => addr.resource.name.clone(),
                Some(_) => Str::from(format!("{}_{at}", addr.resource.name)),
            },
            written: written(block, configured.key.as_ref()),
            provider: provider.clone(),
            schema: of_object.block.clone(),
        });
        Some(Question {
            addr,
            connection,
            config,
            limit,
            include_object: include || generates,
            schema: of_object.clone(),
            writer,
        })
    }

    /// Takes in what was found.
    pub(crate) fn listed(&mut self, resource: &ConfigResource, answers: Vec<Answer>) {
        for Answer { addr, config, found, problems } in answers {
            for problem in problems {
                let found = self.located(problem, &addr);
                self.diags.push(found);
            }
            let data = found.into_iter().map(|found| {
                let state = found.object.unwrap_or_else(|| Value::null(Type::Any));
                let name = found.name.into();
                Value::object([
                    ("display_name", name),
                    ("identity", found.identity),
                    ("state", state),
                ])
            });
            let value = Value::object([("config", config), ("data", Value::tuple(data))]);
            self.world.set_resource(&addr.module, &resource.resource, addr.key.clone(), value);
        }
    }
}

/// How a block names its provider configuration.
fn written(block: &Resource, key: Option<&Str>) -> String {
    let (name, alias) = block.provider.clone().unwrap_or_default();
    let alias = alias.map(|alias| format!(".{alias}")).unwrap_or_default();
    let key = key.map(|key| InstanceKey::String(key.clone()).to_string()).unwrap_or_default();
    format!("{name}{alias}{key}")
}

impl Question {
    async fn ask(self, events: &Events) -> Answer {
        let Self { addr, connection, config, limit, include_object, schema, writer } = self;
        events.emit(Event::ListStart { addr: addr.clone(), config: config.clone() });
        let all: Mutex<Vec<Listed>> = Mutex::default();
        let plain = config.unmarked_deep().0;
        let request = ListRequest {
            type_name: &addr.resource.type_name,
            config: &plain,
            include_object,
            limit,
            found: &|found| {
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                if all.len() as u64 >= limit {
                    return;
                }
                let object =
                    found.object.map(|object| marked_by_schema(object.value, &schema.block));
                let written = writer.as_ref().zip(object.as_ref());
                let listed = Listed {
                    identity: provider::identity(&found.id),
                    name: found.name,
                    generated: written
                        .map(|(writer, object)| writer.write(all.len(), &found.id, object)),
                    object,
                };
                all.push(listed.clone());
                events.emit(Event::ListFound { addr: addr.clone(), found: Box::new(listed) });
            },
        };
        let problems = connection.list(request).await.err().unwrap_or_default();
        let found = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        events.emit(match problems.is_empty() {
            true => Event::ListDone { addr: addr.clone(), total: found.len() as u64 },
            false => Event::ListFailed { addr: addr.clone() },
        });
        Answer { addr, config, found, problems }
    }
}
