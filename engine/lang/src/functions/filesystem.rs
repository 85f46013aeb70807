//! Files.

use base64::Engine as _;
use infra_value::{Type, Value};
use sha2::Digest as _;

use super::environment::Environment;
use super::function::{Function, FunctionError, Param};
use super::hash::hex;
use super::string::text;

type Result = std::result::Result<Value, FunctionError>;

const STRING: fn() -> Type = || Type::String;
const PATH: &[Param] = &[Param::string("path")];

pub(super) const ALL: &[Function] = &[
    Function::world(
        "abspath",
        "The path from the root of the file system.",
        PATH,
        STRING,
        |env, a| Ok(env.files.absolute(text(&a[0])).into()),
    ),
    Function::pure("basename", "The last part of a path.", PATH, STRING, |a| {
        let path = text(&a[0]).trim_end_matches('/');
        Ok(match (path, path.rsplit('/').next()) {
            ("", _) if text(&a[0]).is_empty() => ".".into(),
            ("", _) => "/".into(),
            (_, last) => last.unwrap_or(path).into(),
        })
    }),
    Function::pure("dirname", "The path without its last part.", PATH, STRING, |a| {
        let path = text(&a[0]);
        Ok(match path.rfind('/') {
            None => ".".into(),
            Some(0) => "/".into(),
            Some(at) => path[..at].trim_end_matches('/').into(),
        })
    }),
    Function::world("file", "The text of a file.", PATH, STRING, |env, a| {
        read_text(env, text(&a[0])).map(Value::from)
    }),
    Function::world("filebase64", "The bytes of a file, in Base64.", PATH, STRING, |env, a| {
        Ok(base64::engine::general_purpose::STANDARD.encode(read(env, text(&a[0]))?).into())
    }),
    Function::world(
        "filebase64sha256",
        "The SHA-256 of a file, in Base64.",
        PATH,
        STRING,
        |env, a| {
            Ok(base64::engine::general_purpose::STANDARD
                .encode(sha2::Sha256::digest(read(env, text(&a[0]))?))
                .into())
        },
    ),
    Function::world(
        "filebase64sha512",
        "The SHA-512 of a file, in Base64.",
        PATH,
        STRING,
        |env, a| {
            Ok(base64::engine::general_purpose::STANDARD
                .encode(sha2::Sha512::digest(read(env, text(&a[0]))?))
                .into())
        },
    ),
    Function::world(
        "fileexists",
        "Whether there is a file.",
        PATH,
        || Type::Bool,
        |env, a| Ok(env.files.read(text(&a[0])).is_ok().into()),
    ),
    Function::world("filemd5", "The MD5 of a file.", PATH, STRING, |env, a| {
        Ok(hex(&md5::Md5::digest(read(env, text(&a[0]))?)).into())
    }),
    Function::world("filesha1", "The SHA-1 of a file.", PATH, STRING, |env, a| {
        Ok(hex(&sha1::Sha1::digest(read(env, text(&a[0]))?)).into())
    }),
    Function::world("filesha256", "The SHA-256 of a file.", PATH, STRING, |env, a| {
        Ok(hex(&sha2::Sha256::digest(read(env, text(&a[0]))?)).into())
    }),
    Function::world("filesha512", "The SHA-512 of a file.", PATH, STRING, |env, a| {
        Ok(hex(&sha2::Sha512::digest(read(env, text(&a[0]))?)).into())
    }),
    Function::world(
        "pathexpand",
        "The path with a leading ~ replaced by the home folder.",
        PATH,
        STRING,
        |env, a| {
            let path = text(&a[0]);
            Ok(match (path.strip_prefix('~'), env.files.home()) {
                (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                    format!("{home}{rest}").into()
                }
                _ => path.into(),
            })
        },
    ),
    Function::world(
        "templatefile",
        "The text of a template file, rendered with variables.",
        &[Param::string("path"), Param::any("vars").with_unknown().with_marks()],
        || Type::Any,
        templatefile,
    ),
    Function::world(
        "templatestring",
        "A template rendered with variables.",
        &[Param::string("template"), Param::any("vars").with_unknown().with_marks()],
        || Type::Any,
        |env, a| crate::eval::render_template("<templatestring argument>", text(&a[0]), &a[1], env),
    ),
];

fn read(env: &Environment, path: &str) -> std::result::Result<std::sync::Arc<[u8]>, FunctionError> {
    env.files.read(path).map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::NotFound => format!(
                "no file exists at \"{path}\"; this function works only with files that are distributed as part of the \
                 configuration source code, so if this file will be created by a resource in this configuration you \
                 must instead obtain this result from an attribute of that resource"
            ),
            _ => format!("failed to read \"{path}\": {error}"),
        };
        FunctionError::at(0, why)
    })
}

fn read_text(env: &Environment, path: &str) -> std::result::Result<String, FunctionError> {
    String::from_utf8(read(env, path)?.to_vec()).map_err(|_| {
        FunctionError::at(0, format!("contents of \"{path}\" are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"))
    })
}

fn templatefile(env: &Environment, a: &[Value]) -> Result {
    let path = text(&a[0]);
    let template = read_text(env, path)?;
    if a[1].is_known() && a[1].as_map().is_none() {
        return Err(FunctionError::at(1, "invalid vars value: must be a map"));
    }
    crate::eval::render_template(path, &template, &a[1], env)
}
