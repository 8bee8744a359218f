import gzip
import hashlib
import json
import unittest

from shop import MODES, client, start_next_day, number, place_and_pay_order, reset_simulator


class Bills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reset_simulator()
        start_next_day()
        wechat = client()
        cls.paid = place_and_pay_order(wechat)
        amount = {"refund": 990, "total": 1990, "currency": "CNY"}
        wechat.refund(number("r"), amount, out_trade_no=cls.paid["out_trade_no"])
        cls.date = start_next_day()

    def file(self, wechat, answer):
        """Downloads and decompresses the file of a response, and checks its hash."""
        code, message = answer
        self.assertEqual(code, 200, message)
        bill = json.loads(message)
        code, content = wechat.download_bill(bill["download_url"])
        self.assertEqual(code, 200, content)
        compressed = content[:2] == b"\x1f\x8b"
        text = gzip.decompress(content) if compressed else content
        self.assertEqual((bill["hash_type"], bill["hash_value"]), ("SHA1", hashlib.sha1(text).hexdigest()))
        return compressed, text.decode("utf-8-sig")

    def test_the_trade_bill(self):
        for mode in MODES:
            for tar_type in "GZIP", None:
                with self.subTest(mode=mode, tar_type=tar_type):
                    wechat = client(mode)
                    if tar_type is None:
                        # this client always requests a compressed bill
                        answer = wechat._core.request(f"/v3/bill/tradebill?bill_date={self.date}")
                    else:
                        answer = wechat.trade_bill(self.date)
                    compressed, text = self.file(wechat, answer)
                    self.assertEqual(compressed, tar_type is not None)
                    rows = [row for row in text.split("\r\n") if self.paid["out_trade_no"] in row]
                    self.assertEqual(len(rows), 2)

    def test_payments_and_refunds_have_separate_bills(self):
        wechat = client()
        for kind in "SUCCESS", "REFUND":
            with self.subTest(kind=kind):
                _, text = self.file(wechat, wechat.trade_bill(self.date, bill_type=kind))
                rows = [row for row in text.split("\r\n") if self.paid["out_trade_no"] in row]
                self.assertEqual(len(rows), 1)
                self.assertIn(f"`{kind}`", rows[0].replace(",", ""))

    def test_the_fund_flow_bill(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                _, text = self.file(wechat, wechat.fundflow_bill(self.date))
                self.assertIn("资金流水总笔数", text)
                self.assertIn(self.paid["transaction_id"], text)

    def test_a_missing_bill_has_its_error_code(self):
        wechat = client()
        code, message = wechat.trade_bill("2020-01-01")
        self.assertEqual((code, json.loads(message)["code"]), (400, "NO_STATEMENT_EXIST"))
        self.assertEqual(wechat.fundflow_bill("2020-01-01")[0], 400)
