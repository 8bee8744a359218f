-- Invoices (发票) that shoppers ask for. `issued_ms` is NULL until staff say that the invoice was issued.
CREATE TABLE invoices (
    order_id   TEXT   PRIMARY KEY REFERENCES orders (id),
    kind       TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    tax_number TEXT   NOT NULL,
    email      TEXT   NOT NULL,
    asked_ms   BIGINT NOT NULL,
    issued_ms  BIGINT,
    who        TEXT   NOT NULL
);
CREATE INDEX invoices_waiting ON invoices (order_id) WHERE issued_ms IS NULL;

-- Shoppers whose data was erased: sessions that began before `before_s` have ended. `shopper` is a SHA-256 in hexadecimal. A
-- session cookie lives 30 days, and so does the row.
CREATE TABLE ended_sessions (
    shopper  TEXT   PRIMARY KEY,
    before_s BIGINT NOT NULL
);

-- The orders of others that a shopper has opened, for the copy and the erasure of a shopper's data.
CREATE INDEX order_visitors_by_shopper ON order_visitors (shopper);
