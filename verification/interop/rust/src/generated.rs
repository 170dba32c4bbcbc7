//! What `build.rs` makes of the .proto files.

/// Messages, and services of the asynchronous stack.
pub mod asynchronous {
    include!(concat!(env!("OUT_DIR"), "/asynchronous/mod.rs"));
}

/// Services of the synchronous stack, which has no streams.
pub mod synchronous {
    pub use super::asynchronous::{agent, conformance, health, streaming};

    include!(concat!(env!("OUT_DIR"), "/synchronous/mod.rs"));
}
