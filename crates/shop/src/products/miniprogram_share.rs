//! Mini program codes (小程序码) and links that open a product in the mini program.

use model::ProductId;
use wechat::miniprogram::{MiniProgram, ProgramCode, UrlLink};

use crate::{Picture, Products, Right, ShopError, Staff};

/// How long a link is valid, days: WeChat's limit.
pub const LINK_DAYS: u32 = 30;

/// The width of a code, pixels: 4 cm on paper at 300 dots for each inch.
const CODE_WIDTH: u32 = 480;

/// The maximum length of the `scene` of a code, characters: WeChat's limit.
const MAX_SCENE: usize = 32;

impl Products {
    /// Whether the shop has a mini program with a page for products.
    #[must_use]
    pub fn opens_in_miniprogram(&self) -> bool {
        self.miniprogram.is_some() && self.miniprogram_product_page.is_some()
    }

    /// The mini program code of a product, which WeChat creates. The page gets the product's id as `scene`.
    ///
    /// # Errors
    /// [`ShopError::NotAllowed`]; [`ShopError::NotFound`]; [`ShopError::NoMiniProgram`]; [`ShopError::Invalid`] if
    /// WeChat refuses the page or the id; [`ShopError::WechatBusy`] and [`ShopError::AccountRefused`]; a failing
    /// database.
    pub async fn miniprogram_code(&self, staff: &Staff, id: &ProductId) -> Result<Picture, ShopError> {
        let (program, page) = self.program(staff, id).await?;
        let code = ProgramCode::new(id.as_str()).with_page(page).with_width(CODE_WIDTH);
        let bytes = program.getwxacodeunlimit(&code).await.map_err(refused)?;
        let media_type = match bytes.as_slice() {
            [0xff, 0xd8, 0xff, ..] => "image/jpeg",
            [0x89, b'P', b'N', b'G', ..] => "image/png",
            _ => return Err(ShopError::NotFound),
        };
        Ok(Picture { media_type: media_type.to_owned(), bytes })
    }

    /// A link to a product in the mini program, valid for [`LINK_DAYS`]. The page gets the product's id as `scene`.
    ///
    /// # Errors
    /// As [`Products::miniprogram_code`].
    pub async fn miniprogram_link(&self, staff: &Staff, id: &ProductId) -> Result<String, ShopError> {
        let (program, page) = self.program(staff, id).await?;
        let link = UrlLink::new(page, format!("scene={id}"), LINK_DAYS);
        program.generate_urllink(&link).await.map_err(refused)
    }

    /// The mini program, and its page for products.
    async fn program(&self, staff: &Staff, id: &ProductId) -> Result<(&MiniProgram, &str), ShopError> {
        staff.check(Right::Catalogue)?;
        self.product_now(id.as_str()).await?;
        if id.as_str().len() > MAX_SCENE {
            return Err(ShopError::invalid(
                "商品编号超过 32 个字符，微信不能生成小程序码",
                "The product's id has more than 32 characters: WeChat makes no code for it.",
            ));
        }
        match (&self.miniprogram, &self.miniprogram_product_page) {
            // WeChat refuses a slash at the start
            (Some(program), Some(page)) => Ok((program, page.trim_start_matches('/'))),
            _ => Err(ShopError::NoMiniProgram),
        }
    }
}

fn refused(error: wechat::Error) -> ShopError {
    tracing::warn!(%error, "WeChat makes no code or link for a product");
    match error.code() {
        Some("41030" | "40165" | "40169" | "85079") => ShopError::invalid(
            "小程序还没有发布，或已发布的版本里没有这个页面（WECHAT_MINIPROGRAM_PRODUCT_PAGE）",
            "The mini program is not released, or its released version lacks the page (WECHAT_MINIPROGRAM_PRODUCT_PAGE).",
        ),
        Some("40002" | "48001") => ShopError::invalid(
            "这个小程序没有生成链接的权限（个人主体的小程序不能生成）",
            "This mini program may not make links; one of a private person may not.",
        ),
        Some("45009" | "44990" | "44993") => {
            ShopError::invalid("今天生成得太多，请稍后再试", "Too many today. Please try again later.")
        }
        _ => ShopError::of_account(error),
    }
}
