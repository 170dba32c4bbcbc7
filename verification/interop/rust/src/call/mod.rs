//! The client: named cases, each on a connection of its own.

mod cancellation;
mod concurrency;
mod deadlines;
mod examples;
mod faults;
mod limits;
mod peer;
mod streaming;
mod streams;
mod unary;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::Stack;
use crate::address::Address;
use crate::expect::Outcome;
use peer::Peer;

/// As many as the synchronous stack has calls waiting at once, each on a thread of its own.
const BLOCKED_THREADS: usize = 1_200;

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Clone, Copy)]
pub struct Case {
    name: &'static str,
    meaning: &'static str,
    /// Streams exist in Rust's asynchronous stack only.
    streams: bool,
    run: fn(Peer) -> Running,
}

/// A case of unary calls, which both stacks can make.
macro_rules! case {
    ($name:literal, $meaning:literal, $run:path) => {
        $crate::call::Case { name: $name, meaning: $meaning, streams: false, run: |peer| Box::pin($run(peer)) }
    };
}

/// A case that only the asynchronous stack can run.
macro_rules! asynchronous_case {
    ($name:literal, $meaning:literal, $run:path) => {
        $crate::call::Case { name: $name, meaning: $meaning, streams: true, run: |peer| Box::pin($run(peer)) }
    };
}

use {asynchronous_case, case};

fn all() -> impl Iterator<Item = Case> {
    [
        unary::CASES,
        deadlines::CASES,
        streams::CASES,
        limits::CASES,
        cancellation::CASES,
        concurrency::CASES,
        streaming::EACH,
        streaming::ALL_AT_ONCE,
        examples::EACH,
        examples::ALL_AT_ONCE,
        faults::CASES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

pub fn list() {
    for case in all() {
        let stacks = if case.streams { " (async only)" } else { "" };
        println!("{:<32} {}{stacks}", case.name, case.meaning);
    }
}

/// The cases named, or all that the stack can run where none is.
pub fn choose(stack: Stack, names: &[String]) -> Result<Vec<Case>, String> {
    let possible = |case: &Case| stack == Stack::Async || !case.streams;
    if names.is_empty() {
        return Ok(all().filter(possible).collect());
    }
    names
        .iter()
        .map(|name| {
            all()
                .filter(possible)
                .find(|case| case.name == name)
                .ok_or_else(|| format!("no case of this stack is named {name}: see --list"))
        })
        .collect()
}

/// Whether all passed.
pub fn run_all(cases: &[Case], stack: Stack, address: &Address, limit: Duration) -> bool {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKED_THREADS)
        .enable_all()
        .build()
        .expect("threads can be started");
    let mut failed = 0;
    for case in cases {
        match runtime.block_on(run_one(case, stack, address, limit)) {
            Ok(()) => println!("ok {}", case.name),
            Err(wrong) => {
                failed += 1;
                println!("FAILED {}: {wrong}", case.name);
            }
        }
    }
    println!("{} passed, {failed} failed", cases.len() - failed);
    runtime.shutdown_background();
    failed == 0
}

async fn run_one(case: &Case, stack: Stack, address: &Address, limit: Duration) -> Outcome {
    let run = async { (case.run)(Peer::connect(stack, address.text()).await?).await };
    timeout(limit, run).await.unwrap_or_else(|_| crate::expect::is_true(&format!("no end within {} s", limit.as_secs()), false))
}
