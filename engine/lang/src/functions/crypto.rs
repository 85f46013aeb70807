//! Passwords, keys and identifiers.

use dashu_int::UBig;
use infra_value::{Refinement, Type, Value};

use super::encoding::unbase64;
use super::{Environment, FunctionError, Result, function};

/// A password hashed with bcrypt, with a new salt in every call, so that it is not known while planning. The optional
/// cost is 10 unless given.
///
/// ```console
/// > bcrypt("hello", 4) == null
/// false
/// ```
#[function(returns = string, environment = Environment)]
fn bcrypt(str: &str, #[arg(variadic)] cost: Vec<i64>, environment: &Environment) -> Result<Value> {
    if environment.now.is_none() {
        return Ok(Value::refined(Type::String, Refinement::not_null()));
    }
    let cost = match *cost {
        [] => 10,
        [cost] => cost,
        _ => return Err(FunctionError::new("bcrypt() takes no more than two arguments")),
    };
    if str.len() > 72 {
        return Err(FunctionError::new(
            "error occurred generating password: bcrypt: password length exceeds 72 bytes",
        ));
    }
    // A cost that is too small means the default.
    let cost = if cost < 4 { 10 } else { u32::try_from(cost).unwrap_or(u32::MAX) };
    if cost > 31 {
        return Err(FunctionError::new(format!(
            "error occurred generating password: bcrypt: cost {cost} is outside allowed range (4..=31)"
        )));
    }
    bcrypt::hash_with_result(str, cost)
        .map(|hashed| hashed.format_for_version(bcrypt::Version::TwoA).into())
        .map_err(|error| FunctionError::new(format!("error occurred generating password: {error}")))
}

/// The text that was encrypted with the public part of an RSA key (PKCS #1, version 1.5) and encoded in Base64.
///
/// ```console
/// > can(rsadecrypt("aGVsbG8=", "no key"))
/// false
/// ```
#[function]
fn rsadecrypt(ciphertext: &str, privatekey: &str) -> Result<String> {
    let sealed = unbase64(ciphertext).ok_or_else(|| {
        FunctionError::at(0, "failed to decode base64 data: ciphertext is not valid Base64")
    })?;
    let key = RsaKey::read(privatekey).ok_or_else(|| {
        FunctionError::at(
            1,
            "failed to parse key: it must be an unencrypted RSA private key in PEM format",
        )
    })?;
    let opened = key.open(&sealed).ok_or_else(|| {
        FunctionError::new("failed to decrypt: the ciphertext does not belong to the key")
    })?;
    String::from_utf8(opened)
        .map_err(|_| FunctionError::new("the result of decrypting is not valid UTF-8"))
}

struct RsaKey {
    modulus: UBig,
    exponent: UBig,
}

impl RsaKey {
    /// Reads `RSA PRIVATE KEY` or `PRIVATE KEY` in PEM.
    fn read(pem: &str) -> Option<Self> {
        let body = pem.split_once("-----BEGIN ")?.1;
        let (kind, body) = body.split_once("-----")?;
        let body = body.split_once("-----END")?.0;
        let bytes = unbase64(&body.split_whitespace().collect::<String>())?;
        let mut outer = Der(&bytes).element(0x30)?;
        match kind {
            "RSA PRIVATE KEY" => Self::fields(outer),
            "PRIVATE KEY" => {
                outer.element(0x02)?;
                outer.element(0x30)?;
                Self::fields(outer.element(0x04)?.element(0x30)?)
            }
            _ => None,
        }
    }

    fn fields(mut key: Der<'_>) -> Option<Self> {
        key.element(0x02)?;
        let modulus = UBig::from_be_bytes(key.element(0x02)?.0);
        key.element(0x02)?;
        Some(Self { modulus, exponent: UBig::from_be_bytes(key.element(0x02)?.0) })
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let sealed = UBig::from_be_bytes(sealed);
        if sealed >= self.modulus || self.modulus <= UBig::ONE {
            return None;
        }
        let ring = dashu_int::fast_div::ConstDivisor::new(self.modulus.clone());
        let opened = ring.reduce(sealed).pow(&self.exponent).residue().to_be_bytes();
        // Padding: 2, at least eight bytes that are not zero, a zero. The leading zero is not part of the number.
        let (2, padded) = opened.split_first()? else { return None };
        let end = padded.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
        Some(padded[end + 1..].to_vec())
    }
}

/// Elements of DER, one after the other.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The contents of the next element, which must have a tag.
    fn element(&mut self, tag: u8) -> Option<Self> {
        let (&found, rest) = self.0.split_first()?;
        let (&length, mut rest) = rest.split_first()?;
        let mut length = usize::from(length);
        if length >= 0x80 {
            let (digits, after) = rest.split_at_checked(length - 0x80)?;
            length = digits.iter().try_fold(0_usize, |length, digit| {
                length.checked_mul(256)?.checked_add(usize::from(*digit))
            })?;
            rest = after;
        }
        let (contents, after) = rest.split_at_checked(length)?;
        self.0 = after;
        (found == tag).then_some(Der(contents))
    }
}

/// A new random identifier; it is known only during apply.
///
/// ```console
/// > uuid() == null
/// false
/// ```
#[function(returns = string, environment = Environment)]
fn uuid(environment: &Environment) -> Value {
    match environment.now {
        Some(_) => uuid::Uuid::new_v4().to_string().into(),
        None => Value::refined(Type::String, Refinement::not_null()),
    }
}

/// The identifier that a name has in a namespace: `dns`, `url`, `oid`, `x500` or another identifier.
///
/// ```console
/// > uuidv5("dns", "www.terraform.io")
/// "a5008fae-b28c-5ba5-96cd-82b4c53552d6"
/// ```
#[function]
fn uuidv5(namespace: &str, name: &str) -> Result<String> {
    let space = match namespace {
        "dns" => uuid::Uuid::NAMESPACE_DNS,
        "url" => uuid::Uuid::NAMESPACE_URL,
        "oid" => uuid::Uuid::NAMESPACE_OID,
        "x500" => uuid::Uuid::NAMESPACE_X500,
        other => uuid::Uuid::parse_str(other).map_err(|error| {
            FunctionError::new(format!("uuidv5() doesn't support namespace {other} ({error})"))
        })?,
    };
    Ok(uuid::Uuid::new_v5(&space, name.as_bytes()).to_string())
}
