"""A mail server that insists on STARTTLS and on a login, and keeps what it takes in a folder.

usage: starttls_server.py FOLDER, with cert.pem and key.pem in it; prints its port, ends with stdin.
"""

import pathlib
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

folder = pathlib.Path(sys.argv[1])


class Keeper:
    async def handle_DATA(self, server, session, envelope):
        head = f"tls: {session.ssl['cipher'][1]}\nlogin: {session.auth_data.login.decode()}\n"
        (folder / "mail").write_bytes(head.encode() + envelope.content)
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = LoginPassword("keeper".encode(), "s3cret pässword".encode())
    return AuthResult(success=data == good, handled=False, auth_data=data)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder / "cert.pem", folder / "key.pem")
port = free_port()
# the certificate is for the first address, and not for the second
for address in ("127.0.0.1", "127.0.0.2"):
    Controller(
        Keeper(),
        hostname=address,
        port=port,
        tls_context=tls,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    ).start()
print(port, flush=True)
sys.stdin.read()
