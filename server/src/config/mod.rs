//! The configuration: environment variables or `.env`. The server reads it once and checks all of it.

mod after_sale;
mod api_clients;
mod env_file;
mod environment;
mod legal;
mod messages;
mod pay_v3;
mod pictures;
mod proxies;
mod redacted;
mod telemetry;
mod wechat;

use std::{net::SocketAddr, path::Path, time::Duration};

use shop::{HoldLimits, MovedClock};
use store::DataKeys;

pub(crate) use self::api_clients::ApiClients;
use self::environment::Environment;
pub use self::{
    environment::ConfigError, pay_v3::PayV3, pictures::PictureConfig, proxies::TrustedProxies,
    telemetry::TelemetryConfig, wechat::WechatConfig,
};
use crate::session::Keys;

/// The configuration. `Debug` does not show its secrets.
#[derive(Clone, Debug)]
pub struct Config {
    /// `SHOP_ADDR`: the address on which the server listens.
    pub addr: SocketAddr,
    /// `SHOP_DATABASE_URL`: `sqlite://` or `postgres://`.
    pub database_url: DatabaseUrl,
    /// `SHOP_READ_DATABASE_URL`: a standby of PostgreSQL that reads lists, figures and exports.
    pub read_database_url: Option<DatabaseUrl>,
    /// `SHOP_PICTURES` and `SHOP_PICTURES_FROM`: the places of pictures.
    pub pictures: PictureConfig,
    /// `SHOP_PUBLIC_URL` and the merchant's settings.
    pub shop: shop::Settings,
    /// `SHOP_SESSION_KEYS`: the keys that sign sessions.
    pub(crate) session_keys: Keys,
    /// `SHOP_DATA_KEYS`: the keys that encrypt secrets in the database.
    pub(crate) data_keys: DataKeys,
    /// `SHOP_TRUSTED_PROXIES`: the proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: TrustedProxies,
    /// `SHOP_TOKEN_CLIENTS`: the programs that may read the access token.
    pub(crate) token_clients: ApiClients,
    /// `SHOP_ADMIN_CLIENTS`: the programs that may read and refund orders.
    pub(crate) admin_clients: ApiClients,
    /// `SHOP_RATE_PER_ADDRESS`: the number of changes from one address in a minute.
    pub rate_per_address: u32,
    /// `SHOP_LOGINS_PER_ADDRESS`: the number of logins from one address that reach WeChat in a minute.
    pub logins_per_address: u32,
    /// The account, the merchant and WeChat's addresses.
    pub wechat: WechatConfig,
    /// The collector of spans, if one is configured.
    pub telemetry: Option<TelemetryConfig>,
    /// Whether `cargo leptos watch` runs the server.
    pub watch: bool,
    /// `SHOP_CLOCK_OFFSET_S`: how many seconds the shop's clock is ahead of the machine's clock. Only with a simulated
    /// WeChat.
    pub clock_offset_s: i64,
}

/// The database's URL. `Debug` does not show it, because it may contain a password.
#[derive(Clone)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.split(':').next().unwrap_or_default())
    }
}

/// The shortest session key, in bytes.
const MIN_KEY_BYTES: usize = 32;

impl Config {
    /// Reads the environment. Variables that are not set come from a file: this one, or `.env` in the current folder.
    ///
    /// # Errors
    /// [`ConfigError`] lists every missing or wrong variable.
    pub fn from_environment(file: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read(Environment::of_process(file)?)
    }

    /// Reads these variables, for tests.
    ///
    /// # Errors
    /// As [`Config::from_environment`].
    pub fn from_variables<'a>(
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let variables = variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self::read(Environment::new(variables))
    }

    fn read(mut env: Environment) -> Result<Self, ConfigError> {
        let addr =
            env.parse_or("SHOP_ADDR", "127.0.0.1:3000", "an address and a port, such as 127.0.0.1:3000");
        let database_url = env.text_or("SHOP_DATABASE_URL", "sqlite://data/shop.db");
        if !database_url.starts_with("sqlite://") && !is_postgres(&database_url) {
            env.wrong("SHOP_DATABASE_URL", "it begins with sqlite:// or postgres://");
        }
        let read_database_url = env.text("SHOP_READ_DATABASE_URL").map(str::to_owned);
        if read_database_url.as_ref().is_some_and(|url| !is_postgres(url) || !is_postgres(&database_url)) {
            env.wrong(
                "SHOP_READ_DATABASE_URL",
                "a standby of the PostgreSQL in SHOP_DATABASE_URL; both begin with postgres://",
            );
        }
        let pictures = PictureConfig::read(&mut env);
        let public_url = public_url(&mut env);
        let session_keys = session_keys(&mut env);
        let data_keys = data_keys(&mut env);
        let trusted_proxies = env.parse_or(
            "SHOP_TRUSTED_PROXIES",
            "",
            "addresses or networks separated by commas, such as 10.0.0.1,192.168.0.0/16",
        );
        let token_clients = env.parse_or(
            "SHOP_TOKEN_CLIENTS",
            "",
            "name:key pairs separated by commas, each key of at least 16 characters",
        );
        let admin_clients = env.parse_or(
            "SHOP_ADMIN_CLIENTS",
            "",
            "name:key pairs separated by commas, each key of at least 16 characters",
        );
        let rate_per_address = env.parse_or("SHOP_RATE_PER_ADDRESS", "6000", "a number of requests a minute");
        let logins_per_address =
            env.parse_or("SHOP_LOGINS_PER_ADDRESS", "600", "a number of logins a minute");
        let holds = holds(&mut env);
        let order_expire = env.parse_or("SHOP_ORDER_EXPIRE_S", "1800", "a number of seconds");
        if !(1..=7 * 86_400).contains(&order_expire) {
            env.wrong(
                "SHOP_ORDER_EXPIRE_S",
                "from 1 to 604800 seconds: WeChat keeps an unpaid order for 7 days",
            );
        }
        let ship_within_hours: u64 = env.parse_or("SHOP_SHIP_WITHIN_HOURS", "0", "a number of hours");
        if ship_within_hours > 720 {
            env.wrong("SHOP_SHIP_WITHIN_HOURS", "from 1 to 720 hours, or 0 without a promise");
        }
        let receipt_days: u64 = env.parse_or("SHOP_RECEIPT_DAYS", "10", "a number of days");
        if !(1..=90).contains(&receipt_days) {
            env.wrong("SHOP_RECEIPT_DAYS", "from 1 to 90 days");
        }
        let after_sale = after_sale::after_sale(&mut env);
        let intervals = env.text_or("SHOP_QUERY_INTERVALS_S", "15,30,60,180,600,1200,1800,3600");
        let query_intervals: Vec<Duration> = intervals
            .split(',')
            .filter_map(|part| part.trim().parse().ok().map(Duration::from_secs))
            .collect();
        if query_intervals.len() != intervals.split(',').count()
            || query_intervals.iter().any(Duration::is_zero)
        {
            env.wrong(
                "SHOP_QUERY_INTERVALS_S",
                "numbers of seconds above 0, separated by commas, such as 15,30,60",
            );
        }
        let name = env.text_or("SHOP_NAME", "小店");
        let wechat = WechatConfig::read(&mut env);
        let miniprogram_pay_page = wechat
            .miniprogram
            .is_some()
            .then(|| env.text_or("WECHAT_MINIPROGRAM_PAY_PAGE", "/pages/pay/pay"));
        let miniprogram_product_page = wechat
            .miniprogram
            .is_some()
            .then(|| env.text_or("WECHAT_MINIPROGRAM_PRODUCT_PAGE", "/pages/web/web"));
        let clock_offset_s = clock_offset(&mut env, &wechat);
        let telemetry = TelemetryConfig::read(&mut env);
        let pickup = env.text_or("SHOP_PICKUP", shop::ASK_FOR_PICKUP.zh);
        let help = help(&mut env);
        let legal = legal::legal(&mut env);
        let synonyms = shop::Synonyms::parse(&env.text_or("SHOP_SEARCH_SYNONYMS", ""));
        let messages = messages::messages(&mut env, wechat.miniprogram.is_some(), order_expire);
        let watch = env.text("LEPTOS_WATCH").is_some();
        let shop = shop::Settings {
            public_url,
            name,
            pay_api: wechat.pay_api,
            miniprogram_pay_page,
            miniprogram_product_page,
            pickup: (pickup != "none").then_some(pickup),
            help,
            legal,
            synonyms,
            order_expire: Duration::from_secs(order_expire),
            holds,
            ship_within: (ship_within_hours > 0).then(|| Duration::from_secs(ship_within_hours * 3_600)),
            receipt: Duration::from_secs(receipt_days * 86_400),
            after_sale,
            query_intervals,
            messages,
        };
        let database_url = DatabaseUrl(database_url);
        env.finish(Self {
            addr,
            database_url,
            read_database_url: read_database_url.map(DatabaseUrl),
            pictures,
            shop,
            session_keys,
            data_keys,
            trusted_proxies,
            token_clients,
            admin_clients,
            rate_per_address,
            logins_per_address,
            wechat,
            telemetry,
            watch,
            clock_offset_s,
        })
    }

    /// The shop's clock.
    #[must_use]
    pub const fn clock(&self) -> MovedClock {
        MovedClock { ahead_ms: self.clock_offset_s * 1000 }
    }

    /// Whether shoppers use TLS. Then cookies are `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.shop.public_url.starts_with("https://")
    }
}

/// Ten years: the simulator's clock does not move farther.
const FARTHEST_OFFSET_S: i64 = 315_360_000;

/// The offset of the clock, in seconds. The real WeChat refuses requests with a wrong time, so only a WeChat on this
/// machine allows an offset.
fn clock_offset(env: &mut Environment, wechat: &WechatConfig) -> i64 {
    const NAME: &str = "SHOP_CLOCK_OFFSET_S";
    let offset = env.parse_or(NAME, "0", "a number of seconds");
    if !(0..=FARTHEST_OFFSET_S).contains(&offset) {
        env.wrong(NAME, "from 0 to 315360000 seconds (ten years)");
    }
    let endpoints = &wechat.endpoints;
    if offset != 0 && ![endpoints.open(), endpoints.api(), endpoints.mch()].iter().all(|url| is_local(url)) {
        env.wrong(
            NAME,
            "only beside a simulated WeChat on this machine; with the real WeChat leave it empty",
        );
    }
    offset
}

/// Whether this host is this machine.
fn is_local_host(host: &str) -> bool {
    is_local(&format!("http://{host}"))
}

/// Whether the host of a URL is this machine.
fn is_local(url: &str) -> bool {
    match url::Url::parse(url).ok().as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The form of a telephone number, for the error.
const TELEPHONE: &str = "digits, spaces, + and -: 021-6000 0000";

fn is_telephone(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+- ".contains(c))
}

fn help(env: &mut Environment) -> shop::HelpContacts {
    let text = |env: &Environment, name| env.text(name).map(str::to_owned);
    let phone = text(env, "SHOP_HELP_PHONE");
    if phone.as_ref().is_some_and(|phone| !is_telephone(phone)) {
        env.wrong("SHOP_HELP_PHONE", TELEPHONE);
    }
    let url = text(env, "SHOP_HELP_URL");
    if url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        env.wrong(
            "SHOP_HELP_URL",
            "a link that begins with https://, such as https://work.weixin.qq.com/kfid/kfc…",
        );
    }
    shop::HelpContacts { phone, hours: text(env, "SHOP_HELP_HOURS"), url }
}

fn public_url(env: &mut Environment) -> String {
    let text =
        env.required("SHOP_PUBLIC_URL", "the address that shoppers open, such as https://shop.example.com");
    match url::Url::parse(&text) {
        Ok(url)
            if ["http", "https"].contains(&url.scheme()) && url.path() == "/" && url.query().is_none() =>
        {
            url.origin().ascii_serialization()
        }
        _ if text.is_empty() => text,
        _ => {
            env.wrong(
                "SHOP_PUBLIC_URL",
                "scheme, host and perhaps a port, without a path: https://shop.example.com",
            );
            text
        }
    }
}

/// The limits of the stock that unpaid orders hold.
fn holds(env: &mut Environment) -> HoldLimits {
    let defaults = HoldLimits::default();
    let hold_s = env.parse_or("SHOP_HOLD_S", &defaults.hold.as_secs().to_string(), "a number of seconds");
    let mut number =
        |name: &str, otherwise: u32, what: &str| match env.parse_or(name, &otherwise.to_string(), what) {
            0 => {
                env.wrong(name, "at least 1: with 0 nothing could be ordered");
                otherwise
            }
            number => number,
        };
    HoldLimits {
        hold: Duration::from_secs(hold_s),
        unpaid_per_shopper: number(
            "SHOP_MAX_UNPAID_PER_SHOPPER",
            defaults.unpaid_per_shopper,
            "a number of orders",
        ),
        held_per_shopper: number(
            "SHOP_MAX_HELD_PER_SHOPPER",
            defaults.held_per_shopper,
            "a number of pieces",
        ),
        unpaid_per_address: number(
            "SHOP_MAX_UNPAID_PER_ADDRESS",
            defaults.unpaid_per_address,
            "a number of orders",
        ),
        held_per_address: number(
            "SHOP_MAX_HELD_PER_ADDRESS",
            defaults.held_per_address,
            "a number of pieces",
        ),
    }
}

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

fn session_keys(env: &mut Environment) -> Keys {
    let text = env.required(
        "SHOP_SESSION_KEYS",
        "at least 32 random characters (openssl rand -hex 32); older keys behind it, separated by commas",
    );
    Keys::new(keys(env, "SHOP_SESSION_KEYS", &text))
}

fn data_keys(env: &mut Environment) -> DataKeys {
    let text = env.text_or("SHOP_DATA_KEYS", "");
    DataKeys::new(keys(env, "SHOP_DATA_KEYS", &text))
}

/// The keys in a variable, separated by commas.
fn keys<'a>(env: &mut Environment, name: &str, text: &'a str) -> Vec<&'a str> {
    let keys: Vec<&str> = text.split(',').map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.iter().any(|key| key.len() < MIN_KEY_BYTES) {
        env.wrong(name, "make each key at least 32 characters long (openssl rand -hex 32)");
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_lists_everything_that_is_missing_or_wrong_and_no_secret() {
        let error = Config::from_variables([
            ("SHOP_PUBLIC_URL", "https://shop.example/path"),
            ("SHOP_SESSION_KEYS", "short-and-secret"),
            ("SHOP_ORDER_EXPIRE_S", "soon"),
            ("SHOP_SHIP_WITHIN_HOURS", "721"),
            ("SHOP_RECEIPT_DAYS", "0"),
            ("SHOP_RETURN_DAYS", "0"),
            ("SHOP_AFTER_SALE_ANSWER_DAYS", "a week"),
            ("SHOP_RETURN_RECEIPT_DAYS", "91"),
            ("SHOP_LICENCE", "http://shop.example/licence.png"),
            ("SHOP_ICP", "12345678"),
            ("SHOP_COMPLAINT_TELEPHONE", "call me"),
        ])
        .unwrap_err()
        .to_string();
        for name in [
            "SHOP_PUBLIC_URL",
            "SHOP_SESSION_KEYS",
            "SHOP_ORDER_EXPIRE_S",
            "SHOP_SHIP_WITHIN_HOURS",
            "SHOP_RECEIPT_DAYS",
            "SHOP_RETURN_DAYS",
            "SHOP_AFTER_SALE_ANSWER_DAYS",
            "SHOP_RETURN_RECEIPT_DAYS",
            "SHOP_LICENCE",
            "SHOP_ICP",
            "SHOP_COMPLAINT_TELEPHONE",
            "WECHAT_APPID",
            "WECHAT_MCH_ID",
        ] {
            assert!(error.contains(name), "{name} is not in: {error}");
        }
        assert!(!error.contains("short-and-secret"));
    }

    #[test]
    fn a_website_application_is_another_account_and_has_a_secret() {
        let error = |website: [(&'static str, &'static str); 2]| {
            let all = [("WECHAT_APPID", "wx1111111111111111")].into_iter().chain(website);
            Config::from_variables(all).unwrap_err().to_string()
        };
        let same = error([("WECHAT_WEBSITE_APPID", "wx1111111111111111"), ("WECHAT_WEBSITE_SECRET", "x")]);
        assert!(same.contains("WECHAT_WEBSITE_APPID"), "{same}");
        let half = error([("WECHAT_WEBSITE_APPID", "wx2222222222222222"), ("WECHAT_WEBSITE_SECRET", "")]);
        assert!(half.contains("WECHAT_WEBSITE_SECRET") && !half.contains("WECHAT_WEBSITE_APPID"), "{half}");
    }

    #[test]
    fn the_clock_is_moved_only_beside_a_local_wechat() {
        let with = |offset: &str, url: &str| {
            let key = "k".repeat(32);
            Config::from_variables([
                ("SHOP_CLOCK_OFFSET_S", offset),
                ("SHOP_PUBLIC_URL", "http://localhost:8901"),
                ("SHOP_SESSION_KEYS", &key),
                ("WECHAT_APPID", "wx0123456789abcdef"),
                ("WECHAT_SECRET", "secret"),
                ("WECHAT_MCH_ID", "1900000109"),
                ("WECHAT_API_V2_KEY", &key),
                ("WECHAT_OPEN_URL", url),
                ("WECHAT_API_URL", url),
                ("WECHAT_MCH_URL", url),
            ])
        };
        assert_eq!(with("7200", "http://127.0.0.1:8900").unwrap().clock().ahead_ms, 7_200_000);
        assert_eq!(with("0", "https://api.weixin.qq.com").unwrap().clock().ahead_ms, 0);
        for (offset, url) in [
            ("7200", "https://api.weixin.qq.com"),
            ("-1", "http://127.0.0.1:8900"),
            ("later", "http://localhost"),
        ] {
            let error = with(offset, url).unwrap_err().to_string();
            assert!(error.contains("SHOP_CLOCK_OFFSET_S"), "{error}");
        }
    }

    /// Collects the variables from the sources of this folder: no other folder reads the environment.
    #[test]
    fn every_variable_is_explained_in_the_sample() {
        let sources = [
            include_str!("after_sale.rs"),
            include_str!("legal.rs"),
            include_str!("messages.rs"),
            include_str!("mod.rs"),
            include_str!("pay_v3.rs"),
            include_str!("pictures.rs"),
            include_str!("telemetry.rs"),
            include_str!("wechat.rs"),
        ];
        let sample = include_str!("../../../.env.sample");
        let words = sources.iter().flat_map(|source| source.split('"'));
        let is_name = |word: &&str| {
            ["SHOP_", "WECHAT_", "OTEL_", "AWS_"].iter().any(|prefix| word.starts_with(prefix))
                && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
                && word.len() > "WECHAT_".len()
        };
        let names: std::collections::BTreeSet<&str> = words.filter(is_name).collect();
        assert!(names.len() > 30, "{names:?}");
        let is_explained = |name: &&str| {
            sample.lines().any(|line| line.trim_start_matches("# ").starts_with(&format!("{name}=")))
        };
        let missing: Vec<_> = names.into_iter().filter(|name| !is_explained(name)).collect();
        assert!(missing.is_empty(), ".env.sample does not have {missing:?}");
    }

    #[test]
    fn partner_mode_has_a_provider_and_another_merchant() {
        let read = |more: &[(&'static str, &'static str)]| {
            let known = [
                ("SHOP_PUBLIC_URL", "https://shop.example"),
                ("SHOP_SESSION_KEYS", "0123456789abcdef0123456789abcdef"),
                ("WECHAT_APPID", "wx0123456789abcdef"),
                ("WECHAT_SECRET", "hidden-secret-0123456789abcdef01"),
                ("WECHAT_MCH_ID", "1900000001"),
                ("WECHAT_API_V2_KEY", "hidden-key-0123456789abcdef01234"),
            ];
            Config::from_variables(known.into_iter().chain(more.iter().copied()))
        };
        let config = read(&[("WECHAT_SUB_MCH_ID", "1900000209")]).unwrap();
        assert_eq!(config.wechat.appid, "wx0123456789abcdef");
        let own =
            read(&[("WECHAT_SUB_MCH_ID", "1900000209"), ("WECHAT_SUB_APPID", "wxfedcba9876543210")]).unwrap();
        assert_eq!(own.wechat.appid, "wxfedcba9876543210");
        assert_eq!(own.wechat.sub_merchant.unwrap().provider_appid, "wx0123456789abcdef");
        for (wrong, name) in [
            (("WECHAT_SUB_APPID", "wxfedcba9876543210"), "WECHAT_SUB_APPID"),
            (("WECHAT_SUB_MCH_ID", "1900000001"), "WECHAT_SUB_MCH_ID"),
            (("WECHAT_SUB_MCH_ID", "the merchant"), "WECHAT_SUB_MCH_ID"),
        ] {
            let error = read(&[wrong]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("服务商"), "{error}");
        }
    }

    #[test]
    fn a_complete_configuration_prints_no_secret() {
        let config = Config::from_variables([
            ("SHOP_PUBLIC_URL", "https://shop.example"),
            ("SHOP_SESSION_KEYS", "0123456789abcdef0123456789abcdef"),
            ("SHOP_DATABASE_URL", "postgres://shop:hidden-password@db/shop"),
            ("WECHAT_APPID", "wx0123456789abcdef"),
            ("WECHAT_SECRET", "hidden-secret-0123456789abcdef01"),
            ("WECHAT_MCH_ID", "1900000001"),
            ("WECHAT_API_V2_KEY", "hidden-key-0123456789abcdef01234"),
        ])
        .unwrap();
        let printed = format!("{config:?}");
        assert!(!printed.contains("hidden") && !printed.contains("0123456789abcdef0123"), "{printed}");
    }
}
