//! Steps run on a thread of their own, so that JavaScript never waits for one: it leaves an order and is told of the outcome.
use crate::engine::{Engine, Outcome, Step};
use crate::threads::{Panic, Stopped, lock};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, TryLockError};

/// Who is told, once, how a step ended.
pub type Listener = Box<dyn FnOnce(Result<Outcome, Failure>) + Send>;

/// An error with a code that JavaScript knows.
#[derive(Debug)]
pub struct Failure {
    pub code: &'static str,
    pub message: String,
}

pub fn failure(code: &'static str, message: impl Into<String>) -> Failure {
    Failure { code, message: message.into() }
}

enum Order {
    Step(Step, Listener),
    End,
}

struct Shared {
    order: Mutex<Option<Order>>,
    arrived: Condvar,
    engine: Mutex<Engine>,
    stop: Arc<AtomicBool>,
}

/// A running engine. Dropping it stops a step in the middle and ends the threads.
pub struct Runner {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Runner {
    /// None where the system starts no more threads.
    pub fn start(engine: Engine, stop: Arc<AtomicBool>) -> Option<Self> {
        let shared = Arc::new(Shared { order: Mutex::new(None), arrived: Condvar::new(), engine: Mutex::new(engine), stop });
        let served = shared.clone();
        let thread = std::thread::Builder::new().name("lstm-0".into()).spawn(move || serve(&served)).ok()?;
        Some(Self { shared, thread: Some(thread) })
    }

    /// The engine, between steps.
    pub fn engine(&self) -> Result<MutexGuard<'_, Engine>, Failure> {
        if self.shared.stop.load(Acquire) {
            return Err(failure("CLOSED", "the engine is closed"));
        }
        self.shared.engine.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => failure("BUSY", "the engine is in the middle of a step"),
            TryLockError::Poisoned(_) => failure("CLOSED", "the engine is closed: a call of it has failed"),
        })
    }

    pub fn step(&self, step: Step, listener: Listener) -> Result<(), Failure> {
        drop(self.engine()?);
        let mut order = lock(&self.shared.order);
        if order.is_some() {
            return Err(failure("BUSY", "the engine has a step to do already"));
        }
        *order = Some(Order::Step(step, listener));
        self.shared.arrived.notify_one();
        Ok(())
    }

    /// Ends the step that runs, and every one after it.
    pub fn stop(&self) {
        self.shared.stop.store(true, Release);
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop();
        *lock(&self.shared.order) = Some(Order::End);
        self.shared.arrived.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(shared: &Shared) {
    loop {
        let mut order = lock(&shared.order);
        while order.is_none() {
            order = shared.arrived.wait(order).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
        match order.take() {
            Some(Order::Step(step, listener)) => {
                drop(order);
                let result = catch_unwind(AssertUnwindSafe(|| lock(&shared.engine).run(&step))).unwrap_or_else(Err);
                if result.is_err() {
                    shared.stop.store(true, Release);
                }
                listener(result.map_err(explain));
            }
            _ => return,
        }
    }
}

/// What a panic means to a caller.
pub fn explain(panic: Panic) -> Failure {
    if panic.is::<Stopped>() {
        return failure("CLOSED", "the engine was closed in the middle of a step");
    }
    let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| text.to_string()));
    failure("WORKER_FAILED", format!("a thread failed in the middle of a step: {}", text.unwrap_or_default()))
}
