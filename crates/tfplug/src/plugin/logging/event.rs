//! The fields of one event or span, as JSON.
//!
//! Owns how a recorded value is turned into JSON. Never decides whether it may be shown in full: that is
//! `redact`.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

use super::redact;

/// What an event said, ready to be written.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) message: String,
    pub(super) values: Map<String, Value>,
}

impl Fields {
    /// Takes over what an enclosing span knows and nobody nearer to the event has said.
    pub(super) fn inherit(&mut self, outer: &Fields) {
        for (name, value) in &outer.values {
            self.values.entry(name).or_insert_with(|| value.clone());
        }
    }

    fn put(&mut self, field: &Field, value: Value) {
        let value = redact::value(field.name(), value);
        if field.name() == "message" {
            self.message = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        } else {
            self.values.insert(field.name().to_owned(), value);
        }
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put(field, value.to_string().into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}").into());
    }
}
