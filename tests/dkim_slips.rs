//! Slips of single characters in good DKIM keys: how many are found, and that nothing is said of the good keys themselves.
//!
//! A character too few or too many always shows. Of another character in an RSA key, nine in ten show, since the modulus has a
//! small factor then; in an Ed25519 key, half, since half of all numbers are points of the curve.

mod cases;
mod mutated;

use std::{fs, path::Path};

use mutated::Chance;

/// How many slips are made for each size of key.
const SLIPS: usize = 200;

const SYMBOLS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Types and data of two hundred good keys. They were made for this by OpenSSL; nobody has the private halves.
fn good() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys/good.txt");
    let text = fs::read_to_string(path).expect("the file is there");
    let keys = text.lines().map(|line| line.split_once(' ').expect("a type and a key"));
    keys.map(|(kind, key)| (kind.to_string(), key.to_string())).collect()
}

/// The rules that speak of a key, each key at a selector of its own; those about short keys left out.
fn found(keys: &[(&str, &str)]) -> Vec<Vec<&'static str>> {
    let mut zone = "$ORIGIN example.com.\n$TTL 3600\n".to_string();
    for (number, (kind, key)) in keys.iter().enumerate() {
        let strings: Vec<String> = key
            .as_bytes()
            .chunks(200)
            .map(|part| format!("\"{}\"", String::from_utf8_lossy(part)))
            .collect();
        zone.push_str(&format!(
            "s{number}._domainkey TXT \"v=DKIM1; k={kind}; p=\" {}\n",
            strings.join(" ")
        ));
    }
    let sources = cases::sources(&[("example.com.zone", zone)]);
    let mut rules = cases::select(&["dkim"]);
    // These would fold all keys of the file into one finding.
    rules.retain(|rule| rule.id != "dkim-rsa-key-weak");
    let mut all = vec![Vec::new(); keys.len()];
    for finding in cases::lint(&sources, &rules).diagnostics {
        let line = sources
            .get(finding.primary.span.source)
            .position(finding.primary.span.start as usize)
            .line;
        all[line - 3].push(finding.rule);
    }
    all
}

#[test]
fn nothing_is_said_of_good_keys() {
    let keys = good();
    assert_eq!(keys.len(), 200);
    let keys: Vec<(&str, &str)> = keys.iter().map(|(kind, key)| (&kind[..], &key[..])).collect();
    for (found, (kind, key)) in found(&keys).iter().zip(&keys) {
        assert!(found.is_empty(), "{kind} {key}: {found:?}");
    }
}

/// A key with one slip: another character, one too few, or one too many. Two characters in the wrong order are two slips, and
/// harder to find: such a modulus has no new factor 3 or 7.
fn slipped(key: &str, chance: &mut Chance) -> (usize, String) {
    let mut bytes = key.as_bytes().to_vec();
    let last = bytes
        .iter()
        .rposition(|byte| *byte != b'=')
        .expect("a key has characters");
    let kind = chance.below(3);
    loop {
        let at = chance.below(last);
        let before = bytes.clone();
        match kind {
            0 => bytes[at] = SYMBOLS[chance.below(SYMBOLS.len())],
            1 => _ = bytes.remove(at),
            _ => bytes.insert(at, bytes[at]),
        }
        if bytes != before {
            return (kind, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

#[test]
fn nine_of_ten_slips_are_found() {
    let keys = good();
    let mut chance = Chance::new(6376);
    let (mut all, mut missed) = (0, 0);
    let mut told = String::new();
    for (kind, len) in [("rsa", 216), ("rsa", 392), ("rsa", 564), ("rsa", 736), ("ed25519", 44)] {
        let of_size: Vec<&String> = keys
            .iter()
            .filter(|(other, key)| other == kind && key.len() == len)
            .map(|(_, key)| key)
            .collect();
        let slips: Vec<(usize, String)> = (0..SLIPS)
            .map(|number| slipped(of_size[number % of_size.len()], &mut chance))
            .collect();
        let keys: Vec<(&str, &str)> = slips.iter().map(|(_, key)| (kind, &key[..])).collect();
        let found = found(&keys);
        let mut of_kind = [(0, 0); 3];
        for ((slip, _), rules) in slips.iter().zip(&found) {
            of_kind[*slip].0 += usize::from(!rules.is_empty());
            of_kind[*slip].1 += 1;
        }
        all += SLIPS;
        missed += found.iter().filter(|rules| rules.is_empty()).count();
        told.push_str(&format!(
            "{kind} of {len} characters: {of_kind:?} (found, all; another, too few, too many)\n"
        ));
    }
    let found = all - missed;
    assert!(all == 1000 && found >= 900, "{found} of {all}\n{told}");
}
