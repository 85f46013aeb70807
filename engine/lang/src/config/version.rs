//! Version constraints: `>= 1.3, < 2.0`, `~> 5.0`.

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

/// Whether a version satisfies a constraint.
///
/// # Errors
/// The part of the constraint that cannot be read.
pub(super) fn compare(version: &str, constraint: &str) -> Result<bool, String> {
    let (ours, _) = numbers(version).ok_or_else(|| version.to_owned())?;
    for part in constraint.split(',').map(str::trim) {
        let digits = part.find(|c: char| c.is_ascii_digit()).unwrap_or(part.len());
        let (operator, wanted) = (part[..digits].trim(), part[digits..].trim());
        let (full, given) = numbers(wanted).ok_or_else(|| part.to_owned())?;
        let holds = match operator {
            "" | "=" => ours == full,
            "!=" => ours != full,
            ">" => ours > full,
            ">=" => ours >= full,
            "<" => ours < full,
            "<=" => ours <= full,
            "~>" => {
                let fixed = given.saturating_sub(1).max(1);
                ours >= full && ours[..fixed] == full[..fixed]
            }
            _ => return Err(part.to_owned()),
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Three numbers, and how many were given.
fn numbers(version: &str) -> Option<([u64; 3], usize)> {
    let plain = version.split(['-', '+']).next()?;
    let given: Vec<u64> = plain
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    if given.is_empty() || given.len() > 3 {
        return None;
    }
    Some(([0, 1, 2].map(|at| given.get(at).copied().unwrap_or(0)), given.len()))
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
    }
}
