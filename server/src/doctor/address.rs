use std::time::Duration;

use url::{Host, Url};
use wechat::Endpoints;

use super::{CheckContext, Finding, Verdict, advice::DOMAINS};
use crate::Assets;

/// The time limit for an answer of the shop's own address.
const WITHIN: Duration = Duration::from_secs(8);

pub(super) async fn check(context: &CheckContext<'_>) -> Vec<Finding> {
    let public_url = &*context.config.shop.public_url;
    let mut found = vec![form(context, public_url)];
    if context.config.wechat.endpoints.api() != Endpoints::default().api() {
        found.push(Finding::warning(
            "WeChat",
            format!("it is at {}", context.config.wechat.endpoints.api()),
            "for a simulator or a proxy; else take the WECHAT_…_URL lines out of the configuration",
        ));
    }
    let client =
        reqwest::Client::builder().no_proxy().timeout(WITHIN).redirect(reqwest::redirect::Policy::none());
    let Ok(client) = client.build() else { return found };
    let reached = reach(&client, public_url).await;
    let is_reached = reached.verdict == Verdict::Ok;
    found.push(reached);
    found.extend(domain_files(&client, public_url, is_reached).await);
    found
}

/// Checks that WeChat accepts the address: https, a domain name, no port.
fn form(context: &CheckContext<'_>, public_url: &str) -> Finding {
    const CHECK: &str = "SHOP_PUBLIC_URL";
    let Ok(url) = Url::parse(public_url) else {
        return Finding::wrong(CHECK, "it is not a URL", "set a URL such as https://shop.example.com");
    };
    let is_name = matches!(url.host(), Some(Host::Domain(name)) if name.contains('.'));
    let fault = if !is_name {
        "WeChat takes no IP address and no local name"
    } else if url.scheme() != "https" {
        "WeChat Pay opens pages over https only, and cookies would not be Secure"
    } else if url.port().is_some() {
        "WeChat takes domains without a port"
    } else {
        return Finding::ok(CHECK, public_url);
    };
    let remedy = format!(
        "a registered domain (ICP备案) over https, the same as 网页授权域名 and JS接口安全域名: {DOMAINS}"
    );
    let what = format!("{public_url}: {fault}");
    // with a simulator such an address is intended
    if context.config.wechat.endpoints.api() == Endpoints::default().api() {
        Finding::wrong(CHECK, what, remedy)
    } else {
        Finding::warning(CHECK, what, remedy)
    }
}

/// Checks that requests to the public address reach this shop.
async fn reach(client: &reqwest::Client, public_url: &str) -> Finding {
    const CHECK: &str = "way in";
    match client.get(format!("{public_url}/healthz")).send().await {
        Ok(answer) if answer.headers().contains_key("x-request-id") && answer.status() == 200 => {
            Finding::ok(CHECK, format!("{public_url} leads to the shop"))
        }
        Ok(answer) => Finding::wrong(
            CHECK,
            format!(
                "{public_url}/healthz is answered with {} by something else, or by a proxy without the shop",
                answer.status()
            ),
            "start the server, and pass every path on to SHOP_ADDR (deploy/nginx.conf, deploy/Caddyfile)",
        ),
        Err(error) => Finding::warning(
            CHECK,
            format!("{public_url} cannot be opened from here: {}", error.without_url()),
            "start the server and the proxy; if shoppers reach it all the same (no way back in from this network), leave it",
        ),
    }
}

/// Checks the files with which WeChat verifies the domain.
async fn domain_files(client: &reqwest::Client, public_url: &str, is_reached: bool) -> Vec<Finding> {
    const CHECK: &str = "domain file";
    // `machine::check` reports missing files
    let Ok(assets) = Assets::beside_binary() else { return Vec::new() };
    let names: Vec<String> = std::fs::read_dir(assets.site())
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with("MP_verify_") && name.ends_with(".txt"))
        .collect();
    if names.is_empty() {
        let remedy = format!(
            "save the MP_verify_….txt that WeChat gives you into public/, build, and enter the domains: {DOMAINS}"
        );
        return vec![Finding::warning(CHECK, "there is none beside the program", remedy)];
    }
    let mut found = Vec::new();
    for name in names.into_iter().filter(|_| is_reached) {
        let own = std::fs::read_to_string(assets.site().join(&name)).unwrap_or_default();
        let served = match client.get(format!("{public_url}/{name}")).send().await {
            Ok(answer) if answer.status() == 200 => answer.text().await.unwrap_or_default(),
            _ => String::new(),
        };
        found.push(if !own.is_empty() && served == own {
            Finding::ok(CHECK, name)
        } else {
            let remedy =
                "is the proxy passing the domain's root on to SHOP_ADDR? Is site/ of the running build?";
            Finding::wrong(CHECK, format!("{public_url}/{name} does not give the file"), remedy)
        });
    }
    found
}
