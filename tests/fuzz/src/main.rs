//! Feeds the language with broken text: `cargo run -p infra-fuzz -- TARGET [SECONDS] [SEED]`.
//!
//! It starts from what stands in `tests/cases` and the modules, and mangles that. Nothing may panic, take longer than a second, or
//! give a diagnostic outside its text. The text at hand is in `target/fuzz/TARGET`, also when the program is killed.

#![expect(clippy::print_stdout, reason = "the program tells what it found")]

mod mangle;
mod targets;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mangle::Mangler;
use targets::TARGETS;

/// Longer than anybody waits for a text of this size.
const SLOW: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let seed = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let Some((_, run)) = TARGETS.iter().find(|(target, _)| *target == name) else {
        let known: Vec<&str> = TARGETS.iter().map(|(target, _)| *target).collect();
        println!("targets: {}", known.join(", "));
        return ExitCode::from(2);
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("target/fuzz");
    let at_hand = folder.join(&name);
    if std::fs::create_dir_all(&folder).is_err() {
        println!("{} cannot be made", folder.display());
        return ExitCode::from(2);
    }
    let mut seeds = Vec::new();
    for folder in ["tests/cases", "modules", "examples"] {
        collect(&root.join(folder), &mut seeds);
    }
    let mut mangler = Mangler::new(seeds, seed);
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut count, mut failures) = (0_u64, 0_u32);
    while Instant::now() < end && failures < 5 {
        let text = mangler.next();
        if std::fs::write(&at_hand, &text).is_err() {
            println!("{} cannot be written", at_hand.display());
            return ExitCode::from(2);
        }
        let start = Instant::now();
        let problem = match std::panic::catch_unwind(|| run(&text)) {
            Err(_) => Some("panic".to_owned()),
            Ok(Some(problem)) => Some(problem),
            // Once more: it may have been the machine that was busy.
            Ok(None) if start.elapsed() > SLOW => {
                let start = Instant::now();
                run(&text);
                (start.elapsed() > SLOW).then(|| "slow".to_owned())
            }
            Ok(None) => None,
        };
        if let Some(problem) = problem {
            failures += 1;
            let kept = folder.join(format!("{name}-{seed}-{count}"));
            println!("{problem}: {}", kept.display());
            if let Err(error) = std::fs::copy(&at_hand, kept) {
                println!("{error}");
            }
        }
        count += 1;
    }
    println!("{name}: {count} texts, {failures} failures");
    if failures == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The texts to start from: files of the language, and blocks in Markdown.
fn collect(path: &Path, found: &mut Vec<String>) {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, found);
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("tf" | "tfvars" | "tftpl" | "json") => found.push(text),
            Some("md") => {
                let blocks = text.split("\n```").skip(1).step_by(2);
                found.extend(blocks.filter_map(|block| Some(block.split_once('\n')?.1.to_owned())));
            }
            _ => {}
        }
    }
}
