//! `*.tfmigrate.hcl`: where the states are that are to be moved.

use infra_diag::{Diagnostic, Diagnostics};

use super::content::Content;
use super::terraform::Backend;
use super::{Config, diagnostics};
use crate::syntax::{self, Body};

const FILE: Content = Content { arguments: &[], required: &[], blocks: &[("from", &[])] };

const FROM: Content = Content {
    arguments: &[],
    required: &[],
    blocks: &[("backend", &["type"]), ("state_store", &["type"])],
};

impl Config {
    /// The configuration with the backend from which its states are to be moved, as the files `*.tfmigrate.hcl` of its
    /// folder say it, and what is wrong with them. Without an error it has one.
    ///
    /// ```hcl
    /// from {
    ///   backend "local" {}
    /// }
    /// ```
    pub fn before_migration(&self) -> (Self, Diagnostics) {
        let mut before = self.clone();
        before.root.backend = None;
        let mut diags = Diagnostics::new();
        let names = self.files.list(&self.root.dir).unwrap_or_default();
        for name in names.iter().filter(|name| name.ends_with(".tfmigrate.hcl")) {
            let path = match &*self.root.dir {
                "" => name.clone(),
                dir => format!("{dir}/{name}"),
            };
            match self.files.read(&path) {
                Ok(bytes) => {
                    let text = String::from_utf8_lossy(&bytes);
                    let source = before.sources.add(&path, &*text);
                    let body = syntax::parse(source, &text, &mut diags);
                    before.read_migration(body, &mut diags);
                }
                Err(error) => diags.push(diagnostics::unreadable(&path, &error)),
            }
        }
        if before.root.backend.is_none() && !diags.has_errors() {
            diags.push(missing());
        }
        (before, diags)
    }

    fn read_migration(&mut self, body: Body, diags: &mut Diagnostics) {
        let mut body = FILE.read(body, diags);
        for from in body.take_blocks("from") {
            let header = from.header;
            for block in FROM.read(from.body, diags).blocks {
                let [label] = &*block.labels else { continue };
                if &*block.ty != "backend" {
                    diags.push(no_state_stores().at(block.header));
                    continue;
                }
                let (ty, ty_span) = (label.text.clone(), label.span);
                let backend = Backend { ty, ty_span, body: block.body, span: block.header };
                if self.root.backend.replace(backend).is_some() {
                    diags.push(second().at(header));
                }
            }
        }
    }
}

fn missing() -> Diagnostic {
    Diagnostic::error("Missing state migration configuration").detail(
        "No file says where the states are now. Write a file with the extension .tfmigrate.hcl in which a block \"from\" has \
         the backend block that the configuration had before. To move them from the backend that init remembers, run infra \
         init -migrate-state.",
    )
}

fn second() -> Diagnostic {
    Diagnostic::error("Duplicate state migration configuration")
        .detail("States are moved from one backend: there is another block \"from\" with one.")
}

fn no_state_stores() -> Diagnostic {
    Diagnostic::error("State stores are not supported")
        .detail("No provider keeps states: they are in files or in S3. Use a backend block here.")
}
