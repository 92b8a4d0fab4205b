//! What the writer of a record meant: slips in its notation whose intention is unmistakable.
//!
//! A rule reports the slip itself; all other rules judge the record as the repair would leave it, so that one slip gives
//! one finding.

mod find;
mod joints;
mod meant;
mod owner;
mod pieces;
mod quotes;
mod repair;

pub use find::{Slips, Words, kind};
pub use meant::{Meant, Part, meant_text, of};
pub use owner::meant_owner;
pub use pieces::{Pieces, pieces, whole_text};
pub use quotes::Wrong;
pub use repair::repair;
