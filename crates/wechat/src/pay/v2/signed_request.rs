use std::{fmt, marker::PhantomData};

use super::SignType;

/// A signed request: its exact text and the type that signed it.
///
/// `T` is the type of the request, so the compiler refuses a refund that is sent as an order. Store the text and the
/// sign type before you send the request. To repeat it, use [`SignedRequest::from_stored`].
///
/// ```
/// use wechat::pay::v2::{Merchant, SignType, SignedRequest, Trade, UnifiedOrder};
///
/// let merchant = Merchant::new("wxd930ea5d5a258f4f", "10000100", "192006250b4c09247ec02edce69f6a2d");
/// let trade = Trade::Native { product_id: "tea".into() };
/// let order = UnifiedOrder::new("Tea", "20260101000001", 1990, "203.0.113.7", "https://h/notify", trade);
/// let request = order.request(&merchant, SignType::HmacSha256, "a nonce");
/// let stored = request.as_str().to_owned();
/// assert_eq!(SignedRequest::from_stored(stored, SignType::HmacSha256), request);
/// ```
pub struct SignedRequest<T> {
    text: String,
    sign_type: SignType,
    request: PhantomData<fn() -> T>,
}

impl<T> SignedRequest<T> {
    /// Makes a request from its stored text. `sign_type` is the type that signed it.
    #[must_use]
    pub fn from_stored(text: impl Into<String>, sign_type: SignType) -> Self {
        Self { text: text.into(), sign_type, request: PhantomData }
    }

    /// The XML, byte for byte as the client sends it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The XML, byte for byte as the client sends it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// The type that signed the request. WeChat signs the response with the same type.
    #[must_use]
    pub const fn sign_type(&self) -> SignType {
        self.sign_type
    }
}

impl<T> Clone for SignedRequest<T> {
    fn clone(&self) -> Self {
        Self::from_stored(self.text.clone(), self.sign_type)
    }
}

impl<T> PartialEq for SignedRequest<T> {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.sign_type) == (&other.text, other.sign_type)
    }
}

impl<T> Eq for SignedRequest<T> {}

impl<T> fmt::Debug for SignedRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest").field("text", &self.text).field("sign_type", &self.sign_type).finish()
    }
}
