use std::path::Path as FilePath;

use base64::Engine as _;
use infra_provider_sdk::prelude::*;
use sha2::Digest as _;

use super::Folder;

/// A file on this machine.
///
/// ```hcl
/// resource "local_file" "inventory" {
///   filename = "${path.module}/inventory.ini"
///   content  = "[web]\n"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "local_file")]
pub(crate) struct File {
    /// The text of the file.
    #[attr(force_new)]
    content: Option<String>,
    /// The bytes of the file, in Base64.
    #[attr(force_new)]
    content_base64: Option<String>,
    /// Text that must not be shown.
    #[attr(
        force_new,
        sensitive,
        deprecated = "Use local_sensitive_file for a file that must not be shown."
    )]
    sensitive_content: Option<String>,
    /// A file to copy.
    #[attr(force_new)]
    source: Option<String>,
    /// Where the file is written.
    #[attr(force_new)]
    filename: String,
    /// Permissions of the file, in octal digits.
    #[attr(default = "0777", computed, force_new)]
    file_permission: String,
    /// Permissions of folders that are made for it.
    #[attr(default = "0777", computed, force_new)]
    directory_permission: String,
    /// MD5 of the file.
    content_md5: Computed<String>,
    /// SHA-1 of the file.
    content_sha1: Computed<String>,
    /// SHA-256 of the file.
    content_sha256: Computed<String>,
    /// SHA-512 of the file.
    content_sha512: Computed<String>,
    /// SHA-256 of the file, in Base64.
    content_base64sha256: Computed<String>,
    /// SHA-512 of the file, in Base64.
    content_base64sha512: Computed<String>,
}

/// A file on this machine whose content must not be shown.
///
/// ```hcl
/// resource "local_sensitive_file" "key" {
///   filename = "${path.module}/key.pem"
///   content  = var.key
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "local_sensitive_file")]
pub(crate) struct SensitiveFile {
    /// The text of the file.
    #[attr(force_new, sensitive)]
    content: Option<String>,
    /// The bytes of the file, in Base64.
    #[attr(force_new, sensitive)]
    content_base64: Option<String>,
    /// A file to copy.
    #[attr(force_new)]
    source: Option<String>,
    /// Where the file is written.
    #[attr(force_new)]
    filename: String,
    /// Permissions of the file, in octal digits.
    #[attr(default = "0700", computed, force_new)]
    file_permission: String,
    /// Permissions of folders that are made for it.
    #[attr(default = "0700", computed, force_new)]
    directory_permission: String,
    /// MD5 of the file.
    content_md5: Computed<String>,
    /// SHA-1 of the file.
    content_sha1: Computed<String>,
    /// SHA-256 of the file.
    content_sha256: Computed<String>,
    /// SHA-512 of the file.
    content_sha512: Computed<String>,
    /// SHA-256 of the file, in Base64.
    content_base64sha256: Computed<String>,
    /// SHA-512 of the file, in Base64.
    content_base64sha512: Computed<String>,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn failed(path: &FilePath, error: &std::io::Error) -> Error {
    Error::new(format!("{}: {error}.", path.display())).at("filename")
}

/// What is to be written: one of the arguments that say so.
fn wanted(
    folder: &FilePath,
    text: Option<&String>,
    encoded: Option<&String>,
    source: Option<&String>,
) -> Result<Vec<u8>> {
    match (text, encoded, source) {
        (Some(text), _, _) => Ok(text.clone().into_bytes()),
        (None, Some(encoded), _) => base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .map_err(|_| Error::new("This is not Base64.").at("content_base64")),
        (None, None, Some(source)) => {
            let path = folder.join(source);
            std::fs::read(&path).map_err(|error| failed(&path, &error))
        }
        (None, None, None) => {
            Err(Error::new("One of content, content_base64 and source must be set.").at("content"))
        }
    }
}

fn write(path: &FilePath, bytes: &[u8], permission: &str) -> Result<Id> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| failed(path, &error))?;
    }
    std::fs::write(path, bytes).map_err(|error| failed(path, &error))?;
    #[cfg(unix)]
    if let Ok(mode) = u32::from_str_radix(permission, 8) {
        use std::os::unix::fs::PermissionsExt as _;
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, permissions).map_err(|error| failed(path, &error))?;
    }
    Ok(hex(&sha1::Sha1::digest(bytes)).into())
}

fn remove(path: &FilePath) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    }
}

macro_rules! file_type {
    ($ty:ty, $text:expr) => {
        impl Operations for $ty {
            type Client = Folder;

            async fn create(folder: &Folder, plan: &Self) -> Result<Id> {
                let text: fn(&Self) -> Option<&String> = $text;
                let bytes = wanted(
                    &folder.0,
                    text(plan),
                    plan.content_base64.as_ref(),
                    plan.source.as_ref(),
                )?;
                write(&folder.0.join(&plan.filename), &bytes, &plan.file_permission)
            }

            async fn read(folder: &Folder, known: &[Known<Self>]) -> Result<Found<Self>> {
                let found = known.iter().map(|known| {
                    // A file that is not there, or is another one, is to be written again.
                    let bytes = std::fs::read(folder.0.join(&known.filename)).ok()?;
                    if hex(&sha1::Sha1::digest(&bytes)) != known.id.0 {
                        return None;
                    }
                    Some(Self {
                        content_md5: hex(&md5::Md5::digest(&bytes)).into(),
                        content_sha1: hex(&sha1::Sha1::digest(&bytes)).into(),
                        content_sha256: hex(&sha2::Sha256::digest(&bytes)).into(),
                        content_sha512: hex(&sha2::Sha512::digest(&bytes)).into(),
                        content_base64sha256: base64(&sha2::Sha256::digest(&bytes)).into(),
                        content_base64sha512: base64(&sha2::Sha512::digest(&bytes)).into(),
                        ..known.state.clone()
                    })
                });
                Ok(Found::each(found))
            }

            async fn delete(folder: &Folder, prior: &Known<Self>) -> Result<()> {
                remove(&folder.0.join(&prior.filename))
            }
        }
    };
}

file_type!(File, |file| file.content.as_ref().or(file.sensitive_content.as_ref()));
file_type!(SensitiveFile, |file| file.content.as_ref());
