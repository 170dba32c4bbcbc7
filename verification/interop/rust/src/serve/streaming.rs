//! The streaming service of the Rust examples.

use std::time::Duration;

use async_trait::async_trait;
use protobuf::well_known_types::empty::Empty;
use tokio::time::sleep;
use ttrpc::r#async::{ServerStream, ServerStreamReceiver, ServerStreamSender, TtrpcContext};
use ttrpc::{Code, Result, get_status};

use crate::generated::asynchronous::streaming::{EchoPayload, Part, Sum};
use crate::generated::{asynchronous, synchronous};

const EMPTY_MESSAGES_FOR_EACH: usize = 10;

pub struct Echoes;

fn next(mut message: EchoPayload) -> EchoPayload {
    message.seq += 1;
    message
}

fn refused(reason: String) -> ttrpc::Error {
    ttrpc::Error::RpcStatus(get_status(Code::INVALID_ARGUMENT, reason))
}

fn expect_null(message: &EchoPayload, seq: u32) -> Result<()> {
    match message.seq == seq && message.msg == "non-empty empty" {
        true => Ok(()),
        false => Err(refused(format!("message {seq} is {:?} with number {}", message.msg, message.seq))),
    }
}

/// Numbers that total a sum. Of more than two the first and the last are 0, which no field of a message says.
fn division(sum: i32, count: i32) -> Result<Vec<i32>> {
    if count < 0 || count == 0 && sum != 0 {
        return Err(refused(format!("{count} parts cannot total {sum}")));
    }
    let mut parts = vec![0; count as usize];
    let inner = if count > 2 { 1..parts.len() - 1 } else { 0..parts.len() };
    let mut left = sum;
    for i in inner.clone() {
        parts[i] = left / (inner.end - i) as i32;
        left -= parts[i];
    }
    Ok(parts)
}

#[async_trait]
impl asynchronous::streaming_ttrpc::Streaming for Echoes {
    async fn echo(&self, _: &TtrpcContext, message: EchoPayload) -> Result<EchoPayload> {
        Ok(next(message))
    }

    async fn echo_stream(&self, _: &TtrpcContext, mut stream: ServerStream<EchoPayload, EchoPayload>) -> Result<()> {
        while let Some(message) = stream.recv().await? {
            stream.send(&next(message)).await?;
        }
        Ok(())
    }

    async fn sum_stream(&self, _: &TtrpcContext, mut parts: ServerStreamReceiver<Part>) -> Result<Sum> {
        let mut sum = Sum::new();
        while let Some(part) = parts.recv().await? {
            sum.sum += part.add;
            sum.num += 1;
        }
        Ok(sum)
    }

    async fn divide_stream(&self, _: &TtrpcContext, sum: Sum, parts: ServerStreamSender<Part>) -> Result<()> {
        for add in division(sum.sum, sum.num)? {
            let mut part = Part::new();
            part.add = add;
            parts.send(&part).await?;
        }
        Ok(())
    }

    async fn echo_null(&self, _: &TtrpcContext, mut messages: ServerStreamReceiver<EchoPayload>) -> Result<Empty> {
        let mut seq = 0;
        while let Some(message) = messages.recv().await? {
            expect_null(&message, seq)?;
            seq += 1;
        }
        Ok(Empty::new())
    }

    async fn echo_null_stream(&self, _: &TtrpcContext, mut stream: ServerStream<Empty, EchoPayload>) -> Result<()> {
        let mut seq = 0;
        while let Some(message) = stream.recv().await? {
            expect_null(&message, seq)?;
            seq += 1;
            for _ in 0..EMPTY_MESSAGES_FOR_EACH {
                stream.send(&Empty::new()).await?;
            }
        }
        Ok(())
    }

    async fn echo_default_value(
        &self,
        _: &TtrpcContext,
        message: EchoPayload,
        messages: ServerStreamSender<EchoPayload>,
    ) -> Result<()> {
        if message != EchoPayload::new() {
            return Err(refused("the message has other than default values".to_string()));
        }
        messages.send(&message).await
    }

    async fn server_send_stream(&self, _: &TtrpcContext, _: Empty, messages: ServerStreamSender<EchoPayload>) -> Result<()> {
        for seq in 0..10 {
            sleep(Duration::from_millis(100)).await;
            let mut message = EchoPayload::new();
            message.seq = seq;
            message.msg = "hello".to_string();
            messages.send(&message).await?;
        }
        Ok(())
    }
}

impl synchronous::streaming_ttrpc::Streaming for Echoes {
    fn echo(&self, _: &ttrpc::TtrpcContext, message: EchoPayload) -> Result<EchoPayload> {
        Ok(next(message))
    }
}
