//! Logs as hosts read them: one JSON object a line on standard error.
//!
//! Owns which events pass, and that no credential does. Never writes to standard output, and never fails: a
//! log that cannot be written is lost.
//!
//! Only this crate and the provider's own may speak below `warn`. The libraries below them log whole requests
//! there, signatures and session tokens included, whatever level the user asked for.

mod event;
mod line;
mod redact;
mod timestamp;

use std::io::Write;

use serde_json::{Map, Value};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::Plugin;
use super::handshake::environment;
use event::Fields;

/// A level as hosts name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

impl From<tracing::Level> for Level {
    fn from(level: tracing::Level) -> Self {
        match level {
            tracing::Level::TRACE => Self::Trace,
            tracing::Level::DEBUG => Self::Debug,
            tracing::Level::INFO => Self::Info,
            tracing::Level::WARN => Self::Warn,
            tracing::Level::ERROR => Self::Error,
        }
    }
}

/// Sends every `tracing` event of the process to standard error, at the level that the environment names.
pub(super) fn start(plugin: &Plugin) {
    let wanted = environment("TF_LOG_PROVIDER").or_else(|| environment("TF_LOG"));
    let layer = Lines { level: level(wanted.as_deref()), own: plugin.name.replace('-', "_") };
    // Refused when a test already installed one: that one stays.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer));
}

/// Writes one line at once, past every filter.
pub(super) fn write(level: Level, module: &str, message: &str, fields: Map<String, Value>) {
    let line = line::format(level, module, message, fields);
    // One call, so that lines of two threads never mix.
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// The level that a value of `TF_LOG_PROVIDER` or `TF_LOG` stands for. Errors always pass: the host decides
/// whether to show them. What is no level means trace, as it does to hosts.
fn level(wanted: Option<&str>) -> LevelFilter {
    match wanted.map(str::to_ascii_lowercase).as_deref() {
        None | Some("off" | "error") => LevelFilter::ERROR,
        Some("warn") => LevelFilter::WARN,
        Some("info") => LevelFilter::INFO,
        Some("debug") => LevelFilter::DEBUG,
        Some(_) => LevelFilter::TRACE,
    }
}

/// The layer that turns events into lines.
#[derive(Debug)]
struct Lines {
    level: LevelFilter,
    /// The provider's crate.
    own: String,
}

impl Lines {
    fn passes(&self, metadata: &Metadata<'_>) -> bool {
        let krate = metadata.target().split("::").next().unwrap_or_default();
        let limit = if krate == "tfplug" || krate == self.own {
            self.level
        } else {
            self.level.min(LevelFilter::WARN)
        };
        *metadata.level() <= limit
    }
}

impl<S> Layer<S> for Lines
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.passes(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.inherit(outer);
            }
        }
        event.record(&mut fields);
        let metadata = event.metadata();
        write((*metadata.level()).into(), metadata.target(), &fields.message, fields.values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_read_as_hosts_read_them() {
        assert_eq!(level(None), LevelFilter::ERROR);
        assert_eq!(level(Some("off")), LevelFilter::ERROR);
        assert_eq!(level(Some("WARN")), LevelFilter::WARN);
        assert_eq!(level(Some("Debug")), LevelFilter::DEBUG);
        assert_eq!(level(Some("JSON")), LevelFilter::TRACE);
    }
}
