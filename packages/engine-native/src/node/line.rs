//! The line from an engine's thread to JavaScript's: a threadsafe function, which keeps the program running while a step runs.
//!
//! `unsafe`: Node deletes the function when its environment ends, and says so before; from then on the line is cut. Whoever
//! calls holds the lock that cutting needs. What was sent is a box, taken back by `receive` once, with or without an environment.
use super::api::*;
use super::{outcome_values, reject};
use crate::engine::Outcome;
use crate::runner::Failure;
use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::{Arc, Mutex};

pub struct Line {
    /// Null when cut.
    function: Mutex<usize>,
}

struct Message {
    deferred: Deferred,
    function: Function,
    result: Result<Outcome, Failure>,
}

const NONBLOCKING: i32 = 0;
const RELEASE: i32 = 0;

impl Line {
    /// None where Node has no more.
    pub fn open(env: Env) -> Option<Arc<Self>> {
        let line = Arc::new(Self { function: Mutex::new(0) });
        let (mut name, mut function) = (null_mut(), null_mut());
        unsafe {
            napi_create_string_utf8(env, c"charlstm".as_ptr(), 8, &mut name);
            let data = Arc::into_raw(line.clone()) as *mut c_void;
            let status =
                napi_create_threadsafe_function(env, null_mut(), null_mut(), name, 0, 1, data, Some(cut), null_mut(), receive, &mut function);
            if status != OK {
                drop(Arc::from_raw(data as *const Self));
                return None;
            }
            napi_unref_threadsafe_function(env, function);
        }
        *line.locked() = function as usize;
        Some(line)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, usize> {
        self.function.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Keeps the program running until a message has arrived; on JavaScript's thread.
    pub fn expect(&self, env: Env) {
        let function = *self.locked();
        if function != 0 {
            unsafe { napi_ref_threadsafe_function(env, function as Function) };
        }
    }

    pub fn send(&self, deferred: usize, result: Result<Outcome, Failure>) {
        let function = self.locked();
        if *function == 0 {
            return;
        }
        let message = Message { deferred: deferred as Deferred, function: *function as Function, result };
        let data = Box::into_raw(Box::new(message)) as *mut c_void;
        if unsafe { napi_call_threadsafe_function(*function as Function, data, NONBLOCKING) } != OK {
            drop(unsafe { Box::from_raw(data as *mut Message) });
        }
    }

    /// Lets go of the function; on JavaScript's thread.
    pub fn close(&self) {
        let function = std::mem::take(&mut *self.locked());
        if function != 0 {
            unsafe { napi_release_threadsafe_function(function as Function, RELEASE) };
        }
    }
}

/// Node deletes the function after this.
unsafe extern "C" fn cut(_: Env, data: *mut c_void, _: *mut c_void) {
    let line = unsafe { Arc::from_raw(data as *const Line) };
    *line.locked() = 0;
}

unsafe extern "C" fn receive(env: Env, _: Value, _: *mut c_void, data: *mut c_void) {
    let message = unsafe { Box::from_raw(data as *mut Message) };
    if env.is_null() {
        return;
    }
    unsafe {
        match message.result {
            Ok(outcome) => {
                napi_resolve_deferred(env, message.deferred, outcome_values(env, outcome));
            }
            Err(failure) => reject(env, message.deferred, &failure),
        }
        napi_unref_threadsafe_function(env, message.function);
    }
}
