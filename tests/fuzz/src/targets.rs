//! What is fed. Each gives what is wrong, if anything is.

use std::sync::Arc;

use infra_diag::{Diagnostics, Sources};
use infra_lang::config::{self, LoadOptions, variables};
use infra_lang::eval::constraint;
use infra_lang::files::Snapshot;
use infra_lang::{format, syntax};

type Target = fn(&str) -> Option<String>;

pub(crate) const TARGETS: &[(&str, Target)] = &[
    ("configuration", configuration),
    ("expression", expression),
    ("format", formatting),
    ("json", json),
    ("template", template),
    ("values", values),
];

/// Whether all diagnostics have places in their text.
fn placed(diags: &Diagnostics, sources: &Sources) -> Option<String> {
    let spans = diags.iter().filter_map(|diagnostic| diagnostic.span);
    let mut wrong = spans.filter(|span| {
        sources.get(span.source).is_none_or(|file| {
            span.start > span.end
                || span.end as usize > file.text.len()
                || !file.text.is_char_boundary(span.start as usize)
                || !file.text.is_char_boundary(span.end as usize)
        })
    });
    wrong.next().map(|span| format!("a diagnostic at {span:?}"))
}

fn loaded(file: &str, text: &str) -> Option<String> {
    let files = Arc::new(Snapshot::of([(file, text)]));
    let (config, diags) = config::load(files, ".", &LoadOptions::default());
    placed(&diags, &config.sources)
}

fn configuration(text: &str) -> Option<String> {
    loaded("main.tf", text)
}

fn json(text: &str) -> Option<String> {
    loaded("main.tf.json", text)
}

fn expression(text: &str) -> Option<String> {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let source = sources.add("expression", text);
    if let Some(expr) = syntax::parse_expr(source, text, &mut diags) {
        expr.references();
        constraint::constant(&expr, &mut diags);
        constraint::parse(&expr, &mut diags);
    }
    // The values of a file are expressions too, and more of them can be read.
    let body = syntax::parse(source, text, &mut Diagnostics::new());
    for attribute in &body.attributes {
        constraint::constant(&attribute.expr, &mut diags);
        constraint::parse(&attribute.expr, &mut diags);
    }
    placed(&diags, &sources)
}

fn template(text: &str) -> Option<String> {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let source = sources.add("template", text);
    syntax::parse_template(source, text, &mut diags);
    placed(&diags, &sources)
}

fn values(text: &str) -> Option<String> {
    let mut problem = None;
    for file in ["terraform.tfvars", "terraform.tfvars.json"] {
        let files = Snapshot::of([(file, text)]);
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        variables::read_file(&files, file, &mut sources, &mut diags);
        problem = problem.or(placed(&diags, &sources));
    }
    problem
}

fn formatting(text: &str) -> Option<String> {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let source = sources.add("main.tf", text);
    let Some(formatted) = format::format(source, text, &mut diags) else {
        return placed(&diags, &sources);
    };
    let mut again = Diagnostics::new();
    let source = sources.add("formatted.tf", formatted.as_str());
    format::format(source, &formatted, &mut again);
    again.has_errors().then(|| "what was formatted has errors".to_owned())
}
