//! The moment at which an elevation ends.
//!
//! Owns how it is written and compared. Never asks a clock: who asks knows which clock counts.

use std::time::SystemTime;
use tfplug::diagnostics::{Diagnostic, Diagnostics};
use tfplug::path::Path;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

/// A moment, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Expiry(OffsetDateTime);

impl Expiry {
    /// The moment that a text tells, with any offset from UTC.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        Some(Self(moment.to_offset(UtcOffset::UTC).replace_nanosecond(0).ok()?))
    }

    /// So many seconds after a moment.
    pub(super) fn after(now: SystemTime, seconds: i32) -> Self {
        let moment = OffsetDateTime::from(now) + Duration::seconds(seconds.into());
        Self(moment.replace_nanosecond(0).unwrap_or(moment))
    }

    /// As AWS and Terraform write it: RFC 3339 in UTC, `2026-12-24T17:00:00Z`.
    pub(super) fn to_text(self) -> String {
        self.0.format(&Rfc3339).unwrap_or_default()
    }

    /// Whether the moment has come.
    pub(super) fn is_over(self, now: SystemTime) -> bool {
        self.0 <= OffsetDateTime::from(now)
    }

    /// Refuses an end that has come already.
    pub(super) fn refuse_past(self, now: SystemTime) -> Result<(), Diagnostics> {
        if !self.is_over(now) {
            return Ok(());
        }
        let ago = OffsetDateTime::from(now) - self.0;
        let ago = std::time::Duration::from_secs(ago.whole_seconds().unsigned_abs());
        let detail = format!(
            "`expires_at` is {}, which was {} ago: it is now {} (UTC, by AWS's clock where AWS has answered, else by this \
             machine's). Nothing would be granted. Name a later moment, with its offset from UTC \
             (`2026-12-24T18:00:00+01:00`), or remove the elevation.",
            self.to_text(),
            humantime::format_duration(ago),
            Self::after(now, 0).to_text()
        );
        Err(Diagnostic::error("The elevation is over already", detail)
            .at(Path::attribute("expires_at"))
            .into())
    }

    /// Refuses an end that is later than an elevation may last from now on.
    pub(super) fn refuse_far(self, now: SystemTime) -> Result<(), Diagnostics> {
        let latest = Self::after(now, LONGEST);
        if self <= latest {
            return Ok(());
        }
        let detail = format!(
            "`expires_at` is {}, and an elevation lasts 30 days at most: the latest end is {} now. For longer, the role's own \
             `permissions` are the place.",
            self.to_text(),
            latest.to_text()
        );
        Err(Diagnostic::error("The elevation has no near end", detail)
            .at(Path::attribute("expires_at"))
            .into())
    }
}

/// Whether a text is a moment.
pub(super) fn check_moment(text: &str) -> Result<(), String> {
    match Expiry::parse(text) {
        Some(_) => Ok(()),
        None => Err(format!(
            "A moment is written in RFC 3339, with its offset from UTC: `2026-12-24T18:00:00+01:00` or \
             `2026-12-24T17:00:00Z`; found {text:?}."
        )),
    }
}

/// The shortest elevation, in seconds: IAM takes some seconds to know of a new policy everywhere.
const SHORTEST: i32 = 60;
/// The longest elevation by length, in seconds: 30 days. What is needed for longer is no exception.
const LONGEST: i32 = 30 * 24 * 60 * 60;

/// Whether a text is a length of time that an elevation may have.
pub(super) fn check_length(text: &str) -> Result<(), String> {
    match crate::checks::seconds(text) {
        Some(SHORTEST..=LONGEST) => Ok(()),
        Some(found) => Err(format!(
            "An elevation lasts a minute to 30 days; {text:?} is {found} seconds. For longer, the role's own `permissions` \
             are the place."
        )),
        None => Err(format!("A duration is written as `2h`, `90m` or `1h30m`; found {text:?}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> SystemTime {
        SystemTime::from(OffsetDateTime::parse(text, &Rfc3339).unwrap())
    }

    #[test]
    fn a_moment_is_the_same_in_every_time_zone() {
        let there = Expiry::parse("2026-12-24T18:00:00+01:00").unwrap();
        assert_eq!(there, Expiry::parse("2026-12-24T17:00:00Z").unwrap());
        assert_eq!(there.to_text(), "2026-12-24T17:00:00Z");
    }

    #[test]
    fn a_moment_without_its_offset_is_refused() {
        for text in ["2026-12-24T18:00:00", "2026-12-24", "18:00", "tomorrow", ""] {
            assert!(check_moment(text).unwrap_err().contains("with its offset from UTC"), "{text}");
        }
    }

    #[test]
    fn an_end_that_has_come_is_refused_and_says_when_that_was() {
        let end = Expiry::parse("2026-12-24T17:00:00Z").unwrap();
        assert!(end.refuse_past(moment("2026-12-24T16:59:59Z")).is_ok());
        let refused = end.refuse_past(moment("2026-12-24T19:30:00Z")).unwrap_err();
        let detail = &refused.iter().next().unwrap().detail;
        assert!(detail.contains("2h 30m ago") && detail.contains("2026-12-24T19:30:00Z"), "{detail}");
    }

    #[test]
    fn a_length_is_added_to_the_moment_of_the_grant() {
        assert_eq!(Expiry::after(moment("2026-12-31T23:30:00.7Z"), 3600).to_text(), "2027-01-01T00:30:00Z");
    }

    #[test]
    fn a_length_has_limits() {
        assert!(check_length("1m").is_ok() && check_length("720h").is_ok());
        assert!(check_length("59s").unwrap_err().contains("59 seconds"));
        assert!(check_length("31days").is_err() && check_length("soon").is_err());
    }
}
