import json
import unittest

from shop import MODES, client, control, number, order, place_and_pay_order, reset_simulator


class Refunds(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_two_partial_refunds_by_either_number_of_the_order(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                done = place_and_pay_order(wechat)
                first, second = number("r"), number("r")
                amount = {"refund": 990, "total": 1990, "currency": "CNY"}
                code, message = wechat.refund(first, amount, out_trade_no=done["out_trade_no"], reason="缺货")
                refund = json.loads(message)
                self.assertEqual((code, refund["status"]), (200, "PROCESSING"))
                goods = [{"merchant_goods_id": "1", "unit_price": 1000, "refund_amount": 1000, "refund_quantity": 1}]
                code, message = wechat.refund(
                    second, {**amount, "refund": 1000}, transaction_id=done["transaction_id"],
                    funds_account="AVAILABLE", goods_detail=goods)
                self.assertEqual(code, 200, message)
                control("clock", {"advance_s": 2})
                for out_refund_no in first, second:
                    code, message = wechat.query_refund(out_refund_no)
                    self.assertEqual((code, json.loads(message)["status"]), (200, "SUCCESS"))
                self.assertEqual(order(done["out_trade_no"])["trade_state"], "REFUND")

    def test_an_invalid_refund_is_refused(self):
        wechat = client()
        done = place_and_pay_order(wechat)
        amount = {"refund": 1991, "total": 1990, "currency": "CNY"}
        self.assertEqual(wechat.refund(number("r"), amount, out_trade_no=done["out_trade_no"])[0], 400)
        self.assertEqual(wechat.refund(number("r"), {**amount, "refund": 1}, out_trade_no=number())[0], 404)
        self.assertEqual(wechat.query_refund(number("r"))[0], 404)
