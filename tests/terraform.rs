//! Terraform and OpenTofu: which records each resource declares, and what each way to write a value comes to.

mod cases;

use maillint::{presentation, record::Record, rule, run, source::Sources};

/// The records of all files in order: `owner [ttl] TYPE data`.
fn rows(files: &[(&str, &str)]) -> Vec<String> {
    let sources = cases::sources(files);
    let scans = run::read(&sources, &run::formats(&sources));
    let row = |record: &Record, sources: &Sources| {
        let ttl = record.ttl().map(|ttl| format!("{ttl} ")).unwrap_or_default();
        let kind = rule::kind(record, sources);
        format!("{} {ttl}{kind} {}", record.owner, presentation::value(record, sources))
    };
    scans
        .iter()
        .flat_map(|scan| scan.records.iter().map(|record| row(record, &sources)))
        .collect()
}

/// What stands at the place of each record, on one line.
fn places(files: &[(&str, &str)]) -> Vec<String> {
    let sources = cases::sources(files);
    let scans = run::read(&sources, &run::formats(&sources));
    let place = |record: &Record| {
        let path = &sources.get(record.span.source).path;
        format!("{path}: {}", String::from_utf8_lossy(sources.bytes(record.span)))
    };
    scans.iter().flat_map(|scan| scan.records.iter().map(place)).collect()
}

/// A module whose only record is a DMARC record of Route 53 with this expression for its values.
fn values(expression: &str) -> String {
    format!(
        "resource \"aws_route53_record\" \"a\" {{\n  name = \"_dmarc.example.com\"\n  type = \"TXT\"\n  records = {expression}\n}}\n"
    )
}

/// The texts of the TXT records at `_dmarc.example.com` that such an expression makes, with other things in the module.
fn texts(expression: &str, more: &str) -> Vec<String> {
    let text = values(expression) + more;
    let rows = rows(&[("main.tf", &text)]);
    rows.iter()
        .map(|row| row.strip_prefix("_dmarc.example.com TXT ").unwrap_or(row).to_string())
        .collect()
}

/// The text of the only TXT record whose only value is this expression.
fn text(expression: &str) -> String {
    text_with(expression, "")
}

fn text_with(expression: &str, more: &str) -> String {
    texts(&format!("[{expression}]"), more).join(" | ")
}

#[test]
fn each_resource() {
    let cases = [
        (
            r#"resource "aws_route53_record" "a" {
  zone_id = aws_route53_zone.z.zone_id
  name = "_dmarc"
  type = "TXT"
  ttl = 300
  records = ["v=DMARC1; p=none", "x"]
}
resource "aws_route53_zone" "z" { name = "example.com" }"#,
            "_dmarc.example.com 300 TXT \"v=DMARC1; p=none\" | _dmarc.example.com 300 TXT \"x\"",
        ),
        (
            r#"resource "cloudflare_record" "a" {
  zone_id = data.cloudflare_zone.z.id
  name = "_dmarc"
  type = "TXT"
  value = "v=DMARC1; p=none"
}
data "cloudflare_zone" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
        ),
        (
            r#"resource "cloudflare_dns_record" "a" {
  zone_id = data.cloudflare_zone.z.zone_id
  name = "_dmarc.example.com"
  type = "TXT"
  ttl = 1
  content = "\"v=DMARC1; \" \"p=none\""
}
data "cloudflare_zone" "z" { filter = { name = "example.com" } }"#,
            "_dmarc.example.com 1 TXT \"v=DMARC1; \" \"p=none\"",
        ),
        (
            r#"resource "google_dns_record_set" "a" {
  managed_zone = google_dns_managed_zone.z.name
  name = "_dmarc.${google_dns_managed_zone.z.dns_name}"
  type = "TXT"
  rrdatas = ["\"v=DMARC1; p=none\"", "v=DMARC1; p=none"]
}
resource "google_dns_managed_zone" "z" {
  name = "example"
  dns_name = "example.com."
}"#,
            "_dmarc.example.com TXT \"v=DMARC1; p=none\" | _dmarc.example.com TXT \"v=DMARC1;\" \"p=none\"",
        ),
        (
            r#"resource "azurerm_dns_txt_record" "a" {
  zone_name = azurerm_dns_zone.z.name
  name = "_dmarc"
  ttl = 300
  record { value = "v=DMARC1; p=none" }
  record {
    value = "x"
  }
}
resource "azurerm_dns_zone" "z" { name = "example.com" }"#,
            "_dmarc.example.com 300 TXT \"v=DMARC1; p=none\" | _dmarc.example.com 300 TXT \"x\"",
        ),
        (
            r#"resource "azurerm_private_dns_txt_record" "a" {
  zone_name = "example.com"
  name = "_dmarc"
  record { value = "v=DMARC1" }
}
resource "azurerm_dns_mx_record" "b" {
  zone_name = "example.com"
  record {
    preference = 10
    exchange = "mx.example.net"
  }
}
resource "azurerm_dns_cname_record" "c" {
  zone_name = "example.com"
  name = "_mta-sts"
  record = "example.net"
}
resource "azurerm_dns_a_record" "d" {
  zone_name = "example.com"
  name = "@"
  records = ["192.0.2.1"]
}
resource "azurerm_dns_aaaa_record" "e" {
  zone_name = "example.com"
  name = "@"
  records = ["2001:db8::1"]
}
resource "azurerm_dns_ns_record" "f" {
  zone_name = "example.com"
  name = "sub"
  records = ["ns.example.net."]
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com MX 10 mx.example.net. \
             | _mta-sts.example.com CNAME example.net. | example.com A 192.0.2.1 | example.com AAAA 2001:db8::1 \
             | sub.example.com NS ns.example.net.",
        ),
        (
            r#"resource "digitalocean_record" "a" {
  domain = digitalocean_domain.z.id
  name = "_dmarc"
  type = "TXT"
  value = "v=DMARC1"
}
resource "digitalocean_record" "b" {
  domain = "example.com"
  name = "b._domainkey.example.com."
  type = "TXT"
  value = "v=DKIM1"
}
resource "digitalocean_record" "c" {
  domain = "example.com"
  name = "c._domainkey.example.com"
  type = "TXT"
  value = "v=DKIM1"
}
resource "digitalocean_record" "d" {
  domain = "example.com"
  name = "@"
  type = "MX"
  priority = 10
  value = "mx.example.net."
}
resource "digitalocean_domain" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | b._domainkey.example.com TXT \"v=DKIM1\" \
             | c._domainkey.example.com.example.com TXT \"v=DKIM1\" | example.com MX 10 mx.example.net.",
        ),
        (
            r#"resource "hcloud_zone_rrset" "a" {
  zone = hcloud_zone.z.name
  name = "_dmarc"
  type = "TXT"
  records = [{ value = "\"v=DMARC1\"" }, { value = provider::hcloud::txt_record("v=DMARC1; \"") }]
}
resource "hcloud_zone" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | _dmarc.example.com TXT \"v=DMARC1; \\\"\"",
        ),
        (
            r#"resource "hcloud_zone_record" "a" {
  zone = "example.com"
  name = "_dmarc"
  type = "TXT"
  value = "\"v=DMARC1\""
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "hetznerdns_record" "a" {
  zone_id = hetznerdns_zone.z.id
  name = "_dmarc"
  type = "TXT"
  value = jsonencode("v=DMARC1")
}
resource "hetznerdns_zone" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "ovh_domain_zone_record" "a" {
  zone = "example.com"
  subdomain = "_dmarc"
  fieldtype = "TXT"
  target = "\"v=DMARC1\""
}
resource "ovh_domain_zone_record" "b" {
  zone = "example.com"
  fieldtype = "TXT"
  target = "v=spf1 -all"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com TXT \"v=spf1 -all\"",
        ),
        (
            r#"resource "gandi_livedns_record" "a" {
  zone = gandi_livedns_domain.z.id
  name = "_dmarc"
  type = "TXT"
  values = ["\"v=DMARC1\""]
}
resource "gandi_livedns_domain" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "dnsimple_zone_record" "a" {
  zone_name = "example.com"
  name = "_dmarc"
  type = "TXT"
  value = "v=DMARC1"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "linode_domain_record" "a" {
  domain_id = linode_domain.z.id
  name = "_dmarc"
  record_type = "TXT"
  ttl_sec = 300
  target = "v=DMARC1"
}
resource "linode_domain" "z" { domain = "example.com" }"#,
            "_dmarc.example.com 300 TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "powerdns_record" "a" {
  zone = "example.com."
  name = "_dmarc.example.com."
  type = "TXT"
  records = ["\"v=DMARC1\""]
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "desec_rrset" "a" {
  domain = desec_domain.z.name
  subname = "_dmarc"
  type = "TXT"
  records = ["\"v=DMARC1\""]
}
resource "desec_domain" "z" { name = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "ns1_record" "a" {
  zone = ns1_zone.z.zone
  domain = "_dmarc.${ns1_zone.z.zone}"
  type = "TXT"
  answers { answer = "v=DMARC1; p=none" }
}
resource "ns1_zone" "z" { zone = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
        ),
        (
            r#"resource "namecheap_domain_records" "a" {
  domain = "example.com"
  record {
    hostname = "_dmarc"
    type = "TXT"
    address = "v=DMARC1"
  }
  record {
    hostname = "@"
    type = "MX"
    address = "mx.example.net."
    mx_pref = 10
  }
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com MX 10 mx.example.net.",
        ),
        (
            r#"resource "scaleway_domain_record" "a" {
  dns_zone = "example.com"
  name = "_dmarc"
  type = "TXT"
  data = "v=DMARC1"
}
resource "scaleway_domain_record" "b" {
  dns_zone = "example.com"
  type = "TXT"
  data = "\"v=spf1 -all\""
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com TXT \"v=spf1 -all\"",
        ),
        (
            r#"resource "akamai_dns_record" "a" {
  zone = "example.com"
  name = "_dmarc.example.com"
  recordtype = "TXT"
  target = ["\"v=DMARC1\""]
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "vultr_dns_record" "a" {
  domain = vultr_dns_domain.z.id
  name = "_dmarc"
  type = "TXT"
  data = "\"v=DMARC1\""
}
resource "vultr_dns_domain" "z" { domain = "example.com" }"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "oci_dns_rrset" "a" {
  zone_name_or_id = "example.com"
  domain = "_dmarc.example.com"
  rtype = "TXT"
  items {
    domain = "_dmarc.example.com"
    rtype = "TXT"
    rdata = "\"v=DMARC1\""
    ttl = 300
  }
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "alicloud_alidns_record" "a" {
  domain_name = "example.com"
  rr = "_dmarc"
  type = "TXT"
  value = "v=DMARC1"
}
resource "alicloud_dns_record" "b" {
  name = "example.com"
  host_record = "@"
  type = "TXT"
  value = "v=spf1 -all"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com TXT \"v=spf1 -all\"",
        ),
        (
            r#"resource "dns_txt_record_set" "a" {
  zone = "example.com."
  name = "_dmarc"
  txt = ["v=DMARC1; p=none", "x"]
}
resource "dns_mx_record_set" "b" {
  zone = "example.com."
  mx {
    preference = 10
    exchange = "mx.example.net."
  }
}
resource "dns_cname_record" "c" {
  zone = "example.com."
  name = "c"
  cname = "example.net."
}
resource "dns_a_record_set" "d" {
  zone = "example.com."
  name = "d"
  addresses = ["192.0.2.1", "192.0.2.2"]
}
resource "dns_aaaa_record_set" "e" {
  zone = "example.com."
  name = "e"
  addresses = ["2001:db8::1"]
}"#,
            "_dmarc.example.com TXT \"v=DMARC1; p=none\" | _dmarc.example.com TXT \"x\" | example.com MX 10 mx.example.net. \
             | c.example.com CNAME example.net. | d.example.com A 192.0.2.1 | d.example.com A 192.0.2.2 \
             | e.example.com AAAA 2001:db8::1",
        ),
        (
            r#"resource "infoblox_txt_record" "a" {
  fqdn = "_dmarc.example.com"
  text = "\"v=DMARC1; p=none\""
}
resource "infoblox_mx_record" "b" {
  fqdn = "example.com"
  mail_exchanger = "mx.example.net"
  preference = 10
}
resource "infoblox_cname_record" "c" {
  alias = "c.example.com"
  canonical = "example.net"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1; p=none\" | example.com MX 10 mx.example.net. | c.example.com CNAME example.net.",
        ),
        (
            r#"resource "netlify_dns_record" "a" {
  zone_id = netlify_dns_zone.z.id
  hostname = "_dmarc.example.com"
  type = "TXT"
  value = "v=DMARC1"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "porkbun_dns_record" "a" {
  domain = "example.com"
  name = "_dmarc"
  type = "TXT"
  content = "v=DMARC1"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "godaddy_domain_record" "a" {
  domain = "example.com"
  record {
    name = "_dmarc"
    type = "TXT"
    data = "v=DMARC1"
    ttl = 600
  }
}"#,
            "_dmarc.example.com 600 TXT \"v=DMARC1\"",
        ),
        (
            r#"resource "bunnynet_dns_record" "a" {
  zone = bunnynet_dns_zone.z.id
  name = "_dmarc"
  type = "TXT"
  value = "v=DMARC1"
}
resource "bunnynet_dns_zone" "z" { domain = "example.com" }
resource "cloudns_dns_record" "b" {
  zone = "example.com"
  name = "b._domainkey"
  type = "TXT"
  value = "v=DKIM1"
}
resource "inwx_nameserver_record" "c" {
  domain = "example.com"
  name = "c._domainkey"
  type = "TXT"
  content = "v=DKIM1"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | b._domainkey.example.com TXT \"v=DKIM1\" \
             | c._domainkey.example.com TXT \"v=DKIM1\"",
        ),
        (
            r#"resource "openstack_dns_recordset_v2" "a" {
  zone_id = openstack_dns_zone_v2.z.id
  name = "_dmarc.example.com."
  type = "TXT"
  records = ["\"v=DMARC1\""]
}
resource "huaweicloud_dns_recordset" "b" {
  name = "example.com."
  type = "TXT"
  records = ["\"v=spf1 -all\""]
}
resource "selectel_domains_rrset_v2" "c" {
  name = "_mta-sts.example.com."
  type = "TXT"
  records {
    content = "\"v=STSv1; id=1\""
  }
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | example.com TXT \"v=spf1 -all\" | _mta-sts.example.com TXT \"v=STSv1; id=1\"",
        ),
        (
            r#"resource "someone_dns_record" "a" {
  zone = "example.com"
  name = "_dmarc"
  type = "TXT"
  value = "\"v=DMARC1\""
}
resource "someone_domain_certificate" "b" {
  name = "_dmarc"
  type = "TXT"
  value = "v=DMARC1"
}"#,
            "_dmarc.example.com TXT \"v=DMARC1\"",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(rows(&[("main.tf", text)]).join(" | "), expected, "{text}");
    }
}

#[test]
fn names_of_route_53() {
    let owner = |zone: &str, name: &str| {
        let text = format!(
            "resource \"aws_route53_record\" \"a\" {{\n  zone_id = {zone}\n  name = {name}\n  type = \"TXT\"\n  records = [\"v=spf1 -all\"]\n}}\n\
             resource \"aws_route53_zone\" \"z\" {{\n  name = \"example.com\"\n}}\n"
        );
        let rows = rows(&[("main.tf", &text)]);
        rows[0].split(' ').next().expect("an owner").to_string()
    };
    let zone = "aws_route53_zone.z.zone_id";
    let cases = [
        (zone, "\"_dmarc\"", "_dmarc.example.com"),
        (zone, "\"_dmarc.example.com\"", "_dmarc.example.com"),
        (zone, "\"_dmarc.EXAMPLE.com.\"", "_dmarc.EXAMPLE.com"),
        (zone, "\"\"", "example.com"),
        (zone, "\"@\"", "example.com"),
        (zone, "aws_route53_zone.z.name", "example.com"),
        (zone, "\"mail.app\"", "mail.app.example.com"),
        (zone, "\"_dmarc.${var.sub}\"", "_dmarc.{?}"),
        (zone, "\"${var.sub}._domainkey\"", "{?}._domainkey.example.com"),
        ("var.zone_id", "\"_dmarc\"", "_dmarc.{?}"),
        ("var.zone_id", "\"_dmarc.example.com\"", "_dmarc.example.com"),
        ("var.zone_id", "\"a.example.com\"", "a.example.com"),
        ("var.zone_id", "\"\"", "{?}"),
        ("\"Z0123456789\"", "\"_dmarc\"", "_dmarc.{?}"),
        ("var.zone_id", "\"mail.app\"", "mail.app.{?}"),
    ];
    for (zone, name, expected) in cases {
        assert_eq!(owner(zone, name), expected, "{zone} {name}");
    }
}

#[test]
fn strings_of_route_53() {
    let cases = [
        (r#""v=DKIM1; p=AB\"\"CD""#, r#""v=DKIM1; p=AB" "CD""#),
        (r#""v=DKIM1; p=AB\" \"CD""#, r#""v=DKIM1; p=AB" "CD""#),
        (r#""\"v=spf1 -all\"""#, r#""v=spf1 -all""#),
        (r#""a\\073b""#, r#""a;b""#),
        (r#""a\\\"b""#, r#""a\"b""#),
    ];
    for (expression, expected) in cases {
        assert_eq!(text(expression), expected, "{expression}");
    }
}

#[test]
fn each_function() {
    let cases = [
        (r#"join("; ", ["a", "b"])"#, "a; b"),
        (r#"join("", ["v=DKIM1; p=", var.unset, "x"])"#, "v=DKIM1; p={?}x"),
        (
            r#"format("v=DMARC1; p=%s; pct=%d%%", "none", 50)"#,
            "v=DMARC1; p=none; pct=50%",
        ),
        (r#"formatlist("include:%s", ["a", "b"])[1]"#, "include:b"),
        (r#"join(" ", concat(["a"], ["b"], []))"#, "a b"),
        (r#"merge({ a = "x" }, { a = "y" }).a"#, "y"),
        (r#"replace("a,b,c", ",", " ")"#, "a b c"),
        (r#"replace("abcdef", "/(.{2})./", "$1-")"#, "ab-de-"),
        (r#"replace("abcdef", "/(.{2})/", "$${1}-")"#, "ab-cd-ef-"),
        (r#"replace("a1b22", "/[0-9]+/", "")"#, "ab"),
        (r#"replace("a\nb", "/\\s/", "")"#, "ab"),
        (r#"replace("abc", "/(a|b)/", "")"#, "{?}"),
        (r#"substr("abcdef", 1, 3)"#, "bcd"),
        (r#"substr("abcdef", 4, -1)"#, "ef"),
        (r#"substr("abcdef", -2, 10)"#, "ef"),
        (r#"substr("äbc", 1, 1)"#, "b"),
        (r#"trimspace("  a b\n")"#, "a b"),
        (r#"trim("??a?b??", "?")"#, "a?b"),
        (r#"trimprefix("v=spf1 a", "v=")"#, "spf1 a"),
        (r#"trimsuffix("example.com.", ".")"#, "example.com"),
        (r#"chomp("a\n\n")"#, "a"),
        (r#"split(",", "a,b,c")[1]"#, "b"),
        (r#"lookup({ a = "x" }, "a", "y")"#, "x"),
        (r#"lookup({ a = "x" }, "b", "y")"#, "y"),
        (r#"lower("P=NONE")"#, "p=none"),
        (r#"upper("x")"#, "X"),
        (r#"trim(jsonencode("a;b"), "\"")"#, "a;b"),
        (r#"tostring(5)"#, "5"),
        (r#"element(["a", "b"], 3)"#, "b"),
        (r#"keys({ b = 1, a = 2 })[0]"#, "a"),
        (r#"values({ b = "x", a = "y" })[0]"#, "y"),
        (r#"join(",", compact(["a", "", null, "b"]))"#, "a,b"),
        (r#"join(",", distinct(["b", "a", "b"]))"#, "b,a"),
        (r#"join(",", sort(["b", "a"]))"#, "a,b"),
        (r#"join(",", reverse(["b", "a"]))"#, "a,b"),
        (r#"join(",", toset(["b", "a", "b"]))"#, "a,b"),
        (r#"join(",", flatten([["a"], ["b", ["c"]]]))"#, "a,b,c"),
        (r#"join(",", slice(["a", "b", "c"], 1, 3))"#, "b,c"),
        (r#"join(",", range(3))"#, "0,1,2"),
        (r#"one(["a"])"#, "a"),
        (r#"coalesce("", null, "a")"#, "a"),
        (r#"try({ a = "x" }.b, "y")"#, "y"),
        (r#"can({ a = "x" }.b) ? "yes" : "no""#, "no"),
        (r#"contains(["a"], "a") ? "yes" : "no""#, "yes"),
        (r#"startswith("ab", "a") && endswith("ab", "b") ? "yes" : "no""#, "yes"),
        (r#"length(["a", "b"]) == 2 ? "yes" : "no""#, "yes"),
        (r#"zipmap(["a"], ["x"])["a"]"#, "x"),
        (r#"join("-", regexall(".{1,3}", "abcdefgh"))"#, "abc-def-gh"),
        (r#"nonsensitive(sensitive("a"))"#, "a"),
        (r#"sha256("a")"#, "{?}"),
    ];
    for (expression, expected) in cases {
        assert_eq!(text(expression), format!("\"{expected}\""), "{expression}");
    }
}

#[test]
fn files_of_the_repository() {
    let module = values(
        r#"[
    trimspace(file("${path.module}/key.txt")),
    yamldecode(file("${path.module}/records.yaml")).dmarc,
    jsondecode(file("records.json"))["list"][0],
    templatefile("${path.module}/record.tftpl", { policy = "none", list = ["a", "b"] }),
    file("missing.txt"),
  ]"#,
    );
    let files = [
        ("dns/main.tf", module.as_str()),
        ("dns/key.txt", "v=DKIM1; p=x\n"),
        ("dns/records.yaml", "dmarc: 'v=DMARC1; p=none'\n"),
        ("dns/records.json", "{\"list\": [\"a\"]}"),
        ("dns/record.tftpl", "p=${policy}%{ for x in list };${x}%{ endfor }"),
    ];
    let expected = ["v=DKIM1; p=x", "v=DMARC1; p=none", "a", "p=none;a;b", "{?}"];
    let expected = expected.map(|text| format!("_dmarc.example.com TXT \"{text}\""));
    assert_eq!(rows(&files), expected);
}

#[test]
fn conditions() {
    let cases = [
        (r#"true ? "a" : "b""#, "a"),
        (r#"1 < 2 ? "a" : "b""#, "a"),
        (r#"var.unset ? "a" : "a""#, "a"),
        (r#"var.unset ? "a" : "b""#, "{?}"),
        (r#"var.unset == "x" && false ? "a" : "b""#, "b"),
        (
            r#""v=DMARC1; %{ if true }p=none%{ else }p=reject%{ endif }""#,
            "v=DMARC1; p=none",
        ),
        (r#""v=DMARC1; %{ if var.unset }p=none%{ endif }""#, "v=DMARC1; {?}"),
    ];
    for (expression, expected) in cases {
        assert_eq!(text(expression), format!("\"{expected}\""), "{expression}");
    }
}

#[test]
fn variables_and_locals() {
    let more = r#"
variable "a" { default = "none" }
variable "b" {}
locals { c = "p=${var.a}" }
locals { d = { e = ["x", local.c] } }
"#;
    let cases = [
        ("\"v=DMARC1; p=${var.a}\"", "v=DMARC1; p=none"),
        ("\"v=DMARC1; p=${var.b}\"", "v=DMARC1; p={?}"),
        ("\"v=DMARC1; ${local.c}\"", "v=DMARC1; p=none"),
        ("local.d.e[1]", "p=none"),
        ("local.none", "{?}"),
        ("aws_instance.x.private_ip", "{?}"),
    ];
    for (expression, expected) in cases {
        assert_eq!(text_with(expression, more), format!("\"{expected}\""), "{expression}");
    }
    assert_eq!(
        texts("var.records", "variable \"records\" { default = [\"a\", \"b\"] }"),
        ["\"a\"", "\"b\""]
    );
    assert_eq!(texts("var.records", ""), ["\"{?}\""]);
}

#[test]
fn values_of_variables() {
    let module = values("[\"v=DMARC1; p=${var.p}\"]") + "variable \"p\" {\n  default = \"none\"\n}\n";
    let shown = |more: &[(&str, &str)]| {
        let mut files = vec![("main.tf", module.as_str())];
        files.extend(more);
        rows(&files).join(" | ").replace("_dmarc.example.com TXT ", "")
    };
    assert_eq!(
        shown(&[("terraform.tfvars", "p = \"reject\"\n")]),
        "\"v=DMARC1; p=reject\""
    );
    assert_eq!(
        shown(&[("x.auto.tfvars", "p = \"reject\"\n")]),
        "\"v=DMARC1; p=reject\""
    );
    assert_eq!(
        shown(&[("x.auto.tfvars.json", "{\"p\": \"reject\"}")]),
        "\"v=DMARC1; p=reject\""
    );
    let both = [
        ("terraform.tfvars", "p = \"reject\"\n"),
        ("x.auto.tfvars", "p = \"quarantine\"\n"),
    ];
    assert_eq!(shown(&both), "\"v=DMARC1; p=quarantine\"");
    // Files that have to be named: one alone tells, several do not.
    assert_eq!(shown(&[("prod.tfvars", "p = \"reject\"\n")]), "\"v=DMARC1; p=reject\"");
    let several = [("prod.tfvars", "p = \"reject\"\n"), ("test.tfvars", "p = \"none\"\n")];
    assert_eq!(shown(&several), "\"v=DMARC1; p={?}\"");
    assert_eq!(
        shown(&[("other/terraform.tfvars", "p = \"reject\"\n")]),
        "\"v=DMARC1; p=none\""
    );
}

#[test]
fn loops() {
    let record = |more: &str| {
        let text = format!(
            "resource \"digitalocean_record\" \"a\" {{\n  {more}\n  domain = \"example.com\"\n  type = \"TXT\"\n}}\n"
        );
        rows(&[("main.tf", &text)]).join(" | ")
    };
    let cases = [
        (
            r#"for_each = { "_dmarc" = "v=DMARC1", b = "v=spf1 -all" }
  name = each.key
  value = each.value"#,
            "_dmarc.example.com TXT \"v=DMARC1\" | b.example.com TXT \"v=spf1 -all\"",
        ),
        (
            r#"for_each = toset(["_dmarc", "_dmarc.b"])
  name = each.value
  value = "v=DMARC1""#,
            "_dmarc.example.com TXT \"v=DMARC1\" | _dmarc.b.example.com TXT \"v=DMARC1\"",
        ),
        (
            r#"count = 2
  name = "s${count.index}._domainkey"
  value = ["v=DKIM1; p=a", "v=DKIM1; p=b"][count.index]"#,
            "s0._domainkey.example.com TXT \"v=DKIM1; p=a\" | s1._domainkey.example.com TXT \"v=DKIM1; p=b\"",
        ),
        ("count = 0\n  name = \"_dmarc\"\n  value = \"v=DMARC1\"", ""),
        (
            r#"for_each = var.unset
  name = "_dmarc.${each.key}"
  value = "v=DMARC1; ${each.value}""#,
            "_dmarc.{?} TXT \"v=DMARC1; {?}\"",
        ),
        (
            r#"for_each = { for name, policy in { a = "none", b = "reject" } : "_dmarc.${name}" => "v=DMARC1; p=${policy}" if name != "a" }
  name = each.key
  value = each.value"#,
            "_dmarc.b.example.com TXT \"v=DMARC1; p=reject\"",
        ),
        (
            r#"for_each = { for one in [{ n = "_dmarc", v = "v=DMARC1" }] : one.n => one }
  name = each.value.n
  value = each.value.v
  ttl = try(each.value.ttl, 60)"#,
            "_dmarc.example.com 60 TXT \"v=DMARC1\"",
        ),
        (
            r#"name = "_dmarc"
  value = join(" ", [for x in ["a", "b"] : upper(x)])"#,
            "_dmarc.example.com TXT \"A B\"",
        ),
        (
            r#"name = "_dmarc"
  value = join(",", values({ for x in ["a", "b", "c"] : x == "a" ? "first" : "rest" => x... })[1])"#,
            "_dmarc.example.com TXT \"b,c\"",
        ),
        (
            r#"name = "_dmarc"
  value = ([{ x = "a" }, { x = "b" }][*].x)[1]"#,
            "_dmarc.example.com TXT \"b\"",
        ),
        (
            r#"name = "_dmarc"
  value = [{ x = "a" }, { x = "b" }].*.x[1]"#,
            "_dmarc.example.com TXT \"b\"",
        ),
    ];
    for (more, expected) in cases {
        assert_eq!(record(more), expected, "{more}");
    }
}

#[test]
fn dynamic_blocks() {
    let text = r#"
locals { texts = ["v=spf1 -all", "x=y"] }
resource "azurerm_dns_txt_record" "a" {
  zone_name = "example.com"
  name      = "@"
  dynamic "record" {
    for_each = local.texts
    content { value = record.value }
  }
  dynamic "record" {
    for_each = { a = "z" }
    iterator = it
    content { value = "${it.key}=${it.value}" }
  }
}
resource "azurerm_dns_txt_record" "b" {
  zone_name = "example.com"
  name      = "_dmarc"
  dynamic "record" {
    for_each = var.unset
    content { value = record.value }
  }
}
"#;
    let expected = [
        "example.com TXT \"v=spf1 -all\"",
        "example.com TXT \"x=y\"",
        "example.com TXT \"a=z\"",
        "_dmarc.example.com TXT \"{?}\"",
    ];
    assert_eq!(rows(&[("main.tf", text)]), expected);
}

#[test]
fn zones() {
    let record = "resource \"aws_route53_record\" \"a\" {\n  name = \"_dmarc\"\n  type = \"TXT\"\n  records = [\"v=DMARC1\"]\n  zone_id = ";
    let owner = |zone: &str, more: &str| {
        let text = format!("{record}{zone}\n}}\n{more}\n");
        rows(&[("main.tf", &text)]).join(" | ").replace(" TXT \"v=DMARC1\"", "")
    };
    let cases = [
        (
            "aws_route53_zone.z.zone_id",
            "resource \"aws_route53_zone\" \"z\" {\n  name = \"example.com\"\n}",
            "_dmarc.example.com",
        ),
        (
            "data.aws_route53_zone.z.id",
            "data \"aws_route53_zone\" \"z\" {\n  name = \"example.com.\"\n}",
            "_dmarc.example.com",
        ),
        (
            "aws_route53_zone.z[0].id",
            "resource \"aws_route53_zone\" \"z\" {\n  count = 1\n  name = \"example.com\"\n}",
            "_dmarc.example.com",
        ),
        (
            "aws_route53_zone.z[\"example.net\"].id",
            "resource \"aws_route53_zone\" \"z\" {\n  for_each = toset([\"example.com\", \"example.net\"])\n  name = each.key\n}",
            "_dmarc.example.net",
        ),
        (
            "local.zones[\"a\"]",
            "locals {\n  zones = { a = aws_route53_zone.z.id }\n}\nresource \"aws_route53_zone\" \"z\" {\n  name = \"example.com\"\n}",
            "_dmarc.example.com",
        ),
        (
            "data.cloudflare_zones.z.zones[0].id",
            "data \"cloudflare_zones\" \"z\" {\n  filter {\n    name = \"example.com\"\n  }\n}",
            "_dmarc.example.com",
        ),
        (
            "aws_route53_zone.z.id",
            "resource \"aws_route53_zone\" \"z\" {\n  name = var.domain\n}",
            "_dmarc.{?}",
        ),
        ("aws_route53_zone.none.id", "", "_dmarc.{?}"),
        (
            "data.aws_route53_zone.d.id",
            "data \"aws_route53_zone\" \"d\" {\n  zone_id = aws_route53_zone.z.id\n}\nresource \"aws_route53_zone\" \"z\" {\n  name = \"example.com\"\n}",
            "_dmarc.example.com",
        ),
    ];
    for (zone, more, expected) in cases {
        assert_eq!(owner(zone, more), expected, "{zone} {more}");
    }
    // No zone is stated whole.
    let sources = cases::sources(&[(
        "main.tf",
        format!(
            "{record}aws_route53_zone.z.id\n}}\nresource \"aws_route53_zone\" \"z\" {{\n  name = \"example.com\"\n}}\n"
        ),
    )]);
    let scans = run::read(&sources, &run::formats(&sources));
    let zones: Vec<(String, bool)> = scans
        .iter()
        .flat_map(|scan| scan.zones.iter().map(|zone| (zone.origin.to_string(), zone.whole)))
        .collect();
    assert_eq!(zones, [("example.com".to_string(), false)]);
}

#[test]
fn modules_of_the_repository() {
    let child = r#"
variable "domain" {}
variable "policy" { default = "none" }
variable "zone_id" {}
resource "aws_route53_record" "dmarc" {
  zone_id = var.zone_id
  name    = "_dmarc.${var.domain}"
  type    = "TXT"
  records = ["v=DMARC1; p=${var.policy}"]
}
"#;
    let root = r#"
module "a" {
  source  = "../modules/mail"
  domain  = "example.com"
  zone_id = "Z1"
}
module "b" {
  source   = "../modules/mail"
  for_each = { "example.net" = "reject", "example.org" = "quarantine" }
  domain   = each.key
  policy   = each.value
  zone_id  = var.zones[each.key]
}
"#;
    let files = [("live/main.tf", root), ("modules/mail/main.tf", child)];
    let expected = [
        "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
        "_dmarc.example.net TXT \"v=DMARC1; p=reject\"",
        "_dmarc.example.org TXT \"v=DMARC1; p=quarantine\"",
    ];
    assert_eq!(rows(&files), expected);
    // Without anybody that calls it, a module is looked at by itself.
    assert_eq!(rows(&files[1..]), ["_dmarc.{?} TXT \"v=DMARC1; p=none\""]);
}

#[test]
fn outputs_of_modules() {
    let root = r#"
module "zone" {
  source = "./zone"
  name   = "example.com"
}
resource "aws_route53_record" "dmarc" {
  zone_id = module.zone.id
  name    = "_dmarc"
  type    = "TXT"
  records = [module.zone.text]
}
"#;
    let zone = r#"
variable "name" {}
resource "aws_route53_zone" "this" { name = var.name }
output "id" { value = aws_route53_zone.this.zone_id }
output "text" { value = "v=DMARC1; p=none" }
"#;
    let files = [("main.tf", root), ("zone/main.tf", zone)];
    assert_eq!(rows(&files), ["_dmarc.example.com TXT \"v=DMARC1; p=none\""]);
}

#[test]
fn arguments_of_record_modules() {
    let cases = [
        (
            r#"module "records" {
  source    = "terraform-aws-modules/route53/aws//modules/records"
  zone_name = "example.com"
  records = [
    { name = "_dmarc", type = "TXT", ttl = 300, records = ["v=DMARC1; p=none"] },
    { name = "", type = "MX", ttl = 300, records = ["10 mx.example.net"] },
    { full_name = "_mta-sts.example.com", type = "TXT", records = ["v=STSv1; id=1"] },
  ]
}"#,
            "_dmarc.example.com 300 TXT \"v=DMARC1; p=none\" | example.com 300 MX 10 mx.example.net. \
             | _mta-sts.example.com TXT \"v=STSv1; id=1\"",
        ),
        (
            r#"module "records" {
  source = "example/records/aws"
  domain = "example.com"
  TXT = {
    "@"      = ["v=spf1 -all", "x=y"]
    "_dmarc" = ["v=DMARC1; p=none"]
  }
}"#,
            "example.com TXT \"v=spf1 -all\" | example.com TXT \"x=y\" | _dmarc.example.com TXT \"v=DMARC1; p=none\"",
        ),
        (
            r#"module "records" {
  source = "git::https://example.com/records.git"
  zone   = "example.com"
  records = {
    dmarc = { name = "_dmarc", type = "TXT", value = "v=DMARC1; p=${var.p}" }
  }
}"#,
            "_dmarc.example.com TXT \"v=DMARC1; p={?}\"",
        ),
        (
            "module \"other\" {\n  source = \"example/other/aws\"\n  text = \"v=spf1 -all\"\n}",
            "",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(rows(&[("main.tf", text)]).join(" | "), expected, "{text}");
    }
}

#[test]
fn json() {
    let text = r#"{
  "variable": {"p": {"default": "none"}},
  "locals": {"domain": "example.com"},
  "resource": {
    "aws_route53_record": {
      "dmarc": {
        "zone_id": "${aws_route53_zone.z.zone_id}",
        "name": "_dmarc.${local.domain}",
        "type": "TXT",
        "records": ["v=DMARC1; p=${var.p}", "exists:%%{i}"]
      }
    },
    "aws_route53_zone": {"z": {"name": "${local.domain}"}},
    "azurerm_dns_txt_record": {
      "a": {"zone_name": "example.net", "name": "@", "record": [{"value": "v=spf1 -all"}, {"value": "x"}]}
    }
  }
}"#;
    let expected = [
        "_dmarc.example.com TXT \"v=DMARC1; p=none\"",
        "_dmarc.example.com TXT \"exists:%{i}\"",
        "example.net TXT \"v=spf1 -all\"",
        "example.net TXT \"x\"",
    ];
    assert_eq!(rows(&[("main.tf.json", text)]), expected);
}

#[test]
fn opentofu_comes_first() {
    let record = |policy: &str| values(&format!("[\"v=DMARC1; p={policy}\"]"));
    let (none, reject) = (record("none"), record("reject"));
    let files = [("main.tf", none.as_str()), ("main.tofu", reject.as_str())];
    assert_eq!(rows(&files), ["_dmarc.example.com TXT \"v=DMARC1; p=reject\""]);
}

#[test]
fn here_documents() {
    let text = values("[trimspace(<<-EOT\n    v=DMARC1; p=none\n    EOT\n  )]");
    assert_eq!(
        rows(&[("main.tf", &text)]),
        ["_dmarc.example.com TXT \"v=DMARC1; p=none\""]
    );
}

#[test]
fn records_stand_where_their_text_is_written() {
    let files = [
        (
            "a.tf",
            "resource \"aws_route53_record\" \"a\" {\n  name = \"_dmarc.example.com\"\n  type = \"TXT\"\n  records = [local.a, \"b\", local.d, \"x${local.a}\"]\n}\n",
        ),
        (
            "b.tf",
            "locals {\n  a = \"v=DMARC1; p=none\"\n  d = replace(local.a, \"none\", \"reject\")\n}\n",
        ),
    ];
    assert_eq!(
        places(&files),
        [
            "b.tf: v=DMARC1; p=none",
            "a.tf: b",
            "b.tf: replace(local.a, \"none\", \"reject\")",
            "a.tf: x${local.a}"
        ]
    );
}

#[test]
fn files_that_tell_nothing_are_left() {
    let other = "resource \"aws_route53_record\" \"a\" {\n  name = \"a.example.com\"\n  type = \"A\"\n  records = [\"192.0.2.1\"]\n}\n";
    assert_eq!(rows(&[("main.tf", other)]), Vec::<String>::new());
    // Beside one that does, records are read, and so are the names that are asked for.
    let mail = values("[local.a]") + "# v=DMARC1\n";
    let files = [
        ("a.tf", mail.as_str()),
        ("b.tf", other),
        ("c.tf", "locals {\n  a = \"x\"\n}\n"),
        ("d.tf", "broken {\n"),
    ];
    assert_eq!(
        rows(&files),
        ["_dmarc.example.com TXT \"x\"", "a.example.com A 192.0.2.1"]
    );
    let sources = cases::sources(&files);
    let found = cases::lint(&sources, &cases::select(&["data"])).diagnostics;
    assert!(found.is_empty(), "{found:?}");
}

/// What the rules about configurations say of a module, each with the first words of its message.
fn said(files: &[(&str, &str)]) -> Vec<String> {
    let sources = cases::sources(files);
    let found = cases::lint(&sources, &cases::select(&["data"])).diagnostics;
    let words = |message: &str| message.split(' ').take(3).collect::<Vec<_>>().join(" ");
    found
        .iter()
        .map(|one| format!("{} {}", one.rule, words(&one.message)))
        .collect()
}

#[test]
fn too_much_is_said_and_left() {
    let record = values("[local.x]") + "# v=spf1\n";
    let deep = format!("locals {{ x = {}y{} }}\n", "\"${".repeat(1000), "}\"".repeat(1000));
    assert_eq!(
        said(&[("main.tf", &(record.clone() + &deep))]),
        ["data-malformed HCL ends here:"]
    );
    let cycle = "locals {\n  x = local.y\n  y = [local.x]\n}\n";
    assert_eq!(
        said(&[("main.tf", &(record.clone() + cycle))]),
        ["data-reference-cycle `local.x` refers to"]
    );
    let loops = "locals {\n  x = join(\"\", [for a in range(9000) : join(\"\", [for b in range(9000) : \"x\"])])\n}\n";
    assert_eq!(
        said(&[("main.tf", &(record.clone() + loops))]),
        ["data-too-large this configuration takes"]
    );
    let many = "locals {\n  x = [for a in range(1000000) : a]\n}\n";
    assert_eq!(
        said(&[("main.tf", &(record.clone() + many))]),
        ["data-too-large loop over 1000000"]
    );
    // Texts that double, and long chains, end in what is unknown.
    let mut doubled = String::from("locals {\n  x0 = \"xxxxxxxxxxxxxxxx\"\n  x = local.x50\n");
    for number in 1..=50 {
        doubled.push_str(&format!(
            "  x{number} = \"${{local.x{0}}}${{local.x{0}}}\"\n",
            number - 1
        ));
    }
    let doubled = record.clone() + &doubled + "}\n";
    assert_eq!(said(&[("main.tf", &doubled)]), Vec::<String>::new());
    let shown = rows(&[("main.tf", &doubled)]).join("");
    assert!(shown.contains("{?}"), "{} bytes", shown.len());
}

#[test]
fn modules_that_call_each_other_too_often_are_left() {
    let mut files = Vec::new();
    for depth in 0..8 {
        let calls: String = (0..8)
            .map(|call| format!("module \"m{call}\" {{\n  source = \"../m{}\"\n}}\n", depth + 1))
            .collect();
        files.push((format!("m{depth}/main.tf"), calls + "# v=spf1\n"));
    }
    files.push(("m8/main.tf".to_string(), values("[\"v=DMARC1; p=none\"]")));
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    assert_eq!(said(&files), ["data-too-large modules are called"]);
}

#[test]
fn files_cut_at_any_byte_are_read() {
    let text = "locals {\n  a = { for k, v in var.x : k => \"%{ if v }${~ v ~}$${%{ endif }\" }\n}\nresource \"aws_route53_record\" \"a\" {\n  name = <<-EOT\n    _dmarc\n  EOT\n  type = \"TXT\" # x\n  records = [\"v=DMARC1; p=\\u0041\\\"\\\"\", f(1, -2)...]\n}\n";
    for end in 0..=text.len() {
        for path in ["main.tf", "main.tf.json", "x.auto.tfvars"] {
            let sources = cases::sources(&[(path, &text.as_bytes()[..end])]);
            for scan in run::read(&sources, &run::formats(&sources)) {
                assert!(scan.records.len() < 3);
            }
        }
    }
}

#[test]
fn the_settings_tell_a_zone_that_nothing_else_does() {
    let record = "resource \"cloudflare_dns_record\" \"a\" {\n  zone_id = var.zone\n  name = \"_dmarc\"\n  type = \"TXT\"\n  content = \"v=DMARC1\"\n}\n";
    let mut sources = cases::sources(&[("main.tf", record)]);
    sources.told = vec![maillint::source::Told {
        paths: maillint::globs::Globs::new(&["*.tf"]),
        origin: maillint::name::Name::parse("example.com"),
        ..Default::default()
    }];
    let scans = run::read(&sources, &run::formats(&sources));
    assert_eq!(scans[0].records[0].owner.to_string(), "_dmarc.example.com");
}
