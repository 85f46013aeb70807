//! What these provisioners report.

use infra_provider::Problem;

/// `remote-exec` did not do what it was told.
pub(crate) fn remote_exec(detail: impl Into<String>) -> Problem {
    Problem::error("remote-exec provisioner error", detail)
}

/// `file` did not do what it was told.
pub(crate) fn file(detail: impl Into<String>) -> Problem {
    Problem::error("file provisioner error", detail)
}

/// Not exactly one of the arguments that say what is run.
pub(crate) fn one_script() -> Problem {
    Problem::error(
        "Invalid remote-exec provisioner configuration",
        "Only one of \"inline\", \"script\", or \"scripts\" must be set",
    )
}

/// Both arguments that say what is uploaded.
pub(crate) fn two_sources() -> Problem {
    Problem::error(
        "Cannot set both 'source' and 'content'",
        "The file is either a copy of \"source\" or holds the text \"content\": remove one of the two.",
    )
}

/// No argument that says what is uploaded.
pub(crate) fn no_source() -> Problem {
    Problem::error(
        "Must provide one of 'source' or 'content'",
        "Set \"source\" to the path of a file or folder, or \"content\" to the text of the new file.",
    )
}
