//! What both stacks answer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use protobuf::EnumOrUnknown;
use ttrpc::{Error, Result, Status};

use crate::generated::asynchronous::conformance::{CallInfo, HangCountResponse, Pair, Plan, UnaryRequest, UnaryResponse};

/// What a Plan says at each point of a call, once its delay has passed. The default plans nothing.
#[derive(Default)]
pub struct Planned(pub Plan);

impl Planned {
    pub fn delay(plan: &Plan) -> Duration {
        Duration::from_millis(plan.delay_millis.max(0) as u64)
    }

    /// Whether the plan names an end other than a good one.
    pub fn ends(&self) -> bool {
        self.0.status_code != 0 || !self.0.throw_message.is_empty() || self.0.return_nothing
    }

    /// Whether the plan ends a stream once so many messages were handled.
    pub fn ends_after(&self, messages: i64) -> bool {
        messages == i64::from(self.0.after_messages) && (messages > 0 || self.ends())
    }

    /// What the plan ends the call with, Ok where it ends a stream well. Rust has no exceptions: throwing is an error that is no
    /// status, as a panic is never answered. Nor can Rust return nothing: that is an error, too.
    pub fn end(&self) -> Result<()> {
        if self.0.status_code != 0 {
            let mut status = Status::new();
            status.code = EnumOrUnknown::from_i32(self.0.status_code);
            status.message = self.0.status_message.clone();
            status.details = self.0.status_details.iter().map(detail).collect();
            return Err(Error::RpcStatus(status));
        }
        if !self.0.throw_message.is_empty() {
            return Err(Error::Others(self.0.throw_message.clone()));
        }
        if self.0.return_nothing {
            return Err(Error::Others("nothing cannot be returned".to_string()));
        }
        Ok(())
    }
}

fn detail(any: &protobuf::well_known_types::any::Any) -> ttrpc::proto::Any {
    let mut detail = ttrpc::proto::Any::new();
    detail.type_url = any.type_url.clone();
    detail.value = any.value.clone();
    detail
}

/// The answer to a request whose plan's delay has passed.
pub fn unary(request: UnaryRequest, call: CallInfo) -> Result<UnaryResponse> {
    let plan = Planned(request.plan.unwrap_or_default());
    plan.end()?;
    let mut answer = UnaryResponse::new();
    answer.payload = match request.response_size {
        0 => request.payload,
        size => vec![0; size as usize],
    };
    answer.call = Some(call).into();
    Ok(answer)
}

/// What Rust's handlers can see of a call. They see neither the peer nor in which order the keys of the metadata came, and of the
/// deadline only how far it was off when the call was sent.
pub fn call_info(method: &str, metadata: &HashMap<String, Vec<String>>, timeout_nano: i64) -> CallInfo {
    let mut info = CallInfo::new();
    info.service = "ttrpc.conformance.v1.Conformance".to_string();
    info.method = method.to_string();
    info.remaining_nanos = timeout_nano;
    let mut keys: Vec<&String> = metadata.keys().collect();
    keys.sort();
    for key in keys {
        for value in &metadata[key] {
            let mut pair = Pair::new();
            pair.key = key.clone();
            pair.value = value.clone();
            info.metadata.push(pair);
        }
    }
    info
}

/// Counts the Hang calls of a server.
#[derive(Default)]
pub struct Hangs {
    started: AtomicI32,
    cancelled: AtomicI32,
}

impl Hangs {
    /// Begins a call that counts as cancelled unless it is told that it ended.
    pub fn begin(&self) -> Hanging<'_> {
        self.started.fetch_add(1, Ordering::SeqCst);
        Hanging { hangs: self, ended: false }
    }

    pub fn count(&self) -> HangCountResponse {
        let mut count = HangCountResponse::new();
        count.started = self.started.load(Ordering::SeqCst);
        count.cancelled = self.cancelled.load(Ordering::SeqCst);
        count
    }
}

/// A running Hang call. Rust's asynchronous stack cancels a handler by dropping its future, and this with it.
pub struct Hanging<'a> {
    hangs: &'a Hangs,
    ended: bool,
}

impl Hanging<'_> {
    pub fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.hangs.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
}
