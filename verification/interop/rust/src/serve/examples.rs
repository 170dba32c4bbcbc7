//! The other services of the Rust examples. What they leave out answers as generated code does: NOT_FOUND.

use std::time::Duration;

use async_trait::async_trait;
use ttrpc::{Code, Result, get_status};

use crate::generated::asynchronous::agent::{Interfaces, ListInterfacesRequest};
use crate::generated::asynchronous::health::{CheckRequest, HealthCheckResponse, VersionCheckResponse};
use crate::generated::asynchronous::types::Interface;
use crate::generated::{asynchronous, synchronous};

const CHECK: Duration = Duration::from_secs(1);

pub struct Examples;

fn unchecked() -> ttrpc::Error {
    ttrpc::Error::RpcStatus(get_status(Code::NOT_FOUND, "nobody should wait for this"))
}

fn version() -> VersionCheckResponse {
    let mut version = VersionCheckResponse::new();
    version.grpc_version = "0.0.1".to_string();
    version.agent_version = "mock.0.1".to_string();
    version
}

fn interfaces() -> Interfaces {
    let mut interfaces = Interfaces::new();
    for name in ["first", "second"] {
        let mut interface = Interface::new();
        interface.name = name.to_string();
        interfaces.Interfaces.push(interface);
    }
    interfaces
}

#[async_trait]
impl asynchronous::health_ttrpc::Health for Examples {
    async fn check(&self, _: &ttrpc::r#async::TtrpcContext, _: CheckRequest) -> Result<HealthCheckResponse> {
        tokio::time::sleep(CHECK).await;
        Err(unchecked())
    }

    async fn version(&self, _: &ttrpc::r#async::TtrpcContext, _: CheckRequest) -> Result<VersionCheckResponse> {
        Ok(version())
    }
}

#[async_trait]
impl asynchronous::agent_ttrpc::AgentService for Examples {
    async fn list_interfaces(&self, _: &ttrpc::r#async::TtrpcContext, _: ListInterfacesRequest) -> Result<Interfaces> {
        Ok(interfaces())
    }
}

impl synchronous::health_ttrpc::Health for Examples {
    fn check(&self, _: &ttrpc::TtrpcContext, _: CheckRequest) -> Result<HealthCheckResponse> {
        std::thread::sleep(CHECK);
        Err(unchecked())
    }

    fn version(&self, _: &ttrpc::TtrpcContext, _: CheckRequest) -> Result<VersionCheckResponse> {
        Ok(version())
    }
}

impl synchronous::agent_ttrpc::AgentService for Examples {
    fn list_interfaces(&self, _: &ttrpc::TtrpcContext, _: ListInterfacesRequest) -> Result<Interfaces> {
        Ok(interfaces())
    }
}
