//! The binary: exit codes.

fn main() {}
