//! The calls of orders that are paid at once.

use serde::Serialize;

use super::{
    Client, CombineTransaction,
    calls::read,
    client::{Call, segment},
};
use crate::Error;

impl Client {
    /// Places combined orders for a page or a mini program and tells their `prepay_id`. `request` is what
    /// [`super::CombinePrepayRequest::request`] gave, byte for byte.
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_jsapi(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/jsapi", request, "prepay_id").await
    }

    /// Places combined orders for another app and tells their `prepay_id`.
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_app(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/app", request, "prepay_id").await
    }

    /// Places combined orders for a code to scan and tells what the code says.
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_native(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/native", request, "code_url").await
    }

    /// Places combined orders for a phone's browser and tells the page to open.
    ///
    /// # Errors
    /// As [`Client::jsapi`].
    pub async fn combine_h5(&self, request: &str) -> Result<String, Error> {
        self.post_for("v3/combine-transactions/h5", request, "h5_url").await
    }

    /// Asks how far combined orders are.
    ///
    /// # Errors
    /// [`Error::is_order_not_exist`] where WeChat knows no such orders.
    pub async fn combine_query(&self, combine_out_trade_no: &str) -> Result<CombineTransaction, Error> {
        const ENDPOINT: &str = "v3/combine-transactions/out-trade-no";
        let url = format!("/{ENDPOINT}/{}", segment(combine_out_trade_no));
        let answer = self.call(&Call::get(ENDPOINT, &url)).await?;
        let orders = read(ENDPOINT, &answer, CombineTransaction::from_json)?;
        if orders.combine_mchid != self.merchant().mchid() {
            return Err(Error::verification(ENDPOINT, "it is for another mchid"));
        }
        if orders.combine_appid != self.merchant().appid() {
            return Err(Error::verification(ENDPOINT, "it is for another appid"));
        }
        if orders.combine_out_trade_no != combine_out_trade_no {
            return Err(Error::verification(ENDPOINT, "it is about other orders"));
        }
        Ok(orders)
    }

    /// Closes combined orders that are not paid; `sub_orders` names each by its merchant and the shop's number.
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
        let body = super::to_json(&Body { combine_appid: self.merchant().appid(), sub_orders });
        let url = format!("/v3/combine-transactions/out-trade-no/{}/close", segment(combine_out_trade_no));
        let call = Call::post(ENDPOINT, &url, &body);
        self.call(&call).await.map(drop)
    }
}
