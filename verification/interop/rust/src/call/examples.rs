//! What the Rust examples ask of their other services, by either stack.

use std::time::Duration;

use protobuf::Message;
use protobuf::well_known_types::empty::Empty;
use ttrpc::Code;
use ttrpc::context::{Context, with_duration};

use super::concurrency::at_once;
use super::peer::{Peer, metadata};
use super::{Case, case};
use crate::expect::{Outcome, code, deadline, equal, status};
use crate::generated::asynchronous::agent::{Interfaces, ListInterfacesRequest, OnlineCPUMemRequest};
use crate::generated::asynchronous::health::{CheckRequest, HealthCheckResponse, VersionCheckResponse};

pub const EACH: &[Case] = &[
    case!("health-check", "Check ends at its deadline of 20 ms", check),
    case!("health-version", "Version names its two versions", version),
    case!("agent-interfaces", "ListInterfaces names two interfaces", interfaces),
    case!("agent-not-found", "OnlineCPUMem is not supported", not_found),
    case!("agent-unimplemented", "what is left out is UNIMPLEMENTED", unimplemented),
];

pub const ALL_AT_ONCE: &[Case] =
    &[case!("examples-at-once", "all of these ten times at once on one connection, with metadata", all_at_once)];

async fn check(peer: Peer) -> Outcome {
    let request = CheckRequest::new();
    deadline(peer.call::<HealthCheckResponse>(with_duration(Duration::from_millis(20)), "grpc.Health", "Check", &request).await)?;
    peer.still_usable().await
}

async fn version(peer: Peer) -> Outcome {
    let answer: VersionCheckResponse = peer.call(keys(), "grpc.Health", "Version", &CheckRequest::new()).await?;
    equal("grpc version", answer.grpc_version.as_str(), "0.0.1")?;
    equal("agent version", answer.agent_version.as_str(), "mock.0.1")
}

async fn interfaces(peer: Peer) -> Outcome {
    let answer: Interfaces = agent(&peer, "ListInterfaces", &ListInterfacesRequest::new()).await?;
    let names: Vec<&str> = answer.Interfaces.iter().map(|interface| interface.name.as_str()).collect();
    equal("names", names, vec!["first", "second"])
}

async fn not_found(peer: Peer) -> Outcome {
    let answer: ttrpc::Result<Empty> = agent(&peer, "OnlineCPUMem", &OnlineCPUMemRequest::new()).await;
    status(answer, Code::NOT_FOUND, "/grpc.AgentService/OnlineCPUMem is not supported")
}

async fn unimplemented(peer: Peer) -> Outcome {
    let answer: ttrpc::Result<Empty> = agent(&peer, "CopyFile", &Empty::new()).await;
    code(answer, Code::UNIMPLEMENTED)
}

async fn agent<P: Message>(peer: &Peer, method: &str, request: &impl Message) -> ttrpc::Result<P> {
    peer.call(keys(), "grpc.AgentService", method, request).await
}

fn keys() -> Context {
    metadata(&[("key-1", &["value-1-1", "value-1-2"]), ("key-2", &["value-2"])])
}

async fn all_at_once(peer: Peer) -> Outcome {
    at_once(10 * EACH.len(), |i| (EACH[i % EACH.len()].run)(peer.clone())).await
}
