//! What an author writes.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::time::Duration;

use infra_provider::{Kind, Progress, Upgrade};

use crate::check::Check;
use crate::{Change, Fields, Result};

/// A resource type or data source: what `derive(Resource)` knows of it.
pub trait Resource: Fields + Send + Sync + 'static {
    /// Its name in configurations.
    const NAME: &'static str;
    /// Version of its stored form.
    const VERSION: u64;
    /// Whether it is a resource, a data source, an ephemeral resource or an action.
    const KIND: Kind;
    /// The first paragraph of its manual.
    const DESCRIPTION: &'static str;
    /// Brings what was stored under an older version to the present one, if more is to be done than to drop what is not
    /// there any more.
    const UPGRADE: Option<Upgrade> = None;
    /// What its arguments must be, beyond what the schema says.
    const CHECKS: &'static [Check] = &[];
}

/// The verbs of a resource type.
pub trait Operations: Resource {
    /// What makes its API calls.
    type Client: Client;

    /// Creates the object with one call and returns its identity, which is saved before anything else happens.
    fn create(client: &Self::Client, plan: &Self) -> impl Future<Output = Result<Id>> + Send;

    /// What is left to set up after creation, and waiting until the object is ready.
    fn configure(
        _client: &Self::Client,
        _plan: &Known<Self>,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The identity as the state and the events show it: something else where it is a secret.
    fn shown(id: &Id) -> Id {
        id.clone()
    }

    /// Reads many objects at once. Those that are not found are gone.
    fn read(
        client: &Self::Client,
        known: &[Known<Self>],
    ) -> impl Future<Output = Result<Found<Self>>> + Send;

    /// Changes an object in place.
    fn update(
        _client: &Self::Client,
        _prior: &Known<Self>,
        _plan: &Self,
    ) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }

    /// The identity after an update: some APIs give an object a new one.
    fn renamed(
        _client: &Self::Client,
        prior: &Known<Self>,
        _plan: &Self,
    ) -> impl Future<Output = Result<Id>> + Send {
        let id = prior.id.clone();
        async { Ok(id) }
    }

    /// Deletes an object. That it is gone already is no error.
    fn delete(
        client: &Self::Client,
        prior: &Known<Self>,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Turns a documented import id into what can be read.
    fn import(
        _client: &Self::Client,
        id: &str,
    ) -> impl Future<Output = Result<Known<Self>>> + Send {
        let known = Known {
            id: Id(id.to_owned()),
            state: <Self as Fields>::from_object(&infra_value::Value::object::<&str>([])),
        };
        async { Ok(known) }
    }

    /// The same for many ids, one answer for each: where the API must be asked, it is asked for all of them at once.
    fn import_all(
        client: &Self::Client,
        ids: &[String],
    ) -> impl Future<Output = Vec<Result<Known<Self>>>> + Send {
        async move {
            let mut known = Vec::new();
            for id in ids {
                known.push(Self::import(client, id).await);
            }
            known
        }
    }

    /// Rules of the plan; values may be unknown.
    fn customise(_change: &mut Change<'_>) {}
}

/// The verb of a data source.
pub trait Query: Resource {
    /// What makes its API calls.
    type Client: Client;

    /// Completes a query with what it finds.
    fn read(client: &Self::Client, query: &Self) -> impl Future<Output = Result<Self>> + Send;
}

/// The verbs of an ephemeral resource type.
pub trait Ephemeral: Resource {
    /// What makes its API calls.
    type Client: Client;

    /// Begins to have it, and completes what was asked.
    fn open(
        client: &Self::Client,
        asked: &Self,
    ) -> impl Future<Output = Result<Lease<Self>>> + Send;

    /// Makes it last longer. Gives after how long it is to be renewed again.
    fn renew(
        _client: &Self::Client,
        _private: &[u8],
    ) -> impl Future<Output = Result<Option<Duration>>> + Send {
        async { Ok(None) }
    }

    /// It is of no use any more.
    fn close(_client: &Self::Client, _private: &[u8]) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// The verb of an action.
pub trait Action: Resource {
    /// What makes its API calls.
    type Client: Client;

    /// Does it, and waits until it is done; `progress` is told what there is to say meanwhile.
    fn invoke(
        client: &Self::Client,
        asked: &Self,
        progress: Progress<'_>,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// An ephemeral resource that is open.
#[derive(Clone, Debug)]
pub struct Lease<T> {
    /// What it gives.
    pub value: T,
    /// What renewing and closing needs to know.
    pub private: Vec<u8>,
    /// After how long it is to be renewed; nothing if it lasts.
    pub renew_after: Option<Duration>,
}

impl<T> Lease<T> {
    /// What lasts, and needs not be closed.
    pub fn lasting(value: T) -> Self {
        Self { value, private: Vec::new(), renew_after: None }
    }
}

/// What makes API calls, and what is set once for all resources of a provider configuration.
pub trait Client: Send + Sync + 'static {
    /// Tags that every object gets.
    fn default_tags(&self) -> &BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        &NONE
    }

    /// Whether a tag is none of our business.
    fn is_ignored_tag(&self, _key: &str) -> bool {
        false
    }

    /// Whether plans and states have the forms of Terraform's older plug-in kit: see `legacy`.
    fn legacy(&self) -> bool {
        false
    }

    /// How many API requests were made.
    fn requests(&self) -> u64 {
        0
    }
}

impl Client for () {}

/// The identity of an object.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Id(pub String);

impl Deref for Id {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// An object with its identity, and what the state holds of it.
#[derive(Clone, Debug)]
pub struct Known<T> {
    /// Its identity.
    pub id: Id,
    /// What the state holds.
    pub state: T,
}

impl<T> Deref for Known<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.state
    }
}

/// Objects that were found: by identity, or one for each that was asked for.
#[derive(Clone, Debug)]
pub struct Found<T>(Answers<T>);

#[derive(Clone, Debug)]
enum Answers<T> {
    ById(BTreeMap<Id, T>),
    Each(Vec<Option<T>>),
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self(Answers::ById(BTreeMap::new()))
    }
}

impl<T> Found<T> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What became of each object that was asked for, in that order: for types whose objects are not told apart by their
    /// identity, such as random numbers.
    pub fn each(objects: impl IntoIterator<Item = Option<T>>) -> Self {
        Self(Answers::Each(objects.into_iter().collect()))
    }

    /// Adds an object by its identity.
    pub fn insert(&mut self, id: impl Into<Id>, object: T) {
        if let Answers::ById(all) = &mut self.0 {
            all.insert(id.into(), object);
        }
    }

    /// The object that was asked for at a position.
    pub(crate) fn get(&self, position: usize, id: &Id) -> Option<&T> {
        match &self.0 {
            Answers::ById(all) => all.get(id),
            Answers::Each(all) => all.get(position)?.as_ref(),
        }
    }
}

impl<T, I: Into<Id>> FromIterator<(I, T)> for Found<T> {
    fn from_iter<It: IntoIterator<Item = (I, T)>>(objects: It) -> Self {
        Self(Answers::ById(objects.into_iter().map(|(id, object)| (id.into(), object)).collect()))
    }
}
