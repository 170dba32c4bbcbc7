//! Rust's ttrpc as a peer: serves and calls the conformance service, and those of the Rust examples.

mod address;
mod call;
mod expect;
mod generated;
mod serve;

use std::process::ExitCode;
use std::time::Duration;

use address::Address;

const USAGE: &str = "\
usage: ttrpc-rust-peer serve [--stack=async|sync] [--threads=N] ADDRESS...
       ttrpc-rust-peer call [--stack=async|sync] [--timeout=SECONDS] ADDRESS [case...]
       ttrpc-rust-peer call --list | --version";

/// Rust has two implementations. Streams exist in the asynchronous one only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stack {
    Async,
    Sync,
}

struct Options {
    stack: Stack,
    threads: usize,
    timeout: Duration,
    list: bool,
    others: Vec<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(reason) => {
            eprintln!("{reason}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<bool, String> {
    let (command, rest) = arguments.split_first().ok_or("no command")?;
    match command.as_str() {
        "--version" => {
            println!("Rust ttrpc {}, {}", env!("TTRPC_VERSION"), env!("RUSTC_VERSION"));
            Ok(true)
        }
        "serve" => serve_with(&parse(rest)?),
        "call" => call_with(&parse(rest)?),
        _ => Err(format!("unknown command {command}")),
    }
}

fn serve_with(options: &Options) -> Result<bool, String> {
    let addresses = options.others.iter().map(|text| Address::parse(text)).collect::<Result<Vec<_>, _>>()?;
    if addresses.is_empty() {
        return Err("no address to serve".to_string());
    }
    Ok(report(serve::serve(options.stack, options.threads, &addresses)))
}

fn call_with(options: &Options) -> Result<bool, String> {
    if options.list {
        call::list();
        return Ok(true);
    }
    let (address, names) = options.others.split_first().ok_or("no address to call")?;
    let cases = call::choose(options.stack, names)?;
    Ok(call::run_all(&cases, options.stack, &Address::parse(address)?, options.timeout))
}

fn report(outcome: Result<(), String>) -> bool {
    if let Err(reason) = &outcome {
        eprintln!("{reason}");
    }
    outcome.is_ok()
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options =
        Options { stack: Stack::Async, threads: 1, timeout: Duration::from_secs(20), list: false, others: Vec::new() };
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--stack", "async")) => options.stack = Stack::Async,
            Some(("--stack", "sync")) => options.stack = Stack::Sync,
            Some(("--threads", count)) => options.threads = number(argument, count)? as usize,
            Some(("--timeout", seconds)) => options.timeout = Duration::from_secs(number(argument, seconds)?),
            _ if argument == "--list" => options.list = true,
            _ if argument.starts_with("--") => return Err(format!("unknown option {argument}")),
            _ => options.others.push(argument.clone()),
        }
    }
    Ok(options)
}

fn number(argument: &str, text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| format!("{argument} names no number above 0"))
}
