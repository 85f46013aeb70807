//! Resources and their instances.

use std::fmt;

use infra_value::Str;

use crate::{InstanceKey, ModuleInstance, ModulePath};

/// What sort of resource. Data resources sort before managed ones, as Terraform lists them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// `action`, which is no resource: nothing of it is kept. Its blocks and instances are written like those of resources.
    Action,
    /// `data`.
    Data,
    /// `ephemeral`.
    Ephemeral,
    /// `list`, in query files.
    List,
    /// `resource`.
    Managed,
}

/// A resource within its module.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Resource {
    /// What sort.
    pub mode: Mode,
    /// Its type, such as `aws_vpc`.
    pub type_name: Str,
    /// Its name in the configuration.
    pub name: Str,
}

impl Resource {
    /// A managed resource.
    pub fn managed(type_name: &str, name: &str) -> Self {
        Self { mode: Mode::Managed, type_name: type_name.into(), name: name.into() }
    }

    /// A data resource.
    pub fn data(type_name: &str, name: &str) -> Self {
        Self { mode: Mode::Data, type_name: type_name.into(), name: name.into() }
    }
}

/// `aws_vpc.main`, `data.aws_ami.linux`.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.mode {
            Mode::Managed => "",
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
            Mode::List => "list.",
            Mode::Action => "action.",
        };
        write!(f, "{prefix}{}.{}", self.type_name, self.name)
    }
}

/// A resource in the configuration, whatever its instances.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ConfigResource {
    /// The module it is in.
    pub module: ModulePath,
    /// Which resource.
    pub resource: Resource,
}

/// `module.a.aws_vpc.main`.
impl fmt::Display for ConfigResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        write!(f, "{}", self.resource)
    }
}

/// One resource instance, from the root: the full address. Sorts by module, resource, key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceInstance {
    /// The module instance it is in.
    pub module: ModuleInstance,
    /// Which resource.
    pub resource: Resource,
    /// Which instance, with `count` or `for_each`.
    pub key: Option<InstanceKey>,
}

impl ResourceInstance {
    /// The resource in the configuration that this is an instance of.
    pub fn config(&self) -> ConfigResource {
        ConfigResource { module: self.module.module(), resource: self.resource.clone() }
    }
}

/// `module.a[0].aws_vpc.main["x"]`.
/// As it is written: logs and failures of tests are read by people.
impl fmt::Debug for ResourceInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for ResourceInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        write!(f, "{}", self.resource)?;
        match &self.key {
            Some(key) => write!(f, "{key}"),
            None => Ok(()),
        }
    }
}
