//! Deadlines. Rust's clients keep those of unary calls themselves, too, and leave those of streams to the server alone.

use std::time::Duration;

use ttrpc::Code;
use ttrpc::context::{Context, with_duration, with_timeout};

use super::peer::{Peer, delayed, planned};
use super::{Case, asynchronous_case, case};
use crate::expect::{Outcome, deadline, equal, is_true, status};
use crate::generated::asynchronous::conformance::{ChatMessage, DownloadRequest, UnaryRequest, UploadRequest};

pub const CASES: &[Case] = &[
    case!("deadline-arrives", "the handler sees how much time is left", arrives),
    case!("deadline-farthest", "the farthest deadline there is overflows nothing", farthest),
    case!("deadline-passes", "a deadline ends the call and cancels the handler", passes),
    case!("deadline-expired", "a negative time-out has passed already", expired),
    case!("deadline-late-answer", "an answer that comes after the deadline harms no other call", late_answer),
    asynchronous_case!("deadline-upload", "the server ends an upload at its deadline", upload),
    asynchronous_case!("deadline-download", "the server ends a download at its deadline, after data", download),
    asynchronous_case!("deadline-chat", "the server ends a chat at its deadline", chat),
];

const SHORT: Duration = Duration::from_millis(100);
/// Long enough for a handler to begin, or for a first message, on a busy machine.
const LONGER: Duration = Duration::from_millis(800);
const PASSED: &str = "context deadline exceeded";

async fn arrives(peer: Peer) -> Outcome {
    let minute = Duration::from_secs(60).as_nanos() as i64;
    let answer = peer.unary(with_timeout(minute), &UnaryRequest::new()).await?;
    let left = answer.call.remaining_nanos;
    is_true(&format!("{left} ns are left of a minute"), left > minute / 2 && left <= minute)
}

async fn farthest(peer: Peer) -> Outcome {
    let answer = peer.unary(with_timeout(i64::MAX), &UnaryRequest::new()).await?;
    let years = answer.call.remaining_nanos / 1_000_000_000 / 3600 / 24 / 365;
    is_true(&format!("{years} years are left of 292"), years > 100)
}

async fn passes(peer: Peer) -> Outcome {
    let before = peer.hangs().await?.cancelled;
    deadline(peer.hang(with_duration(LONGER)).await)?;
    peer.await_hangs(|count| count.cancelled > before).await?;
    peer.still_usable().await
}

/// Rust's clients take a negative time-out for a very long one: only the server ends this call.
async fn expired(peer: Peer) -> Outcome {
    status(peer.unary(with_timeout(-1), &UnaryRequest::new()).await, Code::DEADLINE_EXCEEDED, PASSED)?;
    peer.still_usable().await
}

async fn late_answer(peer: Peer) -> Outcome {
    deadline(peer.unary(with_duration(SHORT), &planned(delayed(400))).await)?;
    peer.unary(Context::default(), &planned(delayed(400))).await?;
    peer.still_usable().await
}

async fn upload(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(with_duration(LONGER)).await?;
    let mut slow = UploadRequest::new();
    slow.plan = Some(delayed(2_000)).into();
    stream.send(&slow).await?;
    status(stream.close_and_recv().await, Code::DEADLINE_EXCEEDED, PASSED)?;
    peer.still_usable().await
}

async fn download(peer: Peer) -> Outcome {
    let mut request = DownloadRequest::new();
    request.count = 1_000;
    request.delay_millis = 50;
    let mut stream = peer.conformance().download(with_duration(LONGER), &request).await?;
    let mut received = 0;
    let end = loop {
        match stream.recv().await {
            Ok(Some(_)) => received += 1,
            end => break end,
        }
    };
    status(end, Code::DEADLINE_EXCEEDED, PASSED)?;
    is_true(&format!("{received} messages came before the deadline"), received > 0 && received < 100)?;
    peer.still_usable().await
}

async fn chat(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().chat(with_duration(LONGER)).await?;
    stream.send(&ChatMessage::new()).await?;
    equal("first message", stream.recv().await?, ChatMessage::new())?;
    status(stream.recv().await, Code::DEADLINE_EXCEEDED, PASSED)?;
    peer.still_usable().await
}
