//! How deep things may be inside each other. Whatever walks through values and expressions calls itself for what is inside
//! them, so that the stack of the thread is the limit.

use std::cell::Cell;
use std::io;
use std::panic::resume_unwind;
use std::thread::{self, Builder};

thread_local! {
    /// What fits into the two megabytes that a thread has where nobody says otherwise, also without optimisation.
    static DEEPEST: Cell<usize> = const { Cell::new(200) };
}

/// The depth that Terraform's reader of JSON, and so its state, allows.
const LARGE: usize = 10_000;

/// For [`LARGE`] levels without optimisation. Memory is used only as far as the stack goes.
const STACK: usize = 512 << 20;

/// How deep expressions, blocks and JSON may be on this thread: 200 levels, or 10,000 [`with_large_stack`].
pub fn deepest() -> usize {
    DEEPEST.get()
}

/// Runs on a thread of its own whose stack is large.
///
/// # Errors
/// The thread could not be started.
pub fn with_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let started = Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            DEEPEST.set(LARGE);
            run()
        })?;
        started.join().or_else(|panic| resume_unwind(panic))
    })
}
