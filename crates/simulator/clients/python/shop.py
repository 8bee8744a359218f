"""Common code of the tests: the simulator's controls, WeChat's host name, a server for notifications."""

import datetime
import itertools
import json
import os
import socket
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from wechatpayv3 import WeChatPay, WeChatPayType

URL = os.environ["SIMULATOR_URL"]
WECHAT = ("api.mch.weixin.qq.com", "api.weixin.qq.com")
NOWHERE = "http://127.0.0.1:9/notify"

_resolve = socket.getaddrinfo
_port = urlsplit(os.environ["SIMULATOR_TLS_URL"]).port


def _getaddrinfo(host, port, *rest, **more):
    """Resolves WeChat's host names to the simulator and refuses all other names."""
    if host in WECHAT:
        host, port = "127.0.0.1", _port
    elif host != "127.0.0.1":
        raise OSError(f"{host} is not a host name of WeChat")
    return _resolve(host, port, *rest, **more)


socket.getaddrinfo = _getaddrinfo


def route_wechat_to(port=None):
    """Connects WeChat's host name to this port from now on. The default is the simulator."""
    global _port
    _port = port or urlsplit(os.environ["SIMULATOR_TLS_URL"]).port


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(f"{URL}/_simulator/{path}", data, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


ACCOUNT = control("account")
OPENID = control("users")[0]["openid"]
MODES = ("certificate", "public key")

_numbers = itertools.count()


def number(kind="p"):
    """Returns a new order number or refund number."""
    return f"{kind}{time.time_ns():x}{next(_numbers):x}"


def reset_simulator():
    """Resets what an earlier test can have changed: faults, delivery faults, keys."""
    route_wechat_to()
    control("faults", {})
    control("notifications", {})
    control("account", {"platform_keys": "follow", "notification_extras": True})
    control("refund", {"outcome": "success"})


def pay(**named):
    return control("pay", {"outcome": "ok", **named})


def sheet(parameters):
    """Returns the payment sheet for these parameters, or the text of the refusal."""
    page = ACCOUNT["registered"]["pay_directories"][0]
    call = {"name": "getBrandWCPayRequest", "args": parameters, "document": "d", "url": page, "entry_url": page}
    request = urllib.request.Request(
        f"{os.environ['SIMULATOR_PHONE_URL']}/_phone/bridge", json.dumps(call).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        reply = json.load(answer)
    return reply.get("sheet") or reply["alert"]


def order(out_trade_no):
    return next(each for each in control("ledger")["orders"] if each["out_trade_no"] == out_trade_no)


def start_next_day():
    """Sets the clock to noon of the next day in Shanghai. Returns the day before."""
    now = datetime.datetime.fromisoformat(control("clock")["now"])
    noon = (now + datetime.timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    control("clock", {"advance_s": int((noon - now).total_seconds()) + 1})
    return now.date().isoformat()


def until(question, what):
    for _ in range(200):
        answer = question()
        if answer:
            return answer
        time.sleep(0.025)
    raise AssertionError(f"time-out: {what}")


def client(mode="certificate", **more):
    """The client of a merchant with the platform certificate, or with the public key of newer merchants."""
    own = {} if mode == "certificate" else {
        "public_key": ACCOUNT["public_key_pem"],
        "public_key_id": ACCOUNT["public_key_id"],
    }
    return WeChatPay(**{
        "wechatpay_type": WeChatPayType.JSAPI,
        "mchid": ACCOUNT["mch_id"],
        "private_key": ACCOUNT["merchant_private_key_pem"],
        "cert_serial_no": ACCOUNT["merchant_serial"],
        "appid": ACCOUNT["appid"],
        "apiv3_key": ACCOUNT["api_v3_key"],
        "notify_url": NOWHERE,
        "timeout": (5, 10),
        **own,
        **more,
    })


def place_order(wechat, out_trade_no=None, **more):
    """Places an order of 19.90 yuan and returns its number."""
    out_trade_no = out_trade_no or number()
    wanted = {"description": "测试商品", "amount": {"total": 1990}, "payer": {"openid": OPENID}, **more}
    code, message = wechat.pay(out_trade_no=out_trade_no, **wanted)
    assert code == 200, message
    return out_trade_no


def place_and_pay_order(wechat, **more):
    """Places and pays an order. Returns `out_trade_no` and `transaction_id`."""
    return pay(out_trade_no=place_order(wechat, **more))


class Server:
    """An HTTP server on a free port."""

    def __init__(self, answer, tls=None):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                status, headers, body = answer(self, self.rfile.read(length))
                self.send_response_only(status)
                for name, value in headers:
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._server.server_address[1]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class NotifyServer(Server):
    """A server for notifications. It records all of them, and those that the client accepts."""

    def __init__(self, wechat):
        self.received, self.accepted = [], []

        def answer(request, body):
            # HTTP header names are case-insensitive
            headers = {name.lower(): value for name, value in request.headers.items()}
            try:
                notification = wechat.callback(headers, body)
            except Exception:  # the client raises an exception or returns None
                notification = None
            if notification:
                self.accepted.append(notification)
            self.received.append((headers, body, bool(notification)))
            return (204 if notification else 401), [], b""

        super().__init__(answer)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/notify"
