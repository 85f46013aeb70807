//! Patterns of paths, as `fileset` has them.

use crate::files::Files;

/// The paths, below a folder, of the files that a pattern matches.
///
/// # Errors
/// The pattern is wrong.
pub(super) fn files(files: &dyn Files, folder: &str, pattern: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for pattern in alternatives(pattern)? {
        let parts: Vec<&str> =
            pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        for part in &parts {
            matches(part, "")?;
        }
        walk(files, folder, "", &parts, &mut found)?;
    }
    Ok(found)
}

/// The pattern with each of the words in its braces.
fn alternatives(pattern: &str) -> Result<Vec<String>, String> {
    let Some(open) = pattern.find('{') else { return Ok(vec![pattern.to_owned()]) };
    let (mut depth, mut close, mut commas) = (0, None, Vec::new());
    for (at, character) in pattern.char_indices().skip_while(|(at, _)| *at < open) {
        match character {
            '{' => depth += 1,
            ',' if depth == 1 => commas.push(at),
            '}' => {
                depth -= 1;
                if depth == 0 {
                    close = Some(at);
                    break;
                }
            }
            _ => {}
        }
    }
    let close = close.ok_or("syntax error in pattern")?;
    let ends = commas.iter().copied().chain([close]);
    let begins = std::iter::once(open).chain(commas.iter().copied());
    let mut found = Vec::new();
    for (begin, end) in begins.zip(ends) {
        let word = &pattern[begin + 1..end];
        if word.contains('/') {
            return Err("syntax error in pattern: a slash between braces".to_owned());
        }
        found.extend(alternatives(&format!(
            "{}{word}{}",
            &pattern[..open],
            &pattern[close + 1..]
        ))?);
    }
    Ok(found)
}

fn walk(
    files: &dyn Files,
    folder: &str,
    below: &str,
    parts: &[&str],
    found: &mut Vec<String>,
) -> Result<(), String> {
    let Some((part, rest)) = parts.split_first() else { return Ok(()) };
    let place = |name: &str| match below {
        "" => name.to_owned(),
        below => format!("{below}/{name}"),
    };
    if *part == ".." {
        // Back to the folder itself, as often as not: paths are given relative to it.
        let back = rest.first().filter(|next| folder.rsplit('/').next() == Some(**next));
        return match back {
            Some(_) if below.is_empty() => walk(files, folder, below, &rest[1..], found),
            _ => walk(files, folder, &place(".."), rest, found),
        };
    }
    let path = match (folder, below) {
        ("", "") => ".".to_owned(),
        ("", below) => below.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, below) => format!("{}/{below}", folder.trim_end_matches('/')),
    };
    // What is no folder has nothing in it.
    let names = files.list(&path).unwrap_or_default();
    if *part == "**" {
        walk(files, folder, below, if rest.is_empty() { &["*"] } else { rest }, found)?;
        for name in names.iter().filter_map(|name| name.strip_suffix('/')) {
            walk(files, folder, &place(name), parts, found)?;
        }
        return Ok(());
    }
    for name in &names {
        match (name.strip_suffix('/'), rest) {
            (None, []) if matches(part, name)? => found.push(place(name)),
            (Some(name), [_, ..]) if matches(part, name)? => {
                walk(files, folder, &place(name), rest, found)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a pattern without slashes matches a whole name.
fn matches(pattern: &str, name: &str) -> Result<bool, String> {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    // Every error in the pattern is found, whatever the name.
    let mut at = 0;
    while at < pattern.len() {
        at = one(&pattern, at, None)?.0;
    }
    matched(&pattern, &name)
}

fn matched(pattern: &[char], name: &[char]) -> Result<bool, String> {
    // Where to go on after the last star: the pattern after it, and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    let (mut p, mut n) = (0, 0);
    while n < name.len() || p < pattern.len() {
        if p < pattern.len() && pattern[p] == '*' {
            star = Some((p + 1, n));
            p += 1;
            continue;
        }
        if p < pattern.len() && n < name.len() {
            let (next, fits) = one(pattern, p, Some(name[n]))?;
            if fits {
                (p, n) = (next, n + 1);
                continue;
            }
        }
        match star {
            Some((after, taken)) if taken < name.len() => {
                star = Some((after, taken + 1));
                (p, n) = (after, taken + 1);
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Where the piece of the pattern at a position ends, and whether it fits a character.
fn one(pattern: &[char], at: usize, character: Option<char>) -> Result<(usize, bool), String> {
    let bad = || "syntax error in pattern".to_owned();
    match pattern[at] {
        '?' | '*' => Ok((at + 1, true)),
        '\\' => {
            let literal = pattern.get(at + 1).ok_or_else(bad)?;
            Ok((at + 2, character == Some(*literal)))
        }
        '[' => {
            let mut next = at + 1;
            let negated = pattern.get(next) == Some(&'^');
            next += usize::from(negated);
            let mut fits = false;
            let mut first = true;
            loop {
                let mut bound = || {
                    let mut found = *pattern.get(next)?;
                    if found == '\\' {
                        next += 1;
                        found = *pattern.get(next)?;
                    }
                    next += 1;
                    Some(found)
                };
                let least = bound().ok_or_else(bad)?;
                if least == ']' && !first {
                    break;
                }
                first = false;
                let most = if pattern.get(next) == Some(&'-') {
                    next += 1;
                    match pattern.get(next) {
                        Some(']') | None => return Err(bad()),
                        Some(most) => {
                            next += 1;
                            *most
                        }
                    }
                } else {
                    least
                };
                fits |= character.is_some_and(|character| (least..=most).contains(&character));
            }
            Ok((next, fits != negated))
        }
        literal => Ok((at + 1, character == Some(literal))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Snapshot;

    #[test]
    fn patterns_find_files_at_any_depth() {
        let snapshot =
            Snapshot::of([("a.txt", ""), ("b.yml", ""), ("s/c.txt", ""), ("s/t/d.txt", "")]);
        for (pattern, wanted) in [
            ("*.txt", vec!["a.txt"]),
            ("**", vec!["a.txt", "b.yml", "s/c.txt", "s/t/d.txt"]),
            ("**/*.txt", vec!["a.txt", "s/c.txt", "s/t/d.txt"]),
            ("s/*", vec!["s/c.txt"]),
            ("*.{yml,txt}", vec!["b.yml", "a.txt"]),
            ("[^b]*", vec!["a.txt"]),
            ("?.yml", vec!["b.yml"]),
        ] {
            assert_eq!(files(&snapshot, ".", pattern).unwrap(), wanted, "{pattern}");
        }
        assert!(files(&snapshot, ".", "[a").is_err());
    }
}
