//! Files and paths.

use std::sync::Arc;

use infra_value::{Type, Value, print};
use sha2::Digest as _;

use super::encoding::base64;
use super::hash::hex;
use super::{Environment, FunctionError, Result, function, glob};

/// The path from the root of the file system.
///
/// ```console
/// > basename(abspath("a/../b"))
/// "b"
/// ```
#[function(environment = Environment)]
fn abspath(path: &str, environment: &Environment) -> String {
    environment.files.absolute(path)
}

/// The last part of a path.
///
/// ```console
/// > basename("foo/bar/baz.txt")
/// "baz.txt"
/// ```
#[function]
fn basename(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" if path.is_empty() => ".",
        "" => "/",
        trimmed => trimmed.rsplit('/').next().unwrap_or(trimmed),
    }
}

/// The path without its last part.
///
/// ```console
/// > dirname("foo/bar/baz.txt")
/// "foo/bar"
/// ```
#[function]
fn dirname(path: &str) -> String {
    crate::files::clean_slashes(&path[..path.rfind('/').map_or(0, |at| at + 1)])
}

/// The text of a file.
///
/// ```console
/// > file("hello.txt")
/// "Hello World"
/// ```
#[function(environment = Environment)]
fn file(path: &str, environment: &Environment) -> Result<String> {
    read_text(environment, path)
}

/// The bytes of a file, in Base64.
///
/// ```console
/// > filebase64("hello.txt")
/// "SGVsbG8gV29ybGQ="
/// ```
#[function(environment = Environment)]
fn filebase64(path: &str, environment: &Environment) -> Result<String> {
    Ok(base64(&read(environment, path)?))
}

/// The SHA-256 of a file, in Base64.
///
/// ```console
/// > filebase64sha256("hello.txt") == base64sha256(file("hello.txt"))
/// true
/// ```
#[function(environment = Environment)]
fn filebase64sha256(path: &str, environment: &Environment) -> Result<String> {
    Ok(base64(&sha2::Sha256::digest(bytes(environment, path)?)))
}

/// The SHA-512 of a file, in Base64.
///
/// ```console
/// > filebase64sha512("hello.txt") == base64sha512(file("hello.txt"))
/// true
/// ```
#[function(environment = Environment)]
fn filebase64sha512(path: &str, environment: &Environment) -> Result<String> {
    Ok(base64(&sha2::Sha512::digest(bytes(environment, path)?)))
}

/// Whether there is a file.
///
/// ```console
/// > fileexists("nowhere.txt")
/// false
/// ```
#[function(environment = Environment)]
fn fileexists(path: &str, environment: &Environment) -> Result<bool> {
    let path = crate::files::clean_slashes(&pathexpanded(environment, path)?);
    if environment.files.read(&path).is_ok() {
        return Ok(true);
    }
    match environment.files.list(&path) {
        Ok(_) => {
            Err(FunctionError::new(format!("{} is a directory, not a file", print::quoted(&path))))
        }
        Err(_) => Ok(false),
    }
}

/// The MD5 of a file, in hexadecimal.
///
/// ```console
/// > filemd5("hello.txt") == md5(file("hello.txt"))
/// true
/// ```
#[function(environment = Environment)]
fn filemd5(path: &str, environment: &Environment) -> Result<String> {
    Ok(hex(&md5::Md5::digest(bytes(environment, path)?)))
}

/// The paths of the files below a folder that a pattern matches: `*`, `**`, `?`, `[a-z]`, `{a,b}`.
///
/// ```console
/// > fileset(".", "*.txt")
/// toset([
///   "hello.txt",
/// ])
/// ```
#[function(returns = set(string), environment = Environment)]
fn fileset(path: &str, pattern: &str, environment: &Environment) -> Result<Value> {
    let folder = expanded(environment, path);
    let found = glob::files(&*environment.files, &folder, pattern)
        .map_err(|problem| FunctionError::new(format!("failed to glob pattern: {problem}")))?;
    Ok(Value::set(Type::String, found.into_iter().map(Value::from)))
}

/// The SHA-1 of a file, in hexadecimal.
///
/// ```console
/// > filesha1("hello.txt")
/// "0a4d55a8d778e5022fab701977c5d840bbc486d0"
/// ```
#[function(environment = Environment)]
fn filesha1(path: &str, environment: &Environment) -> Result<String> {
    Ok(hex(&sha1::Sha1::digest(bytes(environment, path)?)))
}

/// The SHA-256 of a file, in hexadecimal.
///
/// ```console
/// > filesha256("hello.txt") == sha256(file("hello.txt"))
/// true
/// ```
#[function(environment = Environment)]
fn filesha256(path: &str, environment: &Environment) -> Result<String> {
    Ok(hex(&sha2::Sha256::digest(bytes(environment, path)?)))
}

/// The SHA-512 of a file, in hexadecimal.
///
/// ```console
/// > filesha512("hello.txt") == sha512(file("hello.txt"))
/// true
/// ```
#[function(environment = Environment)]
fn filesha512(path: &str, environment: &Environment) -> Result<String> {
    Ok(hex(&sha2::Sha512::digest(bytes(environment, path)?)))
}

/// The path with a leading `~` replaced by the user's home.
///
/// ```console
/// > pathexpand("/etc/hosts")
/// "/etc/hosts"
/// ```
#[function(environment = Environment)]
fn pathexpand(path: &str, environment: &Environment) -> Result<String> {
    pathexpanded(environment, path)
}

fn pathexpanded(environment: &Environment, path: &str) -> Result<String> {
    match path.strip_prefix('~') {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') => {
            Err(FunctionError::new("failed to expand: the home of another user is not looked up"))
        }
        _ => Ok(expanded(environment, path)),
    }
}

fn expanded(environment: &Environment, path: &str) -> String {
    match (path.strip_prefix('~'), environment.files.home()) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            format!("{home}{rest}")
        }
        _ => path.to_owned(),
    }
}

fn bytes(environment: &Environment, path: &str) -> Result<Arc<[u8]>> {
    environment.files.read(&expanded(environment, path)).map_err(|error| {
        FunctionError::new(format!("failed to read {}: {error}", print::quoted(path)))
    })
}

pub(super) fn read(environment: &Environment, path: &str) -> Result<Arc<[u8]>> {
    environment.files.read(&expanded(environment, path)).map_err(|error| {
        let quoted = print::quoted(path);
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => format!(
                "no file exists at {quoted}; this function works only with files that are distributed as part of the \
                 configuration source code, so if this file will be created by a resource in this configuration you \
                 must instead obtain this result from an attribute of that resource"
            ),
            _ => format!("failed to read {quoted}: {error}"),
        };
        FunctionError::at(0, why)
    })
}

pub(super) fn read_text(environment: &Environment, path: &str) -> Result<String> {
    String::from_utf8(read(environment, path)?.to_vec()).map_err(|_| {
        FunctionError::new(
            format!(
                "contents of {} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents \
                 or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead",
                print::quoted(path)
            ),
        )
    })
}
