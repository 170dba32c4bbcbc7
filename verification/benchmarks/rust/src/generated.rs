//! What `build.rs` makes of benchmark.proto.

/// Messages, and the service of the asynchronous stack.
pub mod asynchronous {
    include!(concat!(env!("OUT_DIR"), "/asynchronous/mod.rs"));
}

/// The service of the synchronous stack, which has no streams.
pub mod synchronous {
    pub use super::asynchronous::benchmark;

    include!(concat!(env!("OUT_DIR"), "/synchronous/mod.rs"));
}
