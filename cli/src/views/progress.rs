//! What is going on: a live area on a terminal, plain lines elsewhere, messages for programs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use infra_engine::addrs::ResourceInstance;
use infra_engine::plan::{Action, Event, Events, Happened, Objects, Verb};

use super::actions;
use super::machine::Machine;
use super::messages;
use super::paint::Paint;
use crate::context::Context;
use crate::log::Log;
use crate::traces::Traces;

/// How often work that goes on is told of where there is no live area.
const STILL: Duration = Duration::from_secs(10);

/// How many pieces of work the live area names.
const NAMED: usize = 6;

/// Shows events as they come.
#[derive(Clone)]
pub(crate) struct Progress(Arc<Inner>);

struct Inner {
    begun: Instant,
    paint: Paint,
    bar: Option<ProgressBar>,
    machine: Option<Arc<Machine>>,
    log: Option<Arc<Log>>,
    traces: Option<Arc<Traces>>,
    width: usize,
    running: Mutex<Running>,
}

/// What is under way.
#[derive(Default)]
struct Running {
    /// By what people read, and what tells groups of one type apart.
    work: BTreeMap<(String, Option<ResourceInstance>), Work>,
    done: usize,
    expected: usize,
}

struct Work {
    since: Instant,
    told: Duration,
    what: What,
}

enum What {
    /// Objects are read.
    Refresh,
    /// A data source is read.
    Read,
    /// Objects are listed.
    List,
    /// An ephemeral resource is opened, renewed or closed.
    Passing(Verb),
    /// An action is invoked.
    Invocation,
    /// A change is made.
    Apply(ResourceInstance, Action),
}

impl Progress {
    /// For what begins now.
    pub(crate) fn new(cx: &Context) -> Self {
        let alone = cx.machine.as_ref().is_some_and(|machine| machine.alone);
        let bar = (cx.terminal && !alone && !cx.showing.concise).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stdout());
            if let Ok(style) = ProgressStyle::with_template("{msg}") {
                bar.set_style(style);
            }
            bar
        });
        let inner = Arc::new(Inner {
            begun: Instant::now(),
            paint: cx.paint(),
            bar,
            machine: cx.machine.clone(),
            log: cx.log.clone(),
            traces: cx.traces.clone(),
            width: cx.style.width,
            running: Mutex::default(),
        });
        let watched = Arc::downgrade(&inner);
        std::thread::spawn(move || watch(&watched));
        Self(inner)
    }

    /// Where events go.
    pub(crate) fn events(&self) -> Events {
        let progress = self.clone();
        Events::new(move |event| progress.0.show(&event))
    }

    /// Shows a text above the live area.
    pub(crate) fn say(&self, text: &str) {
        self.0.line(text);
    }

    /// How many changes there will be.
    pub(crate) fn expect(&self, changes: usize) {
        self.0.running().expected = changes;
    }

    /// The live area goes away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.0.bar {
            bar.finish_and_clear();
        }
        self.0.running().work.clear();
    }

    /// How long it took.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.begun.elapsed()
    }
}

/// Looks again and again how things are going, until nobody is interested any more.
fn watch(inner: &Weak<Inner>) {
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let Some(inner) = inner.upgrade() else { return };
        if inner.bar.as_ref().is_some_and(ProgressBar::is_finished) {
            return;
        }
        inner.tick();
    }
}

impl Inner {
    fn running(&self) -> std::sync::MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, text: &str) {
        if self.machine.as_ref().is_some_and(|machine| machine.alone) {
            return;
        }
        match &self.bar {
            Some(bar) => bar.suspend(|| crate::context::write_line(text)),
            None => crate::context::write_line(text),
        }
    }

    fn show(&self, event: &Event) {
        if let Some(log) = &self.log {
            log.event(event);
        }
        if let Some(traces) = &self.traces {
            traces.event(event);
        }
        let mut running = self.running();
        let elapsed = running.take_in(event);
        if let Some(machine) = &self.machine {
            messages::event(machine, event, elapsed);
        }
        drop(running);
        if let Some(text) = said(event, elapsed, self.paint) {
            self.line(&text);
        }
    }

    /// The live area as it is now; lines and messages for what has gone on for long.
    fn tick(&self) {
        let mut running = self.running();
        if let Some(bar) = &self.bar {
            bar.set_message(running.area(self.begun.elapsed(), self.width, self.paint));
        }
        let mut lines = Vec::new();
        for ((name, _), work) in &mut running.work {
            let elapsed = work.since.elapsed();
            if elapsed < work.told + STILL {
                continue;
            }
            work.told = Duration::from_secs(elapsed.as_secs() / STILL.as_secs() * STILL.as_secs());
            let (doing, elapsed) = (work.what.doing(), short(work.told));
            lines.push(format!("{}: Still {doing}... [{elapsed} elapsed]", self.paint.bold(name)));
            if let (Some(machine), What::Apply(addr, action)) = (&self.machine, &work.what) {
                messages::still(machine, addr, *action, work.told);
            }
        }
        drop(running);
        if self.bar.is_none() {
            lines.iter().for_each(|line| self.line(line));
        }
    }
}

impl Running {
    /// Takes an event in; gives how long the work took that it ends.
    fn take_in(&mut self, event: &Event) -> Duration {
        let mut begin = |key, what: What| {
            self.work.insert(key, Work { since: Instant::now(), told: Duration::ZERO, what });
            None
        };
        let one = |addr: &ResourceInstance| (addr.to_string(), None);
        let ended = match event {
            Event::RefreshStart { type_name, objects } => {
                begin(group(type_name, objects), What::Refresh)
            }
            Event::ReadStart { addr } => begin(one(addr), What::Read),
            Event::ListStart { addr, .. } => begin(one(addr), What::List),
            Event::ApplyStart { addr, action, .. } => {
                begin(one(addr), What::Apply(addr.clone(), *action))
            }
            Event::EphemeralStart { addr, verb } => begin(one(addr), What::Passing(*verb)),
            Event::Action { invocation, happened: Happened::Started } => {
                begin((actions::which(invocation), None), What::Invocation)
            }
            Event::Action { invocation, happened: Happened::Done | Happened::Failed(_) } => {
                self.work.remove(&(actions::which(invocation), None))
            }
            Event::RefreshDone { type_name, objects } => {
                self.work.remove(&group(type_name, objects))
            }
            Event::ReadDone { addr, .. }
            | Event::ReadFailed { addr }
            | Event::ListDone { addr, .. }
            | Event::ListFailed { addr }
            | Event::EphemeralDone { addr, .. }
            | Event::EphemeralFailed { addr, .. } => self.work.remove(&one(addr)),
            Event::ApplyDone { addr, .. } | Event::ApplyFailed { addr, .. } => {
                self.done += 1;
                self.work.remove(&one(addr))
            }
            _ => None,
        };
        ended.map_or(Duration::ZERO, |work| work.since.elapsed())
    }

    /// The live area: how much is done, and what runs for how long.
    fn area(&self, elapsed: Duration, width: usize, paint: Paint) -> String {
        if self.work.is_empty() {
            return String::new();
        }
        let done = match self.expected {
            0 => String::new(),
            all => format!("{} of {all} done, ", self.done.min(all)),
        };
        let mut lines = vec![paint.dim(&format!("{done}{}", short(elapsed)))];
        for ((name, _), work) in self.work.iter().take(NAMED) {
            let doing = format!(": {} {}", work.what.doing(), short(work.since.elapsed()));
            // What is done, and for how long, stays visible where a name is too long.
            let room = width.saturating_sub(3 + doing.len()).max(8);
            let line = format!("  {}{doing}", console::truncate_str(name, room, "…"));
            lines.push(console::truncate_str(&line, width.saturating_sub(1), "…").into_owned());
        }
        if self.work.len() > NAMED {
            lines.push(format!("  and {} more", self.work.len() - NAMED));
        }
        lines.join("\n")
    }
}

fn group(type_name: &str, objects: &Objects) -> (String, Option<ResourceInstance>) {
    let plural = if objects.len() == 1 { "" } else { "s" };
    let name = format!("{type_name} ({} object{plural})", objects.len());
    (name, objects.first().map(|(addr, _)| addr.clone()))
}

/// The line that people see for an event.
fn said(event: &Event, elapsed: Duration, paint: Paint) -> Option<String> {
    let suffix =
        |id: &Option<String>| id.as_ref().map(|id| format!(" [id={id}]")).unwrap_or_default();
    let bold = |addr: &ResourceInstance| paint.bold(&addr.to_string());
    Some(match event {
        Event::ApplyStart { addr, action, id } => {
            format!("{}: {}...{}", bold(addr), doing(*action), suffix(id))
        }
        Event::ApplyDone { addr, action, id } => {
            format!("{}: {} after {}{}", bold(addr), done(*action), short(elapsed), suffix(id))
        }
        Event::ApplyFailed { addr, .. } => format!("{}: {}", bold(addr), paint.red("failed")),
        Event::EphemeralDeferred { addr } => {
            format!("{}: Configuration unknown, deferring...", bold(addr))
        }
        Event::EphemeralStart { addr, verb } => {
            format!("{}: {}...", bold(addr), messages::passing(*verb).1)
        }
        Event::EphemeralDone { addr, verb } => {
            let doing = messages::passing(*verb).1;
            format!("{}: {doing} complete after {}", bold(addr), short(elapsed))
        }
        Event::EphemeralFailed { addr, .. } => format!("{}: {}", bold(addr), paint.red("failed")),
        Event::ProvisionStart { addr, provisioner } => {
            format!("{}: Provisioning with '{provisioner}'...", bold(addr))
        }
        Event::ProvisionOutput { addr, provisioner, line } => {
            format!("{} ({provisioner}): {line}", bold(addr))
        }
        Event::Action { invocation, happened } => actions::said(invocation, happened),
        Event::Stopping => paint
            .yellow("Stopping: what is under way is finished. Interrupt again to stop at once."),
        _ => return None,
    })
}

impl What {
    fn doing(&self) -> String {
        match self {
            Self::Refresh | Self::Read => "reading".to_owned(),
            Self::List => "listing".to_owned(),
            Self::Apply(_, action) => doing(*action).to_lowercase(),
            Self::Invocation => "being invoked".to_owned(),
            Self::Passing(verb) => messages::passing(*verb).1.to_lowercase(),
        }
    }
}

pub(super) fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "Creating",
        Action::Update => "Modifying",
        Action::Delete => "Destroying",
        Action::Read => "Reading",
        _ => "Working",
    }
}

pub(super) fn done(action: Action) -> &'static str {
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
