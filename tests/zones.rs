//! What the index of all zones tells of what a resolver would be answered. The expected answers are worked out by hand from
//! RFC 1034, section 4.3.2, RFC 4592 and RFC 6672.

mod cases;

use maillint::{
    name::Name,
    record::Numbers,
    source::Sources,
    zones::{Answer, Node, Wanted, Zones},
};

const SOA: &str = "@ 3600 SOA ns.example.test. hostmaster.example.test. 1 1h 1h 1w 1h\n";

/// Files with their paths. `SOA` in a text stands for such a record.
type Files<'a> = &'a [(&'a str, &'a str)];

fn with_zones<R>(files: Files<'_>, look: impl FnOnce(&Sources, &Zones<'_>) -> R) -> R {
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(path, text)| (*path, text.replace("SOA\n", SOA)))
        .collect();
    let sources = cases::sources(&files);
    let outcome = cases::lint(&sources, &[]);
    let zones = Zones::new(&sources, outcome.inspected.iter().map(|one| &one.scan));
    look(&sources, &zones)
}

fn name(text: &str) -> Name {
    match text {
        "." => Name::root(),
        _ => Name::parse(text).expect("a name"),
    }
}

/// The first node that was read with a file.
fn node<'z>(sources: &Sources, zones: &'z Zones<'_>, path: &str) -> Node<'z> {
    let nodes = || zones.nodes();
    let of_path = |node: &Node<'_>| sources.get(node.scan.source).path == path;
    nodes().find(of_path).expect("a record in the file")
}

fn wanted(word: &str) -> Wanted {
    match word {
        "TXT" => Wanted::Txt,
        "MX" => Wanted::Mx,
        "A" => Wanted::A,
        "address" => Wanted::Address,
        "any" => Wanted::Any,
        other => panic!("no type `{other}`"),
    }
}

/// Asks from a file. A question is `TYPE name -> answer`; the answer `absent`, `unknown`, or the name and the file where the
/// records are found, the file left out if it is the one that is asked from.
fn ask(files: Files<'_>, from: &str, questions: &str) {
    with_zones(files, |sources, zones| {
        let node = node(sources, zones, from);
        for question in questions.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (asked, expected) = question.split_once(" -> ").expect("an arrow");
            let (kind, of) = asked.split_once(' ').expect("a type");
            let answer = match node.ask(&name(of), wanted(kind)) {
                Answer::Absent => "absent".to_string(),
                Answer::Unknown => "unknown".to_string(),
                Answer::Found(found) => match &sources.get(found.scan.source).path {
                    path if path == from => found.name().to_string(),
                    path => format!("{} in {path}", found.name()),
                },
            };
            assert_eq!(answer, expected, "{question}, asked from {from} of {files:?}");
        }
    });
}

const ZONE: &str = "example.com.zone";

/// Asks in a repository of one zone.
fn ask_zone(zone: &str, questions: &str) {
    ask(
        &[(ZONE, &format!("$ORIGIN example.com.\nSOA\n{zone}"))],
        ZONE,
        questions,
    );
}

#[test]
fn a_whole_zone_tells_what_is_there_and_what_is_not() {
    ask_zone(
        "@ MX 10 mail\n_dmarc TXT \"v=DMARC1; p=none\"\nmail A 192.0.2.1\nx.y A 192.0.2.1\n",
        "
        TXT _dmarc.example.com -> _dmarc.example.com
        TXT _DMARC.Example.COM -> _dmarc.example.com
        TXT example.com -> absent
        MX example.com -> example.com
        A mail.example.com -> mail.example.com
        address mail.example.com -> mail.example.com
        TXT mail.example.com -> absent
        any mail.example.com -> mail.example.com
        any other.example.com -> absent
        any y.example.com -> absent
        any a.b.c.example.com -> absent
        any com -> unknown
        any example.net -> unknown
        any . -> unknown
        ",
    );
}

#[test]
fn a_part_of_a_zone_tells_only_what_is_there() {
    for zone in [
        "@ MX 10 mail\n",
        "SOA\n@ MX 10 mail\n$INCLUDE nowhere\n",
        "SOA\n@ MX 10 mail\n{{ more }}\n",
        "SOA\n@ MX 10 mail\n{% if x %}\na A 192.0.2.1\n{% endif %}\n",
        "SOA\n@ MX 10 mail\nx A\n",
        "SOA\n@ MX 10 mail\n{{ x }} A 192.0.2.1\n",
        "SOA\n@ MX 10 mail\n$GENERATE 1-70000 a$ A 192.0.2.1\n",
    ] {
        ask(
            &[(ZONE, zone)],
            ZONE,
            "
            MX example.com -> example.com
            TXT example.com -> unknown
            TXT _dmarc.example.com -> unknown
            ",
        );
    }
}

#[test]
fn what_no_server_loads_makes_nothing_absent() {
    ask_zone(
        "@ MX 0 .\n_25._tcp TLSA 3 1 1 abc\n",
        "
        MX example.com -> example.com
        any _25._tcp.example.com -> unknown
        TXT _dmarc.example.com -> unknown
        ",
    );
}

#[test]
fn what_lacks_a_final_dot_is_not_absent() {
    ask_zone(
        "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n",
        "
        TXT _dmarc.example.com -> unknown
        TXT _dmarc.example.com.example.com -> _dmarc.example.com.example.com
        TXT _mta-sts.example.com -> absent
        ",
    );
}

#[test]
fn what_a_template_may_add_is_not_there_for_sure() {
    ask_zone(
        "{% if x %}\na TXT \"x\"\nb CNAME a\n{% endif %}\nc CNAME a\nc2 TXT \"x\"\n",
        "
        TXT a.example.com -> unknown
        any a.example.com -> unknown
        TXT b.example.com -> unknown
        TXT c.example.com -> unknown
        TXT c2.example.com -> c2.example.com
        ",
    );
    ask_zone("a CNAME {{ x }}.example.com.\n", "TXT a.example.com -> unknown");
}

/// The zone of RFC 4592, section 2.2.1, and what is said of it there. Only that the name does not exist differs from the
/// record not being there.
#[test]
fn wildcards_answer_as_in_rfc_4592() {
    let zone = "
$ORIGIN example.
example.                 3600 IN  SOA   ns.example.test. hostmaster.example.test. 1 1h 1h 1w 1h
example.                 3600     NS    ns.example.com.
example.                 3600     NS    ns.example.net.
*.example.               3600     TXT   \"this is a wildcard\"
*.example.               3600     MX    10 host1.example.
sub.*.example.           3600     TXT   \"this is not a wildcard\"
host1.example.           3600     A     192.0.2.1
_ssh._tcp.host1.example. 3600     SRV   0 0 22 host1.example.
_ssh._tcp.host2.example. 3600     SRV   0 0 22 host1.example.
subdel.example.          3600     NS    ns.example.com.
subdel.example.          3600     NS    ns.example.net.
";
    ask(
        &[("example.zone", zone)],
        "example.zone",
        "
        MX host3.example -> *.example
        A host3.example -> absent
        TXT foo.bar.example -> *.example
        MX host1.example -> absent
        MX sub.*.example -> absent
        A _telnet._tcp.host1.example -> absent
        TXT _telnet._tcp.host1.example -> absent
        TXT host.subdel.example -> unknown
        MX ghost.*.example -> absent
        TXT *.example -> *.example
        TXT _tcp.host2.example -> absent
        TXT host2.example -> absent
        TXT x.host2.example -> absent
        TXT host1.example -> absent
        any ghost.example -> *.example
        ",
    );
}

#[test]
fn a_wildcard_answers_for_nothing_that_exists_or_is_below_it() {
    ask_zone(
        "* TXT \"x\"\n*.a TXT \"y\"\nmail A 192.0.2.1\n_smtp._tls TXT \"v=TLSRPTv1\"\nb.c.a A 192.0.2.1\n",
        "
        TXT _dmarc.example.com -> *.example.com
        TXT mail.example.com -> absent
        TXT _dmarc.mail.example.com -> absent
        TXT _tls.example.com -> absent
        TXT x._tls.example.com -> absent
        TXT a.example.com -> absent
        TXT x.a.example.com -> *.a.example.com
        TXT x.x.a.example.com -> *.a.example.com
        TXT c.a.example.com -> absent
        TXT x.c.a.example.com -> absent
        TXT x.b.c.a.example.com -> absent
        MX x.a.example.com -> absent
        ",
    );
}

#[test]
fn a_wildcard_may_be_an_alias() {
    ask_zone(
        "* CNAME hub\nhub TXT \"x\"\n*.b CNAME hub.example.net.\n*.c NS ns.example.net.\nc A 192.0.2.1\n",
        "
        TXT _dmarc.example.com -> hub.example.com
        MX _dmarc.example.com -> absent
        any _dmarc.example.com -> *.example.com
        TXT x.b.example.com -> unknown
        TXT x.c.example.com -> unknown
        ",
    );
}

#[test]
fn a_wildcard_in_a_part_of_a_zone_may_be_shadowed() {
    ask(
        &[(ZONE, "SOA\n* TXT \"x\"\n$INCLUDE nowhere\n")],
        ZONE,
        "TXT _dmarc.example.com -> unknown",
    );
    ask(
        &[
            (ZONE, "SOA\n* TXT \"x\"\n"),
            (
                "mail.inc",
                "mail.example.com. A 192.0.2.1\n_dmarc.mail.example.com. TXT \"y\"\n",
            ),
        ],
        ZONE,
        "
        TXT a.example.com -> *.example.com
        TXT _dmarc.mail.example.com -> unknown
        TXT x.mail.example.com -> unknown
        ",
    );
}

#[test]
fn below_a_delegation_another_zone_answers() {
    let parent = "SOA\nsub NS ns.sub\nns.sub A 192.0.2.1\nsub TXT \"never answered\"\n";
    ask(
        &[(ZONE, parent)],
        ZONE,
        "
        TXT sub.example.com -> unknown
        A ns.sub.example.com -> unknown
        TXT _dmarc.sub.example.com -> unknown
        any sub.example.com -> sub.example.com
        TXT subs.example.com -> absent
        ",
    );
    let child = "SOA\n@ TXT \"x\"\n";
    let questions = "
        TXT sub.example.com -> sub.example.com in sub.example.com.zone
        A ns.sub.example.com -> absent
        TXT _dmarc.sub.example.com -> absent
        ";
    ask(&[(ZONE, parent), ("sub.example.com.zone", child)], ZONE, questions);
    ask(
        &[("a/example.com.zone", parent), ("b/sub.example.com.zone", child)],
        "a/example.com.zone",
        &questions.replace("in ", "in b/"),
    );
    // A name server that holds both answers from the child, delegated or not.
    ask(
        &[
            ("a/example.com.zone", "SOA\n@ MX 0 .\n"),
            ("b/sub.example.com.zone", child),
        ],
        "a/example.com.zone",
        &questions.replace("in ", "in b/"),
    );
    ask(
        &[(ZONE, parent), ("sub.example.com.zone", "@ TXT \"x\"\n")],
        ZONE,
        "
        TXT _dmarc.sub.example.com -> unknown
        ",
    );
    // Only the file's name tells that there may be a zone, and no SOA says where it is.
    ask(
        &[(ZONE, "SOA\n"), ("sub.example.com.zone", "@ TXT \"x\"\n")],
        ZONE,
        "
        TXT sub.example.com -> sub.example.com in sub.example.com.zone
        TXT _dmarc.sub.example.com -> unknown
        TXT _dmarc.example.com -> absent
        ",
    );
}

#[test]
fn aliases_are_followed_through_the_repository() {
    let com = "SOA
_dmarc CNAME hub.example.net.
a CNAME b
b CNAME c
c CNAME d.example.net.
loop1 CNAME loop2
loop2 CNAME loop1
self CNAME self
out CNAME example.org.
two CNAME b
two CNAME d.example.net.
both CNAME b
both TXT \"x\"
same CNAME b
same CNAME b
dangling CNAME nothing
";
    let net = "SOA\nhub TXT \"v=DMARC1; p=none\"\nd TXT \"x\"\nd A 192.0.2.1\nback CNAME a.example.com.\n";
    let questions = "
        TXT _dmarc.example.com -> hub.example.net in NET
        MX _dmarc.example.com -> absent
        any _dmarc.example.com -> _dmarc.example.com
        TXT a.example.com -> d.example.net in NET
        A a.example.com -> d.example.net in NET
        MX a.example.com -> absent
        TXT back.example.net -> d.example.net in NET
        TXT loop1.example.com -> unknown
        TXT self.example.com -> unknown
        TXT out.example.com -> unknown
        any out.example.com -> out.example.com
        TXT two.example.com -> unknown
        TXT both.example.com -> unknown
        TXT same.example.com -> d.example.net in NET
        TXT dangling.example.com -> absent
        ";
    for (own, other) in [
        ("example.com.zone", "example.net.zone"),
        ("com/example.com.zone", "net/example.net.zone"),
    ] {
        ask(&[(own, com), (other, net)], own, &questions.replace("NET", other));
    }
}

#[test]
fn chains_of_aliases_are_followed_as_far_as_resolvers_do() {
    let chain: String = (0..20).map(|at| format!("c{at} CNAME c{}\n", at + 1)).collect();
    ask_zone(
        &format!("{chain}c20 TXT \"x\"\n"),
        "
        TXT c5.example.com -> c20.example.com
        TXT c0.example.com -> unknown
        ",
    );
}

#[test]
fn dname_records_are_followed() {
    ask_zone(
        "d DNAME e\nd TXT \"own\"\nx.d TXT \"never answered\"\nx.e TXT \"x\"\nout DNAME example.org.\nz.d CNAME y\n",
        "
        TXT d.example.com -> d.example.com
        TXT x.d.example.com -> x.e.example.com
        TXT y.d.example.com -> absent
        TXT x.out.example.com -> unknown
        MX out.example.com -> absent
        ",
    );
    let label = "a".repeat(60);
    ask_zone(
        &format!("d DNAME {label}.{label}.{label}\n"),
        &format!("TXT {label}.d.example.com -> unknown"),
    );
}

#[test]
fn types_that_servers_compute_answers_from_are_no_absence() {
    ask_zone(
        "
a ALIAS example.net.
b ANAME example.net.
c LUA A \"return 1\"
d LUA TXT \"return 1\"
e LUA CNAME \"return 1\"
f HTTPS 0 example.net.
g HTTPS 1 . alpn=h2
h DYNA x
i DYNC x
j WEBHOP http://example.net
k CAA 0 issue \"ca.example.net\"
l LUA AAAA \"return 1\"
m SPF \"v=spf1 -all\"
",
        "
        address a.example.com -> a.example.com
        A b.example.com -> b.example.com
        TXT a.example.com -> absent
        MX b.example.com -> absent
        A c.example.com -> c.example.com
        TXT c.example.com -> absent
        TXT d.example.com -> unknown
        A d.example.com -> absent
        A e.example.com -> unknown
        TXT e.example.com -> unknown
        A f.example.com -> unknown
        TXT f.example.com -> absent
        A g.example.com -> absent
        A h.example.com -> h.example.com
        TXT i.example.com -> unknown
        A j.example.com -> unknown
        TXT j.example.com -> absent
        A k.example.com -> absent
        A l.example.com -> absent
        address l.example.com -> l.example.com
        TXT m.example.com -> absent
        ",
    );
}

#[test]
fn a_look_up_asks_its_own_folder_first() {
    let files = [
        ("prod/example.com.zone", "SOA\n@ TXT \"prod\"\n_dmarc TXT \"x\"\n"),
        (
            "staging/example.com.zone",
            "SOA\n@ TXT \"staging\"\n_dmarc TXT \"x\"\nnew TXT \"x\"\n",
        ),
        ("other/example.net.zone", "SOA\n@ TXT \"x\"\n"),
        ("prod/example.net.zone", "SOA\n@ TXT \"prod\"\n"),
    ];
    ask(
        &files,
        "prod/example.com.zone",
        "
        TXT example.com -> example.com
        TXT new.example.com -> absent
        TXT example.net -> example.net in prod/example.net.zone
        ",
    );
    ask(
        &files,
        "staging/example.com.zone",
        "
        TXT example.com -> example.com
        TXT new.example.com -> new.example.com
        TXT example.net -> unknown
        ",
    );
    // From elsewhere, all copies must agree.
    ask(
        &files,
        "other/example.net.zone",
        "
        TXT example.com -> unknown
        TXT new.example.com -> unknown
        TXT old.example.com -> absent
        MX example.com -> absent
        TXT _dmarc.example.com -> _dmarc.example.com in prod/example.com.zone
        ",
    );
}

#[test]
fn of_two_copies_in_one_folder_the_own_counts() {
    let files = [
        (
            "example.com.external.zone",
            "$ORIGIN example.com.\nSOA\n@ TXT \"out\"\n",
        ),
        (
            "example.com.internal.zone",
            "$ORIGIN example.com.\nSOA\n@ TXT \"in\"\na TXT \"x\"\n",
        ),
        ("example.net.zone", "SOA\n@ TXT \"x\"\n"),
    ];
    ask(
        &files,
        "example.com.external.zone",
        "
        TXT example.com -> example.com
        TXT a.example.com -> absent
        TXT example.net -> example.net in example.net.zone
        ",
    );
    ask(
        &files,
        "example.com.internal.zone",
        "TXT a.example.com -> a.example.com",
    );
    ask(
        &files,
        "example.net.zone",
        "
        TXT example.com -> unknown
        TXT a.example.com -> unknown
        TXT b.example.com -> absent
        ",
    );
}

#[test]
fn a_zone_alone_in_another_folder_answers() {
    let files = [
        ("example.com/zone.db", "$ORIGIN example.com.\nSOA\n@ TXT \"x\"\n"),
        ("example.net/zone.db", "$ORIGIN example.net.\nSOA\n@ TXT \"x\"\n"),
    ];
    ask(
        &files,
        "example.com/zone.db",
        "
        TXT example.net -> example.net in example.net/zone.db
        TXT a.example.net -> absent
        ",
    );
}

#[test]
fn a_copy_that_is_not_whole_keeps_others_from_telling() {
    let files = [
        ("compiled/example.com.zone", "SOA\n@ TXT \"x\"\n"),
        ("templates/example.com.zone", "SOA\n@ TXT \"x\"\n{{ more }}\n"),
        ("zones/example.net.zone", "SOA\n@ TXT \"x\"\n"),
    ];
    ask(
        &files,
        "zones/example.net.zone",
        "
        TXT example.com -> example.com in compiled/example.com.zone
        TXT _dmarc.example.com -> unknown
        ",
    );
    ask(&files, "compiled/example.com.zone", "TXT _dmarc.example.com -> absent");
    ask(
        &files,
        "templates/example.com.zone",
        "TXT _dmarc.example.com -> unknown",
    );
}

#[test]
fn a_file_without_soa_adds_to_the_zone_beside_it() {
    let fragment = "$ORIGIN example.com.\n_dmarc TXT \"v=DMARC1; p=none\"\n@ TXT \"token\"\nmail A 192.0.2.1\n";
    let beside = [
        ("zones/example.com.zone", "SOA\n@ TXT \"v=spf1 -all\"\n@ MX 10 mail\n"),
        ("zones/example.com.mail.zone", fragment),
    ];
    let questions = "
        TXT _dmarc.example.com -> _dmarc.example.com in zones/example.com.mail.zone
        TXT example.com -> unknown
        MX example.com -> example.com
        TXT _mta-sts.example.com -> absent
        ";
    ask(&beside, "zones/example.com.zone", questions);
    let questions = "
        TXT _dmarc.example.com -> _dmarc.example.com
        MX example.com -> example.com in zones/example.com.zone
        TXT _mta-sts.example.com -> absent
        ";
    ask(&beside, "zones/example.com.mail.zone", questions);
    // In another folder it may be a part of the zone, or of another copy.
    let apart = [beside[0], ("mail/example.com.mail.zone", fragment)];
    ask(
        &apart,
        "zones/example.com.zone",
        "
        TXT _dmarc.example.com -> unknown
        MX example.com -> example.com
        TXT _mta-sts.example.com -> absent
        ",
    );
    ask(
        &apart,
        "mail/example.com.mail.zone",
        "
        TXT _dmarc.example.com -> _dmarc.example.com
        MX example.com -> example.com in zones/example.com.zone
        TXT _mta-sts.example.com -> absent
        ",
    );
}

#[test]
fn a_file_that_is_included_is_a_part_of_the_zone() {
    let files = [
        ("zones/example.com.zone", "SOA\n$INCLUDE mail.inc\n"),
        ("zones/example.net.zone", "SOA\n$INCLUDE mail.inc\n$INCLUDE nowhere\n"),
        ("zones/mail.inc", "_dmarc TXT \"v=DMARC1; p=none\"\n"),
    ];
    ask(
        &files,
        "zones/example.com.zone",
        "
        TXT _dmarc.example.com -> _dmarc.example.com
        TXT _mta-sts.example.com -> absent
        TXT _dmarc.example.net -> _dmarc.example.net in zones/example.net.zone
        TXT _mta-sts.example.net -> unknown
        ",
    );
}

#[test]
fn names_in_no_zone_of_their_file_are_found() {
    let files = [
        ("example.com.zone", "SOA\n@ MX 0 .\n"),
        (
            "more/some.inc",
            "_dmarc.example.net. TXT \"x\"\n*.example.org. TXT \"x\"\n",
        ),
    ];
    ask(
        &files,
        "example.com.zone",
        "
        TXT _dmarc.example.net -> _dmarc.example.net in more/some.inc
        TXT a.example.net -> unknown
        TXT a.example.org -> unknown
        TXT example.com -> absent
        ",
    );
}

#[test]
fn a_zone_that_is_read_for_several_names_answers_for_each() {
    let files = [
        (
            "named.conf",
            "zone \"example.com\" { file \"parked\"; };\nzone \"example.net\" { file \"parked\"; };\n",
        ),
        ("parked", "SOA\n@ MX 0 .\n@ TXT \"v=spf1 -all\"\n"),
    ];
    ask(
        &files,
        "parked",
        "
        TXT example.com -> example.com
        TXT example.net -> example.net
        TXT _dmarc.example.com -> absent
        TXT _dmarc.example.net -> absent
        TXT example.org -> unknown
        ",
    );
}

#[test]
fn places_and_apexes_are_told() {
    let files = [
        (
            "a.zone",
            "$ORIGIN example.com.\nSOA\n@ TXT \"x\"\nwww TXT \"1\"\nmail A 192.0.2.1\nwww TXT \"2\"\n",
        ),
        ("example.net.zone", "@ TXT \"x\"\n"),
        ("example.org.zone", "www TXT \"x\"\n"),
    ];
    with_zones(&files, |_, zones| {
        let apexes: Vec<String> = zones.apexes().map(|node| node.name().to_string()).collect();
        assert_eq!(apexes, ["example.com", "example.net"]);
        assert!(zones.apexes().all(|node| node.is_apex()));
        let names: Vec<(String, usize, bool)> = zones
            .nodes()
            .map(|node| (node.name().to_string(), node.count(), node.is_apex()))
            .collect();
        let expected = [
            ("example.com", 2, true),
            ("www.example.com", 2, false),
            ("mail.example.com", 1, false),
            ("example.net", 1, true),
            ("www.example.org", 1, false),
        ];
        assert_eq!(
            names,
            expected.map(|(name, count, apex)| (name.to_string(), count, apex))
        );
        let mut fifth = Numbers::default();
        fifth.add(4);
        let mut places = zones.nodes_of(0).flat_map(|node| node.places(&fifth));
        let (_, place) = places.next().expect("the second text at www");
        assert_eq!(place.record.txt().map(|txt| txt.text.bytes()), Some(&b"2"[..]));
        let texts: Vec<&[u8]> = place
            .node
            .records()
            .filter_map(|record| Some(record.txt()?.text.bytes()))
            .collect();
        assert_eq!(texts, [b"1", b"2"]);
        assert!(places.next().is_none());
    });
}

#[test]
fn cname_records_are_found_by_their_target() {
    let files = [
        (
            "example.com.zone",
            "SOA\n_dmarc CNAME hub.example.net.\na CNAME via\nvia CNAME HUB.example.net.\nx CNAME y\ny CNAME x\n",
        ),
        (
            "example.net.zone",
            "SOA\nhub TXT \"v=DMARC1; p=none\"\nother CNAME hub\nhub.x CNAME {{ x }}.example.net.\nloop CNAME loop\n",
        ),
    ];
    with_zones(&files, |_, zones| {
        let of = |text: &str| -> Vec<String> {
            let records = zones.aliases_of(&name(text));
            records.map(|record| record.owner.to_string()).collect()
        };
        assert_eq!(
            of("hub.example.net"),
            [
                "_dmarc.example.com",
                "via.example.com",
                "other.example.net",
                "a.example.com"
            ]
        );
        assert_eq!(of("x.example.com"), ["y.example.com", "x.example.com"]);
        assert_eq!(of("loop.example.net"), ["loop.example.net"]);
        assert!(of("a.example.com").is_empty());
    });
}

/// Asks for organizations from a file: `a b -> same`, `other` or `unknown`, and `a -> organization`.
fn organizations(files: Files<'_>, from: &str, questions: &str) {
    with_zones(files, |sources, zones| {
        let node = node(sources, zones, from);
        for question in questions.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (asked, expected) = question.split_once(" -> ").expect("an arrow");
            let answer = match asked.split_once(' ') {
                None => node.organization_of(&name(asked)).to_string(),
                Some((a, b)) => match node.are_of_one_organization(&name(a), &name(b)) {
                    Some(true) => "same".to_string(),
                    Some(false) => "other".to_string(),
                    None => "unknown".to_string(),
                },
            };
            assert_eq!(answer, expected, "{question}");
        }
    });
}

#[test]
fn organizations_are_told_by_the_walk_over_dmarc_records() {
    let com = "SOA
_dmarc TXT \"v=DMARC1; p=reject\"
_dmarc.mail TXT \"v=DMARC1; p=none\"
_dmarc.own TXT \"v=DMARC1; p=none; psd=n\"
_dmarc.two TXT \"v=DMARC1; p=none; psd=n\"
_dmarc.two TXT \"v=DMARC1; p=none\"
_dmarc.spf TXT \"v=spf1 -all\"
_dmarc.psd TXT \"v=DMARC1; p=none; psd=y\"
_dmarc.a.b.c.d.e.f.g.h TXT \"v=DMARC1; p=none\"
_dmarc.c.d.e.f.g.h TXT \"v=DMARC1; p=none; psd=n\"
";
    let net = "SOA\n_dmarc.only TXT \"v=DMARC1; p=none\"\n";
    organizations(
        &[("example.com.zone", com), ("example.net.zone", net)],
        "example.com.zone",
        "
        example.com -> example.com
        a.mail.example.com -> example.com
        own.example.com -> own.example.com
        a.own.example.com -> own.example.com
        two.example.com -> example.com
        spf.example.com -> example.com
        a.b.psd.example.com -> b.psd.example.com
        psd.example.com -> psd.example.com
        a.b.c.d.e.f.g.h.example.com -> example.com
        a.only.example.net -> only.example.net
        example.net -> example.net
        example.org -> example.org
        a.example.co.uk -> example.co.uk
        example.com mail.example.com -> same
        example.com own.example.com -> other
        a.own.example.com own.example.com -> same
        a.psd.example.com b.psd.example.com -> other
        example.com example.net -> other
        only.example.net a.only.example.net -> same
        only.example.net other.example.net -> unknown
        example.com example.org -> other
        a.example.org b.example.org -> same
        ",
    );
}

#[test]
fn organizations_without_a_listed_suffix_are_told_by_what_is_below_what() {
    organizations(
        &[("example.com.zone", "SOA\n@ MX 0 .\n")],
        "example.com.zone",
        "
        corp.test -> corp.test
        corp.test mail.corp.test -> same
        a.corp.test b.corp.test -> unknown
        a.test b.test -> other
        corp.test example.com -> other
        ",
    );
}
