//! Waiting: looks at once, then soon, then less often.

use std::future::Future;
use std::time::Duration;

use infra_provider_sdk::{Error, Result};

/// Looks until there is something, at most for so long. The pauses grow from a tenth of a second to ten seconds.
pub(crate) async fn until<T, F, L>(what: &str, limit: Duration, mut look: L) -> Result<T>
where
    L: FnMut() -> F,
    F: Future<Output = Result<Option<T>>>,
{
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_millis(100);
    loop {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        if waited >= limit {
            return Err(Error::new(format!(
                "Waiting for {what} took longer than {} seconds.",
                limit.as_secs()
            )));
        }
        tokio::time::sleep(pause).await;
        waited += pause;
        pause = (pause * 3 / 2).min(Duration::from_secs(10));
    }
}
