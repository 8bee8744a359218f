//! Login in the mini program, which has its own `appid`.

use super::Login;
use crate::{Identity, ShopError};

impl Identity {
    /// Exchanges the code of `wx.login`. The shop does not store the session key, because it does not need it.
    ///
    /// # Errors
    /// [`ShopError::NoMiniProgram`], [`ShopError::LoginCode`], WeChat not answering, or a failing database.
    pub async fn miniprogram_log_in(&self, js_code: &str) -> Result<Login, ShopError> {
        let miniprogram = self.miniprogram.as_ref().ok_or(ShopError::NoMiniProgram)?;
        let session = miniprogram.jscode2session(js_code).await.map_err(ShopError::of_login)?;
        let openid = session.openid.parse();
        let openid = openid.map_err(|_| ShopError::BadRequest("WeChat gave an openid of unknown form"))?;
        self.join(&openid, miniprogram.account().appid(), session.unionid.as_deref()).await?;
        Ok(Login { openid })
    }
}
