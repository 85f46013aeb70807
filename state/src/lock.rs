//! Locks: who works on a state.

use std::fmt;
use std::time::Duration;

use infra_value::json::write_string;
use serde_json::Value as Json;

use crate::{Store, StoreError};

/// Who holds a lock, for what, since when. Written as Terraform writes it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct LockInfo {
    /// A UUID.
    pub id: String,
    /// Such as `OperationTypeApply`.
    pub operation: String,
    /// Anything more.
    pub info: String,
    /// `user@host`.
    pub who: String,
    /// The version of the tool.
    pub version: String,
    /// When, in RFC 3339 with up to nine fractional digits.
    pub created: String,
    /// What is locked.
    pub path: String,
}

impl LockInfo {
    /// The JSON, byte for byte as Go's encoder writes it.
    pub fn to_json(&self) -> String {
        let mut out = String::from("{");
        let fields = [
            ("ID", &self.id),
            ("Operation", &self.operation),
            ("Info", &self.info),
            ("Who", &self.who),
            ("Version", &self.version),
            ("Created", &self.created),
            ("Path", &self.path),
        ];
        for (position, (name, value)) in fields.into_iter().enumerate() {
            if position > 0 {
                out.push(',');
            }
            write_string(name, &mut out);
            out.push(':');
            write_string(value, &mut out);
        }
        out.push('}');
        out
    }

    /// Reads what [`LockInfo::to_json`] writes; nothing if it is something else.
    pub fn from_json(text: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(text).ok()?;
        let of = |name: &str| json.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        Some(Self {
            id: json.get("ID")?.as_str()?.to_owned(),
            operation: of("Operation"),
            info: of("Info"),
            who: of("Who"),
            version: of("Version"),
            created: of("Created"),
            path: of("Path"),
        })
    }
}

/// The block that people see.
impl fmt::Display for LockInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let created = self.created.replacen('T', " ", 1).replace('Z', " +0000 UTC");
        write!(
            f,
            "Lock Info:\n  ID:        {}\n  Path:      {}\n  Operation: {}\n  Who:       {}\n  Version:   {}\n  \
             Created:   {created}\n  Info:      {}",
            self.id, self.path, self.operation, self.who, self.version, self.info
        )
    }
}

/// Why a lock could not be taken.
#[derive(Debug)]
pub struct LockError {
    /// Who holds it, if somebody does.
    pub held: Option<LockInfo>,
    /// What went wrong.
    pub message: String,
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.held {
            Some(info) => write!(f, "{}\n\n{info}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for LockError {}

impl From<StoreError> for LockError {
    fn from(error: StoreError) -> Self {
        Self { held: None, message: error.0 }
    }
}

/// Takes the lock, trying again after 1, 2, 4, 8, 16, 16 ... seconds while somebody holds it, until `timeout` is over.
///
/// # Errors
/// Who holds it then, or what went wrong.
pub async fn lock_with_timeout(
    store: &dyn Store,
    info: &LockInfo,
    timeout: Duration,
) -> Result<(), LockError> {
    let mut waited = Duration::ZERO;
    let mut pause = Duration::from_secs(1);
    loop {
        let error = match store.lock(info).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if error.held.is_none() || waited >= timeout {
            return Err(error);
        }
        let now = pause.min(timeout - waited);
        tokio::time::sleep(now).await;
        waited += now;
        pause = (pause * 2).min(Duration::from_secs(16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_info_is_written_as_go_writes_it() {
        let info = LockInfo {
            id: "1".into(),
            operation: "OperationTypeApply".into(),
            who: "a<b>@c".into(),
            version: "1.11.4".into(),
            created: "2026-11-21T01:31:48.671638071Z".into(),
            path: "b/k".into(),
            ..LockInfo::default()
        };
        let text = info.to_json();
        assert_eq!(
            text,
            "{\"ID\":\"1\",\"Operation\":\"OperationTypeApply\",\"Info\":\"\",\"Who\":\"a\\u003cb\\u003e@c\",\
             \"Version\":\"1.11.4\",\"Created\":\"2026-11-21T01:31:48.671638071Z\",\"Path\":\"b/k\"}"
        );
        assert_eq!(LockInfo::from_json(&text), Some(info));
    }
}
