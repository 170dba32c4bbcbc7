//! What the Rust examples ask of their streaming service.

use protobuf::well_known_types::empty::Empty;
use ttrpc::context::Context;
use ttrpc::{Code, Error};

use super::concurrency::at_once;
use super::peer::Peer;
use super::{Case, asynchronous_case};
use crate::expect::{Outcome, Wrong, code, empty, equal};
use crate::generated::asynchronous::streaming::{EchoPayload, Part, Sum};

pub const EACH: &[Case] = &[
    asynchronous_case!("streaming-echo", "Echo brings the message back, with the next number", echo),
    asynchronous_case!(
        "streaming-echo-stream",
        "EchoStream answers each message before the next is sent, then ends",
        echo_stream
    ),
    asynchronous_case!("streaming-sum", "SumStream totals 102 parts, the empty first and last one counted", sum_stream),
    asynchronous_case!(
        "streaming-divide",
        "DivideStream sends 30 parts that total the sum, the first and last one empty",
        divide
    ),
    asynchronous_case!("streaming-echo-null", "EchoNull answers 100 messages with the empty one", echo_null),
    asynchronous_case!("streaming-echo-null-refused", "EchoNull refuses a message out of its turn", echo_null_refused),
    asynchronous_case!(
        "streaming-echo-null-stream",
        "EchoNullStream answers each of 100 messages with ten empty ones, then ends",
        echo_null_stream
    ),
    asynchronous_case!("streaming-default-value", "EchoDefaultValue sends the all-default message back", default_value),
    asynchronous_case!("streaming-default-value-refused", "EchoDefaultValue refuses any other", default_value_refused),
    asynchronous_case!("streaming-server-send", "ServerSendStream sends ten messages, then ends", server_send),
];

pub const ALL_AT_ONCE: &[Case] =
    &[asynchronous_case!("streaming-all-at-once", "all of these five times at once on one connection", all_at_once)];

async fn echo(peer: Peer) -> Outcome {
    let answer = peer.streaming().echo(Context::default(), &message(1, "Echo Me")).await?;
    equal("answer", answer, message(2, "Echo Me"))
}

async fn echo_stream(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().echo_stream(Context::default()).await?;
    for seq in (0..100).step_by(2) {
        let text = format!("{seq}: echo this");
        stream.send(&message(seq, &text)).await?;
        equal("answer", stream.recv().await?, message(seq + 1, &text))?;
    }
    stream.close_send().await?;
    equal("the end", stream.recv().await.err(), Some(Error::Eof))
}

async fn sum_stream(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().sum_stream(Context::default()).await?;
    let mut sum = Sum::new();
    for i in 0..102 {
        let mut part = Part::new();
        if i != 0 && i != 101 {
            part.add = i - 20;
        }
        sum.sum += part.add;
        sum.num += 1;
        stream.send(&part).await?;
    }
    equal("answer", stream.close_and_recv().await?, sum)
}

async fn divide(peer: Peer) -> Outcome {
    let mut sum = Sum::new();
    sum.sum = 392;
    sum.num = 30;
    let mut stream = peer.streaming().divide_stream(Context::default(), &sum).await?;
    let mut parts = Vec::new();
    while let Some(part) = stream.recv().await? {
        parts.push(part);
    }
    equal("parts", parts.len(), 30)?;
    empty("the first part", &parts[0])?;
    empty("the last part", &parts[29])?;
    equal("sum of all parts", parts.iter().map(|part| part.add).sum(), 392)
}

async fn echo_null(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().echo_null(Context::default()).await?;
    for seq in 0..100 {
        stream.send(&null(seq)).await?;
    }
    empty("the answer", &stream.close_and_recv().await?)
}

async fn echo_null_refused(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().echo_null(Context::default()).await?;
    stream.send(&null(1)).await?;
    code(stream.close_and_recv().await, Code::INVALID_ARGUMENT)?;
    peer.still_usable().await
}

async fn echo_null_stream(peer: Peer) -> Outcome {
    let (sender, mut receiver) = peer.streaming().echo_null_stream(Context::default()).await?.split();
    let sending = tokio::spawn(async move {
        for seq in 0..100 {
            sender.send(&null(seq)).await?;
        }
        sender.close_send().await
    });
    let mut received = 0;
    let end = loop {
        match receiver.recv().await {
            Ok(message) => empty("the message", &message)?,
            Err(end) => break end,
        }
        received += 1;
    };
    equal("the end", end, Error::Eof)?;
    equal("messages", received, 1_000)?;
    sending.await.map_err(|e| Wrong(e.to_string()))?.map_err(Wrong::from)
}

async fn default_value(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().echo_default_value(Context::default(), &EchoPayload::new()).await?;
    equal("message", stream.recv().await?, Some(EchoPayload::new()))?;
    equal("what follows the message", stream.recv().await?, None)
}

async fn default_value_refused(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().echo_default_value(Context::default(), &message(1, "")).await?;
    code(stream.recv().await, Code::INVALID_ARGUMENT)?;
    peer.still_usable().await
}

async fn server_send(peer: Peer) -> Outcome {
    let mut stream = peer.streaming().server_send_stream(Context::default(), &Empty::new()).await?;
    for seq in 0..10 {
        equal("message", stream.recv().await?, Some(message(seq, "hello")))?;
    }
    equal("what follows the last message", stream.recv().await?, None)
}

async fn all_at_once(peer: Peer) -> Outcome {
    at_once(5 * EACH.len(), |i| (EACH[i % EACH.len()].run)(peer.clone())).await
}

fn message(seq: u32, msg: &str) -> EchoPayload {
    let mut message = EchoPayload::new();
    message.seq = seq;
    message.msg = msg.to_string();
    message
}

fn null(seq: u32) -> EchoPayload {
    message(seq, "non-empty empty")
}
