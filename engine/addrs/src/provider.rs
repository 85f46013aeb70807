//! Providers and their configurations.

use std::fmt;

use infra_value::Str;

use crate::ModulePath;

/// The source address of a provider. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProviderAddr {
    /// Such as `registry.terraform.io`, or `terraform.io` of the built-in one.
    pub hostname: Str,
    /// Such as `hashicorp`, or `builtin` of the built-in one.
    pub namespace: Str,
    /// Such as `aws`.
    pub name: Str,
}

impl ProviderAddr {
    /// A provider of the public registry's `hashicorp` namespace: what a bare name means.
    pub fn hashicorp(name: &str) -> Self {
        Self {
            hostname: "registry.terraform.io".into(),
            namespace: "hashicorp".into(),
            name: name.into(),
        }
    }

    /// The provider of `terraform_data`.
    pub fn terraform() -> Self {
        Self {
            hostname: "terraform.io".into(),
            namespace: "builtin".into(),
            name: "terraform".into(),
        }
    }

    /// As people write it: `hashicorp/aws`, with the hostname where it is not the public registry.
    pub fn short(&self) -> String {
        if &*self.hostname == "registry.terraform.io" {
            format!("{}/{}", self.namespace, self.name)
        } else {
            self.to_string()
        }
    }
}

/// `registry.terraform.io/hashicorp/aws`.
impl fmt::Display for ProviderAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.hostname, self.namespace, self.name)
    }
}

/// A provider configuration: of a module, maybe with an alias, and one of several where it has `for_each`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProviderConfig {
    /// The module that has the `provider` block.
    pub module: ModulePath,
    /// The provider.
    pub provider: ProviderAddr,
    /// The alias, unless it is the default configuration.
    pub alias: Option<Str>,
    /// The key of the instance, if the block is repeated and one of its instances is meant.
    pub key: Option<Str>,
}

impl ProviderConfig {
    /// The block, whichever of its instances is meant.
    #[must_use]
    pub fn whole(&self) -> Self {
        Self { key: None, ..self.clone() }
    }
}

/// `module.a.provider["registry.terraform.io/hashicorp/aws"].east`.
impl fmt::Display for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        write!(f, "provider[\"{}\"]", self.provider)?;
        if let Some(alias) = &self.alias {
            write!(f, ".{alias}")?;
        }
        match &self.key {
            Some(key) => write!(f, "[{}]", infra_value::print::quoted(key)),
            None => Ok(()),
        }
    }
}
