//! Keys whose private halves everybody can read: they stand as examples in the documents about DKIM.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::policy::dkim::der::{self, Form, Rsa};

/// Where RSA keys are printed together with their private halves.
const RSA: [(&str, &str); 2] = [
    (
        "RFC 6376, Appendix C",
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5i\
         jSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
    ),
    (
        "RFC 8463, Appendix A",
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb\
         3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
    ),
];

/// The same for Ed25519.
const ED25519: [(&str, &str); 1] = [("RFC 8463, Appendix A", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")];

static MODULI: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(|| {
    let modulus = |key: &str| match der::read(&STANDARD.decode(key).unwrap_or_default()) {
        Form::Rsa(rsa) => rsa.modulus,
        _ => Vec::new(),
    };
    RSA.iter().map(|(document, key)| (*document, modulus(key))).collect()
});

/// The document that prints the private half of an RSA key.
pub(super) fn of_rsa(key: &Rsa) -> Option<&'static str> {
    let mut all = MODULI.iter();
    all.find(|(_, modulus)| *modulus == key.modulus)
        .map(|(document, _)| *document)
}

/// The document that prints the private half of an Ed25519 key.
pub(super) fn of_ed25519(key: &[u8]) -> Option<&'static str> {
    let mut all = ED25519.iter();
    all.find(|(_, other)| STANDARD.decode(other).is_ok_and(|other| other == key))
        .map(|(document, _)| *document)
}
