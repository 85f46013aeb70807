//! What a provider reports.

use std::borrow::Cow;
use std::fmt;

use infra_diag::Severity;
use infra_value::Path;

/// An error or warning of a provider: it knows the argument, not the source file. The engine finds the place.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// A terse title.
    pub summary: Cow<'static, str>,
    /// What is wrong, why, and what to do.
    pub detail: String,
    /// The argument that it is about; the root if it is about the whole.
    pub path: Path,
}

impl Problem {
    /// An error about the whole object.
    pub fn error(summary: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        let (summary, detail) = (summary.into(), detail.into());
        Self { severity: Severity::Error, summary, detail, path: Path::root() }
    }

    /// A warning about the whole object.
    pub fn warning(summary: impl Into<Cow<'static, str>>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// About one argument.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = path;
        self
    }

    /// With "Did you mean" appended to the detail, if one of `candidates` is near `wrong`.
    #[must_use]
    pub fn suggest<'a>(
        mut self,
        wrong: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.detail.push_str(&infra_diag::suggestion(wrong, candidates));
        self
    }
}

/// As one line.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.detail {
            "" => write!(f, "{}", self.summary),
            detail => write!(f, "{}: {detail}", self.summary),
        }
    }
}
