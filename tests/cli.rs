//! Whole runs of the binary, as they are written in `tests/cli/*.toml` and in the README's console blocks.

#[test]
fn runs() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .case("tests/cli/*.toml")
        .case("README.md")
        .run();
}
