//! What is going on: a live area on a terminal, plain lines elsewhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use infra_engine::plan::{Action, Event, Events};

use super::paint::Paint;
use crate::context::Context;

/// Shows events as they come.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Inner>);

struct Inner {
    begun: Instant,
    paint: Paint,
    bar: Option<ProgressBar>,
    running: Mutex<BTreeMap<String, Instant>>,
}

impl Progress {
    /// For what begins now.
    pub(crate) fn new(cx: &Context) -> Self {
        let bar = cx.terminal.then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let inner = Inner {
            begun: Instant::now(),
            paint: Paint { colour: cx.style.colour },
            bar,
            running: Mutex::default(),
        };
        Self(Arc::new(inner))
    }

    /// Where events go.
    pub(crate) fn events(&self) -> Events {
        let progress = self.clone();
        Events::new(move |event| progress.show(&event))
    }

    /// The live area goes away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0.bar {
            bar.finish_and_clear();
        }
    }

    /// How long it took.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.begun.elapsed()
    }

    fn line(&self, text: &str) {
        match &self.0.bar {
            Some(bar) => bar.println(text),
            None => crate::context::write_line(text),
        }
    }

    fn show(&self, event: &Event) {
        let paint = self.0.paint;
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::RefreshStart { type_name, objects } => {
                running.insert(format!("reading {} {type_name}", objects.len()), Instant::now());
            }
            Event::RefreshDone { type_name, count } => {
                running.remove(&format!("reading {count} {type_name}"));
            }
            Event::ReadStart { addr } => {
                running.insert(format!("reading {addr}"), Instant::now());
            }
            Event::ReadDone { addr, .. } => {
                running.remove(&format!("reading {addr}"));
            }
            Event::ApplyStart { addr, action, id } => {
                let id = id.as_ref().map(|id| format!(" [id={id}]")).unwrap_or_default();
                self.line(&format!("{}: {}...{id}", paint.bold(&addr.to_string()), doing(*action)));
                running.insert(addr.to_string(), Instant::now());
            }
            Event::ApplyDone { addr, action, id } => {
                let since = running
                    .remove(&addr.to_string())
                    .map_or(Duration::ZERO, |since| since.elapsed());
                let id = id.as_ref().map(|id| format!(" [id={id}]")).unwrap_or_default();
                let text = format!(
                    "{}: {} after {}{id}",
                    paint.bold(&addr.to_string()),
                    done(*action),
                    short(since)
                );
                self.line(&text);
            }
            Event::ApplyFailed { addr, .. } => {
                running.remove(&addr.to_string());
                self.line(&format!("{}: {}", paint.bold(&addr.to_string()), paint.red("failed")));
            }
            Event::ProvisionStart { addr, provisioner } => {
                self.line(&format!(
                    "{}: Provisioning with '{provisioner}'...",
                    paint.bold(&addr.to_string())
                ));
            }
            Event::ProvisionOutput { addr, provisioner, line } => {
                self.line(&format!("{} ({provisioner}): {line}", paint.bold(&addr.to_string())));
            }
            Event::Stopping => {
                self.line(&paint.yellow(
                    "Stopping: what is under way is finished. Interrupt again to stop at once.",
                ));
            }
            _ => {}
        }
        if let Some(bar) = &self.0.bar {
            let names: Vec<&str> = running.keys().map(String::as_str).take(4).collect();
            let more = if running.len() > 4 {
                format!(" and {} more", running.len() - 4)
            } else {
                String::new()
            };
            bar.set_message(format!("{}{more}", names.join(", ")));
        }
    }
}

fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "Creating",
        Action::Update => "Modifying",
        Action::Delete => "Destroying",
        Action::Read => "Reading",
        _ => "Working",
    }
}

fn done(action: Action) -> &'static str {
    match action {
        Action::Create => "Creation complete",
        Action::Update => "Modifications complete",
        Action::Delete => "Destruction complete",
        Action::Read => "Read complete",
        _ => "Done",
    }
}

/// A time as people say it.
pub(crate) fn short(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}s"),
        (minutes, seconds) => format!("{minutes}m{seconds}s"),
    }
}
