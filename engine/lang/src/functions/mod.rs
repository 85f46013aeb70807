//! Built-in functions: a file for each family, one short `fn` for each function.
//!
//! The wrapper in `function` deals with the number of arguments, their types, null, unknown and marked values, so a
//! function sees only what it declares that it wants to see. `ALL` is the list of them all.

mod collection;
mod conversion;
mod encoding;
mod environment;
mod filesystem;
mod format;
mod function;
mod hash;
mod network;
mod numeric;
mod set;
mod string;
mod time;

use std::sync::LazyLock;

pub use environment::Environment;
pub use function::{Function, FunctionError, Param};

/// Every function, sorted by name.
pub static ALL: LazyLock<Vec<&'static Function>> = LazyLock::new(|| {
    let families = [
        collection::ALL,
        conversion::ALL,
        encoding::ALL,
        filesystem::ALL,
        format::ALL,
        hash::ALL,
        network::ALL,
        numeric::ALL,
        set::ALL,
        string::ALL,
        time::ALL,
    ];
    let mut all: Vec<&'static Function> = families.into_iter().flatten().collect();
    all.sort_by_key(|function| function.name);
    all
});

/// The function of a name, with or without `core::`.
pub fn find(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let at = ALL.binary_search_by_key(&name, |function| function.name).ok()?;
    Some(ALL[at])
}
