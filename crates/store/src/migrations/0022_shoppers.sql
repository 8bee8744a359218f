-- Shoppers of whom WeChat told a unionid. `id` is the openid with which the shop knew the person first. A shopper without a
-- unionid has no row here: then the openid is the shopper.
CREATE TABLE shoppers (
    id      TEXT PRIMARY KEY,
    unionid TEXT NOT NULL UNIQUE
);

-- The openids of these shoppers, each of one account.
CREATE TABLE shopper_openids (
    openid  TEXT   PRIMARY KEY,
    appid   TEXT   NOT NULL,
    shopper TEXT   NOT NULL REFERENCES shoppers (id),
    at_ms   BIGINT NOT NULL
);
CREATE INDEX shopper_openids_of ON shopper_openids (shopper);
CREATE INDEX shopper_openids_by_appid ON shopper_openids (appid);
