//! The server. Streams are served by the asynchronous stack only: the synchronous one has none.

mod answers;
mod asynchronous;
mod examples;
mod streaming;
mod synchronous;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};

use crate::Stack;
use crate::address::Address;

/// Serves until SIGTERM or SIGINT.
///
/// The asynchronous stack keeps the order of a stream's messages on one thread only: each frame is a task of its own.
pub fn serve(stack: Stack, threads: usize, addresses: &[Address]) -> Result<(), String> {
    let runtime = runtime(threads).map_err(|e| e.to_string())?;
    let served = match stack {
        Stack::Async => runtime.block_on(asynchronous::serve(addresses)),
        Stack::Sync => synchronous::serve(addresses, || runtime.block_on(asked_to_end())),
    };
    for address in addresses {
        if let Address::Unix(path) = address {
            // never bound where serving failed
            let _ = std::fs::remove_file(path);
        }
    }
    served.map_err(|e| e.to_string())
}

fn runtime(threads: usize) -> std::io::Result<Runtime> {
    match threads {
        1 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    }
}

async fn asked_to_end() -> ttrpc::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).map_err(of_io)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(of_io)?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
    }
}

fn of_io(error: std::io::Error) -> ttrpc::Error {
    ttrpc::Error::Others(error.to_string())
}
