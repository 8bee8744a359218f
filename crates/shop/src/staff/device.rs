//! The browser and the system of a session, as a person knows them.

/// The browsers: the mark in the header `User-Agent`, and the name. Most browsers also carry the marks below their own.
const BROWSERS: [(&str, &str); 7] = [
    ("MicroMessenger/", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// The systems: the mark in the header, and the name. An iPhone also says `Mac OS X`, and Android says `Linux`.
const SYSTEMS: [(&str, &str); 7] = [
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// `Chrome · Windows`; empty if neither is known.
pub(super) fn device(user_agent: &str) -> String {
    let name_in = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    [name_in(&BROWSERS), name_in(&SYSTEMS)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart() {
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/17.0 Mobile/15E148 Safari/604.1";
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 \
                      Safari/537.36";
        for (user_agent, words) in [
            (safari.to_owned(), "Safari · iPhone"),
            (safari.replace("Version/17.0", "FxiOS/130.0"), "Firefox · iPhone"),
            (format!("{safari} MicroMessenger/8.0.49"), "WeChat · iPhone"),
            (chrome.to_owned(), "Chrome · Windows"),
            (format!("{chrome} Edg/120.0.0.0"), "Edge · Windows"),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0".to_owned(),
                "Firefox · Linux",
            ),
            ("curl/8.0".to_owned(), ""),
            (String::new(), ""),
        ] {
            assert_eq!(device(&user_agent), words, "{user_agent}");
        }
    }
}
