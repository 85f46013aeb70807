//! Versions and version constraints: `>= 1.3, < 2.0`, `~> 5.0`.

use std::cmp::Ordering;

/// The version of Terraform as which we behave.
pub(super) const TERRAFORM: &str = "1.11.4";

/// Whether a constraint names a version before its release.
pub(super) fn has_prerelease(constraint: &str) -> bool {
    constraint.contains('-')
}

/// Whether an installed version is one that is wanted.
pub(super) fn accepts(wanted: Option<&str>, installed: Option<&str>) -> bool {
    match (wanted, installed) {
        (Some(wanted), Some(installed)) => satisfies(installed, wanted),
        _ => true,
    }
}

/// Whether a version satisfies a constraint. What cannot be read counts as satisfied.
pub fn satisfies(version: &str, constraint: &str) -> bool {
    compare(version, constraint).unwrap_or(true)
}

/// The newest of some versions that satisfies a constraint. A version before its release is chosen only where the
/// constraint names exactly that version.
pub fn newest<'v>(
    versions: impl IntoIterator<Item = &'v str>,
    constraint: Option<&str>,
) -> Option<&'v str> {
    let exact = constraint.map(|constraint| constraint.trim().trim_start_matches('=').trim());
    let fits = |text: &str, version: &Version| {
        let released = version.prerelease.is_empty();
        (released || exact == Some(text))
            && constraint.is_none_or(|constraint| compare(text, constraint).unwrap_or(false))
    };
    let readable = versions.into_iter().filter_map(|text| Some((Version::parse(text)?, text)));
    let fitting = readable.filter(|(version, text)| fits(text, version));
    fitting.max_by(|(a, _), (b, _)| a.order(b)).map(|(_, text)| text)
}

/// Whether a version satisfies a constraint.
///
/// # Errors
/// The part of the constraint that cannot be read.
pub(super) fn compare(version: &str, constraint: &str) -> Result<bool, String> {
    let ours = Version::parse(version).ok_or_else(|| version.to_owned())?;
    let mut satisfied = true;
    for part in constraint.split(',').map(str::trim) {
        let digits = part.find(|c: char| c.is_ascii_digit() || c == 'v').unwrap_or(part.len());
        let (operator, wanted) = (part[..digits].trim(), part[digits..].trim());
        let wanted = Version::parse(wanted).ok_or_else(|| part.to_owned())?;
        let order = ours.order(&wanted);
        satisfied &= match operator {
            "" | "=" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            ">" => order == Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            "~>" => {
                let fixed = wanted.given.saturating_sub(1).max(1);
                order != Ordering::Less && ours.numbers[..fixed] == wanted.numbers[..fixed]
            }
            _ => return Err(part.to_owned()),
        };
    }
    Ok(satisfied)
}

/// Constraints as one text in the way of lock files and plans: complete versions, sorted, each once.
///
/// `>= 4, ~> 5` is `>= 4.0.0, ~> 5.0`. What cannot be read is left out.
pub fn constraint_text<'c>(constraints: impl IntoIterator<Item = &'c str>) -> String {
    let mut parts: Vec<(Version, &str, String)> = Vec::new();
    for part in constraints.into_iter().flat_map(|constraint| constraint.split(',')) {
        let part = part.trim();
        let digits = part.find(|c: char| c.is_ascii_digit() || c == 'v').unwrap_or(part.len());
        let (operator, text) = (part[..digits].trim(), part[digits..].trim());
        let Some(version) = Version::parse(text) else { continue };
        let shown = if operator == "~>" { version.given.max(2) } else { 3 };
        let numbers: Vec<String> =
            version.numbers.iter().take(shown).map(ToString::to_string).collect();
        let label = text.find(['-', '+']).map_or("", |at| &text[at..]);
        let operator = operator.trim_start_matches('=');
        let space = if operator.is_empty() { "" } else { " " };
        parts.push((version, operator, format!("{operator}{space}{}{label}", numbers.join("."))));
    }
    parts.sort_by(|a, b| a.0.order(&b.0).then_with(|| a.1.cmp(b.1)));
    let mut texts: Vec<String> = parts.into_iter().map(|(.., text)| text).collect();
    texts.dedup();
    texts.join(", ")
}

/// A version.
struct Version {
    numbers: [u64; 6],
    /// How many of the numbers were written.
    given: usize,
    /// What comes after a dash: `beta1` of `1.0.0-beta1`.
    prerelease: String,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let plain = text.split('+').next()?;
        let (numbers, prerelease) = plain.split_once('-').unwrap_or((plain, ""));
        let given: Vec<u64> = numbers
            .trim_start_matches('v')
            .split('.')
            .map(|part| part.parse().ok())
            .collect::<Option<_>>()?;
        if given.is_empty() || given.len() > 6 {
            return None;
        }
        let number = |at: usize| given.get(at).copied().unwrap_or(0);
        Some(Self {
            numbers: [0, 1, 2, 3, 4, 5].map(number),
            given: given.len(),
            prerelease: prerelease.to_owned(),
        })
    }
}

impl Version {
    /// A version comes after those before its release; parts of those are numbers, or words that come after numbers.
    fn order(&self, other: &Self) -> Ordering {
        let parts = |version: &Self| -> Vec<(bool, u64, String)> {
            let part = |text: &str| match text.parse() {
                Ok(number) => (false, number, String::new()),
                Err(_) => (true, 0, text.to_owned()),
            };
            version.prerelease.split('.').map(part).collect()
        };
        let released = |version: &Self| version.prerelease.is_empty();
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| released(self).cmp(&released(other)))
            .then_with(|| parts(self).cmp(&parts(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_hold_as_terraform_reads_them() {
        for (constraint, holds) in [
            (">= 1.3", true),
            ("~> 5.0", true),
            ("~> 5.99", true),
            ("~> 5.101", false),
            ("~> 3.27", false),
            ("5.100.0", true),
            (">= 5, < 5.100", false),
            ("!= 5.100.0", false),
        ] {
            assert_eq!(compare("5.100.0", constraint), Ok(holds), "{constraint}");
        }
        assert!(compare("5.100.0", "latest").is_err());
        assert!(compare("5.100.0", "").is_err());
    }

    #[test]
    fn constraints_are_constraint_text_with_complete_versions() {
        for (constraint, written) in [
            (">= 5.0", ">= 5.0.0"),
            ("~> 5", "~> 5.0"),
            ("= 5.100", "5.100.0"),
            ("< 6, >= 4.1", ">= 4.1.0, < 6.0.0"),
            ("~>5.1,!=5.2.1", "~> 5.1, != 5.2.1"),
            (">= 5.0, >= 5.0.0", ">= 5.0.0"),
            (">=5.0.0-beta1", ">= 5.0.0-beta1"),
        ] {
            assert_eq!(constraint_text([constraint]), written, "{constraint}");
        }
    }

    #[test]
    fn the_newest_version_that_is_wanted_is_chosen() {
        let versions = ["1.0.0", "1.10.0", "1.9.1", "2.0.0-beta2", "2.0.0-beta10"];
        assert_eq!(newest(versions, None), Some("1.10.0"));
        assert_eq!(newest(versions, Some("~> 1.9.0")), Some("1.9.1"));
        assert_eq!(newest(versions, Some("< 1.5")), Some("1.0.0"));
        assert_eq!(newest(versions, Some("2.0.0-beta2")), Some("2.0.0-beta2"));
        assert_eq!(newest(versions, Some(">= 2.0")), None);
    }
}
