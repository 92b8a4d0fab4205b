//! Records in YAML and JSON: what is read from each shape and with each of its traps.

mod cases;

use maillint::{presentation, record::Record, rule, run, source::Sources};

/// The records of all files in order: `owner [ttl] TYPE data`, each with `(format)` before the first of its kind.
fn rows(files: &[(&str, &str)]) -> Vec<String> {
    let sources = cases::sources(files);
    let scans = run::read(&sources, &run::formats(&sources));
    let row = |record: &Record, sources: &Sources| {
        let owner = &record.owner;
        let ttl = record.ttl().map(|ttl| format!("{ttl} ")).unwrap_or_default();
        let kind = rule::kind(record, sources);
        format!("{owner} {ttl}{kind} {}", presentation::value(record, sources))
    };
    scans
        .iter()
        .flat_map(|scan| scan.records.iter().map(|record| row(record, &sources)))
        .collect()
}

fn format_of(files: &[(&str, &str)]) -> Vec<&'static str> {
    let sources = cases::sources(files);
    run::read(&sources, &run::formats(&sources))
        .iter()
        .map(|scan| scan.format)
        .collect()
}

/// The zones, each with whether it is stated whole.
fn zones(files: &[(&str, &str)]) -> Vec<(String, bool)> {
    let sources = cases::sources(files);
    let scans = run::read(&sources, &run::formats(&sources));
    scans
        .iter()
        .flat_map(|scan| scan.zones.iter().map(|zone| (zone.origin.to_string(), zone.whole)))
        .collect()
}

#[test]
fn an_octodns_zone() {
    let zone = "---
'':
  - type: MX
    ttl: 300
    values:
      - {exchange: mx1.example.net., preference: 10}
      - exchange: mx2.example.net
        preference: 20
      - value: mx3.example.net.
        priority: 30
  - type: TXT
    values:
      - v=spf1 include:_spf.example.net -all
'*._domainkey':
  type: TXT
  value: v=DKIM1\\; p=
_dmarc:
  type: TXT
  value: \"v=DMARC1\\\\; p=reject\"
_dmarc.lists:
  type: CNAME
  value: _dmarc.example.com.
129688:
  octodns: {lenient: true}
  type: A
  values: [192.0.2.1, 192.0.2.2]
no:
  type: AAAA
  value: 2001:db8::1
";
    let files = [("zones/example.com.yaml", zone)];
    assert_eq!(
        rows(&files),
        [
            "example.com 300 MX 10 mx1.example.net.",
            "example.com 300 MX 20 mx2.example.net.",
            "example.com 300 MX 30 mx3.example.net.",
            "example.com TXT \"v=spf1 include:_spf.example.net -all\"",
            "*._domainkey.example.com TXT \"v=DKIM1; p=\"",
            "_dmarc.example.com TXT \"v=DMARC1; p=reject\"",
            "_dmarc.lists.example.com CNAME _dmarc.example.com.",
            "129688.example.com A 192.0.2.1",
            "129688.example.com A 192.0.2.2",
            "no.example.com AAAA 2001:db8::1",
        ]
    );
    assert_eq!(format_of(&files), ["octodns"]);
    assert_eq!(zones(&files), [("example.com".to_string(), true)]);
}

#[test]
fn names_that_octodns_completes_whatever_they_are() {
    let zone = "'@':\n  type: TXT\n  value: a\n_dmarc.example.com:\n  type: TXT\n  value: v=DMARC1\\;\n? ''\n: - type: TXT\n    value: b\n";
    assert_eq!(
        rows(&[("example.com.yaml", zone)]),
        [
            "\\@.example.com TXT \"a\"",
            "_dmarc.example.com.example.com TXT \"v=DMARC1;\"",
            "example.com TXT \"b\"",
        ]
    );
}

#[test]
fn values_as_octodns_reads_them() {
    let zone = "a:
  type: TXT
  value: v=spf1 include:_spf.example.net
    ~all
b:
  type: TXT
  value: '\"v=DKIM1\\; p=ab\" \"cd\"'
c:
  type: TXT
  value: v=DMARC1\\; p=none # for now
d:
  type: TXT
  value: 'k=\"\"x'
e: &e
  type: TXT
  values: [v=DKIM1, k=rsa, p=ab]
f: *e
g:
  <<: *e
  values: &list
  - one
h:
  type: TXT
  values: *list
i:
  type: TXT
  value: 12345
";
    assert_eq!(
        rows(&[("example.com.yaml", zone)]),
        [
            "a.example.com TXT \"v=spf1 include:_spf.example.net ~all\"",
            "b.example.com TXT \"v=DKIM1; p=abcd\"",
            "c.example.com TXT \"v=DMARC1; p=none\"",
            "d.example.com TXT \"k=\\\"\\\"x\"",
            "e.example.com TXT \"v=DKIM1\"",
            "e.example.com TXT \"k=rsa\"",
            "e.example.com TXT \"p=ab\"",
            "f.example.com TXT \"v=DKIM1\"",
            "f.example.com TXT \"k=rsa\"",
            "f.example.com TXT \"p=ab\"",
            "g.example.com TXT \"one\"",
            "h.example.com TXT \"one\"",
            "i.example.com TXT \"12345\"",
        ]
    );
}

const CONFIG: &str = "providers:
  config:
    class: octodns.provider.yaml.YamlProvider
    directory: ./dns/zones
    default_ttl: 300
    escaped_semicolons: false
    split_extension: '.zone'
  route53:
    class: octodns_route53.Route53Provider
  spf:
    class: octodns_spf.SpfSource
zones:
  example.com.:
    sources: [config]
    targets: [route53]
  example.net.:
    sources: [config, spf]
    targets: [route53]
  example.org.:
    alias: example.com.
";

#[test]
fn the_configuration_tells_what_zones_mean() {
    let files = [
        ("dns/production.yaml", CONFIG),
        (
            "dns/zones/example.com.yaml",
            "a:\n  type: TXT\n  value: v=DMARC1\\; p=none; x\n",
        ),
        (
            "dns/zones/example.net.zone/main.yaml",
            "'':\n  type: A\n  value: 192.0.2.1\n",
        ),
        (
            "dns/zones/example.net.zone/mail.yaml",
            "mail:\n  type: A\n  value: 192.0.2.2\n",
        ),
    ];
    assert_eq!(
        rows(&files),
        [
            // Not escaped, so the backslash is published; and the zone has a second name.
            "a.example.com TXT \"v=DMARC1\\\\; p=none; x\"",
            "a.example.org TXT \"v=DMARC1\\\\; p=none; x\"",
            "mail.example.net A 192.0.2.2",
            "example.net A 192.0.2.1",
        ]
    );
    // The SPF record of example.net is computed.
    let whole = [("example.com", true), ("example.org", true), ("example.net", false)];
    assert_eq!(zones(&files), whole.map(|(zone, whole)| (zone.to_string(), whole)));
}

#[test]
fn split_zones_without_a_configuration() {
    let files = [
        (
            "zones/example.com./$example.com.yaml",
            "'':\n  type: A\n  value: 192.0.2.1\n",
        ),
        (
            "zones/example.com./www.yaml",
            "www:\n  type: CNAME\n  value: example.com.\n",
        ),
    ];
    assert_eq!(
        rows(&files),
        ["example.com A 192.0.2.1", "www.example.com CNAME example.com."]
    );
    assert_eq!(zones(&files), [("example.com".to_string(), true)]);
}

#[test]
fn what_octodns_includes() {
    let files = [
        (
            "zones/example.com.yaml",
            "'':\n  - !include ../parts/spf.yaml\n  - <<: !include ../parts/mx.yaml\n    ttl: 60\n_dmarc: !include ../parts/dmarc.yaml\n\
             s1._domainkey:\n  type: TXT\n  values: !include ../parts/keys.yaml\nwww: {type: A, value: 192.0.2.1}\n\
             <<: [!include ../parts/hosts.yaml]\n",
        ),
        ("parts/dmarc.yaml", "type: TXT\nvalue: !include policy.yaml\n"),
        (
            "parts/hosts.yaml",
            "www: {type: A, value: 192.0.2.9}\nmail: {type: A, value: 192.0.2.2}\n",
        ),
        ("parts/keys.yaml", "- v=DKIM1\\; p=\n"),
        (
            "parts/mx.yaml",
            "type: MX\nvalue: {exchange: mail.example.com., preference: 10}\n",
        ),
        ("parts/policy.yaml", "v=DMARC1\\; p=none\n"),
        ("parts/spf.yaml", "type: TXT\nvalue: v=spf1 mx -all\n"),
    ];
    assert_eq!(
        rows(&files),
        [
            "example.com TXT \"v=spf1 mx -all\"",
            "example.com 60 MX 10 mail.example.com.",
            "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
            "s1._domainkey.example.com TXT \"v=DKIM1; p=\"",
            "www.example.com A 192.0.2.1",
            "mail.example.com A 192.0.2.2",
        ]
    );
    assert_eq!(zones(&files), [("example.com".to_string(), true)]);
    // Without one of them, the rest is read, and the zone may have more.
    let without = |path: &str| -> Vec<(&str, &str)> { files.into_iter().filter(|(other, _)| *other != path).collect() };
    assert_eq!(
        zones(&without("parts/hosts.yaml")),
        [("example.com".to_string(), false)]
    );
    assert_eq!(rows(&without("parts/policy.yaml"))[2], "_dmarc.example.com  {?}");
    let circle = [(
        "example.com.yaml",
        "a: {type: A, value: 192.0.2.1}\nb: !include example.com.yaml\n",
    )];
    assert_eq!(rows(&circle), ["a.example.com A 192.0.2.1"]);
}

#[test]
fn what_an_included_file_says_is_wrong_there() {
    let files = [
        (
            "example.com.yaml",
            "_dmarc: !include dmarc.yaml\nwww: {type: A, value: 192.0.2.1}\n",
        ),
        (
            "dmarc.yaml",
            "type: TXT\nvalue: v=DMARC1\\; p=rejcet\\; rua=mailto:a@example.com\n",
        ),
    ];
    let sources = cases::sources(&files);
    let found = cases::lint(&sources, &cases::select(&["dmarc-policy-invalid"])).diagnostics;
    let lines: Vec<String> = found.iter().map(|one| cases::line(&sources, one)).collect();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(
        lines[0].starts_with("dmarc.yaml:2:21-2:27 error[dmarc-policy-invalid]"),
        "{lines:#?}"
    );
}

#[test]
fn processors_shared_files_and_other_sources() {
    let config = "manager:
  processors: [owner]
providers:
  config:
    class: octodns.provider.yaml.YamlProvider
    directory: zones
    shared_filename: shared.yaml
  internal:
    class: octodns.provider.yaml.YamlProvider
    directory: internal
    populate_should_replace: true
  files:
    class: octodns_bind.ZoneFileSource
    directory: bind
    file_extension: .txt
processors:
  owner:
    class: octodns.processor.ownership.OwnershipProcessor
  no-text:
    class: octodns.processor.filter.TypeRejectlistFilter
    rejectlist: [TXT]
  only:
    class: octodns.processor.filter.NameAllowlistFilter
    allowlist: ['', www]
  own:
    class: company.Processor
zones:
  example.com.:
    sources: [config]
    processors: [no-text]
  example.net.:
    sources: [config, internal]
  example.org.:
    sources: [config]
    processors: [only]
  example.test.:
    sources: [config]
    processors: [own]
  bind.test.:
    sources: [files]
";
    let zone = "'': {type: A, value: 192.0.2.1}\nmail: {type: TXT, value: v=spf1 -all}\n";
    let files = [
        ("config/production.yaml", config),
        (
            "bind/bind.test.txt",
            "@ SOA ns.example.net. h.example.net. 1 1h 1h 1w 1h\n@ NS ns.example.net.\n",
        ),
        ("zones/example.com.yaml", zone),
        ("zones/example.net.yaml", zone),
        ("zones/example.org.yaml", zone),
        ("zones/example.test.yaml", zone),
        (
            "zones/shared.yaml",
            "_dmarc: {type: TXT, value: v=DMARC1\\; p=reject}\n",
        ),
    ];
    let sources = cases::sources(&files);
    let scans = run::read(&sources, &run::formats(&sources));
    let published: Vec<String> = scans
        .iter()
        .flat_map(|scan| &scan.records)
        .filter(|record| record.loads)
        .map(|record| record.owner.to_string())
        .collect();
    assert_eq!(
        published,
        [
            "bind.test",
            "bind.test",
            "example.com",
            "example.net",
            "mail.example.net",
            "_dmarc.example.net",
            "example.org",
            "example.test",
            "mail.example.test",
            "_dmarc.example.test",
        ]
    );
    let whole = [
        ("bind.test", true),
        ("example.com", true),
        ("example.net", false),
        ("example.org", true),
        ("example.test", false),
    ];
    assert_eq!(zones(&files), whole.map(|(zone, whole)| (zone.to_string(), whole)));
}

#[test]
fn names_in_letters_of_any_script() {
    let files = [(
        "zones/b\u{fc}cher.test.yaml",
        "m\u{fc}ller: {type: CNAME, value: b\u{fc}ro.example.com.}\n",
    )];
    assert_eq!(
        rows(&files),
        ["xn--mller-kva.xn--bcher-kva.test CNAME xn--bro-hoa.example.com."]
    );
}

#[test]
fn what_octodns_does_not_tell() {
    let zone = "a:\n  type: TXT\n  value: v=DMARC1\\; p={{ policy }}\nb: !include b.yaml\nc:\n  type: TXT\n  values: !include c.yaml\nd:\n  type: Route53Provider/ALIAS\n  value: {name: x, type: A}\n'{{ name }}._domainkey':\n  type: TXT\n  value: v=DKIM1\\; p=\n";
    let files = [("example.com.yaml", zone)];
    assert_eq!(
        rows(&files),
        [
            "a.example.com TXT \"v=DMARC1; p={?}\"",
            "c.example.com  {?}",
            "d.example.com ROUTE53PROVIDER/ALIAS {name: x, type: A}",
            "{?}._domainkey.example.com TXT \"v=DKIM1; p=\"",
        ]
    );
    assert_eq!(zones(&files), [("example.com".to_string(), false)]);
}

#[test]
fn data_for_terraform() {
    let file = "zone_name: example.com
txt:
  - name: _dmarc
    ttl: 3600
    record:
      - v=DMARC1; p=reject
  - name: '@'
    record: ['v=spf1 -all', '\"one\" \"two\"']
mx:
  - {name: '@', ttl: 3600, record: ['0 mx.example.net.']}
cname:
  - {name: mta-sts, ttl: 3600, record: policy.example.net.}
A: []
";
    let files = [("data/apply-for-x.yml", file)];
    assert_eq!(
        rows(&files),
        [
            "_dmarc.example.com 3600 TXT \"v=DMARC1; p=reject\"",
            "example.com TXT \"v=spf1 -all\"",
            "example.com TXT \"one\" \"two\"",
            "example.com 3600 MX 0 mx.example.net.",
            "mta-sts.example.com 3600 CNAME policy.example.net.",
        ]
    );
    assert_eq!(format_of(&files), ["records"]);
}

#[test]
fn lists_and_maps_of_records() {
    let list = "- {zone: example.com, name: _dmarc, type: TXT, values: ['v=DMARC1; p=none']}\n- {zone: example.net, name: www, type: A, values: [192.0.2.1], ttl: 60}\n";
    assert_eq!(
        rows(&[("records.yaml", list)]),
        [
            "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
            "www.example.net 60 A 192.0.2.1"
        ]
    );
    let map = "{\"example.com\": [{\"name\": \"_smtp._tls\", \"type\": \"TXT\", \"content\": \"v=TLSRPTv1; rua=mailto:a@example.com\"}]}";
    assert_eq!(
        rows(&[("records.json", map)]),
        ["_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:a@example.com\""]
    );
    let ansible = "- name: publish the policy\n  community.general.cloudflare_dns:\n    zone: example.com\n    record: _dmarc\n    type: TXT\n    value: v=DMARC1; p=none\n";
    assert_eq!(
        rows(&[("tasks/main.yml", ansible)]),
        ["_dmarc.example.com TXT \"v=DMARC1; p=none\""]
    );
    let alone = "- {name: _dmarc, type: TXT, value: 'v=DMARC1; p=none'}\n";
    assert_eq!(
        rows(&[("records.yaml", alone)]),
        ["_dmarc.{?} TXT \"v=DMARC1; p=none\""]
    );
}

#[test]
fn kubernetes_and_clouds() {
    let endpoint = "apiVersion: v1\nkind: Service\n---\napiVersion: externaldns.k8s.io/v1alpha1\nkind: DNSEndpoint\nspec:\n  endpoints:\n    - dnsName: _dmarc.example.com\n      recordType: TXT\n      recordTTL: 3600\n      targets: ['v=DMARC1; p=reject', '\"quoted\"']\n";
    assert_eq!(
        rows(&[("dns.yaml", endpoint)]),
        [
            "_dmarc.example.com 3600 TXT \"v=DMARC1; p=reject\"",
            "_dmarc.example.com 3600 TXT \"quoted\""
        ]
    );
    let set =
        "kind: DNSRecordSet\nspec:\n  name: example.com.\n  type: TXT\n  ttl: 300\n  rrdatas: ['\"v=spf1 -all\"']\n";
    assert_eq!(rows(&[("set.yaml", set)]), ["example.com 300 TXT \"v=spf1 -all\""]);
    let batch = "{\"Changes\": [{\"Action\": \"CREATE\", \"ResourceRecordSet\": {\"Name\": \"example.com.\", \"Type\": \"TXT\", \"TTL\": 60, \"ResourceRecords\": [{\"Value\": \"\\\"v=spf1 \\\" \\\"-all\\\"\"}]}}]}";
    assert_eq!(
        rows(&[("batch.json", batch)]),
        ["example.com 60 TXT \"v=spf1 \" \"-all\""]
    );
    let pulumi = "resources:\n  dmarc:\n    type: cloudflare:DnsRecord\n    properties: {zoneId: abc, name: _dmarc.example.com, type: TXT, content: v=DMARC1; p=none}\n";
    assert_eq!(
        rows(&[("Pulumi.yaml", pulumi)]),
        ["_dmarc.example.com TXT \"v=DMARC1; p=none\""]
    );
}

#[test]
fn a_registry_of_subdomains() {
    let file = "{\n  \"description:\": \"mail\",\n  \"owner\": {\"username\": \"someone\"},\n  \"records\": {\n    \"MX\": [\"mx1.example.net\", {\"target\": \"mx2.example.net\", \"priority\": 20}],\n    \"TXT\": [\"v=spf1 -all\", {\"name\": \"sel._domainkey\", \"value\": \"v=DKIM1; p=\"}]\n  }\n}\n";
    let files = [("domains/alice.json", file)];
    assert_eq!(
        rows(&files),
        [
            "alice.{?} MX 0 mx1.example.net.",
            "alice.{?} MX 20 mx2.example.net.",
            "alice.{?} TXT \"v=spf1 -all\"",
            "sel._domainkey.alice.{?} TXT \"v=DKIM1; p=\"",
        ]
    );
    assert_eq!(format_of(&files), ["subdomain"]);
    let file = "{\"domain\": \"example.com\", \"record\": {\"TXT\": \"v=DMARC1; p=none\"}}";
    assert_eq!(
        rows(&[("domains/_dmarc.bob.json", file)]),
        ["_dmarc.bob.example.com TXT \"v=DMARC1; p=none\""]
    );
}

#[test]
fn cloudformation_with_functions() {
    let file = "AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Domain: {Type: String, Default: example.com.}
  Reports: {Type: String}
Resources:
  Zone:
    Type: AWS::Route53::HostedZone
    Properties: {Name: !Ref Domain}
  Mail:
    Type: AWS::Route53::RecordSetGroup
    Properties:
      HostedZoneId: !Ref Zone
      RecordSets:
        - Name: !Sub _dmarc.${Domain}
          Type: TXT
          TTL: '300'
          ResourceRecords:
            - !Sub '\"v=DMARC1; p=reject; rua=mailto:${Reports}\"'
        - Name: !Ref Domain
          Type: TXT
          ResourceRecords: ['\"v=spf1 -all\"', '\"one \" \"two\"', bare]
        - Name: !Join ['.', [_smtp, _tls, !Ref Domain]]
          Type: TXT
          ResourceRecords:
            - Fn::Sub: ['\"v=TLSRPTv1; rua=mailto:a@${Host}\"', {Host: example.com}]
        - Name: !GetAtt Other.Name
          Type: A
          AliasTarget: {DNSName: !GetAtt X.Y, HostedZoneId: Z}
  One:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneName: example.com.
      Name: www.example.com
      Type: !If [A, B, C]
      ResourceRecords: [192.0.2.1]
";
    let files = [("example.com-hosted_zone.yml", file)];
    assert_eq!(
        rows(&files),
        [
            "_dmarc.example.com 300 TXT \"v=DMARC1; p=reject; rua=mailto:{?}\"",
            "example.com TXT \"v=spf1 -all\"",
            "example.com TXT \"one \" \"two\"",
            "example.com TXT \"bare\"",
            "_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"",
            "{?}  {?}",
            "www.example.com  {?}",
        ]
    );
    assert_eq!(format_of(&files), ["cloudformation"]);
    assert!(zones(&files).is_empty());
}

#[test]
fn what_only_looks_like_records() {
    let files = [
        (
            "openapi.yaml",
            "openapi: 3.0.0\npaths:\n  /x:\n    get:\n      parameters:\n      - {name: _dmarc, in: query, type: string, value: v=spf1}\n",
        ),
        ("values.yaml", "dns:\n  # _dmarc.example.com\n  name: v=spf1\n"),
        (
            "package.json",
            "{\"name\": \"x\", \"keywords\": [\"_dmarc\", \"v=spf1\"], \"type\": \"module\"}",
        ),
        (
            "chart/templates/dns.yaml",
            "{{- if .Values.dns }}\nname: _dmarc\n{{- end }}\n",
        ),
    ];
    assert_eq!(rows(&files), Vec::<String>::new());
    let sources = cases::sources(&files);
    assert!(cases::lint(&sources, &cases::select(&["all"])).diagnostics.is_empty());
}

#[test]
fn what_is_unknown_behind_a_dot_is_unknown() {
    let template = "Resources:\n  A:\n    Type: AWS::Route53::RecordSet\n    Properties:\n      Name: !Sub _dmarc.${Domain}\n      Type: TXT\n      ResourceRecords: ['\"v=DMARC1; p=none\"']\n";
    assert_eq!(
        rows(&[("template.yaml", template)]),
        ["_dmarc.{?} TXT \"v=DMARC1; p=none\""]
    );
}

#[test]
fn what_the_settings_tell() {
    let files = [
        ("domains/alice.json", "{\"records\": {\"MX\": \"mx.example.net\"}}"),
        (
            "records.yaml",
            "- {name: _dmarc, type: TXT, value: 'v=DMARC1; p=none'}\n",
        ),
        ("zone.yaml", "_dmarc: {type: TXT, value: v=DMARC1\\; p=none}\n"),
    ];
    let mut sources = cases::sources(&files);
    sources.told = vec![maillint::source::Told {
        paths: maillint::globs::Globs::new(&["**"]),
        origin: maillint::name::Name::parse("example.com"),
        ..Default::default()
    }];
    let scans = run::read(&sources, &run::formats(&sources));
    let owners = scans
        .iter()
        .flat_map(|scan| &scan.records)
        .map(|record| record.owner.to_string());
    assert_eq!(
        owners.collect::<Vec<_>>(),
        ["alice.example.com", "_dmarc.example.com", "_dmarc.example.com"]
    );
}

#[test]
fn templates_of_sam_and_serverless() {
    let resource = |depth: &str| {
        format!(
            "{depth}Resources:\n{depth}  Dmarc:\n{depth}    Type: AWS::Route53::RecordSet\n{depth}    Properties:\n\
             {depth}      Name: _dmarc.example.com.\n{depth}      Type: TXT\n{depth}      TTL: '300'\n\
             {depth}      ResourceRecords: ['\"v=DMARC1; p=reject\"']\n"
        )
    };
    let expected = ["_dmarc.example.com 300 TXT \"v=DMARC1; p=reject\""];
    let sam = format!("Transform: AWS::Serverless-2016-10-31\n{}", resource(""));
    assert_eq!(rows(&[("template.yaml", &sam)]), expected);
    let serverless = format!("service: mail\nprovider: {{name: aws}}\nresources:\n{}", resource("  "));
    assert_eq!(rows(&[("serverless.yml", &serverless)]), expected);
}

#[test]
fn an_export_of_google_cloud() {
    let export = "---\nkind: dns#resourceRecordSet\nname: example.com.\nrrdatas:\n- '\"v=spf1 -all\"'\n- '\"a\" \"b\"'\nttl: 300\ntype: TXT\n\
                  ---\nkind: dns#resourceRecordSet\nname: example.com.\nrrdatas:\n- 10 mx.example.net.\nttl: 300\ntype: MX\n";
    assert_eq!(
        rows(&[("export.yaml", export)]),
        [
            "example.com 300 TXT \"v=spf1 -all\"",
            "example.com 300 TXT \"a\" \"b\"",
            "example.com 300 MX 10 mx.example.net."
        ]
    );
}
