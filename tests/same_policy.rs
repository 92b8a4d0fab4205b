//! One set of policies, written in every format, gives the same findings at the same places.

mod cases;
mod written;

use std::collections::BTreeSet;

use maillint::{
    rule::{Check, Rule},
    rules,
};

/// Names below `example.com` and the texts of their TXT records, most of them wrong in some way.
const RECORDS: [(&str, &str); 12] = [
    ("_dmarc", "v=DMARC1; p=rejct; rua=mailto:dmarc@example.com"),
    ("_dmarc.a", "v=DMARC1; p=none; rau=mailto:dmarc@example.com; pct=25"),
    ("_dmarc.b", "v=dmarc1; p=none; rua=dmarc@example.com"),
    ("", "v=spf1 include:_spf.example.com ip4:10.0.0.1 +all"),
    ("c", "v=spf1 nclude:_spf.example.com a:192.0.2.1 -all"),
    ("d", "v=spf1 mx"),
    ("_mta-sts", "v=STSv1; id=2024-01-01;"),
    ("_mta-sts.a", "v=STSv1"),
    (
        "_smtp._tls",
        "v=TLSRPTv1; rua=mailto:tls@example.com, mailto:tls@example.com",
    ),
    ("_smtp._tls.a", "v=TLSRPT1; rua=mailto:tls@example.com"),
    ("_smtp._tls.b", "v=TLSRPTv1; rua=tls@example.com"),
    ("_smtp._tls.c", "v=TLSRPTv1; ruf=mailto:tls@example.com"),
];

fn whole(name: &str) -> String {
    if name.is_empty() {
        "example.com".to_string()
    } else {
        format!("{name}.example.com")
    }
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// A record in a format.
type Write = fn(name: &str, text: &str) -> String;

/// A path, what stands before the records and behind them, and each of them.
const FORMATS: [(&str, &str, &str, Write); 15] = [
    (
        "example.com.zone",
        "$ORIGIN example.com.\n$TTL 60\n@ SOA a b 1 1 1 1 1\n",
        "",
        |name, text| format!("{}. TXT {}\n", whole(name), written::text(text)),
    ),
    ("example.com.yaml", "---\n", "", |name, text| {
        format!("'{name}':\n  type: TXT\n  value: {}\n", text.replace(';', "\\;"))
    }),
    ("example.com.yml", "", "", |name, text| {
        format!(
            "'{name}':\n- type: TXT\n  values:\n  - \"{}\"\n",
            text.replace(';', "\\\\;")
        )
    }),
    ("example.com.yaml", "", "", |name, text| {
        format!(
            "? '{name}'\n: - ttl: 60\n    type: TXT\n    value: >-\n      {}\n",
            text.replace("; ", "\\;\n      ")
        )
    }),
    ("records.yaml", "zone_name: example.com\ntxt:\n", "", |name, text| {
        let name = if name.is_empty() { "@" } else { name };
        format!("- name: '{name}'\n  ttl: 60\n  record: ['{text}']\n")
    }),
    (
        "records.json",
        "[\n{\"name\": \"x.example.com\", \"type\": \"A\", \"content\": \"192.0.2.1\"}",
        "]\n",
        |name, text| {
            format!(
                ",\n{{\"type\": \"TXT\", \"name\": {}, \"content\": {}}}",
                json(&whole(name)),
                json(text)
            )
        },
    ),
    (
        "endpoint.yaml",
        "apiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nspec:\n  endpoints:\n",
        "",
        |name, text| {
            format!(
                "  - dnsName: {}\n    recordType: TXT\n    targets:\n    - \"{text}\"\n",
                whole(name)
            )
        },
    ),
    ("batch.json", "{\"Changes\": [{}", "]}", |name, text| {
        let value = json(&written::string(text.as_bytes()));
        format!(
            ",\n{{\"Action\": \"UPSERT\", \"ResourceRecordSet\": {{\"Name\": {}, \"Type\": \"TXT\", \"TTL\": 60, \"ResourceRecords\": [{{\"Value\": {value}}}]}}}}",
            json(&whole(name))
        )
    }),
    (
        "template.yaml",
        "Parameters:\n  Domain: {Type: String, Default: example.com.}\nResources:\n  Mail:\n    Type: AWS::Route53::RecordSetGroup\n    Properties:\n      RecordSets:\n",
        "",
        |name, text| {
            let name = if name.is_empty() {
                "!Ref Domain".to_string()
            } else {
                format!("!Sub {name}.${{Domain}}")
            };
            format!(
                "      - Name: {name}\n        Type: TXT\n        TTL: '60'\n        ResourceRecords: ['\"{text}\"']\n"
            )
        },
    ),
    (
        "template.json",
        "{\"Parameters\": {\"Domain\": {\"Default\": \"example.com\"}}, \"Resources\": {\"None\": {}",
        "}}",
        |name, text| {
            let dotted = if name.is_empty() {
                String::new()
            } else {
                format!("{name}.")
            };
            format!(
                ",\n\"R{}\": {{\"Type\": \"AWS::Route53::RecordSet\", \"Properties\": {{\"Type\": \"TXT\", \"Name\": {{\"Fn::Join\": [\"\", [{}, {{\"Ref\": \"Domain\"}}]]}}, \"ResourceRecords\": [{}]}}}}",
                name.len(),
                json(&dotted),
                json(&written::string(text.as_bytes()))
            )
        },
    ),
    (
        "main.tf",
        "resource \"aws_route53_zone\" \"z\" {\n  name = \"example.com\"\n}\n",
        "",
        |name, text| {
            format!(
                "resource \"aws_route53_record\" \"a{}\" {{\n  zone_id = aws_route53_zone.z.id\n  name = \"{name}\"\n  type = \"TXT\"\n  records = [\"{text}\"]\n}}\n",
                name.len()
            )
        },
    ),
    (
        "main.tf",
        "resource \"hcloud_zone_rrset\" \"r\" {\n  for_each = local.texts\n  zone = \"example.com\"\n  name = each.key\n  type = \"TXT\"\n  records = [{ value = each.value }]\n}\nlocals {\n  texts = {\n",
        "  }\n}\n",
        |name, text| {
            let name = if name.is_empty() { "@" } else { name };
            format!("    \"{name}\" = \"\\\"{text}\\\"\"\n")
        },
    ),
    (
        "main.tofu",
        "locals {\n  domain = \"example.com\"\n}\n",
        "",
        |name, text| {
            let dotted = if name.is_empty() {
                String::new()
            } else {
                format!("{name}.")
            };
            format!(
                "resource \"google_dns_record_set\" \"a{}\" {{\n  name = \"{dotted}${{local.domain}}.\"\n  type = \"TXT\"\n  rrdatas = [jsonencode(trimspace(<<-EOT\n      {text}\n      EOT\n  ))]\n}}\n",
                name.len()
            )
        },
    ),
    (
        "main.tf.json",
        "{\"locals\": {}, \"resource\": {\"digitalocean_record\": {\"none\": {}",
        "}}}",
        |name, text| {
            let name = if name.is_empty() { "@" } else { name };
            format!(
                ",\n\"a{name}\": {{\"domain\": \"example.com\", \"name\": {}, \"type\": \"TXT\", \"value\": {}}}",
                json(name),
                json(text)
            )
        },
    ),
    (
        "records.auto.tfvars",
        "records = [\n",
        "]\n# resource \"azurerm_dns_txt_record\" \"r\"\n",
        |name, text| format!("  {{ name = \"{name}\", text = \"{text}\" }},\n"),
    ),
];

/// What stands beside the file with the values of variables.
const MODULE: &str = "variable \"records\" {}
resource \"dnsimple_zone_record\" \"r\" {
  count     = length(var.records)
  zone_name = \"example.com\"
  name      = var.records[count.index].name
  type      = \"TXT\"
  value     = var.records[count.index].text
}
";

/// Rules that look at a single record.
fn single() -> Vec<&'static Rule> {
    let mut all = rules::all();
    all.retain(|rule| {
        matches!(
            rule.check,
            Check::Dmarc(_) | Check::Spf(_) | Check::MtaSts(_) | Check::TlsRpt(_)
        )
    });
    all.retain(|rule| rule.on_by_default && !rule.once_a_file);
    all
}

/// Each finding: its rule, its owner, and what stands at its place, without what only writes it.
fn found(path: &str, text: &str) -> BTreeSet<(String, String, String)> {
    let mut files = vec![(path, text)];
    if path.ends_with(".tfvars") {
        files.push(("main.tf", MODULE));
    }
    let sources = cases::sources(&files);
    let outcome = cases::lint(&sources, &single());
    let findings = outcome.diagnostics.iter().map(|diagnostic| {
        let at = String::from_utf8_lossy(sources.bytes(diagnostic.primary.span)).into_owned();
        let at = at.replace("\n      ", " ").replace(['\\', '"'], "");
        let owner = diagnostic
            .about
            .as_ref()
            .map(|about| about.owner.clone())
            .unwrap_or_default();
        (diagnostic.rule.to_string(), owner, at)
    });
    findings.collect()
}

#[test]
fn all_formats_agree() {
    let text = |(_, head, tail, write): &(&str, &str, &str, Write)| {
        let records: String = RECORDS.iter().map(|(name, text)| write(name, text)).collect();
        format!("{head}{records}{tail}")
    };
    let expected = found(FORMATS[0].0, &text(&FORMATS[0]));
    assert!(expected.len() >= 6, "{expected:#?}");
    for format in &FORMATS[1..] {
        let text = text(format);
        let found = found(format.0, &text);
        let missing: Vec<_> = expected.difference(&found).collect();
        let more: Vec<_> = found.difference(&expected).collect();
        assert!(
            missing.is_empty() && more.is_empty(),
            "{}:\n{text}\nmissing {missing:#?}\nmore {more:#?}",
            format.0
        );
    }
}
