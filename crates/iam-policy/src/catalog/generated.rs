//! What `cargo xtask catalog` lists of the data files, so that nothing has to look for them when building.
//!
//! Owns what becomes of the lists. Never holds data: that is in the files that the lists name.

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

pub(super) mod services;
