import json
import unittest

from wechatpayv3 import WeChatPayType

from shop import ACCOUNT, MODES, OPENID, NotifyServer, client, number, order, pay, reset_simulator, until


def parts(combined):
    return [
        {
            "mchid": ACCOUNT["mch_id"],
            "out_trade_no": f"{combined}-{n}",
            "attach": f"第{n}部分",
            "description": "测试",
            "amount": {"total_amount": total, "currency": "CNY"},
        }
        for n, total in ((1, 1000), (2, 990))
    ]


class Combined(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_combined_orders_of_each_trade_type_are_placed(self):
        scene = {"payer_client_ip": "127.0.0.1", "device_id": "POS1:123", "h5_info": {"type": "Wap"}}
        ways = {
            WeChatPayType.JSAPI: ({"combine_payer_info": {"openid": OPENID}}, "prepay_id"),
            WeChatPayType.NATIVE: ({}, "code_url"),
            WeChatPayType.APP: ({}, "prepay_id"),
            WeChatPayType.H5: ({"scene_info": scene}, "h5_url"),
        }
        for mode in MODES:
            wechat = client(mode)
            for way, (more, given) in ways.items():
                with self.subTest(mode=mode, way=way):
                    combined = number()
                    code, message = wechat.combine_pay(combined, parts(combined), pay_type=way, **more)
                    self.assertEqual(code, 200, message)
                    self.assertTrue(json.loads(message)[given])

    def test_combined_orders_are_paid_queried_and_notified(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                notify_server = NotifyServer(wechat)
                self.addCleanup(notify_server.stop)
                combined = number()
                payer = {"openid": OPENID}
                wechat.combine_pay(combined, parts(combined), combine_payer_info=payer, notify_url=notify_server.url)
                pay(combine_out_trade_no=combined)
                code, message = wechat.combine_query(combined)
                found = json.loads(message)
                self.assertEqual(code, 200, message)
                self.assertEqual([part["trade_state"] for part in found["sub_orders"]], ["SUCCESS", "SUCCESS"])
                notification = until(lambda: notify_server.accepted and notify_server.accepted[0], "the notification")
                self.assertEqual(notification["resource"]["combine_out_trade_no"], combined)
                self.assertEqual(notification["resource"]["sub_orders"], found["sub_orders"])

    def test_combined_orders_are_closed_together(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                combined = number()
                wechat.combine_pay(combined, parts(combined), combine_payer_info={"openid": OPENID})
                named = [{name: part[name] for name in ("mchid", "out_trade_no")} for part in parts(combined)]
                code, message = wechat.combine_close(combined, named)
                self.assertEqual(code, 204, message)
                for part in named:
                    self.assertEqual(order(part["out_trade_no"])["trade_state"], "CLOSED")
