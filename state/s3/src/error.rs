//! What went wrong in a call, in words.

use std::error::Error;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use infra_state::StoreError;

/// What was tried, and why the service refused it, such as `NoSuchBucket: The bucket is not there`.
pub(crate) fn refused(
    what: &str,
    error: &(impl Error + ProvideErrorMetadata + 'static),
) -> StoreError {
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => {
            StoreError(format!("{what}: {code}: {}.", message.trim_end_matches('.')))
        }
        (Some(code), None) => StoreError(format!("{what}: {code}.")),
        (None, _) => failed(what, error),
    }
}

/// What was tried, and every cause that adds something, such as `service error: NoSuchBucket: The bucket is not there`.
pub(crate) fn failed(what: &str, error: &(impl Error + 'static)) -> StoreError {
    let mut causes: Vec<String> = Vec::new();
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        // The SDK wraps an error in others that say only of which kind it is.
        let says_something = text != "service error" && text != "unhandled error";
        if says_something && !causes.iter().any(|known| known.contains(&text)) {
            causes.push(text);
        }
        next = error.source();
    }
    if causes.is_empty() {
        causes.push("the service gave no reason".to_owned());
    }
    StoreError(format!("{what}: {}.", causes.join(": ").trim_end_matches('.')))
}
