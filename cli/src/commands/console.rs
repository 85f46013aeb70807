use std::io::BufRead;
use std::process::ExitCode;

use infra_engine::addrs::ModuleInstance;
use infra_engine::diag::Diagnostics;
use infra_engine::lang::config::Module;
use infra_engine::lang::functions;
use infra_engine::lang::syntax::{self, Expr, Kind};
use infra_engine::lang::world::{InstanceScope, World};
use infra_engine::value::Value;

use super::plan::{self, PlanningArgs};
use crate::context::Context;
use crate::diagnostics;
use crate::prompt::{Names, Prompt};
use crate::session::{self, AskingArgs, Failed, StateArgs, Work, fail, told};
use crate::views;

/// Try expressions on the configuration and its state
///
/// Shows what each expression is. At a terminal it asks for them: the arrow keys bring back earlier ones, which are kept in
/// the data folder, and the tabulator completes names. Otherwise each line is
/// one expression, the result of the last one is printed, and the first mistake ends it. "exit" or the end of input ends
/// it. Nothing is changed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Evaluate in what the plan would make of the state
    #[arg(long)]
    plan: bool,

    /// Evaluate in this module instance, such as module.network["east"]
    #[arg(long, value_name = "MODULE", default_value = "")]
    scope: String,

    #[command(flatten)]
    state: StateArgs,

    #[command(flatten)]
    asking: AskingArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let module = match args.scope.parse::<ModuleInstance>() {
        Ok(module) => module,
        Err(problem) => {
            return fail(cx, diagnostics::wrong_flag_address("module", &args.scope, &problem.0));
        }
    };
    let (work, world) = world(cx, args).await?;
    let called = work.config.module(&module.module());
    if !called.is_some_and(|called| world.module_instances(called).contains(&module)) {
        return fail(cx, diagnostics::no_module_instance(&module));
    }
    let mut console = Console { cx, work, world, module };
    if cx.input_terminal() { console.ask() } else { console.read(std::io::stdin().lock()) }
}

/// What expressions see.
async fn world(cx: &Context, args: Args) -> Result<(Work, World), Failed> {
    if args.plan {
        let planning = PlanningArgs::of(args.state, args.asking);
        let made = plan::make(cx, &planning, "OperationTypePlan").await?;
        let (work, mut session, plan) = made.shown(cx, false).await?;
        let world = work.engine.planned_values(&plan);
        cx.diagnostics(&session.close().await, &work.sources);
        return Ok((work, world));
    }
    let mut work = Work::load_unchecked(cx, &args.state.inputs)?;
    let found = work.engine.check(&work.config);
    cx.diagnostics(&found, &work.sources);
    if found.has_errors() {
        cx.diagnostic(&diagnostics::results_in_doubt(), &work.sources);
    }
    // A variable that nobody gave a value is known only after apply.
    let variables = work.known_variables(cx, &args.state.inputs)?;
    let store = session::quiet_store(cx, Some(&work.config), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let (workspace, now) = (session::workspace(cx), Context::now_in_seconds());
    let world = work.engine.values(&work.config, &session.state, variables, &workspace, &now);
    Ok((work, world))
}

/// What became of one input.
enum Answer {
    Text(String),
    Exit,
}

struct Console<'a> {
    cx: &'a Context,
    work: Work,
    world: World,
    /// Whose names expressions see.
    module: ModuleInstance,
}

impl Console<'_> {
    /// Evaluates each line, and prints what the last one is.
    fn read(&mut self, input: impl BufRead) -> Result<ExitCode, Failed> {
        let mut last = String::new();
        for line in input.lines().map_while(Result::ok) {
            match self.answer(line.trim())? {
                Answer::Text(text) => last = text,
                Answer::Exit => return Ok(ExitCode::SUCCESS),
            }
        }
        self.cx.print(&format!("{last}\n"));
        Ok(ExitCode::SUCCESS)
    }

    /// Asks for one expression after the other.
    fn ask(&mut self) -> Result<ExitCode, Failed> {
        let data_dir = self.cx.data_dir();
        let history = data_dir.is_dir().then(|| data_dir.join("console-history"));
        let names = self.work.config.module(&self.module.module()).map(names).unwrap_or_default();
        let unusable = |problem: String| diagnostics::no_terminal(&problem);
        let mut prompt = match Prompt::new(names, history) {
            Ok(prompt) => prompt,
            Err(problem) => return fail(self.cx, unusable(problem)),
        };
        loop {
            match prompt.ask() {
                Ok(None) => return Ok(ExitCode::SUCCESS),
                Ok(Some(text)) => match self.answer(text.trim()) {
                    Ok(Answer::Text(text)) => self.cx.print(&format!("{text}\n")),
                    Ok(Answer::Exit) => return Ok(ExitCode::SUCCESS),
                    Err(Failed) => {}
                },
                Err(problem) => return fail(self.cx, unusable(problem)),
            }
        }
    }

    fn answer(&mut self, text: &str) -> Result<Answer, Failed> {
        match text {
            "" => return Ok(Answer::Text(String::new())),
            "exit" => return Ok(Answer::Exit),
            "help" => return Ok(Answer::Text(views::console::HELP.to_owned())),
            _ => {}
        }
        let mut found = Diagnostics::new();
        let source = self.work.sources.add("<console-input>", text);
        let value = syntax::parse_expr(source, text, &mut found)
            .and_then(|expr| self.evaluate(&expr, &mut found));
        told(self.cx, &found, &self.work.sources)?;
        Ok(Answer::Text(value.unwrap_or_default()))
    }

    fn evaluate(&self, expr: &Expr, found: &mut Diagnostics) -> Option<String> {
        let scope = self.world.scope(&self.module)?;
        let path = self.module.module();
        found.extend(self.work.engine.check_references(&self.work.config, &path, expr));
        if found.has_errors() {
            return None;
        }
        let text = match is_type(expr) {
            true => self.type_text(expr, &scope, found)?,
            false => views::console::value(&self.value(expr, &scope, found)?),
        };
        Some(text)
    }

    /// What an expression shows that is a type: the type of a type is "type".
    fn type_text(
        &self,
        expr: &Expr,
        scope: &InstanceScope<'_>,
        found: &mut Diagnostics,
    ) -> Option<String> {
        if let Kind::Conditional(condition, yes, no) = whole(expr).kind() {
            let literal = |value: bool| Expr::literal(value.into(), condition.span());
            let choice = Kind::Conditional(condition.clone(), literal(true), literal(false));
            let chosen = self.value(&Expr::new(choice, expr.span()), scope, found)?;
            let chosen = if chosen.as_bool() == Some(false) { no } else { yes };
            return self.type_text(chosen, scope, found);
        }
        match type_call(expr)? {
            [argument] if is_type(argument) => {
                self.type_text(argument, scope, found).map(|_| "type".to_owned())
            }
            [argument] => Some(views::console::ty(&self.value(argument, scope, found)?)),
            arguments => {
                found.push(diagnostics::arguments_of_type(arguments.len()).at(expr.span()));
                None
            }
        }
    }

    fn value(
        &self,
        expr: &Expr,
        scope: &InstanceScope<'_>,
        found: &mut Diagnostics,
    ) -> Option<Value> {
        let mut misplaced = None;
        expr.visit(&mut |part| misplaced = misplaced.or(type_call(part).map(|_| part.span())));
        if let Some(place) = misplaced {
            found.push(diagnostics::misplaced_type().at(place));
            return None;
        }
        let value = self.world.evaluate(expr, scope);
        found.extend(self.world.take_diagnostics());
        Some(value)
    }
}

/// Whether an expression is a type: what `type` gives, or one of two such results.
fn is_type(expr: &Expr) -> bool {
    match whole(expr).kind() {
        Kind::Conditional(_, yes, no) => is_type(yes) && is_type(no),
        _ => type_call(expr).is_some(),
    }
}

/// The arguments, if it is a call of `type`.
fn type_call(expr: &Expr) -> Option<&[Expr]> {
    let (name, arguments) = whole(expr).as_call()?;
    matches!(name, "type" | "core::type").then_some(arguments)
}

/// What can be named at the prompt.
fn names(module: &Module) -> Names {
    let functions = functions::ALL.iter().map(|function| format!("{}(", function.name()));
    let variables = module.variables.keys().map(|name| format!("var.{name}"));
    let locals = module.locals.keys().map(|name| format!("local.{name}"));
    let calls = module.calls.keys().map(|name| format!("module.{name}"));
    let resources = module.resources.keys().map(ToString::to_string);
    Names(functions.chain(variables).chain(locals).chain(calls).chain(resources).collect())
}

/// The expression without parentheses around it.
fn whole(expr: &Expr) -> &Expr {
    match expr.kind() {
        Kind::Parenthesis(inner) => whole(inner),
        _ => expr,
    }
}
