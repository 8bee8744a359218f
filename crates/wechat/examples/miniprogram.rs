//! The login of a mini program.
//!
//! `cargo run -p weixin --example miniprogram -- http://127.0.0.1:8900 [CODE]`. `CODE` is the code
//! of `wx.login`. Without it the example gets a code of the simulator's first user.
#![allow(clippy::print_stdout, reason = "an example prints its results")]

mod simulator;

use simulator::{Outcome, Simulator};
use wechat::{Official, Secret, TokenMode, miniprogram::MiniProgram};

#[tokio::main]
async fn main() -> Outcome {
    let wechat = Simulator::find().await?;
    let account = Official::new(
        wechat.http.clone(),
        wechat.endpoints.clone(),
        wechat.value("miniprogram_appid")?,
        Secret::new(wechat.value("miniprogram_secret")?),
        TokenMode::Stable,
    );
    let code = match std::env::args().nth(2) {
        Some(code) => code,
        None => wechat.wx_login().await?,
    };
    match MiniProgram::new(account).jscode2session(&code).await {
        Ok(session) => println!("this is {}", session.openid),
        Err(error) if error.is_code_used() => println!("the code was used before"),
        Err(error) if error.is_invalid_code() => println!("the code is wrong or expired"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
