//! The resources that declare records: what each of them calls the parts of one, and how it reads them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// A kind of resource. Of several names of a part, the first that is there counts.
#[derive(Debug)]
pub(super) struct Row {
    /// The types of the resources.
    pub(super) types: &'static [&'static str],
    /// The attributes that tell the zone.
    pub(super) zone: &'static [&'static str],
    /// The attributes with the owner, and how it is completed.
    pub(super) name: &'static [&'static str],
    pub(super) names: Names,
    /// The type of the records.
    pub(super) kind: Kind,
    pub(super) values: Values,
    pub(super) texts: Texts,
    /// What becomes of a character-string over 255 bytes.
    pub(super) long: Long,
}

/// How an owner is completed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Names {
    /// With the zone, always.
    Relative,
    /// With the zone, unless it ends in that or in a dot; also where it is not known that it would be added a second time.
    Either,
    /// With the zone, unless it ends in a dot.
    Dotted,
    /// Not at all.
    Whole,
}

/// Where the type of records stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// In the first of these attributes.
    In(&'static [&'static str]),
    /// In the type of the resource.
    Is(&'static str),
}

/// Where the values stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Values {
    /// One, in the first of these attributes.
    One(&'static [&'static str]),
    /// A list: one record an element. An element that is an object has the value under one of the keys.
    List(&'static [&'static str], &'static [&'static str]),
    /// Blocks of this kind, each with the value under one of the keys.
    Blocks(&'static str, &'static [&'static str]),
    /// Blocks of this kind, each with name, type and value of its own.
    Records(&'static str, &'static [&'static str]),
}

/// How the text of a TXT record is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Texts {
    /// As it is.
    Plain,
    /// As it is, or as character-strings between quotes.
    Quoted,
    /// As character-strings between quotes; what has none is cut at its blanks.
    Words,
    /// Without the outermost quotes, which the provider adds.
    Wrapped,
}

/// What becomes of a character-string over 255 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Long {
    /// The provider, or what it talks to, cuts it.
    Cut,
    /// It is refused.
    Refused,
}

const TYPE: Kind = Kind::In(&["type"]);

/// A resource that is called differently but is like others: `Row { ..PLAIN }`.
const PLAIN: Row = Row {
    types: &[],
    zone: &["zone", "zone_id", "domain"],
    name: &["name"],
    names: Names::Relative,
    kind: TYPE,
    values: Values::One(&["value", "content", "data"]),
    texts: Texts::Plain,
    long: Long::Cut,
};

/// Keys under which the value of a record stands in an object.
const INNER: &[&str] = &["value", "content", "data", "record"];

/// All rows; the last is for whatever else looks like a record.
static ROWS: &[Row] = &[
    Row {
        types: &["aws_route53_record"],
        zone: &["zone_id"],
        names: Names::Either,
        values: Values::List(&["records"], &[]),
        texts: Texts::Wrapped,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["cloudflare_record", "cloudflare_dns_record"],
        zone: &["zone_id", "domain"],
        names: Names::Either,
        values: Values::One(&["content", "value"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["google_dns_record_set"],
        zone: &[],
        names: Names::Whole,
        values: Values::List(&["rrdatas"], &[]),
        texts: Texts::Words,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_txt_record", "azurerm_private_dns_txt_record"],
        zone: &["zone_name"],
        kind: Kind::Is("TXT"),
        values: Values::Blocks("record", &["value"]),
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_mx_record", "azurerm_private_dns_mx_record"],
        zone: &["zone_name"],
        kind: Kind::Is("MX"),
        values: Values::Blocks("record", &["exchange"]),
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_cname_record", "azurerm_private_dns_cname_record"],
        zone: &["zone_name"],
        kind: Kind::Is("CNAME"),
        values: Values::One(&["record", "target_resource_id"]),
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_a_record", "azurerm_private_dns_a_record"],
        zone: &["zone_name"],
        kind: Kind::Is("A"),
        values: Values::List(&["records", "target_resource_id"], &[]),
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_aaaa_record", "azurerm_private_dns_aaaa_record"],
        zone: &["zone_name"],
        kind: Kind::Is("AAAA"),
        values: Values::List(&["records", "target_resource_id"], &[]),
        ..PLAIN
    },
    Row {
        types: &["azurerm_dns_ns_record"],
        zone: &["zone_name"],
        kind: Kind::Is("NS"),
        values: Values::List(&["records"], &[]),
        ..PLAIN
    },
    Row {
        types: &["digitalocean_record"],
        zone: &["domain"],
        names: Names::Dotted,
        ..PLAIN
    },
    Row {
        types: &["hcloud_zone_rrset"],
        zone: &["zone"],
        values: Values::List(&["records"], INNER),
        texts: Texts::Quoted,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["hcloud_zone_record"],
        zone: &["zone"],
        texts: Texts::Quoted,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["hetznerdns_record"],
        zone: &["zone_id"],
        names: Names::Dotted,
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["ovh_domain_zone_record"],
        zone: &["zone"],
        name: &["subdomain"],
        kind: Kind::In(&["fieldtype"]),
        values: Values::One(&["target"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["gandi_livedns_record"],
        zone: &["zone"],
        values: Values::List(&["values"], &[]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["dnsimple_zone_record", "dnsimple_record"],
        zone: &["zone_name", "domain"],
        ..PLAIN
    },
    Row {
        types: &["linode_domain_record"],
        zone: &["domain_id"],
        names: Names::Either,
        kind: Kind::In(&["record_type"]),
        values: Values::One(&["target"]),
        ..PLAIN
    },
    Row {
        types: &["powerdns_record"],
        zone: &["zone"],
        names: Names::Whole,
        values: Values::List(&["records"], &[]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["desec_rrset"],
        zone: &["domain"],
        name: &["subname"],
        values: Values::List(&["records", "rdata"], &[]),
        texts: Texts::Quoted,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["ns1_record"],
        zone: &["zone"],
        name: &["domain"],
        names: Names::Whole,
        values: Values::Blocks("answers", &["answer"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["namecheap_domain_records"],
        zone: &["domain"],
        name: &["hostname"],
        values: Values::Records("record", &["address"]),
        ..PLAIN
    },
    Row {
        types: &["scaleway_domain_record"],
        zone: &["dns_zone"],
        names: Names::Either,
        values: Values::One(&["data"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["akamai_dns_record"],
        zone: &["zone"],
        names: Names::Whole,
        kind: Kind::In(&["recordtype"]),
        values: Values::List(&["target"], &[]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["vultr_dns_record"],
        zone: &["domain"],
        names: Names::Either,
        values: Values::One(&["data"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["oci_dns_rrset"],
        zone: &["zone_name_or_id"],
        name: &["domain"],
        names: Names::Whole,
        kind: Kind::In(&["rtype"]),
        values: Values::Blocks("items", &["rdata"]),
        texts: Texts::Quoted,
        long: Long::Refused,
    },
    Row {
        types: &["alicloud_alidns_record"],
        zone: &["domain_name"],
        name: &["rr"],
        ..PLAIN
    },
    Row {
        types: &["alicloud_dns_record"],
        zone: &["name"],
        name: &["host_record"],
        ..PLAIN
    },
    Row {
        types: &["dns_txt_record_set"],
        zone: &["zone"],
        kind: Kind::Is("TXT"),
        values: Values::List(&["txt"], &[]),
        ..PLAIN
    },
    Row {
        types: &["dns_mx_record_set"],
        zone: &["zone"],
        kind: Kind::Is("MX"),
        values: Values::Blocks("mx", &["exchange"]),
        ..PLAIN
    },
    Row {
        types: &["dns_cname_record"],
        zone: &["zone"],
        kind: Kind::Is("CNAME"),
        values: Values::One(&["cname"]),
        ..PLAIN
    },
    Row {
        types: &["dns_a_record_set"],
        zone: &["zone"],
        kind: Kind::Is("A"),
        values: Values::List(&["addresses"], &[]),
        ..PLAIN
    },
    Row {
        types: &["dns_aaaa_record_set"],
        zone: &["zone"],
        kind: Kind::Is("AAAA"),
        values: Values::List(&["addresses"], &[]),
        ..PLAIN
    },
    Row {
        types: &["infoblox_txt_record"],
        zone: &[],
        name: &["fqdn", "name"],
        names: Names::Whole,
        kind: Kind::Is("TXT"),
        values: Values::One(&["text"]),
        texts: Texts::Quoted,
        ..PLAIN
    },
    Row {
        types: &["infoblox_mx_record"],
        zone: &[],
        name: &["fqdn", "name"],
        names: Names::Whole,
        kind: Kind::Is("MX"),
        values: Values::One(&["mail_exchanger"]),
        ..PLAIN
    },
    Row {
        types: &["infoblox_cname_record"],
        zone: &[],
        name: &["alias"],
        names: Names::Whole,
        kind: Kind::Is("CNAME"),
        values: Values::One(&["canonical"]),
        ..PLAIN
    },
    Row {
        types: &["netlify_dns_record"],
        zone: &["zone_id"],
        name: &["hostname"],
        names: Names::Whole,
        ..PLAIN
    },
    Row {
        types: &["porkbun_dns_record"],
        zone: &["domain"],
        name: &["name", "subdomain"],
        values: Values::One(&["content"]),
        ..PLAIN
    },
    Row {
        types: &["godaddy_domain_record"],
        zone: &["domain"],
        values: Values::Records("record", &["data"]),
        ..PLAIN
    },
    Row {
        types: &[
            "godaddy-dns_record",
            "bunnynet_dns_record",
            "cloudns_dns_record",
            "inwx_nameserver_record",
        ],
        names: Names::Either,
        ..PLAIN
    },
    Row {
        types: &[
            "openstack_dns_recordset_v2",
            "huaweicloud_dns_recordset",
            "opentelekomcloud_dns_recordset_v2",
        ],
        zone: &["zone_id"],
        names: Names::Whole,
        values: Values::List(&["records"], &[]),
        texts: Texts::Quoted,
        long: Long::Refused,
        ..PLAIN
    },
    Row {
        types: &["selectel_domains_rrset_v2"],
        zone: &["zone_id"],
        names: Names::Whole,
        values: Values::Blocks("records", &["content"]),
        texts: Texts::Quoted,
        long: Long::Refused,
        ..PLAIN
    },
];

/// What is tried with a resource that is in no row, but may be a record by its type.
static OTHER: Row = Row {
    zone: &[
        "zone",
        "zone_name",
        "domain",
        "domain_name",
        "zone_id",
        "domain_id",
        "dns_zone",
        "managed_zone",
    ],
    name: &[
        "name",
        "subdomain",
        "hostname",
        "host",
        "fqdn",
        "subname",
        "rr",
        "record_name",
    ],
    names: Names::Either,
    kind: Kind::In(&["type", "record_type", "rtype", "fieldtype", "recordtype"]),
    values: Values::List(
        &[
            "records", "values", "rrdatas", "value", "content", "data", "target", "text", "rdata", "answers", "txt",
        ],
        INNER,
    ),
    texts: Texts::Quoted,
    ..PLAIN
};

/// The row of a type of resource.
pub(super) fn row(kind: &str) -> Option<&'static Row> {
    let named = ROWS.iter().find(|row| row.types.contains(&kind));
    named.or_else(|| is_like_a_record(kind).then_some(&OTHER))
}

/// Whether a type of resource may be one of records, by its name.
fn is_like_a_record(kind: &str) -> bool {
    ["dns", "domain", "zone"].iter().any(|word| kind.contains(word))
        && ["record", "rrset"].iter().any(|word| kind.contains(word))
}

/// Whether a resource of some row may be in a file, or a module may make one of its arguments.
pub(super) fn are_mentioned(bytes: &[u8]) -> bool {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let types = ROWS.iter().flat_map(|row| row.types.iter().copied());
        AhoCorasick::new(types.chain(["dns_record", "zone_record", "domain_record", "_rrset", "dns_txt"])).ok()
    });
    SEARCH.as_ref().is_none_or(|search| search.is_match(bytes))
}
