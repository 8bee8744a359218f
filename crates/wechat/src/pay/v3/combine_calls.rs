//! The calls for combined orders (合单): several orders with one payment.

use serde::Serialize;

use super::{
    Client, CombinePrepayRequest, CombineTransaction, RequestBody,
    client::{Call, segment},
    response::parse_body,
};
use crate::Error;

impl Client {
    /// Creates combined orders for a page or a mini program and returns their `prepay_id`. `request` comes from
    /// [`CombinePrepayRequest::request`], or from its stored text.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{CombinePrepayRequest, SubOrder, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let orders = vec![SubOrder::new("1900009191", "S1", 1990, "Tea", "attached")];
    /// let trade = Trade::Jsapi { openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into() };
    /// let order = CombinePrepayRequest::new("C1", orders, "https://h/notify", trade);
    /// println!("prepay_id: {}", client.combine_jsapi(&order.request(client.merchant())).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_jsapi(&self, request: &RequestBody<CombinePrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/jsapi", request.as_str(), "prepay_id").await
    }

    /// Creates combined orders for a phone app and returns their `prepay_id`.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{CombinePrepayRequest, SubOrder, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let orders = vec![SubOrder::new("1900009191", "S1", 1990, "Tea", "attached")];
    /// let trade = Trade::App;
    /// let order = CombinePrepayRequest::new("C1", orders, "https://h/notify", trade);
    /// println!("prepay_id: {}", client.combine_app(&order.request(client.merchant())).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_app(&self, request: &RequestBody<CombinePrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/app", request.as_str(), "prepay_id").await
    }

    /// Creates combined orders for a QR code and returns the content of the code.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{CombinePrepayRequest, SubOrder, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let orders = vec![SubOrder::new("1900009191", "S1", 1990, "Tea", "attached")];
    /// let trade = Trade::Native;
    /// let order = CombinePrepayRequest::new("C1", orders, "https://h/notify", trade);
    /// println!("code: {}", client.combine_native(&order.request(client.merchant())).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_native(&self, request: &RequestBody<CombinePrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/native", request.as_str(), "code_url").await
    }

    /// Creates combined orders for a browser on a phone and returns the address of the payment page.
    ///
    /// ```no_run
    /// use wechat::pay::v3::{CombinePrepayRequest, H5Info, SubOrder, Trade};
    ///
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// let orders = vec![SubOrder::new("1900009191", "S1", 1990, "Tea", "attached")];
    /// let trade = Trade::H5 { payer_client_ip: "203.0.113.7".into(), h5_info: H5Info::wap() };
    /// let order = CombinePrepayRequest::new("C1", orders, "https://h/notify", trade);
    /// println!("page: {}", client.combine_h5(&order.request(client.merchant())).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_h5(&self, request: &RequestBody<CombinePrepayRequest>) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/h5", request.as_str(), "h5_url").await
    }

    /// Queries combined orders.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// for order in client.combine_query("C1").await?.sub_orders {
    ///     println!("{}: {}", order.out_trade_no, order.trade_state.as_str());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`] if WeChat has no such orders.
    pub async fn combine_query(&self, combine_out_trade_no: &str) -> Result<CombineTransaction, Error> {
        const ENDPOINT: &str = "v3/combine-transactions/out-trade-no";
        let url = format!("/{ENDPOINT}/{}", segment(combine_out_trade_no));
        let answer = self.call(&Call::get(ENDPOINT, &url)).await?;
        let orders = parse_body(ENDPOINT, &answer, CombineTransaction::from_json)?;
        if orders.combine_mchid != self.merchant().mchid() {
            return Err(Error::verification(ENDPOINT, "the response is for another mchid"));
        }
        if orders.combine_appid != self.merchant().appid() {
            return Err(Error::verification(ENDPOINT, "the response is for another appid"));
        }
        if orders.combine_out_trade_no != combine_out_trade_no {
            return Err(Error::verification(ENDPOINT, "the response is about other orders"));
        }
        Ok(orders)
    }

    /// Closes combined orders that are not paid. `sub_orders` contains the merchant number and the shop's order number
    /// of each order.
    ///
    /// ```no_run
    /// # async fn example(client: wechat::pay::v3::Client) -> Result<(), wechat::Error> {
    /// client.combine_close("C1", &[("1900009191", "S1"), ("1900009191", "S2")]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::close`].
    pub async fn combine_close(
        &self,
        combine_out_trade_no: &str,
        sub_orders: &[(&str, &str)],
    ) -> Result<(), Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            combine_appid: &'a str,
            sub_orders: Vec<Order<'a>>,
        }
        #[derive(Serialize)]
        struct Order<'a> {
            mchid: &'a str,
            out_trade_no: &'a str,
        }
        const ENDPOINT: &str = "v3/combine-transactions/out-trade-no/close";
        let sub_orders =
            sub_orders.iter().map(|(mchid, out_trade_no)| Order { mchid, out_trade_no }).collect();
        let body = super::request_json::<()>(&Body { combine_appid: self.merchant().appid(), sub_orders });
        let url = format!("/v3/combine-transactions/out-trade-no/{}/close", segment(combine_out_trade_no));
        let call = Call::post(ENDPOINT, &url, body.as_str());
        self.call(&call).await.map(drop)
    }
}
