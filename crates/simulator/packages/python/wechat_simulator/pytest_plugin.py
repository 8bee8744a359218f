"""The fixtures `wechat_simulator`, one process for all tests, `wechat`, a world for each test, and `wechat_hosts`."""

import socket
from urllib.parse import urlsplit

import pytest

from . import Simulator


@pytest.fixture(scope="session")
def wechat_simulator():
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def wechat(wechat_simulator):
    world = wechat_simulator.world()
    yield world
    wechat_simulator.end(world)


@pytest.fixture
def wechat_hosts(wechat, tmp_path, monkeypatch):
    """Connects the host names of WeChat to this test's world, so that a client library stays as in production.

    It works for libraries that resolve names with `socket.getaddrinfo` and read their certificate authorities from
    `REQUESTS_CA_BUNDLE` or `SSL_CERT_FILE`, as requests, httpx, aiohttp and urllib do.
    """
    authority = tmp_path / "wechat-ca.pem"
    authority.write_text(wechat.account["ca_pem"])
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(authority))
    # a proxy of the system cannot reach this machine
    monkeypatch.setenv("NO_PROXY", "*")
    resolve, port = socket.getaddrinfo, urlsplit(wechat.tls_url).port

    def resolved(host, *rest, **more):
        name = host.decode() if isinstance(host, bytes) else host
        if name and name.endswith((".weixin.qq.com", "wx.tenpay.com")):
            return resolve("127.0.0.1", port, *rest[1:], **more)
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    return wechat
