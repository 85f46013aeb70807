//! Failures that a run expects.

use infra_addrs::Mode;
use infra_diag::{Diagnostic, Diagnostics, Severity, SourceId};
use infra_lang::config::{Config, Run};
use infra_lang::syntax::{Expr, Located, Reference};

use super::{Outcome, diagnostics};

/// A checkable object that must fail.
struct Expected<'r> {
    expr: &'r Expr,
    located: &'r Located,
    /// The block in whose name it reports.
    block: String,
    /// The file of that block.
    source: Option<SourceId>,
    seen: bool,
}

/// The failures that a run expects.
pub(super) struct Expectations<'r> {
    run: &'r Run,
    expected: Vec<Expected<'r>>,
    wrong: Diagnostics,
}

/// What a run expects to fail although it cannot.
pub(super) fn check(run: &Run, config: &Config) -> Diagnostics {
    Expectations::of(run, config).wrong
}

impl<'r> Expectations<'r> {
    pub(super) fn of(run: &'r Run, config: &Config) -> Self {
        let (mut expected, mut wrong) = (Vec::new(), Diagnostics::new());
        for expr in &run.expect_failures {
            let Some(located) = expr.references().first() else {
                wrong.push(diagnostics::not_checkable("this", expr.span()).within(within(run)));
                continue;
            };
            match checkable(&located.reference, config) {
                Some((block, source)) => {
                    expected.push(Expected { expr, located, block, source, seen: false });
                }
                None => {
                    let what = located.reference.to_string();
                    wrong.push(diagnostics::not_checkable(&what, expr.span()).within(within(run)));
                }
            }
        }
        Self { run, expected, wrong }
    }

    /// Takes out what was expected to fail, and reports what was expected and did not. A check that does not hold is an
    /// error in a test. Gives what came of the run.
    pub(super) fn judge(mut self, found: &mut Diagnostics) -> Outcome {
        let mut kept = std::mem::take(&mut self.wrong);
        let wrong = kept.has_errors();
        for diagnostic in std::mem::take(found) {
            let check = diagnostic.is_of_check();
            if (diagnostic.is_error() || check)
                && let Some(expected) = self.expecting(&diagnostic)
            {
                expected.seen = true;
                continue;
            }
            kept.push(match check {
                true => Diagnostic { severity: Severity::Error, ..diagnostic },
                false => diagnostic,
            });
        }
        // Where something cannot fail at all, that is what the author has to look at.
        for expected in self.expected.iter().filter(|expected| !expected.seen && !wrong) {
            let what = expected.located.reference.to_string();
            let missing = diagnostics::missing_failure(&what, expected.expr.span());
            kept.push(missing.within(within(self.run)));
        }
        *found = kept;
        outcome(found)
    }

    /// What comes of a run that was to apply, and could not even be planned: also a failure that is expected stops it.
    pub(super) fn stopped(mut self, found: &mut Diagnostics) -> Outcome {
        let mut kept = Diagnostics::new();
        for diagnostic in std::mem::take(found) {
            if diagnostic.is_error()
                && let Some(expected) = self.expecting(&diagnostic)
            {
                let key = expected.located.key.as_ref().map(ToString::to_string);
                let what = format!("{}{}", expected.located.reference, key.unwrap_or_default());
                kept.push(diagnostics::failed_while_planning(&what));
            }
            kept.push(diagnostic);
        }
        *found = kept;
        Outcome::Error
    }

    fn expecting(&mut self, diagnostic: &Diagnostic) -> Option<&mut Expected<'r>> {
        let source = diagnostic.span.map(|span| span.source);
        self.expected.iter_mut().find(|expected| {
            let block = diagnostic.within.as_deref() == Some(&expected.block);
            // A module that is called may have a block of that name too.
            let there = expected.source.is_none() || expected.source == source;
            let one = expected.located.key.as_ref().is_none_or(|key| {
                diagnostic.address.as_deref()
                    == Some(&format!("{}{key}", expected.located.reference))
            });
            block && there && one
        })
    }
}

/// What came of a run about which this was found.
pub(super) fn outcome(found: &Diagnostics) -> Outcome {
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error());
    let of = |diagnostic: &Diagnostic| match &*diagnostic.summary {
        diagnostics::ASSERTION => Outcome::Fail,
        _ => Outcome::Error,
    };
    errors.map(of).max().unwrap_or(Outcome::Pass)
}

pub(super) fn within(run: &Run) -> String {
    format!("run \"{}\"", run.name)
}

/// The block in whose name an object reports, and the file in which it stands.
fn checkable(reference: &Reference, config: &Config) -> Option<(String, Option<SourceId>)> {
    let root = &config.root;
    Some(match reference {
        Reference::Variable(name) => {
            let declared = root.variables.get(name).map(|found| found.span.source);
            (format!("variable \"{name}\""), declared)
        }
        Reference::Resource(found) => match (&*found.type_name, found.mode) {
            ("output", Mode::Managed) => {
                let declared = root.outputs.get(&found.name).map(|found| found.span.source);
                (format!("output \"{}\"", found.name), declared)
            }
            ("check", Mode::Managed) => {
                let declared = root.checks.get(&found.name).map(|found| found.span.source);
                (format!("check \"{}\"", found.name), declared)
            }
            ("run", Mode::Managed) => return None,
            (type_name, mode) => {
                let kind = match mode {
                    Mode::Managed => "resource",
                    Mode::Data => "data",
                    Mode::Ephemeral => "ephemeral",
                    Mode::List => "list",
                    Mode::Action => "action",
                };
                let declared = root.resources.get(found).map(|found| found.span.source);
                (format!("{kind} \"{type_name}\" \"{}\"", found.name), declared)
            }
        },
        _ => return None,
    })
}
