//! The actions that a plan invokes, in its file.

use std::sync::Arc;

use infra_lang::config::TriggerEvent;
use serde_json::{Value as Json, json};

use super::{decode_value, stored};
use crate::{Cause, Invocation};

/// All of them as JSON.
pub(super) fn encode(all: &[Arc<Invocation>]) -> Result<Json, String> {
    Ok(Json::Array(all.iter().map(|found| encode_one(found)).collect::<Result<_, _>>()?))
}

/// The opposite of [`encode`].
pub(super) fn decode(json: &Json) -> Option<Vec<Arc<Invocation>>> {
    json.as_array()?.iter().map(|found| decode_one(found).map(Arc::new)).collect()
}

fn encode_one(found: &Invocation) -> Result<Json, String> {
    let cause = match &found.cause {
        Cause::Asked => Json::Null,
        Cause::Trigger { resource, block, event, action } => json!({
            "resource": resource.to_string(),
            "block": block,
            "event": event.to_string(),
            "action": action,
        }),
    };
    Ok(json!({
        "addr": found.addr.to_string(),
        "provider": found.provider.to_string(),
        "config": stored(Some(&found.config))?,
        "cause": cause,
    }))
}

fn decode_one(json: &Json) -> Option<Invocation> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let cause = json.get("cause")?;
    let number = |name: &str| usize::try_from(cause.get(name)?.as_u64()?).ok();
    Some(Invocation {
        addr: text("addr")?.parse().ok()?,
        provider: text("provider")?.parse().ok()?,
        config: decode_value(json.get("config")?)??,
        cause: match cause {
            Json::Null => Cause::Asked,
            cause => Cause::Trigger {
                resource: cause.get("resource")?.as_str()?.parse().ok()?,
                block: number("block")?,
                event: TriggerEvent::from_name(cause.get("event")?.as_str()?)?,
                action: number("action")?,
            },
        },
    })
}
