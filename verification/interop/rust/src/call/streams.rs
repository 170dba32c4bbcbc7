//! Uploads, downloads and chats.

use ttrpc::r#async::{ClientStream, ClientStreamReceiver};
use ttrpc::context::Context;
use ttrpc::{Code, Error};

use super::peer::{Peer, delayed, ending};
use super::{Case, asynchronous_case};
use crate::expect::{Outcome, Wrong, empty, equal, failure, status};
use crate::generated::asynchronous::conformance::{
    ChatMessage, DownloadRequest, DownloadResponse, Plan, UploadRequest, UploadResponse,
};

pub const CASES: &[Case] = &[
    asynchronous_case!("upload", "messages are counted and answered after the end", upload),
    asynchronous_case!("upload-nothing", "an upload without a message", upload_nothing),
    asynchronous_case!("upload-empty-messages", "empty messages count", upload_empty_messages),
    asynchronous_case!("upload-many", "20,000 messages", upload_many),
    asynchronous_case!("upload-early-answer", "an answer before the client's end", upload_early_answer),
    asynchronous_case!("upload-error", "a status ends an upload", upload_error),
    asynchronous_case!("download", "messages come in order, then the end", download),
    asynchronous_case!("download-nothing", "a download without a message", download_nothing),
    asynchronous_case!("download-empty-messages", "the first message is empty and arrives", download_empty_messages),
    asynchronous_case!("download-many", "20,000 messages in order", download_many),
    asynchronous_case!("download-error-at-once", "a status instead of any data", download_error_at_once),
    asynchronous_case!("download-error-after-data", "the data, then the status with its text", download_error_after_data),
    asynchronous_case!("chat", "each message comes back before the next is sent", chat),
    asynchronous_case!("chat-nothing", "a chat without a message", chat_nothing),
    asynchronous_case!("chat-burst", "2,000 messages under way at once keep their order", chat_burst),
    asynchronous_case!("chat-empty-messages", "empty messages come back", chat_empty_messages),
    asynchronous_case!("chat-half-close", "the server goes on after the client's end", chat_half_close),
    asynchronous_case!("chat-early-end", "the server ends first", chat_early_end),
    asynchronous_case!("chat-end-after-early-end", "a client's end after the server's harms nothing", chat_end_after_early_end),
    asynchronous_case!("chat-error-after-data", "the data, then the status", chat_error_after_data),
];

async fn upload(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    for size in 0..100 {
        stream.send(&part(size)).await?;
    }
    counted(stream.close_and_recv().await?, 100, 4_950)
}

async fn upload_nothing(peer: Peer) -> Outcome {
    upload_and_count(peer, 0).await
}

async fn upload_empty_messages(peer: Peer) -> Outcome {
    upload_and_count(peer, 3).await
}

async fn upload_many(peer: Peer) -> Outcome {
    upload_and_count(peer, 20_000).await
}

async fn upload_and_count(peer: Peer, messages: i64) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    for _ in 0..messages {
        stream.send(&part(0)).await?;
    }
    counted(stream.close_and_recv().await?, messages, 0)
}

/// Rust's client can only ask for the answer by ending its side, which here comes after the end of the call.
async fn upload_early_answer(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    let mut first = part(1);
    first.plan = Some(ended_after(1)).into();
    stream.send(&first).await?;
    peer.still_usable().await?;
    counted(stream.close_and_recv().await?, 1, 1)?;
    peer.still_usable().await
}

async fn upload_error(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().upload(Context::default()).await?;
    for _ in 0..2 {
        let mut message = part(0);
        message.plan = Some(ending(Code::ABORTED, "enough", 2)).into();
        stream.send(&message).await?;
    }
    status(stream.close_and_recv().await, Code::ABORTED, "enough")?;
    peer.still_usable().await
}

fn part(size: usize) -> UploadRequest {
    let mut message = UploadRequest::new();
    message.payload = vec![0; size];
    message
}

fn counted(answer: UploadResponse, messages: i64, bytes: i64) -> Outcome {
    equal("messages", answer.messages, messages)?;
    equal("bytes", answer.bytes, bytes)
}

fn ended_after(messages: i32) -> Plan {
    let mut plan = Plan::new();
    plan.after_messages = messages;
    plan
}

async fn download(peer: Peer) -> Outcome {
    download_all(peer, 100, 1_000).await
}

async fn download_nothing(peer: Peer) -> Outcome {
    download_all(peer, 0, 0).await
}

async fn download_empty_messages(peer: Peer) -> Outcome {
    let mut stream = download_of(&peer, 1, 0, None).await?;
    empty("the message", &stream.recv().await?.ok_or(Wrong("the message is missing".to_string()))?)?;
    equal("what follows the message", stream.recv().await?, None)
}

async fn download_many(peer: Peer) -> Outcome {
    download_all(peer, 20_000, 10).await
}

async fn download_all(peer: Peer, count: i32, size: i32) -> Outcome {
    let mut stream = download_of(&peer, count, size, None).await?;
    expect_numbers(&mut stream, count, size).await?;
    equal("what follows the last message", stream.recv().await?, None)
}

async fn download_error_at_once(peer: Peer) -> Outcome {
    let mut stream = download_of(&peer, 10, 0, Some(ending(Code::PERMISSION_DENIED, "not you", 0))).await?;
    status(stream.recv().await, Code::PERMISSION_DENIED, "not you")?;
    peer.still_usable().await
}

async fn download_error_after_data(peer: Peer) -> Outcome {
    let mut stream = download_of(&peer, 10, 0, Some(ending(Code::DATA_LOSS, "lost", 3))).await?;
    expect_numbers(&mut stream, 3, 0).await?;
    status(stream.recv().await, Code::DATA_LOSS, "lost")?;
    peer.still_usable().await
}

pub async fn download_of(
    peer: &Peer,
    count: i32,
    size: i32,
    plan: Option<Plan>,
) -> ttrpc::Result<ClientStreamReceiver<DownloadResponse>> {
    let mut request = DownloadRequest::new();
    request.count = count;
    request.size = size;
    request.plan = plan.into();
    peer.conformance().download(Context::default(), &request).await
}

pub async fn expect_numbers(stream: &mut ClientStreamReceiver<DownloadResponse>, count: i32, size: i32) -> Outcome {
    for number in 0..count {
        let message = stream.recv().await?.ok_or_else(|| Wrong(format!("the end instead of message {number}")))?;
        equal("number", message.number, number)?;
        equal("size", message.payload.len(), size as usize)?;
    }
    Ok(())
}

async fn chat(peer: Peer) -> Outcome {
    chat_in_turns(peer, 50).await
}

pub async fn chat_in_turns(peer: Peer, turns: i32) -> Outcome {
    let mut stream = peer.conformance().chat(Context::default()).await?;
    for number in 0..turns {
        stream.send(&line(number)).await?;
        equal("message", stream.recv().await?, line(number))?;
    }
    end(&mut stream).await
}

async fn chat_nothing(peer: Peer) -> Outcome {
    end(&mut peer.conformance().chat(Context::default()).await?).await
}

async fn chat_burst(peer: Peer) -> Outcome {
    const MESSAGES: i32 = 2_000;
    let (sender, mut receiver) = peer.conformance().chat(Context::default()).await?.split();
    let sending = tokio::spawn(async move {
        for number in 0..MESSAGES {
            sender.send(&line(number)).await?;
        }
        sender.close_send().await
    });
    for number in 0..MESSAGES {
        equal("message", receiver.recv().await?, line(number))?;
    }
    equal("the end", receiver.recv().await.err(), Some(Error::Eof))?;
    sending.await.map_err(|e| Wrong(e.to_string()))?.map_err(Wrong::from)
}

async fn chat_empty_messages(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().chat(Context::default()).await?;
    for _ in 0..3 {
        stream.send(&ChatMessage::new()).await?;
        empty("the message", &stream.recv().await?)?;
    }
    end(&mut stream).await
}

async fn chat_half_close(peer: Peer) -> Outcome {
    let mut stream = peer.conformance().chat(Context::default()).await?;
    for number in 0..20 {
        stream.send(&planned_line(number, delayed(100))).await?;
    }
    stream.close_send().await?;
    for number in 0..20 {
        equal("number", stream.recv().await?.number, number)?;
    }
    equal("the end", stream.recv().await.err(), Some(Error::Eof))
}

async fn chat_early_end(peer: Peer) -> Outcome {
    let mut stream = chat_ended_after(&peer, ended_after(2)).await?;
    equal("the end", stream.recv().await.err(), Some(Error::Eof))?;
    peer.still_usable().await
}

async fn chat_end_after_early_end(peer: Peer) -> Outcome {
    for _ in 0..50 {
        let mut stream = chat_ended_after(&peer, ended_after(1)).await?;
        equal("the end", stream.recv().await.err(), Some(Error::Eof))?;
        stream.send(&line(1)).await?;
        stream.close_send().await?;
    }
    peer.still_usable().await
}

async fn chat_error_after_data(peer: Peer) -> Outcome {
    let mut stream = chat_ended_after(&peer, ending(Code::OUT_OF_RANGE, "beyond", 2)).await?;
    let status = failure(stream.recv().await)?;
    equal("status code", status.code.value(), Code::OUT_OF_RANGE as i32)?;
    equal("status text", status.message.as_str(), "beyond")?;
    peer.still_usable().await
}

async fn chat_ended_after(peer: &Peer, plan: Plan) -> Result<ClientStream<ChatMessage, ChatMessage>, Wrong> {
    let mut stream = peer.conformance().chat(Context::default()).await?;
    for number in 0..plan.after_messages {
        stream.send(&planned_line(number, plan.clone())).await?;
        equal("number", stream.recv().await?.number, number)?;
    }
    Ok(stream)
}

pub fn line(number: i32) -> ChatMessage {
    let mut message = ChatMessage::new();
    message.number = number;
    message.payload = vec![number as u8];
    message
}

fn planned_line(number: i32, plan: Plan) -> ChatMessage {
    let mut message = line(number);
    message.plan = Some(plan).into();
    message
}

async fn end(stream: &mut ClientStream<ChatMessage, ChatMessage>) -> Outcome {
    stream.close_send().await?;
    equal("the end", stream.recv().await.err(), Some(Error::Eof))
}
