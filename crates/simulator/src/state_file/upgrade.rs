//! Reads older state files, which have only the demo account.

use serde_json::{Map, Value, json};

use crate::account::{
    API_V2_KEY, API_V3_KEY, APPID, MCH_ID, MERCHANT_NAME, MINIPROGRAM_APPID, MINIPROGRAM_PUSH_AES_KEY,
    MINIPROGRAM_PUSH_TOKEN, MINIPROGRAM_SECRET, PREVIOUS_API_V2_KEY, PUSH_AES_KEY, PUSH_TOKEN,
    SANDBOX_SIGNKEY, SECRET,
};
use crate::messages::{demo_templates, templates};

/// Adds the demo account and its numbers to a state without accounts. `None` if the state is not an older one.
pub(super) fn upgraded(mut state: Value) -> Option<Value> {
    let account = state["accounts"].clone();
    if !account.is_null() {
        add_templates(&mut state);
        return Some(state);
    }
    let keys = state["keys"].as_object()?.clone();
    let public_key_private_key_pem = state["private_keys"]["public_key_private_key_pem"].clone();
    let mut merchant = json!({
        "mch_id": MCH_ID,
        "name": MERCHANT_NAME,
        "appids": [APPID, MINIPROGRAM_APPID],
        "api_v2_key": API_V2_KEY,
        "api_v3_key": API_V3_KEY,
        "previous_api_v2_key": PREVIOUS_API_V2_KEY,
        "sandbox_signkey": SANDBOX_SIGNKEY,
        "public_key_private_key_pem": public_key_private_key_pem,
    });
    for (name, value) in keys {
        merchant[name] = value;
    }
    let app = |appid: &str, secret: &str, token: &str, key: &str, format: &str| {
        let push = json!({ "token": token, "encoding_aes_key": key, "mode": "secure", "format": format });
        json!({ "appid": appid, "secret": secret, "name": MERCHANT_NAME, "push": push })
    };
    state["accounts"] = json!({
        "service_accounts": [app(APPID, SECRET, PUSH_TOKEN, PUSH_AES_KEY, "xml")],
        "miniprograms": [app(
            MINIPROGRAM_APPID,
            MINIPROGRAM_SECRET,
            MINIPROGRAM_PUSH_TOKEN,
            MINIPROGRAM_PUSH_AES_KEY,
            "json"
        )],
        "merchants": [merchant],
        "users": state["users"],
        "registered": {},
    });
    let key = |number: &Value| json!(format!("{MCH_ID}/{}", number.as_str().unwrap_or_default()));
    let orders = std::mem::take(state["orders"].as_object_mut()?);
    let mut keyed = Map::new();
    for (number, mut order) in orders {
        order["mch_id"] = MCH_ID.into();
        for part in order.get_mut("parts").and_then(Value::as_array_mut).into_iter().flatten() {
            *part = key(part);
        }
        if order["part_of"].is_string() {
            order["part_of"] = key(&order["part_of"]);
        }
        for refund in order["refunds"].as_array().cloned().unwrap_or_default() {
            state["refund_of"][format!("{MCH_ID}/{}", refund["out_refund_no"].as_str()?)] = json!(number);
        }
        keyed.insert(format!("{MCH_ID}/{number}"), order);
    }
    state["orders"] = Value::Object(keyed);
    for table in ["order_of", "refund_of"] {
        for number in
            state.get_mut(table).and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            *number = key(number);
        }
    }
    let lists =
        [("notifications", "mch_id", MCH_ID), ("web_tokens", "appid", APPID), ("tickets", "appid", APPID)];
    for (table, name, value) in lists {
        for entry in state.get_mut(table).and_then(Value::as_array_mut).into_iter().flatten() {
            entry[name] = value.into();
        }
    }
    let tables = [("codes", APPID), ("program_codes", MINIPROGRAM_APPID), ("phone_codes", MINIPROGRAM_APPID)];
    for (table, appid) in tables {
        for entry in state.get_mut(table).and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            entry["appid"] = appid.into();
        }
    }
    // a bill can be requested again
    state["downloads"] = json!({});
    add_templates(&mut state);
    Some(state)
}

/// Adds the templates of messages to the demo accounts of a state without templates.
fn add_templates(state: &mut Value) {
    for (list, appid, is_miniprogram) in
        [("service_accounts", APPID, false), ("miniprograms", MINIPROGRAM_APPID, true)]
    {
        let apps = state["accounts"][list].as_array_mut().into_iter().flatten();
        for app in apps.filter(|app| app["appid"] == appid && app["templates"].is_null()) {
            app["templates"] =
                json!(templates(demo_templates(is_miniprogram), is_miniprogram).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::{Keys, RsaKeys},
        database::Database,
    };

    #[test]
    fn an_order_of_an_old_state_belongs_to_the_demo_merchant() {
        let (keys, private_keys, authority) = Keys::generate([127, 0, 0, 1].into(), RsaKeys::New).unwrap();
        let accounts = crate::Seed::default().world(&authority).unwrap();
        let new = Database::with_accounts(keys, private_keys, accounts);
        let mut old = serde_json::to_value(&new).unwrap();
        let merchant = old["accounts"]["merchants"][0].take();
        for name in [
            "merchant_serial",
            "merchant_private_key_pem",
            "merchant_cert_pem",
            "public_key_id",
            "public_key_pem",
        ] {
            old["keys"][name] = merchant[name].clone();
        }
        old["private_keys"]["public_key_private_key_pem"] = merchant["public_key_private_key_pem"].clone();
        old.as_object_mut().unwrap().remove("accounts");
        old["orders"] = json!({ "order1": {
            "number": 0, "out_trade_no": "order1", "appid": APPID, "trade_type": "JSAPI", "sign_type": "MD5",
            "openid": null, "total_fee": 1, "body": "茶", "attach": null, "device_info": null,
            "notify_url": "http://127.0.0.1:9/", "request": {}, "created_at": 0, "expires_at": null,
            "prepays": [], "closed_at": null, "payment": null,
        } });
        old["order_of"] = json!({ "wx1": "order1" });
        let read: Database = serde_json::from_value(upgraded(old).unwrap()).unwrap();
        assert_eq!(read.order(MCH_ID, "order1").unwrap().mch_id, MCH_ID);
        assert_eq!(read.order_with_id("wx1").unwrap().out_trade_no, "order1");
        let merchant = read.accounts.first_merchant();
        assert_eq!(merchant.keys.merchant_cert_pem, new.accounts.first_merchant().keys.merchant_cert_pem);
        let push = |app: &crate::account::App| serde_json::to_value(&app.push).unwrap();
        for (read, new) in [
            (read.accounts.first_service_account(), new.accounts.first_service_account()),
            (&read.accounts.miniprograms[0], &new.accounts.miniprograms[0]),
        ] {
            assert_eq!(push(read), push(new));
            let ids = |app: &crate::account::App| -> Vec<String> {
                app.templates.iter().map(|template| template.id.clone()).collect()
            };
            assert_eq!(ids(read), ids(new));
        }
        assert!(crate::merchants::Merchants::new(&read).is_ok());
    }
}
