"""The client must refuse responses and notifications with a flipped bit."""

import base64
import http.client
import json
import os
import ssl
import unittest
from urllib.parse import urlsplit

from wechatpayv3 import WeChatPayType
from wechatpayv3.utils import aes_decrypt

from shop import (
    ACCOUNT, MODES, URL, NotifyServer, Server, client, control, number, place_and_pay_order, reset_simulator,
    route_wechat_to, until,
)

SIGNED = ("wechatpay-timestamp", "wechatpay-nonce", "wechatpay-serial", "wechatpay-signature")
COPIED_HEADERS = (*SIGNED, "wechatpay-signature-type", "content-type")


def flips(headers, body):
    """Yields one message for each byte, with one bit of this byte flipped. The bit changes from byte to byte."""
    for at in range(len(body)):
        other = body[:at] + bytes([body[at] ^ 1 << at % 8]) + body[at + 1:]
        yield f"byte {at} of the body", headers, other
    for name in SIGNED:
        value = headers[name].encode()
        for at in range(len(value)):
            # HTTP forbids such bytes in a header
            flipped = next(
                byte for byte in (value[at] ^ 1 << (at + more) % 8 for more in range(8)) if 0x20 < byte < 0x7F)
            other = (value[:at] + bytes([flipped]) + value[at + 1:]).decode()
            if not same(name, headers[name], other):
                yield f"byte {at} of {name}", {**headers, name: other}, body


def same(name, value, other):
    """Whether two header values mean the same number or the same bytes."""
    try:
        if name == "wechatpay-serial":
            return int(value, 16) == int(other, 16)
        return name == "wechatpay-signature" and base64.b64decode(value) == base64.b64decode(other)
    except ValueError:
        return False


class TamperingProxy:
    """A proxy between the client and the simulator. It forwards requests and can replace the responses."""

    def __init__(self):
        folder = os.environ["CLIENTS_DIR"]
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(f"{folder}/proxy_cert.pem", f"{folder}/proxy_key.pem")
        self.answers, self.seen = {}, None
        self.server = Server(self.answer, tls)
        route_wechat_to(self.server.port)

    def answer(self, request, body):
        path = request.path.split("?")[0]
        if path not in self.answers:
            upstream = http.client.HTTPConnection(urlsplit(URL).netloc)
            upstream.request(request.command, request.path, body, dict(request.headers))
            answer = upstream.getresponse()
            headers = {name: answer.getheader(name) for name in COPIED_HEADERS if answer.getheader(name)}
            self.seen = answer.status, headers, answer.read()
            upstream.close()
            return self.seen[0], list(headers.items()), self.seen[2]
        status, headers, other_body = self.answers[path]
        return status, list(headers.items()), other_body

    def stop(self):
        route_wechat_to()
        self.server.stop()


class Flips(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def test_each_flipped_bit_of_a_response_is_refused(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                proxy = TamperingProxy()
                self.addCleanup(proxy.stop)
                wechat = client(mode)
                # the client downloads the certificates again if a serial is unknown
                if mode == "certificate":
                    proxy.answers["/v3/certificates"] = proxy.seen

                def ask():
                    return wechat.pay("测试", number(), {"total": 1}, pay_type=WeChatPayType.NATIVE)

                self.assertEqual(ask()[0], 200)
                status, headers, body = proxy.seen
                for what, *message in flips(headers, body):
                    proxy.answers["/v3/pay/transactions/native"] = status, *message
                    with self.assertRaises(Exception, msg=what):
                        ask()
                proxy.answers["/v3/pay/transactions/native"] = status, headers, body
                self.assertEqual(ask()[0], 200)

    def test_each_flipped_bit_of_a_notification_is_refused(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                wechat = client(mode)
                notify_server = NotifyServer(wechat)
                place_and_pay_order(wechat, notify_url=notify_server.url)
                received = until(lambda: notify_server.received, "the notification")
                headers, body, _ = received[0]
                notify_server.stop()
                self.assertTrue(wechat.callback(headers, body))
                for what, other, other_body in flips(headers, body):
                    self.assertFalse(accepted(wechat, other, other_body), what)

    def test_each_flipped_bit_of_a_ciphertext_is_refused(self):
        wechat = client()
        notify_server = NotifyServer(wechat)
        place_and_pay_order(wechat, notify_url=notify_server.url)
        _, body, _ = until(lambda: notify_server.received and notify_server.received[0], "the notification")
        notify_server.stop()
        resource = json.loads(body)["resource"]
        encrypted = {name: resource[name] for name in ("nonce", "associated_data", "ciphertext")}
        self.assertTrue(aes_decrypt(apiv3_key=ACCOUNT["api_v3_key"], **encrypted))
        for name, value in encrypted.items():
            raw = base64.b64decode(value) if name == "ciphertext" else value.encode()
            for at in range(len(raw)):
                bit = at % 8 if name == "ciphertext" else at % 7
                other = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1:]
                other = base64.b64encode(other).decode() if name == "ciphertext" else other.decode()
                flipped = {**encrypted, name: other}
                self.assertIsNone(aes_decrypt(apiv3_key=ACCOUNT["api_v3_key"], **flipped), f"byte {at} of {name}")

    def test_a_response_with_a_signature_fault_is_refused(self):
        wechat = client()
        for kind in "wrong_signature", "unknown_serial", "signtest":
            with self.subTest(kind=kind):
                control("faults", {"endpoint": "native", "kind": kind, "times": 1})
                with self.assertRaises(Exception):
                    wechat.pay("测试", number(), {"total": 1}, pay_type=WeChatPayType.NATIVE)


def accepted(wechat, headers, body):
    try:
        return wechat.callback(headers, body)
    except Exception:  # the client raises an exception or returns None
        return None
