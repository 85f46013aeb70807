//! The runs of a file: one after the other, and side by side where they say that they may.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{Mode as ResourceMode, ModuleInstance, ResourceInstance, Target};
use infra_diag::{Diagnostic, Diagnostics, Sources};
use infra_lang::config::variables::{self, Flag, Given, GivenValue, Inputs};
use infra_lang::config::{self, Config, Run, TestFile};
use infra_lang::eval::{Context, constraint};
use infra_lang::functions::Environment;
use infra_lang::syntax::{Attribute, Reference};
use infra_lang::world::World;
use infra_plan::Mode;
use infra_planning::Refresh;
use infra_state::{MemoryStore, State};
use infra_value::{Str, Value};

use super::expecting::{Expectations, within};
use super::scope::TestScope;
use super::{CleanUp, FileResult, Outcome, RunResult, Test, TestOptions, Told};
use super::{asserting, diagnostics, overrides};
use crate::{ApplyOptions, Engine, PlanOptions, Session};

/// What the runs of a file leave for those that follow.
struct Suite<'a> {
    engine: &'a Engine,
    test: &'a Test,
    options: &'a TestOptions,
    names: Vec<Str>,
    /// Output values by run.
    outputs: BTreeMap<Str, Value>,
    /// States by key, each with how to destroy it, in the order in which they were used last.
    states: Vec<(String, Left)>,
}

/// A state, and the configuration that it was made with last.
struct Left {
    run: Str,
    state: State,
    engine: Engine,
    config: Arc<Config>,
    variables: BTreeMap<Str, Value>,
}

/// What a run leaves: its output values, and if it applied the state of a key.
struct Made {
    run: Str,
    outputs: Value,
    state: Option<(String, Left)>,
}

/// A folder as files are asked for it.
pub(super) fn folder(path: &str) -> &str {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() { "." } else { path }
}

pub(super) async fn file(
    engine: &Engine,
    test: &Test,
    options: &TestOptions,
    tell: &mut dyn FnMut(Told<'_>),
) -> FileResult {
    let path = &*test.path;
    let file = {
        let source = Sources::new().add(path, test.text.as_str());
        TestFile::read(source, path, &test.text, &mut Diagnostics::new())
    };
    tell(Told::FileStart(path));
    let names = file.runs.iter().map(|run| run.name.clone()).collect();
    let (outputs, states) = (BTreeMap::new(), Vec::new());
    let mut suite = Suite { engine, test, options, names, outputs, states };
    let mut outcome = Outcome::Pass;
    let mut runs = Vec::new();
    for batch in batches(&file.runs, options.run_parallelism) {
        if outcome == Outcome::Error {
            for position in batch {
                let result = suite.result(&file.runs[position].name, Outcome::Skip);
                tell(Told::RunDone(&result));
                runs.push(result);
            }
            continue;
        }
        for position in batch.clone() {
            tell(Told::RunStart(path, &file.runs[position].name));
        }
        let done = futures::future::join_all(batch.map(|position| suite.run(position))).await;
        for (result, made) in done {
            outcome = outcome.max(result.outcome);
            tell(Told::RunDone(&result));
            runs.push(result);
            let Some(Made { run, outputs, state }) = made else { continue };
            suite.outputs.insert(run, outputs);
            if let Some((key, left)) = state {
                suite.states.retain(|(other, _)| *other != key);
                suite.states.push((key, left));
            }
        }
    }
    tell(Told::TearDown(path));
    if !suite.tear_down(tell).await {
        outcome = Outcome::Error;
    }
    let result = FileResult { path: path.to_owned(), outcome, runs };
    tell(Told::FileDone(&result));
    result
}

/// The runs that may go on side by side, so many at once: those that say so, with states of their own, and none that needs
/// another.
fn batches(runs: &[Run], limit: usize) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (position, run) in runs.iter().enumerate() {
        let joins = found.last().is_some_and(|batch| {
            let others = &runs[batch.clone()];
            run.parallel
                && others.len() < limit
                && others.iter().all(|other| {
                    other.parallel && key(other) != key(run) && !needs(run, &other.name)
                })
        });
        match found.last_mut().filter(|_| joins) {
            Some(batch) => batch.end = position + 1,
            None => found.push(position..position + 1),
        }
    }
    found
}

/// What separates the state of a run from those of others.
fn key(run: &Run) -> String {
    let source = run.source.as_ref().map(|(source, _)| source.clone());
    run.state_key.clone().or(source).unwrap_or_default()
}

/// Whether a run refers to another one.
fn needs(run: &Run, name: &Str) -> bool {
    let variables = run.variables.iter().map(|variable| &variable.expr);
    let asserts = run.asserts.iter().flat_map(|found| [&found.condition, &found.error_message]);
    variables.chain(asserts).flat_map(infra_lang::syntax::Expr::references).any(|located| {
        matches!(&located.reference, Reference::Resource(found)
            if &*found.type_name == "run" && found.name == *name)
    })
}

impl Suite<'_> {
    fn result(&self, name: &str, outcome: Outcome) -> RunResult {
        RunResult {
            file: self.test.path.clone(),
            name: name.to_owned(),
            outcome,
            diagnostics: Diagnostics::new(),
            sources: Sources::new(),
            plan: None,
            state: None,
            registry: self.engine.registry.clone(),
            assertions: 0,
        }
    }

    /// One run. What is wrong with it is told of in the texts of its configuration.
    async fn run(&self, position: usize) -> (RunResult, Option<Made>) {
        let mut result = self.result(&self.names[position], Outcome::Error);
        let (path, text) = (&*self.test.path, self.test.text.as_str());
        // The file is read again into the texts of the configuration, so that all places are found in one.
        let module = {
            let source = Sources::new().add(path, text);
            let mut file = TestFile::read(source, path, text, &mut Diagnostics::new());
            file.runs.swap_remove(position).source
        };
        let dir = module.map_or_else(String::new, |(module, _)| {
            folder(&module).trim_start_matches('.').to_owned()
        });
        let (mut config, found) =
            config::load(self.engine.files.clone(), &dir, &self.engine.loading);
        // Warnings about the configuration itself were told before the tests began.
        let mut found: Diagnostics = found.into_iter().filter(Diagnostic::is_error).collect();
        let source = config.sources.add(path, text);
        let mut file = TestFile::read(source, path, text, &mut Diagnostics::new());
        let run = file.runs.remove(position);
        result.assertions = run.asserts.len();
        let mut engine = self.engine.clone();
        engine.connections = Default::default();
        let environment = self.environment();
        let given = self.given(&mut config.sources, &mut found);
        let global = self.globals(&given, &file, &environment, &mut found);
        {
            let scope = self.scope(&global, &environment);
            overrides::apply(&mut engine, &mut config, &file, &run, &scope, &mut found);
        }
        result.registry = engine.registry.clone();
        let config = Arc::new(config);
        result.sources = config.sources.clone();
        if !found.has_errors() {
            found.extend(engine.check(&config).into_iter().filter(Diagnostic::is_error));
        }
        let sources = &mut result.sources;
        let values =
            self.variables(&config, sources, given, &file, &run, &global, &environment, &mut found);
        let located = |found: Diagnostics| -> Diagnostics {
            config.with_blocks(found).into_iter().map(|found| in_run(found, &run)).collect()
        };
        if found.has_errors() {
            result.diagnostics = located(found);
            return (result, None);
        }
        let key = key(&run);
        let before = self.states.iter().find(|(other, _)| *other == key);
        let before =
            before.map_or_else(|| State::new("test".to_owned()), |(_, left)| left.state.clone());
        let mut session = Session::of(Arc::new(MemoryStore::default()), before);
        let targets: Vec<Target> = addresses(&run.targets, &mut found);
        let replace: Vec<ResourceInstance> = addresses(&run.replace, &mut found);
        let options = PlanOptions {
            variables: values.clone(),
            mode: if run.refresh_only { Mode::RefreshOnly } else { Mode::Normal },
            refresh: if run.refresh { Refresh::All } else { Refresh::Nothing },
            replace: replace.into_iter().collect(),
            targets,
            now: self.options.now.clone(),
            events: self.options.events.clone(),
            ..PlanOptions::default()
        };
        let (plan, problems) = engine.plan(&config, &session, options).await;
        found.extend(problems);
        let mut found = located(found);
        let expectations = Expectations::of(&run, &config);
        let plan = plan.filter(|_| !found.has_errors());
        let made = match plan {
            None if run.plans => {
                result.outcome = expectations.judge(&mut found);
                None
            }
            None => {
                result.outcome = expectations.stopped(&mut found);
                None
            }
            Some(plan) if run.plans => {
                let world = engine.planned_values(&plan);
                found.extend(self.asserted(&run, &world, &global));
                result.outcome = expectations.judge(&mut found);
                result.plan = Some(plan);
                Some(Made { run: run.name.clone(), outputs: outputs(&world, &config), state: None })
            }
            Some(plan) => {
                // Checks are made again when it is applied.
                found = found.into_iter().filter(|found| !found.is_of_check()).collect();
                let options = ApplyOptions {
                    now: self.options.now.clone(),
                    events: self.options.events.clone(),
                    ..ApplyOptions::default()
                };
                let problems = located(engine.apply(plan, &mut session, options).await);
                let failed = problems.has_errors();
                found.extend(problems);
                if !run.targets.is_empty() {
                    found.push(diagnostics::incomplete());
                }
                let state = session.state.clone();
                let now = &self.options.now;
                let world = engine.values(&config, &state, values.clone(), "default", now);
                if !failed {
                    found.extend(self.asserted(&run, &world, &global));
                }
                result.outcome = expectations.judge(&mut found);
                result.state = Some(state.clone());
                let outputs = outputs(&world, &config);
                let (name, config) = (run.name.clone(), config.clone());
                let left = Left { run: name, state, engine, config, variables: values };
                Some(Made { run: run.name.clone(), outputs, state: Some((key, left)) })
            }
        };
        result.diagnostics =
            found.into_iter().map(|found| at_value(found, &run, &file, &config)).collect();
        (result, made)
    }

    fn environment(&self) -> Environment {
        self.engine.environment(
            self.engine.files.clone(),
            &self.options.now,
            Some(&self.options.now),
        )
    }

    fn scope<'s>(
        &'s self,
        variables: &'s BTreeMap<Str, Value>,
        environment: &'s Environment,
    ) -> TestScope<'s> {
        TestScope { runs: &self.outputs, names: &self.names, variables, module: None, environment }
    }

    /// The values that were given outside, the first ones least. Those of the folder of the test count for the tests in it.
    fn given(&self, sources: &mut Sources, found: &mut Diagnostics) -> Vec<BTreeMap<Str, Given>> {
        let mut given = self.options.given.clone();
        if let Some((folder, _)) = self.test.path.rsplit_once('/') {
            let names = self.engine.files.list(folder).unwrap_or_default();
            let is_values = |name: &String| {
                let name = name.trim_end_matches(".json");
                name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
            };
            let files = names.into_iter().filter(is_values);
            let flags = files.map(|name| Flag::File(format!("{folder}/{name}"))).collect();
            let inputs = Inputs { flags, ..Inputs::default() };
            given.extend(inputs.given(&*self.engine.files, sources, found));
        }
        given
    }

    /// The variables of the file, and those that were given outside.
    fn globals(
        &self,
        given: &[BTreeMap<Str, Given>],
        file: &TestFile,
        environment: &Environment,
        found: &mut Diagnostics,
    ) -> BTreeMap<Str, Value> {
        let mut values = BTreeMap::new();
        for (name, given) in given.iter().flatten() {
            let value = match &given.value {
                GivenValue::Value(value) => value.clone(),
                GivenValue::Expression(expr) => match constraint::constant(expr, found) {
                    Some(value) => value,
                    None => continue,
                },
                GivenValue::Text(text) => text.as_str().into(),
            };
            values.insert(name.clone(), value);
        }
        for attribute in &file.variables {
            let value = {
                let scope = self.scope(&values, environment);
                attribute.expr.evaluate(&mut Context::new(&scope, found))
            };
            values.insert(attribute.name.clone(), value);
        }
        values
    }

    /// The values of the variables of the module under test.
    #[expect(clippy::too_many_arguments, reason = "all that may say something of a value")]
    fn variables(
        &self,
        config: &Config,
        sources: &mut Sources,
        mut layers: Vec<BTreeMap<Str, Given>>,
        file: &TestFile,
        run: &Run,
        global: &BTreeMap<Str, Value>,
        environment: &Environment,
        found: &mut Diagnostics,
    ) -> BTreeMap<Str, Value> {
        let scope = self.scope(global, environment);
        let declared = |name: &Str| config.root.variables.contains_key(name);
        layers.iter_mut().for_each(|layer| layer.retain(|name, _| declared(name)));
        let mut add = |attributes: &[Attribute], found: &mut Diagnostics, warn: bool| {
            let mut layer = BTreeMap::new();
            for attribute in attributes {
                if !declared(&attribute.name) {
                    if warn {
                        found.push(diagnostics::undeclared_variable(
                            &attribute.name,
                            attribute.expr.span(),
                        ));
                    }
                    continue;
                }
                let before = found.len();
                let value = attribute.expr.evaluate(&mut Context::new(&scope, found));
                let late = !found.failed_since(before) && !value.is_wholly_known();
                if let Some(named) = attribute.expr.references().first().filter(|_| late) {
                    let name = &attribute.name;
                    found.push(diagnostics::unknown_argument(name, named.span).within(within(run)));
                }
                let span = Some(attribute.expr.span());
                let origin = "the test file".to_owned();
                layer.insert(
                    attribute.name.clone(),
                    Given { value: GivenValue::Value(value), span, origin },
                );
            }
            layers.push(layer);
        };
        add(&file.variables, found, false);
        add(&run.variables, found, true);
        let assigned = variables::assign(&config.root, &layers, sources, found);
        found.extend(
            assigned
                .missing
                .iter()
                .map(|name| diagnostics::no_value(name).at(config.root.variables[name].span)),
        );
        assigned.fitting(found)
    }

    /// Checks the assertions of a run.
    fn asserted(&self, run: &Run, world: &World, global: &BTreeMap<Str, Value>) -> Diagnostics {
        let environment = self.environment();
        let Some(inner) = world.scope(&ModuleInstance::root()) else { return Diagnostics::new() };
        let module = Some((world, inner));
        let scope = TestScope { module, ..self.scope(global, &environment) };
        asserting::assert(run, world, &scope)
    }

    /// Destroys what the runs made, the last state first. Gives whether that went well.
    async fn tear_down(&mut self, tell: &mut dyn FnMut(Told<'_>)) -> bool {
        let mut well = true;
        for (_, left) in std::mem::take(&mut self.states).into_iter().rev() {
            let managed = |state: &State| -> Vec<String> {
                let found = state.instances();
                let found = found.filter(|(addr, ..)| addr.resource.mode == ResourceMode::Managed);
                found.map(|(addr, ..)| addr.to_string()).collect()
            };
            if managed(&left.state).is_empty() {
                continue;
            }
            let path = &*self.test.path;
            tell(Told::RunTearDown(path, &left.run));
            let mut session = Session::of(Arc::new(MemoryStore::default()), left.state);
            let options = PlanOptions {
                variables: left.variables,
                mode: Mode::Destroy,
                now: self.options.now.clone(),
                events: self.options.events.clone(),
                ..PlanOptions::default()
            };
            let (plan, mut found) = left.engine.plan(&left.config, &session, options).await;
            if let Some(plan) = plan.filter(|_| !found.has_errors()) {
                let options = ApplyOptions {
                    now: self.options.now.clone(),
                    events: self.options.events.clone(),
                    ..ApplyOptions::default()
                };
                found.extend(left.engine.apply(plan, &mut session, options).await);
            }
            let kept = managed(&session.state);
            if kept.is_empty() && !found.has_errors() {
                continue;
            }
            well = false;
            let cleaned = CleanUp {
                run: left.run.to_string(),
                left: kept,
                diagnostics: left.config.with_blocks(found),
                sources: left.config.sources.clone(),
            };
            tell(Told::CleanedUp(path, &cleaned));
        }
        well
    }
}

/// A diagnostic with the run in which it stands.
fn in_run(found: Diagnostic, run: &Run) -> Diagnostic {
    let inside = found.span.is_some_and(|span| {
        span.source == run.span.source && run.span.start <= span.start && span.end <= run.span.end
    });
    if found.within.is_none() && inside { found.within(within(run)) } else { found }
}

/// A value of a variable that its validation refuses is told of where the value stands.
fn at_value(found: Diagnostic, run: &Run, file: &TestFile, config: &Config) -> Diagnostic {
    let variables = run.variables.iter().rev().chain(file.variables.iter().rev());
    let declared = |name: &Str| config.root.variables.get(name).map(|variable| variable.span);
    for variable in variables {
        let rule = format!("variable \"{}\"", variable.name);
        if &*found.summary == "Invalid value for variable"
            && found.within.as_deref() == Some(&*rule)
            && found.span == declared(&variable.name)
        {
            let found = Diagnostic { within: None, ..found }.at(variable.expr.span());
            return in_run(found, run);
        }
    }
    found
}

/// The addresses of `plan_options`; what is none is reported.
fn addresses<T: std::str::FromStr<Err = infra_addrs::ParseError>>(
    given: &[(String, infra_diag::Span)],
    found: &mut Diagnostics,
) -> Vec<T> {
    let mut addresses = Vec::new();
    for (text, span) in given {
        match text.parse() {
            Ok(address) => addresses.push(address),
            Err(infra_addrs::ParseError(problem)) => {
                found.push(diagnostics::wrong_target(&problem, *span));
            }
        }
    }
    addresses
}

/// The output values of the root module.
fn outputs(world: &World, config: &Config) -> Value {
    let of = |name: &Str| Some((name.clone(), world.output(&ModuleInstance::root(), name)?));
    let value = Value::object(config.root.outputs.keys().filter_map(of).collect::<Vec<_>>());
    world.take_diagnostics();
    value
}
