//! Starts and ends isolated worlds, for tests that run at the same time.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::input::{ControlError, read};
use crate::{
    Config, Seed,
    account::Authority,
    app_state::SharedState,
    database::Database,
    random,
    simulator::{Running, Simulator},
    worlds::MAX_WORLDS,
};

const ACCEPTED: &str = "{\"shop\"?: \"http://host:port\" (the shop of this world if it is missing), \"accounts\"?: as for \
    POST /_simulator/accounts (the accounts of this world if it is missing)}";

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWorld {
    shop: Option<String>,
    accounts: Option<Seed>,
}

fn shown(id: &str, running: &Running) -> Value {
    json!({
        "world": id,
        "url": running.url(),
        "tls_url": running.tls_url(),
        "phone_url": running.phone_url(),
    })
}

pub(super) async fn list(State(app): State<SharedState>) -> Json<Value> {
    let worlds: Vec<Value> = app.worlds.lock().iter().map(|(id, running)| shown(id, running)).collect();
    Json(json!({ "worlds": worlds }))
}

/// Starts a world. It has the accounts and keys of this simulator or its own accounts, and no other data of this
/// simulator.
pub(super) async fn create(State(app): State<SharedState>, body: Bytes) -> Result<Json<Value>, ControlError> {
    let NewWorld { shop, accounts } =
        if body.is_empty() { NewWorld::default() } else { read(&body, ACCEPTED)? };
    let shop = match shop {
        None => app.addresses.shop.clone(),
        Some(shop) => Url::parse(&shop)
            .map_err(|error| ControlError::bad(format!("{shop:?} is not a URL: {error}"), ACCEPTED))?,
    };
    if app.worlds.lock().len() >= MAX_WORLDS {
        let error = format!("there are {MAX_WORLDS} worlds already: end some");
        return Err(ControlError::new(StatusCode::CONFLICT, error));
    }
    // WeChat's own keys are the same in each world: new ones would take a second
    let (keys, private_keys, own) = {
        let db = app.database();
        (db.keys.clone(), db.private_keys.clone(), db.accounts.clone())
    };
    let accounts = match accounts {
        None => own,
        Some(seed) => {
            let built = tokio::task::spawn_blocking(move || {
                let authority = Authority::new().map_err(|why| why.to_string())?;
                seed.world(&authority).map_err(|why| why.to_string())
            });
            let built = built.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
            built.map_err(|why| ControlError::bad(why, ACCEPTED))?
        }
    };
    let database = Database::with_accounts(keys, private_keys, accounts);
    let config = Config {
        jssdk: app.jssdk.clone(),
        wechat_only: app.settings().wechat_only,
        ..Config::on_free_ports(shop)
    };
    let running = Simulator::start_with(config, std::future::ready(Ok(database))).await;
    let running = running.map_err(|error| ControlError::new(StatusCode::CONFLICT, error.to_string()))?;
    let id = random::hex(12);
    let answer = shown(&id, &running);
    app.worlds.lock().insert(id, running);
    Ok(Json(answer))
}

pub(super) async fn end(
    State(app): State<SharedState>,
    Path(world): Path<String>,
) -> Result<Json<Value>, ControlError> {
    let running = app.worlds.lock().remove(&world);
    let running =
        running.ok_or_else(|| ControlError::new(StatusCode::NOT_FOUND, format!("{world}: no such world")))?;
    running.stop().await;
    Ok(Json(json!({ "world": world, "ended": true })))
}
