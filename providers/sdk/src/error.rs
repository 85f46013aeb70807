//! What verbs report.

use std::borrow::Cow;

use infra_provider::Problem;
use infra_value::Path;

/// The result of a verb.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Clone, Debug)]
pub struct Error {
    /// A terse title.
    pub summary: Cow<'static, str>,
    /// What went wrong, why, and what to do.
    pub detail: String,
    /// The argument that it is about.
    pub path: Path,
    /// What went wrong besides.
    pub others: Vec<Self>,
}

impl Error {
    /// Something that the provider says.
    pub fn new(detail: impl Into<String>) -> Self {
        Self {
            summary: "Provider request failed".into(),
            detail: detail.into(),
            path: Path::root(),
            others: Vec::new(),
        }
    }

    /// The answer of the API lacks something that it should have.
    pub fn missing(what: &str) -> Self {
        Self::new(format!("The answer of the API has no {what}."))
    }

    /// With another title.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<Cow<'static, str>>) -> Self {
        self.summary = summary.into();
        self
    }

    /// About one argument.
    #[must_use]
    pub fn at(mut self, name: &str) -> Self {
        self.path = Path::of(name);
        self
    }

    /// All that went wrong as one; nothing if nothing did.
    pub fn all(errors: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut errors = errors.into_iter();
        let first = errors.next()?;
        Some(Self { others: errors.collect(), ..first })
    }
}

impl From<Error> for Vec<Problem> {
    fn from(mut error: Error) -> Self {
        let others = std::mem::take(&mut error.others);
        std::iter::once(error).chain(others).map(Problem::from).collect()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::error(error.summary, error.detail).at(error.path)
    }
}
