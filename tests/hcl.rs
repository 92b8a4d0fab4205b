//! HCL: what is read, and where it stands.

use maillint::{
    source::Source,
    span::SourceId,
    syntax::hcl::{self, Body, Expr, Part, Step, Tree, What},
    text::Text,
};

fn source(path: &str, text: &str) -> Source {
    Source::new(SourceId(0), path.to_string(), text.as_bytes().to_vec())
}

fn tree(text: &str) -> Tree {
    let tree = hcl::read(&source("main.tf", text));
    assert_eq!(tree.error, None, "{text}");
    tree
}

fn string(text: &Text) -> String {
    format!("<{}>", String::from_utf8_lossy(text.bytes()))
}

/// An expression in one line: strings in `<>`, calls and operators in front of what they are given.
fn shown(expr: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(shown).collect::<Vec<_>>().join(" ");
    match &expr.what {
        What::Text(text) => string(text),
        What::Template(parts) => format!("T({})", all(parts)),
        What::Number(number, _) => number.to_string(),
        What::Bool(value) => value.to_string(),
        What::Null => "null".to_string(),
        What::Name(name) => name.clone(),
        What::Reach(from, steps) => steps.iter().fold(shown(from), |from, step| match step {
            Step::Name(name) => format!("{from}.{name}"),
            Step::Index(index) => format!("{from}[{}]", shown(index)),
            Step::Each => format!("{from}[*]"),
            Step::EachName => format!("{from}.*"),
        }),
        What::Call(name, arguments, spreads) => {
            format!("{name}({}{})", list(arguments), if *spreads { "..." } else { "" })
        }
        What::List(items) => format!("[{}]", list(items)),
        What::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}={}", shown(key), shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        What::For(one) => {
            let names: Vec<&str> = one.names.iter().flatten().map(String::as_str).collect();
            let key = one
                .key
                .as_ref()
                .map(|key| format!("{}=>", shown(key)))
                .unwrap_or_default();
            let groups = if one.groups { "..." } else { "" };
            let condition = one
                .condition
                .as_ref()
                .map(|condition| format!(" if {}", shown(condition)));
            format!(
                "for({} in {}: {key}{}{groups}{})",
                names.join(","),
                shown(&one.list),
                shown(&one.value),
                condition.unwrap_or_default()
            )
        }
        What::If(parts) => format!("({} ? {} : {})", shown(&parts[0]), shown(&parts[1]), shown(&parts[2])),
        What::Unary(operator, value) => format!("{operator:?}({})", shown(value)),
        What::Binary(first, rest) => rest.iter().fold(shown(first), |left, (operator, right)| {
            format!("{operator:?}({left} {})", shown(right))
        }),
        What::Unknown => "?".to_string(),
    }
}

fn all(parts: &[Part]) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => string(text),
        Part::Expr(expr) => shown(expr),
        Part::If(condition, yes, no) => format!("if({} {} {})", shown(condition), all(yes), all(no)),
        Part::For(list, names, inner) => {
            let names: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
            format!("for({} in {}: {})", names.join(","), shown(list), all(inner))
        }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

/// The value of `a`.
fn value(text: &str) -> String {
    shown(
        tree(&format!("a = {text}\n"))
            .body
            .get("a")
            .expect("there is an attribute"),
    )
}

fn body(body: &Body) -> String {
    let attributes = body
        .attributes
        .iter()
        .map(|attribute| format!("{}={}", attribute.name, shown(&attribute.value)));
    let blocks = body.blocks.iter().map(|block| {
        format!(
            "{}({}){{{}}}",
            block.kind,
            block.labels.join(","),
            self::body(&block.body)
        )
    });
    attributes.chain(blocks).collect::<Vec<_>>().join(" ")
}

#[test]
fn blocks_and_attributes() {
    let cases = [
        ("", ""),
        ("a = 1", "a=1"),
        ("a = 1 # x\n// y\n/* z\n */ b = 2\n", "a=1 b=2"),
        ("a { }", "a(){}"),
        ("a \"b\" c { d = 1 }\n", "a(b,c){d=1}"),
        ("a {\n  b = 1\n  c {\n    d = 2\n  }\n}\n", "a(){b=1 c(){d=2}}"),
        ("\u{feff}a = 1\r\nb = 2\r\n", "a=1 b=2"),
        ("a-b = 1\nä = 2\n", "a-b=1 ä=2"),
    ];
    for (text, expected) in cases {
        assert_eq!(body(&tree(text).body), expected, "{text}");
    }
}

#[test]
fn expressions() {
    let cases = [
        ("1.5e3", "1500"),
        ("-1", "Negate(1)"),
        ("!a", "Not(a)"),
        ("true", "true"),
        ("null", "null"),
        ("a.b[0].c[\"d\"].*.e[*]", "a.b[0].c[<d>].*.e[*]"),
        ("a.0.b", "a.0.b"),
        ("f()", "f()"),
        ("f(1, [2],\n 3,\n)", "f(1 [2] 3)"),
        ("f(a...)", "f(a...)"),
        ("provider::x::f(1)", "provider::x::f(1)"),
        ("[]", "[]"),
        ("[1, 2,]", "[1 2]"),
        ("[\n 1, # x\n 2\n]", "[1 2]"),
        ("{}", "{}"),
        ("{ a = 1, \"b\" : 2, (c) = 3 }", "{<a>=1 <b>=2 c=3}"),
        ("{\n a = 1\n b = 2,\n\n c = 3 }", "{<a>=1 <b>=2 <c>=3}"),
        ("{ for = 1, true = 2 }", "{<for>=1 <true>=2}"),
        ("1 + 2 * 3 - 4", "Subtract(Add(1 Multiply(2 3)) 4)"),
        ("a == 1 && b != 2 || !c", "Or(And(Equal(a 1) NotEqual(b 2)) Not(c))"),
        ("a <= 1 ? b : c ? d : e", "(LessOrEqual(a 1) ? b : (c ? d : e))"),
        ("(\n 1\n + 2\n)", "Add(1 2)"),
        ("(a).b", "a.b"),
        ("[for x in a : x]", "for(x in a: x)"),
        ("[for k, v in a : v if k]", "for(k,v in a: v if k)"),
        ("{for k, v in a : k => v}", "for(k,v in a: k=>v)"),
        ("{\n for k in a :\n k => v...\n if k\n}", "for(k in a: k=>v... if k)"),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn strings_and_templates() {
    let cases = [
        (r#""""#, "<>"),
        (r#""a\"b\\c\td\u00e9\U0001F600""#, "<a\"b\\c\tdé😀>"),
        (r#""$${a} %%{b} $a %b 100%""#, "<${a} %{b} $a %b 100%>"),
        (r#""$$${a}""#, "<$${a}>"),
        (r#""a${b}c""#, "T(<a> b <c>)"),
        (r#""${a}""#, "T(a)"),
        (r#""${lookup(var.m, "k")}""#, "T(lookup(var.m <k>))"),
        (r#""${"${a}"}""#, "T(T(a))"),
        (r#""${{ a = 1 }}""#, "T({<a>=1})"),
        (r#""a ${~ b ~} c""#, "T(<a> b <c>)"),
        (r#""%{ if a }b%{ else }c%{ endif }d""#, "T(if(a <b> <c>) <d>)"),
        (r#""%{ if a ~} b %{~ endif }""#, "T(if(a <b> ))"),
        (r#""%{ for x in y }${x},%{ endfor }""#, "T(for(x in y: x <,>))"),
        ("<<EOT\na\n b\nEOT", "<a\n b\n>"),
        ("<<-EOT\n    a\n\n      b\n    EOT", "<a\n\n  b\n>"),
        ("<<-EOT\n    a ${b}\n    c\n    EOT", "T(<a > b <\nc\n>)"),
        ("<<EOT\n\"x\\n\" $${y}\nEOT", "<\"x\\n\" ${y}\n>"),
        ("<<EOT\nEOT", "<>"),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
}

/// Where each byte of the only string of a file is written.
fn places(file: &str) -> Vec<(String, String)> {
    let tree = tree(file);
    let text = match &tree.body.get("a").expect("there is an attribute").what {
        What::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let value = String::from_utf8(text.bytes().to_vec()).expect("values are text");
    let place = |(at, char): (usize, char)| {
        let span = text.span(at..at + char.len_utf8()).expect("it is in the value");
        (char.to_string(), file[span.range()].to_string())
    };
    value
        .char_indices()
        .map(place)
        .filter(|(char, written)| char != written)
        .collect()
}

#[test]
fn characters_stand_where_they_are_written() {
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
    };
    assert_eq!(places("a = \"x\\\"y\"\n"), pairs(&[("\"", "\\\"")]));
    assert_eq!(places("a = \"\\u0041b\"\n"), pairs(&[("A", "\\u0041")]));
    assert_eq!(places("a = \"%%{i}\"\n"), pairs(&[("%", "%%{"), ("{", "%%{")]));
    assert_eq!(places("a = <<-EOT\n  x\n    y\n  EOT\n"), pairs(&[("\n", "\n  ")]));
}

/// The place and the message of the error of a file.
fn error(text: &str) -> (String, String) {
    let source = source("main.tf", text);
    let error = hcl::read(&source).error.expect("there is an error");
    let position = source.position(error.span.start as usize);
    (
        format!("{}:{}", position.line, position.char),
        error.message.unwrap_or_default(),
    )
}

#[test]
fn errors_have_a_place() {
    let cases = [
        ("a = \n", "1:4", "a value is missing here"),
        (
            "a = \"x\nb = 1\n",
            "1:5",
            "a string ends with its line: a quote is missing",
        ),
        (
            "a = \"v=spf1 exists:%{i}.x -all\"\n",
            "1:20",
            "`%{` begins a condition or a loop; `%{` itself is written `%%{`",
        ),
        (
            "a = \"\\;\"\n",
            "1:6",
            "a backslash that starts no escape; itself it is `\\\\`",
        ),
        ("a = [1 2]\n", "1:8", "a `,` or `]` is missing here"),
        ("a {\n  b = 1\n", "2:8", "a block is not closed: a `}` is missing"),
        ("a = 1 b = 2\n", "1:7", "a new line is missing here"),
        (
            "a = <<EOT\nx\n",
            "1:5",
            "a here-document is not closed: no line holds its word alone",
        ),
        (
            "a = \"${b\"\n",
            "1:9",
            "a template is not closed: a `}` is missing here",
        ),
        ("}\n", "1:1", "neither an attribute nor a block starts here"),
        ("a\n", "1:2", "an attribute has `=` here, and a block `{`"),
    ];
    for (text, place, message) in cases {
        assert_eq!(error(text), (place.to_string(), message.to_string()), "{text}");
    }
}

#[test]
fn what_stands_before_an_error_is_read() {
    let tree = hcl::read(&source("main.tf", "a {\n  b = 1\n}\nc = [\n"));
    assert_eq!(body(&tree.body), "a(){b=1}");
}

#[test]
fn what_is_not_text_is_not_read() {
    let source = Source::new(SourceId(0), "main.tf".to_string(), b"a = \"\xff\"\n".to_vec());
    let error = hcl::read(&source).error.expect("there is an error");
    assert_eq!((error.span.range(), error.message), (5..6, None));
}

#[test]
fn depth_has_an_end() {
    let nested =
        |open: &str, close: &str, count: usize| format!("a = {}1{}\n", open.repeat(count), close.repeat(count));
    let kinds = [
        ("(", ")"),
        ("[", "]"),
        ("{a=", "}"),
        ("\"${", "}\""),
        ("f(", ")"),
        ("!", ""),
        ("x ? 1 : ", ""),
    ];
    for (open, close) in kinds {
        assert_eq!(
            hcl::read(&source("main.tf", &nested(open, close, 20))).error,
            None,
            "{open}"
        );
        let (_, message) = error(&nested(open, close, 1000));
        assert_eq!(message, "more than 64 levels lie in one another", "{open}");
    }
    assert_eq!(
        error(&format!("a = b{}\n", ".*".repeat(1000))).1,
        "more than 64 levels lie in one another"
    );
    assert_eq!(error(&"a {\n".repeat(1000)).1, "more than 64 levels lie in one another");
}

#[test]
fn json_is_the_same_tree() {
    let text = r#"{
  "locals": {"x": "y"},
  "resource": {"t": {"n": {"a": "b${local.x}", "c": [1, true, null], "d": {"e": "$${f}"}}}},
  "module": {"m": [{"source": "./m"}, {"source": "./n"}]}
}"#;
    let tree = hcl::read(&source("main.tf.json", text));
    assert_eq!(tree.error, None);
    assert_eq!(
        body(&tree.body),
        "locals(){x=<y>} resource(t,n){a=T(<b> local.x) c=[1 true null] d={<e>=<${f}>}} \
         module(m){source=<./m>} module(m){source=<./n>}"
    );
    let tree = hcl::read(&source("x.tfvars.json", r#"{"locals": "x"}"#));
    assert_eq!(body(&tree.body), "locals=<x>");
}
