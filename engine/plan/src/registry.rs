//! The providers that are linked in, and their configured connections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use infra_addrs::{ProviderAddr, ProviderConfig};
use infra_lang::functions::ProviderFunctions;
use infra_provider::{Connection, Problem, Provider, Provisioner};
use infra_value::Value;

/// The providers and provisioners that are linked in.
#[derive(Clone, Default)]
pub struct Registry {
    providers: BTreeMap<ProviderAddr, Arc<dyn Provider>>,
    provisioners: BTreeMap<String, Arc<dyn Provisioner>>,
}

impl Registry {
    /// Of these providers and provisioners.
    pub fn new(
        providers: impl IntoIterator<Item = Arc<dyn Provider>>,
        provisioners: impl IntoIterator<Item = Arc<dyn Provisioner>>,
    ) -> Self {
        Self {
            providers: providers
                .into_iter()
                .map(|provider| (provider.address().clone(), provider))
                .collect(),
            provisioners: provisioners
                .into_iter()
                .map(|found| (found.name().to_owned(), found))
                .collect(),
        }
    }

    /// The same with other providers.
    #[must_use]
    pub fn with(&self, providers: impl IntoIterator<Item = Arc<dyn Provider>>) -> Self {
        Self {
            provisioners: self.provisioners.clone(),
            ..Self::new(providers, Vec::<Arc<dyn Provisioner>>::new())
        }
    }

    /// The provider at an address.
    pub fn get(&self, addr: &ProviderAddr) -> Option<&Arc<dyn Provider>> {
        self.providers.get(addr)
    }

    /// The provisioner of a name.
    pub fn provisioner(&self, name: &str) -> Option<&Arc<dyn Provisioner>> {
        self.provisioners.get(name)
    }

    /// The functions of all providers.
    pub fn functions(&self) -> ProviderFunctions {
        let functions = |provider: &Arc<dyn Provider>| match provider.functions() {
            [] => None,
            functions => Some((provider.address().clone(), functions)),
        };
        Arc::new(self.providers.values().filter_map(functions).collect())
    }

    /// All providers, sorted by address.
    pub fn providers(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.providers.values()
    }
}

/// Configured connections, kept from planning to applying so that an unchanged configuration connects once.
#[derive(Clone, Default)]
pub struct Connections(Arc<Mutex<BTreeMap<ProviderConfig, Made>>>);

/// The value of a configuration block, and the connection that was made with it.
type Made = (Value, Arc<dyn Connection>);

impl Connections {
    /// The connection of a provider configuration whose block has this value, made now if it has not been made.
    ///
    /// # Errors
    /// What the provider says is wrong with the configuration.
    pub async fn get(
        &self,
        provider: &Arc<dyn Provider>,
        addr: &ProviderConfig,
        config: &Value,
    ) -> Result<Arc<dyn Connection>, Vec<Problem>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(addr).cloned();
        if let Some((value, connection)) = kept
            && value == *config
        {
            return Ok(connection);
        }
        let connection = provider.configure(config).await?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(addr.clone(), (config.clone(), connection.clone()));
        Ok(connection)
    }

    /// How many API requests all of them have made.
    pub fn requests(&self) -> u64 {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.values().map(|(_, connection)| connection.requests()).sum()
    }
}
