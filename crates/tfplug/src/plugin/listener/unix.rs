//! A Unix socket that only the user can open.
//!
//! Owns where it is put and who may use it.

use std::collections::hash_map::RandomState;
use std::fs::Permissions;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use tokio::net::UnixSocket;

use super::{Address, Endpoint, Listener, SocketFile};

/// Short enough on every system for a socket's path, which ends at 103 bytes on macOS and 107 on Linux.
const SHORT_FOLDER: &str = "/tmp";

/// Unaccepted connections that the system keeps.
const BACKLOG: u32 = 64;

/// Binds in the folder that the host names, else in the temporary folder, else in a short one.
///
/// `None` when none of them worked; `tried` then says why.
pub(super) fn bind(
    environment: &dyn Fn(&str) -> Option<String>,
    tried: &mut Vec<String>,
) -> Option<Endpoint> {
    let group = match environment("PLUGIN_UNIX_SOCKET_GROUP").map(|group| group_id(&group)).transpose() {
        Ok(group) => group,
        Err(why) => {
            tried.push(why);
            return None;
        }
    };
    let folders = [
        environment("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
        Some(std::env::temp_dir()),
        Some(PathBuf::from(SHORT_FOLDER)),
    ];
    folders.into_iter().flatten().find_map(|folder| {
        bind_in(&folder, group).map_err(|error| tried.push(format!("{}: {error}", folder.display()))).ok()
    })
}

fn bind_in(folder: &Path, group: Option<u32>) -> io::Result<Endpoint> {
    let path = folder.join(format!("plugin{:016x}", unpredictable()));
    let place = match path.to_str() {
        Some(place) if !place.contains(['|', '\n', '\r']) => place.to_owned(),
        _ => return Err(io::Error::other("the handshake cannot carry the path")),
    };
    let socket = UnixSocket::new_stream()?;
    socket.bind(&path)?;
    let socket_file = SocketFile(Some(path.clone()));
    // Before `listen` nobody can connect, so there is no moment at which others could.
    match group {
        None => std::fs::set_permissions(&path, Permissions::from_mode(0o600))?,
        Some(group) => {
            std::os::unix::fs::chown(&path, None, Some(group))?;
            std::fs::set_permissions(&path, Permissions::from_mode(0o660))?;
        }
    }
    let listener = Listener::Unix(socket.listen(BACKLOG)?);
    Ok(Endpoint { listener, address: Address { network: "unix", place }, socket_file })
}

/// A name that others cannot take beforehand; the standard library seeds every hasher from the system's
/// randomness.
fn unpredictable() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The number of a group given by number or by name.
fn group_id(group: &str) -> Result<u32, String> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let unusable = |why: &str| format!("PLUGIN_UNIX_SOCKET_GROUP is {group:?}: {why}");
    let groups = std::fs::read_to_string("/etc/group")
        .map_err(|error| unusable(&format!("cannot read /etc/group: {error}")))?;
    number_of(group, &groups).ok_or_else(|| unusable("neither a number nor a name in /etc/group"))
}

/// The third field of the line whose first is `group`.
fn number_of(group: &str, groups: &str) -> Option<u32> {
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(group)).then(|| fields.nth(1)?.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_socket_is_the_users_alone_and_goes_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let endpoint = bind_in(folder.path(), None).unwrap();
        let path = PathBuf::from(&endpoint.address.place);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(endpoint);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_folder_with_too_long_a_path_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(120));
        std::fs::create_dir(&long).unwrap();
        let mut tried = Vec::new();
        let named = long.to_str().map(str::to_owned);
        let endpoint =
            bind(&|name| named.clone().filter(|_| name == "PLUGIN_UNIX_SOCKET_DIR"), &mut tried).unwrap();
        assert!(!endpoint.address.place.starts_with(long.to_str().unwrap()));
        assert_eq!(tried.len(), 1, "{tried:?}");
    }

    #[tokio::test]
    async fn a_path_that_would_break_the_handshake_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let broken = folder.path().join("a|b");
        std::fs::create_dir(&broken).unwrap();
        assert!(bind_in(&broken, None).is_err());
        assert_eq!(std::fs::read_dir(&broken).unwrap().count(), 0);
    }

    #[test]
    fn groups_are_known_by_number_and_by_name() {
        assert_eq!(group_id("1234"), Ok(1234));
        assert_eq!(number_of("users", "root:x:0:\nusers:x:100:alice,bob\n"), Some(100));
        assert_eq!(number_of("nobody-here", "root:x:0:\n"), None);
        assert!(group_id("no such group").unwrap_err().contains("no such group"));
    }
}
