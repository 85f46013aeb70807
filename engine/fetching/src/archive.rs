//! Archives: zip and tar.

use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::GzDecoder;

/// A kind of archive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Zip,
    Tar,
    TarGz,
}

impl Kind {
    /// The kind that a file name or the name of a kind tells.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let ends = |end: &str| name == end || name.ends_with(&format!(".{end}"));
        if ends("zip") {
            Some(Self::Zip)
        } else if ends("tar.gz") || ends("tgz") {
            Some(Self::TarGz)
        } else if ends("tar") {
            Some(Self::Tar)
        } else {
            None
        }
    }
}

/// Unpacks an archive. Nothing is written outside of the folder.
///
/// # Errors
/// The archive is damaged, or a file cannot be written.
pub(crate) fn unpack(bytes: &[u8], kind: Kind, target: &Path) -> Result<(), String> {
    let damaged =
        |error: &dyn std::fmt::Display| format!("the archive cannot be unpacked: {error}");
    match kind {
        Kind::Zip => {
            let mut archive =
                zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
            archive.extract(target).map_err(|error| damaged(&error))
        }
        Kind::Tar => untar(bytes, target).map_err(|error| damaged(&error)),
        Kind::TarGz => untar(GzDecoder::new(bytes), target).map_err(|error| damaged(&error)),
    }
}

fn untar(bytes: impl Read, target: &Path) -> std::io::Result<()> {
    tar::Archive::new(bytes).unpack(target)
}
