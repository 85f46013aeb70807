//! Rules of the house that no compiler checks: which crate may use which, lists that say what there is, short files,
//! documentation with an example.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each crate may use of the others. A new arrow is a new word in this table.
const LAYERS: [(&str, &[&str]); 25] = [
    ("infra-diag", &[]),
    ("infra-value-macros", &[]),
    ("infra-value", &["infra-value-macros"]),
    ("infra-graph", &[]),
    ("infra-addrs", &["infra-value"]),
    ("infra-provider", &["infra-addrs", "infra-diag", "infra-value"]),
    ("infra-state", &["infra-addrs", "infra-provider", "infra-value"]),
    ("infra-lang", &["infra-addrs", "infra-diag", "infra-graph", "infra-provider", "infra-value"]),
    (
        "infra-plan",
        &[
            "infra-addrs",
            "infra-diag",
            "infra-lang",
            "infra-provider",
            "infra-state",
            "infra-value",
        ],
    ),
    (
        "infra-planning",
        &[
            "infra-addrs",
            "infra-diag",
            "infra-graph",
            "infra-lang",
            "infra-plan",
            "infra-provider",
            "infra-state",
            "infra-value",
        ],
    ),
    (
        "infra-applying",
        &[
            "infra-addrs",
            "infra-diag",
            "infra-graph",
            "infra-lang",
            "infra-plan",
            "infra-planning",
            "infra-provider",
            "infra-state",
            "infra-value",
        ],
    ),
    (
        "infra-engine",
        &[
            "infra-addrs",
            "infra-applying",
            "infra-diag",
            "infra-graph",
            "infra-lang",
            "infra-plan",
            "infra-planning",
            "infra-provider",
            "infra-state",
            "infra-value",
        ],
    ),
    ("infra-provider-sdk-derive", &[]),
    (
        "infra-provider-sdk",
        &[
            "infra-addrs",
            "infra-diag",
            "infra-provider",
            "infra-provider-sdk-derive",
            "infra-value",
        ],
    ),
    ("infra-aws-http", &[]),
    (
        "infra-provider-aws",
        &["infra-addrs", "infra-aws-http", "infra-provider", "infra-provider-sdk", "infra-value"],
    ),
    (
        "infra-provider-builtin",
        &[
            "infra-addrs",
            "infra-diag",
            "infra-lang",
            "infra-provider",
            "infra-provider-sdk",
            "infra-value",
        ],
    ),
    (
        "infra-provider-test",
        &["infra-addrs", "infra-diag", "infra-provider", "infra-provider-sdk", "infra-value"],
    ),
    ("infra-provisioner-ssh", &["infra-provider", "infra-provider-sdk", "infra-value"]),
    ("infra-state-s3", &["infra-aws-http", "infra-provider", "infra-state", "infra-value"]),
    ("embedding", &["infra-engine", "infra-provider-builtin"]),
    ("infra-benches", &["infra-engine"]),
    ("infra-fetching", &["infra-diag", "infra-lang"]),
    ("infra-fuzz", &["infra-diag", "infra-lang"]),
    (
        "infra",
        &[
            "infra-engine",
            "infra-fetching",
            "infra-provider-aws",
            "infra-provider-builtin",
            "infra-provider-test",
            "infra-provisioner-ssh",
            "infra-state-s3",
        ],
    ),
];

/// A file that is longer does too many things.
const LONGEST: usize = 800;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files of the repository below a folder, but for what Git ignores.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path())
    {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if entry.is_dir() && !name.starts_with('.') && name != "target" {
            files(&entry, found);
        } else if entry.is_file() {
            found.push(entry);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&root(), &mut found);
    found.sort();
    let rust = found
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    rust.map(|file| {
        let name = file.strip_prefix(root()).unwrap_or(&file).to_string_lossy().into_owned();
        (name, fs::read_to_string(&file).expect("text"))
    })
    .collect()
}

#[test]
fn crates_use_only_what_is_below_them() {
    let mut found = Vec::new();
    files(&root(), &mut found);
    let layers: BTreeMap<&str, BTreeSet<&str>> =
        LAYERS.iter().map(|(name, below)| (*name, below.iter().copied().collect())).collect();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for manifest in found.iter().filter(|file| file.ends_with("Cargo.toml")) {
        let text = fs::read_to_string(manifest).expect("text");
        let Some(name) = text.lines().find_map(|line| line.strip_prefix("name = ")) else {
            continue;
        };
        let name = name.trim_matches('"').to_owned();
        let Some(below) = layers.get(name.as_str()) else {
            problems.push(format!("{name} has no line in LAYERS"));
            continue;
        };
        let mut section = "";
        for line in text.lines() {
            if line.starts_with('[') {
                section = line;
            }
            let used = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if section == "[dependencies]" && used.starts_with("infra-") && !below.contains(used) {
                problems.push(format!("{name} must not use {used}"));
            }
        }
        seen.insert(name);
    }
    for (name, _) in LAYERS.iter().filter(|(name, _)| !seen.contains(*name)) {
        problems.push(format!("LAYERS has {name}, which is no crate"));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let long = sources().into_iter().map(|(name, text)| (name, text.lines().count()));
    let long: Vec<_> = long.filter(|(_, lines)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "{long:?}");
}

#[test]
fn the_engine_names_no_provider_or_backend() {
    let named: Vec<String> = sources()
        .into_iter()
        .filter(|(name, _)| name.starts_with("engine/") && !name.contains("/tests/"))
        .flat_map(|(name, text)| {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().lines();
            let code: String = code.filter(|line| !line.trim_start().starts_with("//")).collect();
            let wrong = ["aws_sdk", "infra_provider_aws", "infra_state_s3", "\"aws_"];
            wrong
                .into_iter()
                .filter(move |word| code.contains(word))
                .map(move |word| format!("{name}: {word}"))
        })
        .collect();
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// Every file of a resource type or data source is in the list of its crate, in order; so is what can be listed.
#[test]
fn lists_say_what_there_is() {
    let mut problems = Vec::new();
    let lists = [
        ("resources.rs", "resources", "#[resource(", "struct "),
        ("data.rs", "data", "#[resource(", "struct "),
        ("lists.rs", "resources", "impl List for ", ""),
    ];
    for (list, folder, begins, before) in lists {
        let source = root().join("providers/aws/src");
        let text = fs::read_to_string(source.join(list)).expect("the list");
        let registered: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().split_once("::<")?.1.strip_suffix(">(),"))
            .collect();
        let mut expected = Vec::new();
        for (name, text) in sources() {
            let Some(path) = name.strip_prefix(&format!("providers/aws/src/{folder}/")) else {
                continue;
            };
            let file = path.trim_end_matches(".rs");
            let module = file.trim_end_matches("/mod").trim_end_matches("/list").replace('/', "::");
            let Some((_, after)) = text.split_once(begins) else { continue };
            let name =
                after.split_once(before).and_then(|(_, rest)| rest.split_whitespace().next());
            expected.push(format!("{module}::{}", name.unwrap_or_default()));
        }
        expected.sort();
        if registered != expected {
            problems.push(format!("{list} has {registered:#?}, there are {expected:#?}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_resource_type_shows_its_use() {
    let without: Vec<String> = sources()
        .into_iter()
        .filter(|(name, text)| name.starts_with("providers/") && text.contains("\n#[resource("))
        .filter(|(name, _)| !name.contains("/tests/"))
        .filter(|(_, text)| !text.contains("/// ```hcl"))
        .map(|(name, _)| name)
        .collect();
    assert!(without.is_empty(), "no example in: {without:?}");
}

#[test]
fn modules_begin_with_a_sentence() {
    let without: Vec<String> = sources()
        .into_iter()
        .filter(|(name, _)| {
            !name.starts_with("providers/") && !name.starts_with("cli/src/commands/")
        })
        .filter(|(_, text)| !text.trim_start().starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    assert!(without.is_empty(), "no //! in: {without:?}");
}
