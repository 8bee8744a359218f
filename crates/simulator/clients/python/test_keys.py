import json
import os
import tempfile
import unittest
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509 import load_pem_x509_certificate

from shop import ACCOUNT, MODES, client, control, place_order, reset_simulator


class Keys(unittest.TestCase):
    def setUp(self):
        reset_simulator()

    def tearDown(self):
        reset_simulator()

    def test_the_constructor_downloads_and_saves_the_certificates(self):
        with tempfile.TemporaryDirectory() as folder:
            client(cert_dir=folder)
            [name] = os.listdir(folder)
            self.assertEqual(name, f"{ACCOUNT['platform_serial']}.pem")
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                self.assertEqual(file.read().strip(), ACCOUNT["platform_cert_pem"].strip())
            # from now on the client must not download certificates
            control("faults", {"endpoint": "certificates", "kind": "refuse"})
            place_order(client(cert_dir=folder))

    def test_without_certificates_only_the_public_key_works(self):
        control("account", {"platform_keys": "public_key"})
        with self.assertRaisesRegex(Exception, "No wechatpay platform certificate"):
            client()
        place_order(client("public key"))

    def test_another_api_v3_key_does_not_decrypt_the_certificates(self):
        with self.assertRaises(Exception):
            client(apiv3_key="0" * 32)

    def test_a_field_encrypted_for_the_merchant_is_decrypted(self):
        key = load_pem_x509_certificate(ACCOUNT["merchant_cert_pem"].encode()).public_key()
        encrypted = key.encrypt("张三".encode(), OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None))
        self.assertEqual(client().decrypt(b64encode(encrypted).decode()), "张三")

    def test_fields_for_wechat_are_encrypted_in_both_modes(self):
        for mode in MODES:
            with self.subTest(mode=mode):
                # the test of the refund to a bank card decrypts such a field
                self.assertEqual(len(client(mode)._core.encrypt("张三")), 344)
