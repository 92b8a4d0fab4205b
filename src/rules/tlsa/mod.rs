//! Rules about TLSA records of mail servers.
