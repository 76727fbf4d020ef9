//! The end of a name that no other name has. Asks nobody whether it is taken.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// 26 characters: the time in microseconds, so that later names sort behind earlier ones, and chance.
pub fn unique_suffix() -> String {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let chance = RandomState::new().build_hasher().finish();
    format!("{:014x}{:012x}", time.as_micros(), chance & 0xffff_ffff_ffff)
}
