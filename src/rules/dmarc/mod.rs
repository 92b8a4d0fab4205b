//! Rules about DMARC.
