//! The limit of 4 MiB, to the byte.

use protobuf::Message;
use ttrpc::{Code, Error};
use ttrpc::context::Context;
use ttrpc::proto::MESSAGE_LENGTH_MAX;

use super::peer::Peer;
use super::streams::{download_of, expect_numbers};
use super::{Case, asynchronous_case, case};
use crate::expect::{Outcome, Wrong, equal, is_true, status};
use crate::generated::asynchronous::conformance::{UnaryRequest, UploadRequest};

pub const CASES: &[Case] = &[
    case!("limit-request-exact", "a request of exactly the limit passes", request_exact),
    case!("limit-request-over", "one byte more is refused by the client, the connection stays", request_over),
    case!("limit-answer-exact", "an answer of exactly the limit passes", answer_exact),
    case!("limit-answer-over", "one byte more fails that call alone", answer_over),
    asynchronous_case!("limit-upload-exact", "a stream message of exactly the limit passes", upload_exact),
    asynchronous_case!("limit-upload-over", "one byte more is refused by the client, the stream goes on", upload_over),
    asynchronous_case!("limit-download-exact", "a stream message of exactly the limit comes", download_exact),
    asynchronous_case!("limit-download-over", "one byte more fails that stream alone", download_over),
];

const LIMIT: usize = MESSAGE_LENGTH_MAX;
/// A field of more than 2 MiB and less than 256 MiB: its tag and its length.
const FIELD: usize = 5;

async fn request_exact(peer: Peer) -> Outcome {
    let answer = peer.unary(Context::default(), &request_of_envelope(LIMIT)).await?;
    equal("size of the answer", answer.payload.len(), 1)
}

async fn request_over(peer: Peer) -> Outcome {
    refused_by_client(peer.unary(Context::default(), &request_of_envelope(LIMIT + 1)).await)?;
    peer.still_usable().await
}

/// A request of Unary whose whole envelope has so many bytes. It asks for one byte back.
fn request_of_envelope(size: usize) -> UnaryRequest {
    let mut request = UnaryRequest::new();
    request.response_size = 1;
    request.payload = vec![0; LIMIT - 100];
    let mut envelope = ttrpc::Request::new();
    envelope.service = "ttrpc.conformance.v1.Conformance".to_string();
    envelope.method = "Unary".to_string();
    envelope.payload = request.write_to_bytes().expect("a message of known size");
    let missing = size - envelope.compute_size() as usize;
    request.payload.resize(LIMIT - 100 + missing, 0);
    request
}

async fn answer_exact(peer: Peer) -> Outcome {
    let size = answer_of_envelope(&peer, LIMIT).await?;
    let mut request = UnaryRequest::new();
    request.response_size = size;
    let answer = peer.unary(Context::default(), &request).await?;
    equal("size of the payload", answer.payload.len(), size as usize)
}

async fn answer_over(peer: Peer) -> Outcome {
    let mut request = UnaryRequest::new();
    request.response_size = answer_of_envelope(&peer, LIMIT + 1).await?;
    status(peer.unary(Context::default(), &request).await, Code::RESOURCE_EXHAUSTED, &over_the_limit())?;
    peer.still_usable().await
}

/// The payload with which the whole envelope of an answer has so many bytes. What else the answer carries, the server is asked for.
async fn answer_of_envelope(peer: &Peer, size: usize) -> Result<i32, Wrong> {
    const GUESS: i32 = 4_000_000;
    let mut request = UnaryRequest::new();
    request.response_size = GUESS;
    let answer = peer.unary(Context::default(), &request).await?;
    let envelope = FIELD + answer.compute_size() as usize;
    Ok(GUESS + (size - envelope) as i32)
}

async fn upload_exact(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    stream.send(&upload_of(LIMIT)?).await?;
    let answer = stream.close_and_recv().await?;
    equal("bytes", answer.bytes, (LIMIT - FIELD) as i64)
}

async fn upload_over(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    refused_by_client(stream.send(&upload_of(LIMIT + 1)?).await)?;
    stream.send(&UploadRequest::new()).await?;
    equal("messages", stream.close_and_recv().await?.messages, 1)
}

fn upload_of(size: usize) -> Result<UploadRequest, Wrong> {
    let mut message = UploadRequest::new();
    message.payload = vec![0; size - FIELD];
    equal("size of the message", message.compute_size() as usize, size)?;
    Ok(message)
}

async fn download_exact(peer: Peer) -> Outcome {
    let size = LIMIT - FIELD;
    let mut stream = download_of(&peer, 1, size as i32, None).await?;
    expect_numbers(&mut stream, 1, size as i32).await?;
    equal("what follows the message", stream.recv().await?, None)
}

async fn download_over(peer: Peer) -> Outcome {
    let mut stream = download_of(&peer, 1, (LIMIT - FIELD + 1) as i32, None).await?;
    status(stream.recv().await, Code::RESOURCE_EXHAUSTED, &over_the_limit())?;
    peer.still_usable().await
}

fn over_the_limit() -> String {
    format!("message length {} exceed maximum message size of {LIMIT}", LIMIT + 1)
}

/// The refusal has a text and no status.
fn refused_by_client<T>(result: ttrpc::Result<T>) -> Outcome {
    is_true("the refusal is a status", !matches!(result, Err(Error::RpcStatus(_))))?;
    let text = result.err().map(|error| error.to_string()).unwrap_or_default();
    is_true(&format!("the client says {text:?}"), text.ends_with(&over_the_limit()))
}
