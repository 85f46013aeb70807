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
    /// `type.name`, `data.type.name`, `ephemeral.type.name`.
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

/// What a first word and the names after it refer to, and how many of the names belong to that.
pub(super) fn resolve(
    root: &str,
    names: &[Str],
    span: Span,
) -> Result<(Reference, usize), Diagnostic> {
    let resource = |mode: Mode, names: &[Str], used: usize| match names {
        [type_name, name, ..] => {
            let resource = Resource { mode, type_name: type_name.clone(), name: name.clone() };
            Ok((Reference::Resource(resource), used))
        }
        _ => Err(diagnostics::incomplete_resource(mode, span)),
    };
    let named = |make: fn(Str) -> Reference| match names.first() {
        Some(name) => Ok((make(name.clone()), 1)),
        None => Err(diagnostics::incomplete_reference(root, span)),
    };
    match root {
        "var" => named(Reference::Variable),
        "local" => named(Reference::Local),
        "module" => named(Reference::Module),
        "path" => named(Reference::Path),
        "terraform" | "tofu" => named(Reference::Terraform),
        "count" => named(Reference::Count),
        "each" => named(Reference::Each),
        "self" => Ok((Reference::SelfObject, 0)),
        "data" => resource(Mode::Data, names, 2),
        "ephemeral" => resource(Mode::Ephemeral, names, 2),
        "resource" => resource(Mode::Managed, names, 2),
        type_name => match names.first() {
            Some(name) => {
                let resource = Resource {
                    mode: Mode::Managed,
                    type_name: type_name.into(),
                    name: name.clone(),
                };
                Ok((Reference::Resource(resource), 1))
            }
            None => Err(diagnostics::bare_word(type_name, span)),
        },
    }
}
