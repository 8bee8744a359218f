-- Whether the pieces of an after-sale are not sent any more. A refund of less than the shopper asked for leaves them to be sent.
ALTER TABLE after_sales ADD COLUMN cancels_pieces BIGINT NOT NULL DEFAULT 1;

UPDATE after_sales SET cancels_pieces = 0 WHERE restock = 0 AND EXISTS (SELECT 1 FROM refunds r
  WHERE r.order_id = after_sales.order_id AND r.out_refund_no = after_sales.out_refund_no AND r.refund_fee <
  (SELECT SUM(l.fee) FROM after_sale_lines l WHERE l.after_sale_id = after_sales.id));
