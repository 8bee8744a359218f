use std::{fmt, marker::PhantomData};

/// The JSON of a request. A [`super::Client`] signs it again with each attempt.
///
/// `T` is the type of the request, so the compiler refuses a refund that is sent as an order. Store the text before you
/// send the request. To repeat it, use [`RequestBody::from_stored`].
///
/// ```
/// use wechat::pay::{PaymentId, RefundRequestAmount, v3::{RefundRequest, RequestBody}};
///
/// let amount = RefundRequestAmount { total: 1990, refund: 990 };
/// let body = RefundRequest::new(PaymentId::OutTradeNo("20260101000001".into()), "R1", amount).request();
/// let stored = body.as_str().to_owned();
/// assert_eq!(RequestBody::from_stored(stored), body);
/// ```
pub struct RequestBody<T> {
    text: String,
    request: PhantomData<fn() -> T>,
}

impl<T> RequestBody<T> {
    /// Makes a request from its stored text.
    #[must_use]
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self { text: text.into(), request: PhantomData }
    }

    /// The JSON, byte for byte as the client signs and sends it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The JSON, byte for byte as the client signs and sends it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }
}

impl<T> Clone for RequestBody<T> {
    fn clone(&self) -> Self {
        Self::from_stored(self.text.clone())
    }
}

impl<T> PartialEq for RequestBody<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for RequestBody<T> {}

impl<T> fmt::Debug for RequestBody<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestBody").field(&self.text).finish()
    }
}
