//! Rules about where mail is sent to, and domains that take none.
