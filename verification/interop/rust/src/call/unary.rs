//! One request, one answer, by either stack.

use protobuf::Message;
use protobuf::well_known_types::any::Any;
use ttrpc::Code;
use ttrpc::context::Context;

use super::peer::{Peer, ending, metadata, payload, planned};
use super::{Case, case};
use crate::expect::{Outcome, code, empty, equal, failure, is_true, status};
use crate::generated::asynchronous::conformance::{Pair, Plan, UnaryRequest, UnaryResponse};

pub const CASES: &[Case] = &[
    case!("unary-echo", "a unary call brings its payload back, and what the handler saw of it", echo),
    case!("unary-empty", "the empty message in both directions", nothing),
    case!("unary-large", "1 MiB there and back", large),
    case!("unary-one-after-another", "500 calls, each with its own answer", one_after_another),
    case!("metadata-values", "several values of one key arrive in their order", metadata_values),
    case!("metadata-case", "a key arrives, whichever case it is sent in", metadata_case),
    case!("metadata-empty-value", "an empty value arrives", metadata_empty_value),
    case!("metadata-many", "100 keys with three values each", metadata_many),
    case!("error-details", "code, text and details of a status", error_details),
    case!("error-every-code", "each code from 1 to 16", error_every_code),
    case!("error-unknown-code", "a code that is none is an error, whose text names it", error_unknown_code),
    case!("error-exception", "what a handler throws is UNKNOWN", error_exception),
    case!("error-null", "a handler that returns null is UNKNOWN", error_null),
    case!("error-unknown-service", "UNIMPLEMENTED names the service", error_unknown_service),
    case!("error-unknown-method", "UNIMPLEMENTED names the method", error_unknown_method),
];

async fn echo(peer: Peer) -> Outcome {
    let answer = peer.unary(Context::default(), &payload(b"echo")).await?;
    equal("payload", answer.payload.as_slice(), b"echo")?;
    equal("service", answer.call.service.as_str(), "ttrpc.conformance.v1.Conformance")?;
    equal("method", answer.call.method.as_str(), "Unary")?;
    equal("remaining nanos", answer.call.remaining_nanos, 0)?;
    equal("metadata", answer.call.metadata.len(), 0)
}

async fn nothing(peer: Peer) -> Outcome {
    empty("the answer", &peer.nothing().await?)?;
    let answer = peer.unary(Context::default(), &UnaryRequest::new()).await?;
    equal("payload", answer.payload.len(), 0)
}

async fn large(peer: Peer) -> Outcome {
    let sent = b"0123456789abcdef".repeat(1 << 16);
    let answer = peer.unary(Context::default(), &payload(&sent)).await?;
    equal("whether the payload is the same", answer.payload == sent, true)
}

async fn one_after_another(peer: Peer) -> Outcome {
    for i in 0..500 {
        let sent = format!("call {i}");
        let answer = peer.unary(Context::default(), &payload(sent.as_bytes())).await?;
        equal("payload", answer.payload, sent.into_bytes())?;
    }
    Ok(())
}

async fn metadata_values(peer: Peer) -> Outcome {
    let sent = metadata(&[("trace", &["one", "two", "three"]), ("other", &["ä value with blanks"])]);
    let answer = peer.unary(sent, &UnaryRequest::new()).await?;
    equal("values of trace", values(&answer, "trace"), vec!["one", "two", "three"])?;
    equal("values of other", values(&answer, "other"), vec!["ä value with blanks"])
}

/// Rust lower-cases a key that is added, and sends one that it is given in a map as it stands.
async fn metadata_case(peer: Peer) -> Outcome {
    let mut sent = metadata(&[("X-Sent-As-Is", &["a", "b"])]);
    sent.add("X-Added".to_string(), "c".to_string());
    let answer = peer.unary(sent, &UnaryRequest::new()).await?;
    equal("values of x-sent-as-is", values(&answer, "x-sent-as-is"), vec!["a", "b"])?;
    equal("values of x-added", values(&answer, "x-added"), vec!["c"])
}

async fn metadata_empty_value(peer: Peer) -> Outcome {
    let answer = peer.unary(metadata(&[("empty", &["", "x", ""])]), &UnaryRequest::new()).await?;
    equal("values", values(&answer, "empty"), vec!["", "x", ""])
}

async fn metadata_many(peer: Peer) -> Outcome {
    let keys: Vec<String> = (0..100).map(|i| format!("key-{i}")).collect();
    let pairs: Vec<(&str, &[&str])> = keys.iter().map(|key| (key.as_str(), ["1", "2", "3"].as_slice())).collect();
    let answer = peer.unary(metadata(&pairs), &UnaryRequest::new()).await?;
    equal("pairs", answer.call.metadata.len(), 300)?;
    for key in &keys {
        equal(key, values(&answer, key), vec!["1", "2", "3"])?;
    }
    Ok(())
}

fn values<'a>(answer: &'a UnaryResponse, key: &str) -> Vec<&'a str> {
    answer.call.metadata.iter().filter(|pair| pair.key.eq_ignore_ascii_case(key)).map(|pair| pair.value.as_str()).collect()
}

async fn error_details(peer: Peer) -> Outcome {
    let mut pair = Pair::new();
    pair.key = "k".to_string();
    let mut first = Any::new();
    first.type_url = "type.googleapis.com/ttrpc.conformance.v1.Pair".to_string();
    first.value = pair.write_to_bytes().expect("a message of known size");
    let mut second = Any::new();
    second.type_url = "no.slash.Type".to_string();
    second.value = vec![1, 2, 3];
    let mut plan = ending(Code::FAILED_PRECONDITION, "nicht möglich", 0);
    plan.status_details = vec![first.clone(), second.clone()];
    let status = failure(peer.unary(Context::default(), &planned(plan)).await)?;
    equal("status code", status.code.value(), Code::FAILED_PRECONDITION as i32)?;
    equal("status text", status.message.as_str(), "nicht möglich")?;
    let details: Vec<(&str, &[u8])> = status.details.iter().map(|any| (any.type_url.as_str(), &any.value[..])).collect();
    equal("details", details, vec![(&first.type_url, &first.value[..]), (&second.type_url, &second.value[..])])?;
    peer.still_usable().await
}

async fn error_every_code(peer: Peer) -> Outcome {
    for number in 1..=16 {
        let mut plan = Plan::new();
        plan.status_code = number;
        plan.status_message = format!("code {number}");
        let status = failure(peer.unary(Context::default(), &planned(plan)).await)?;
        equal("status code", status.code.value(), number)?;
        equal("status text", status.message, format!("code {number}"))?;
    }
    peer.still_usable().await
}

/// Rust's clients take a code that they do not know for success, so it must not reach them.
async fn error_unknown_code(peer: Peer) -> Outcome {
    let mut plan = Plan::new();
    plan.status_code = 99;
    plan.status_message = "beyond all codes".to_string();
    let status = failure(peer.unary(Context::default(), &planned(plan)).await)?;
    equal("status code", status.code.value(), Code::UNKNOWN as i32)?;
    is_true(&format!("the status text {:?} does not name code 99", status.message), status.message.contains("99"))?;
    peer.still_usable().await
}

async fn error_exception(peer: Peer) -> Outcome {
    let mut plan = Plan::new();
    plan.throw_message = "thrown".to_string();
    code(peer.unary(Context::default(), &planned(plan)).await, Code::UNKNOWN)?;
    peer.still_usable().await
}

async fn error_null(peer: Peer) -> Outcome {
    let mut plan = Plan::new();
    plan.return_nothing = true;
    let answer = peer.unary(Context::default(), &planned(plan)).await;
    status(answer, Code::UNKNOWN, "ttrpc: marshal called with nil")?;
    peer.still_usable().await
}

async fn error_unknown_service(peer: Peer) -> Outcome {
    status(peer.no_such_service().await, Code::UNIMPLEMENTED, "service no.such.Service")?;
    peer.still_usable().await
}

async fn error_unknown_method(peer: Peer) -> Outcome {
    status(peer.no_such_method().await, Code::UNIMPLEMENTED, "method NoSuchMethod")?;
    peer.still_usable().await
}
