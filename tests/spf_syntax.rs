//! Which SPF records are in order, by the grammar of RFC 7208, section 12, and how the others are read.

use maillint::{
    name::Name,
    policy::spf::{
        self, Spf,
        term::{Kind, Mechanism, Modifier},
        version::How,
    },
    source::Source,
    span::SourceId,
    spelling::Spelling,
    text::Text,
};

fn with_text<T>(record: &str, look: impl FnOnce(Option<&Spf<'_>>) -> T) -> T {
    let source = Source::new(SourceId(0), "example.com.zone".to_string(), record.as_bytes().to_vec());
    let text = Text::run(&source, 0..record.len(), Spelling::ZoneQuoted);
    let owner = Name::parse("example.com").expect("a name");
    look(spf::parse(&text, &owner, false).as_ref())
}

fn has_error(record: &str) -> bool {
    with_text(record, |spf| spf.expect("it is SPF").has_syntax_error())
}

/// How terms are read: the mechanism or modifier, and the argument.
fn read(record: &str) -> Vec<(Kind, String)> {
    with_text(record, |spf| {
        let spf = spf.expect("it is SPF");
        let argument = |term: &spf::term::Term| String::from_utf8_lossy(term.argument(&spf.text)).into_owned();
        spf.terms.iter().map(|term| (term.kind, argument(term))).collect()
    })
}

#[test]
fn records_in_order_have_no_error() {
    for record in [
        "v=spf1",
        "V=SPF1 -ALL",
        "v=spf1   mx    -all   ",
        "v=spf1 a mx ptr all",
        "v=spf1 +a ?mx ~ptr -all",
        "v=spf1 a/0 a//0 a/32//128 mx/24 mx//64 a:mail.example.com/24//64 -all",
        "v=spf1 a:a/b.example.com/24 -all",
        "v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:0.0.0.0/0 -all",
        "v=spf1 ip6:::1 ip6:2001:db8::/32 ip6:::ffff:192.0.2.1 ip6:::/0 ip6:1:2:3:4:5:6:7:8/128 -all",
        "v=spf1 include:%{d} include:%{d2}.example.net exists:%{i}.%{l1r-}.%{o}.example.net -all",
        "v=spf1 exists:%{Ir.-+,/_=}.example.net exists:%%%_%-.example.net exists:example.net.%{v} -all",
        "v=spf1 include:_spf.example.net. -all",
        "v=spf1 include:_spf.example.xn--p1ai include:a.x1 include:a.1x include:a.b -all",
        // Grammatical, though no names: undefined (RFC 7208, section 4.8).
        "v=spf1 include:https://spf.example.net include:postmaster@example.net include:a..b.example -all",
        "v=spf1 mx redirect=_spf.example.net exp=why.example.net",
        "v=spf1 exp=why.%{d} mx -all",
        "v=spf1 moo=cow x.y-z_1=%{l}%%a,b;c= default= v=spf1 -all",
        "v=spf1 include=example.net ip4=192.0.2.1 all= a=/24 mx=a:b -all",
        "v=spf1 mx -all ra=postmaster rp=10 rr=f",
        "v=spf1 -all mx -all",
    ] {
        assert!(!has_error(record), "{record}");
    }
}

#[test]
fn records_with_an_error_have_one() {
    for term in [
        "foo",
        "-",
        "--all",
        "-moo=cow",
        "all:",
        "all.",
        "-all:example.com",
        "all/24",
        "include",
        "include:",
        "include:/24",
        "include:mailhost",
        "include:a.example/24",
        "include:192.0.2.1",
        "include:a.example..",
        "include:a.-b",
        "include:a.b-",
        "include:%{c}.example.net",
        "exists",
        "exists:",
        "exists:%{x}.example",
        "exists:%{i0}.example",
        "exists:%{}.example",
        "exists:%{ir.example",
        "exists:100%.example",
        "exists:%(ir).example",
        "exists:%{i}.",
        "a:",
        "a/",
        "a//",
        "a/33",
        "a//129",
        "a/024",
        "a/24/64",
        "a/24//64/",
        "a:/24",
        "a:mailhost",
        "a:a.example:25",
        "mx:",
        "mx/33",
        "ptr:",
        "ptr/24",
        "ip4",
        "ip4:",
        "ip4/24",
        "ip4:192.0.2",
        "ip4:192.0.2.256",
        "ip4:192.0.2.01",
        "ip4:192.0.2.1/",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.1/024",
        "ip4:192.0.2.1//32",
        "ip4:2001:db8::1",
        "ip4:a.example",
        "ip6:192.0.2.1",
        "ip6:2001:db8::1/129",
        "ip6:[2001:db8::1]",
        "ip6:2001:db8::1%eth0",
        "ip6:1:2:3:4:5:6:7",
        "redirect=",
        "redirect:a.example",
        "exp=",
        "exp=mailhost",
        "exp=%{t}.example",
        "moo=%x",
        "moo=ä",
        "mx,",
        "mx;",
        "1a=b",
        "=b",
        "ipv4:192.0.2.1",
        "192.0.2.1",
        "\"mx\"",
        "mx\t-all",
        "ip4:192.0.2.99999999999999999999/24",
        "ip4:192.0.2.1/99999999999999999999",
        "redirect=a.example redirect=a.example",
        "exp=a.example exp=b.example",
    ] {
        for record in [format!("v=spf1 {term} -all"), format!("v=spf1 -all {term}")] {
            assert!(has_error(&record), "{record}");
        }
    }
}

#[test]
fn a_slip_leaves_the_rest_readable() {
    let mechanism = Kind::Mechanism;
    let all = (mechanism(Mechanism::All), String::new());
    let include = |domain: &str| (mechanism(Mechanism::Include), domain.to_string());
    let a = (mechanism(Mechanism::A), String::new());
    let mx = (mechanism(Mechanism::Mx), String::new());
    let ip4 = (mechanism(Mechanism::Ip4), "192.0.2.0".to_string());
    let ip6 = (mechanism(Mechanism::Ip6), "2001:db8::".to_string());
    let modifier = |modifier, value: &str| (Kind::Modifier(modifier), value.to_string());
    for (record, expected) in [
        ("v=spf1 include:a.example~all", vec![include("a.example"), all.clone()]),
        ("v=spf1;mx,-all;", vec![mx.clone(), all.clone()]),
        ("v=spf1 a , mx ;-all", vec![a, mx.clone(), all.clone()]),
        (
            "v=spf1 include:a.exampleinclude:b.example - all",
            vec![include("a.example"), include("b.example"), all.clone()],
        ),
        (
            "v=spf1 include:x-all.example -all",
            vec![include("x-all.example"), all.clone()],
        ),
        ("\"v=spf1\tmx\u{a0}\u{2013}all\\\"", vec![mx.clone(), all.clone()]),
        ("v=spf1 ip4 192.0.2.0/24 --all", vec![ip4, all.clone()]),
        ("v=spf1 2001:db8::/32 -all.", vec![ip6.clone(), all.clone()]),
        ("v=spf1 nclude:a.example -all", vec![include("a.example"), all.clone()]),
        ("v=spf1 ip:2001:db8:: -all", vec![ip6, all.clone()]),
        ("v=spf1 include=a.example -all", vec![include("a.example"), all.clone()]),
        (
            "v=spf1 redirect:a.example",
            vec![modifier(Modifier::Redirect, "a.example")],
        ),
        (
            "v=spf1 mail.example.com -all",
            vec![(Kind::Malformed, String::new()), all.clone()],
        ),
        ("v=spf1 moo=a,mx;-all", vec![modifier(Modifier::Other, "a,mx;-all")]),
    ] {
        assert_eq!(read(record), expected, "{record}");
    }
}

#[test]
fn what_begins_like_spf_is_meant_to_be_spf() {
    for (record, how) in [
        ("v=spf1", How::Right),
        (" V=Spf1 mx", How::Right),
        ("nv=spf1 mx", How::Right),
        ("\u{feff}\u{201c}v=spf1 mx\u{201d}", How::Right),
        ("v=spf1; mx", How::NotTerminated),
        ("v=spf1-all", How::NotTerminated),
        ("v=spf10 mx", How::Invalid),
        ("v=spf1.0 mx", How::Invalid),
        ("v = spf1 mx", How::Invalid),
        ("v:spf1 mx", How::Invalid),
        ("v=spf2.0/pra mx", How::Invalid),
        ("spf1 mx", How::Invalid),
        ("spf2.0/pra ?all", How::SenderId),
        ("mx ip4:192.0.2.1 -all", How::Missing),
    ] {
        with_text(record, |spf| {
            assert_eq!(spf.map(|spf| spf.version.how), Some(how), "{record}");
        });
    }
    for record in [
        "",
        " ",
        "v=DMARC1; p=none",
        "spf",
        "spf1-token=abc",
        "our spf record",
        "all mail comes from ip4:192.0.2.1",
        "mx -all",
        "ip4:192.0.2.1",
        "ip4: all",
        "very long words v=spf1",
    ] {
        with_text(record, |spf| assert!(spf.is_none(), "{record}"));
    }
}

#[test]
fn lookups_are_counted_up_to_all() {
    for (record, count) in [
        ("v=spf1 a mx ptr include:a.example exists:b.example -all", 5),
        ("v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 exp=a.example -all", 0),
        ("v=spf1 mx redirect=a.example", 2),
        ("v=spf1 mx -all include:a.example redirect=a.example", 1),
        ("v=spf1 include=a.example -all", 0),
    ] {
        with_text(record, |spf| {
            assert_eq!(spf.map(|spf| spf.lookups().count()), Some(count), "{record}");
        });
    }
}
