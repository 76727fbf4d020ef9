//! Panics become one log line.
//!
//! Owns the panic hook. A host recognizes only Go's panic texts, and anything on standard output before the
//! handshake breaks it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

use serde_json::{Map, Value};

use super::logging::{self, Level};

/// Replaces the standard hook, which prints several lines of text.
pub(super) fn hook() {
    std::panic::set_hook(Box::new(|panic| {
        let mut fields = Map::new();
        if let Some(location) = panic.location() {
            fields.insert("location".to_owned(), Value::String(location.to_string()));
        }
        if let Some(thread) = std::thread::current().name() {
            fields.insert("thread".to_owned(), Value::String(thread.to_owned()));
        }
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            fields.insert("backtrace".to_owned(), Value::String(backtrace.to_string()));
        }
        // Not through `tracing`: the panic may have come from there.
        logging::write(Level::Error, "panic", &format!("panic: {}", message(panic)), fields);
    }));
}

fn message<'panic>(panic: &'panic PanicHookInfo<'_>) -> &'panic str {
    panic.payload_as_str().unwrap_or("with a payload that is no text")
}
