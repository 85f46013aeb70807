//! Loads a configuration, plans it, prints the changes, applies them with a stream of events, and reads an output.
#![expect(clippy::print_stdout, reason = "a program that shows what it does")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use infra_engine::lang::files::Disk;
use infra_engine::plan::{Event, Events, Registry};
use infra_engine::state::LocalStore;
use infra_engine::{ApplyOptions, Engine, PlanOptions, Session};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("stack");
    let greeting = run(stack, &std::env::temp_dir().join("embedding.tfstate")).await?;
    println!("greeting = {greeting}");
    Ok(())
}

async fn run(folder: PathBuf, state: &Path) -> Result<String, Box<dyn Error>> {
    let surroundings = infra_provider_builtin::Surroundings {
        folder: folder.clone(),
        render: |_, _| Err("this program has no templates".to_owned()),
        backends: None,
    };
    let registry = Registry::new(infra_provider_builtin::providers(&surroundings), []);
    let files = Arc::new(Disk { working_dir: folder, home: None });
    let engine = Engine::new(registry, files);
    let store = Arc::new(LocalStore::at(state.to_owned()));
    let lineage = "an-embedded-engine".to_owned();
    let (mut session, _) = Session::open(store, None, Duration::ZERO, lineage).await?;

    let (config, found) = engine.load(".");
    found.ok()?;
    let (plan, found) = engine.plan(&config, &session, PlanOptions::default()).await;
    found.ok()?;
    let plan = plan.ok_or("there is no plan")?;
    for change in &plan.changes {
        println!("{:?} {}", change.action, change.addr);
    }
    let events = Events::new(|event| {
        if let Event::ApplyDone { addr, id, .. } = event {
            println!("{addr} is done: {}", id.unwrap_or_default());
        }
    });
    let options = ApplyOptions { events, ..ApplyOptions::default() };
    engine.apply(plan, &mut session, options).await.ok()?;
    let greeting = session.state.outputs.get("greeting").ok_or("no output")?;
    Ok(greeting.value.as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn the_output_is_read_also_the_second_time() {
        let folder = tempfile::tempdir().unwrap();
        let stack = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("stack");
        for _ in 0..2 {
            let state = folder.path().join("terraform.tfstate");
            let greeting = super::run(stack.clone(), &state).await.unwrap();
            assert_eq!(greeting, "Hello from an embedded engine");
        }
    }
}
