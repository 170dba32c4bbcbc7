//! What a case expects, and the sentence that says why it failed.

use std::fmt::{Debug, Display, Formatter};

use protobuf::Message;
use ttrpc::Error;

/// Why a case failed.
#[derive(Debug)]
pub struct Wrong(pub String);

pub type Outcome = Result<(), Wrong>;

impl From<Error> for Wrong {
    fn from(error: Error) -> Wrong {
        Wrong(format!("a call ended with {error}"))
    }
}

impl Display for Wrong {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

pub fn equal<T: PartialEq + Debug>(what: &str, actual: T, expected: T) -> Outcome {
    is_true(&format!("{what} is {actual:?}, not {expected:?}"), actual == expected)
}

/// The sentence is said where it is not true.
pub fn is_true(otherwise: &str, condition: bool) -> Outcome {
    if condition { Ok(()) } else { Err(Wrong(otherwise.to_string())) }
}

pub fn empty(what: &str, message: &impl Message) -> Outcome {
    equal(&format!("size of {what}"), message.compute_size(), 0)
}

/// The status that a call ended with.
pub fn failure<T>(result: ttrpc::Result<T>) -> Result<ttrpc::Status, Wrong> {
    match result {
        Err(Error::RpcStatus(status)) => Ok(status),
        Err(other) => Err(Wrong(format!("the call ended without a status: {other}"))),
        Ok(_) => Err(Wrong("the call succeeded instead of ending with a status".to_string())),
    }
}

pub fn code<T>(result: ttrpc::Result<T>, code: ttrpc::Code) -> Outcome {
    equal("status code", failure(result)?.code.value(), code as i32)
}

pub fn status<T>(result: ttrpc::Result<T>, code: ttrpc::Code, message: &str) -> Outcome {
    let status = failure(result)?;
    equal("status code", status.code.value(), code as i32)?;
    equal("status text", status.message.as_str(), message)
}

/// That a deadline ended a unary call. Rust's clients have no status for their own clock's end, and it races with the server's answer.
pub fn deadline<T>(result: ttrpc::Result<T>) -> Outcome {
    match result {
        Err(Error::Others(text)) if text == "Request deadline elapsed" || text.contains("timed out waiting") => Ok(()),
        other => status(other, ttrpc::Code::DEADLINE_EXCEEDED, "context deadline exceeded"),
    }
}

/// That the end of the connection ended a call.
pub fn lost<T>(result: ttrpc::Result<T>) -> Outcome {
    match result {
        Err(Error::RpcStatus(status)) => Err(Wrong(format!("a status instead of a lost connection: {status}"))),
        Err(Error::Eof) => Err(Wrong("a good end instead of a lost connection".to_string())),
        Err(_) => Ok(()),
        Ok(_) => Err(Wrong("the call of a lost connection succeeded".to_string())),
    }
}
