import unittest

from shop import ACCOUNT, MODES, NotifyServer, client, control, number, order, paid, quiet, until


class Notifications(unittest.TestCase):
    def setUp(self):
        quiet()
        self.notify_servers = []

    def tearDown(self):
        quiet()
        for notify_server in self.notify_servers:
            notify_server.stop()

    def notify_server(self, wechat):
        self.notify_servers.append(NotifyServer(wechat))
        return self.notify_servers[-1]

    def test_payments_are_told_verified_and_decrypted(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                notify_server = self.notify_server(wechat)
                # some carry a coupon, some a field that no table has
                for count in range(1, 7):
                    done = paid(wechat, notify_url=notify_server.url, attach=f"第{count}单")
                    until(lambda: len(notify_server.believed) == count, "the notification")
                    told = notify_server.believed[-1]
                    self.assertEqual(told["event_type"], "TRANSACTION.SUCCESS")
                    self.assertEqual(told["resource"]["out_trade_no"], done["out_trade_no"])
                    self.assertEqual(told["resource"]["transaction_id"], done["transaction_id"])
                    self.assertEqual(told["resource"]["amount"]["total"], 1990)
                    self.assertEqual(told["resource"]["attach"], f"第{count}单")

    def test_refunds_are_told_as_they_end(self):
        for mode in MODES:
            wechat = client(mode)
            notify_server = self.notify_server(wechat)
            for outcome in "success", "closed", "abnormal":
                with self.subTest(mode=mode, outcome=outcome):
                    control("refund", {"outcome": outcome, "times": 1})
                    done = paid(wechat)
                    out_refund_no = number("r")
                    amount = {"refund": 500, "total": 1990, "currency": "CNY"}
                    wechat.refund(
                        out_refund_no, amount, out_trade_no=done["out_trade_no"], notify_url=notify_server.url)
                    before = len(notify_server.believed)
                    control("clock", {"advance_s": 2})
                    until(lambda: len(notify_server.believed) > before, "the notification")
                    told = notify_server.believed[-1]
                    self.assertEqual(told["event_type"], f"REFUND.{outcome.upper()}")
                    self.assertEqual(told["resource"]["out_refund_no"], out_refund_no)
                    self.assertEqual(told["resource"]["refund_status"], outcome.upper())

    def test_in_the_changeover_either_key_may_have_signed(self):
        control("account", {"platform_keys": "alternate"})
        # one client, with the public key and the certificates that it fetches when it meets them
        wechat = client("public key")
        notify_server = self.notify_server(wechat)
        for count in range(1, 5):
            paid(wechat, notify_url=notify_server.url)
            until(lambda: len(notify_server.believed) == count, "the notification")
        serials = {headers["wechatpay-serial"] for headers, _, _ in notify_server.mail}
        self.assertEqual(serials, {ACCOUNT["platform_serial"], ACCOUNT["public_key_id"]})

    # this client does not look at the time: stale_time and future_time are not for it
    def test_tampered_notifications_are_not_believed(self):
        wechat = client()
        notify_server = self.notify_server(wechat)
        for kind in "sign", "no_sign", "signtest", "unknown_serial", "truncate", "empty":
            with self.subTest(kind=kind):
                control("notifications", {"tamper": {"kind": kind, "times": 1}})
                mails, believed = len(notify_server.mail), len(notify_server.believed)
                done = paid(wechat, notify_url=notify_server.url)
                until(lambda: len(notify_server.mail) > mails, "the notification")
                self.assertFalse(notify_server.mail[mails][2])
                self.assertEqual(len(notify_server.believed), believed)
                # the true one comes by the schedule
                control("clock", {"advance_s": 16})
                until(lambda: len(notify_server.believed) > believed, "the true one")
                self.assertEqual(order(done["out_trade_no"])["trade_state"], "SUCCESS")
