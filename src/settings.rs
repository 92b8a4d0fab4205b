//! What the user wants, as plain data that is passed down.

/// What is in force for a run.
#[derive(Clone, Default, Debug)]
pub struct Settings {
    /// Rules or families that are to run, besides those that run by default; empty for those alone.
    pub select: Vec<String>,
    /// Rules or families that are not to run.
    pub ignore: Vec<String>,
}
