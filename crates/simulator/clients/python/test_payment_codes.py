import json
import unittest

from wechatpayv3 import WeChatPayType

from shop import MODES, OPENID, client, control, number, order, reset_simulator


class Codes(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_a_payment_code_pays_and_the_payment_is_reversed(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                out_trade_no = number()
                code, message = wechat.pay(
                    "茶", out_trade_no, {"total": 1990}, pay_type=WeChatPayType.CODEPAY,
                    payer={"auth_code": control("payment-code", {})["auth_code"]},
                    scene_info={"store_info": {"out_id": "A1"}})
                self.assertEqual(code, 200, message)
                self.assertEqual(json.loads(message)["payer"]["openid"], OPENID)
                code, message = wechat.codepay_reverse(out_trade_no)
                self.assertEqual(code, 200, message)
                self.assertEqual(order(out_trade_no)["trade_state"], "REVOKED")
