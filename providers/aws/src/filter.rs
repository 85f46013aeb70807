//! Which objects a request is about.

use aws_sdk_ec2::types::Filter;
use infra_provider_sdk::Known;

/// How many ids go into one request.
pub(crate) const CHUNK: usize = 200;

/// A filter of EC2.
pub(crate) fn filter<V: Into<String>>(name: &str, values: impl IntoIterator<Item = V>) -> Filter {
    let values = values.into_iter().map(Into::into).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// The identities of objects.
pub(crate) fn ids<T>(known: &[Known<T>]) -> Vec<String> {
    known.iter().map(|known| known.id.0.clone()).collect()
}
