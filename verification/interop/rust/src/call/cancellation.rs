//! Calls given up, as far as Rust has it: a future or a stream is dropped, and nothing of that is sent. And connections lost.

use std::time::Duration;

use tokio::time::timeout;
use ttrpc::context::Context;

use super::peer::{Peer, payload};
use super::streams::{download_of, expect_numbers, line};
use super::{Case, asynchronous_case, case};
use crate::expect::{Outcome, Wrong, equal, lost};
use crate::generated::asynchronous::conformance::UploadRequest;

pub const CASES: &[Case] = &[
    asynchronous_case!("cancel-calls", "100 calls dropped while they run leave the connection usable", calls),
    asynchronous_case!("cancel-streams", "100 streams of each kind dropped leave the connection usable", streams),
    asynchronous_case!("connection-closed", "a client's end of the connection cancels the handler", closed),
    case!("connection-closed-idle", "closing one connection harms no other", closed_idle),
    asynchronous_case!("connection-lost", "each kind of call ends when the connection is cut, and the handler is cancelled", cut),
    asynchronous_case!(
        "connection-lost-after-data",
        "data that came before the cut is delivered before the error",
        cut_after_data
    ),
];

async fn calls(peer: Peer) -> Outcome {
    let before = peer.hangs().await?;
    for _ in 0..100 {
        let hanging = timeout(Duration::from_millis(1), peer.hang(Context::default())).await;
        equal("whether the call still ran", hanging.is_err(), true)?;
    }
    peer.still_usable().await?;
    peer.await_hangs(|count| count.started >= before.started + 90).await
}

async fn streams(peer: Peer) -> Outcome {
    for number in 0..100 {
        let mut messages = download_of(&peer, 1_000, 100, None).await?;
        messages.recv().await?;
        let mut chat = peer.conformance().chat(Context::default()).await?;
        chat.send(&line(number)).await?;
        chat.recv().await?;
        let upload = peer.conformance().upload(Context::default()).await?;
        upload.send(&UploadRequest::new()).await?;
    }
    peer.still_usable().await
}

async fn closed(peer: Peer) -> Outcome {
    let before = peer.hangs().await?;
    let second = peer.again().await?;
    let hanging = tokio::spawn(async move { second.hang(Context::default()).await });
    peer.await_hangs(|count| count.started > before.started).await?;
    hanging.abort();
    peer.await_hangs(|count| count.cancelled > before.cancelled).await
}

async fn closed_idle(peer: Peer) -> Outcome {
    for _ in 0..20 {
        let second = peer.again().await?;
        second.unary(Context::default(), &payload(b"second")).await?;
    }
    peer.still_usable().await
}

async fn cut(peer: Peer) -> Outcome {
    let before = peer.hangs().await?;
    let (second, cable) = peer.that_can_be_cut().await?;
    let mut chat = second.conformance().chat(Context::default()).await?;
    chat.send(&line(0)).await?;
    equal("message", chat.recv().await?, line(0))?;
    let mut upload = second.conformance().upload(Context::default()).await?;
    upload.send(&UploadRequest::new()).await?;
    let mut download = download_of(&second, 0, 0, Some(super::peer::delayed(5_000))).await?;
    let caller = second.clone();
    let hanging = tokio::spawn(async move { caller.hang(Context::default()).await });
    peer.await_hangs(|count| count.started > before.started).await?;
    cable.abort();
    lost(hanging.await.map_err(|e| Wrong(e.to_string()))?)?;
    lost(chat.recv().await)?;
    lost(upload.close_and_recv().await)?;
    lost(download.recv().await)?;
    lost(second.nothing().await)?;
    peer.await_hangs(|count| count.cancelled > before.cancelled).await?;
    peer.still_usable().await
}

async fn cut_after_data(peer: Peer) -> Outcome {
    let (second, cable) = peer.that_can_be_cut().await?;
    let mut hanging_after = download_of(&second, 10, 1_000, None).await?;
    second.still_usable().await?;
    let mut chat = second.conformance().chat(Context::default()).await?;
    for number in 0..10 {
        chat.send(&line(number)).await?;
    }
    expect_numbers(&mut hanging_after, 10, 1_000).await?;
    for number in 0..10 {
        equal("message", chat.recv().await?, line(number))?;
    }
    cable.abort();
    lost(chat.recv().await)
}
