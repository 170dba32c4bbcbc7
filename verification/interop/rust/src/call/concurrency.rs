//! Many calls at once.

use std::future::Future;

use tokio::task::JoinSet;
use ttrpc::context::Context;

use super::peer::{Peer, delayed, payload, planned};
use super::streams::{chat_in_turns, download_of, expect_numbers};
use super::{Case, asynchronous_case, case};
use crate::expect::{Outcome, Wrong, equal, is_true};
use crate::generated::asynchronous::conformance::UploadRequest;

pub const CASES: &[Case] = &[
    case!("slow-beside-fast", "a call that waits holds up no other", slow_beside_fast),
    case!("concurrent-unary", "1,000 calls at once, each with its own answer", concurrent_unary),
    case!("concurrent-connections", "50 connections with 20 calls each", concurrent_connections),
    asynchronous_case!("concurrent-chat", "200 chats at once", concurrent_chat),
    asynchronous_case!("concurrent-mixed", "50 calls of each kind at once", concurrent_mixed),
    asynchronous_case!("slow-reader", "a download that nobody reads holds up no fast call, and loses nothing", slow_reader),
];

async fn slow_beside_fast(peer: Peer) -> Outcome {
    let caller = peer.clone();
    let slow = tokio::spawn(async move { caller.unary(Context::default(), &planned(delayed(3_000))).await });
    for _ in 0..20 {
        peer.still_usable().await?;
    }
    is_true("a call of 3 s ended before 20 fast ones", !slow.is_finished())
}

async fn concurrent_unary(peer: Peer) -> Outcome {
    at_once(1_000, |i| echo(peer.clone(), i)).await
}

async fn concurrent_connections(peer: Peer) -> Outcome {
    at_once(50, |_| {
        let peer = peer.clone();
        async move {
            let own = peer.again().await?;
            at_once(20, |i| echo(own.clone(), i)).await
        }
    })
    .await
}

async fn concurrent_chat(peer: Peer) -> Outcome {
    at_once(200, |_| chat_in_turns(peer.clone(), 10)).await
}

async fn concurrent_mixed(peer: Peer) -> Outcome {
    at_once(200, |i| {
        let peer = peer.clone();
        async move {
            match i % 4 {
                0 => echo(peer, i).await,
                1 => chat_in_turns(peer, 10).await,
                2 => upload(peer).await,
                _ => download(peer).await,
            }
        }
    })
    .await
}

async fn echo(peer: Peer, i: usize) -> Outcome {
    let sent = format!("call {i}");
    let answer = peer.unary(Context::default(), &payload(sent.as_bytes())).await?;
    equal("payload", answer.payload, sent.into_bytes())
}

async fn upload(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    for _ in 0..50 {
        stream.send(&UploadRequest::new()).await?;
    }
    equal("messages", stream.close_and_recv().await?.messages, 50)
}

async fn download(peer: Peer) -> Outcome {
    let mut stream = download_of(&peer, 50, 100, None).await?;
    expect_numbers(&mut stream, 50, 100).await
}

async fn slow_reader(peer: Peer) -> Outcome {
    let mut unread = download_of(&peer, 5_000, 1_000, None).await?;
    for _ in 0..50 {
        peer.still_usable().await?;
    }
    expect_numbers(&mut unread, 5_000, 1_000).await?;
    equal("what follows the last message", unread.recv().await?, None)
}

pub async fn at_once<F>(count: usize, work: impl Fn(usize) -> F) -> Outcome
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let mut running = JoinSet::new();
    for i in 0..count {
        running.spawn(work(i));
    }
    while let Some(ended) = running.join_next().await {
        ended.map_err(|e| Wrong(e.to_string()))??;
    }
    Ok(())
}
