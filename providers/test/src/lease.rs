use infra_provider_sdk::prelude::*;

use crate::cloud::{Account, Stored, check};

/// A secret that is there only while it is open; the cloud holds an object of its name meanwhile, and another of the same
/// name with `.log` that says what was done with it.
///
/// ```hcl
/// ephemeral "test_lease" "a" {
///   name = "a"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(ephemeral, name = "test_lease")]
pub(crate) struct TestLease {
    /// Calls that fail: `open`, `renew`, `close`.
    fail: Option<Set<String>>,
    /// Its name.
    name: String,
    /// Milliseconds after which it is renewed.
    renew_after: Option<i64>,
    /// What it gives.
    token: Computed<String>,
}

impl TestLease {
    /// What renewing and closing is told: its name, after how long, and what fails.
    fn private(&self) -> Vec<u8> {
        let fail = self.fail.as_deref().unwrap_or_default().join(",");
        format!("{}\n{}\n{fail}", self.name, self.renew_after.unwrap_or_default()).into_bytes()
    }
}

/// Checks that a call may succeed, and writes it down. Gives the name and the milliseconds.
fn call(Account(cloud): &Account, verb: &str, private: &[u8]) -> Result<(String, u64)> {
    let text = String::from_utf8_lossy(private).into_owned();
    let mut parts = text.split('\n');
    let name = parts.next().unwrap_or_default().to_owned();
    let after = parts.next().and_then(|after| after.parse().ok()).unwrap_or_default();
    let fail: Vec<String> = parts.next().unwrap_or_default().split(',').map(Into::into).collect();
    cloud.called();
    check(verb, &name, Some(&fail))?;
    cloud.write(|objects| {
        let log = objects.entry(format!("{name}.log")).or_insert_with(Stored::default);
        let before = log.value.take().map(|before| before + " ").unwrap_or_default();
        log.value = Some(before + verb);
    });
    Ok((name, after))
}

impl Ephemeral for TestLease {
    type Client = Account;

    async fn open(account: &Account, asked: &Self) -> Result<Lease<Self>> {
        let private = asked.private();
        let (name, after) = call(account, "open", &private)?;
        account.0.write(|objects| objects.insert(name.clone(), Stored::default()));
        let value = Self { token: format!("token of {name}").into(), ..asked.clone() };
        let renew_after = (after > 0).then(|| Duration::from_millis(after));
        Ok(Lease { value, private, renew_after })
    }

    async fn renew(account: &Account, private: &[u8]) -> Result<Option<Duration>> {
        let (_, after) = call(account, "renew", private)?;
        Ok(Some(Duration::from_millis(after)))
    }

    async fn close(account: &Account, private: &[u8]) -> Result<()> {
        let (name, _) = call(account, "close", private)?;
        account.0.write(|objects| objects.remove(&name));
        Ok(())
    }
}
