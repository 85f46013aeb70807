//! Modules and their instances.

use std::cmp::Ordering;
use std::fmt;

use infra_value::{Str, Value};

/// Which instance of something with `count` or `for_each`. Integer keys sort before string keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum InstanceKey {
    /// Of `count`.
    Int(i64),
    /// Of `for_each`.
    String(Str),
}

impl InstanceKey {
    /// The key as a value.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Int(index) => (*index).into(),
            Self::String(key) => key.clone().into(),
        }
    }
}

/// `[0]` or `["key"]`.
impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(index) => write!(f, "[{index}]"),
            Self::String(key) => write!(f, "[{}]", infra_value::print::quoted(key)),
        }
    }
}

/// A module in the configuration, whatever its instances: the names of module calls from the root. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct ModulePath(pub std::sync::Arc<[Str]>);

impl ModulePath {
    /// The root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The module that the call `name` in this one makes.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        Self(self.0.iter().cloned().chain([name.into()]).collect())
    }

    /// The module that calls this one and the name of the call.
    pub fn parent(&self) -> Option<(Self, &Str)> {
        let (last, before) = self.0.split_last()?;
        Some((Self(before.into()), last))
    }
}

/// `module.a.module.b`; empty for the root.
impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            write!(f, "{dot}module.{name}")?;
        }
        Ok(())
    }
}

/// A module instance: the steps from the root, each with its key. Cheap to clone.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct ModuleInstance(pub std::sync::Arc<[(Str, Option<InstanceKey>)]>);

impl ModuleInstance {
    /// The root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Whether it is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// An instance of the call `name` in this one.
    #[must_use]
    pub fn child(&self, name: &str, key: Option<InstanceKey>) -> Self {
        Self(self.0.iter().cloned().chain([(name.into(), key)]).collect())
    }

    /// The instance that called this one.
    pub fn parent(&self) -> Option<Self> {
        let (_, before) = self.0.split_last()?;
        Some(Self(before.into()))
    }

    /// The module that this is an instance of.
    pub fn module(&self) -> ModulePath {
        ModulePath(self.0.iter().map(|(name, _)| name.clone()).collect())
    }
}

/// By name, then key, step by step; a module before those inside it.
impl Ord for ModuleInstance {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for ModuleInstance {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `module.a[0].module.b["x"]`; empty for the root.
impl fmt::Display for ModuleInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, key)) in self.0.iter().enumerate() {
            let dot = if position == 0 { "" } else { "." };
            write!(f, "{dot}module.{name}")?;
            if let Some(key) = key {
                write!(f, "{key}")?;
            }
        }
        Ok(())
    }
}
