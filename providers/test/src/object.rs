use std::sync::Arc;

use infra_provider_sdk::prelude::*;

use crate::cloud::{Account, Cloud, Stored, check};

/// An object of the cloud.
///
/// ```hcl
/// resource "test_object" "a" {
///   name  = "a"
///   value = "one"
///   fail  = ["update"]
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "test_object")]
pub(crate) struct Object {
    /// Milliseconds that each call for it takes.
    #[attr(unreadable)]
    delay: Option<i64>,
    /// Calls that fail: `create`, `configure` (after the object was made), `read`, `update`, `delete`.
    #[attr(unreadable)]
    fail: Option<Set<String>>,
    /// What it is; another kind is another object.
    #[attr(force_new)]
    kind: Option<String>,
    /// Its name, which is also its id.
    #[attr(force_new)]
    name: String,
    /// How often it was written.
    revision: Computed<i64>,
    #[attr(sensitive)]
    secret: Option<String>,
    /// A secret that is kept nowhere but in the cloud.
    #[attr(write_only)]
    secret_wo: Option<String>,
    /// Change it to have `secret_wo` written again.
    #[attr(unreadable)]
    secret_wo_version: Option<i64>,
    /// Its size, by default the length of its value.
    #[attr(computed)]
    size: Option<i64>,
    tags: Tags,
    value: Option<String>,
}

impl Object {
    async fn call(&self, cloud: &Cloud, verb: &str) -> Result<()> {
        cloud.called();
        if let Some(delay) = self.delay.and_then(|delay| u64::try_from(delay).ok()) {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        check(verb, &self.name, self.fail.as_deref())
    }

    fn stored(&self, revision: i64) -> Stored {
        Stored {
            value: self.value.clone(),
            kind: self.kind.clone(),
            secret: self.secret.clone(),
            secret_wo: self.secret_wo.clone(),
            size: self
                .size
                .unwrap_or_else(|| self.value.as_ref().map_or(0, |value| value.len() as i64)),
            tags: self.tags.all().clone(),
            revision,
        }
    }
}

/// Which objects a list finds.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Wanted {
    /// Fails, if it is `list`.
    fail: Option<Set<String>>,
    /// Only objects of this kind.
    kind: Option<String>,
    /// How many objects are on a page: two, if it is not said.
    page_size: Option<i64>,
    /// Only objects whose names begin with this.
    prefix: Option<String>,
}

impl List for Object {
    type Config = Wanted;

    async fn list(Account(cloud): &Account, wanted: &Wanted, page: Page) -> Result<Results> {
        cloud.called();
        check("list", "objects", wanted.fail.as_deref())?;
        let after = page.token.clone().unwrap_or_default();
        let size =
            page.size(1, wanted.page_size.map_or(2, |size| size.clamp(1, 100) as i32)) as usize;
        let found: Vec<(String, Stored)> = cloud.read(|objects| {
            let fits = |(name, stored): &(&String, &Stored)| {
                wanted.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
                    && wanted.kind.as_ref().is_none_or(|kind| stored.kind.as_ref() == Some(kind))
                    && **name > after
            };
            let fitting = objects.iter().filter(fits).take(size + 1);
            fitting.map(|(name, stored)| (name.clone(), stored.clone())).collect()
        });
        let next = (found.len() > size).then(|| found[size - 1].0.clone());
        let named = found.into_iter().take(size).map(|(name, stored)| {
            let shown =
                stored.value.map_or_else(|| name.clone(), |value| format!("{name} = {value}"));
            (name, shown)
        });
        Ok(Results::new(named, next))
    }
}

impl Operations for Object {
    type Client = Account;

    async fn create(Account(cloud): &Account, plan: &Self) -> Result<Id> {
        plan.call(cloud, "create").await?;
        if cloud.read(|objects| objects.contains_key(&plan.name)) {
            return Err(
                Error::new(format!("There is an object {:?} already.", plan.name)).at("name")
            );
        }
        cloud.write(|objects| objects.insert(plan.name.clone(), plan.stored(1)));
        Ok(Id(plan.name.clone()))
    }

    async fn configure(Account(cloud): &Account, plan: &Known<Self>) -> Result<()> {
        check("configure", &plan.name, plan.fail.as_deref())?;
        cloud.called();
        Ok(())
    }

    async fn read(Account(cloud): &Account, known: &[Known<Self>]) -> Result<Found<Self>> {
        cloud.called();
        for known in known {
            check("read", &known.id, known.fail.as_deref())?;
        }
        let objects = cloud.read(|objects| {
            let found = known.iter().filter_map(|known| {
                let stored = objects.get(&*known.id)?.clone();
                Some((known.id.clone(), stored, known.state.clone()))
            });
            found.collect::<Vec<_>>()
        });
        let found = objects.into_iter().map(|(id, stored, known)| {
            let object = Self {
                kind: stored.kind,
                name: id.0.clone(),
                revision: stored.revision.into(),
                secret: stored.secret,
                size: Some(stored.size),
                tags: stored.tags.into_iter().collect(),
                value: stored.value,
                ..known
            };
            (id, object)
        });
        Ok(found.collect())
    }

    async fn update(Account(cloud): &Account, prior: &Known<Self>, plan: &Self) -> Result<()> {
        plan.call(cloud, "update").await?;
        cloud.write(|objects| {
            let revision = objects.get(&*prior.id).map_or(0, |stored| stored.revision);
            objects.insert(prior.id.0.clone(), plan.stored(revision + 1));
        });
        Ok(())
    }

    async fn delete(Account(cloud): &Account, prior: &Known<Self>) -> Result<()> {
        let cloud: &Arc<Cloud> = cloud;
        prior.call(cloud, "delete").await?;
        cloud.write(|objects| objects.remove(&*prior.id));
        Ok(())
    }

    fn customise(change: &mut Change<'_>) {
        if !change.is_create() && change.changed("value") {
            change.set_unknown("revision");
        }
    }
}
