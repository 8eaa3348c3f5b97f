//! Node-API, as far as it is used here (version 8, of Node 18 on).
//!
//! `unsafe`: declarations of C functions; their callers pass the `Env` they were called with, on its thread.
use std::ffi::{c_char, c_void};

pub type Env = *mut c_void;
pub type Value = *mut c_void;
pub type Info = *mut c_void;
pub type Deferred = *mut c_void;
pub type Function = *mut c_void;
pub type Callback = unsafe extern "C" fn(Env, Info) -> Value;
pub type Finalize = unsafe extern "C" fn(Env, *mut c_void, *mut c_void);
pub type CallJs = unsafe extern "C" fn(Env, Value, *mut c_void, *mut c_void);

pub const OK: i32 = 0;
pub const EXTERNAL: i32 = 8;
pub const UINT32_ARRAY: i32 = 6;
pub const FLOAT32_ARRAY: i32 = 7;
pub const FLOAT64_ARRAY: i32 = 8;

#[repr(C)]
pub struct TypeTag {
    pub lower: u64,
    pub upper: u64,
}

#[cfg_attr(windows, link(name = "node.exe", kind = "raw-dylib", modifiers = "+verbatim"))]
unsafe extern "C" {
    pub fn napi_create_function(env: Env, name: *const c_char, length: usize, call: Callback, data: *mut c_void, result: *mut Value) -> i32;
    pub fn napi_set_named_property(env: Env, object: Value, name: *const c_char, value: Value) -> i32;
    pub fn napi_get_cb_info(env: Env, info: Info, count: *mut usize, arguments: *mut Value, this: *mut Value, data: *mut *mut c_void) -> i32;
    pub fn napi_get_typedarray_info(env: Env, value: Value, kind: *mut i32, length: *mut usize, data: *mut *mut c_void, buffer: *mut Value, offset: *mut usize) -> i32;
    pub fn napi_get_value_string_utf8(env: Env, value: Value, text: *mut c_char, size: usize, length: *mut usize) -> i32;
    pub fn napi_create_external(env: Env, data: *mut c_void, finalize: Finalize, hint: *mut c_void, result: *mut Value) -> i32;
    pub fn napi_get_value_external(env: Env, value: Value, result: *mut *mut c_void) -> i32;
    pub fn napi_typeof(env: Env, value: Value, kind: *mut i32) -> i32;
    pub fn napi_type_tag_object(env: Env, value: Value, tag: *const TypeTag) -> i32;
    pub fn napi_check_object_type_tag(env: Env, value: Value, tag: *const TypeTag, result: *mut bool) -> i32;
    pub fn napi_create_double(env: Env, number: f64, result: *mut Value) -> i32;
    pub fn napi_create_string_utf8(env: Env, text: *const c_char, length: usize, result: *mut Value) -> i32;
    pub fn napi_create_array_with_length(env: Env, length: usize, result: *mut Value) -> i32;
    pub fn napi_set_element(env: Env, object: Value, index: u32, value: Value) -> i32;
    pub fn napi_create_error(env: Env, code: Value, message: Value, result: *mut Value) -> i32;
    pub fn napi_throw(env: Env, error: Value) -> i32;
    pub fn napi_create_promise(env: Env, deferred: *mut Deferred, promise: *mut Value) -> i32;
    pub fn napi_resolve_deferred(env: Env, deferred: Deferred, value: Value) -> i32;
    pub fn napi_reject_deferred(env: Env, deferred: Deferred, error: Value) -> i32;
    pub fn napi_create_threadsafe_function(
        env: Env, function: Value, resource: Value, name: Value, queue: usize, threads: usize, data: *mut c_void,
        finalize: Option<Finalize>, context: *mut c_void, call: CallJs, result: *mut Function,
    ) -> i32;
    pub fn napi_call_threadsafe_function(function: Function, data: *mut c_void, mode: i32) -> i32;
    pub fn napi_release_threadsafe_function(function: Function, mode: i32) -> i32;
    pub fn napi_ref_threadsafe_function(env: Env, function: Function) -> i32;
    pub fn napi_unref_threadsafe_function(env: Env, function: Function) -> i32;
}
