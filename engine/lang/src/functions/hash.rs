//! Hashes.

use base64::Engine as _;
use infra_value::Type;
use sha2::Digest as _;

use super::function::{Function, Param};
use super::string::text;

const STRING: fn() -> Type = || Type::String;
const TEXT: &[Param] = &[Param::string("str")];

pub(super) const ALL: &[Function] = &[
    Function::pure("base64sha256", "The SHA-256 of a text, in Base64.", TEXT, STRING, |a| {
        Ok(base64::engine::general_purpose::STANDARD
            .encode(sha2::Sha256::digest(text(&a[0])))
            .into())
    }),
    Function::pure("base64sha512", "The SHA-512 of a text, in Base64.", TEXT, STRING, |a| {
        Ok(base64::engine::general_purpose::STANDARD
            .encode(sha2::Sha512::digest(text(&a[0])))
            .into())
    }),
    Function::pure("md5", "The MD5 of a text, in hexadecimal.", TEXT, STRING, |a| {
        Ok(hex(&md5::Md5::digest(text(&a[0]))).into())
    }),
    Function::pure("sha1", "The SHA-1 of a text, in hexadecimal.", TEXT, STRING, |a| {
        Ok(hex(&sha1::Sha1::digest(text(&a[0]))).into())
    }),
    Function::pure("sha256", "The SHA-256 of a text, in hexadecimal.", TEXT, STRING, |a| {
        Ok(hex(&sha2::Sha256::digest(text(&a[0]))).into())
    }),
    Function::pure("sha512", "The SHA-512 of a text, in hexadecimal.", TEXT, STRING, |a| {
        Ok(hex(&sha2::Sha512::digest(text(&a[0]))).into())
    }),
];

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
