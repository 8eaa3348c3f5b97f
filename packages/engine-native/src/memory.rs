//! The numbers of an engine, and the one view through which all threads reach them.
//!
//! `unsafe`: a `Part` is a pointer that knows its extent. Every view is cut from another with its bounds checked, and kernels
//! check the extents that they were given. Threads never write what others read or write at the same time: between two
//! barriers each works on rows, or on ranges of the weights, of its own.
use std::alloc::{Layout, alloc_zeroed, dealloc};

const ALIGNMENT: usize = 128;

/// Owns numbers, zero at first, given back when it is dropped.
pub struct Floats {
    start: *mut f32,
    layout: Layout,
}

unsafe impl Send for Floats {}
unsafe impl Sync for Floats {}

/// Where an engine's numbers come from; or only the count of them.
pub struct Memory {
    is_real: bool,
    count: usize,
}

impl Memory {
    pub fn real() -> Self {
        Self { is_real: true, count: 0 }
    }
    pub fn counting() -> Self {
        Self { is_real: false, count: 0 }
    }
    /// Of all that was taken.
    pub fn bytes(&self) -> usize {
        self.count.saturating_mul(4)
    }
    /// None where the system does not give that much.
    pub fn take(&mut self, count: usize) -> Option<Floats> {
        self.count = self.count.saturating_add(count);
        Floats::new(if self.is_real { count } else { 0 })
    }
    /// Room for ids.
    pub fn take_ids(&mut self, count: usize) -> Option<Vec<u32>> {
        self.count = self.count.saturating_add(count);
        let mut ids = vec![];
        ids.try_reserve_exact(if self.is_real { count } else { 0 }).ok()?;
        Some(ids)
    }
}

impl Floats {
    fn new(count: usize) -> Option<Self> {
        let layout = Layout::array::<f32>(count.max(1)).ok()?.align_to(ALIGNMENT).ok()?;
        let start = unsafe { alloc_zeroed(layout) } as *mut f32;
        if start.is_null() { None } else { Some(Self { start, layout }) }
    }
    pub fn all(&self) -> Part {
        Part { start: self.start, count: self.layout.size() / 4 }
    }
}

impl Drop for Floats {
    fn drop(&mut self) {
        unsafe { dealloc(self.start as *mut u8, self.layout) }
    }
}

/// Numbers side by side, somewhere in an engine's `Floats`; lives no longer than the call that made it.
#[derive(Clone, Copy)]
pub struct Part {
    start: *mut f32,
    count: usize,
}

unsafe impl Send for Part {}
unsafe impl Sync for Part {}

impl Part {
    pub fn count(self) -> usize {
        self.count
    }
    /// What lies from `at` on.
    pub fn from(self, at: usize) -> Self {
        assert!(at <= self.count, "a view from {at} on of {}", self.count);
        Self { start: self.start.wrapping_add(at), count: self.count - at }
    }
    pub fn cut(self, at: usize, count: usize) -> Self {
        let part = self.from(at);
        Self { start: part.pointer(count), count }
    }
    /// For kernels: a pointer to at least `count` numbers.
    pub fn pointer(self, count: usize) -> *mut f32 {
        assert!(count <= self.count, "{count} numbers in a view of {}", self.count);
        self.start
    }
    pub fn get(self, at: usize) -> f32 {
        assert!(at < self.count);
        unsafe { *self.start.add(at) }
    }
    pub fn set(self, at: usize, value: f32) {
        assert!(at < self.count);
        unsafe { *self.start.add(at) = value }
    }
    /// Copies the first numbers out.
    pub fn read(self, to: &mut [f32]) {
        unsafe { std::ptr::copy_nonoverlapping(self.pointer(to.len()), to.as_mut_ptr(), to.len()) }
    }
    pub fn clear(self) {
        unsafe { std::ptr::write_bytes(self.start, 0, self.count) }
    }
    /// Copies numbers of another place; the two never overlap, or are the same.
    pub fn copy_from(self, other: Self) {
        assert_eq!(self.count, other.count);
        unsafe { std::ptr::copy(other.start, self.start, self.count) }
    }
}
