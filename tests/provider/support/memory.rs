//! What the provider processes of a running Terraform take.
//!
//! Reads /proc only. Never ends or holds up what it watches.

use std::collections::BTreeMap;
use std::fs;
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Between two looks, each of which goes over all processes. The kernel keeps each one's peak, so only what a process takes
/// in its last moment is missed.
const INTERVAL: Duration = Duration::from_millis(200);

/// Provider processes, over the time that they were watched.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Peak {
    /// Alive at the same time, at most.
    pub(crate) processes: usize,
    /// Resident memory of the largest at its peak.
    pub(crate) kibibytes: u64,
}

/// Watches the provider processes below the process `root` until that one ends.
pub(crate) fn watch(root: u32) -> JoinHandle<Peak> {
    thread::spawn(move || {
        let mut peak = Peak::default();
        while is_running(root) {
            let alive: Vec<u64> = providers_below(root).into_iter().filter_map(high_water_mark).collect();
            peak.processes = peak.processes.max(alive.len());
            peak.kibibytes = alive.into_iter().fold(peak.kibibytes, u64::max);
            thread::sleep(INTERVAL);
        }
        peak
    })
}

/// Whether it is neither gone nor a zombie.
fn is_running(process: u32) -> bool {
    stat(process).is_some_and(|(state, _)| state != 'Z')
}

fn providers_below(root: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("this is Linux");
    let processes = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let parents: BTreeMap<u32, u32> =
        processes.filter_map(|process| Some((process, stat(process)?.1))).collect();
    let is_below = |process: &&u32| {
        let ancestors = std::iter::successors(Some(**process), |process| parents.get(process).copied());
        ancestors.skip(1).any(|ancestor| ancestor == root)
    };
    parents.keys().filter(is_below).copied().filter(|process| is_provider(*process)).collect()
}

fn is_provider(process: u32) -> bool {
    let binary = fs::read_link(format!("/proc/{process}/exe")).ok();
    let name = binary.as_deref().and_then(|binary| binary.file_name()?.to_str());
    name.is_some_and(|name| name.starts_with("terraform-provider-"))
}

/// Its state and its parent; nothing when it is gone.
fn stat(process: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may have spaces and parentheses itself.
    let mut fields = text.rsplit_once(')')?.1.split_ascii_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// The most that it had resident, in KiB.
fn high_water_mark(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}
