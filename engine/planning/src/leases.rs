//! Ephemeral resources that are open: renewed as long as a walk goes on, closed when it has ended.

use std::sync::Arc;

use futures::StreamExt;
use infra_addrs::ResourceInstance;
use infra_plan::{Event, Events, Verb};
use infra_provider::{Connection, Opened, Problem};
use infra_value::Value;
use tokio::time::Instant;

/// What is open.
#[derive(Default)]
pub struct Leases(Vec<Lease>);

struct Lease {
    addr: ResourceInstance,
    connection: Arc<dyn Connection>,
    private: Vec<u8>,
    due: Option<Instant>,
}

/// What is asked of a provider for one instance.
pub struct Question {
    /// Which instance.
    pub addr: ResourceInstance,
    /// What its block says.
    pub config: Value,
    /// Who is asked.
    pub connection: Arc<dyn Connection>,
}

/// What opening one instance brought.
pub struct Answer {
    /// Which.
    pub addr: ResourceInstance,
    /// What it gave, with who gave it, or why it could not be opened.
    pub opened: Result<(Opened, Arc<dyn Connection>), Vec<Problem>>,
}

/// Opens instances of one resource side by side.
pub async fn open(events: &Events, asked: Vec<Question>, parallelism: usize) -> Vec<Answer> {
    let work = asked.into_iter().map(|Question { addr, config, connection }| async move {
        let verb = Verb::Open;
        events.emit(Event::EphemeralStart { addr: addr.clone(), verb });
        let opened = connection.open(&addr.resource.type_name, &config).await;
        events.emit(match opened {
            Ok(_) => Event::EphemeralDone { addr: addr.clone(), verb },
            Err(_) => Event::EphemeralFailed { addr: addr.clone(), verb },
        });
        Answer { addr, opened: opened.map(|opened| (opened, connection)) }
    });
    let mut answers: Vec<Answer> =
        futures::stream::iter(work).buffer_unordered(parallelism.max(1)).collect().await;
    answers.sort_by(|a, b| a.addr.cmp(&b.addr));
    answers
}

impl Leases {
    /// Takes one in that was opened through `connection`.
    pub fn keep(
        &mut self,
        addr: ResourceInstance,
        connection: Arc<dyn Connection>,
        opened: &Opened,
    ) {
        let due = opened.renew_after.map(|after| Instant::now() + after);
        self.0.push(Lease { addr, connection, private: opened.private.clone(), due });
    }

    /// Waits until one is to be renewed; for ever if none is.
    pub async fn due(&self) {
        match self.0.iter().filter_map(|lease| lease.due).min() {
            Some(due) => tokio::time::sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Renews those that are due. Gives what went wrong.
    pub async fn renew(&mut self, events: &Events) -> Vec<(ResourceInstance, Problem)> {
        let now = Instant::now();
        let mut found = Vec::new();
        for lease in self.0.iter_mut().filter(|lease| lease.due.is_some_and(|due| due <= now)) {
            let (addr, verb) = (lease.addr.clone(), Verb::Renew);
            events.emit(Event::EphemeralStart { addr: addr.clone(), verb });
            lease.due = None;
            match lease.connection.renew(&addr.resource.type_name, &lease.private).await {
                Ok(renewed) => {
                    lease.private = renewed.private;
                    lease.due = renewed.renew_after.map(|after| Instant::now() + after);
                    events.emit(Event::EphemeralDone { addr, verb });
                }
                Err(problems) => {
                    events.emit(Event::EphemeralFailed { addr: addr.clone(), verb });
                    found.extend(problems.into_iter().map(|problem| (addr.clone(), problem)));
                }
            }
        }
        found
    }

    /// Closes all, the last one first. Gives what went wrong.
    pub async fn close(&mut self, events: &Events) -> Vec<(ResourceInstance, Problem)> {
        let mut found = Vec::new();
        while let Some(lease) = self.0.pop() {
            let (addr, verb) = (lease.addr, Verb::Close);
            events.emit(Event::EphemeralStart { addr: addr.clone(), verb });
            match lease.connection.close(&addr.resource.type_name, &lease.private).await {
                Ok(()) => events.emit(Event::EphemeralDone { addr, verb }),
                Err(problems) => {
                    events.emit(Event::EphemeralFailed { addr: addr.clone(), verb });
                    found.extend(problems.into_iter().map(|problem| (addr.clone(), problem)));
                }
            }
        }
        found
    }
}
