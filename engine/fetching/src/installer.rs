//! One module: from its source to its folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use infra_diag::Diagnostic;
use infra_lang::config::{Fetch, Installed, Missing, Package, Source};

use crate::{archive, diagnostics, file, git, http, registry};

/// Where modules go, and what is needed to fetch them.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the root module.
    pub root: PathBuf,
    /// Where modules go, relative to it: `.terraform/modules`.
    pub modules: String,
    /// Tokens for hosts.
    pub tokens: BTreeMap<String, String>,
}

/// Installs modules. What a registry said is remembered while it lives.
pub struct Installer {
    options: Options,
    registries: registry::Registries,
}

/// What a module is called that becomes the root module.
const BESIDE: &str = "root";

/// How often one package may say that it is really elsewhere.
const MOST_REDIRECTIONS: usize = 8;

impl Installer {
    /// An installer into a folder.
    pub fn new(options: Options) -> Self {
        let registries = registry::Registries::new(http::Client::new(options.tokens.clone()));
        Self { options, registries }
    }

    /// Fetches a module into its folder. What was in that folder before is gone.
    ///
    /// # Errors
    /// A diagnostic at the call.
    pub fn install(&mut self, missing: &Missing) -> Result<Installed, Diagnostic> {
        let name = missing.path.0.join(".");
        self.fetch(&missing.source, missing.version.as_deref(), &name)
            .map_err(|problem| diagnostics::not_fetched(&name, &missing.source, &problem))
            .map_err(|diagnostic| diagnostic.at(missing.span))
    }

    /// Copies a module into the folder of the root module.
    ///
    /// # Errors
    /// A diagnostic without a place.
    pub fn copy(&mut self, source: &str) -> Result<(), Diagnostic> {
        let root = self.options.root.clone();
        let from = match Source::parse(source, false)? {
            Source::Local(path) => root.join(path),
            source => {
                let fetched = self.fetch(&source, None, BESIDE);
                let fetched = fetched
                    .map_err(|problem| diagnostics::not_fetched(BESIDE, &source, &problem))?;
                root.join(fetched.dir)
            }
        };
        let copied = file::fetch(&from, &root);
        // It was fetched only to be copied.
        let _ = std::fs::remove_dir_all(root.join(&self.options.modules).join(BESIDE));
        copied.map_err(|problem| diagnostics::not_copied(source, &problem))
    }

    fn fetch(
        &mut self,
        source: &Source,
        wanted: Option<&str>,
        name: &str,
    ) -> Result<Installed, String> {
        let relative = format!("{}/{name}", self.options.modules);
        let target = self.options.root.join(&relative);
        let mut installed = Installed { source: source.to_string(), version: None, dir: relative };
        let package = match source {
            Source::Local(path) => return Err(format!("{path} is a folder of the configuration")),
            Source::Package(package) => package.clone(),
            Source::Registry { host, module, subdir } => {
                let found = self.registries.find(host, module, wanted)?;
                installed.version = Some(found.version);
                let mut package = found.package;
                package.subdir = joined(&package.subdir, subdir);
                package
            }
        };
        let subdir = self.package(&package, &target, 0)?;
        let folder = subfolder(&target, &subdir)?;
        let inside = folder.strip_prefix(&target).unwrap_or(Path::new(""));
        if inside != Path::new("") {
            installed.dir = format!("{}/{}", installed.dir, inside.to_string_lossy());
        }
        Ok(installed)
    }

    /// Fetches a package; gives the folder inside that is meant.
    fn package(&self, package: &Package, target: &Path, depth: usize) -> Result<String, String> {
        empty(target)?;
        let subdir = package.subdir.clone();
        match package.how {
            Fetch::Git => git::fetch(&package.url, target)?,
            Fetch::File => file::fetch(&self.options.root.join(&package.url), target)?,
            Fetch::Http => match self.registries.client.package(&package.url)? {
                http::Answer::Archive(bytes, kind) => archive::unpack(&bytes, kind, target)?,
                http::Answer::Elsewhere(_) if depth >= MOST_REDIRECTIONS => {
                    return Err("it is always somewhere else".to_owned());
                }
                http::Answer::Elsewhere(mut other) => {
                    other.subdir = joined(&other.subdir, &subdir);
                    return self.package(&other, target, depth + 1);
                }
            },
        }
        Ok(subdir)
    }
}

fn joined(first: &str, second: &str) -> String {
    match (first, second) {
        ("", other) | (other, "") => other.to_owned(),
        (first, second) => format!("{first}/{second}"),
    }
}

/// Makes an empty folder where a module goes.
fn empty(target: &Path) -> Result<(), String> {
    if target.exists() {
        std::fs::remove_dir_all(target)
            .map_err(|error| format!("{} cannot be emptied: {error}", target.display()))?;
    }
    std::fs::create_dir_all(target)
        .map_err(|error| format!("{} cannot be made: {error}", target.display()))
}

/// A folder inside a package; `*` in its path stands for the one folder that there is.
fn subfolder(target: &Path, subdir: &str) -> Result<PathBuf, String> {
    let mut folder = target.to_owned();
    for part in subdir.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            ".." => return Err(format!("the folder \"{subdir}\" is outside of the package")),
            "*" => {
                let folders: Vec<PathBuf> = std::fs::read_dir(&folder)
                    .map_err(|error| error.to_string())?
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(|path| path.is_dir())
                    .collect();
                match <[PathBuf; 1]>::try_from(folders) {
                    Ok([only]) => folder = only,
                    Err(_) => return Err("the package has not one folder alone".to_owned()),
                }
            }
            part => folder.push(part),
        }
    }
    if folder.is_dir() {
        Ok(folder)
    } else {
        Err(format!("the package has no folder \"{subdir}\""))
    }
}
