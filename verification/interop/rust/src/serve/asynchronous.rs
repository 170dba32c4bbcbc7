//! The conformance service by Rust's asynchronous stack.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use protobuf::MessageField;
use protobuf::well_known_types::empty::Empty;
use tokio::time::sleep;
use ttrpc::Result;
use ttrpc::r#async::transport::Listener;
use ttrpc::r#async::{Server, ServerStream, ServerStreamReceiver, ServerStreamSender, TtrpcContext};

use super::answers::{Hangs, Planned, call_info, unary};
use super::examples::Examples;
use super::streaming::Echoes;
use crate::address::{Address, Listening};
use crate::generated::asynchronous::conformance::{
    ChatMessage, DownloadRequest, DownloadResponse, HangCountResponse, HangRequest, Plan, UnaryRequest, UnaryResponse,
    UploadRequest, UploadResponse,
};
use crate::generated::asynchronous::{agent_ttrpc, conformance_ttrpc, health_ttrpc, streaming_ttrpc};

/// One server an address, as one server of Rust serves one listener only.
pub async fn serve(addresses: &[Address]) -> Result<()> {
    let conformance: Arc<Conformance> = Arc::default();
    let mut servers = Vec::new();
    for address in addresses {
        let (listening, bound) = address.listen().map_err(super::of_io)?;
        let mut server = Server::new()
            .add_listener(listener(listening).map_err(super::of_io)?)
            .register_service(conformance_ttrpc::create_conformance(conformance.clone()))
            .register_service(streaming_ttrpc::create_streaming(Arc::new(Echoes)))
            .register_service(health_ttrpc::create_health(Arc::new(Examples)))
            .register_service(agent_ttrpc::create_agent_service(Arc::new(Examples)));
        server.start().await?;
        println!("serving {}", bound.text());
        servers.push(server);
    }
    super::asked_to_end().await?;
    for mut server in servers {
        server.shutdown().await?;
    }
    Ok(())
}

fn listener(listening: Listening) -> std::io::Result<Listener> {
    match listening {
        Listening::Unix(listener) => {
            listener.set_nonblocking(true)?;
            Listener::try_from(listener)
        }
        Listening::Tcp(listener) => {
            listener.set_nonblocking(true)?;
            Listener::try_from(listener)
        }
    }
}

async fn begin(plan: MessageField<Plan>) -> Planned {
    let plan = plan.unwrap_or_default();
    sleep(Planned::delay(&plan)).await;
    Planned(plan)
}

#[derive(Default)]
struct Conformance {
    hangs: Hangs,
}

#[async_trait]
impl conformance_ttrpc::Conformance for Conformance {
    async fn unary(&self, context: &TtrpcContext, request: UnaryRequest) -> Result<UnaryResponse> {
        sleep(Planned::delay(&request.plan)).await;
        unary(request, call_info("Unary", &context.metadata, context.timeout_nano))
    }

    async fn nothing(&self, _: &TtrpcContext, _: Empty) -> Result<Empty> {
        Ok(Empty::new())
    }

    async fn upload(&self, context: &TtrpcContext, mut requests: ServerStreamReceiver<UploadRequest>) -> Result<UploadResponse> {
        let mut answer = UploadResponse::new();
        answer.call = Some(call_info("Upload", &context.metadata, context.timeout_nano)).into();
        let mut plan = Planned::default();
        while let Some(request) = requests.recv().await? {
            if answer.messages == 0 {
                plan = begin(request.plan).await;
                if plan.ends_after(0) {
                    plan.end()?;
                }
            }
            answer.messages += 1;
            answer.bytes += request.payload.len() as i64;
            if plan.ends_after(answer.messages) {
                plan.end()?;
                break;
            }
        }
        Ok(answer)
    }

    async fn download(
        &self,
        _: &TtrpcContext,
        request: DownloadRequest,
        responses: ServerStreamSender<DownloadResponse>,
    ) -> Result<()> {
        let plan = begin(request.plan).await;
        let mut message = DownloadResponse::new();
        message.payload = vec![0; request.size as usize];
        for number in 0.. {
            if plan.ends_after(i64::from(number)) {
                return plan.end();
            }
            if number >= request.count {
                break;
            }
            if request.delay_millis > 0 {
                sleep(Duration::from_millis(request.delay_millis as u64)).await;
            }
            message.number = number;
            responses.send(&message).await?;
        }
        Ok(())
    }

    async fn chat(&self, _: &TtrpcContext, mut stream: ServerStream<ChatMessage, ChatMessage>) -> Result<()> {
        let mut plan = Planned::default();
        let mut handled = 0;
        while let Some(message) = stream.recv().await? {
            if handled == 0 {
                plan = begin(message.plan.clone()).await;
                if plan.ends_after(0) {
                    return plan.end();
                }
            }
            stream.send(&message).await?;
            handled += 1;
            if plan.ends_after(handled) {
                return plan.end();
            }
        }
        Ok(())
    }

    async fn hang(&self, _: &TtrpcContext, request: HangRequest) -> Result<Empty> {
        let hanging = self.hangs.begin();
        match request.max_millis {
            0 => std::future::pending().await,
            millis => sleep(Duration::from_millis(millis as u64)).await,
        }
        hanging.end();
        Ok(Empty::new())
    }

    async fn hang_count(&self, _: &TtrpcContext, _: Empty) -> Result<HangCountResponse> {
        Ok(self.hangs.count())
    }
}
