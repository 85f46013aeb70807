//! The runs of a file, one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use infra_addrs::{Mode as ResourceMode, ModuleInstance};
use infra_diag::{Diagnostic, Diagnostics, Severity, Sources};
use infra_lang::config::variables::{self, Given, GivenValue};
use infra_lang::config::{self, Config, ProviderBlock};
use infra_lang::eval::Context;
use infra_lang::functions::Environment;
use infra_lang::syntax::{Attribute, Expr};
use infra_lang::world::World;
use infra_plan::Mode;
use infra_state::{MemoryStore, State};
use infra_value::{Str, Value, convert, print};

use super::file::{Run, TestFile};
use super::scope::TestScope;
use super::{FileResult, Outcome, RunResult, TestOptions, Told, diagnostics, overrides};
use crate::{ApplyOptions, Engine, PlanOptions, Session};

/// What the runs of a file leave for those that follow.
struct Suite<'a> {
    engine: &'a Engine,
    path: &'a str,
    text: String,
    options: &'a TestOptions,
    /// Output values by run.
    outputs: BTreeMap<Str, Value>,
    /// States by key, each with how to destroy it, in the order in which they were made.
    states: Vec<(String, Left)>,
}

/// A state, and the configuration that it was made with last.
struct Left {
    state: State,
    engine: Engine,
    config: Arc<Config>,
    variables: BTreeMap<Str, Value>,
}

pub(super) async fn file(
    engine: &Engine,
    path: &str,
    options: &TestOptions,
    tell: &mut dyn FnMut(Told<'_>),
) -> FileResult {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let text = match engine.files.read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            found.push(diagnostics::unreadable(path, &error.to_string()));
            String::new()
        }
    };
    let source = sources.add(path, text.as_str());
    let names: Vec<String> = {
        let file = TestFile::read(source, &text, &mut found);
        file.runs.iter().map(|run| run.name.to_string()).collect()
    };
    tell(Told::FileStart(path, &names));
    let mut suite =
        Suite { engine, path, text, options, outputs: BTreeMap::new(), states: Vec::new() };
    let mut outcome = if found.has_errors() { Outcome::Error } else { Outcome::Pass };
    let mut runs = Vec::new();
    for (position, name) in names.iter().enumerate() {
        tell(Told::RunStart(path, name));
        let result = if outcome == Outcome::Error {
            RunResult {
                file: path.to_owned(),
                name: name.clone(),
                outcome: Outcome::Skip,
                diagnostics: Diagnostics::new(),
                sources: Sources::new(),
                plan: None,
                state: None,
            }
        } else {
            suite.run(position).await
        };
        outcome = outcome.max(result.outcome);
        tell(Told::RunDone(&result));
        runs.push(result);
    }
    tell(Told::TearDown(path));
    let (destroyed, text) = suite.tear_down().await;
    if destroyed.has_errors() {
        outcome = Outcome::Error;
        sources = text;
    }
    found.extend(destroyed);
    let result = FileResult { path: path.to_owned(), outcome, diagnostics: found, sources, runs };
    tell(Told::FileDone(&result));
    result
}

impl Suite<'_> {
    /// One run. What is wrong with it is told of in the texts of its configuration.
    async fn run(&mut self, position: usize) -> RunResult {
        let mut result = RunResult {
            file: self.path.to_owned(),
            name: String::new(),
            outcome: Outcome::Error,
            diagnostics: Diagnostics::new(),
            sources: Sources::new(),
            plan: None,
            state: None,
        };
        // The file is read again into the texts of the configuration, so that all places are found in one.
        let folder = {
            let mut sources = Sources::new();
            let source = sources.add(self.path, self.text.as_str());
            let file = TestFile::read(source, &self.text, &mut Diagnostics::new());
            file.runs.into_iter().nth(position).and_then(|run| run.source)
        };
        let (mut config, mut found) = config::load(
            self.engine.files.clone(),
            folder.as_deref().unwrap_or_default().trim_start_matches("./"),
            &self.engine.loading,
        );
        // Warnings about the configuration itself were told before the tests began.
        found = found.into_iter().filter(Diagnostic::is_error).collect();
        let source = config.sources.add(self.path, self.text.as_str());
        let mut file = TestFile::read(source, &self.text, &mut Diagnostics::new());
        let run = file.runs.remove(position);
        result.name = run.name.to_string();
        provide(&mut config, &file);
        let mut engine = self.engine.clone();
        engine.connections = Default::default();
        let environment = self.environment();
        let global = self.globals(&file, &environment, &mut found);
        {
            let scope = self.scope(&global, &environment);
            overrides::apply(&mut engine, &mut config, &file, &run, &scope, &mut found);
        }
        let config = Arc::new(config);
        result.sources = config.sources.clone();
        if !found.has_errors() {
            found.extend(engine.check(&config).into_iter().filter(Diagnostic::is_error));
        }
        let values = self.variables(&config, &file, &run, &global, &environment, &mut found);
        if found.has_errors() {
            // A variable that is wrong may be just what is expected.
            result.outcome = expected(&run, &mut found);
            result.diagnostics = found;
            return result;
        }
        let key = run.state_key.clone().or(run.source.clone()).unwrap_or_default();
        let before = self.states.iter().find(|(other, _)| *other == key);
        let before =
            before.map_or_else(|| State::new("test".to_owned()), |(_, left)| left.state.clone());
        let mut session = Session::of(Arc::new(MemoryStore::default()), before);
        let replace =
            run.replace.iter().filter_map(|expr| self.config_text(&config, expr).parse().ok());
        let options = PlanOptions {
            variables: values.clone(),
            mode: if run.refresh_only { Mode::RefreshOnly } else { Mode::Normal },
            refresh: run.refresh,
            replace: replace.collect(),
            now: self.options.now.clone(),
            events: self.options.events.clone(),
            ..PlanOptions::default()
        };
        let (plan, problems) = engine.plan(&config, &session, options).await;
        let failed = problems.has_errors();
        found.extend(problems);
        let Some(plan) = plan.filter(|_| !failed) else {
            result.outcome = expected(&run, &mut found);
            result.diagnostics = found;
            return result;
        };
        if run.plans {
            let world = engine.planned_values(&plan);
            self.asserted(&run, &world, &global, &mut found);
            result.outcome = expected(&run, &mut found);
            result.plan = Some(plan);
        } else {
            let options = ApplyOptions {
                now: self.options.now.clone(),
                events: self.options.events.clone(),
                ..ApplyOptions::default()
            };
            let problems = engine.apply(plan, &mut session, options).await;
            let failed = problems.has_errors();
            found.extend(problems);
            let state = session.state.clone();
            let world =
                engine.values(&config, &state, values.clone(), "default", &self.options.now);
            if !failed {
                self.asserted(&run, &world, &global, &mut found);
            }
            let left =
                Left { state: state.clone(), engine, config: config.clone(), variables: values };
            self.states.retain(|(other, _)| *other != key);
            self.states.push((key, left));
            result.outcome = expected(&run, &mut found);
            result.state = Some(state);
            self.outputs.insert(run.name.clone(), outputs(&world, &config));
            result.diagnostics = found;
            return result;
        }
        result.diagnostics = found;
        result
    }

    fn environment(&self) -> Environment {
        self.engine.environment(
            self.engine.files.clone(),
            &self.options.now,
            Some(&self.options.now),
        )
    }

    fn config_text(&self, config: &Config, expr: &Expr) -> String {
        config.sources.text(expr.span()).to_owned()
    }

    fn scope<'s>(
        &'s self,
        variables: &'s BTreeMap<Str, Value>,
        environment: &'s Environment,
    ) -> TestScope<'s> {
        TestScope { runs: &self.outputs, variables, module: None, environment }
    }

    /// The variables of the file, and those that were given outside.
    fn globals(
        &self,
        file: &TestFile,
        environment: &Environment,
        found: &mut Diagnostics,
    ) -> BTreeMap<Str, Value> {
        let mut values = BTreeMap::new();
        for (name, given) in self.options.given.iter().flatten() {
            let value = match &given.value {
                GivenValue::Value(value) => value.clone(),
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
    fn variables(
        &self,
        config: &Config,
        file: &TestFile,
        run: &Run,
        global: &BTreeMap<Str, Value>,
        environment: &Environment,
        found: &mut Diagnostics,
    ) -> BTreeMap<Str, Value> {
        let scope = self.scope(global, environment);
        let declared = |name: &Str| config.root.variables.contains_key(name);
        let mut layers: Vec<BTreeMap<Str, Given>> = self.options.given.clone();
        layers.iter_mut().for_each(|layer| layer.retain(|name, _| declared(name)));
        let mut add = |attributes: &[Attribute], found: &mut Diagnostics, warn: bool| {
            let mut layer = BTreeMap::new();
            for attribute in attributes {
                if !declared(&attribute.name) {
                    if warn {
                        found.push(diagnostics::undeclared_variable(
                            &attribute.name,
                            attribute.name_span,
                        ));
                    }
                    continue;
                }
                let value = attribute.expr.evaluate(&mut Context::new(&scope, found));
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
        let (values, missing) = variables::assign(&config.root, &layers, found);
        found.extend(
            missing
                .iter()
                .map(|name| diagnostics::no_value(name).at(config.root.variables[name].span)),
        );
        values
    }

    /// Checks the assertions of a run.
    fn asserted(
        &self,
        run: &Run,
        world: &World,
        global: &BTreeMap<Str, Value>,
        found: &mut Diagnostics,
    ) {
        let environment = self.environment();
        let Some(inner) = world.scope(&ModuleInstance::root()) else { return };
        let scope = TestScope {
            runs: &self.outputs,
            variables: global,
            module: Some((world, inner)),
            environment: &environment,
        };
        for assert in &run.asserts {
            let mut problems = Diagnostics::new();
            let value = assert.condition.evaluate(&mut Context::new(&scope, &mut problems));
            problems.extend(world.take_diagnostics());
            let problems: Diagnostics = problems
                .into_iter()
                .map(|found| if found.within.is_none() { found.within(within(run)) } else { found })
                .collect();
            let failed = problems.has_errors();
            found.extend(problems);
            if failed {
                continue;
            }
            let (value, _) = value.unmarked_deep();
            let span = assert.condition.span();
            if !value.is_known() {
                found.push(diagnostics::unknown_condition(span).within(within(run)));
                continue;
            }
            match convert::convert(&value, &infra_value::Type::Bool) {
                Ok(value) if value.as_bool() == Some(true) => {}
                Ok(value) if value.as_bool() == Some(false) => {
                    let message = assert.error_message.evaluate(&mut Context::new(&scope, found));
                    let message = match message.is_sensitive() {
                        true => {
                            "The error message has a sensitive value in it, so it is not shown."
                                .to_owned()
                        }
                        false => message
                            .as_str()
                            .map_or_else(|| print::redacted(&message), str::to_owned),
                    };
                    let mut diagnostic =
                        diagnostics::assertion_failed(message, span).within(within(run));
                    for reference in assert.condition.references() {
                        diagnostic = seen(diagnostic, reference, &scope);
                    }
                    found.push(diagnostic);
                }
                Ok(_) => {
                    let diagnostic = diagnostics::wrong_condition("it is null", span);
                    found.push(diagnostic.within(within(run)));
                }
                Err(error) => {
                    found.push(
                        diagnostics::wrong_condition(&error.to_string(), span).within(within(run)),
                    );
                }
            }
        }
    }

    /// Destroys what the runs made, the last state first.
    async fn tear_down(&mut self) -> (Diagnostics, Sources) {
        let (mut found, mut sources) = (Diagnostics::new(), Sources::new());
        for (_, left) in std::mem::take(&mut self.states).into_iter().rev() {
            let mut session = Session::of(Arc::new(MemoryStore::default()), left.state);
            if !session
                .state
                .instances()
                .any(|(addr, ..)| addr.resource.mode == ResourceMode::Managed)
            {
                continue;
            }
            let options = PlanOptions {
                variables: left.variables,
                mode: Mode::Destroy,
                now: self.options.now.clone(),
                events: self.options.events.clone(),
                ..PlanOptions::default()
            };
            let (plan, mut problems) = left.engine.plan(&left.config, &session, options).await;
            if let Some(plan) = plan.filter(|_| !problems.has_errors()) {
                let options = ApplyOptions {
                    now: self.options.now.clone(),
                    events: self.options.events.clone(),
                    ..ApplyOptions::default()
                };
                problems.extend(left.engine.apply(plan, &mut session, options).await);
            }
            let managed = session.state.instances();
            let managed = managed.filter(|(addr, ..)| addr.resource.mode == ResourceMode::Managed);
            let kept: Vec<String> = managed.map(|(addr, ..)| addr.to_string()).collect();
            if !kept.is_empty() {
                problems.push(diagnostics::left_over(&kept));
            }
            if problems.has_errors() {
                sources = left.config.sources.clone();
                found.extend(problems);
            }
        }
        (found, sources)
    }
}

fn within(run: &Run) -> String {
    format!("run \"{}\"", run.name)
}

/// Says what a reference in a condition was.
fn seen(
    diagnostic: Diagnostic,
    reference: &infra_lang::syntax::Located,
    scope: &TestScope<'_>,
) -> Diagnostic {
    use infra_lang::eval::Scope as _;
    let Ok(value) =
        scope.value(&reference.reference, reference.key.as_ref(), reference.attr.as_deref())
    else {
        return diagnostic;
    };
    match value.data() {
        infra_value::Data::Object(_) | infra_value::Data::Map(..) => diagnostic,
        _ => diagnostic
            .value(reference.reference.to_string(), format!("is {}", print::redacted(&value))),
    }
}

/// Takes out what was expected to fail, and reports what was expected and did not. A check that does not hold is a failure
/// in a test. Gives what came of the run.
fn expected(run: &Run, found: &mut Diagnostics) -> Outcome {
    let mut wanted: Vec<(String, &Expr, bool)> = Vec::new();
    for expr in &run.expect_failures {
        let Some(located) = expr.references().first() else { continue };
        wanted.push((block_of(&located.reference), expr, false));
    }
    let mut kept = Diagnostics::new();
    let mut outcome = Outcome::Pass;
    for diagnostic in std::mem::take(found) {
        let block = diagnostic.within.clone().unwrap_or_default();
        let check = block.starts_with("check ");
        let matched = wanted.iter_mut().find(|(expected, ..)| *expected == block);
        if let Some((_, _, seen)) = matched
            && (diagnostic.is_error() || check)
        {
            *seen = true;
            continue;
        }
        if check || diagnostic.is_error() {
            let assertion = check || diagnostic.summary == "Test assertion failed";
            outcome = outcome.max(if assertion { Outcome::Fail } else { Outcome::Error });
        }
        kept.push(match check {
            true => Diagnostic { severity: Severity::Error, ..diagnostic },
            false => diagnostic,
        });
    }
    for (block, expr, seen) in wanted {
        if !seen {
            let what = expr.references().first().map_or(block, |found| found.reference.to_string());
            kept.push(diagnostics::missing_failure(&what, expr.span()).within(within(run)));
            outcome = Outcome::Error;
        }
    }
    *found = kept;
    outcome
}

/// The block in whose name an object reports.
fn block_of(reference: &infra_lang::syntax::Reference) -> String {
    use infra_lang::syntax::Reference;
    match reference {
        Reference::Variable(name) => format!("variable \"{name}\""),
        Reference::Resource(found) => match (&*found.type_name, found.mode) {
            (kind @ ("output" | "check"), ResourceMode::Managed) => {
                format!("{kind} \"{}\"", found.name)
            }
            (_, ResourceMode::Data) => format!("data \"{}\" \"{}\"", found.type_name, found.name),
            (_, ResourceMode::Ephemeral) => {
                format!("ephemeral \"{}\" \"{}\"", found.type_name, found.name)
            }
            (_, ResourceMode::Managed) => {
                format!("resource \"{}\" \"{}\"", found.type_name, found.name)
            }
        },
        other => other.to_string(),
    }
}

/// The provider blocks of the test file take the place of those of the module.
fn provide(config: &mut Config, file: &TestFile) {
    for block in &file.providers {
        let Some(name) = block.labels.first().map(|label| label.text.clone()) else { continue };
        let mut body = block.body.clone();
        let alias = body.take_attribute("alias").and_then(|alias| alias.expr.as_literal());
        let alias = alias.and_then(|alias| alias.as_str().map(Str::from));
        let provider = ProviderBlock {
            name: name.clone(),
            alias: alias.clone(),
            body,
            version: None,
            for_each: None,
            span: block.header,
        };
        config.root.providers.insert((name, alias), provider);
    }
}

/// The output values of the root module.
fn outputs(world: &World, config: &Config) -> Value {
    let of = |name: &Str| Some((name.clone(), world.output(&ModuleInstance::root(), name)?));
    let value = Value::object(config.root.outputs.keys().filter_map(of).collect::<Vec<_>>());
    world.take_diagnostics();
    value
}
