//! From files to modules.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use infra_addrs::ModulePath;
use infra_diag::{Diagnostics, Sources, Span};

use super::early::{Early, Known};
use super::manifest::Manifest;
use super::module::{Config, Module};
use super::source::is_local;
use super::variables::Inputs;
use super::{Backend, ModuleCall, Source, blocks, diagnostics, json, overriding, version};
use crate::files::{Files, clean};
use crate::syntax::{self, Body};

/// How to load.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// The folder in which installed modules are.
    pub data_dir: String,
    /// The selected workspace.
    pub workspace: String,
    /// What gives the root module's variables their values, for what must be known before anything is planned.
    pub inputs: Inputs,
    /// Of which modules it is told that something in them is deprecated.
    pub deprecations: Deprecations,
    /// Whether the query files of the root module are read too.
    pub queries: bool,
}

/// The modules of which it is told that an input or an output of theirs is deprecated.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Deprecations {
    /// All.
    #[default]
    All,
    /// Those that belong to the configuration: their sources are local paths.
    Local,
    /// None.
    None,
}

impl Deprecations {
    /// Whether it is told of a module that is called.
    pub(crate) fn told(self, call: &ModuleCall) -> bool {
        match self {
            Self::All => true,
            Self::Local => call.source.as_ref().is_some_and(|(source, _)| is_local(source)),
            Self::None => false,
        }
    }
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            data_dir: ".terraform".to_owned(),
            workspace: "default".to_owned(),
            inputs: Inputs::default(),
            deprecations: Deprecations::default(),
            queries: false,
        }
    }
}

/// A module that must be installed before the configuration can be read in full.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The names of the calls that lead to it.
    pub path: ModulePath,
    /// Where it comes from.
    pub source: Source,
    /// The versions that the call accepts.
    pub version: Option<String>,
    /// The call.
    pub span: Span,
}

/// How deep modules may call modules: deeper is a module that calls itself.
const DEEPEST: usize = 64;

/// Loads the configuration in a folder. What could be read is given also after mistakes.
pub fn load(files: Arc<dyn Files>, dir: &str, options: &LoadOptions) -> (Config, Diagnostics) {
    let mut diags = Diagnostics::new();
    let known = Known::new(files.clone(), &options.workspace);
    let mut loader = Loader {
        files: files.clone(),
        known: &known,
        inputs: &options.inputs,
        queries: options.queries,
        installed: manifest(&*files, &options.data_dir, &mut diags),
        sources: Sources::new(),
        outline: Vec::new(),
        missing: Vec::new(),
        diags,
    };
    let dir = dir.trim_start_matches("./").trim_end_matches('/');
    let root = loader.module(ModulePath::root(), if dir == "." { "" } else { dir }, None);
    let Loader { sources, outline, missing, mut diags, .. } = loader;
    let config = Config {
        root,
        sources,
        files,
        outline,
        missing,
        inputs: known.inputs.into_inner().unwrap_or_default(),
        workspace: options.workspace.clone(),
        deprecations: options.deprecations,
        dependencies: OnceLock::new(),
    };
    if !diags.has_errors() {
        check_versions(&config, &mut diags);
    }
    diags.dedup();
    let diags = config.with_blocks(diags);
    (config, diags)
}

/// The modules that are installed.
fn manifest(files: &dyn Files, data_dir: &str, diags: &mut Diagnostics) -> Manifest {
    let path = format!("{data_dir}/modules/modules.json");
    let Ok(text) = files.read(&path) else { return Manifest::default() };
    Manifest::parse(&text).unwrap_or_else(|problem| {
        diags.push(diagnostics::damaged_manifest(&path, &problem));
        Manifest::default()
    })
}

/// Reports the versions of Terraform that modules ask for, if we behave as none of them.
fn check_versions(config: &Config, diags: &mut Diagnostics) {
    for module in config.modules() {
        for (wanted, span) in &module.required_versions {
            if version::compare(version::TERRAFORM, wanted) == Ok(false) {
                diags.push(diagnostics::unmet_version(wanted).at(*span));
            }
        }
    }
}

struct Loader<'o> {
    known: &'o Known,
    inputs: &'o Inputs,
    queries: bool,
    files: Arc<dyn Files>,
    installed: Manifest,
    sources: Sources,
    outline: Vec<(Span, Arc<str>)>,
    missing: Vec<Missing>,
    diags: Diagnostics,
}

impl Loader<'_> {
    /// The module in a folder, with those that it calls.
    fn module(
        &mut self,
        path: ModulePath,
        dir: &str,
        caller: Option<(&Early<'_>, &ModuleCall)>,
    ) -> Module {
        let mut module = Module { path: path.clone(), dir: dir.to_owned(), ..Module::default() };
        for body in self.bodies(dir) {
            blocks::read(&mut module, body, &mut self.diags);
        }
        if self.queries && path.is_root() {
            for name in self.names(dir).iter().filter(|name| is_query(name)) {
                let Some(body) = self.body(dir, name) else { continue };
                blocks::read_query(&mut module, body, &mut self.diags);
            }
        }
        module.resources.sort_unstable_keys();
        // What the root module calls is of no interest while it is wrong itself.
        if path.is_root() && self.diags.has_errors() {
            return module;
        }
        self.settle(&mut module, caller);
        let mut children = BTreeMap::new();
        let known = self.known;
        let early = Early::new(known, &module, caller);
        for call in module.calls.values() {
            let child_path = path.child(&call.name);
            let Some(child_dir) = self.folder(&child_path, dir, call) else { continue };
            if path.0.len() >= DEEPEST {
                self.diags.push(diagnostics::endless_modules(call.span));
                continue;
            }
            let child = self.module(child_path, &child_dir, Some((&early, call)));
            if let Some(backend) = &child.backend {
                self.diags.push(diagnostics::ignored_backend().at(backend.span));
            }
            children.insert(call.name.clone(), child);
        }
        drop(early);
        module.children = children;
        module
    }

    /// Evaluates the sources and versions of calls that are not written out.
    fn settle(&mut self, module: &mut Module, caller: Option<(&Early<'_>, &ModuleCall)>) {
        let is_early = |call: &&ModuleCall| call.is_early();
        let backend = module.backend.as_ref().filter(|_| caller.is_none());
        let of_backend = backend.is_some_and(Backend::is_early);
        if !of_backend && !module.calls.values().any(|call| is_early(&call)) {
            return;
        }
        let early = Early::new(self.known, module, caller);
        if self.known.inputs.get().is_none() {
            let given = self.inputs.given(&*self.files, &mut self.sources, &mut self.diags);
            self.known.settle(early.root(), &given, &mut self.sources, &mut self.diags);
        }
        let calls = module.calls.values().filter(is_early);
        let settled: Vec<_> =
            calls.map(|call| (call.name.clone(), call.settled(&early, &mut self.diags))).collect();
        drop(early);
        for (name, [source, version]) in settled {
            if let Some(call) = module.calls.get_mut(&name) {
                (call.source, call.version) = (source, version);
            }
        }
    }

    /// The folder of the module that is called; what keeps it from being read is reported.
    fn folder(&mut self, path: &ModulePath, dir: &str, call: &ModuleCall) -> Option<String> {
        let (text, span) = call.source.as_ref()?;
        let source = Source::parse(text, call.version.is_some()).ok()?;
        if let Source::Local(relative) = &source {
            let folder = clean(&Path::new(dir).join(relative)).to_string_lossy().into_owned();
            if self.files.list(if folder.is_empty() { "." } else { &folder }).is_err() {
                self.diags.push(diagnostics::no_module_folder(&call.name, text, *span));
                return None;
            }
            return Some(folder);
        }
        let wanted = call.version.as_ref().map(|(version, _)| version.clone());
        let problem = match self.installed.0.get(&path.0.join(".")) {
            None => diagnostics::module_not_installed(text),
            Some(installed) if installed.source != source.to_string() => {
                diagnostics::module_source_changed(text)
            }
            Some(installed)
                if !version::accepts(wanted.as_deref(), installed.version.as_deref()) =>
            {
                diagnostics::module_version_changed(text)
            }
            Some(installed) if self.files.list(&installed.dir).is_err() => {
                diagnostics::module_not_installed(text)
            }
            Some(installed) => {
                return Some(clean(Path::new(&installed.dir)).to_string_lossy().into_owned());
            }
        };
        self.diags.push(problem.at(call.span));
        self.missing.push(Missing { path: path.clone(), source, version: wanted, span: call.span });
        None
    }

    /// The bodies of a folder's files, with what other files override.
    fn bodies(&mut self, dir: &str) -> Vec<Body> {
        let (mut ordinary, mut overriding) = (Vec::new(), Vec::new());
        for name in self.names(dir).iter().filter(|name| is_configuration(name)) {
            let Some(body) = self.body(dir, name) else { continue };
            let stem = name.trim_end_matches(".json").trim_end_matches(".tf");
            if stem == "override" || stem.ends_with("_override") {
                overriding.push(body);
            } else {
                ordinary.push(body);
            }
        }
        overriding::merge(&mut ordinary, overriding, &mut self.diags);
        ordinary
    }

    /// The names in a folder.
    fn names(&mut self, dir: &str) -> Vec<String> {
        self.files.list(if dir.is_empty() { "." } else { dir }).unwrap_or_else(|error| {
            self.diags.push(diagnostics::unreadable(dir, &error));
            Vec::new()
        })
    }

    /// The body of a file, as far as it can be read.
    fn body(&mut self, dir: &str, name: &str) -> Option<Body> {
        let path = if dir.is_empty() { name.to_owned() } else { format!("{dir}/{name}") };
        let bytes = match self.files.read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.diags.push(diagnostics::unreadable(&path, &error));
                return None;
            }
        };
        let text = String::from_utf8_lossy(&bytes);
        let source = self.sources.add(&path, &*text);
        if let Err(error) = std::str::from_utf8(&bytes) {
            let start = error.valid_up_to() as u32;
            self.diags.push(syntax::encoding(Span { source, start, end: start + 3 }));
            return None;
        }
        let body = match (name.ends_with(".json"), is_query(name)) {
            (true, true) => json::parse_query(source, &text, &mut self.diags),
            (true, false) => json::parse(source, &text, &mut self.diags),
            (false, _) => syntax::parse(source, &text, &mut self.diags),
        };
        self.outline.extend(body.blocks.iter().map(|block| {
            let labels = block.labels.iter().map(|label| format!(" \"{}\"", label.text));
            (block.body.span, format!("{}{}", block.ty, labels.collect::<String>()).into())
        }));
        Some(body)
    }
}

fn is_configuration(name: &str) -> bool {
    (name.ends_with(".tf") || name.ends_with(".tf.json")) && !is_ignored(name)
}

fn is_query(name: &str) -> bool {
    (name.ends_with(".tfquery.hcl") || name.ends_with(".tfquery.json")) && !is_ignored(name)
}

/// Whether a file is hidden or left by an editor, so that it is not read.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}
