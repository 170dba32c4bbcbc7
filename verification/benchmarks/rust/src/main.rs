//! Rust's ttrpc as it is measured: serves and calls the benchmark's service by either of its two stacks.

mod call;
mod generated;
mod serve;

use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

const USAGE: &str = "\
usage: ttrpc-rust-benchmark serve sync|async|async-one-thread unix:PATH
       ttrpc-rust-benchmark call sync|async
       ttrpc-rust-benchmark --version";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}\n{USAGE}");
            ExitCode::from(1)
        }
    }
}

fn run(words: &[&str]) -> Result<(), String> {
    match words {
        ["--version"] => {
            println!("Rust ttrpc {}, {}", env!("TTRPC_VERSION"), env!("RUSTC_VERSION"));
            Ok(())
        }
        ["serve", "sync", address] => serve::synchronous(path(address)?),
        ["serve", "async", address] => runtime()?.block_on(serve::asynchronous(path(address)?)),
        ["serve", "async-one-thread", address] => {
            let runtime = Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
            runtime.block_on(serve::asynchronous(path(address)?))
        }
        ["call", "sync"] => call::synchronous(),
        ["call", "async"] => call::asynchronous(&runtime()?),
        _ => Err("a wrong command line".to_string()),
    }
}

/// As many threads as there are CPUs, which is what an application has that says nothing of it.
fn runtime() -> Result<Runtime, String> {
    Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())
}

fn path(address: &str) -> Result<&str, String> {
    address.strip_prefix("unix:").ok_or_else(|| format!("not unix:PATH: {address}"))
}
