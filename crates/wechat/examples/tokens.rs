//! Gets an access token, signs a page for the JS-SDK and builds the URL of the web login.
//!
//! `cargo run -p weixin --example tokens -- http://127.0.0.1:8900`
#![allow(clippy::print_stdout, reason = "an example prints its results")]

mod simulator;

use simulator::{Outcome, Simulator, now};
use wechat::{
    Official, Secret, TokenMode,
    oauth::{Scope, State, authorize_url},
};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = Simulator::find().await?;
    let official = Official::new(
        wechat.http.clone(),
        wechat.endpoints.clone(),
        wechat.value("appid")?,
        Secret::new(wechat.value("secret")?),
        TokenMode::Stable,
    );
    let back = "https://shop.example.com/back";
    let state = State::parse("c29tZXRoaW5n")?;
    println!(
        "login: {}",
        authorize_url(wechat.endpoints.open(), official.appid(), back, Scope::Base, &state)
    );

    let (_token, lifetime) = official.access_token_with_lifetime().await?;
    println!("token: good for {} s", lifetime.as_secs());
    let page = official.js_config("https://shop.example.com/tea?n=1", "examplenonce", now()).await?;
    println!("wx.config: {} at {}", page.signature, page.timestamp);
    Ok(())
}
