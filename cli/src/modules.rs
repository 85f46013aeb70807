//! Modules that a configuration calls: fetched where they are missing.

use std::path::PathBuf;

use infra_engine::Engine;
use infra_engine::diag::{Diagnostic, Diagnostics};
use infra_engine::lang::config::{Config, Installed, LoadOptions, Manifest};
use infra_fetching::{Installer, Options};

use crate::context::Context;
use crate::session::{self, Failed, InputArgs};
use crate::{diagnostics, providers, views};

/// The engine of this folder.
pub(crate) fn engine(cx: &Context, inputs: &InputArgs) -> Engine {
    let engine = Engine::new(providers::registry(cx), cx.files());
    let (data_dir, workspace) = (data_dir(cx), session::workspace(cx));
    let deprecations = inputs.deprecation.0;
    let queries = inputs.queries;
    let loading =
        LoadOptions { data_dir, workspace, inputs: inputs.all(cx), deprecations, queries };
    Engine { loading, ..engine }
}

/// The folder in which installed modules are, as the manifest writes it.
fn data_dir(cx: &Context) -> String {
    cx.setting("DATA_DIR").unwrap_or(".terraform").trim_end_matches('/').to_owned()
}

fn options(cx: &Context) -> Options {
    let tokens = cx.environment.iter().filter_map(|(name, token)| {
        let host = name.strip_prefix("TF_TOKEN_")?.replace("__", "-").replace('_', ".");
        Some((host, token.clone()))
    });
    Options {
        root: cx.folder.clone(),
        modules: format!("{}/modules", data_dir(cx)),
        tokens: tokens.collect(),
    }
}

/// Fetches the modules that are missing, or all anew, and writes down where they are.
pub(crate) fn install(cx: &Context, inputs: &InputArgs, anew: bool) -> Result<(), Failed> {
    let path = cx.data_dir().join("modules/modules.json");
    let text = std::fs::read(&path).ok().filter(|_| !anew);
    let mut manifest = text.and_then(|text| Manifest::parse(&text).ok()).unwrap_or_default();
    if anew {
        write(cx, &path, &manifest)?;
    }
    let engine = engine(cx, inputs);
    let mut installer = Installer::new(options(cx));
    let mut said = false;
    loop {
        let (config, found) = engine.load("");
        if config.missing.is_empty() {
            // What is wrong with the configuration itself is told by whoever uses it.
            return if config.root.calls.is_empty() || found.has_errors() {
                Ok(())
            } else {
                write(cx, &path, &complete(&config, &manifest))
            };
        }
        if !said {
            views::init::say(cx, "initializing_modules_message", "Initializing modules...\n");
            said = true;
        }
        let mut problems = Diagnostics::new();
        for missing in &config.missing {
            let name = missing.path.0.join(".");
            match installer.install(missing) {
                Ok(installed) => {
                    let line = views::init::installed(&name, &installed);
                    views::init::say(cx, "", &line);
                    manifest.0.insert(name, installed);
                }
                Err(problem) => problems.push(problem),
            }
        }
        write(cx, &path, &manifest)?;
        session::told(cx, &config.with_blocks(problems), &config.sources)?;
    }
}

/// The manifest with the root module and those beside it, as Terraform wants it.
fn complete(config: &Config, fetched: &Manifest) -> Manifest {
    let entries = config.modules().into_iter().map(|module| {
        let key = module.path.0.join(".");
        let dir = if module.dir.is_empty() { "." } else { &module.dir };
        let local = || {
            let source = module
                .path
                .parent()
                .and_then(|(parent, name)| config.module(&parent)?.calls.get(name)?.source.clone());
            let source = source.map(|(source, _)| source).unwrap_or_default();
            Installed { source, version: None, dir: dir.to_owned() }
        };
        let installed = fetched.0.get(&key).filter(|found| found.dir == dir).cloned();
        (key, installed.unwrap_or_else(local))
    });
    Manifest(entries.collect())
}

fn write(cx: &Context, path: &PathBuf, manifest: &Manifest) -> Result<(), Failed> {
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match written.and_then(|()| std::fs::write(path, manifest.to_json())) {
        Ok(()) => Ok(()),
        Err(error) => session::fail(cx, diagnostics::unwritable(path, &error)),
    }
}

/// Copies a module into the working folder, which must be empty.
pub(crate) fn copy_from(cx: &Context, source: &str) -> Result<(), Failed> {
    let mut there = std::fs::read_dir(&cx.folder).into_iter().flatten().flatten();
    if there.any(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
        return session::fail(cx, diagnostics::folder_not_empty());
    }
    let copied: Result<(), Diagnostic> = Installer::new(options(cx)).copy(source);
    copied.or_else(|problem| session::fail(cx, problem))?;
    views::init::say(cx, "", &format!("Copied the configuration from \"{source}\".\n"));
    Ok(())
}
