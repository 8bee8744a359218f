//! The user agents of WeChat's browsers (wechat-protocol.md, 3.5).

use std::borrow::Cow;

use axum::http::{HeaderMap, header};

const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN";
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 14; 2211133C Build/UKQ1.230705.002; wv) AppleWebKit/537.36 \
    (KHTML, like Gecko) Version/4.0 Chrome/111.0.5563.116 Mobile Safari/537.36 XWEB/1110017 MMWEBSDK/20230805 \
    MMWEBID/525 MicroMessenger/8.0.42.2460(0x28002A35) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64";

/// The web view of a mini program on an iPhone.
const MINI_PROGRAM: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.49(0x18003135) NetType/WIFI Language/zh_CN \
    miniProgram/wx8b3f6a1d0c9e2745";

/// Browsers outside WeChat, on a phone and on a desktop.
const BROWSER: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const DESKTOP: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 \
    Safari/537.36";

/// The kind of the phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PhoneKind {
    #[default]
    Iphone,
    Android,
    /// The web view of the mini program, on an iPhone.
    MiniProgram,
    /// A phone's browser outside WeChat. The shop's public address is the phone's, so this kind shows the shop to
    /// visitors outside WeChat.
    Browser,
    /// A desktop browser outside WeChat.
    Desktop,
}

impl PhoneKind {
    /// Whether WeChat shows the page and inserts its bridge.
    pub(super) const fn is_wechat(self) -> bool {
        !matches!(self, Self::Browser | Self::Desktop)
    }

    /// Reads the word of the cookie and of `?mode=`.
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "iphone" => Some(Self::Iphone),
            "android" => Some(Self::Android),
            "miniprogram" => Some(Self::MiniProgram),
            "browser" => Some(Self::Browser),
            "desktop" => Some(Self::Desktop),
            _ => None,
        }
    }

    pub(super) const fn user_agent(self) -> &'static str {
        match self {
            Self::Iphone => IPHONE,
            Self::Android => ANDROID,
            Self::MiniProgram => MINI_PROGRAM,
            Self::Browser => BROWSER,
            Self::Desktop => DESKTOP,
        }
    }
}

/// The user agent. The model of a phone may contain other characters than ASCII.
fn text(headers: &HeaderMap) -> Cow<'_, str> {
    headers
        .get(header::USER_AGENT)
        .map_or(Cow::Borrowed(""), |agent| String::from_utf8_lossy(agent.as_bytes()))
}

/// Whether the user agent is WeChat's.
pub(crate) fn is_wechat(headers: &HeaderMap) -> bool {
    text(headers).to_lowercase().contains("micromessenger")
}

/// The kind of phone in the browser's own user agent.
pub(super) fn own_kind(headers: &HeaderMap) -> Option<PhoneKind> {
    let own = text(headers);
    let kind = if own.to_lowercase().contains("miniprogram") {
        PhoneKind::MiniProgram
    } else if own.contains("Android") {
        PhoneKind::Android
    } else {
        PhoneKind::Iphone
    };
    is_wechat(headers).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::MINIPROGRAM_APPID;

    #[test]
    fn each_browser_is_recognized_by_its_user_agent() {
        for kind in [PhoneKind::Iphone, PhoneKind::Android, PhoneKind::MiniProgram] {
            let headers = HeaderMap::from_iter([(header::USER_AGENT, kind.user_agent().parse().unwrap())]);
            assert_eq!(own_kind(&headers), Some(kind));
        }
        for kind in [PhoneKind::Browser, PhoneKind::Desktop] {
            let headers = HeaderMap::from_iter([(header::USER_AGENT, kind.user_agent().parse().unwrap())]);
            assert_eq!((own_kind(&headers), kind.is_wechat()), (None, false));
        }
        assert!(MINI_PROGRAM.ends_with(MINIPROGRAM_APPID));
    }
}
