//! From files to modules.

use std::path::Path;
use std::sync::Arc;

use infra_addrs::ModulePath;
use infra_diag::{Diagnostics, Sources};

use super::module::{Config, Module};
use super::{blocks, diagnostics};
use crate::files::{Files, clean};
use crate::syntax::{self, Body};

/// How to load.
#[derive(Clone, Default, Debug)]
pub struct LoadOptions {}

/// How deep modules may call modules: deeper is a module that calls itself.
const DEEPEST: usize = 64;

/// Loads the configuration in a folder. What could be read is given also after mistakes.
pub fn load(files: Arc<dyn Files>, dir: &str, _options: &LoadOptions) -> (Config, Diagnostics) {
    let mut loader =
        Loader { files: files.clone(), sources: Sources::new(), diags: Diagnostics::new() };
    let dir = dir.trim_start_matches("./").trim_end_matches('/');
    let root = loader.module(ModulePath::root(), if dir == "." { "" } else { dir });
    (Config { root, sources: loader.sources, files }, loader.diags)
}

struct Loader {
    files: Arc<dyn Files>,
    sources: Sources,
    diags: Diagnostics,
}

impl Loader {
    fn module(&mut self, path: ModulePath, dir: &str) -> Module {
        let mut module = Module { path: path.clone(), dir: dir.to_owned(), ..Module::default() };
        let (bodies, overrides) = self.bodies(dir);
        for body in bodies {
            blocks::read(&mut module, body, false, &mut self.diags);
        }
        for body in overrides {
            blocks::read(&mut module, body, true, &mut self.diags);
        }
        let calls: Vec<_> = module.calls.values().cloned().collect();
        for call in calls {
            let Some((source, span)) = &call.source else { continue };
            if !source.starts_with("./") && !source.starts_with("../") {
                self.diags.push(diagnostics::remote_module(&call.name, source, *span));
                continue;
            }
            if path.0.len() >= DEEPEST {
                self.diags.push(diagnostics::endless_modules(*span));
                continue;
            }
            let child_dir = clean(&Path::new(dir).join(source)).to_string_lossy().into_owned();
            if self.files.list(&child_dir).is_err() {
                self.diags.push(diagnostics::no_module_folder(&call.name, source, *span));
                continue;
            }
            let child = self.module(path.child(&call.name), &child_dir);
            module.children.insert(call.name.clone(), child);
        }
        module
    }

    /// The bodies of a folder's files: ordinary ones, and those that override.
    fn bodies(&mut self, dir: &str) -> (Vec<Body>, Vec<Body>) {
        let (mut ordinary, mut overriding) = (Vec::new(), Vec::new());
        let names = match self.files.list(if dir.is_empty() { "." } else { dir }) {
            Ok(names) => names,
            Err(error) => {
                self.diags.push(diagnostics::unreadable(dir, &error));
                return (ordinary, overriding);
            }
        };
        for name in names.iter().filter(|name| is_configuration(name)) {
            let path = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
            let text = match self.files.read(&path).map(|bytes| String::from_utf8(bytes.to_vec())) {
                Ok(Ok(text)) => text,
                Ok(Err(_)) => {
                    self.diags.push(diagnostics::not_text(&path));
                    continue;
                }
                Err(error) => {
                    self.diags.push(diagnostics::unreadable(&path, &error));
                    continue;
                }
            };
            let source = self.sources.add(&path, text.as_str());
            let body = syntax::parse(source, &text, &mut self.diags);
            let stem = name.trim_end_matches(".tf");
            if stem == "override" || stem.ends_with("_override") {
                overriding.push(body);
            } else {
                ordinary.push(body);
            }
        }
        (ordinary, overriding)
    }
}

fn is_configuration(name: &str) -> bool {
    name.ends_with(".tf") && !is_ignored(name)
}

/// Whether a file is hidden or left by an editor, so that it is not read.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}
