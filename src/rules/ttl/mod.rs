//! Rules about how long policies are remembered.
