//! Rules about JSON Lines.

pub mod lines;
