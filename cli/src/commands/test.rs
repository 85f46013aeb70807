use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use infra_engine::diag::Diagnostics;
use infra_engine::plan::Events;
use infra_engine::testing::{self, Outcome, TestOptions, Told};

use crate::context::Context;
use crate::diagnostics;
use crate::session::{self, Failed, InputArgs, OutputArgs, Work, fail, told};
use crate::views::testing as views;

/// Run the tests of a configuration: the runs of its .tftest.hcl files
///
/// Each run plans or applies the configuration, or a module beside it, and checks assertions. What the runs of a file
/// make is destroyed in its end; states are kept in memory.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this test file; may be repeated
    #[arg(long, value_name = "FILE")]
    filter: Vec<String>,

    /// Print messages for programs: one JSON object a line
    #[arg(long)]
    json: bool,

    /// Show the plan or the state of each run
    #[arg(long)]
    verbose: bool,

    /// Write a report in the format of JUnit to this file
    #[arg(long, value_name = "FILE")]
    junit_xml: Option<PathBuf>,

    /// The folder with test files, besides the folder of the configuration itself
    #[arg(long, value_name = "DIR", default_value = "tests")]
    test_directory: String,

    /// How many calls may be under way at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    parallelism: usize,

    /// How many runs that are marked as parallel may go on at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    run_parallelism: usize,

    /// Refused: tests run here, not at a service
    #[arg(long, value_name = "SOURCE")]
    cloud_run: Option<String>,

    /// Work in a sandbox: an emulated AWS on this machine
    #[arg(long)]
    sandbox: bool,

    #[command(flatten)]
    inputs: InputArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let cx = &OutputArgs { json: args.json, ..OutputArgs::default() }.applied(cx)?;
    if args.cloud_run.is_some() {
        return fail(cx, diagnostics::no_cloud_run());
    }
    let sandbox = session::StateArgs { sandbox: args.sandbox, ..Default::default() };
    session::enter_sandbox(cx, &sandbox).await?;
    let folder = args.test_directory.trim_start_matches("./").trim_end_matches('/');
    if std::path::Path::new(folder).is_absolute() || folder.split('/').any(|part| part == "..") {
        return fail(cx, diagnostics::foreign_test_directory());
    }
    let mut work = Work::load_unchecked(cx, &args.inputs)?;
    work.engine.parallelism = sandbox.parallelism(args.parallelism);
    let mut found = Diagnostics::new();
    let given = work.given(cx, &args.inputs, &mut found);
    told(cx, &found, &work.sources)?;
    let options = TestOptions {
        given,
        run_parallelism: args.run_parallelism,
        now: Context::now_in_seconds(),
        events: Events::ignored(),
    };
    let wanted = |path: &str| {
        args.filter.is_empty()
            || args.filter.iter().any(|filter| filter.trim_start_matches("./") == path)
    };
    let (tests, found, sources) = testing::find(&work.engine, folder, &wanted);
    told(cx, &found, &sources)?;
    let mut times = views::Times::new();
    let mut begun: BTreeMap<String, (String, Instant)> = BTreeMap::new();
    let mut results = Vec::new();
    if let Some(machine) = &cx.machine {
        views::found(machine, &tests);
    }
    for test in &tests {
        let mut tell = |told: Told<'_>| {
            match &told {
                Told::RunStart(_, name) => {
                    begun.insert((*name).to_owned(), (Context::now_in_seconds(), Instant::now()));
                }
                Told::RunDone(run) => {
                    if let Some((at, begun)) = begun.remove(&run.name) {
                        let key = (run.file.clone(), run.name.clone());
                        times.insert(key, (at, begun.elapsed()));
                    }
                }
                _ => {}
            }
            views::told(cx, &told, args.verbose);
        };
        let tested = tokio::select! {
            tested = testing::test_file(&work.engine, test, &options, &mut tell) => Some(tested),
            () = crate::interrupt::interrupted() => None,
        };
        match tested {
            Some(result) => results.push(result),
            None => return fail(cx, diagnostics::tests_interrupted()),
        }
    }
    views::summary(cx, &results);
    if let Some(path) = &args.junit_xml
        && let Err(error) = std::fs::write(cx.folder.join(path), views::junit(&results, &times))
    {
        return fail(cx, diagnostics::unwritable(path, &error));
    }
    let worst = results.iter().map(|result| result.outcome).max();
    match worst {
        Some(Outcome::Fail | Outcome::Error) => Err(Failed),
        _ => Ok(ExitCode::SUCCESS),
    }
}
