//! Repairs of values in YAML, JSON and HCL: what is written reads as what was meant, or nothing is written.

mod cases;

use maillint::{
    formats,
    record::Txt,
    run,
    text::{Edit, Text},
};

/// A file, of which the first TXT record is looked at.
type File = (&'static str, &'static str);

const FILES: [File; 20] = [
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: v=DMARC1\\; p=none\\; rua=mailto:a@example.com # later\n",
    ),
    ("example.com.yaml", "a: {type: TXT, values: [v=spf1 mx ~all, b]}\n"),
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: v=spf1 include:a.example\n    include:b.example\n    ~all\n",
    ),
    ("example.com.yaml", "a:\n  type: TXT\n  value: 'it''s v=DMARC1\\; x'\n"),
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: \"v=DMARC1\\\\; \\x41\\u00e9 \\\n    x\"\n",
    ),
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: |-\n    v=DMARC1\\; p=none\n",
    ),
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: >-\n    v=spf1\n    mx\n    -all\n",
    ),
    (
        "example.com.yaml",
        "a:\n  type: TXT\n  value: '\"v=DKIM1\\; p=ab\" \"cd\"'\n",
    ),
    (
        "records.json",
        "[{\"name\": \"a.example.com\", \"type\": \"TXT\", \"content\": \"v=DMARC1; \\u0041\\\"x\\\" \\ud83d\\ude00\"}]",
    ),
    (
        "records.yaml",
        "- {name: a.example.com, type: TXT, value: 'v=DMARC1; p=none'}\n",
    ),
    (
        "records.yaml",
        "- name: a.example.com\n  type: TXT\n  values:\n  - '\"v=spf1 \" \"-all\"'\n",
    ),
    (
        "batch.json",
        "[{\"Name\": \"a.example.com\", \"Type\": \"TXT\", \"ResourceRecords\": [{\"Value\": \"\\\"v=spf1 \\\\\\\"x\\\" \\\"-all\\\"\"}]}]",
    ),
    (
        "main.tf",
        "resource \"dnsimple_zone_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  value = \"v=DMARC1; \\\\ \\\"x\\\" \\u00e9 $${y} %%{z}\"\n}\n",
    ),
    (
        "main.tf",
        "resource \"hcloud_zone_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  value = \"\\\"v=spf1 \\\" \\\"mx -all\\\"\"\n}\n",
    ),
    (
        "main.tf",
        "resource \"aws_route53_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  records = [\"v=DKIM1; p=AB\\\"\\\"CD\"]\n}\n",
    ),
    (
        "main.tf",
        "resource \"dnsimple_zone_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  value = <<-EOT\n    v=spf1 mx\n      -all $${x}\n    EOT\n}\n",
    ),
    (
        "main.tf",
        "resource \"dnsimple_zone_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  value = \"v=DMARC1; p=${var.p}; rua=${local.rua}\"\n}\nlocals {\n  rua = \"mailto:a@example.com\"\n}\n",
    ),
    (
        "main.tf.json",
        "{\"resource\": {\"dnsimple_zone_record\": {\"a\": {\"name\": \"a\", \"type\": \"TXT\", \"value\": \"v=spf1 $${x} \\u0041\\\"\"}}}}",
    ),
    (
        "main.tf",
        "resource \"hcloud_zone_record\" \"a\" {\n  name = \"a\"\n  type = \"TXT\"\n  value = provider::hcloud::txt_record(\"v=spf1 mx -all\")\n}\n",
    ),
    (
        "main.tf.json",
        "{\"locals\": {\"b\": \"-all\"}, \"resource\": {\"dnsimple_zone_record\": {\"a\": {\"name\": \"a\", \"type\": \"TXT\", \"value\": \"v=spf1 \\\"${local.b} %%{i}\"}}}}",
    ),
];

const NEW: [&str; 16] = [
    "",
    "-all",
    "x",
    " ",
    ": ",
    " #",
    "'",
    "\"",
    "\\",
    ";",
    "a, b",
    "{",
    "- ",
    ":",
    "\u{e9}",
    "v=DMARC1; p=reject",
];

fn first(path: &str, bytes: &[u8]) -> Option<Txt> {
    let sources = cases::sources(&[(path, bytes)]);
    // A file in which no word of mail is left is read all the same.
    let format = if path.starts_with("main.tf") {
        "terraform"
    } else {
        "data"
    };
    let scans = run::read(&sources, &[formats::named(format)]);
    scans.first()?.records.iter().find_map(|record| record.txt().cloned())
}

fn apply(bytes: &[u8], edits: &[Edit]) -> Vec<u8> {
    let mut edits = edits.to_vec();
    edits.sort();
    let mut bytes = bytes.to_vec();
    for edit in edits.iter().rev() {
        bytes.splice(edit.span.range(), edit.new.bytes());
    }
    bytes
}

fn is_boundary(text: &Text, at: usize) -> bool {
    std::str::from_utf8(text.bytes()).is_ok_and(|text| text.is_char_boundary(at))
}

#[test]
fn what_is_written_reads_as_what_was_meant() {
    for (path, file) in FILES {
        let text = first(path, file.as_bytes()).expect("a TXT record").text;
        let (mut written, mut all) = (0, 0);
        for start in 0..=text.len() {
            for end in start..=text.len().min(start + 9) {
                if !is_boundary(&text, start) || !is_boundary(&text, end) {
                    continue;
                }
                for new in NEW {
                    all += 1;
                    let Some(edits) = text.replace(start..end, new) else {
                        continue;
                    };
                    written += 1;
                    let mut meant = text.bytes().to_vec();
                    meant.splice(start..end, new.bytes());
                    let after = apply(file.as_bytes(), &edits);
                    let read = first(path, &after).map(|txt| txt.text.bytes().to_vec());
                    let shown = String::from_utf8_lossy(&after);
                    assert_eq!(
                        read.as_deref().map(String::from_utf8_lossy),
                        Some(String::from_utf8_lossy(&meant)),
                        "{start}..{end} by `{new}`:\n{file}became\n{shown}"
                    );
                }
            }
        }
        assert!(written * 4 > all, "{written} of {all}:\n{file}");
    }
}

#[test]
fn ordinary_repairs_are_offered_everywhere() {
    for (path, file) in FILES {
        let text = first(path, file.as_bytes()).expect("a TXT record").text;
        let at = memchr::memmem::find(text.bytes(), b"v=").expect("it has a version");
        assert!(text.replace(at..at + 1, "w").is_some(), "{file}");
    }
}

#[test]
fn values_put_together_from_several_places_are_left() {
    let file = "Parameters: {D: {Default: example.com}}\nResources:\n  A:\n    Type: AWS::Route53::RecordSet\n    Properties:\n      Name: a.example.com\n      Type: TXT\n      ResourceRecords: [!Sub '\"v=spf1 include:${D} -all\"']\n";
    let text = first("template.yaml", file.as_bytes()).expect("a TXT record").text;
    assert_eq!(text.bytes(), b"v=spf1 include:example.com -all");
    let at = text.span(15..26).expect("it is written somewhere");
    assert_eq!(&file[at.range()], "example.com");
    assert_eq!(text.replace(15..26, "example.net"), None);
}

#[test]
fn values_that_functions_change_are_left() {
    for (value, is_written) in [
        ("join(\" \", [\"v=spf1\", \"mx\"])", true),
        ("trimspace(\"v=spf1 mx \")", false),
        ("replace(\"v=spf1 xm\", \"xm\", \"mx\")", false),
        ("substr(\"v=spf1 mx -all\", 0, 9)", false),
        ("split(\";\", \"v=spf1 mx;x\")[0]", false),
        ("lower(\"v=spf1 mx\")", false),
        ("format(\"v=spf1 %s\", \"mx\")", false),
    ] {
        let file = format!(
            "resource \"dnsimple_zone_record\" \"a\" {{\n  name = \"a\"\n  type = \"TXT\"\n  value = {value}\n}}\n"
        );
        let text = first("main.tf", file.as_bytes()).expect("a TXT record").text;
        assert_eq!(text.bytes(), b"v=spf1 mx", "{value}");
        assert_eq!(text.replace(0..1, "w").is_some(), is_written, "{value}");
    }
}
