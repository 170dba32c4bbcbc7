//! The server, until the process is ended.

use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixListener;
use std::sync::Arc;

use async_trait::async_trait;
use ttrpc::Result;
use ttrpc::r#async::{ServerStream, ServerStreamReceiver, ServerStreamSender};

use crate::generated::asynchronous::benchmark::{DownloadRequest, EchoMessage, UploadResponse};
use crate::generated::{asynchronous, synchronous};

struct Echo;

pub fn synchronous(path: &str) -> std::result::Result<(), String> {
    let listener = UnixListener::bind(path).map_err(|e| e.to_string())?;
    let mut server = ttrpc::Server::new()
        .add_listener(listener.into_raw_fd())
        .map_err(|e| e.to_string())?
        .register_service(synchronous::benchmark_ttrpc::create_benchmark(Arc::new(Echo)));
    server.start().map_err(|e| e.to_string())?;
    println!("serving unix:{path}");
    loop {
        std::thread::park();
    }
}

pub async fn asynchronous(path: &str) -> std::result::Result<(), String> {
    let listener = UnixListener::bind(path).map_err(|e| e.to_string())?;
    listener.set_nonblocking(true).map_err(|e| e.to_string())?;
    let listener = ttrpc::r#async::transport::Listener::try_from(listener).map_err(|e| e.to_string())?;
    let mut server = ttrpc::r#async::Server::new()
        .add_listener(listener)
        .register_service(asynchronous::benchmark_ttrpc::create_benchmark(Arc::new(Echo)));
    server.start().await.map_err(|e| e.to_string())?;
    println!("serving unix:{path}");
    std::future::pending().await
}

impl synchronous::benchmark_ttrpc::Benchmark for Echo {
    fn echo(&self, _: &ttrpc::TtrpcContext, request: EchoMessage) -> Result<EchoMessage> {
        Ok(request)
    }
}

#[async_trait]
impl asynchronous::benchmark_ttrpc::Benchmark for Echo {
    async fn echo(&self, _: &ttrpc::r#async::TtrpcContext, request: EchoMessage) -> Result<EchoMessage> {
        Ok(request)
    }

    async fn download(
        &self,
        _: &ttrpc::r#async::TtrpcContext,
        request: DownloadRequest,
        responses: ServerStreamSender<EchoMessage>,
    ) -> Result<()> {
        let mut message = EchoMessage::new();
        message.payload = vec![b'x'; request.size as usize];
        for _ in 0..request.count {
            responses.send(&message).await?;
        }
        Ok(())
    }

    async fn upload(
        &self,
        _: &ttrpc::r#async::TtrpcContext,
        mut requests: ServerStreamReceiver<EchoMessage>,
    ) -> Result<UploadResponse> {
        let mut answer = UploadResponse::new();
        while requests.recv().await?.is_some() {
            answer.messages += 1;
        }
        Ok(answer)
    }

    async fn chat(&self, _: &ttrpc::r#async::TtrpcContext, mut stream: ServerStream<EchoMessage, EchoMessage>) -> Result<()> {
        while let Some(message) = stream.recv().await? {
            stream.send(&message).await?;
        }
        Ok(())
    }
}
