use std::future::Future;

use http::Method;
use model::text::{TextError, TextForm, from_text, to_text};
use send_wrapper::SendWrapper;
use server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType, Http, Protocol,
    client::Client,
    codec::Post,
    error::{FromServerFnError, ServerFnErrorErr},
    server::Server,
};

use super::fetch::{self, Answer};

/// The encoding of server functions: the text format of [`model::text`].
#[derive(Debug)]
pub struct TextEncoding;

impl ContentType for TextEncoding {
    const CONTENT_TYPE: &'static str = "text/plain;charset=utf-8";
}

impl FormatType for TextEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: TextForm> Encodes<T> for TextEncoding {
    type Error = TextError;

    fn encode(value: &T) -> Result<Bytes, TextError> {
        Ok(to_text(value).into())
    }
}

impl<T: TextForm> Decodes<T> for TextEncoding {
    type Error = TextError;

    fn decode(bytes: Bytes) -> Result<T, TextError> {
        let text = std::str::from_utf8(&bytes).map_err(|_| TextError(String::new()))?;
        from_text(text)
    }
}

/// The protocol of server functions: [`TextEncoding`] in both directions, in the body of a `POST`.
///
/// In the browser it replaces the client of `server_fn`, which is larger: it also streams, aborts and sends forms.
#[derive(Debug)]
pub struct PostText;

type OnServer = Http<Post<TextEncoding>, Post<TextEncoding>>;

impl<I, O, C, S, E> Protocol<I, O, C, S, E> for PostText
where
    I: TextForm + Send,
    O: TextForm + Send,
    C: Client<E>,
    S: Server<E>,
    E: FromServerFnError + TextForm + Send,
{
    const METHOD: Method = Method::POST;

    fn run_server<F, Fut>(
        request: S::Request,
        server_fn: F,
    ) -> impl Future<Output = Result<S::Response, E>> + Send
    where
        F: Fn(I) -> Fut + Send,
        Fut: Future<Output = Result<O, E>> + Send,
    {
        <OnServer as Protocol<I, O, C, S, E>>::run_server(request, server_fn)
    }

    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, E>> + Send {
        let answer = fetch::post(path, &to_text(&input));
        SendWrapper::new(async move {
            let unreadable = |_| E::from_server_fn_error(ServerFnErrorErr::Request(String::new()));
            match answer.await {
                Some(Answer { is_ok: true, text }) => from_text(&text).map_err(unreadable),
                Some(Answer { is_ok: false, text }) => Err(from_text(&text).unwrap_or_else(unreadable)),
                None => Err(unreadable(TextError(String::new()))),
            }
        })
    }
}
