//! Rules about domains that neither take nor send mail.

pub mod domains;
