//! All accounts of this world.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};

use serde_json::{Value, json};

use super::input::{ControlError, read};
use crate::{
    account::{Accounts, Authority, Seed},
    app_state::{AppState, SharedState},
    database::Database,
    merchants::Merchants,
};

pub(super) const ACCEPTED: &str = "{\"service_accounts\": [{\"appid\": \"wx…\", \"secret\"?, \"name\"?, \"oauth_domain\"?, \
    \"js_domains\"?, \"ip_whitelist\"?, \"templates\"?: [{\"id\"?, \"title\", \"kind\"?: one_time|long_term|template, \"fields\"}]}], \
    \"miniprograms\": [{\"appid\", \"secret\"?, \"name\"?, \"templates\"?}], \"websites\": [{\"appid\", \"secret\"?, \"name\"?, \"oauth_domain\"?}], \"merchants\": [{\"mch_id\", \
    \"name\"?, \"appids\"? (all by default), \"api_v2_key\"?, \"api_v3_key\"?, \"previous_api_v2_key\"?, \
    \"sandbox_signkey\"?, \"private_key\"?, \"certificate\"? (PEM), \"public_key_id\"?, \"platform_keys\"?, \
    \"pay_directories\"?, \"h5_domains\"?, \"refund_notify_url\"?}], \"users\": [{\"nickname\", \"phone\"?, \"openids\"?: \
    {appid: openid}, \"unionid\"?, \"follows\"?: [appid]}]}; each list optional; each account but a merchant also has \"open_platform\"?";

pub(super) async fn list(State(app): State<SharedState>) -> Json<Value> {
    let db = app.database();
    let mut merchants = json!(db.accounts.merchants);
    for merchant in merchants.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        // this private key belongs to WeChat, so do not show it
        merchant.remove("public_key_private_key_pem");
    }
    Json(json!({
        "service_accounts": db.accounts.service_accounts,
        "miniprograms": db.accounts.miniprograms,
        "websites": db.accounts.websites,
        "merchants": merchants,
        "users": db.users,
    }))
}

/// Adds accounts to this world. A mistake changes nothing.
pub(super) async fn add(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let seed: Seed = read(&body, ACCEPTED)?;
    // new keys take a moment
    let added = tokio::task::spawn_blocking({
        let app = app.clone();
        move || add_now(&app, seed)
    });
    added.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
    Ok(list(State(app)).await)
}

fn add_now(app: &AppState, seed: Seed) -> Result<(), ControlError> {
    let broken =
        |why: &dyn std::fmt::Display| ControlError::new(StatusCode::INTERNAL_SERVER_ERROR, why.to_string());
    let authority = Authority::new().map_err(|why| broken(&why))?;
    let mut accounts = app.database().accounts.clone();
    let before = accounts.users.len();
    seed.add_to(&mut accounts, &authority).map_err(|why| ControlError::bad(why.to_string(), ACCEPTED))?;
    let mut db = app.database_mut();
    // another call may have added accounts while this one made its keys
    if accounts_changed(&db, &accounts) {
        return Err(ControlError::new(StatusCode::CONFLICT, "the accounts were changed at the same time"));
    }
    let mut users = db.users.clone();
    users.iter_mut().for_each(|user| accounts.introduce(user));
    users.extend(accounts.users.iter().skip(before).cloned());
    let mut known: Vec<_> = std::mem::take(&mut accounts.users);
    known.iter_mut().for_each(|user| accounts.introduce(user));
    accounts.users = known;
    let previous = std::mem::replace(&mut db.accounts, accounts);
    match Merchants::new(&db) {
        Ok(merchants) => {
            app.replace_merchants(merchants);
            db.users = users;
            Ok(())
        }
        Err(why) => {
            db.accounts = previous;
            Err(broken(&why))
        }
    }
}

/// Whether the database has an account that is not among these.
fn accounts_changed(db: &Database, accounts: &Accounts) -> bool {
    db.accounts.all_apps().any(|app| accounts.all_apps().all(|known| known.appid != app.appid))
        || db.accounts.merchants.iter().any(|merchant| accounts.merchant(&merchant.mch_id).is_none())
}
