//! Where modules come from: the `source` of a `module` block.

use std::fmt;

use infra_diag::Diagnostic;

use super::diagnostics;

/// A module source as it was written, understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A folder beside the caller's: `./network`, `../network`.
    Local(String),
    /// The address of a module in a registry: `terraform-aws-modules/vpc/aws`.
    Registry {
        /// The host of the registry.
        host: String,
        /// Namespace, name and target system, with slashes between them.
        module: String,
        /// The folder inside.
        subdir: String,
    },
    /// A package that is fetched.
    Package(Package),
}

/// A package: how it is fetched, from where, and which folder inside is meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Package {
    /// How.
    pub how: Fetch,
    /// From where, with the query.
    pub url: String,
    /// The folder inside.
    pub subdir: String,
}

/// How a package is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fetch {
    /// By the `git` command.
    Git,
    /// By a request; the answer is an archive, or says where one is.
    Http,
    /// From a folder or an archive on this machine.
    File,
}

/// The registry that is meant where none is named.
const REGISTRY: &str = "registry.terraform.io";

impl Source {
    /// Reads a source. With a version it must be the address of a module in a registry.
    ///
    /// # Errors
    /// A diagnostic without a place.
    pub fn parse(text: &str, versioned: bool) -> Result<Self, Diagnostic> {
        if versioned {
            return registry(text).ok_or_else(|| diagnostics::wrong_registry_source(text));
        }
        if is_local(text) {
            return Ok(Self::Local(text.to_owned()));
        }
        if let Some(found) = registry(text) {
            return Ok(found);
        }
        package(text).map(Self::Package)
    }
}

pub(super) fn is_local(text: &str) -> bool {
    text == ".." || text.starts_with("./") || text.starts_with("../")
}

/// `[HOST/]NAMESPACE/NAME/SYSTEM[//FOLDER]`.
fn registry(text: &str) -> Option<Source> {
    let (address, subdir) = text.split_once("//").unwrap_or((text, ""));
    let parts: Vec<&str> = address.split('/').collect();
    let (host, module) = match parts.as_slice() {
        [host, module @ ..] if module.len() == 3 && host.contains('.') => (*host, module),
        module if module.len() == 3 => (REGISTRY, module),
        _ => return None,
    };
    let name = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    // These hosts have packages of their own kind.
    let other = ["github.com", "bitbucket.org", "gitlab.com"].contains(&host);
    (is_host(host) && !other && module.iter().all(name)).then(|| Source::Registry {
        host: host.to_owned(),
        module: module.join("/"),
        subdir: subdir.to_owned(),
    })
}

/// A name of a host, with a port or without.
fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        && port.chars().all(|c| c.is_ascii_digit())
}

fn package(text: &str) -> Result<Package, Diagnostic> {
    let (forced, rest) = match text.split_once("::") {
        Some((forced, rest)) if forced.chars().all(|c| c.is_ascii_alphanumeric()) => {
            (Some(forced), rest)
        }
        _ => (None, text),
    };
    let (address, subdir) = split_subdir(rest);
    let make = |how, url: String| Ok(Package { how, url, subdir: subdir.clone() });
    match forced {
        Some("git") => return make(Fetch::Git, git_url(&address)),
        Some("http" | "https") => return make(Fetch::Http, address),
        Some("file") => return make(Fetch::File, address),
        Some(other) => {
            let problem = format!(
                "packages of the kind \"{other}\" are not supported; use git, https or a file"
            );
            return Err(diagnostics::wrong_module_source(text, &problem));
        }
        None => {}
    }
    for host in ["github.com/", "gitlab.com/", "bitbucket.org/"] {
        if let Some(path) = address.strip_prefix(host) {
            return hosted(host, path, &subdir).ok_or_else(|| {
                diagnostics::wrong_module_source(
                    text,
                    "after the host come an owner and a repository",
                )
            });
        }
    }
    if address.starts_with("git@") || address.starts_with("ssh://") {
        return make(Fetch::Git, git_url(&address));
    }
    if address.starts_with("http://") || address.starts_with("https://") {
        let path = address.split('?').next().unwrap_or_default();
        let how = if path.ends_with(".git") { Fetch::Git } else { Fetch::Http };
        return make(how, address);
    }
    if let Some(path) = address.strip_prefix("file://") {
        return make(Fetch::File, path.to_owned());
    }
    if address.starts_with('/') {
        return make(Fetch::File, address);
    }
    let problem = if address.is_empty() {
        "it is empty".to_owned()
    } else {
        format!(
            "it is no known kind of address. If it is a folder beside this module, write \"./{text}\""
        )
    };
    Err(diagnostics::wrong_module_source(text, &problem))
}

/// `github.com/owner/repository[/folder]`, cloned by git.
fn hosted(host: &str, path: &str, subdir: &str) -> Option<Package> {
    let (path, query) = path
        .split_once('?')
        .map_or((path, String::new()), |(path, query)| (path, format!("?{query}")));
    let mut parts = path.splitn(3, '/');
    let owner = parts.next().filter(|owner| !owner.is_empty())?;
    let repository = parts.next()?.trim_end_matches(".git");
    let folder = parts.next().unwrap_or_default();
    let subdir = if subdir.is_empty() { folder } else { subdir };
    Some(Package {
        how: Fetch::Git,
        url: format!("https://{host}{owner}/{repository}.git{query}"),
        subdir: subdir.to_owned(),
    })
}

/// `git@host:path` as `ssh://git@host/path`, and a path as `file://`.
fn git_url(address: &str) -> String {
    if address.starts_with('/') {
        return format!("file://{address}");
    }
    match address.split_once(':') {
        Some((host, path)) if !address.contains("://") && host.contains('@') => {
            format!("ssh://{host}/{}", path.trim_start_matches('/'))
        }
        _ => address.to_owned(),
    }
}

/// An address and the folder after `//`; the query belongs to the address.
fn split_subdir(text: &str) -> (String, String) {
    let start = text.find("://").map_or(0, |at| at + 3);
    let Some(at) = text[start..].find("//") else { return (text.to_owned(), String::new()) };
    let (address, rest) = (&text[..start + at], &text[start + at + 2..]);
    match rest.split_once('?') {
        Some((subdir, query)) => (format!("{address}?{query}"), subdir.to_owned()),
        None => (address.to_owned(), rest.to_owned()),
    }
}

/// As Terraform's manifest has it: registry addresses with their host, packages with how they are fetched.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = |f: &mut fmt::Formatter<'_>, subdir: &str| {
            if subdir.is_empty() { Ok(()) } else { write!(f, "//{subdir}") }
        };
        match self {
            Self::Local(path) => f.write_str(path),
            Self::Registry { host, module, subdir } => {
                write!(f, "{host}/{module}")?;
                within(f, subdir)
            }
            Self::Package(package) => {
                let (address, query) = match package.url.split_once('?') {
                    Some((address, query)) => (address, Some(query)),
                    None => (&*package.url, None),
                };
                match package.how {
                    Fetch::Git => write!(f, "git::{address}")?,
                    Fetch::Http => f.write_str(address)?,
                    Fetch::File => write!(f, "file://{address}")?,
                }
                within(f, &package.subdir)?;
                query.map_or(Ok(()), |query| write!(f, "?{query}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_understood_as_terraform_does() {
        for (text, full) in [
            ("./network", "./network"),
            (
                "terraform-aws-modules/vpc/aws",
                "registry.terraform.io/terraform-aws-modules/vpc/aws",
            ),
            ("a/b/c//modules/x", "registry.terraform.io/a/b/c//modules/x"),
            ("app.example.com/a/b/c", "app.example.com/a/b/c"),
            ("github.com/owner/repo", "git::https://github.com/owner/repo.git"),
            (
                "github.com/owner/repo//sub?ref=v1",
                "git::https://github.com/owner/repo.git//sub?ref=v1",
            ),
            (
                "git::https://example.com/x.git?ref=v1.2.0",
                "git::https://example.com/x.git?ref=v1.2.0",
            ),
            (
                "git::https://example.com/x.git//sub/dir?ref=v1",
                "git::https://example.com/x.git//sub/dir?ref=v1",
            ),
            ("git@github.com:owner/repo.git", "git::ssh://git@github.com/owner/repo.git"),
            ("https://example.com/x.zip//sub", "https://example.com/x.zip//sub"),
            ("/srv/modules/x", "file:///srv/modules/x"),
        ] {
            let source = Source::parse(text, false).map(|source| source.to_string());
            assert_eq!(source.ok().as_deref(), Some(full), "{text}");
        }
        for text in ["", "m", "foo/bar", "s3::https://s3.amazonaws.com/x"] {
            assert!(Source::parse(text, false).is_err(), "{text}");
        }
        assert!(Source::parse("./m", true).is_err());
    }
}
