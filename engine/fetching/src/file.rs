//! Packages on this machine: folders that are copied, and archives.

use std::path::Path;

use crate::archive;

/// Copies a folder, or unpacks an archive.
///
/// # Errors
/// There is neither, or it cannot be read.
pub(crate) fn fetch(path: &Path, target: &Path) -> Result<(), String> {
    if path.is_dir() {
        return copy(path, target)
            .map_err(|error| format!("{} cannot be copied: {error}", path.display()));
    }
    let kind = archive::Kind::of(&path.to_string_lossy());
    match (path.is_file(), kind) {
        (true, Some(kind)) => {
            let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
            archive::unpack(&bytes, kind, target)
        }
        (true, None) => Err(format!("{} is no folder and no archive", path.display())),
        (false, _) => Err(format!("there is no {}", path.display())),
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (source, name) = (entry.path(), entry.file_name());
        // Hidden folders are those of tools: version control, installed modules.
        if source.is_dir() && name.to_string_lossy().starts_with('.') {
            continue;
        }
        if source.is_dir() {
            copy(&source, &to.join(name))?;
        } else {
            std::fs::copy(&source, to.join(name))?;
        }
    }
    Ok(())
}
