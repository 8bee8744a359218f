"""wechatpy, unchanged, sends messages to users, and reads the messages that the simulator pushes."""

import threading
import unittest
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import shop
from wechatpy import WeChatClient, WeChatClientException, parse_message
from wechatpy.client.api import WeChatWxa
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.utils import check_signature

TOKEN = "MessagesToken12345"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PAID = {name: {"value": value} for name, value in {
    "character_string1": "20260101000001", "thing2": "龙井茶", "amount3": "¥19.90", "time4": "2026年1月1日 12:00"}.items()}


def template(account, word):
    return f"{account}-{word}".ljust(43, "-")


class Server(BaseHTTPRequestHandler):
    """The shop's server of pushed messages, written with wechatpy."""

    def do_GET(self):
        sent = self.sent()
        check_signature(TOKEN, sent["signature"], sent["timestamp"], sent["nonce"])
        self.answer(sent["echostr"])

    def do_POST(self):
        sent = self.sent()
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        appid, mode = urlsplit(self.path).path.strip("/").split("/")
        try:
            if mode == "plain":
                check_signature(TOKEN, sent["signature"], sent["timestamp"], sent["nonce"])
            else:
                crypto = WeChatCrypto(TOKEN, AES_KEY, appid)
                body = crypto.decrypt_message(body, sent["msg_signature"], sent["timestamp"], sent["nonce"])
        except InvalidSignatureException:
            self.send_response(401)
            self.end_headers()
            return
        self.server.messages.append(parse_message(body))
        self.answer("success")

    def sent(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Pushes(unittest.TestCase):
    def setUp(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        self.server.messages = []
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def account(self, mode):
        """A new service account that pushes to this server."""
        appid = "wx" + uuid.uuid4().hex[:16]
        url = f"http://127.0.0.1:{self.server.server_port}/{appid}/{mode}"
        push = {"url": url, "token": TOKEN, "encoding_aes_key": AES_KEY, "mode": mode, "format": "xml"}
        shop.control("accounts", {"service_accounts": [{"appid": appid, "push": push}]})
        return appid

    def test_the_address_is_accepted(self):
        self.assertTrue(shop.control("push/check", {"appid": self.account("secure")})["accepted"])

    def test_each_mode_is_read(self):
        for mode in ("plain", "secure"):
            with self.subTest(mode):
                appid = self.account(mode)
                sent = shop.control("push", {"appid": appid, "message": {"MsgType": "event", "Event": "unsubscribe"}})
                self.assertTrue(sent["acknowledged"], sent)
                self.assertEqual(self.server.messages[-1].event, "unsubscribe")

    def test_a_wrong_signature_is_refused(self):
        for mode, tamper in (("plain", "token"), ("secure", "signature"), ("secure", "token")):
            with self.subTest(f"{mode} {tamper}"):
                message = {"MsgType": "event", "Event": "subscribe"}
                sent = shop.control("push", {"appid": self.account(mode), "message": message, "tamper": tamper})
                self.assertFalse(sent["acknowledged"], sent)


class Messages(unittest.TestCase):
    def setUp(self):
        self.user = shop.control("users", {"nickname": "wechatpy"})
        self.before = len(shop.control("messages")["messages"])

    def received(self):
        return shop.control("messages")["messages"][self.before:]

    def test_a_template_message_goes_to_a_follower(self):
        client = WeChatClient(shop.ACCOUNT["appid"], shop.ACCOUNT["secret"])
        arguments = (self.user["openid"], template("ServiceTemplate", "Paid"), PAID, "https://shop.example/orders/1")
        with self.assertRaises(WeChatClientException) as refused:
            client.message.send_template(*arguments)
        self.assertEqual(refused.exception.errcode, 43004)
        shop.control("follow", {"openid": self.user["openid"]})
        self.assertEqual(client.message.send_template(*arguments)["errcode"], 0)
        self.assertEqual([message["openid"] for message in self.received()], [self.user["openid"]])

    def test_a_subscription_message_needs_a_consent_each_time(self):
        client = WeChatWxa(WeChatClient(shop.ACCOUNT["miniprogram_appid"], shop.ACCOUNT["miniprogram_secret"]))
        openid, paid = self.user["miniprogram_openid"], template("MiniProgram", "Paid")
        data = {name: field["value"] for name, field in PAID.items()}
        shop.control("messages/consent", {"template_id": paid, "openid": openid})
        self.assertEqual(client.send_subscribe_message(openid, paid, PAID, "pages/order")["errcode"], 0)
        with self.assertRaises(WeChatClientException) as refused:
            client.send_subscribe_message(openid, paid, PAID, "pages/order")
        self.assertEqual(refused.exception.errcode, 43101)
        self.assertEqual([message["data"] for message in self.received()], [data])


if __name__ == "__main__":
    unittest.main()
