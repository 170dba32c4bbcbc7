//! Addresses of the project's grammar: unix:PATH, unix:///PATH, tcp://HOST:PORT.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

pub enum Address {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

pub enum Listening {
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Address {
    pub fn parse(text: &str) -> Result<Address, String> {
        let (scheme, rest) = text.split_once(':').ok_or_else(|| format!("address {text:?} has no scheme"))?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        match scheme {
            "unix" if !rest.is_empty() => Ok(Address::Unix(PathBuf::from(rest))),
            "tcp" => rest.parse().map(Address::Tcp).map_err(|e| format!("address {text:?}: {e}")),
            _ => Err(format!("address {text:?} is neither unix:PATH nor tcp://IP:PORT")),
        }
    }

    /// As Rust's ttrpc writes it.
    pub fn text(&self) -> String {
        match self {
            Address::Unix(path) => format!("unix://{}", path.display()),
            Address::Tcp(address) => format!("tcp://{address}"),
        }
    }

    /// Bound by the standard library, which can tell the real port: Rust's ttrpc cannot.
    pub fn listen(&self) -> io::Result<(Listening, Address)> {
        match self {
            Address::Unix(path) => Ok((Listening::Unix(UnixListener::bind(path)?), Address::Unix(path.clone()))),
            Address::Tcp(address) => {
                let listener = TcpListener::bind(address)?;
                let bound = Address::Tcp(listener.local_addr()?);
                Ok((Listening::Tcp(listener), bound))
            }
        }
    }
}
