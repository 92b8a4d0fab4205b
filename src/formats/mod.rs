//! The formats: where records, or policies, are kept in files.

use crate::{
    format::Format,
    hosting::servers,
    source::{Source, Sources},
};

pub mod data;
pub mod jsonl;
pub mod mta_sts;
mod mx_value;
pub mod rdata;
pub mod server;
pub mod terraform;
mod tlsa_value;
pub mod zone;

/// All formats. The first that claims a file reads it.
pub static FORMATS: &[&Format] = &[
    &mta_sts::FORMAT,
    &terraform::FORMAT,
    &data::FORMAT,
    &zone::FORMAT,
    &jsonl::FORMAT,
];

/// The format of a file; `None` if it is in none.
pub fn of(source: &Source) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| (format.claims)(source))
}

/// The format with this name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

/// Learns what server configurations and zone files tell of all files.
pub fn survey(sources: &mut Sources) {
    server::survey(sources);
    data::octodns_config::survey(sources);
    terraform::survey(sources);
    servers::survey(sources);
}

/// Leaves out the formats of files that are of no use among all others.
pub fn settle(sources: &Sources, formats: &mut [Option<&'static Format>]) {
    for (source, format) in sources.all().iter().zip(formats) {
        if format.is_some_and(|format| format.name == terraform::FORMAT.name) && !terraform::matters(source, sources) {
            *format = None;
        }
    }
}

/// Whether a file holds no records or policies but tells how those of other files are to be read.
pub fn is_companion(source: &Source) -> bool {
    server::configuration(source).is_some()
        || mta_sts::is_companion(source)
        || data::octodns_config::is_configuration(source)
        || servers::is_configuration(source)
}

/// Whether only the whole of a file tells its format, by its path.
pub fn needs_all(path: &str) -> bool {
    data::is_data(path) || terraform::is_module_file(path)
}
