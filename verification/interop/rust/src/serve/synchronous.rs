//! What the synchronous stack can serve: the unary methods.

use std::os::fd::IntoRawFd;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use protobuf::well_known_types::empty::Empty;
use ttrpc::{Result, Server, TtrpcContext};

use super::answers::{Hangs, Planned, call_info, unary};
use super::examples::Examples;
use super::streaming::Echoes;
use crate::address::{Address, Listening};
use crate::generated::synchronous::conformance::{HangCountResponse, HangRequest, UnaryRequest, UnaryResponse};
use crate::generated::synchronous::{agent_ttrpc, conformance_ttrpc, health_ttrpc, streaming_ttrpc};

/// One server an address, as one server of Rust serves one listener only.
pub fn serve(addresses: &[Address], asked_to_end: impl Fn() -> Result<()>) -> Result<()> {
    let conformance: Arc<Conformance> = Arc::default();
    let mut servers = Vec::new();
    for address in addresses {
        let (listening, bound) = address.listen().map_err(super::of_io)?;
        let mut server = Server::new()
            .add_listener(match listening {
                Listening::Unix(listener) => listener.into_raw_fd(),
                Listening::Tcp(listener) => listener.into_raw_fd(),
            })?
            .register_service(conformance_ttrpc::create_conformance(conformance.clone()))
            .register_service(streaming_ttrpc::create_streaming(Arc::new(Echoes)))
            .register_service(health_ttrpc::create_health(Arc::new(Examples)))
            .register_service(agent_ttrpc::create_agent_service(Arc::new(Examples)));
        server.start()?;
        println!("serving {}", bound.text());
        servers.push(server);
    }
    asked_to_end()?;
    servers.into_iter().for_each(Server::shutdown);
    Ok(())
}

#[derive(Default)]
struct Conformance {
    hangs: Hangs,
}

impl conformance_ttrpc::Conformance for Conformance {
    fn unary(&self, context: &TtrpcContext, request: UnaryRequest) -> Result<UnaryResponse> {
        sleep(Planned::delay(&request.plan));
        unary(request, call_info("Unary", &context.metadata, context.timeout_nano))
    }

    fn nothing(&self, _: &TtrpcContext, _: Empty) -> Result<Empty> {
        Ok(Empty::new())
    }

    /// Hears only that the connection ended: the synchronous stack does not keep deadlines.
    fn hang(&self, context: &TtrpcContext, request: HangRequest) -> Result<Empty> {
        let hanging = self.hangs.begin();
        let limit = match request.max_millis {
            0 => Duration::MAX,
            millis => Duration::from_millis(millis as u64),
        };
        if context.cancel_rx.recv_timeout(limit).is_err_and(|e| e.is_timeout()) {
            hanging.end();
        }
        Ok(Empty::new())
    }

    fn hang_count(&self, _: &TtrpcContext, _: Empty) -> Result<HangCountResponse> {
        Ok(self.hangs.count())
    }
}
