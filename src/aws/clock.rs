//! AWS's clock, as far as its answers tell it.
//!
//! Owns the difference to this machine's. What AWS compares with the time, it compares with its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_sdk_iam::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_iam::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// The `Date` of an answer has whole seconds and was written before the answer travelled, so less says nothing.
const TOLERANCE: i64 = 30;

/// How far AWS's clock is ahead of this machine's, by the last answer. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock(Arc<AtomicI64>);

impl Clock {
    /// The time by AWS's clock; this machine's while AWS has not answered.
    pub(super) fn now(&self) -> SystemTime {
        let ahead = self.0.load(Ordering::Relaxed);
        let distance = Duration::from_secs(ahead.unsigned_abs());
        let now = SystemTime::now();
        let there = if ahead < 0 { now.checked_sub(distance) } else { now.checked_add(distance) };
        there.unwrap_or(now)
    }

    fn heard(&self, date: &str) {
        let Ok(there) = DateTime::from_str(date, Format::HttpDate) else { return };
        let ahead = there.secs() - DateTime::from(SystemTime::now()).secs();
        self.0.store(if ahead.abs() <= TOLERANCE { 0 } else { ahead }, Ordering::Relaxed);
    }
}

#[dyn_dispatch_hint]
impl Intercept for Clock {
    fn name(&self) -> &'static str {
        "Clock"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(date) = context.response().headers().get("date") {
            self.heard(date);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http_date(time: SystemTime) -> String {
        DateTime::from_secs(DateTime::from(time).secs()).fmt(Format::HttpDate).unwrap()
    }

    fn distance(a: SystemTime, b: SystemTime) -> Duration {
        a.duration_since(b).unwrap_or_else(|error| error.duration())
    }

    #[test]
    fn a_clock_that_is_hours_off_is_corrected_by_what_aws_says() {
        let clock = Clock::default();
        for there in
            [SystemTime::now() + Duration::from_secs(7200), SystemTime::now() - Duration::from_secs(7200)]
        {
            clock.heard(&http_date(there));
            assert!(distance(clock.now(), there) < Duration::from_secs(60));
        }
    }

    #[test]
    fn seconds_and_nonsense_change_nothing() {
        let clock = Clock::default();
        clock.heard(&http_date(SystemTime::now() + Duration::from_secs(5)));
        clock.heard("yesterday");
        assert!(distance(clock.now(), SystemTime::now()) < Duration::from_secs(2));
    }
}
