//! Two records of one kind at one name, wherever the files of a zone have them.

mod cases;

/// Each kind: the name it is at, two texts, and the rule that tells of two.
const KINDS: [(&str, &str, &str, &str); 4] = [
    ("@", "v=spf1 mx -all", "v=spf1 a -all", "spf-multiple-records"),
    (
        "_dmarc",
        "v=DMARC1; p=none",
        "v=DMARC1; p=reject",
        "dmarc-multiple-records",
    ),
    ("_mta-sts", "v=STSv1; id=1", "v=STSv1; id=2", "mta-sts-record-multiple"),
    (
        "_smtp._tls",
        "v=TLSRPTv1; rua=mailto:a@example.com",
        "v=TLSRPTv1; rua=mailto:b@example.com",
        "tls-rpt-record-multiple",
    ),
];

const HEAD: &str = "$ORIGIN example.com.\n$TTL 3600\n@ SOA ns1.example.net. h.example.net. 1 7200 3600 1209600 3600\n";

/// How many findings a rule has in files.
fn count(files: &[(&str, String)], rule: &str) -> usize {
    let sources = cases::sources(files);
    cases::lint(&sources, &cases::select(&[rule])).diagnostics.len()
}

fn absolute(owner: &str) -> String {
    match owner {
        "@" => "example.com.".to_string(),
        owner => format!("{owner}.example.com."),
    }
}

#[test]
fn in_a_zone_file_and_what_it_includes() {
    for (owner, first, second, rule) in KINDS {
        let zone = format!("{HEAD}{owner} TXT \"{first}\"\n$INCLUDE mail.inc\n");
        let included = |text: &str| {
            vec![
                ("example.com.zone", zone.clone()),
                ("mail.inc", format!("{owner} TXT \"{text}\"\n")),
            ]
        };
        assert_eq!(count(&included(second), rule), 1, "{rule}");
        // Nearly: equal records are one.
        assert_eq!(count(&included(first), rule), 0, "{rule}");
        // Two files that are included.
        let files = [
            ("example.com.zone", format!("{HEAD}$INCLUDE a.inc\n$INCLUDE b.inc\n")),
            ("a.inc", format!("{owner} TXT \"{first}\"\n")),
            ("b.inc", format!("{} TXT \"{second}\"\n", absolute(owner))),
        ];
        assert_eq!(count(&files, rule), 1, "{rule}");
    }
}

#[test]
fn with_owners_that_are_written_otherwise() {
    for (owner, first, second, rule) in KINDS {
        let others = [absolute(owner), absolute(owner).to_ascii_uppercase()];
        for other in others {
            let zone = format!("{HEAD}{owner} TXT \"{first}\"\nwww A 192.0.2.80\n{other} TXT \"{second}\"\n");
            assert_eq!(count(&[("example.com.zone", zone)], rule), 1, "{rule}: {other}");
        }
        let zone =
            format!("{HEAD}{owner} TXT \"{first}\"\n{owner}.shop.example.com. TXT \"{second}\"\n").replace("@.", "");
        assert_eq!(count(&[("example.com.zone", zone)], rule), 0, "{rule}");
        let zone = format!(
            "{HEAD}{owner} TXT \"{first}\"\n$ORIGIN net.\n{} TXT \"{second}\"\n",
            absolute(owner)
        );
        assert_eq!(count(&[("example.com.zone", zone)], rule), 1, "{rule}");
    }
}

#[test]
fn in_lists_and_files_of_octodns() {
    for (owner, first, second, rule) in KINDS {
        let key = if owner == "@" { "''" } else { owner };
        let text = |text: &str| text.replace(';', "\\;");
        let zone =
            |values: &str| format!("---\n'':\n  type: NS\n  value: ns1.example.net.\n{key}:\n  type: TXT\n{values}");
        let zone = |values: &str| match owner {
            "@" => format!("---\n{key}:\n  type: TXT\n{values}"),
            _ => zone(values),
        };
        let two = zone(&format!("  values:\n  - {}\n  - {}\n", text(first), text(second)));
        let one = zone(&format!("  values:\n  - {}\n  - site-verification=abc\n", text(first)));
        assert_eq!(count(&[("zones/example.com.yaml", two)], rule), 1, "{rule}");
        assert_eq!(count(&[("zones/example.com.yaml", one)], rule), 0, "{rule}");
    }
    let config = "providers:\n  config:\n    class: octodns.provider.yaml.SplitYamlProvider\n    directory: ./zones\n    \
                  split_extension: .zone\nzones:\n  example.com.:\n    sources:\n    - config\n    targets: []\n";
    for (owner, first, second, rule) in KINDS.into_iter().filter(|kind| kind.0 != "@") {
        let record = |text: &str| format!("---\n{owner}:\n  type: TXT\n  value: {}\n", text.replace(';', "\\;"));
        let files = [
            ("config.yaml", config.to_string()),
            ("zones/example.com.zone/a.yaml", record(first)),
            ("zones/example.com.zone/b.yaml", record(second)),
        ];
        assert_eq!(count(&files, rule), 1, "{rule}");
    }
}

#[test]
fn in_resources_of_terraform() {
    for (owner, first, second, rule) in KINDS {
        let name = absolute(owner);
        let name = name.trim_end_matches('.');
        let cloudflare = |label: &str, text: &str| {
            format!(
                "resource \"cloudflare_dns_record\" \"{label}\" {{\n  zone_id = cloudflare_zone.main.id\n  name = \"{name}\"\n  \
                 type = \"TXT\"\n  ttl = 300\n  content = \"\\\"{text}\\\"\"\n}}\n"
            )
        };
        let zone = "resource \"cloudflare_zone\" \"main\" {\n  name = \"example.com\"\n}\n".to_string();
        let both = zone.clone() + &cloudflare("a", first) + &cloudflare("b", second);
        assert_eq!(count(&[("main.tf", both)], rule), 1, "{rule}");
        let files = [
            ("a.tf", cloudflare("a", first)),
            ("b.tf", cloudflare("b", second)),
            ("zone.tf", zone.clone()),
        ];
        assert_eq!(count(&files, rule), 1, "{rule}: two files");
        assert_eq!(count(&[("main.tf", zone + &cloudflare("a", first))], rule), 0, "{rule}");
        let list = format!(
            "resource \"aws_route53_record\" \"a\" {{\n  zone_id = aws_route53_zone.main.zone_id\n  name = \"{name}\"\n  type = \
             \"TXT\"\n  ttl = 300\n  records = [\"{first}\", \"{second}\"]\n}}\nresource \"aws_route53_zone\" \"main\" {{\n  name = \
             \"example.com\"\n}}\n"
        );
        assert_eq!(count(&[("main.tf", list)], rule), 1, "{rule}: a list");
    }
}

#[test]
fn views_of_a_zone_are_not_joined() {
    for (owner, first, second, rule) in KINDS {
        let zone = |text: &str| format!("{HEAD}{owner} TXT \"{text}\"\n");
        let files = [
            ("internal/example.com.zone", zone(first)),
            ("external/example.com.zone", zone(second)),
        ];
        assert_eq!(count(&files, rule), 0, "{rule}");
    }
}
