import gzip
import hashlib
import json
import unittest

from shop import MODES, client, day_over, number, paid, quiet


class Bills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        quiet()
        day_over()
        wechat = client()
        cls.paid = paid(wechat)
        amount = {"refund": 990, "total": 1990, "currency": "CNY"}
        wechat.refund(number("r"), amount, out_trade_no=cls.paid["out_trade_no"])
        cls.date = day_over()

    def file(self, wechat, answer):
        """The file behind an answer, unpacked, and only if it is what the answer says."""
        code, message = answer
        self.assertEqual(code, 200, message)
        told = json.loads(message)
        code, content = wechat.download_bill(told["download_url"])
        self.assertEqual(code, 200, content)
        packed = content[:2] == b"\x1f\x8b"
        text = gzip.decompress(content) if packed else content
        self.assertEqual((told["hash_type"], told["hash_value"]), ("SHA1", hashlib.sha1(text).hexdigest()))
        return packed, text.decode("utf-8-sig")

    def test_the_bill_of_a_day(self):
        for mode in MODES:
            for tar_type in "GZIP", None:
                with self.subTest(mode=mode, tar_type=tar_type):
                    wechat = client(mode)
                    if tar_type is None:
                        # this client always asks for a packed one
                        answer = wechat._core.request(f"/v3/bill/tradebill?bill_date={self.date}")
                    else:
                        answer = wechat.trade_bill(self.date)
                    packed, text = self.file(wechat, answer)
                    self.assertEqual(packed, tar_type is not None)
                    rows = [row for row in text.split("\r\n") if self.paid["out_trade_no"] in row]
                    self.assertEqual(len(rows), 2)

    def test_payments_and_refunds_have_bills_of_their_own(self):
        wechat = client()
        for kind in "SUCCESS", "REFUND":
            with self.subTest(kind=kind):
                _, text = self.file(wechat, wechat.trade_bill(self.date, bill_type=kind))
                rows = [row for row in text.split("\r\n") if self.paid["out_trade_no"] in row]
                self.assertEqual(len(rows), 1)
                self.assertIn(f"`{kind}`", rows[0].replace(",", ""))

    def test_the_bill_of_the_funds(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                _, text = self.file(wechat, wechat.fundflow_bill(self.date))
                self.assertIn("资金流水总笔数", text)
                self.assertIn(self.paid["transaction_id"], text)

    def test_what_there_is_no_bill_of_is_told(self):
        wechat = client()
        code, message = wechat.trade_bill("2020-01-01")
        self.assertEqual((code, json.loads(message)["code"]), (400, "NO_STATEMENT_EXIST"))
        self.assertEqual(wechat.fundflow_bill("2020-01-01")[0], 400)
