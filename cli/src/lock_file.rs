//! The dependency lock file of Terraform: read, and never written.
//!
//! It says which package of a provider may be installed, by its checksum. Providers are built in here: there is no package whose
//! checksum could honestly be written down, and a version without one would only bind Terraform to ours.

use std::collections::BTreeMap;

use infra_engine::addrs::ProviderAddr;
use infra_engine::diag::{Diagnostics, Sources, Span};
use infra_engine::lang::syntax;

use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail, told};

/// Its name.
const NAME: &str = ".terraform.lock.hcl";

/// Compares the file with the providers that a configuration uses. Another version is a warning; one that is missing is an
/// error where the file is said to be complete.
pub(crate) fn compare(
    cx: &Context,
    used: &BTreeMap<ProviderAddr, String>,
    complete: bool,
) -> Result<(), Failed> {
    let text = match std::fs::read_to_string(cx.folder.join(NAME)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return fail(cx, diagnostics::unreadable_lock_file(NAME, &error)),
    };
    let mut sources = Sources::new();
    let (locked, mut found) = read(&text, &mut sources);
    for (addr, ours) in used {
        match locked.get(addr) {
            Some((version, span)) if version != ours => {
                found.push(diagnostics::locked_version(addr, version, ours).at(*span));
            }
            Some(_) => {}
            None if complete && *addr != ProviderAddr::terraform() => {
                found.push(diagnostics::not_locked(addr));
            }
            None => {}
        }
    }
    told(cx, &found, &sources)
}

/// The versions in the file, by provider, with their places.
fn read(
    text: &str,
    sources: &mut Sources,
) -> (BTreeMap<ProviderAddr, (String, Span)>, Diagnostics) {
    let source = sources.add(NAME, text);
    let (mut locked, mut found) = (BTreeMap::new(), Diagnostics::new());
    let body = syntax::parse(source, text, &mut found);
    for block in body.blocks {
        let addr = match &*block.labels {
            [label] if &*block.ty == "provider" => label.text.parse::<ProviderAddr>().ok(),
            _ => None,
        };
        let Some(addr) = addr else {
            found.push(diagnostics::foreign_lock().at(block.header));
            continue;
        };
        let version = block.body.attribute("version").and_then(|found| {
            let text = found.expr.as_literal()?.as_str()?.to_owned();
            Some((text, found.expr.span()))
        });
        match version {
            Some(version) => drop(locked.insert(addr, version)),
            None => found.push(diagnostics::no_locked_version().at(block.header)),
        }
    }
    (locked, found)
}
