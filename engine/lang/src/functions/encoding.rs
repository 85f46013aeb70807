//! Encodings.

use base64::Engine as _;
use infra_value::{Type, Value, json};

use super::function::{Function, FunctionError, Param};
use super::string::text;

const STRING: fn() -> Type = || Type::String;

pub(super) const ALL: &[Function] = &[
    Function::pure(
        "base64decode",
        "The text that Base64 encodes.",
        &[Param::string("str")],
        STRING,
        |a| {
            let bytes = base64::engine::general_purpose::STANDARD
                .decode(text(&a[0]))
                .map_err(|_| FunctionError::at(0, "failed to decode base64 data"))?;
            let decoded = String::from_utf8(bytes).map_err(|_| {
                FunctionError::at(
                    0,
                    "the result of decoding the provided string is not valid UTF-8",
                )
            })?;
            Ok(decoded.into())
        },
    ),
    Function::pure("base64encode", "The text in Base64.", &[Param::string("str")], STRING, |a| {
        Ok(base64::engine::general_purpose::STANDARD.encode(text(&a[0])).into())
    }),
    Function::pure(
        "jsondecode",
        "The value that JSON text means.",
        &[Param::string("str")],
        || Type::Any,
        |a| {
            let parsed = serde_json::from_str(text(&a[0]))
                .map_err(|error| FunctionError::at(0, format!("{error}")))?;
            Ok(json::implied(&parsed))
        },
    ),
    Function::pure(
        "jsonencode",
        "The value as JSON text.",
        &[Param::any("val").with_null()],
        STRING,
        |a| {
            json::encode(&a[0])
                .map(Value::from)
                .map_err(|error| FunctionError::at(0, error.message))
        },
    ),
    Function::pure(
        "urlencode",
        "The text as part of a URL.",
        &[Param::string("str")],
        STRING,
        |a| {
            let encoded = text(&a[0]).bytes().map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                    (byte as char).to_string()
                }
                b' ' => "+".to_owned(),
                byte => format!("%{byte:02X}"),
            });
            Ok(encoded.collect::<String>().into())
        },
    ),
    Function::pure(
        "urldecode",
        "The text that part of a URL means.",
        &[Param::string("str")],
        STRING,
        |a| {
            let mut bytes = Vec::new();
            let mut rest = text(&a[0]).bytes();
            while let Some(byte) = rest.next() {
                bytes.push(match byte {
                    b'+' => b' ',
                    b'%' => {
                        let digits = [rest.next(), rest.next()]
                            .map(|digit| digit.and_then(|digit| (digit as char).to_digit(16)));
                        match digits {
                            [Some(high), Some(low)] => (high * 16 + low) as u8,
                            _ => {
                                return Err(FunctionError::at(
                                    0,
                                    "a % must be followed by two hexadecimal digits",
                                ));
                            }
                        }
                    }
                    other => other,
                });
            }
            String::from_utf8(bytes)
                .map(Value::from)
                .map_err(|_| FunctionError::at(0, "the result is not valid UTF-8"))
        },
    ),
];
