//! What `cargo xtask catalog` lists of the data files, so that nothing has to look for them when building.
//!
//! Owns what becomes of the lists. Never holds data: that is in the files that the lists name.

/// A static of all chunks of AWS-managed policies, each with the bytes of its file.
macro_rules! chunks {
    ($($number:literal)*) => {
        /// Every chunk, by number.
        pub(crate) static CHUNKS: [$crate::catalog::managed_policy::Chunk; [$($number),*].len()] = [
            $($crate::catalog::managed_policy::Chunk::new(
                include_bytes!(concat!("../data/managed_policies/", $number, ".lzma")),
            )),*
        ];
    };
}

/// A static of all services, each with the text of its file.
macro_rules! services {
    ($($prefix:literal)*) => {
        /// Every service, sorted by prefix.
        pub(crate) static SERVICES: [$crate::catalog::Service; [$($prefix),*].len()] = [
            $($crate::catalog::Service::new(
                $prefix,
                include_str!(concat!("../data/services/", $prefix, ".txt")),
            )),*
        ];
    };
}

pub(super) mod cloudformation;
pub(super) mod managed_policies;
pub(super) mod services;
pub(super) mod terraform;
