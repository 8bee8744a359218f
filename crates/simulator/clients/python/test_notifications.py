import unittest

from shop import (
    ACCOUNT, MODES, NotifyServer, client, control, number, order, place_and_pay_order, reset_simulator, until,
)


class Notifications(unittest.TestCase):
    def setUp(self):
        reset_simulator()
        self.notify_servers = []

    def tearDown(self):
        reset_simulator()
        for notify_server in self.notify_servers:
            notify_server.stop()

    def notify_server(self, wechat):
        self.notify_servers.append(NotifyServer(wechat))
        return self.notify_servers[-1]

    def test_payment_notifications_are_verified_and_decrypted(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                notify_server = self.notify_server(wechat)
                # some payments have a coupon, some an undocumented field
                for count in range(1, 7):
                    done = place_and_pay_order(wechat, notify_url=notify_server.url, attach=f"第{count}单")
                    until(lambda: len(notify_server.accepted) == count, "the notification")
                    notification = notify_server.accepted[-1]
                    self.assertEqual(notification["event_type"], "TRANSACTION.SUCCESS")
                    self.assertEqual(notification["resource"]["out_trade_no"], done["out_trade_no"])
                    self.assertEqual(notification["resource"]["transaction_id"], done["transaction_id"])
                    self.assertEqual(notification["resource"]["amount"]["total"], 1990)
                    self.assertEqual(notification["resource"]["attach"], f"第{count}单")

    def test_refund_notifications_have_the_outcome(self):
        for mode in MODES:
            wechat = client(mode)
            notify_server = self.notify_server(wechat)
            for outcome in "success", "closed", "abnormal":
                with self.subTest(mode=mode, outcome=outcome):
                    control("refund", {"outcome": outcome, "times": 1})
                    done = place_and_pay_order(wechat)
                    out_refund_no = number("r")
                    amount = {"refund": 500, "total": 1990, "currency": "CNY"}
                    wechat.refund(
                        out_refund_no, amount, out_trade_no=done["out_trade_no"], notify_url=notify_server.url)
                    before = len(notify_server.accepted)
                    control("clock", {"advance_s": 2})
                    until(lambda: len(notify_server.accepted) > before, "the notification")
                    notification = notify_server.accepted[-1]
                    self.assertEqual(notification["event_type"], f"REFUND.{outcome.upper()}")
                    self.assertEqual(notification["resource"]["out_refund_no"], out_refund_no)
                    self.assertEqual(notification["resource"]["refund_status"], outcome.upper())

    def test_during_the_change_of_keys_either_key_can_sign(self):
        control("account", {"platform_keys": "alternate"})
        # one client with the public key; it downloads the certificates if it needs them
        wechat = client("public key")
        notify_server = self.notify_server(wechat)
        for count in range(1, 5):
            place_and_pay_order(wechat, notify_url=notify_server.url)
            until(lambda: len(notify_server.accepted) == count, "the notification")
        serials = {headers["wechatpay-serial"] for headers, _, _ in notify_server.received}
        self.assertEqual(serials, {ACCOUNT["platform_serial"], ACCOUNT["public_key_id"]})

    # this client does not check the timestamp, so this test leaves out stale_time and future_time
    def test_tampered_notifications_are_refused(self):
        wechat = client()
        notify_server = self.notify_server(wechat)
        for kind in "sign", "no_sign", "signtest", "unknown_serial", "truncate", "empty":
            with self.subTest(kind=kind):
                control("notifications", {"tamper": {"kind": kind, "times": 1}})
                mails, accepted = len(notify_server.received), len(notify_server.accepted)
                done = place_and_pay_order(wechat, notify_url=notify_server.url)
                until(lambda: len(notify_server.received) > mails, "the notification")
                self.assertFalse(notify_server.received[mails][2])
                self.assertEqual(len(notify_server.accepted), accepted)
                # the retry schedule delivers the genuine notification
                control("clock", {"advance_s": 16})
                until(lambda: len(notify_server.accepted) > accepted, "the genuine notification")
                self.assertEqual(order(done["out_trade_no"])["trade_state"], "SUCCESS")
