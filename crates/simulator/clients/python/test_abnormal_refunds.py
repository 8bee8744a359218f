import json
import unittest

from shop import MODES, client, control, number, place_and_pay_order, reset_simulator


class Abnormal(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_an_abnormal_refund_goes_to_a_bank_card_or_to_the_merchant(self):
        ways = (
            {"type": "USER_BANK_CARD", "bank_type": "ICBC_DEBIT", "bank_account": "6222000000001234", "real_name": "张三"},
            {"type": "MERCHANT_BANK_CARD"},
        )
        for mode in MODES:
            for way in ways:
                with self.subTest(mode=mode, way=way["type"]):
                    wechat = client(mode)
                    control("refund", {"outcome": "abnormal", "times": 1})
                    out_refund_no = number("r")
                    amount = {"refund": 1990, "total": 1990, "currency": "CNY"}
                    out_trade_no = place_and_pay_order(wechat)["out_trade_no"]
                    _, message = wechat.refund(out_refund_no, amount, out_trade_no=out_trade_no)
                    refund_id = json.loads(message)["refund_id"]
                    control("clock", {"advance_s": 2})
                    code, message = wechat.abnormal_refund(refund_id, out_refund_no, **way)
                    self.assertEqual(code, 200, message)
                    if "bank_account" in way:
                        self.assertIn("1234", json.loads(message)["user_received_account"])
                    control("clock", {"advance_s": 2})
                    code, message = wechat.query_refund(out_refund_no)
                    self.assertEqual((code, json.loads(message)["status"]), (200, "SUCCESS"))
