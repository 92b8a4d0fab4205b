//! Host names as texts.

/// Whether a text is a host name, with or without a final dot; underscores are taken, too.
pub fn is_host_name(text: &[u8]) -> bool {
    let written = text.strip_suffix(b".").unwrap_or(text);
    let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut labels = written.split(|byte| *byte == b'.');
    let has_tld = written
        .rsplit(|byte| *byte == b'.')
        .next()
        .is_some_and(|last| last.len() >= 2 && last.first().is_some_and(u8::is_ascii_alphabetic));
    has_tld && written.contains(&b'.') && labels.all(|label| !label.is_empty() && label.iter().all(is_inner))
}
