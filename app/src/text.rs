//! How server functions speak: `model::text`, so that no JSON library reaches the browser, over a plain `fetch`.

use std::future::Future;

use http::Method;
use model::text::{TextError, TextForm, from_text, to_text};
use server_fn::{
    Bytes, ContentType, Decodes, Encodes, Format, FormatType, Http, Protocol,
    client::Client,
    codec::Post,
    error::{FromServerFnError, ServerFnErrorErr},
    server::Server,
};

/// One `name value` pair a line.
#[derive(Debug)]
pub struct Text;

impl ContentType for Text {
    const CONTENT_TYPE: &'static str = "text/plain;charset=utf-8";
}

impl FormatType for Text {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: TextForm> Encodes<T> for Text {
    type Error = TextError;

    fn encode(value: &T) -> Result<Bytes, TextError> {
        Ok(to_text(value).into())
    }
}

impl<T: TextForm> Decodes<T> for Text {
    type Error = TextError;

    fn decode(bytes: Bytes) -> Result<T, TextError> {
        let text = std::str::from_utf8(&bytes).map_err(|_| TextError(String::new()))?;
        from_text(text)
    }
}

/// On the server what leptos does with [`Text`]. In the browser its client, which can stream, abort and form queries, would
/// weigh more than all islands together.
#[derive(Debug)]
pub struct TextCall;

type OverPost = Http<Post<Text>, Post<Text>>;

impl<I, O, C, S, E> Protocol<I, O, C, S, E> for TextCall
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
        <OverPost as Protocol<I, O, C, S, E>>::run_server(request, server_fn)
    }

    fn run_client(path: &str, input: I) -> impl Future<Output = Result<O, E>> + Send {
        let answer = crate::browser::post(path, &to_text(&input));
        send_wrapper::SendWrapper::new(async move {
            let failed = |_| E::from_server_fn_error(ServerFnErrorErr::Request(String::new()));
            match answer.await.ok_or(()).map_err(failed)? {
                (true, text) => from_text(&text).map_err(|_| ()).map_err(failed),
                (false, text) => Err(from_text(&text).map_err(|_| ()).unwrap_or_else(failed)),
            }
        })
    }
}
