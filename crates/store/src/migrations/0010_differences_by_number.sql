-- The page of an order shows its differences.
CREATE INDEX differences_by_number ON differences (out_trade_no);
