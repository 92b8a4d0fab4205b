//! Rules about SPF.
