//! Encodings of text: Base64, character sets, URLs.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::Encoding;

use super::codepage::CodePage;
use super::{FunctionError, Result, function};

/// Bytes in Base64.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes that Base64 text means. Line ends in it count for nothing.
pub(super) fn unbase64(text: &str) -> Option<Vec<u8>> {
    if text.contains(['\n', '\r']) {
        return STANDARD.decode(text.replace(['\n', '\r'], "")).ok();
    }
    STANDARD.decode(text).ok()
}

/// The text that Base64 encodes.
///
/// ```console
/// > base64decode("SGVsbG8gV29ybGQ=")
/// "Hello World"
/// ```
#[function]
fn base64decode(str: &str) -> Result<String> {
    let bytes = unbase64(str).ok_or_else(|| FunctionError::new("failed to decode base64 data"))?;
    String::from_utf8(bytes).map_err(|_| {
        FunctionError::new("the result of decoding the provided string is not valid UTF-8")
    })
}

/// The text in Base64.
///
/// ```console
/// > base64encode("Hello World")
/// "SGVsbG8gV29ybGQ="
/// ```
#[function]
fn base64encode(str: &str) -> String {
    base64(str.as_bytes())
}

/// The text compressed with gzip, in Base64.
///
/// ```console
/// > base64gunzip(base64gzip("hello"))
/// "hello"
/// ```
#[function]
fn base64gzip(str: &str) -> Result<String> {
    // As Go writes it after a flush: the data, an empty block that is not the last, an empty block that is.
    let mut deflated = Vec::with_capacity(str.len() / 2 + 64);
    let mut deflate = flate2::Compress::new(flate2::Compression::default(), false);
    loop {
        deflated.reserve(1024);
        let rest = &str.as_bytes()[usize::try_from(deflate.total_in()).unwrap_or(str.len())..];
        deflate
            .compress_vec(rest, &mut deflated, flate2::FlushCompress::Sync)
            .map_err(|error| FunctionError::new(format!("failed to compress: {error}")))?;
        if deflate.total_in() == str.len() as u64 && deflated.len() < deflated.capacity() {
            break;
        }
    }
    let mut sum = flate2::Crc::new();
    sum.update(str.as_bytes());
    let mut bytes = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    bytes.extend(deflated);
    bytes.extend([1, 0, 0, 0xFF, 0xFF]);
    bytes.extend(sum.sum().to_le_bytes());
    bytes.extend(sum.amount().to_le_bytes());
    Ok(base64(&bytes))
}

/// The text that was compressed with gzip and encoded in Base64.
///
/// ```console
/// > base64gunzip("H4sIAAAAAAAA/8pIzcnJBwQAAP//hqYQNgUAAAA=")
/// "hello"
/// ```
#[function]
fn base64gunzip(str: &str) -> Result<String> {
    let bytes = unbase64(str).ok_or_else(|| FunctionError::new("failed to decode base64 data"))?;
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(&*bytes)
        .read_to_end(&mut text)
        .map_err(|error| FunctionError::new(format!("failed to gunzip bytes: {error}")))?;
    String::from_utf8(text)
        .map_err(|_| FunctionError::new("the result of decompressing is not valid UTF-8"))
}

/// The text in a character set, in Base64.
///
/// ```console
/// > textencodebase64("Hello World", "UTF-16LE")
/// "SABlAGwAbABvACAAVwBvAHIAbABkAA=="
/// ```
#[function]
fn textencodebase64(string: &str, encoding: &str) -> Result<String> {
    let refused = || {
        FunctionError::at(
            0,
            format!(
                "the given string contains characters that cannot be represented in {encoding}"
            ),
        )
    };
    let bytes = match charset(encoding)? {
        Charset::Utf16(bytes_of, mark) => {
            let mark = mark.then_some(0xFEFF);
            mark.into_iter().chain(string.encode_utf16()).flat_map(bytes_of).collect()
        }
        Charset::Ascii if string.is_ascii() => string.as_bytes().to_vec(),
        Charset::Ascii => return Err(refused()),
        Charset::Latin1 => {
            let bytes = string.chars().map(|character| u8::try_from(character as u32).ok());
            bytes.collect::<Option<Vec<u8>>>().ok_or_else(refused)?
        }
        Charset::Page(page) => page.encode(string).ok_or_else(refused)?,
        Charset::Other(encoding) => match encoding.encode(string) {
            (bytes, _, false) => bytes.into_owned(),
            _ => return Err(refused()),
        },
    };
    Ok(base64(&bytes))
}

/// The text that Base64 encodes in a character set.
///
/// ```console
/// > textdecodebase64("SABlAGwAbABvACAAVwBvAHIAbABkAA==", "UTF-16LE")
/// "Hello World"
/// ```
#[function]
fn textdecodebase64(source: &str, encoding: &str) -> Result<String> {
    let charset = charset(encoding)?;
    let bytes = unbase64(source)
        .ok_or_else(|| FunctionError::at(0, "the given value is not a valid base64 sequence"))?;
    let text = match charset {
        Charset::Ascii if bytes.is_ascii() => bytes.iter().copied().map(char::from).collect(),
        Charset::Ascii => "\u{FFFD}".to_owned(),
        Charset::Utf16(bytes_of, mark) => {
            // A mark at the beginning says which byte comes first.
            let little = bytes_of(1) == [1, 0] || (mark && bytes.starts_with(&[0xFF, 0xFE]));
            let marked =
                mark && (bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]));
            let bytes = if marked { &bytes[2..] } else { &bytes[..] };
            let units: Vec<u16> = bytes
                .chunks(2)
                .map(|pair| match *pair {
                    [a, b] if little => u16::from_le_bytes([a, b]),
                    [a, b] => u16::from_be_bytes([a, b]),
                    _ => 0xFFFD,
                })
                .collect();
            String::from_utf16_lossy(&units)
        }
        Charset::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Charset::Page(page) => page.decode(&bytes),
        Charset::Other(encoding) => encoding.decode_without_bom_handling(&bytes).0.into_owned(),
    };
    if text.contains('\u{FFFD}') {
        return Err(FunctionError::at(
            0,
            format!("the given string contains symbols that are not defined for {encoding}"),
        ));
    }
    Ok(text)
}

/// Character sets, by the names that the IANA keeps.
enum Charset {
    /// With the bytes of each unit, and whether a mark at the beginning says so.
    Utf16(fn(u16) -> [u8; 2], bool),
    Ascii,
    Latin1,
    Page(CodePage),
    Other(&'static Encoding),
}

fn charset(name: &str) -> Result<Charset> {
    let lower = name.to_ascii_lowercase();
    let unsupported = || {
        FunctionError::at(
            1,
            format!("{name:?} is not a supported IANA encoding name or alias in this version"),
        )
    };
    Ok(match &*lower {
        "utf-16le" => Charset::Utf16(u16::to_le_bytes, false),
        "utf-16be" => Charset::Utf16(u16::to_be_bytes, false),
        "utf-16" => Charset::Utf16(u16::to_be_bytes, true),
        "us-ascii" => Charset::Ascii,
        "iso-8859-1" | "latin1" | "l1" | "iso_8859-1" | "ibm819" | "cp819" => Charset::Latin1,
        // Labels of the web that the IANA does not know.
        "utf8" | "ascii" | "" | "hz-gb-2312" | "replacement" | "x-user-defined" => {
            return Err(unsupported());
        }
        label
            if ["cp125", "x-", "iso8859", "unicode", "sjis", "dos-"]
                .iter()
                .any(|start| label.starts_with(start)) =>
        {
            return Err(unsupported());
        }
        label => match (CodePage::named(label), Encoding::for_label(label.as_bytes())) {
            (Some(page), _) => Charset::Page(page),
            (None, Some(encoding)) => Charset::Other(encoding),
            (None, None) => return Err(unsupported()),
        },
    })
}

/// The text as part of the query of a URL.
///
/// ```console
/// > urlencode("Hello World & more")
/// "Hello+World+%26+more"
/// ```
#[function]
fn urlencode(str: &str) -> String {
    let mut encoded = String::with_capacity(str.len());
    for byte in str.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// The text that part of the query of a URL means.
///
/// ```console
/// > urldecode("Hello+World+%26+more")
/// "Hello World & more"
/// ```
#[function]
fn urldecode(str: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(str.len());
    let mut rest = str.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| {
                    byte.and_then(|byte| char::from(byte).to_digit(16))
                        .and_then(|digit| u8::try_from(digit).ok())
                };
                match (digit(rest.next()), digit(rest.next())) {
                    (Some(high), Some(low)) => high * 16 + low,
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
    String::from_utf8(bytes).map_err(|_| FunctionError::at(0, "the result is not valid UTF-8"))
}
