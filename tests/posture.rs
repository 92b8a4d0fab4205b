//! All mail domains side by side: order, words, and the four outputs that are text. The page is opened by `.ci/posture`.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

/// What the command prints of a folder of the checkout.
fn posture(folder: &str, format: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_maillint"))
        .args(["posture", folder, "--isolated", "--format", format])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("GITHUB_ACTIONS")
        .output()
        .expect("the binary runs");
    assert!(
        done.status.success() && done.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("output is UTF-8")
}

/// The same of files that are written for it.
fn of(files: &[(&str, &str)], format: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    posture(folder.path().to_str().expect("a path in UTF-8"), format)
}

fn json_of(files: &[(&str, &str)]) -> Value {
    serde_json::from_str(&of(files, "json")).expect("it is JSON")
}

/// A zone with these records.
fn zone(records: &str) -> String {
    format!("$TTL 3600\n@ SOA ns.example.com. hostmaster.example.com. 1 1d 2h 4w 1h\n@ NS ns.example.com.\n{records}")
}

/// The standings of domains, each with these records, in the order of the output.
fn standings(domains: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, String)> = domains
        .iter()
        .map(|(name, records)| (format!("{name}.zone"), zone(records)))
        .collect();
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let told = json_of(&files);
    let rows = told["domains"].as_array().expect("a list");
    let words = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_string();
    rows.iter()
        .map(|row| {
            ["domain", "kind", "class", "standing"]
                .map(|name| words(row, name))
                .join(" ")
        })
        .collect()
}

#[test]
fn the_table_has_the_worst_first_and_parked_names_in_one_line() {
    let expected = "\
domain       standing              MX  SPF          DKIM           DMARC                                      MTA-STS  TLS-RPT  BIMI     worst finding
open.test    SPF passes everybody  1   +all         no             reject                                     no       no       no       error spf-plus-all
example.net  no DMARC              1   ~all, 2/10   no             no DMARC                                   no       no       no
example.org  DMARC only reports    1   -all, 1+/10  no             none                                       no       no       no
broken.test  SPF is broken         1   broken       no             quarantine                                 no       no       no       error spf-multiple-records
gaps.test    gaps in DMARC         1   -all, 1/10   no             reject, subdomains none                    no       no       no       warning dmarc-reject-spf-only
part.test    unknown               1   unknown      unknown        reject                                     unknown  unknown  unknown
trial.test   protected             1   -all, 1/10   old (revoked)  quarantine, not reject (RFC 7489: reject)  no       no       no       warning dmarc-test-mode
example.com  protected             2   -all, 1/10   s1             reject                                     enforce  yes      no

8 mail domains: 3 exposed, 2 faulty, 1 unknown, 2 protected
7 parked domains: 7 protected
  7 protected: parked-a.test, parked-b.test, parked-c.test, parked-d.test, parked-e.test, and 2 more
1 domain without records for mail: 1 exposed
  1 no DMARC: bare.test
";
    assert_eq!(posture("tests/posture", "table"), expected);
}

#[test]
fn markdown_links_rules() {
    let written = posture("tests/posture", "markdown");
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "### Mail posture");
    assert_eq!(lines[2], "8 mail domains: 3 exposed, 2 faulty, 1 unknown, 2 protected");
    assert_eq!(
        lines[4],
        "| domain | standing | MX | SPF | DKIM | DMARC | MTA-STS | TLS-RPT | BIMI | worst finding |"
    );
    assert_eq!(
        lines[5],
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    assert_eq!(
        lines[6],
        "| open.test | SPF passes everybody | 1 | `+all` | no | reject | no | no | no | **error** \
         [spf-plus-all](https://github.com/maillint/maillint/blob/main/docs/rules/spf-plus-all.md) |"
    );
    assert_eq!(
        lines[13],
        "| example.com | protected | 2 | `-all`, 1/10 | s1 | reject | enforce | yes | no |  |"
    );
    assert_eq!(
        lines[14..],
        [
            "",
            "7 parked domains: 7 protected",
            "",
            "- 7 protected: parked-a.test, parked-b.test, parked-c.test, parked-d.test, parked-e.test, and 2 more",
            "",
            "1 domain without records for mail: 1 exposed",
            "",
            "- 1 no DMARC: bare.test",
        ]
    );
}

#[test]
fn csv_has_a_line_for_each_domain() {
    let written = posture("tests/posture", "csv");
    let lines: Vec<&str> = written.split("\r\n").collect();
    // The heads, 16 domains, and nothing behind the last end of line.
    assert_eq!(lines.len(), 18, "{written}");
    assert_eq!(lines[17], "");
    assert_eq!(
        lines[0],
        "domain,kind,class,standing,mx,spf,spf_lookups,dkim,dmarc,dmarc_subdomains,dmarc_other_names,dmarc_rfc7489,\
         dmarc_rfc7489_subdomains,mta_sts,mta_sts_hosts_not_listed,tls_rpt,bimi,findings,worst_severity,worst_rule,\
         worst_message,worst_place"
    );
    assert_eq!(
        lines[3],
        "example.org,mail,exposed,dmarc-none,mx1.example.com,fail,1 or more,no,none,none,none,none,none,no,0,nothing,no,0,,,,"
    );
    let start = "trial.test,mail,protected,protected,mx1.example.com,fail,1,old (revoked),quarantine,quarantine,quarantine,\
                 reject,reject,no,0,nothing,no,1,warning,dmarc-test-mode,\"`t=y`: ";
    assert!(lines[7].starts_with(start), "{}", lines[7]);
    assert!(
        lines[7].ends_with("\",tests/posture/zones/trial.test.zone:6:33"),
        "{}",
        lines[7]
    );
    assert_eq!(
        lines[8],
        "example.com,mail,protected,protected,mx1.example.com mx2.example.com,fail,1,s1,reject,reject,reject,reject,reject,\
         enforce,0,record,no,0,,,,"
    );
    assert_eq!(
        lines[9],
        "parked-a.test,parked,protected,protected,null,fail,0,no,reject,reject,reject,reject,reject,no,0,nothing,no,0,,,,"
    );
    assert_eq!(
        lines[16],
        "bare.test,bare,exposed,no-dmarc,nothing,nothing,,no,no-dmarc,no-dmarc,no-dmarc,no-dmarc,no-dmarc,no,0,nothing,no,0,,,,"
    );
}

#[test]
fn json_has_the_facts() {
    let told: Value = serde_json::from_str(&posture("tests/posture", "json")).expect("it is JSON");
    assert_eq!(told["version"], 1);
    assert_eq!(
        told["summary"],
        json!({"mail": 8, "parked": 7, "bare": 1, "findings_elsewhere": 0})
    );
    let rows = told["domains"].as_array().expect("a list");
    assert_eq!(rows.len(), 16);
    let none = json!({"itself": "reject", "subdomain": "reject", "nonexistent": "reject"});
    let expected = json!({
        "domain": "example.com",
        "kind": "mail",
        "standing": "protected",
        "class": "protected",
        "seen_from": "tests/posture/zones/example.com.zone",
        "mx": {"known": "record", "null": false, "hosts": ["mx1.example.com", "mx2.example.com"], "may_be_more": false},
        "spf": {"known": "record", "breaks": null, "everybody": false, "all": "fail", "lookups": 1, "lookups_exact": true},
        "dkim": {"known": "record", "keys": [{"selector": "s1", "key": "alias"}]},
        "dmarc": {"rfc9989": none, "rfc7489": none, "percent": null},
        "mta_sts": {
            "record": "record", "id": "20261124", "policy": "record", "mode": "enforce", "max_age": 1_209_600, "uncovered": []
        },
        "tls_rpt": {"known": "record", "addresses": ["mailto:tls@example.com"]},
        "bimi": {"known": "nothing", "records": []},
        "findings": 0,
        "worst": null
    });
    assert_eq!(rows[7], expected);
    // What a file that is no whole zone does not say is unknown, and never missing.
    let part = &rows[5];
    assert_eq!(part["domain"], "part.test");
    for name in ["spf", "dkim", "tls_rpt", "bimi"] {
        assert_eq!(part[name]["known"], "unknown", "{name}");
    }
    assert_eq!(part["mta_sts"]["record"], "unknown");
    let worst = &rows[0]["worst"];
    assert_eq!(
        [
            &worst["rule"],
            &worst["severity"],
            &worst["path"],
            &worst["span"]["start"]["line"]
        ],
        [
            &json!("spf-plus-all"),
            &json!("error"),
            &json!("tests/posture/zones/open.test.zone"),
            &json!(5)
        ]
    );
}

#[test]
fn the_worst_that_is_true_decides() {
    const MAIL: &str = "@ MX 10 mx.example.com.\n";
    let records = [
        // SPF that passes everybody is worse than that there is no DMARC.
        ("h.test", "@ TXT \"v=spf1 ?all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n"),
        (
            "g.test",
            "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=quarantine; np=none\"\n",
        ),
        ("f.test", "_dmarc TXT \"v=DMARC1; p=reject\"\n"),
        (
            "e.test",
            "@ TXT \"v=spf1 bad -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n",
        ),
        (
            "d.test",
            "@ TXT \"v=spf1 bad -all\"\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:a@d.test\"\n",
        ),
        ("c.test", "@ TXT \"v=spf1 -all\"\n"),
        ("b.test", "@ TXT \"v=spf1 +all\"\n"),
        // A share of the mail is not all of it, to receivers of RFC 7489.
        (
            "i.test",
            "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject; pct=50\"\n",
        ),
    ];
    let domains: Vec<(&str, String)> = records
        .iter()
        .map(|(name, text)| (*name, format!("{MAIL}{text}")))
        .collect();
    let domains: Vec<(&str, &str)> = domains.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(
        standings(&domains),
        [
            "b.test mail exposed spf-passes-everybody",
            "c.test mail exposed no-dmarc",
            "d.test mail exposed dmarc-none",
            "e.test mail faulty spf-broken",
            "f.test mail faulty no-spf",
            "g.test mail faulty dmarc-gaps",
            "i.test mail faulty dmarc-gaps",
            "h.test mail protected protected",
        ]
    );
}

#[test]
fn parked_names_are_told_by_what_they_say() {
    let domains = [
        // Nobody sends, and nobody takes mail.
        (
            "a.test",
            "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n",
        ),
        (
            "b.test",
            "@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n*._domainkey TXT \"v=DKIM1; p=\"\n",
        ),
        ("c.test", "@ MX 0 .\n"),
        // It signs.
        ("d.test", "@ TXT \"v=spf1 -all\"\nk._domainkey CNAME k.example.net.\n"),
        // It takes mail.
        ("e.test", "@ MX 10 mx.example.com.\n@ TXT \"v=spf1 -all\"\n"),
        // Somebody sends.
        ("f.test", "@ TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"),
        // Nothing is there, or DMARC alone.
        ("g.test", "@ A 192.0.2.1\n"),
        ("h.test", "_dmarc TXT \"v=DMARC1; p=reject\"\n"),
    ];
    let kinds: Vec<String> = standings(&domains)
        .iter()
        .map(|row| row.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        kinds,
        [
            "e.test mail",
            "d.test mail",
            "f.test mail",
            "c.test parked",
            "a.test parked",
            "b.test parked",
            "g.test bare",
            "h.test bare",
        ]
    );
}

#[test]
fn a_finding_is_about_the_nearest_domain_above_its_record() {
    let files = [
        (
            "example.com.zone",
            zone(
                "@ MX 10 mx\nmx A 192.0.2.1\n_dmarc TXT \"v=DMARC1; p=rejct\"\nsub MX 10 mx\n_dmarc.sub TXT \"v=DMARC1; p=nune\"\n",
            ),
        ),
        (
            "mta-sts.example.net/.well-known/mta-sts.txt",
            "version: STSv1\nmode: enforced\nmx: mx.example.com\nmax_age: 604800\n".to_string(),
        ),
        (
            "example.net.zone",
            zone("@ MX 10 mx.example.com.\nmta-sts A 192.0.2.80\n_mta-sts TXT \"v=STSv1; id=1\"\n"),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let told = json_of(&files);
    let worst = |name: &str| {
        let rows = told["domains"].as_array().expect("a list");
        let row = rows.iter().find(|row| row["domain"] == name).expect("a row");
        (
            row["worst"]["rule"].clone(),
            row["worst"]["path"]
                .as_str()
                .unwrap_or_default()
                .rsplit('/')
                .next()
                .map(str::to_string),
        )
    };
    let zone = Some("example.com.zone".to_string());
    assert_eq!(worst("example.com"), (json!("dmarc-policy-invalid"), zone.clone()));
    assert_eq!(worst("sub.example.com"), (json!("dmarc-policy-invalid"), zone));
    assert_eq!(
        worst("example.net"),
        (json!("mta-sts-policy-mode-invalid"), Some("mta-sts.txt".to_string()))
    );
}

#[test]
fn views_are_rows_of_their_own() {
    let inside = zone("@ MX 10 mx.example.com.\n@ TXT \"v=spf1 -all\"\n");
    let outside = zone("@ MX 10 mx.example.com.\n@ TXT \"v=spf1 -all\"\n_dmarc TXT \"v=DMARC1; p=reject\"\n");
    let written = of(
        &[
            ("inside/example.org.zone", &inside),
            ("outside/example.org.zone", &outside),
        ],
        "table",
    );
    let words: Vec<Vec<&str>> = written
        .lines()
        .skip(1)
        .take(2)
        .map(|line| line.split_whitespace().collect())
        .collect();
    for (words, (file, standing)) in words.iter().zip([("inside", "no"), ("outside", "protected")]) {
        assert_eq!([words[0], words[2]], ["example.org", standing], "{written}");
        assert!(words[1].ends_with(&format!("{file}/example.org.zone)")), "{written}");
    }
}

#[test]
fn nothing_is_an_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = Command::new(env!("CARGO_BIN_EXE_maillint"))
        .arg("posture")
        .arg(folder.path())
        .output()
        .expect("the binary runs");
    assert!(done.status.success());
    assert_eq!(String::from_utf8_lossy(&done.stdout), "0 mail domains\n");
}

/// The page stands in one file: nothing in it is asked for elsewhere, and what it says of its style and script is asserted by
/// the browser in `.ci/posture`.
#[test]
fn the_page_is_whole() {
    let page = posture("tests/posture", "html");
    for outside in ["src=", "@import", "url(", "<link", "<iframe", "style="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains("{{"), "a name was left");
    assert_eq!(page.matches("<tr>").count(), 3 + 16);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/posture/page.js");
    let script = fs::read_to_string(script).expect("it is there");
    assert!(page.contains(&format!("<script>{script}</script>")));
}
