//! Names: what they are made of, when they are equal, their order, and how they are shown.

mod reading;

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use maillint::{
    name::{Base, LABEL_MAX, NAME_MAX, Name},
    template,
};
use proptest::prelude::*;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

/// A name with `{?}` for an unknown part.
fn partly(text: &str) -> Name {
    Name::from_labels(text.split('.').map(|label| (label != "{?}").then_some(label)), None)
}

fn within(base: &Arc<Base>, start: usize, len: usize) -> Name {
    Name::within(base, start, len).expect("labels of 1 to 63 bytes")
}

/// The same name written in every form: between dots, by lengths, and each with an origin of any length.
fn forms(text: &str) -> Vec<Name> {
    let labels: Vec<&str> = text.split('.').collect();
    let octets = Arc::new(format!("x.{text}.y").into_bytes());
    let mut forms = Vec::new();
    for own in 0..=labels.len() {
        let origins = match own == labels.len() {
            true => vec![None],
            false => {
                let rest = labels[own..].join(".");
                let at = text.len() - rest.len() + 2;
                let origin = Name::from_labels(labels[own..].iter().copied().map(Some), None);
                let written = within(&Base::new(Arc::clone(&octets), None), at, rest.len());
                vec![Some(origin), Some(written)]
            }
        };
        for origin in origins {
            let len = labels[..own].join(".").len();
            let base = Base::new(Arc::clone(&octets), origin.clone());
            forms.push(within(&base, 2, len));
            forms.push(Name::from_labels(
                labels[..own].iter().copied().map(Some),
                origin.as_ref(),
            ));
            // An origin that is written as `@`.
            let at = Base::new(Arc::clone(&octets), Some(within(&base, 0, 0)));
            if own == 0 {
                forms.push(within(&at, 0, 0));
            }
        }
    }
    forms
}

fn labels(name: &Name) -> Vec<Option<String>> {
    let text = |label: &[u8]| String::from_utf8_lossy(label).into_owned();
    name.labels().map(|label| label.map(text)).collect()
}

#[test]
fn a_name_is_the_same_in_every_form() {
    let wanted = name("a.bc.example.com");
    let forms = forms("a.bc.Example.COM");
    assert!(forms.len() > 12);
    for form in &forms {
        assert_eq!(form, &wanted);
        assert_eq!(form.key(), wanted.key());
        assert_eq!(form.cmp(&wanted), Ordering::Equal);
        assert_eq!(form.label_count(), 4);
        assert_eq!(form.wire_len(), 18);
        assert_eq!(form.to_string().to_lowercase(), "a.bc.example.com");
        assert_eq!(form.first(), Some(&b"a"[..]));
        assert_eq!(form.parent(), Some(name("bc.example.com")));
        assert_eq!(form.skip(2), name("example.com"));
        assert_eq!(form.skip(2).key(), name("example.com").key());
        assert_eq!(form.skip(4), Name::root());
        assert_eq!(form.skip(9), Name::root());
        assert!(form.is_known() && !form.is_root() && !form.is_wildcard());
        assert!(form.is_within(&name("EXAMPLE.com")) && form.is_within(&wanted) && form.is_within(&Name::root()));
        assert!(form.starts_with("A") && !form.starts_with("b"));
    }
    assert_eq!(forms.into_iter().collect::<HashSet<_>>().len(), 1);
}

#[test]
fn other_names_are_not_equal() {
    let names = ["a.b", "ab", "a.b.c", "b.a", "a", "a-b", "a.c", "aa.b"].map(name);
    for (index, one) in names.iter().enumerate() {
        for (other, two) in names.iter().enumerate() {
            assert_eq!(one == two, index == other, "{one} and {two}");
            assert_eq!(one.key() == two.key(), index == other, "{one} and {two}");
        }
    }
    // A dot in a label ends no label.
    let dotted = Name::from_labels([Some("a.b")], None);
    assert_ne!(dotted, name("a.b"));
    assert_eq!(dotted.to_string(), r"a\.b");
}

#[test]
fn labels_come_from_the_left() {
    assert_eq!(
        labels(&name("_dmarc.example.com.")),
        ["_dmarc", "example", "com"].map(|label| Some(label.to_string()))
    );
    assert_eq!(labels(&Name::root()), []);
}

#[test]
fn the_root_has_no_parent() {
    let root = Name::root();
    assert!(root.is_root() && root.is_known());
    assert_eq!(root.parent(), None);
    assert_eq!(root.first(), None);
    assert_eq!((root.label_count(), root.wire_len()), (0, 1));
    assert_eq!(root.to_string(), ".");
    assert_eq!(name("com").parent(), Some(Name::root()));
    assert_eq!(name("com").skip(0), name("com"));
    assert_eq!(Name::from_labels(std::iter::empty::<Option<&str>>(), None), root);
    assert_eq!(
        Name::from_labels(std::iter::empty::<Option<&str>>(), None).key(),
        root.key()
    );
}

#[test]
fn a_wildcard_is_the_label_alone() {
    assert!(name("*.example.com").is_wildcard());
    assert!(!name("*a.example.com").is_wildcard());
    assert!(!name("a.*.example.com").is_wildcard());
    assert!(!Name::root().is_wildcard());
}

#[test]
fn a_name_is_within_itself_and_what_is_above() {
    let host = name("a.example.com");
    assert!(host.is_within(&host));
    assert!(host.is_within(&name("com")));
    assert!(!host.is_within(&name("b.a.example.com")));
    assert!(!host.is_within(&name("ample.com")), "part of a label");
    assert!(!name("badexample.com").is_within(&name("example.com")));
}

#[test]
fn a_name_may_end_in_a_zone_twice() {
    let zone = name("example.com");
    assert!(name("a.example.com.example.com").ends_twice(&zone));
    assert!(name("example.com.Example.com").ends_twice(&zone));
    assert!(!name("a.example.com").ends_twice(&zone));
    assert!(!name("example.com").ends_twice(&zone));
    assert!(!name("example.com.a.example.com").ends_twice(&zone));
    assert!(!name("a.example.com").ends_twice(&Name::root()));
}

#[test]
fn an_unknown_part_equals_only_an_unknown_part() {
    let one = partly("_dmarc.{?}");
    assert!(!one.is_known());
    assert_eq!(one.first(), Some(&b"_dmarc"[..]));
    assert!(one.starts_with("_DMARC"));
    assert_eq!(one, partly("_DMARC.{?}"));
    assert_eq!(one.key(), partly("_DMARC.{?}").key());
    assert_ne!(one, name("_dmarc.example"));
    assert_ne!(one, name("_dmarc"));
    assert_eq!(one.parent(), Some(partly("{?}")));
    assert!(one.is_within(&partly("{?}")));
    assert!(!one.is_within(&name("example.com")), "nobody can say");
    assert!(partly("{?}.example.com").is_within(&name("example.com")));
    assert_eq!(partly("{?}.example.com").first(), None);
    assert_eq!(partly("{?}.example.com").wire_len(), name("example.com").wire_len());
    assert_eq!(partly("{?}.example.com").label_count(), 3);
}

#[test]
fn an_unknown_origin_makes_names_unknown() {
    let base = Base::new(Arc::new(b"www".to_vec()), Some(partly("{?}")));
    let host = within(&base, 0, 3);
    assert!(!host.is_known());
    assert_eq!(host.to_string(), "www.{?}");
    assert_eq!(host, partly("www.{?}"));
    assert_eq!(host.key(), partly("www.{?}").key());
    assert_eq!(within(&base, 0, 0), partly("{?}"));
}

#[test]
fn a_name_that_is_written_has_labels_of_1_to_63_bytes() {
    let is_name = |text: &str| Name::within(&Base::new(Arc::new(text.into()), None), 0, text.len()).is_some();
    let (longest, too_long) = ("a".repeat(63), "a".repeat(64));
    for text in ["a", "a.b", "_dmarc.a", &longest, &format!("{longest}.{longest}")] {
        assert!(is_name(text), "{text}");
    }
    for text in [
        ".",
        ".a",
        "a.",
        "a..b",
        &too_long,
        &format!("a.{too_long}"),
        &format!("{too_long}.a"),
    ] {
        assert!(!is_name(text), "{text}");
    }
}

#[test]
fn what_a_name_may_hold_is_told_in_every_form() {
    for form in forms("_dmarc.*.exampl\u{e9}.test") {
        assert!(
            form.may_hold(b'_') && form.may_hold(b'*') && form.may_hold(0xff),
            "{form}"
        );
    }
    assert!(within(&Base::new(Arc::new(b"www".to_vec()), Some(name("_a.test"))), 0, 3).may_hold(b'_'));
    let plain = within(
        &Base::new(Arc::new(b"www.a-1".to_vec()), Some(name("example.test"))),
        0,
        7,
    );
    assert!(!plain.may_hold(b'_') && !plain.may_hold(b'*') && !plain.may_hold(0xff));
}

#[test]
fn an_empty_label_is_none() {
    assert_eq!(Name::from_labels([Some(""), Some("a"), Some("")], None), name("a"));
}

#[test]
fn names_are_ordered_from_the_right() {
    // RFC 4034, section 6.1, has this list.
    let escaped = |first: &[u8], rest: &str| Name::from_labels([Some(first)], Some(&name(rest)));
    let sorted = [
        name("example"),
        name("a.example"),
        name("yljkjljk.a.example"),
        name("Z.a.example"),
        name("zABC.a.EXAMPLE"),
        name("z.example"),
        escaped(b"\x01", "z.example"),
        name("*.z.example"),
        escaped(b"\xc8", "z.example"),
    ];
    for (index, one) in sorted.iter().enumerate() {
        for (other, two) in sorted.iter().enumerate() {
            assert_eq!(one.cmp(two), index.cmp(&other), "{one} and {two}");
        }
    }
    assert!(Name::root() < sorted[0]);
    assert!(partly("{?}.example") < name("a.example"));
    assert!(name("example") < partly("{?}.example"));
}

#[test]
fn labels_are_shown_as_a_zone_file_writes_them() {
    let show = |label: &[u8]| Name::from_labels([Some(label)], None).to_string();
    assert_eq!(show(b"a-Z_0*"), "a-Z_0*");
    assert_eq!(show(b"a.b"), r"a\.b");
    assert_eq!(show(b"\\\"();@$"), r#"\\\"\(\)\;\@\$"#);
    assert_eq!(show(b" \t\x00"), r"\032\009\000");
    assert_eq!(show(b"\x7f\xff"), r"\127\255");
    assert_eq!(show("é".as_bytes()), r"\195\169");
    assert_eq!(partly("_dmarc.{?}").to_string(), "_dmarc.{?}");
    assert_eq!(format!("{:?}", name("example.com")), "example.com");
}

#[test]
fn what_people_write_is_parsed() {
    let long = "a".repeat(LABEL_MAX);
    assert!(Name::parse(&long).is_some());
    assert!(Name::parse(&format!("{long}a")).is_none());
    // Three labels of 63 and one of 61 make 4 * 1 + 250 + 1 bytes.
    let longest = [&long[..], &long, &long, &long[2..]].join(".");
    assert_eq!(Name::parse(&longest).map(|name| name.wire_len()), Some(NAME_MAX));
    assert!(Name::parse(&format!("{longest}.")).is_some());
    assert!(Name::parse(&[&long[..], &long, &long, &long[1..]].join(".")).is_none());
    for bad in ["", ".", "a..b", ".a", "a.."] {
        assert!(Name::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn names_that_are_too_long_are_no_trouble() {
    let label = vec![b'a'; 300];
    let one = Name::from_labels([Some(&label)], None);
    assert_eq!(one.first().map(<[u8]>::len), Some(255));
    assert!(one.wire_len() > LABEL_MAX);
    let many = Name::from_labels(std::iter::repeat_n(Some("abc"), 100_000), None);
    assert!(many.wire_len() > NAME_MAX);
    assert_eq!(many, many.clone());
    assert!(many.label_count() > 16_000);
}

#[test]
fn many_origins_in_a_row_are_no_trouble() {
    let zone = format!("$ORIGIN example.com.\n{}a TXT x\n", "$ORIGIN @\n".repeat(200_000));
    let (_, scan) = reading::scan(zone);
    assert_eq!(scan.records.len(), 1);
    assert_eq!(scan.records[0].owner, name("a.example.com"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Equal names have equal keys and are neither before nor behind one another, in any form and case.
    #[test]
    fn equality_key_and_order_agree(one in "[abAB]{1,2}(\\.[abAB_-]{1,9}){0,3}", two in prop::option::of("[abAB]{1,2}(\\.[abAB_-]{1,9}){0,3}")) {
        let two = two.unwrap_or_else(|| one.to_ascii_uppercase());
        let same = one.eq_ignore_ascii_case(&two);
        let below = one.to_ascii_lowercase().ends_with(&format!(".{}", two.to_ascii_lowercase()));
        for (a, b) in forms(&one).iter().zip(forms(&two).iter().rev()) {
            prop_assert_eq!(a == b, same);
            prop_assert_eq!(a.cmp(b) == Ordering::Equal, same);
            prop_assert_eq!(a.cmp(b), b.cmp(a).reverse());
            prop_assert!(!same || a.key() == b.key());
            prop_assert_eq!(a.is_within(b), same || below);
        }
    }

    /// The order is that of the labels from the right, in small letters.
    #[test]
    fn the_order_is_that_of_labels(one in "[a-cA-C.]{1,12}", two in "[a-cA-C.]{1,12}") {
        let parts = |text: &str| text.split('.').filter(|part| !part.is_empty()).map(str::to_string).collect::<Vec<_>>();
        let key = |text: &str| parts(&text.to_lowercase()).into_iter().rev().collect::<Vec<_>>();
        let name = |text: &str| Name::from_labels(parts(text).into_iter().map(Some), None);
        prop_assert_eq!(name(&one).cmp(&name(&two)), key(&one).cmp(&key(&two)));
    }

    /// What is shown reads back as the same name.
    #[test]
    fn names_read_back(labels in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..8), 1..5)) {
        let name = Name::from_labels(labels.into_iter().map(Some), None);
        let written = name.to_string();
        // A label that looks like a template is read as one.
        prop_assume!(!template::has_marker(written.as_bytes(), 0..written.len()));
        let (_, scan) = reading::scan(format!("{written}. TXT x\n"));
        prop_assert_eq!(scan.records.len(), 1);
        prop_assert_eq!(&scan.records[0].owner, &name);
    }
}
