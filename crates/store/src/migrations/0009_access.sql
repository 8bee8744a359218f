-- Logins that came back from WeChat. A state serves one code, and that code is exchanged once for all servers.
-- `state` and `code` are SHA-256 in hexadecimal; `openid` is empty until WeChat has answered.
CREATE TABLE login_states (
    state     TEXT   PRIMARY KEY,
    code      TEXT   NOT NULL,
    openid    TEXT   NOT NULL,
    leased_ms BIGINT NOT NULL,
    at_ms     BIGINT NOT NULL
);
CREATE INDEX login_states_by_time ON login_states (at_ms);

-- From which address an order was placed (an IPv4 address, or the /64 network of an IPv6 address), and how many pieces it
-- holds back from the shelf. An order whose payment never begins gives its pieces back after SHOP_HOLD_S and can still be paid.
ALTER TABLE orders ADD COLUMN placed_from TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0);
UPDATE orders SET held = COALESCE((SELECT SUM(i.quantity) FROM order_items i WHERE i.order_id = orders.id), 0)
    WHERE state IN ('created', 'paying', 'closing');
CREATE INDEX orders_unpaid_by_address ON orders (placed_from)
    WHERE placed_from <> '' AND state IN ('created', 'paying', 'closing');

-- Who is signed in to the console. `id` is the SHA-256 of what the cookie holds.
CREATE TABLE staff_sessions (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    generation TEXT   NOT NULL,
    address    TEXT   NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX staff_sessions_by_name ON staff_sessions (name);

-- Failed sign-ins in a row. `kind` is address, name or code (of the second factor).
CREATE TABLE sign_in_failures (
    kind     TEXT   NOT NULL,
    subject  TEXT   NOT NULL,
    failures BIGINT NOT NULL,
    last_ms  BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE INDEX sign_in_failures_by_time ON sign_in_failures (last_ms);

-- From where somebody has signed in before: failures from elsewhere do not slow them down there.
CREATE TABLE staff_addresses (
    name    TEXT   NOT NULL,
    address TEXT   NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (name, address)
);
