//! What JavaScript can call. Every argument is checked, and nothing unwinds into Node.
//!
//! `unsafe`: arguments are read and results made by Node-API, on the thread and with the environment of the call. An engine
//! travels as an external value that carries this library's own tag, so no other value can be taken for one.
mod api;
mod line;

use crate::engine::{Batch, Dropout, Engine, NO_TARGET, Optimizer, Outcome, Refusal, Step};
use crate::kernels::{self, Rule};
use crate::layout::Shape;
use crate::memory::Part;
use crate::runner::{Failure, Runner, explain, failure};
use crate::stream::Stream;
use crate::threads::without_denormals;
use api::*;
use line::Line;
use std::ffi::{CStr, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Changes whenever the functions here do; `packages/engine/src/native/binding.ts` has the same.
const INTERFACE: f64 = 3.0;

type Answer = Result<Value, Failure>;

fn bad(message: impl Into<String>) -> Failure {
    failure("BAD_ARGUMENT", message)
}

/// An engine as JavaScript holds it; None once it is closed.
struct Held {
    runner: Option<Runner>,
    line: Arc<Line>,
}

impl Held {
    fn close(&mut self) {
        // Threads first: they may still send.
        self.runner = None;
        self.line.close();
    }
}

const ENGINE: TypeTag = TypeTag { lower: 0x6368_6172_6c73_746d, upper: 0x9d2f_4c1b_87a3_e650 };
const STREAM: TypeTag = TypeTag { lower: 0x6368_6172_6c73_746d, upper: 0x3b61_d07e_52c4_1f98 };

// ---- arguments

fn arguments<const N: usize>(env: Env, info: Info) -> [Value; N] {
    let (mut values, mut count) = ([null_mut(); N], N);
    unsafe { napi_get_cb_info(env, info, &mut count, values.as_mut_ptr(), null_mut(), null_mut()) };
    values
}

/// The numbers of a typed array, until the call returns: JavaScript does not run meanwhile.
fn array<'a, T>(env: Env, value: Value, expected: i32) -> Result<&'a mut [T], Failure> {
    let (mut kind, mut length, mut data, mut buffer, mut offset) = (-1, 0, null_mut(), null_mut(), 0);
    let status = unsafe { napi_get_typedarray_info(env, value, &mut kind, &mut length, &mut data, &mut buffer, &mut offset) };
    if status != OK || kind != expected {
        return Err(bad("a typed array of another kind was expected"));
    }
    if length == 0 || data.is_null() {
        return Ok(&mut []);
    }
    Ok(unsafe { std::slice::from_raw_parts_mut(data as *mut T, length) })
}

/// A copy of ids, which JavaScript may change as soon as the call has returned.
fn ids(env: Env, value: Value) -> Result<Vec<u32>, Failure> {
    let given: &[u32] = array(env, value, UINT32_ARRAY)?;
    let mut ids = vec![];
    ids.try_reserve_exact(given.len()).map_err(|_| failure("OUT_OF_MEMORY", (4 * given.len()).to_string()))?;
    ids.extend_from_slice(given);
    Ok(ids)
}

fn numbers<'a, const N: usize>(env: Env, value: Value) -> Result<(&'a [f64; N], &'a [f64]), Failure> {
    let all: &[f64] = array(env, value, FLOAT64_ARRAY)?;
    all.split_first_chunk::<N>().ok_or_else(|| bad(format!("{} numbers, at least {N} were expected", all.len())))
}

fn text(env: Env, value: Value) -> Result<String, Failure> {
    let (mut bytes, mut length) = ([0u8; 64], 0);
    let status = unsafe { napi_get_value_string_utf8(env, value, bytes.as_mut_ptr() as *mut _, bytes.len(), &mut length) };
    if status != OK {
        return Err(bad("a string was expected"));
    }
    Ok(String::from_utf8_lossy(&bytes[..length]).into_owned())
}

fn whole(number: f64, least: usize, most: usize) -> Result<usize, Failure> {
    let is_fitting = number.fract() == 0.0 && number >= least as f64 && number <= most as f64;
    if is_fitting { Ok(number as usize) } else { Err(bad(format!("{number} is no whole number from {least} to {most}"))) }
}

/// What an external value with this tag carries.
fn external<'a, T>(env: Env, value: Value, tag: &TypeTag) -> Option<&'a mut T> {
    let (mut kind, mut is_ours, mut data) = (-1, false, null_mut());
    unsafe {
        // Asking null for its tag would leave an exception of its own.
        let is_external = napi_typeof(env, value, &mut kind) == OK && kind == EXTERNAL;
        let is_tagged = is_external && napi_check_object_type_tag(env, value, tag, &mut is_ours) == OK && is_ours;
        if !is_tagged || napi_get_value_external(env, value, &mut data) != OK {
            return None;
        }
        Some(&mut *(data as *mut T))
    }
}

fn held<'a>(env: Env, value: Value) -> Result<&'a mut Held, Failure> {
    external(env, value, &ENGINE).ok_or_else(|| bad("an engine was expected"))
}

/// A stream as JavaScript holds it; None once it is closed.
fn stream<'a>(env: Env, value: Value) -> Result<&'a mut Option<Stream>, Failure> {
    external(env, value, &STREAM).ok_or_else(|| bad("a stream was expected"))
}

impl Held {
    fn runner(&self) -> Result<&Runner, Failure> {
        self.runner.as_ref().ok_or_else(|| failure("CLOSED", "the engine is closed"))
    }
}

// ---- results

fn undefined() -> Answer {
    Ok(null_mut())
}

fn number(env: Env, number: f64) -> Value {
    let mut value = null_mut();
    unsafe { napi_create_double(env, number, &mut value) };
    value
}

fn string(env: Env, text: &str) -> Value {
    let mut value = null_mut();
    unsafe { napi_create_string_utf8(env, text.as_ptr() as *const _, text.len(), &mut value) };
    value
}

fn list(env: Env, values: impl ExactSizeIterator<Item = Value>) -> Value {
    let mut array = null_mut();
    unsafe { napi_create_array_with_length(env, values.len(), &mut array) };
    for (index, value) in values.enumerate() {
        unsafe { napi_set_element(env, array, index as u32, value) };
    }
    array
}

fn outcome_values(env: Env, Outcome { loss, correct, norm, applied }: Outcome) -> Value {
    list(env, [loss, correct as f64, norm, applied as u8 as f64].into_iter().map(|each| number(env, each)))
}

fn error(env: Env, failure: &Failure) -> Value {
    let mut error = null_mut();
    unsafe { napi_create_error(env, string(env, failure.code), string(env, &failure.message), &mut error) };
    error
}

fn reject(env: Env, deferred: Deferred, failure: &Failure) {
    unsafe { napi_reject_deferred(env, deferred, error(env, failure)) };
}

/// Calls, and throws what failed or panicked.
fn guarded(env: Env, call: impl FnOnce() -> Answer) -> Value {
    let result = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| Err(explain(panic)));
    result.unwrap_or_else(|failure| {
        unsafe { napi_throw(env, error(env, &failure)) };
        null_mut()
    })
}

// ---- functions

/// builds(): names of the instruction sets that this processor has, the fastest first.
fn builds(env: Env, _: Info) -> Answer {
    Ok(list(env, kernels::present().into_iter().map(|kernels| string(env, kernels.name))))
}

fn kernels_of(env: Env, value: Value) -> Result<&'static kernels::Kernels, Failure> {
    let name = text(env, value)?;
    kernels::find(&name).ok_or_else(|| failure("NO_BUILD", format!("this processor lacks the instructions of {name}")))
}

/// create(build, Float64Array [limit, vocabulary, sequence, rows, length, training, dropout, slots, threads, ...units])
fn create(env: Env, info: Info) -> Answer {
    let [build, given] = arguments::<2>(env, info);
    let kernels = kernels_of(env, build)?;
    let (&[limit, vocabulary, sequence, rows, length, training, dropout, slots, threads], units) = numbers::<9>(env, given)?;
    let many = 1 << 20;
    if units.is_empty() || units.len() > 4 {
        return Err(bad("one to four layers were expected"));
    }
    let shape = Shape {
        vocabulary: whole(vocabulary, 1, many)?,
        units: units.iter().map(|width| whole(*width, 1, 8192)).collect::<Result<_, _>>()?,
        sequence: sequence == 1.0,
        rows: whole(rows, 1, many)?,
        length: whole(length, 1, many)?,
        training: training == 1.0,
        dropout: dropout == 1.0,
        slots: whole(slots, 0, 2)?,
        threads: whole(threads, 1, 64)?,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let limit = if limit.is_finite() { limit as usize } else { usize::MAX };
    let engine = Engine::new(shape, kernels, limit, stop.clone()).map_err(|refusal| match refusal {
        Refusal::Memory { bytes } => failure("OUT_OF_MEMORY", bytes.to_string()),
        Refusal::Threads => no_thread(),
    })?;
    let bytes = engine.bytes;
    let runner = Some(Runner::start(engine, stop).ok_or_else(no_thread)?);
    let line = Line::open(env).ok_or_else(no_thread)?;
    let value = carried(env, Held { runner, line }, finalize, &ENGINE)?;
    Ok(list(env, [value, number(env, bytes as f64)].into_iter()))
}

/// An external value that carries something, until JavaScript forgets it.
fn carried<T>(env: Env, carried: T, finalize: Finalize, tag: &TypeTag) -> Answer {
    let (data, mut value) = (Box::into_raw(Box::new(carried)) as *mut c_void, null_mut());
    unsafe {
        if napi_create_external(env, data, finalize, null_mut(), &mut value) != OK {
            finalize(env, data, null_mut());
            return Err(failure("WORKER_FAILED", "Node makes no value"));
        }
        napi_type_tag_object(env, value, tag);
    }
    Ok(value)
}

fn no_thread() -> Failure {
    failure("WORKER_FAILED", "the system starts no more threads")
}

unsafe extern "C" fn finalize(_: Env, data: *mut c_void, _: *mut c_void) {
    let mut held = unsafe { Box::from_raw(data as *mut Held) };
    let _ = catch_unwind(AssertUnwindSafe(|| held.close()));
}

unsafe extern "C" fn finalize_stream(_: Env, data: *mut c_void, _: *mut c_void) {
    drop(unsafe { Box::from_raw(data as *mut Option<Stream>) });
}

/// step(engine, inputs, targets, Float64Array [rows, length, training, rule, momentum, square, epsilon, rate, decay, clip, threshold,
/// scale], Uint32Array keys): a promise of [loss, correct, norm, applied]; without keys nothing is dropped.
fn step(env: Env, info: Info) -> Answer {
    let [engine, inputs, targets, given, keys] = arguments::<5>(env, info);
    let held = held(env, engine)?;
    let (&[rows, length, training, rule, momentum, square, epsilon, rate, decay, clip, threshold, scale], _) = numbers::<12>(env, given)?;
    let runner = held.runner()?;
    let shape = runner.engine()?.shape.clone();
    let batch = Batch {
        inputs: ids(env, inputs)?,
        targets: ids(env, targets)?,
        rows: whole(rows, 1, shape.rows)?,
        length: whole(length, 1, shape.length)?,
    };
    let predictions = if shape.sequence { batch.rows * batch.length } else { batch.rows };
    if batch.inputs.len() != batch.rows * batch.length || batch.targets.len() != predictions {
        return Err(bad("a batch of another size was expected"));
    }
    let targets = batch.targets.iter().filter(|target| !shape.sequence || **target != NO_TARGET);
    if batch.inputs.iter().chain(targets).any(|id| *id as usize >= shape.vocabulary) {
        return Err(bad("ids inside the vocabulary were expected"));
    }
    let rule = match whole(rule, 0, 2)? {
        0 => Rule::Sgd,
        1 => Rule::RmsProp,
        _ => Rule::Adam,
    };
    let needed = [0, 1, 2][rule as usize];
    let is_training = training == 1.0;
    if is_training && (!shape.training || shape.slots < needed) {
        return Err(bad("an engine for training with this rule was expected"));
    }
    // A rate may be too large for anything: then the weights keep their values.
    if [momentum, square, epsilon, decay, clip, threshold, scale].iter().any(|number| !number.is_finite()) {
        return Err(bad("finite numbers were expected"));
    }
    let f = |number: f64| number as f32;
    let optimizer =
        Optimizer { rule, momentum: f(momentum), square: f(square), epsilon: f(epsilon), rate: f(rate), decay: f(decay), clip };
    let keys = ids(env, keys)?;
    let dropout = if keys.is_empty() { None } else { Some(Dropout { threshold: threshold as u32, scale: f(scale), keys }) };
    if dropout.as_ref().is_some_and(|dropout| !shape.dropout || !is_training || dropout.keys.len() != shape.units.len()) {
        return Err(bad("an engine for dropout, and a key for each layer, were expected"));
    }
    let (mut deferred, mut promise) = (null_mut(), null_mut());
    unsafe { napi_create_promise(env, &mut deferred, &mut promise) };
    let (line, address) = (held.line.clone(), deferred as usize);
    let optimizer = is_training.then_some(optimizer);
    match runner.step(Step { batch, dropout, optimizer }, Box::new(move |result| line.send(address, result))) {
        Ok(()) => held.line.expect(env),
        Err(failure) => reject(env, deferred, &failure),
    }
    Ok(promise)
}

fn finite(values: &[f32]) -> Result<(), Failure> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(bad("finite numbers were expected")) }
}

/// The numbers of all weights (-1) or of a slot, tensor by tensor in Keras's layout.
fn tensors(env: Env, info: Info, is_write: bool) -> Answer {
    let [engine, slot, given] = arguments::<3>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    let (&[slot], _) = numbers::<1>(env, slot)?;
    let slot = if slot < 0.0 { None } else { Some(whole(slot, 0, 1)?) };
    let part: Part = engine.numbers(slot).ok_or_else(|| bad("a slot that the engine has was expected"))?;
    let values: &mut [f32] = array(env, given, FLOAT32_ARRAY)?;
    if values.len() != engine.layout.tensors.iter().map(|tensor| tensor.count()).sum::<usize>() {
        return Err(bad("as many numbers as the model has were expected"));
    }
    if is_write {
        finite(values)?;
        part.clear();
    }
    let mut values = values.iter_mut();
    for tensor in &engine.layout.tensors {
        tensor.each(|place| {
            let Some(value) = values.next() else { return };
            if is_write { part.set(place, *value) } else { *value = part.get(place) }
        });
    }
    if is_write && slot.is_none() {
        engine.refresh();
    }
    undefined()
}

/// read(engine, Float64Array [slot], Float32Array)
fn read(env: Env, info: Info) -> Answer {
    tensors(env, info, false)
}

/// write(engine, Float64Array [slot], Float32Array)
fn write(env: Env, info: Info) -> Answer {
    tensors(env, info, true)
}

/// The carried state of training, [layers][h, c][rows][units].
fn states(env: Env, info: Info, is_write: bool) -> Answer {
    let [engine, given] = arguments::<2>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    let values: &mut [f32] = array(env, given, FLOAT32_ARRAY)?;
    let rows = engine.shape.rows;
    if !engine.shape.sequence || !engine.shape.training || values.len() != 2 * rows * engine.shape.units.iter().sum::<usize>() {
        return Err(bad("as many numbers as the state has were expected"));
    }
    if is_write {
        finite(values)?;
    }
    let mut rest = values;
    for (layer, [hidden, cells]) in engine.layout.layers.iter().zip(&engine.storage.states) {
        for part in [hidden.all(), cells.all()] {
            let (these, others) = rest.split_at_mut(rows * layer.units);
            for (index, value) in these.iter_mut().enumerate() {
                let place = index / layer.units * layer.row() + index % layer.units;
                if is_write { part.set(place, *value) } else { *value = part.get(place) }
            }
            rest = others;
        }
    }
    undefined()
}

/// readState(engine, Float32Array)
fn read_state(env: Env, info: Info) -> Answer {
    states(env, info, false)
}

/// writeState(engine, Float32Array)
fn write_state(env: Env, info: Info) -> Answer {
    states(env, info, true)
}

/// resetState(engine)
fn reset_state(env: Env, info: Info) -> Answer {
    let [engine] = arguments::<1>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    for part in engine.storage.states.iter().flatten() {
        part.all().clear();
    }
    undefined()
}

/// openStream(engine, Float64Array [texts]): [stream, bytes]
fn open_stream(env: Env, info: Info) -> Answer {
    let [engine, given] = arguments::<2>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    let (&[texts], _) = numbers::<1>(env, given)?;
    let opened = Stream::new(&engine, whole(texts, 1, 1 << 16)?).map_err(|bytes| failure("OUT_OF_MEMORY", bytes.to_string()))?;
    let bytes = opened.bytes;
    let value = carried(env, Some(opened), finalize_stream, &STREAM)?;
    Ok(list(env, [value, number(env, bytes as f64)].into_iter()))
}

/// streamStep(engine, stream, Uint32Array ids, Float32Array logits): at once, on this thread.
fn stream_step(env: Env, info: Info) -> Answer {
    let [engine, given, ids, logits] = arguments::<4>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    let stream = stream(env, given)?.as_mut().ok_or_else(|| failure("CLOSED", "the stream is closed"))?;
    let (ids, logits): (&mut [u32], &mut [f32]) = (array(env, ids, UINT32_ARRAY)?, array(env, logits, FLOAT32_ARRAY)?);
    if !stream.fits(&engine, ids) || logits.len() != ids.len() * engine.shape.vocabulary {
        return Err(bad("an id, inside the vocabulary, and logits for each text of the engine's own stream were expected"));
    }
    without_denormals(|| stream.step(&engine, ids, logits));
    undefined()
}

/// The state of a stream, [layers][h, c][texts][units].
fn stream_state(env: Env, info: Info, is_write: bool) -> Answer {
    let [engine, given, values] = arguments::<3>(env, info);
    let engine = held(env, engine)?.runner()?.engine()?;
    let stream = stream(env, given)?.as_ref().ok_or_else(|| failure("CLOSED", "the stream is closed"))?;
    let values: &mut [f32] = array(env, values, FLOAT32_ARRAY)?;
    if values.len() != stream.numbers(&engine) {
        return Err(bad("as many numbers as the state of the engine's own stream has were expected"));
    }
    if is_write {
        finite(values)?;
    }
    let mut values = values.iter_mut();
    stream.each(&engine, |part, place| {
        let Some(value) = values.next() else { return };
        if is_write { part.set(place, *value) } else { *value = part.get(place) }
    });
    undefined()
}

/// readStream(engine, stream, Float32Array)
fn read_stream(env: Env, info: Info) -> Answer {
    stream_state(env, info, false)
}

/// writeStream(engine, stream, Float32Array)
fn write_stream(env: Env, info: Info) -> Answer {
    stream_state(env, info, true)
}

/// closeStream(stream): gives the memory back; may be called again.
fn close_stream(env: Env, info: Info) -> Answer {
    let [given] = arguments::<1>(env, info);
    *stream(env, given)? = None;
    undefined()
}

/// stop(engine): a step that runs ends soon, with an error.
fn stop(env: Env, info: Info) -> Answer {
    let [engine] = arguments::<1>(env, info);
    if let Some(runner) = &held(env, engine)?.runner {
        runner.stop();
    }
    undefined()
}

/// close(engine): ends the threads and gives the memory back; may be called again.
fn close(env: Env, info: Info) -> Answer {
    let [engine] = arguments::<1>(env, info);
    held(env, engine)?.close();
    undefined()
}

/// measure(build, name, Float64Array [units, rows]): GFLOP/s of "peak", "forward", "backward" or "weights".
fn measure(env: Env, info: Info) -> Answer {
    let [build, name, given] = arguments::<3>(env, info);
    let (&[units, rows], _) = numbers::<2>(env, given)?;
    let (units, rows) = (whole(units, 1, 8192)?, whole(rows, 1, 8192)?);
    let measured = crate::measure::measure(kernels_of(env, build)?, &text(env, name)?, units, rows);
    let (seconds, operations) = measured.ok_or_else(|| failure("OUT_OF_MEMORY", "0"))?;
    Ok(number(env, operations / seconds / 1e9))
}

/// measureBarrier(Float64Array [threads]): nanoseconds of one.
fn measure_barrier(env: Env, info: Info) -> Answer {
    let [given] = arguments::<1>(env, info);
    let (&[threads], _) = numbers::<1>(env, given)?;
    Ok(number(env, crate::measure::barrier(whole(threads, 1, 64)?).ok_or_else(no_thread)?))
}

/// activate(build, Float64Array [0 sigmoid, 1 tanh, 2 exp2], Float32Array): in place.
fn activate(env: Env, info: Info) -> Answer {
    let [build, kind, given] = arguments::<3>(env, info);
    let (&[kind], _) = numbers::<1>(env, kind)?;
    let values: &mut [f32] = array(env, given, FLOAT32_ARRAY)?;
    if !values.len().is_multiple_of(16) {
        return Err(bad("a multiple of 16 numbers was expected"));
    }
    kernels_of(env, build)?.function(whole(kind, 0, 2)? as u32, values);
    undefined()
}

macro_rules! exported {
    ($($name:literal: $function:ident),* $(,)?) => {{
        $(unsafe extern "C" fn $function(env: Env, info: Info) -> Value {
            guarded(env, || super::$function(env, info))
        })*
        [$(($name, $function as Callback)),*]
    }};
}

mod exports {
    use super::*;
    pub fn all() -> [(&'static CStr, Callback); 18] {
        exported! {
            c"builds": builds, c"create": create, c"step": step, c"read": read, c"write": write, c"readState": read_state,
            c"writeState": write_state, c"resetState": reset_state, c"stop": stop, c"close": close, c"measure": measure,
            c"measureBarrier": measure_barrier, c"activate": activate, c"openStream": open_stream, c"streamStep": stream_step,
            c"readStream": read_stream, c"writeStream": write_stream, c"closeStream": close_stream,
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn napi_register_module_v1(env: Env, exports: Value) -> Value {
    // A panic becomes an error; what it would print belongs to nobody's program.
    std::panic::set_hook(Box::new(|_| {}));
    for (name, call) in exports::all() {
        let mut function = null_mut();
        unsafe {
            napi_create_function(env, name.as_ptr(), name.count_bytes(), call, null_mut(), &mut function);
            napi_set_named_property(env, exports, name.as_ptr(), function);
        }
    }
    unsafe {
        napi_set_named_property(env, exports, c"interface".as_ptr(), number(env, INTERFACE));
        napi_set_named_property(env, exports, c"version".as_ptr(), string(env, env!("CARGO_PKG_VERSION")));
    }
    exports
}

#[unsafe(no_mangle)]
pub extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    8
}
