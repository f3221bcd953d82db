"""rotate.py ENDPOINT FOLDER GRANTS

Keeps refresh tokens in files with Python's standard library, in one process: each successor is on
the disk before it takes the place of its predecessor. A line "IN_FLIGHT MILLIS" makes it rotate for
so long, one by one; it answers how many it did.
"""

import json
import os
import sys
import time
import urllib.parse
import urllib.request


def write_whole(path: str, text: str) -> None:
    new = path + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)


def rotate(endpoint: str, path: str) -> None:
    with open(path) as file:
        token = file.read()
    form = urllib.parse.urlencode(
        {
            "grant_type": "refresh_token",
            "client_id": "66666666-7777-8888-9999-000000000000",
            "client_secret": "bench-client-secret",
            "scope": "https://api.partnercenter.microsoft.com/user_impersonation",
            "refresh_token": token,
        }
    )
    with urllib.request.urlopen(endpoint, form.encode(), timeout=30) as answer:
        write_whole(path, json.load(answer)["refresh_token"])


def main() -> None:
    base, folder, grants = sys.argv[1], sys.argv[2], int(sys.argv[3])
    endpoint = base + "/tenant/oauth2/v2.0/token"
    paths = [os.path.join(folder, str(number)) for number in range(grants)]
    for path in paths:
        write_whole(path, "1.first-token-of-" + os.path.basename(path))
    print("ready", flush=True)
    done = 0
    for order in sys.stdin:
        millis = int(order.split()[1])
        before = done
        end = time.monotonic() + millis / 1000
        while time.monotonic() < end:
            rotate(endpoint, paths[done % grants])
            done += 1
        print(done - before, flush=True)


if __name__ == "__main__":
    main()
