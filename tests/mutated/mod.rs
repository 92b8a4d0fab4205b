//! Records as they come out when hands slip: real-looking ones, changed in one to three places.

#![allow(dead_code, reason = "each test uses a part of it")]

/// A sequence that looks like chance and is the same in every run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`, 0 if that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize).checked_rem(limit).unwrap_or(0)
    }

    fn one<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// What a family of records is made of.
pub(crate) struct Material {
    /// Whole records.
    pub(crate) records: &'static [&'static str],
    /// What may stand between two separators.
    pub(crate) words: &'static [&'static str],
    /// What may stand behind `=` or `:`.
    pub(crate) arguments: &'static [&'static str],
    pub(crate) separator: char,
}

const CHARACTERS: &str = " \t\r\n;,:=/.%{}-+~?!@\"'\\_*<>&#()[]0159azAZ\0\u{7f}\u{a0}\u{e9}\u{200b}\u{2013}\u{201c}";
const SEPARATORS: [&str; 10] = ["", ",", ";", " ", "  ", "\t", "\n", "; ;", " ; ", "|"];
const EQUALS: [&str; 8] = ["=", ":", "", " = ", ": ", " :", "==", "= "];
const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "24",
    "32",
    "33",
    "64",
    "100",
    "128",
    "129",
    "256",
    "024",
    "00",
    "",
    "4294967296",
];

/// A record of the family that differs from a well-formed one by a few slips.
pub(crate) fn record(chance: &mut Chance, material: &Material) -> String {
    let mut record: String = chance.one(material.records).to_string();
    // Mostly behind the version, since a record without it says little else.
    let keep = match chance.below(8) {
        0 => 0,
        _ => record.find(material.separator).map_or(0, |at| at + 1),
    };
    for _ in 0..[1, 1, 1, 2, 2, 3][chance.below(6)] {
        let body = slip(chance, material, &record[keep..]);
        record.replace_range(keep.., &body);
    }
    record
}

fn slip(chance: &mut Chance, material: &Material, body: &str) -> String {
    let mut characters: Vec<char> = body.chars().collect();
    let any: Vec<char> = CHARACTERS.chars().collect();
    let at = chance.below(characters.len());
    match chance.below(14) {
        0 if !characters.is_empty() => drop(characters.remove(at)),
        1 if !characters.is_empty() => characters.insert(at, characters[at]),
        2 if at + 1 < characters.len() => characters.swap(at, at + 1),
        3 => characters.insert(at, any[chance.below(any.len())]),
        4 if !characters.is_empty() => characters[at] = any[chance.below(any.len())],
        5 if !characters.is_empty() => flip_case(&mut characters[at]),
        6 => return instead_of(chance, body, |c| c == material.separator, &SEPARATORS),
        7 | 8 => return instead_of(chance, body, |c| c == '=' || c == ':', &EQUALS),
        9 => return number(chance, body),
        10 => return argument(chance, material, body),
        _ => return words(chance, material, body),
    }
    characters.into_iter().collect()
}

fn flip_case(character: &mut char) {
    *character = match character.is_ascii_lowercase() {
        true => character.to_ascii_uppercase(),
        false => character.to_ascii_lowercase(),
    };
}

/// The body with one of the characters that `is` one of something written in another way.
fn instead_of(chance: &mut Chance, body: &str, is: impl Fn(char) -> bool, ways: &[&str]) -> String {
    let places: Vec<usize> = body.match_indices(is).map(|(at, _)| at).collect();
    let Some(at) = places.get(chance.below(places.len())) else {
        return body.to_string();
    };
    format!("{}{}{}", &body[..*at], chance.one(ways), &body[at + 1..])
}

fn number(chance: &mut Chance, body: &str) -> String {
    let is_start =
        |at: &usize| body.as_bytes()[*at].is_ascii_digit() && (*at == 0 || !body.as_bytes()[at - 1].is_ascii_digit());
    let places: Vec<usize> = (0..body.len()).filter(is_start).collect();
    let Some(&at) = places.get(chance.below(places.len())) else {
        return body.to_string();
    };
    let rest = body[at..].trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{}{rest}", &body[..at], chance.one(&NUMBERS))
}

fn argument(chance: &mut Chance, material: &Material, body: &str) -> String {
    let places: Vec<usize> = body.match_indices(['=', ':']).map(|(at, _)| at + 1).collect();
    let Some(&at) = places.get(chance.below(places.len())) else {
        return body.to_string();
    };
    let rest = &body[at..];
    let end = rest.find([' ', ';']).unwrap_or(rest.len());
    format!("{}{}{}", &body[..at], chance.one(material.arguments), &rest[end..])
}

fn words(chance: &mut Chance, material: &Material, body: &str) -> String {
    let mut words: Vec<&str> = body.split(material.separator).collect();
    let (at, other) = (chance.below(words.len()), chance.below(words.len()));
    match chance.below(5) {
        0 => drop(words.remove(at)),
        1 => words.insert(at, words[other]),
        2 => words.swap(at, other),
        _ => words.insert(at, chance.one(material.words)),
    }
    words.join(&material.separator.to_string())
}

/// SPF records.
pub(crate) const SPF: Material = Material {
    separator: ' ',
    records: &[
        "v=spf1 -all",
        "v=spf1 mx a ~all",
        "v=spf1 a:mail.example.com/28 mx/24 ~all",
        "v=spf1 a/24//64 mx//64 ?all",
        "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.17 ip6:2001:db8::/32 -all",
        "v=spf1 ip6:2001:db8:0:1:2:3:4:5 ip6:::ffff:192.0.2.1/120 ~all",
        "v=spf1 include:_spf.example.net include:spf.example.org ~all",
        "v=spf1 redirect=_spf.example.com",
        "v=spf1 mx exp=explain._spf.%{d} -all",
        "v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all",
        "v=spf1 exists:%{l1r+}.%{o}.%{i}.spf.example.net a:%{d} ~all",
        "v=spf1 include:%{d}._spf.example.net ptr ptr:example.org -all",
        "v=spf1 exists:%{S}.%{h}.%{P}.example.com ip4:203.0.113.1/32 -all",
        "v=spf1 a mx include:example.net redirect=example.org",
        "v=spf1 ra=postmaster rp=50 rr=e:f mx -all",
        "v=spf1 +a +mx -ip4:192.0.2.7 ip4:192.0.2.0/24 ?include:b.example.net unknown=x.%{d}.y -all",
        "V=SPF1 A MX INCLUDE:Spf.Example.NET ~ALL",
        "v=spf1 a:xn--mnchen-3ya.example exists:%{i}._i.%{h}._h.%{o}._o.%{l}._l.example.net -all",
        "v=spf1 a:foo_bar.example.com. mx:example.com. -all",
    ],
    words: &[
        "-all",
        "all",
        "?ALL",
        "a",
        "mx",
        "ptr",
        "include:",
        "include",
        "exists",
        "exists:%{i}.example.net",
        "ip4:",
        "ip4",
        "ip6:2001:db8::/32",
        "redirect=example.net",
        "redirect=",
        "redirect:example.net",
        "exp=x.example.net",
        "exp=",
        "a:",
        "a/24",
        "a//64",
        "a/24//64",
        "a/24/64",
        "a/",
        "a//",
        "mx/33",
        "mx//129",
        "foo=bar",
        "foo=",
        "foo=%{c}",
        "foo=%",
        "v=spf1",
        "a:192.0.2.1",
        "ipv4:192.0.2.1",
        "192.0.2.1",
        "a:localhost",
        "ptr/24",
        "all:x",
        "-",
        "--all",
        "2=3",
        "_x=y",
        "x_.-=y",
        "include:example.net/24",
        "a:example.net:25",
        "=",
        "-foo=bar",
        "exists=%{t}",
        "a/24:example.net",
    ],
    arguments: &[
        "example.net",
        "localhost",
        "192.0.2.1",
        "2001:db8::1",
        "%{d}",
        "%{d2r}",
        "%{i}.x",
        "%{ir-}.x.example.net",
        "%{c}.example.net",
        "%{d0}",
        "%{d00r}.x",
        "%{d128}.example.net",
        "%{dr",
        "%{",
        "%",
        "%%",
        "%_.example.net",
        "%-.example.net",
        "%a",
        "%{L}.example.net",
        "%{l+-/=_,.}.example.net",
        "%{dR}",
        "%{d.}x",
        ".example.net",
        "example.net.",
        "ex_ample.net",
        "-example.net",
        "example.-net",
        "example.net-",
        "example.n-t",
        "example.1",
        "example.1a",
        "a/b.example.net",
        "example.net/x",
        "a:b.example.net",
        "foo.",
        ".",
        "%{d}.",
        "%{d}.com",
        "%{d}x",
        "%{d}.1",
        "example.net/0//0",
        "1.2.3.4.5",
        "1.2.3.04",
        "::",
        ":::",
        "1::2::3",
        "::1.2.3.4",
        "::1.2.3.04",
        "12345::",
        "::%1",
    ],
};

/// DMARC records.
pub(crate) const DMARC: Material = Material {
    separator: ';',
    records: &[
        "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
        "v=DMARC1; p=quarantine; sp=reject; np=reject; rua=mailto:dmarc@example.com",
        "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com!10m; ruf=mailto:f@example.com; fo=1:d:s",
        "v=DMARC1;p=reject;adkim=s;aspf=s;t=y;psd=n",
        "v=DMARC1 ; p = reject ; rua = mailto:dmarc@example.com ;",
        "v=DMARC1; p=reject; rua=https://example.com/report,mailto:a%21b@example.com",
        "v=DMARC1; p=none; pct=50; rf=afrf; ri=3600; fo=0; ruf=mailto:f@example.com",
        "v=DMARC1; rua=mailto:x@example.com; p=reject",
        "v=DMARC1; p=reject; note=hello; rua=mailto:dmarc+tag@example.com",
        "v=DMARC1; p=Reject; adkim=R; fo=D:S; ruf=MAILTO:F@Example.COM",
    ],
    words: &[
        " p=none",
        " p=reject",
        " p=",
        "p",
        " p=rejct",
        " sp=none",
        " sp=",
        " np=reject",
        " np=x",
        " adkim=s",
        " adkim=strict",
        " aspf=x",
        " fo=0",
        " fo=0:1",
        " fo=1:d:s",
        " fo=d:d",
        " fo=s:0:d",
        " fo=1:",
        " fo=",
        " fo=d : s",
        " t=y",
        " t=x",
        " psd=y",
        " psd=u",
        " psd=1",
        " pct=50",
        " pct=200",
        " pct=",
        " rf=iodef",
        " ri=x",
        " rua=",
        " rua=a@example.com",
        " rua=mailto:",
        " rua=mailto:a@example.com mailto:b@example.com",
        " rua=mailto:a@example.com!10m",
        " rua=https://example.com/x",
        " ruf=x",
        " x=y",
        " x_y=z",
        " xy=",
        " v=DMARC1",
        " v=spf1",
        " foo",
        " 1=2",
        " rua:mailto:a@example.com",
        " p:reject",
        " =x",
        " p==reject",
        " rua=mailto:a@b",
        " rua=mailto:<a@example.com>",
        " rua=mailto://a@example.com",
        " rua=mailto: a@example.com",
        " rua=mailto:a!b@example.com",
        " rua=mailto:a%zz@example.com",
        "",
        " ",
    ],
    arguments: &[
        "none",
        "reject",
        "quarantine",
        "r",
        "s",
        "y",
        "n",
        "u",
        "0",
        "1",
        "0:d",
        "d:1:s",
        "x",
        "mailto:a@example.com",
        "mailto:a@example",
        "mailto:a@b.c!5",
        "mailto:a@b.c!5g",
        "mailto:a@b.c!",
        "DMARC1",
        "dmarc1",
        "",
    ],
};
