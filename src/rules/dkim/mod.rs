//! Rules about DKIM, and what is left of older protocols beside it.
