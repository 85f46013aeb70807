//! Names that nobody chose.

/// The name of a configuration, or a new one that starts with the prefix (by default `terraform-`) and ends with as many
/// digits as fit.
pub(crate) fn name_or_new(
    name: Option<&String>,
    prefix: Option<&String>,
    longest: usize,
) -> String {
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        return name.clone();
    }
    let prefix = prefix.map(String::as_str).filter(|prefix| !prefix.is_empty());
    let prefix = prefix.unwrap_or("terraform-");
    let digits = format!("{:026}", rand::random::<u128>() % 10_u128.pow(26));
    let room = longest.saturating_sub(prefix.len()).min(26);
    format!("{prefix}{}", &digits[..room])
}

/// The prefix of a name that was made from one.
pub(crate) fn prefix_of(name: &str) -> String {
    const DIGITS: usize = 26;
    let split = name.len().checked_sub(DIGITS).filter(|at| name.is_char_boundary(*at));
    match split {
        Some(at) if name[at..].bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            name[..at].to_owned()
        }
        _ => String::new(),
    }
}

/// The hash that ids of things without one of their own end with.
pub(crate) fn hash(text: &str) -> u32 {
    crc32fast::hash(text.as_bytes())
}
