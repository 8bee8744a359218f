"""A sample: wechatpayv3, unchanged, places an order, and the simulator pays it."""

import json

import pytest
import requests
from wechat_simulator import Refused
from wechatpayv3 import WeChatPay, WeChatPayType


@pytest.fixture
def client(wechat_hosts):
    account = wechat_hosts.account
    key = account["merchant_private_key_pem"]
    return WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE, mchid=account["mch_id"], private_key=key,
        cert_serial_no=account["merchant_serial"], apiv3_key=account["api_v3_key"], appid=account["appid"],
        notify_url="http://127.0.0.1:9/notify", public_key=account["public_key_pem"],
        public_key_id=account["public_key_id"])


def test_an_order_is_paid(wechat, client):
    code, message = client.pay(description="tea", out_trade_no="order1", amount={"total": 100})
    assert code == 200, message
    assert json.loads(message)["code_url"].startswith("weixin://")
    assert wechat.pay("order1")["trade_state"] == "SUCCESS"
    # nothing listens at the notify_url
    assert not wechat.notified("order1")["attempts"][0]["acknowledged"]
    with pytest.raises(TimeoutError, match="no notify_url"):
        wechat.notified("order1", kind="refund", timeout=0)
    code, message = client.query(out_trade_no="order1")
    assert json.loads(message)["trade_state"] == "SUCCESS"


def test_each_test_has_a_world_of_its_own(wechat):
    assert wechat.ledger()["orders"] == []
    with pytest.raises(Refused, match="order1"):
        wechat.pay("order1")


def test_a_world_may_have_a_second_merchant(wechat):
    added = wechat.add_accounts(merchants=[{"mch_id": "1900000999"}])
    assert [merchant["mch_id"] for merchant in added["merchants"]] == [wechat.account["mch_id"], "1900000999"]
    with pytest.raises(Refused, match="used twice"):
        wechat.add_accounts(merchants=[{"mch_id": "1900000999"}])


def test_a_wrong_signature_is_explained(wechat):
    requests.get(f"{wechat.url}/v3/certificates", headers={"Authorization": "Bearer x"})
    assert "WECHATPAY2-SHA256-RSA2048" in wechat.requests()[-1]["sentence"]
