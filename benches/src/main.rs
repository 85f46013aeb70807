//! Measures whole commands of `infra` and, where it is on the PATH, of `terraform`, in one run: wall time, CPU time and
//! peak memory, and how many times better.
//!
//! ```console
//! $ cargo build --release && cargo run --release -p infra-benches
//! ```
//!
//! A scenario is a configuration, the commands that come before, and the command that is measured, the best of some runs.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

mod measure;
mod scenarios;
mod server;

use std::error::Error;
use std::path::PathBuf;

use measure::Tool;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let infra = infra()?;
    let terraform = Tool::terraform();
    if terraform.is_none() {
        println!(
            "terraform is not on the PATH, or no mirror of hashicorp/aws 5.100.0 was found: infra alone.\n"
        );
    }
    println!("{:<34} {:>10} {:>9} {:>9} {:>9}", "", "", "wall", "CPU", "memory");
    for scenario in scenarios::all() {
        if !wanted.is_empty() && !wanted.iter().any(|word| scenario.name.contains(word.as_str())) {
            continue;
        }
        let ours = scenario.run(&infra)?;
        println!("{:<34} {:>10} {ours}", scenario.name, "infra");
        if let Some(terraform) = terraform.as_ref().filter(|tool| scenario.fits(tool)) {
            let theirs = scenario.run(terraform)?;
            println!("{:<34} {:>10} {theirs}", "", "terraform");
            println!("{:<34} {:>10} {}", "", "ratio", ours.ratio(&theirs));
        }
    }
    Ok(())
}

/// The release build beside this program.
fn infra() -> Result<Tool, Box<dyn Error>> {
    let here = std::env::current_exe()?;
    let program: PathBuf = here.with_file_name("infra");
    if !program.is_file() {
        return Err("Build infra first: cargo build --release".into());
    }
    Ok(Tool::infra(program))
}
