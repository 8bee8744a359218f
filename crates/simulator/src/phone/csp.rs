//! Allows one inline script in a page's content security policy, and nothing else.

/// Adds the hash of the bridge to each policy in the value of a header.
pub(super) fn allow(header: &str, hash: &str) -> String {
    header.split(',').map(|policy| allow_in_policy(policy, hash)).collect::<Vec<_>>().join(",")
}

/// The directive that applies to inline scripts: the most specific one in the policy.
fn deciding(policy: &str) -> Option<&'static str> {
    let names = || policy.split(';').map(|directive| name(directive).to_ascii_lowercase());
    ["script-src-elem", "script-src", "default-src"]
        .into_iter()
        .find(|known| names().any(|name| name == *known))
}

fn name(directive: &str) -> &str {
    directive.split_ascii_whitespace().next().unwrap_or_default()
}

fn allow_in_policy(policy: &str, hash: &str) -> String {
    let Some(deciding) = deciding(policy) else { return policy.to_owned() };
    let mut changed = false;
    let directives = policy.split(';').map(|directive| {
        // of two directives with the same name, the first one counts
        if changed || !name(directive).eq_ignore_ascii_case(deciding) {
            return directive.to_owned();
        }
        changed = true;
        allow_in_directive(directive, hash)
    });
    directives.collect::<Vec<_>>().join(";")
}

fn allow_in_directive(directive: &str, hash: &str) -> String {
    let sources: Vec<&str> = directive.split_ascii_whitespace().skip(1).collect();
    let starts_with = |source: &&str, prefix: &str| source.to_ascii_lowercase().starts_with(prefix);
    let has_hash_or_nonce =
        sources.iter().any(|source| ["'sha", "'nonce-"].iter().any(|prefix| starts_with(source, prefix)));
    // a hash would disable 'unsafe-inline' for the page's own scripts
    if !has_hash_or_nonce && sources.iter().any(|source| starts_with(source, "'unsafe-inline'")) {
        return directive.to_owned();
    }
    // 'none' is only valid alone
    let kept = sources.iter().filter(|source| !source.eq_ignore_ascii_case("'none'"));
    let kept: String = kept.map(|source| format!(" {source}")).collect();
    let space = if directive.starts_with(' ') { " " } else { "" };
    format!("{space}{}{kept} {hash}", name(directive))
}

#[cfg(test)]
mod tests {
    use super::allow;

    const HASH: &str = "'sha256-x='";

    #[test]
    fn the_hash_is_added_to_the_directive_that_applies() {
        let cases = [
            ("default-src 'self'", "default-src 'self' 'sha256-x='"),
            ("default-src 'self'; script-src a", "default-src 'self'; script-src a 'sha256-x='"),
            ("script-src a; script-src-elem b", "script-src a; script-src-elem b 'sha256-x='"),
            ("script-src 'none'", "script-src 'sha256-x='"),
            ("img-src *", "img-src *"),
            ("script-src a,script-src b", "script-src a 'sha256-x=',script-src b 'sha256-x='"),
            ("script-src a;script-src b", "script-src a 'sha256-x=';script-src b"),
        ];
        for (before, after) in cases {
            assert_eq!(allow(before, HASH), after);
        }
    }

    #[test]
    fn unsafe_inline_stays_effective() {
        assert_eq!(allow("script-src 'unsafe-inline'", HASH), "script-src 'unsafe-inline'");
        let ignored = "script-src 'unsafe-inline' 'nonce-a'";
        assert_eq!(allow(ignored, HASH), format!("{ignored} {HASH}"));
    }
}
