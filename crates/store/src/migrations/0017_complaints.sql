-- Complaints that shoppers make at WeChat (消费者投诉2.0). `sealed_phone` is encrypted by WeChat for the merchant's private key.
CREATE TABLE complaints (
    id                      TEXT   PRIMARY KEY,
    state                   TEXT   NOT NULL,
    order_id                TEXT   NOT NULL,
    out_trade_no            TEXT   NOT NULL,
    transaction_id          TEXT   NOT NULL,
    problem                 TEXT   NOT NULL,
    problem_words           TEXT   NOT NULL,
    refund_wanted           BIGINT NOT NULL,
    detail                  TEXT   NOT NULL,
    sealed_phone            TEXT   NOT NULL,
    pictures                TEXT   NOT NULL,
    times                   BIGINT NOT NULL,
    is_fully_refunded       BIGINT NOT NULL,
    has_unanswered_response BIGINT NOT NULL,
    newest_of_shopper       TEXT   NOT NULL,
    complained_ms           BIGINT NOT NULL,
    read_ms                 BIGINT
);
CREATE INDEX complaints_open ON complaints (complained_ms) WHERE state <> 'processed';
CREATE INDEX complaints_ended ON complaints (complained_ms) WHERE state = 'processed';
CREATE INDEX complaints_order ON complaints (order_id) WHERE order_id <> '';

-- What was written about a complaint. WeChat does not change an entry.
CREATE TABLE complaint_entries (
    complaint_id TEXT   NOT NULL REFERENCES complaints (id),
    log_id       TEXT   NOT NULL,
    writer       TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    pictures     TEXT   NOT NULL,
    at_ms        BIGINT NOT NULL,
    PRIMARY KEY (complaint_id, log_id)
);

-- What staff answer. The transaction that inserts an answer inserts its job.
CREATE TABLE complaint_answers (
    id           TEXT   PRIMARY KEY,
    complaint_id TEXT   NOT NULL REFERENCES complaints (id),
    kind         TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    who          TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    code         TEXT   NOT NULL,
    message      TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    changed_ms   BIGINT NOT NULL
);
CREATE INDEX complaint_answers_of ON complaint_answers (complaint_id, created_ms);
