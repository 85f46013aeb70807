//! Hashes.

use sha2::Digest as _;

use super::encoding::base64;
use super::function;

/// The SHA-256 of a text, in Base64.
///
/// ```console
/// > base64sha256("hello world")
/// "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek="
/// ```
#[function]
fn base64sha256(str: &str) -> String {
    base64(&sha2::Sha256::digest(str))
}

/// The SHA-512 of a text, in Base64.
///
/// ```console
/// > substr(base64sha512("hello world"), 0, 20)
/// "MJ7MSJwS1utMxA9QyQLy"
/// ```
#[function]
fn base64sha512(str: &str) -> String {
    base64(&sha2::Sha512::digest(str))
}

/// The MD5 of a text, in hexadecimal.
///
/// ```console
/// > md5("hello world")
/// "5eb63bbbe01eeed093cb22bb8f5acdc3"
/// ```
#[function]
fn md5(str: &str) -> String {
    hex(&md5::Md5::digest(str))
}

/// The SHA-1 of a text, in hexadecimal.
///
/// ```console
/// > sha1("hello world")
/// "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed"
/// ```
#[function]
fn sha1(str: &str) -> String {
    hex(&sha1::Sha1::digest(str))
}

/// The SHA-256 of a text, in hexadecimal.
///
/// ```console
/// > sha256("hello world")
/// "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
/// ```
#[function]
fn sha256(str: &str) -> String {
    hex(&sha2::Sha256::digest(str))
}

/// The SHA-512 of a text, in hexadecimal.
///
/// ```console
/// > substr(sha512("hello world"), 0, 16)
/// "309ecc489c12d6eb"
/// ```
#[function]
fn sha512(str: &str) -> String {
    hex(&sha2::Sha512::digest(str))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
