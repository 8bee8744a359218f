import json
import unittest

from wechatpayv3 import WeChatPayType

from shop import ACCOUNT, MODES, OPENID, client, control, number, order, place_order, pay, reset_simulator, sheet


class Orders(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_an_order_of_each_trade_type_is_placed(self):
        scene = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
        ways = {
            WeChatPayType.JSAPI: ({"payer": {"openid": OPENID}}, "prepay_id"),
            WeChatPayType.MINIPROG: ({"payer": {"openid": OPENID}}, "prepay_id"),
            WeChatPayType.NATIVE: ({}, "code_url"),
            WeChatPayType.APP: ({}, "prepay_id"),
            WeChatPayType.H5: ({"scene_info": scene}, "h5_url"),
        }
        for mode in MODES:
            wechat = client(mode)
            for way, (more, given) in ways.items():
                with self.subTest(mode=mode, way=way):
                    code, message = wechat.pay(
                        description="测试商品 <&>", out_trade_no=number(), amount={"total": 1, "currency": "CNY"},
                        attach="附加", goods_tag="WXG", pay_type=way, **more)
                    self.assertEqual(code, 200, message)
                    self.assertTrue(json.loads(message)[given])

    def test_an_order_is_queried_by_both_numbers(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                out_trade_no = place_order(wechat, attach="附加")
                code, message = wechat.query(out_trade_no=out_trade_no)
                self.assertEqual((code, json.loads(message)["trade_state"]), (200, "NOTPAY"))
                transaction_id = pay(out_trade_no=out_trade_no)["transaction_id"]
                for named in {"out_trade_no": out_trade_no}, {"transaction_id": transaction_id}:
                    code, message = wechat.query(**named)
                    found = json.loads(message)
                    self.assertEqual((code, found["trade_state"]), (200, "SUCCESS"))
                    self.assertEqual(found["amount"]["total"], 1990)
                    self.assertEqual(found["payer"]["openid"], OPENID)
                    self.assertEqual(found["attach"], "附加")

    def test_an_order_is_closed_with_an_empty_response(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                out_trade_no = place_order(wechat)
                self.assertEqual(wechat.close(out_trade_no)[0], 204)
                self.assertEqual(wechat.close(out_trade_no)[0], 204)
                self.assertEqual(order(out_trade_no)["trade_state"], "CLOSED")

    def test_a_refusal_has_status_and_code(self):
        wechat = client()
        code, message = wechat.query(out_trade_no=number())
        self.assertEqual((code, json.loads(message)["code"]), (404, "ORDER_NOT_EXIST"))
        out_trade_no = place_order(wechat)
        pay(out_trade_no=out_trade_no)
        code, message = wechat.close(out_trade_no)
        self.assertEqual(code, 400, message)
        control("faults", {"endpoint": "native", "kind": "system_error", "times": 1})
        code, message = wechat.pay("测试", number(), {"total": 1}, pay_type=WeChatPayType.NATIVE)
        self.assertEqual((code, json.loads(message)["code"]), (500, "SYSTEM_ERROR"))

    def test_another_serial_of_the_merchant_is_refused(self):
        wechat = client("public key", cert_serial_no="0" * 40)
        self.assertEqual(wechat.query(out_trade_no=number())[0], 401)

    def test_the_phone_accepts_the_payment_parameters_of_a_page(self):
        wechat = client()
        payer = {"openid": OPENID}
        _, message = wechat.pay(description="测试", out_trade_no=number(), amount={"total": 1990}, payer=payer)
        package = f"prepay_id={json.loads(message)['prepay_id']}"
        time_stamp, nonce = "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242"
        sign = wechat.sign([ACCOUNT["appid"], time_stamp, nonce, package])
        parameters = {
            "appId": ACCOUNT["appid"], "timeStamp": time_stamp, "nonceStr": nonce, "package": package,
            "signType": "RSA", "paySign": sign,
        }
        self.assertEqual(sheet(parameters)["amount"], "19.90")
        self.assertEqual(sheet({**parameters, "timeStamp": "1554208461"}), "支付验证签名失败")
