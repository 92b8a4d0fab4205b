//! Work on all threads.

use rayon::prelude::*;

/// How many threads there are to work on.
pub fn threads() -> usize {
    rayon::current_num_threads()
}

/// Applies a function to all items, on all threads if there are several items; their order stays. One item is not worth the
/// start of threads.
pub fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    match items.len() {
        0 | 1 => items.into_iter().map(work).collect(),
        _ => items.into_par_iter().map(work).collect(),
    }
}
