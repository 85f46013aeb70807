use infra_provider_sdk::prelude::*;

use crate::cloud::{Account, check};

/// Writes down that it was invoked: an object of its name counts how often, and holds the value of the last time.
///
/// ```hcl
/// action "test_note" "a" {
///   config {
///     name  = "a"
///     value = "one"
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(action, name = "test_note")]
pub(crate) struct Note {
    /// Milliseconds that it takes.
    delay: Option<i64>,
    /// Calls that fail: `invoke`.
    fail: Option<Set<String>>,
    /// Words that are written down too.
    #[block]
    label: Vec<Label>,
    /// The name of what it writes down.
    name: String,
    /// What it says meanwhile, a message each.
    progress: Option<Vec<String>>,
    /// A secret that is in no plan.
    #[attr(write_only)]
    secret_wo: Option<String>,
    /// What it writes down.
    value: Option<String>,
}

/// A word with its meaning.
#[derive(Debug, Clone, Default, Block)]
struct Label {
    meaning: Option<String>,
    word: String,
}

impl Action for Note {
    type Client = Account;

    async fn invoke(Account(cloud): &Account, asked: &Self, progress: Progress<'_>) -> Result<()> {
        cloud.called();
        for message in asked.progress.iter().flatten() {
            progress(message);
        }
        if let Some(delay) = asked.delay.and_then(|delay| u64::try_from(delay).ok()) {
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        check("invoke", &asked.name, asked.fail.as_deref())?;
        cloud.write(|objects| {
            let noted = objects.entry(asked.name.clone()).or_default();
            noted.revision += 1;
            noted.value.clone_from(&asked.value);
            let labels = asked.label.iter();
            noted.tags = labels
                .map(|label| (label.word.clone(), label.meaning.clone().unwrap_or_default()))
                .collect();
            noted.secret_wo.clone_from(&asked.secret_wo);
        });
        Ok(())
    }
}
