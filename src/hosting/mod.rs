//! How web hosts publish the files of a repository, as far as files beside a policy tell: which path they have, and what
//! is answered there.

pub mod answers;
pub mod json;
pub mod netlify;
pub mod pages;
pub mod pattern;
pub mod servers;
pub mod site;
