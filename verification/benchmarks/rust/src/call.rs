//! The caller: runs what each line of standard input asks for, and answers each with a line.
//!
//! A line is `KIND PAYLOAD IN_FLIGHT CONNECTIONS MILLIS PATH`, its answer `COUNT NANOS MEDIAN_NANOS P99_NANOS`.

use std::io::{BufRead, stdin};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use ttrpc::context::Context;

use crate::generated::asynchronous::benchmark::EchoMessage;
use crate::generated::{asynchronous, synchronous};

struct Order {
    payload: usize,
    in_flight: usize,
    connections: usize,
    duration: Duration,
    address: String,
}

/// How long each call of one caller took.
type Nanos = Vec<u64>;

pub fn synchronous() -> Result<(), String> {
    for_each_order(|order| {
        let start = Instant::now();
        let mut callers = Vec::new();
        for connection in 0..order.connections {
            let client = ttrpc::Client::connect(&order.address).map_err(|e| e.to_string())?;
            for _ in 0..order.share(connection) {
                let client = synchronous::benchmark_ttrpc::BenchmarkClient::new(client.clone());
                let request = order.request();
                let end = start + order.duration;
                callers.push(std::thread::spawn(move || {
                    let mut nanos = Nanos::new();
                    let mut before = Instant::now();
                    while before < end {
                        let answer = client.echo(Context::default(), &request).map_err(|e| e.to_string())?;
                        let now = Instant::now();
                        check(&request, &answer)?;
                        nanos.push((now - before).as_nanos() as u64);
                        before = now;
                    }
                    Ok::<Nanos, String>(nanos)
                }));
            }
        }
        let mut all = Nanos::new();
        for caller in callers {
            all.extend(caller.join().map_err(|_| "a caller panicked")??);
        }
        Ok(result(all, start.elapsed()))
    })
}

pub fn asynchronous(runtime: &Runtime) -> Result<(), String> {
    for_each_order(|order| runtime.block_on(run(order)))
}

async fn run(order: &Order) -> Result<String, String> {
    let start = Instant::now();
    let mut callers = Vec::new();
    for connection in 0..order.connections {
        let client = ttrpc::r#async::Client::connect(&order.address).await.map_err(|e| e.to_string())?;
        for _ in 0..order.share(connection) {
            let client = asynchronous::benchmark_ttrpc::BenchmarkClient::new(client.clone());
            let request = order.request();
            let end = start + order.duration;
            callers.push(tokio::spawn(async move {
                let mut nanos = Nanos::new();
                let mut before = Instant::now();
                while before < end {
                    let answer = client.echo(Context::default(), &request).await.map_err(|e| e.to_string())?;
                    let now = Instant::now();
                    check(&request, &answer)?;
                    nanos.push((now - before).as_nanos() as u64);
                    before = now;
                }
                Ok::<Nanos, String>(nanos)
            }));
        }
    }
    let mut all = Nanos::new();
    for caller in callers {
        all.extend(caller.await.map_err(|e| e.to_string())??);
    }
    Ok(result(all, start.elapsed()))
}

fn check(request: &EchoMessage, answer: &EchoMessage) -> Result<(), String> {
    match request.payload.len() == answer.payload.len() {
        true => Ok(()),
        false => Err(format!("{} bytes came back instead of {}", answer.payload.len(), request.payload.len())),
    }
}

fn for_each_order(run: impl Fn(&Order) -> Result<String, String>) -> Result<(), String> {
    for line in stdin().lock().lines() {
        let line = line.map_err(|e| e.to_string())?;
        println!("{}", run(&Order::parse(&line)?)?);
    }
    Ok(())
}

fn result(mut nanos: Nanos, elapsed: Duration) -> String {
    nanos.sort_unstable();
    let at = |share: f64| nanos.get((nanos.len() as f64 * share) as usize).copied().unwrap_or(0);
    format!("{} {} {} {}", nanos.len(), elapsed.as_nanos(), at(0.5), at(0.99))
}

impl Order {
    fn parse(line: &str) -> Result<Order, String> {
        let words: Vec<&str> = line.splitn(6, ' ').collect();
        let number = |i: usize| words.get(i).and_then(|word| word.parse().ok()).ok_or_else(|| format!("not an order: {line}"));
        if words[0] != "unary" {
            return Err(format!("only unary calls are made here: {line}"));
        }
        Ok(Order {
            payload: number(1)?,
            in_flight: number(2)?,
            connections: number(3)?,
            duration: Duration::from_millis(number(4)? as u64),
            address: format!("unix://{}", words[5]),
        })
    }

    /// How many of the calls a connection has.
    fn share(&self, connection: usize) -> usize {
        self.in_flight / self.connections + usize::from(connection < self.in_flight % self.connections)
    }

    fn request(&self) -> EchoMessage {
        EchoMessage { payload: vec![b'x'; self.payload], ..EchoMessage::default() }
    }
}
