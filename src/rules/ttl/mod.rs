//! Rules about how long the records of mail are kept in caches.

pub mod policies;
