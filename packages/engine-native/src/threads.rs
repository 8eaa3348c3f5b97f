//! The threads of an engine: they stay, look for work for a moment and then sleep; and a barrier at which they meet.
//!
//! `unsafe`: the work is lent to other threads by a pointer, and `Pool::run` returns only when none uses it any more; the
//! processor's rounding mode is changed by assembly, which the compiler does not look into, and put back, also by a panic.
use std::any::Any;
use std::cell::UnsafeCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// A number that threads wait on: they look at it for a moment, then sleep. On a cache line of its own, so that threads that
/// look do not disturb others.
#[repr(align(128))]
struct Signal {
    value: AtomicUsize,
    sleepers: AtomicUsize,
    asleep: Mutex<()>,
    changed: Condvar,
}

/// Some 20 µs: mostly the others are there sooner. Who spins longer takes the processor from whom it waits for.
const SPINS: u32 = 1000;
/// How long a thread at a barrier sleeps without looking whether all is to stop; others sleep until they are woken.
const NAP: Duration = Duration::from_millis(20);
const FOREVER: Duration = Duration::from_secs(1 << 30);

impl Signal {
    fn new(value: usize) -> Self {
        Self { value: AtomicUsize::new(value), sleepers: AtomicUsize::new(0), asleep: Mutex::new(()), changed: Condvar::new() }
    }
    fn get(&self) -> usize {
        self.value.load(Acquire)
    }
    /// Changes the number, and wakes those that sleep; returns what it was.
    fn add(&self, number: usize) -> usize {
        let before = self.value.fetch_add(number, SeqCst);
        if self.sleepers.load(SeqCst) > 0 {
            // Whoever is about to sleep has looked at the number, or sleeps before this gets the lock.
            drop(lock(&self.asleep));
            self.changed.notify_all();
        }
        before
    }
    /// Waits until the number is another; calls `check` after each nap.
    fn wait(&self, value: usize, nap: Duration, check: impl Fn()) {
        for _ in 0..SPINS {
            if self.get() != value {
                return;
            }
            std::hint::spin_loop();
        }
        while self.get() == value {
            check();
            let asleep = lock(&self.asleep);
            self.sleepers.fetch_add(1, SeqCst);
            if self.value.load(SeqCst) == value {
                drop(self.changed.wait_timeout(asleep, nap));
            }
            self.sleepers.fetch_sub(1, SeqCst);
        }
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// What unwinds a thread out of its work when the engine closes or another thread has failed; no panic, nothing is printed.
pub struct Stopped;

pub struct Barrier {
    waiting: AtomicUsize,
    round: Signal,
    count: usize,
    stop: Arc<AtomicBool>,
}

impl Barrier {
    pub fn new(count: usize, stop: Arc<AtomicBool>) -> Self {
        Self { waiting: AtomicUsize::new(0), round: Signal::new(0), count, stop }
    }
    /// Ends this thread's work, by unwinding, when all is to stop.
    pub fn check(&self) {
        if self.stop.load(Relaxed) {
            resume_unwind(Box::new(Stopped));
        }
    }
    pub fn wait(&self) {
        if self.count == 1 {
            return;
        }
        let round = self.round.get();
        if self.waiting.fetch_add(1, AcqRel) + 1 == self.count {
            self.waiting.store(0, Relaxed);
            self.round.add(1);
        } else {
            self.round.wait(round, NAP, || self.check());
        }
    }
}

type Work = *const (dyn Fn(usize) + Sync);
pub type Panic = Box<dyn Any + Send>;

struct Shared {
    /// Counts commands.
    generation: Signal,
    /// Counts the shares that others than the caller have done.
    done: Signal,
    ends: AtomicBool,
    stop: Arc<AtomicBool>,
    work: UnsafeCell<Option<Work>>,
    panic: Mutex<Option<Panic>>,
}
unsafe impl Sync for Shared {}
unsafe impl Send for Shared {}

impl Shared {
    /// One thread's share; a panic stops the others, and the first is kept.
    fn perform(&self, work: &(dyn Fn(usize) + Sync), thread: usize) {
        let result = catch_unwind(AssertUnwindSafe(|| without_denormals(|| work(thread))));
        if let Err(panic) = result {
            self.stop.store(true, Release);
            let mut first = lock(&self.panic);
            if first.as_ref().is_none_or(|first| first.is::<Stopped>()) {
                *first = Some(panic);
            }
        }
    }
}

pub struct Pool {
    shared: Arc<Shared>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Pool {
    /// A pool of `count` threads, of which the one that calls `run` is one. None where the system starts no more.
    pub fn new(count: usize, stop: Arc<AtomicBool>) -> Option<Self> {
        let shared = Arc::new(Shared {
            generation: Signal::new(0),
            done: Signal::new(0),
            ends: AtomicBool::new(false),
            stop,
            work: UnsafeCell::new(None),
            panic: Mutex::new(None),
        });
        let mut pool = Self { shared, threads: vec![] };
        for thread in 1..count {
            let shared = pool.shared.clone();
            let serve = move || serve(&shared, thread);
            pool.threads.push(std::thread::Builder::new().name(format!("lstm-{thread}")).spawn(serve).ok()?);
        }
        Some(pool)
    }

    /// Has every thread do its share; an error is what a thread panicked with, or `Stopped`.
    pub fn run(&self, work: &(dyn Fn(usize) + Sync)) -> Result<(), Panic> {
        let shared = &self.shared;
        // The others are done with it before this returns.
        let lent: Work = unsafe { std::mem::transmute::<&(dyn Fn(usize) + Sync), Work>(work) };
        unsafe { *shared.work.get() = Some(lent) };
        let end = shared.done.get() + self.threads.len();
        shared.generation.add(1);
        shared.perform(work, 0);
        loop {
            let done = shared.done.get();
            if done == end {
                break;
            }
            shared.done.wait(done, FOREVER, || ());
        }
        lock(&shared.panic).take().map_or(Ok(()), Err)
    }
}

fn serve(shared: &Shared, thread: usize) {
    for seen in 0.. {
        shared.generation.wait(seen, FOREVER, || ());
        if shared.ends.load(Acquire) {
            return;
        }
        if let Some(work) = unsafe { *shared.work.get() } {
            shared.perform(unsafe { &*work }, thread);
        }
        shared.done.add(1);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.ends.store(true, Release);
        self.shared.generation.add(1);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Calls with denormal numbers taken and given as zeros (each costs a hundred cycles), and puts the processor's mode back.
pub fn without_denormals(call: impl FnOnce()) {
    struct Mode(u64);
    impl Drop for Mode {
        fn drop(&mut self) {
            write_mode(self.0);
        }
    }
    let before = Mode(read_mode());
    write_mode(before.0 | FLUSH);
    call();
}

#[cfg(target_arch = "x86_64")]
const FLUSH: u64 = 0x8040;
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn read_mode() -> u64 {
    let mut mode = 0u32;
    unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut mode, options(nostack)) };
    mode as u64
}
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn write_mode(mode: u64) {
    let mode = mode as u32;
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &mode, options(nostack)) };
}

// Miri runs no assembly.
#[cfg(miri)]
fn read_mode() -> u64 {
    0
}
#[cfg(miri)]
fn write_mode(_: u64) {}

#[cfg(target_arch = "aarch64")]
const FLUSH: u64 = 1 << 24;
#[cfg(all(target_arch = "aarch64", not(miri)))]
fn read_mode() -> u64 {
    let mode: u64;
    unsafe { std::arch::asm!("mrs {}, fpcr", out(reg) mode) };
    mode
}
#[cfg(all(target_arch = "aarch64", not(miri)))]
fn write_mode(mode: u64) {
    unsafe { std::arch::asm!("msr fpcr, {}", in(reg) mode) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(count: usize) -> (Pool, Barrier) {
        let stop = Arc::new(AtomicBool::new(false));
        (Pool::new(count, stop.clone()).unwrap(), Barrier::new(count, stop))
    }

    #[test]
    fn every_thread_does_its_share_and_meets_the_others() {
        let (pool, barrier) = pool(4);
        let count = AtomicUsize::new(0);
        for round in 1..=if cfg!(miri) { 3 } else { 200 } {
            let work = |_| {
                count.fetch_add(1, SeqCst);
                barrier.wait();
                assert_eq!(count.load(SeqCst), 4 * round);
                barrier.wait();
            };
            assert!(pool.run(&work).is_ok());
        }
    }

    #[test]
    fn a_panic_of_one_thread_ends_all_and_is_told() {
        for failing in 0..3 {
            let (pool, barrier) = pool(3);
            let panic = pool.run(&|thread| {
                assert!(thread != failing, "thread {thread} fails");
                barrier.wait();
            });
            let text = *panic.unwrap_err().downcast::<String>().unwrap();
            assert_eq!(text, format!("thread {failing} fails"));
        }
    }

    #[test]
    fn a_stop_ends_threads_that_wait() {
        let stop = Arc::new(AtomicBool::new(false));
        let (pool, barrier) = (Pool::new(2, stop.clone()).unwrap(), Barrier::new(2, stop.clone()));
        let result = pool.run(&|thread| {
            if thread == 0 { stop.store(true, SeqCst) } else { barrier.wait() }
        });
        assert!(result.unwrap_err().is::<Stopped>());
    }

    #[test]
    #[cfg_attr(miri, ignore)]
    fn denormal_numbers_are_zero_in_the_work_and_not_after_it() {
        let (pool, _) = pool(1);
        let tiny = std::hint::black_box(f32::MIN_POSITIVE);
        let halved = AtomicUsize::new(1);
        let half = |x: f32| std::hint::black_box(x) * std::hint::black_box(0.5);
        pool.run(&|_| halved.store(half(tiny).to_bits() as usize, SeqCst)).unwrap();
        assert_eq!(halved.load(SeqCst), 0);
        assert!(half(tiny) > 0.0);
    }
}
