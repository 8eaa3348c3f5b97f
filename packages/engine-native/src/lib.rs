//! The native engine: an LSTM's training step in AVX-512, AVX2 and NEON, for `@charlstm/engine`.
#![cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod engine;
mod kernels;
mod layout;
mod measure;
mod memory;
mod node;
mod runner;
mod share;
mod simd;
mod storage;
mod stream;
#[cfg(test)]
mod tests;
mod threads;
