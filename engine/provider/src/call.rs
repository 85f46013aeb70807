//! API calls as they are made, for whoever watches them. Nothing of what is asked or answered is in them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A request that is sent, or was answered. A call that is tried again is one request more.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The service, such as `EC2`.
    pub service: &'a str,
    /// What is asked of it, such as `DescribeVpcs`.
    pub operation: &'a str,
    /// The region that is asked.
    pub region: &'a str,
    /// The how manieth try it is, from 1.
    pub attempt: u32,
    /// How it ended; nothing while it is under way.
    pub answer: Option<Answer<'a>>,
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// How long it took.
    pub took: Duration,
    /// The HTTP status; nothing where nobody answered.
    pub status: Option<u16>,
    /// What the service calls the request, for its support.
    pub request_id: Option<&'a str>,
    /// The code of the error, if it is one.
    pub error: Option<&'a str>,
}

/// Where calls are told. Cheap to clone; called from any thread.
#[derive(Clone)]
pub struct Calls(Arc<dyn Fn(&Call<'_>) + Send + Sync>);

impl Calls {
    /// Calls go to `receive`.
    pub fn new(receive: impl Fn(&Call<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Tells one.
    pub fn tell(&self, call: &Call<'_>) {
        (self.0)(call);
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self::new(|_| {})
    }
}

impl fmt::Debug for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Calls")
    }
}
