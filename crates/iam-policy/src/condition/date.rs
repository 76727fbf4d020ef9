//! Dates as the date operators compare them.
//!
//! Owns ISO 8601 as W3C profiles it, and seconds since 1970. Never asks what time it is.
//! Sources: IAM User Guide, "IAM JSON policy elements: Condition operators", date condition operators; W3C, "Date and
//! Time Formats".

/// A moment: seconds since 1970-01-01T00:00:00Z and nanoseconds beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timestamp {
    seconds: i64,
    nanoseconds: u32,
}

/// Reads `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDThh:mmZ` and its longer forms with a zone, or seconds since 1970.
///
/// Four digits alone are a year to W3C and seconds to IAM, and more than eleven might be milliseconds: neither is read.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_seconds = text.len() <= 11 && text.len() != 4;
        return text.parse().ok().filter(|_| is_seconds).map(|seconds| Timestamp { seconds, nanoseconds: 0 });
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let year = digits(parts.next()?, 4)?;
    let month = digits(parts.next()?, 2)?;
    let day = match (parts.next(), time) {
        (Some(day), _) => digits(day, 2)?,
        (None, None) => 1,
        (None, Some(_)) => return None,
    };
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_since_1970(year, month, day) * 86_400;
    let (seconds, nanoseconds) = time.map_or(Some((0, 0)), self::time)?;
    Some(Timestamp { seconds: midnight + seconds, nanoseconds })
}

/// Seconds of the day in UTC, which may be before or after the day, and nanoseconds.
fn time(text: &str) -> Option<(i64, u32)> {
    let zone = text.find(['Z', '+', '-'])?;
    let (clock, zone) = text.split_at_checked(zone)?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        ("+", offset) => hours_and_minutes(offset)?,
        ("-", offset) => -hours_and_minutes(offset)?,
        _ => return None,
    };
    let (minutes, rest) = clock.split_at_checked(5)?;
    let (seconds, fraction) = match rest.strip_prefix(':') {
        None if rest.is_empty() => ("00", None),
        None => return None,
        Some(rest) => rest.split_once('.').map_or((rest, None), |(seconds, part)| (seconds, Some(part))),
    };
    let seconds = digits(seconds, 2).filter(|seconds| *seconds < 60)?;
    Some((hours_and_minutes(minutes)? + seconds - offset, fraction.map_or(Some(0), nanoseconds)?))
}

fn hours_and_minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * 60)
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let all_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits && (1..=9).contains(&fraction.len()))
        .then(|| format!("{fraction:0<9}").parse().ok())
        .flatten()
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let exact = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    exact.then(|| text.parse().ok()).flatten()
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts in years that start in March, so that the leap day is the last of a year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Days of the months before, from March: 31, 61, 92, …; 1970-01-01 is day 719,468 of this count.
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        parse(text).map(|instant| instant.seconds)
    }

    #[test]
    fn iso_dates_and_seconds_are_the_same_moments() {
        for (text, expected) in [
            ("1970-01-01", 0),
            ("1970-01", 0),
            ("0000000001", 1),
            ("2000-03-01T00:00:00Z", 951_868_800),
            ("2000-02-29T23:59:59Z", 951_868_799),
            ("2024-12-31T00:00Z", 1_735_603_200),
            ("2024-12-31T01:30:00+01:30", 1_735_603_200),
            ("2024-12-30T19:00:00-05:00", 1_735_603_200),
            ("1735603200", 1_735_603_200),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        assert!(parse("2024-01-01T00:00:00.1Z") < parse("2024-01-01T00:00:00.15Z"));
        assert_eq!(parse("2024-01-01T00:00:00.000Z"), parse("2024-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_date_or_could_be_two_is_not_read() {
        for text in [
            "",
            "2024",
            "1735603200000",
            "2024-13-01",
            "2023-02-29",
            "2024-1-1",
            "2024-01-01T00:00:00",
            "2024-01-01 00:00:00Z",
            "2024-01-01T24:00Z",
            "2024-01-01T00:00:60Z",
            "2024-01-01T00:00:00.Z",
            "2024-01-01T00Z",
            "2024-01T00:00Z",
            "2024-01-01-01",
            "-5",
            "é",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
