//! What Rust's clients themselves do otherwise. One that fails says that Rust is better now: docs/interoperability.md has to say so too.
//!
//! Most are seen at a far end that is no server but bytes written by hand, as no right server does what brings them about.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;
use ttrpc::asynchronous::transport::Socket;
use ttrpc::context::{Context, with_duration, with_timeout};
use ttrpc::{Error, Request};

use super::concurrency::at_once;
use super::peer::Peer;
use super::{Case, asynchronous_case, case};
use crate::expect::{Outcome, Wrong, equal, is_true};
use crate::generated::asynchronous::conformance::UnaryRequest;
use crate::generated::asynchronous::conformance_ttrpc::ConformanceClient;

pub const CASES: &[Case] = &[
    case!("fault-metadata-add", "a key that is added twice in mixed case keeps its last value only", metadata_add),
    asynchronous_case!("fault-deadline", "the end of a deadline is an error without a status", deadline),
    asynchronous_case!("fault-deadline-negative", "a negative time-out does not end a call", deadline_negative),
    asynchronous_case!("fault-deadline-stream", "a time-out does not end a stream", deadline_stream),
    asynchronous_case!("fault-unknown-code", "a status code that is none is taken for OK", unknown_code),
    asynchronous_case!("fault-ids", "calls made at once have their ids out of order", ids),
];

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(1);
const HEADER: usize = 10;
const RESPONSE: u8 = 2;

async fn metadata_add(peer: Peer) -> Outcome {
    let mut sent = Context::default();
    sent.add("Trace".to_string(), "one".to_string());
    sent.add("Trace".to_string(), "two".to_string());
    let answer = peer.unary(sent, &UnaryRequest::new()).await?;
    let values: Vec<&str> = answer.call.metadata.iter().map(|pair| pair.value.as_str()).collect();
    equal("metadata", values, vec!["two"])
}

async fn deadline(_: Peer) -> Outcome {
    let (client, _far) = by_hand();
    let end = client.request(request(with_duration(SHORT))).await;
    is_true(&format!("the call ended with {end:?}"), matches!(end, Err(Error::Others(_))))
}

async fn deadline_negative(_: Peer) -> Outcome {
    let (client, _far) = by_hand();
    let end = timeout(LONG, client.request(request(with_timeout(-1)))).await;
    is_true(&format!("the call ended with {end:?}"), end.is_err())
}

async fn deadline_stream(_: Peer) -> Outcome {
    let (client, _far) = by_hand();
    let mut stream = ConformanceClient::new(client).chat(with_duration(SHORT)).await?;
    let end = timeout(LONG, stream.recv()).await;
    is_true(&format!("the stream ended with {end:?}"), end.is_err())
}

async fn unknown_code(_: Peer) -> Outcome {
    let (client, mut far) = by_hand();
    let answering = tokio::spawn(async move {
        let id = next_id(&mut far).await?;
        let status = [0x0a, 0x02, 0x08, 99]; // Response { status { code: 99 } }
        let mut frame = vec![0, 0, 0, status.len() as u8];
        frame.extend(id.to_be_bytes());
        frame.extend([RESPONSE, 0]);
        frame.extend(status);
        far.write_all(&frame).await?;
        std::io::Result::Ok(far)
    });
    let end = client.request(request(with_duration(LONG * 10))).await;
    answering.await.map_err(|e| Wrong(e.to_string()))?.map_err(|e| Wrong(e.to_string()))?;
    is_true(&format!("the call ended with {end:?}"), end.is_ok())
}

/// Which calls change places, chance decides: it is asked until it did.
async fn ids(_: Peer) -> Outcome {
    const CALLS: usize = 200;
    loop {
        let (client, mut far) = by_hand();
        let reading = tokio::spawn(async move {
            let mut ids = Vec::new();
            while let Ok(id) = next_id(&mut far).await {
                ids.push(id);
            }
            ids
        });
        at_once(CALLS, |_| {
            let client = client.clone();
            async move {
                // nobody answers
                drop(client.request(request(with_duration(SHORT))).await);
                Ok(())
            }
        })
        .await?;
        drop(client); // ends the connection
        let ids = reading.await.map_err(|e| Wrong(e.to_string()))?;
        if !ids.is_sorted() {
            return Ok(());
        }
    }
}

fn by_hand() -> (ttrpc::r#async::Client, DuplexStream) {
    let (near, far) = duplex(64 << 10);
    (ttrpc::r#async::Client::new(Socket::new(near)), far)
}

fn request(context: Context) -> Request {
    let mut request = Request::new();
    request.service = "ttrpc.conformance.v1.Conformance".to_string();
    request.method = "Nothing".to_string();
    request.timeout_nano = context.timeout_nano;
    request
}

/// Reads a frame and tells its stream.
async fn next_id(far: &mut DuplexStream) -> std::io::Result<u32> {
    let mut header = [0; HEADER];
    far.read_exact(&mut header).await?;
    let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let mut body = vec![0; number(0) as usize];
    far.read_exact(&mut body).await?;
    Ok(number(4))
}
