use serde::{Deserialize, Serialize};

use super::{PhoneInfo, Session, SessionKey};
use crate::{Error, Official, Secret, official::response};

/// The client of one mini program. Cheap to clone.
///
/// It wraps an [`Official`] with the `appid` and the secret of the mini program, because the access token works in the
/// same way.
///
/// ```no_run
/// use wechat::{Endpoints, Http, HttpOptions, Official, Secret, TokenMode, miniprogram::MiniProgram};
///
/// # async fn login() -> Result<(), wechat::Error> {
/// let account = Official::new(
///     Http::new(&HttpOptions::default())?,
///     Endpoints::default(),
///     "wx4f4bc4dec97d474b",
///     Secret::new("the app secret"),
///     TokenMode::Stable,
/// );
/// let session = MiniProgram::new(account).jscode2session("what wx.login gave").await?;
/// println!("this is {}", session.openid);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct MiniProgram(Official);

#[derive(Deserialize)]
struct Exchanged {
    openid: String,
    session_key: Secret,
    #[serde(default)]
    unionid: Option<String>,
}

#[derive(Serialize)]
struct PhoneRequest<'a> {
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    openid: Option<&'a str>,
}

#[derive(Deserialize)]
struct PhoneReply {
    phone_info: PhoneInfo,
}

impl MiniProgram {
    /// Wraps the account of the mini program.
    #[must_use]
    pub const fn new(account: Official) -> Self {
        Self(account)
    }

    /// The account of the mini program, for its access token.
    #[must_use]
    pub const fn account(&self) -> &Official {
        &self.0
    }

    /// Exchanges the `code` of `wx.login` (`sns/jscode2session`). A code works once, within five minutes.
    ///
    /// Retries only if the connection failed. After a lost response the code may be used up.
    ///
    /// ```no_run
    /// # async fn example(program: wechat::miniprogram::MiniProgram) -> Result<(), wechat::Error> {
    /// match program.jscode2session("what wx.login gave").await {
    ///     Ok(session) => println!("this is {}", session.openid),
    ///     Err(error) if error.is_code_used() || error.is_invalid_code() => println!("call wx.login again"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_code_used`] if the code was used before; [`Error::is_invalid_code`] if it is wrong or has expired;
    /// code `40226` if WeChat considers the user a risk.
    pub async fn jscode2session(&self, js_code: &str) -> Result<Session, Error> {
        const ENDPOINT: &str = "sns/jscode2session";
        let account = &self.0;
        let request = || {
            account.http().get(&account.url(ENDPOINT)).query(&[
                ("appid", account.appid()),
                ("secret", account.secret().expose()),
                ("js_code", js_code),
                ("grant_type", "authorization_code"),
            ])
        };
        let body = account.call_single_use(ENDPOINT, request).await?;
        let exchanged: Exchanged = response::read(ENDPOINT, &body)?;
        if exchanged.openid.is_empty() {
            return Err(Error::malformed(ENDPOINT, "openid is empty"));
        }
        Ok(Session {
            openid: exchanged.openid,
            session_key: SessionKey::parse(exchanged.session_key.expose())
                .map_err(|error| Error::malformed(ENDPOINT, error))?,
            unionid: exchanged.unionid.filter(|unionid| !unionid.is_empty()),
        })
    }

    /// Exchanges the `code` of the phone number button (`wxa/business/getuserphonenumber`). A code works once, within
    /// five minutes. If you pass an `openid`, WeChat checks that the code belongs to this user.
    ///
    /// ```no_run
    /// # async fn example(program: wechat::miniprogram::MiniProgram) -> Result<(), wechat::Error> {
    /// let phone = program.getuserphonenumber("what the button gave", None).await?;
    /// println!("+{} {}", phone.country_code, phone.pure_phone_number);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_invalid_code`] if the code is wrong, used or expired; the errors of [`Official::access_token`].
    pub async fn getuserphonenumber(&self, code: &str, openid: Option<&str>) -> Result<PhoneInfo, Error> {
        const ENDPOINT: &str = "wxa/business/getuserphonenumber";
        let body = self.post(ENDPOINT, &PhoneRequest { code, openid }).await?;
        let PhoneReply { phone_info } = response::read(ENDPOINT, &body)?;
        Ok(phone_info)
    }

    /// Posts JSON with the access token: see [`Official::post_once`].
    pub(crate) async fn post(
        &self,
        endpoint: &'static str,
        body: &(impl Serialize + Sync),
    ) -> Result<Vec<u8>, Error> {
        self.0.post_once(endpoint, body).await
    }
}
