import json
import os
import tempfile
import unittest
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import load_pem_x509_certificate

from shop import ACCOUNT, MODES, client, control, ordered, quiet


class Keys(unittest.TestCase):
    def setUp(self):
        quiet()

    def tearDown(self):
        quiet()

    def test_the_certificates_are_fetched_by_the_constructor_and_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            client(cert_dir=folder)
            [name] = os.listdir(folder)
            self.assertEqual(name, f"{ACCOUNT['platform_serial']}.pem")
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                self.assertEqual(file.read().strip(), ACCOUNT["platform_cert_pem"].strip())
            # from now on none is asked for
            control("faults", {"endpoint": "certificates", "kind": "refuse"})
            ordered(client(cert_dir=folder))

    def test_where_there_are_no_certificates_only_the_public_key_works(self):
        control("account", {"platform_keys": "public_key"})
        with self.assertRaisesRegex(Exception, "No wechatpay platform certificate"):
            client()
        ordered(client("public key"))

    def test_another_api_v3_key_does_not_read_the_certificates(self):
        with self.assertRaises(Exception):
            client(apiv3_key="0" * 32)

    def test_what_wechat_hides_for_the_merchant_is_read(self):
        key = load_pem_x509_certificate(ACCOUNT["merchant_cert_pem"].encode()).public_key()
        hidden = key.encrypt("张三".encode(), OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None))
        self.assertEqual(client().decrypt(b64encode(hidden).decode()), "张三")

    def test_what_only_wechat_may_read_is_hidden_in_both_modes(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                # who reads it is tried with the refund to a bank card
                self.assertEqual(len(client(mode)._core.encrypt("张三")), 344)
