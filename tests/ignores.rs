//! Orders in comments to leave out findings: what they cover, and what is said of them.

mod cases;

use std::collections::BTreeSet;

/// The findings of the families DMARC, SPF and ignore in a file as `line rule`, each line once; what is left out is not among
/// them.
fn found(path: &str, text: &str) -> BTreeSet<String> {
    let sources = cases::sources(&[(path, text)]);
    let outcome = cases::lint(
        &sources,
        &cases::select(&["dmarc-none-without-rua", "spf-ptr", "ignore"]),
    );
    let source = &sources.all()[0];
    let line = |start: u32| source.position(start as usize).line;
    let all = outcome.diagnostics.iter();
    all.map(|found| format!("{} {}", line(found.primary.span.start), found.rule))
        .collect()
}

fn expect(path: &str, text: &str, expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|line| line.to_string()).collect();
    assert_eq!(found(path, text), expected, "{text}");
}

fn zone(text: &str, expected: &[&str]) {
    expect("example.com.zone", text, expected);
}

fn yaml(text: &str, expected: &[&str]) {
    expect("example.com.yaml", text, expected);
}

#[test]
fn an_order_behind_a_record_covers_it() {
    zone(
        "_dmarc TXT \"v=DMARC1; p=none\" ; maillint: ignore[dmarc-none-without-rua] later\n\
         _dmarc.a TXT \"v=DMARC1; p=none\"\n",
        &["2 dmarc-none-without-rua"],
    );
}

#[test]
fn an_order_covers_all_lines_of_a_record() {
    zone(
        "_dmarc TXT ( ; maillint: ignore[dmarc-none-without-rua] later\n  \"v=DMARC1; \"\n  \"p=none\" )\n\
         _dmarc.a TXT (\n  \"v=DMARC1; p=none\"\n  ; maillint: ignore[dmarc-none-without-rua] later\n)\n",
        &[],
    );
}

#[test]
fn an_order_above_a_record_covers_it() {
    zone(
        "; maillint: ignore[dmarc-none-without-rua] later\n; more about the record\n  \t; and more\n\
         _dmarc TXT \"v=DMARC1; p=none\"\n",
        &[],
    );
    zone(
        "; maillint: ignore[dmarc-none-without-rua] later\r\n_dmarc TXT \"v=DMARC1; p=none\"\r\n",
        &[],
    );
    zone(
        "; maillint: ignore[dmarc-none-without-rua] later\n; maillint: ignore[spf-ptr] needed\n@ TXT \"v=spf1 ptr -all\"\n\
         ; maillint: ignore[dmarc-none-without-rua] later\n\n_dmarc TXT \"v=DMARC1; p=none\"\n",
        &["1 ignore-unused", "4 ignore-unused", "6 dmarc-none-without-rua"],
    );
}

#[test]
fn an_order_in_quotes_is_none() {
    zone(
        "_dmarc TXT \"v=DMARC1; p=none; maillint: ignore[dmarc-none-without-rua] x\"\n",
        &["1 dmarc-none-without-rua"],
    );
    zone(
        "@ TXT \"; maillint: ignore[all] x\"\n_dmarc TXT \"v=DMARC1; p=none\"\n",
        &["2 dmarc-none-without-rua"],
    );
}

#[test]
fn an_order_names_rules_families_or_all() {
    for names in ["dmarc", "all", "spf-ptr, dmarc-none-without-rua", " dmarc ,"] {
        let text = format!("_dmarc TXT \"v=DMARC1; p=none\" ; maillint: ignore[{names}] later\n");
        let expected: &[&str] = if names.contains("spf") {
            &["1 ignore-unused"]
        } else {
            &[]
        };
        zone(&text, expected);
    }
    zone(
        "_dmarc TXT \"v=DMARC1; p=none\" ; see the ticket; MAILLINT: maillint: Ignore [dmarc]: later\n",
        &[],
    );
}

#[test]
fn orders_that_cannot_be_followed_are_told_of() {
    let record = |order: &str| format!("_dmarc TXT \"v=DMARC1; p=none\" ; maillint: {order}\n");
    let finding = "1 dmarc-none-without-rua";
    zone(&record("disable[dmarc] later"), &[finding, "1 ignore-malformed"]);
    zone(&record("ignore[dmarc later"), &[finding, "1 ignore-malformed"]);
    zone(&record("ignore"), &[finding, "1 ignore-without-rule"]);
    zone(&record("ignore[] later"), &[finding, "1 ignore-without-rule"]);
    zone(&record("ignore[demarc] later"), &[finding, "1 ignore-unknown-rule"]);
    zone(&record("ignore[dmarc]"), &["1 ignore-without-reason"]);
    zone(&record("ignore[dmarc] -- "), &["1 ignore-without-reason"]);
    // Only speaks of it.
    zone(&record("checked in March"), &[finding]);
}

#[test]
fn what_did_not_run_may_be_needed() {
    zone(
        "@ TXT \"x\" ; maillint: ignore[spf-plus-all] x\n_dmarc TXT \"v=DMARC1; p=reject\"\n",
        &[],
    );
    zone(
        "@ TXT \"x\" ; maillint: ignore[spf-ptr] x\n_dmarc TXT \"v=DMARC1; p=reject\"\n",
        &["1 ignore-unused"],
    );
}

#[test]
fn an_order_in_an_included_file_covers_its_records() {
    let files = [
        ("example.com.zone", "$ORIGIN example.com.\n$INCLUDE mail.inc\n"),
        (
            "mail.inc",
            "_dmarc 60 TXT \"v=DMARC1; p=none\" ; maillint: ignore[dmarc] later\n",
        ),
    ];
    let sources = cases::sources(&files);
    let outcome = cases::lint(&sources, &cases::select(&["dmarc-none-without-rua", "ignore"]));
    assert!(outcome.diagnostics.is_empty(), "{:?}", outcome.diagnostics);
    assert_eq!(outcome.left_out.len(), 1);
}

#[test]
fn orders_in_yaml_cover_their_line_and_what_is_below() {
    let record = "  type: TXT\n  value: v=DMARC1\\; p=none";
    yaml(
        &format!("_dmarc: # maillint: ignore[dmarc] later\n{record}\n_dmarc.a:\n{record}\n"),
        &["6 dmarc-none-without-rua"],
    );
    yaml(
        &format!(
            "# maillint: ignore[dmarc] later\n# about it\n_dmarc:\n{record}\n_dmarc.a:\n{record} # maillint: ignore[dmarc] later\n"
        ),
        &[],
    );
    yaml(
        &format!("# maillint: ignore[dmarc-none-without-rua] later\n\n_dmarc:\n{record}\n"),
        &["1 ignore-unused", "5 dmarc-none-without-rua"],
    );
    yaml(
        "_dmarc:\n# maillint: ignore[dmarc] later\n- type: TXT\n  values:\n  - v=DMARC1\\; p=none\n- type: A\n  value: 192.0.2.1\n",
        &[],
    );
    yaml(
        "_dmarc:\n  # maillint: ignore[dmarc-none-without-rua] later\n  type: TXT\n  values:\n  - v=DMARC1\\; p=none\n",
        &["2 ignore-unused", "5 dmarc-none-without-rua"],
    );
    yaml(
        "_dmarc:\n  type: TXT\n  # maillint: ignore[dmarc] later\n  values:\n  - v=DMARC1\\; p=none\n",
        &[],
    );
}

#[test]
fn orders_in_scalars_of_yaml_are_none() {
    yaml(
        "_dmarc:\n  type: TXT\n  value: \"v=DMARC1\\\\; p=none\\\\; x=# maillint: ignore[dmarc] x\"\n",
        &["3 dmarc-none-without-rua"],
    );
    yaml(
        "_dmarc:\n  type: TXT\n  value: 'v=DMARC1\\; p=none\\; x= # maillint: ignore[dmarc] x'\n",
        &["3 dmarc-none-without-rua"],
    );
    yaml(
        "a:\n  type: TXT\n  value: |\n    x\n    # maillint: ignore[all] x\n_dmarc:\n  type: TXT\n  value: v=DMARC1\\; p=none\n",
        &["8 dmarc-none-without-rua"],
    );
}

#[test]
fn many_orders_take_no_time() {
    let record = "_dmarc TXT \"v=DMARC1; p=none\"\n";
    let order = "; maillint: ignore[spf-ptr] x\n".repeat(50_000);
    assert!(found("example.com.zone", &format!("{record}{order}{record}")).contains("2 ignore-unused"));
    let record = |name: &str| format!("{name}: {{type: TXT, value: v=DMARC1\\; p=none}}\n");
    let text = format!("{}{}{}", record("_dmarc"), order.replace(';', "#"), record("_dmarc.a"));
    assert!(found("example.com.yaml", &text).contains("2 ignore-unused"));
}

#[test]
fn orders_in_hcl() {
    let record = |head: &str, records: &str| {
        format!(
            "{head}resource \"dnsimple_zone_record\" \"a\" {{\n  zone_name = \"example.com\"\n  name = \"_dmarc\"\n  type = \"TXT\"\n  {records}\n}}\n"
        )
    };
    let order = "maillint: ignore[dmarc-none-without-rua] later";
    let value = "value = \"v=DMARC1; p=none\"";
    let tf = |text: &str, expected: &[&str]| expect("main.tf", text, expected);
    tf(&record("", value), &["5 dmarc-none-without-rua"]);
    tf(&record("", &format!("{value} # {order}")), &[]);
    tf(&record("", &format!("{value} // {order}")), &[]);
    tf(&record("", &format!("{value} /* {order} */")), &[]);
    tf(&record("", &format!("# {order}\n  {value}")), &[]);
    tf(&record("", &format!("# {order}\n  # more\n  {value}")), &[]);
    tf(&record(&format!("# {order}\n"), value), &[]);
    tf(&record(&format!("/* {order}\n */\n"), value), &[]);
    // What stands in a string is no comment.
    tf(
        &record(
            "",
            "value = \"v=DMARC1; p=none; x=# maillint: ignore[dmarc-none-without-rua] later\"",
        ),
        &["5 dmarc-none-without-rua"],
    );
}
