//! Rules about BIMI.
