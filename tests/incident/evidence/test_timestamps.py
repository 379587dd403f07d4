"""Time stamps, against a server of our own: OpenSSL answers behind a small HTTP server."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import rfc3161_client
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from incident.errors import InvalidInput
from incident.evidence.timestamps import stamped_at, time_stamp

NOTE = b"breach-case/x\n12\nroot\n\n signature\n"
CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def certificate(name: str, key, issuer: str, issuer_key, *, tsa: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=not tsa, path_length=None), critical=True)
    )
    if tsa:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, bytes]]:
    """The address of a time stamp server, and its root certificate."""
    openssl = shutil.which("openssl")
    if openssl is None:
        reason = "OpenSSL's program is not installed (Debian package: openssl)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("tsa")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("Root", root_key, "Root", root_key, tsa=False)
    (folder / "tsa.pem").write_bytes(pem(certificate("TSA", key, "Root", root_key, tsa=True)))
    (folder / "tsa.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "serial").write_text("01\n")
    (folder / "config").write_text(CONFIG.format(folder=folder))

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/old":
                answer = (folder / "answer").read_bytes()
            elif self.path == "/nonsense":
                answer = b"nonsense"
            else:
                command = [openssl, "ts", "-reply", "-config", folder / "config", "-queryfile", folder / "query"]
                subprocess.run([*command, "-out", folder / "answer"], check=True, capture_output=True)
                answer = (folder / "answer").read_bytes()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", pem(root)
    server.shutdown()
    server.server_close()


def test_a_checkpoint_is_stamped_and_the_stamp_holds(authority: tuple[str, bytes]):
    url, root = authority
    answer, moment = time_stamp(NOTE, url, root)
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
    assert stamped_at(NOTE, answer, root) == moment


def test_a_stamp_of_something_else_does_not_hold(authority: tuple[str, bytes]):
    url, root = authority
    answer, _ = time_stamp(NOTE, url, root)
    for note, given in ((NOTE + b"x", answer), (NOTE, answer[:-1]), (NOTE, b""), (NOTE, b"\x30\x00")):
        with pytest.raises(InvalidInput, match="time stamp: it does not hold"):
            stamped_at(note, given, root)


def test_a_stamp_of_a_server_nobody_trusts_does_not_hold(authority: tuple[str, bytes]):
    url, root = authority
    key = ec.generate_private_key(ec.SECP256R1())
    other = pem(certificate("Another root", key, "Another root", key, tsa=False))
    with pytest.raises(InvalidInput, match="does not hold"):
        time_stamp(NOTE, url, other)
    with pytest.raises(InvalidInput, match="--tsa-root"):
        time_stamp(NOTE, url, b"no certificate")
    time_stamp(NOTE, url, other + root)


def test_an_answer_to_an_earlier_question_is_refused(authority: tuple[str, bytes]):
    url, root = authority
    time_stamp(NOTE, url, root)
    with pytest.raises(InvalidInput, match="does not hold"):
        time_stamp(NOTE, f"{url}/old", root)


@pytest.mark.parametrize(
    ("url", "said"),
    [("ftp://example.org", "begins with http"), ("http://127.0.0.1:1", "does not answer"), ("/etc/passwd", "begins")],
)
def test_a_server_that_cannot_be_used_is_named(url: str, said: str):
    with pytest.raises(InvalidInput, match=said):
        time_stamp(NOTE, url, b"")


def test_nonsense_is_named(authority: tuple[str, bytes]):
    with pytest.raises(InvalidInput, match="does not hold"):
        time_stamp(NOTE, f"{authority[0]}/nonsense", authority[1])


def test_without_the_library_it_is_said_which_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(InvalidInput, match="rfc3161-client"):
        stamped_at(NOTE, b"x", b"")


def test_the_question_tells_nothing_of_the_case():
    request = rfc3161_client.TimestampRequestBuilder().data(NOTE).build().as_bytes()
    assert b"breach" not in request
    assert len(request) < 150
