//! One connection to the server under test.

use std::collections::HashMap;
use std::time::Duration;

use protobuf::Message;
use protobuf::well_known_types::empty::Empty;
use tokio::io::{copy_bidirectional, duplex};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, sleep};
use ttrpc::asynchronous::transport::Socket;
use ttrpc::context::{self, Context};
use ttrpc::{Error, Result};

use crate::Stack;
use crate::expect::{Outcome, Wrong, equal};
use crate::generated::asynchronous::conformance::{HangCountResponse, HangRequest, Plan, UnaryRequest, UnaryResponse};
use crate::generated::asynchronous::conformance_ttrpc::ConformanceClient;
use crate::generated::asynchronous::streaming_ttrpc::StreamingClient;

const CONFORMANCE: &str = "ttrpc.conformance.v1.Conformance";
/// Until a handler has begun, or has heard of its end.
const HANDLER: Duration = Duration::from_secs(10);

/// Whoever holds a clone holds the connection: Rust's clients have no other way to close it than to be dropped, all of them.
#[derive(Clone)]
pub struct Peer {
    client: Client,
    address: String,
}

#[derive(Clone)]
enum Client {
    Async(ttrpc::r#async::Client),
    Sync(ttrpc::Client),
}

impl Peer {
    pub async fn connect(stack: Stack, address: String) -> Result<Peer> {
        let client = match stack {
            Stack::Async => Client::Async(ttrpc::r#async::Client::connect(&address).await?),
            Stack::Sync => Client::Sync(ttrpc::Client::connect(&address)?),
        };
        Ok(Peer { client, address })
    }

    /// A second connection to the same server.
    pub async fn again(&self) -> Result<Peer> {
        Peer::connect(self.stack(), self.address.clone()).await
    }

    /// A second connection that ends when the task is aborted, with no word before.
    pub async fn that_can_be_cut(&self) -> Result<(Peer, JoinHandle<()>)> {
        let of_io = |error: std::io::Error| Error::Others(error.to_string());
        let (near, mut far) = duplex(64 << 10);
        let cable = match self.address.strip_prefix("unix://") {
            Some(path) => {
                let mut stream = UnixStream::connect(path).await.map_err(of_io)?;
                tokio::spawn(async move { drop(copy_bidirectional(&mut far, &mut stream).await) })
            }
            None => {
                let address = self.address.trim_start_matches("tcp://");
                let mut stream = TcpStream::connect(address).await.map_err(of_io)?;
                tokio::spawn(async move { drop(copy_bidirectional(&mut far, &mut stream).await) })
            }
        };
        let client = Client::Async(ttrpc::r#async::Client::new(Socket::new(near)));
        Ok((Peer { client, address: self.address.clone() }, cable))
    }

    fn stack(&self) -> Stack {
        match self.client {
            Client::Async(_) => Stack::Async,
            Client::Sync(_) => Stack::Sync,
        }
    }

    /// The generated client, which has the streams.
    pub fn conformance(&self) -> ConformanceClient {
        ConformanceClient::new(self.asynchronous())
    }

    pub fn streaming(&self) -> StreamingClient {
        StreamingClient::new(self.asynchronous())
    }

    fn asynchronous(&self) -> ttrpc::r#async::Client {
        match &self.client {
            Client::Async(client) => client.clone(),
            Client::Sync(_) => unreachable!("cases with streams are chosen for the asynchronous stack only"),
        }
    }

    /// A unary call of any method by either stack. The synchronous one waits on a thread of its own.
    pub async fn call<P: Message>(&self, context: Context, service: &str, method: &str, request: &impl Message) -> Result<P> {
        let mut envelope = ttrpc::Request::new();
        envelope.service = service.to_string();
        envelope.method = method.to_string();
        envelope.timeout_nano = context.timeout_nano;
        envelope.metadata = context::to_pb(context.metadata);
        envelope.payload = request.write_to_bytes().map_err(|e| Error::Others(e.to_string()))?;
        let response = match &self.client {
            Client::Async(client) => client.request(envelope).await?,
            Client::Sync(client) => {
                let client = client.clone();
                spawn_blocking(move || client.request(envelope)).await.map_err(|e| Error::Others(e.to_string()))??
            }
        };
        P::parse_from_bytes(&response.payload).map_err(|e| Error::Others(e.to_string()))
    }

    pub async fn unary(&self, context: Context, request: &UnaryRequest) -> Result<UnaryResponse> {
        self.call(context, CONFORMANCE, "Unary", request).await
    }

    pub async fn nothing(&self) -> Result<Empty> {
        self.call(Context::default(), CONFORMANCE, "Nothing", &Empty::new()).await
    }

    pub async fn no_such_method(&self) -> Result<Empty> {
        self.call(Context::default(), CONFORMANCE, "NoSuchMethod", &Empty::new()).await
    }

    pub async fn no_such_service(&self) -> Result<Empty> {
        self.call(Context::default(), "no.such.Service", "Unary", &Empty::new()).await
    }

    pub async fn hang(&self, context: Context) -> Result<Empty> {
        let mut request = HangRequest::new();
        request.max_millis = 15_000;
        self.call(context, CONFORMANCE, "Hang", &request).await
    }

    pub async fn hangs(&self) -> Result<HangCountResponse> {
        self.call(Context::default(), CONFORMANCE, "HangCount", &Empty::new()).await
    }

    pub async fn await_hangs(&self, reached: impl Fn(&HangCountResponse) -> bool) -> Outcome {
        let end = Instant::now() + HANDLER;
        while Instant::now() < end {
            if reached(&self.hangs().await?) {
                return Ok(());
            }
            sleep(Duration::from_millis(10)).await;
        }
        Err(Wrong(format!("no handler was seen to start or to be cancelled within {} s", HANDLER.as_secs())))
    }

    pub async fn still_usable(&self) -> Outcome {
        let answer = self
            .unary(Context::default(), &payload(b"still there"))
            .await
            .map_err(|error| Wrong(format!("the connection afterwards: {error}")))?;
        equal("payload afterwards", answer.payload.as_slice(), b"still there")
    }
}

pub fn payload(payload: &[u8]) -> UnaryRequest {
    let mut request = UnaryRequest::new();
    request.payload = payload.to_vec();
    request
}

pub fn planned(plan: Plan) -> UnaryRequest {
    let mut request = UnaryRequest::new();
    request.plan = Some(plan).into();
    request
}

/// A plan that ends with a status.
pub fn ending(code: ttrpc::Code, message: &str, after_messages: i32) -> Plan {
    let mut plan = Plan::new();
    plan.status_code = code as i32;
    plan.status_message = message.to_string();
    plan.after_messages = after_messages;
    plan
}

pub fn delayed(millis: i32) -> Plan {
    let mut plan = Plan::new();
    plan.delay_millis = millis;
    plan
}

pub fn metadata(pairs: &[(&str, &[&str])]) -> Context {
    let mut metadata = HashMap::new();
    for (key, values) in pairs {
        metadata.insert(key.to_string(), values.iter().map(ToString::to_string).collect());
    }
    context::with_metadata(metadata)
}
