//! References to objects of a configuration.

use std::fmt;

use infra_addrs::{InstanceKey, Mode, Resource};
use infra_diag::{Diagnostic, Span};
use infra_value::Str;

use super::diagnostics;

/// An object of the module in which an expression stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reference {
    /// `var.name`.
    Variable(Str),
    /// `local.name`.
    Local(Str),
    /// `module.name`.
    Module(Str),
    /// `type.name`, `data.type.name`, `ephemeral.type.name`, `list.type.name`, `action.type.name`.
    Resource(Resource),
    /// `path.module`, `path.root`, `path.cwd`.
    Path(Str),
    /// `terraform.workspace`.
    Terraform(Str),
    /// `count.index`.
    Count(Str),
    /// `each.key`, `each.value`.
    Each(Str),
    /// `self`.
    SelfObject,
}

/// A reference and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Located {
    /// The object.
    pub reference: Reference,
    /// Where it is named.
    pub span: Span,
    /// The key that follows, if it stands in the text.
    pub key: Option<InstanceKey>,
    /// The attribute that follows, after the key if there is one.
    pub attr: Option<Str>,
    /// The attributes and keys that follow, as far as they stand in the text.
    pub steps: Vec<infra_value::Step>,
}

/// As it is written.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "var.{name}"),
            Self::Local(name) => write!(f, "local.{name}"),
            Self::Module(name) => write!(f, "module.{name}"),
            Self::Resource(resource) => write!(f, "{resource}"),
            Self::Path(name) => write!(f, "path.{name}"),
            Self::Terraform(name) => write!(f, "terraform.{name}"),
            Self::Count(name) => write!(f, "count.{name}"),
            Self::Each(name) => write!(f, "each.{name}"),
            Self::SelfObject => f.write_str("self"),
        }
    }
}

impl Reference {
    /// The names that follow the first word.
    pub(super) fn names(&self, root: &str) -> impl Iterator<Item = Str> {
        let names = match self {
            Self::Resource(resource) if MODES.contains(&root) || resource.mode == Mode::Action => {
                [Some(&resource.type_name), Some(&resource.name)]
            }
            Self::Resource(Resource { name, .. })
            | Self::Variable(name)
            | Self::Local(name)
            | Self::Module(name)
            | Self::Path(name)
            | Self::Terraform(name)
            | Self::Count(name)
            | Self::Each(name) => [Some(name), None],
            Self::SelfObject => [None, None],
        };
        names.into_iter().flatten().cloned()
    }
}

/// Words before the type of a resource.
const MODES: [&str; 4] = ["data", "ephemeral", "list", "resource"];

/// What a first word and the names after it, of which two matter, refer to, and how many of the names belong to that.
pub(super) fn resolve(
    root: &Str,
    names: [Option<&Str>; 2],
    span: Span,
) -> Result<(Reference, usize), Diagnostic> {
    let resource = |mode: Mode| match names {
        [Some(type_name), Some(name)] => {
            let resource = Resource { mode, type_name: type_name.clone(), name: name.clone() };
            Ok((Reference::Resource(resource), 2))
        }
        _ => Err(diagnostics::incomplete_resource(mode, span)),
    };
    let named = |make: fn(Str) -> Reference| match names[0] {
        Some(name) => Ok((make(name.clone()), 1)),
        None => Err(diagnostics::incomplete_reference(root, span)),
    };
    match &**root {
        "var" => named(Reference::Variable),
        "local" => named(Reference::Local),
        "module" => named(Reference::Module),
        "path" => named(Reference::Path),
        "terraform" | "tofu" => named(Reference::Terraform),
        "count" => named(Reference::Count),
        "each" => named(Reference::Each),
        "self" => Ok((Reference::SelfObject, 0)),
        "data" => resource(Mode::Data),
        "ephemeral" => resource(Mode::Ephemeral),
        "list" => resource(Mode::List),
        "resource" => resource(Mode::Managed),
        "action" if names[1].is_some() => resource(Mode::Action),
        "template" | "lazy" | "arg" => Err(diagnostics::reserved_word(root, span)),
        _ => match names[0] {
            Some(name) => {
                let (type_name, name) = (root.clone(), name.clone());
                Ok((Reference::Resource(Resource { mode: Mode::Managed, type_name, name }), 1))
            }
            None => Err(diagnostics::bare_word(root, span)),
        },
    }
}
