"""A strict simulated WeChat for tests: login, JS-SDK, WeChat Pay V2 and V3.

>>> with Simulator() as wechat:                       # doctest: +SKIP
...     wechat.trigger("payment", notify_url="http://127.0.0.1:5000/notify")
"""

import json
import os
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

__all__ = ["Refused", "Simulator", "World"]

_FREE = "127.0.0.1:0"


class Refused(Exception):
    """The simulator refused a control. The text says why."""


def _program():
    """The program that the wheel installed. SIMULATOR_PROGRAM names another one."""
    if named := os.environ.get("SIMULATOR_PROGRAM"):
        return named
    # pip puts a program beside Python, or into these folders with --user and with --target
    user = sysconfig.get_preferred_scheme("user") if hasattr(sysconfig, "get_preferred_scheme") else "posix_user"
    beside = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", scheme=user)]
    beside.append(Path(__file__).parent.parent / "bin")
    for folder in beside:
        if (program := Path(folder) / "wechat-simulator").is_file():
            return str(program)
    raise FileNotFoundError("wechat-simulator is not installed: pip install the wheel, or set SIMULATOR_PROGRAM")


class World:
    """One simulated WeChat: its addresses and its controls."""

    def __init__(self, url, tls_url, phone_url):
        self.url, self.tls_url, self.phone_url = url, tls_url, phone_url

    def control(self, path, body=None, method=None):
        """Calls `/_simulator/PATH` and returns its JSON. Without a body it is a GET."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_simulator/{path}", data, method=method)
        # a proxy of the system cannot reach this machine
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error).get("error")) from None

    @property
    def account(self):
        """The account: appid, mch_id, keys and certificates."""
        return self.control("account")

    def register(self, **settings):
        """Sets registered values, for example `js_domains=["shop.example"]`."""
        return self.control("account", settings)

    def add_accounts(self, **accounts):
        """Adds accounts, for example `merchants=[{"mch_id": "1900000999"}]`, and returns all of them with their keys."""
        return self.control("accounts", accounts)

    def trigger(self, event, **more):
        """Makes an event happen: order, payment, close, refund, refund-closed, refund-abnormal, complaint."""
        return self.control("trigger", {"event": event, **more})

    def pay(self, out_trade_no, outcome="ok"):
        """Acts as the shopper on the payment sheet: ok, cancel or fail."""
        return self.control("pay", {"out_trade_no": out_trade_no, "outcome": outcome})

    def notified(self, out_trade_no, kind="payment", timeout=5):
        """Waits until the first notification of the order, or of its refund (`kind="refund"`), is answered, and returns it."""
        end = time.monotonic() + timeout
        while True:
            all_of_order = [row for row in self.ledger()["notifications"] if row["out_trade_no"] == out_trade_no]
            rows = [row for row in all_of_order if row["kind"] == kind]
            for row in rows:
                if row["attempts"]:
                    return row
            if time.monotonic() > end:
                why = "it is not due yet: move the clock with advance()" if rows else "the request has no notify_url"
                raise TimeoutError(f"{out_trade_no}: no {kind} notification in {timeout} s: {why}")
            time.sleep(0.01)

    def advance(self, seconds):
        """Moves the clock forward."""
        return self.control("clock", {"advance_s": seconds})

    def fault(self, endpoint, kind, **more):
        """Plans a fault, for example `fault("jsapi", "timeout_after", times=1)`."""
        return self.control("faults", {"endpoint": endpoint, "kind": kind, **more})

    def ledger(self):
        """All orders, refunds, notifications and tokens."""
        return self.control("ledger")

    def requests(self):
        """The last requests. A refused one has a `reason`; one with a wrong signature has a `sentence` too."""
        return self.control("requests")["requests"]


class Simulator(World):
    """A simulator that runs until `close` or the end of the `with` block."""

    def __init__(self, shop="http://127.0.0.1:9", jssdk=None, program=None, seed=None):
        command = [str(program or _program()), "--listen", _FREE, "--tls-listen", _FREE, "--phone-listen", _FREE]
        command += ["--shop", shop] + (["--jssdk", str(jssdk)] if jssdk else []) + (["--seed", str(seed)] if seed else [])
        # without a script of the JS-SDK: tests of payments need none
        environment = {"RUST_LOG": "warn", "WECHAT_SIMULATOR_JSSDK": "", **os.environ}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        lines = [self._process.stdout.readline().replace("<- open this one", "") for _ in range(3)]
        if not all(lines):
            raise RuntimeError("the simulator did not start; its message is above")
        super().__init__(*(line.split()[-1].rstrip("/") for line in lines))

    def world(self, shop=None):
        """A new world with its own addresses and data. `end` it, or it ends with the simulator."""
        answer = self.control("worlds", {"shop": shop} if shop else {})
        world = World(answer["url"], answer["tls_url"], answer["phone_url"])
        world.id = answer["world"]
        return world

    def end(self, world):
        """Ends a world."""
        self.control(f"worlds/{world.id}", method="DELETE")

    def close(self):
        """Stops the simulator."""
        self._process.terminate()
        self._process.wait(timeout=10)
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
