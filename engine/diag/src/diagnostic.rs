//! One diagnostic, and a collection of them.

use std::borrow::Cow;
use std::sync::Arc;

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The work cannot go on.
    Error,
    /// It can, but someone should know.
    Warning,
}

/// What is wrong, where, why, and what to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A terse title, free of user names but for types of blocks and resources.
    pub summary: Cow<'static, str>,
    /// What is wrong, why, and what to do, in sentences.
    pub detail: String,
    /// What it is about.
    pub span: Option<Span>,
    /// The block that it is in, as people write it: `resource "aws_vpc" "main"`.
    pub within: Option<Arc<str>>,
    /// Expressions and what their values are; never the value of a sensitive one.
    pub values: Vec<(String, String)>,
    /// The resource instance or other object that it is about.
    pub address: Option<String>,
    /// The instance in which a place of the configuration is wrong: for people, since programs do not expect it there.
    pub instance: Option<String>,
}

impl Diagnostic {
    /// An error with a title.
    pub fn error(summary: impl Into<Cow<'static, str>>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: String::new(),
            span: None,
            within: None,
            values: Vec::new(),
            address: None,
            instance: None,
        }
    }

    /// A warning with a title.
    pub fn warning(summary: impl Into<Cow<'static, str>>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary) }
    }

    /// With the explanation.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// With the place.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// With the block that it is in.
    #[must_use]
    pub fn within(mut self, block: impl Into<Arc<str>>) -> Self {
        self.within = Some(block.into());
        self
    }

    /// Whether it stands in a `check` block.
    pub fn is_of_check(&self) -> bool {
        self.within.as_deref().is_some_and(|block| block.starts_with("check "))
    }

    /// With what an expression evaluates to.
    #[must_use]
    pub fn value(mut self, expression: impl Into<String>, description: impl Into<String>) -> Self {
        self.values.push((expression.into(), description.into()));
        self
    }

    /// With the address of the object that it is about.
    #[must_use]
    pub fn address(mut self, address: impl ToString) -> Self {
        self.address = Some(address.to_string());
        self
    }

    /// With the instance in which its place is wrong, unless it says already what it is about.
    #[must_use]
    pub fn instance(mut self, instance: impl ToString) -> Self {
        self.instance = self.address.is_none().then(|| instance.to_string());
        self
    }

    /// The object or instance that people are told of.
    pub fn told_of(&self) -> Option<&str> {
        self.address.as_deref().or(self.instance.as_deref())
    }

    /// With "Did you mean" appended to the detail, if one of `candidates` is near `wrong`.
    #[must_use]
    pub fn suggest<'a>(
        mut self,
        wrong: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.detail.push_str(&suggestion(wrong, candidates));
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The question whether the candidate was meant that is nearest in spelling, as the end of a text; empty if none is near
/// enough.
pub fn suggestion<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = nearest(wrong, candidates);
    near.map_or_else(String::new, |near| format!(" Did you mean \"{near}\"?"))
}

/// The candidate that is nearest in spelling, if any is near enough to be meant.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    let limit = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        // Whose length differs more is not near, and comparing takes the product of both.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Diagnostics in the order in which they were found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of `others`.
    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(others);
    }

    /// Takes those out that were added after the first `count`.
    #[inline]
    pub fn split_off(&mut self, count: usize) -> Self {
        Self(self.0.split_off(count.min(self.0.len())))
    }

    /// Whether one of those that were added after the first `count` is an error.
    #[inline]
    pub fn failed_since(&self, count: usize) -> bool {
        self.0.len() > count && self.0[count..].iter().any(Diagnostic::is_error)
    }

    /// Gives the warnings that were added after the first `count` the address of the object that they are about.
    pub fn address_warnings(&mut self, count: usize, address: impl ToString) {
        for found in self.0.iter_mut().skip(count).filter(|found| !found.is_error()) {
            found.address.get_or_insert_with(|| address.to_string());
        }
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Diagnostic::is_error)
    }

    /// The diagnostics as an error, if one of them is.
    ///
    /// # Errors
    /// All of them, warnings too.
    pub fn ok(self) -> Result<(), Self> {
        if self.has_errors() { Err(self) } else { Ok(()) }
    }

    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Drops repetitions of the same diagnostic at the same place, keeping the first.
    pub fn dedup(&mut self) {
        let mut kept: Vec<Diagnostic> = Vec::with_capacity(self.0.len());
        let mut seen = std::collections::HashSet::new();
        for diagnostic in self.0.drain(..) {
            if seen.insert((
                diagnostic.summary.clone(),
                diagnostic.detail.clone(),
                diagnostic.span,
                diagnostic.told_of().map(str::to_owned),
            )) {
                kept.push(diagnostic);
            }
        }
        self.0 = kept;
    }
}

/// One line each; `render` shows them with their source.
impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, diagnostic) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {}", diagnostic.summary, diagnostic.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}
