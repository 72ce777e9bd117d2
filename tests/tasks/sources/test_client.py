"""The client by itself: addresses, limits, robots.txt, retries, pace, certificates, HTTP/2."""

import asyncio
import gzip
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpcore
import pytest
import trustme

from models.errors import SourceError, TerminalFetchError, TransientFetchError
from tasks.sources.web.addresses import GuardedNetwork, is_public
from tasks.sources.web.answers import Answer, retry_after, status_failure
from tasks.sources.web.bodies import read_body
from tasks.sources.web.client import USER_AGENT, Client
from tasks.sources.web.policy import Policy, split_options
from tasks.sources.web.robots import Robots
from tests.site.playing import Site
from tests.tasks.sources.web import opened

FAST = Policy(requests_per_second=0, wait_seconds=0.01, attempts=2, read_seconds=5)


async def anything(_url: str) -> None:
    """Permit every address."""


def get(*urls: str, policy: Policy = FAST, permit: Callable[[str], Awaitable[None]] = anything) -> list[Answer]:
    async def ask() -> list[Answer]:
        client = Client(urls[0], policy, permit)
        try:
            return await asyncio.gather(*map(client.get, urls))
        finally:
            await client.aclose()

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("::ffff:169.254.169.254", False),
        ("2002:7f00:1::", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "::1", "2130706433", "localhost"])
def test_a_public_source_connects_to_no_private_address(host: str) -> None:
    with pytest.raises(TerminalFetchError, match="no public address"):
        asyncio.run(GuardedNetwork("93.184.216.34").connect_tcp(host, 9))


def test_a_private_source_reaches_its_own_address_alone(site: Site) -> None:
    port = int(site.url.rpartition(":")[2])
    network = GuardedNetwork("127.0.0.1")

    async def connect() -> None:
        stream = await network.connect_tcp("127.0.0.1", port)
        await stream.aclose()
        with pytest.raises(TerminalFetchError, match=r"127\.0\.0\.2"):
            await network.connect_tcp("127.0.0.2", port)

    asyncio.run(connect())


def test_a_name_that_cannot_be_looked_up_is_a_failed_connection() -> None:
    with pytest.raises(httpcore.ConnectError, match="cannot be looked up"):
        asyncio.run(GuardedNetwork("host.invalid").connect_tcp("host.invalid", 80))


def body(*chunks: bytes, limit: int = 1000, **headers: str) -> bytes:
    async def come() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    written = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(read_body(come(), written, limit, "http://n.example/"))


def test_bodies_are_unpacked_within_the_limit() -> None:
    packed = gzip.compress(b"a" * 900)
    assert body(b"ab", b"c") == b"abc"
    assert body(*(packed[place : place + 1] for place in range(len(packed))), content_encoding="gzip") == b"a" * 900
    assert body(packed + gzip.compress(b"b"), content_encoding="gzip") == b"a" * 900 + b"b"
    assert body(zlib.compress(b"abc"), content_encoding="deflate") == b"abc"
    for chunks, headers in (
        ((b"a" * 600, b"a" * 600), {}),
        ((b"",), {"content_length": "1001"}),
        ((gzip.compress(b"a" * 1001, mtime=0),), {"content_encoding": "gzip"}),
        ((packed + packed,), {"content_encoding": "gzip"}),
    ):
        with pytest.raises(TerminalFetchError, match="larger than 1,000 bytes"):
            body(*chunks, **headers)
    with pytest.raises(TerminalFetchError, match="'br' is not known"):
        body(b"", content_encoding="br")


@pytest.mark.parametrize(
    ("chunk", "headers", "said"),
    [
        (b"abc", {"content_length": "4"}, "3 of 4 bytes came"),
        (gzip.compress(b"a" * 900, mtime=0)[:-5], {"content_encoding": "gzip"}, "ends early"),
        (b"no gzip", {"content_encoding": "gzip"}, "is damaged"),
    ],
)
def test_bodies_that_break_off_may_come_whole_the_next_time(chunk: bytes, headers: dict[str, str], said: str) -> None:
    with pytest.raises(TransientFetchError, match=said):
        body(chunk, **headers)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_statuses_that_pass(status: int) -> None:
    assert isinstance(status_failure("u", status, {}), TransientFetchError)


@pytest.mark.parametrize("status", [201, 400, 401, 403, 404, 410, 451])
def test_statuses_that_stay(status: int) -> None:
    assert isinstance(status_failure("u", status, {}), TerminalFetchError)


def test_the_time_to_wait_is_told_in_seconds_or_by_the_servers_own_clock() -> None:
    date, later = "Mon, 18 Apr 2022 10:00:00 GMT", "Mon, 18 Apr 2022 10:01:30 GMT"
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after": later, "date": date}) == 90
    assert retry_after({"retry-after": date, "date": later}) == 0
    assert retry_after({"retry-after": later}) is None
    assert retry_after({"retry-after": "soon"}) is None


def test_a_whole_host_waits_where_one_answer_asks_for_it(site: Site) -> None:
    site.go_wrong({"/about/": ("too_many", 1)})
    began = time.monotonic()
    first, second = get(f"{site.url}/about/", f"{site.url}/")
    assert (first.status, second.status) == (200, 200)
    assert time.monotonic() - began >= 1


def test_a_host_is_asked_so_often_a_second(site: Site) -> None:
    began = time.monotonic()
    get(*[f"{site.url}/about/"] * 16, policy=Policy(requests_per_second=10, connections=2))
    assert 0.5 <= time.monotonic() - began < 5


def test_the_user_agent_names_the_project() -> None:
    assert USER_AGENT.startswith("tongbi/")


def test_robots() -> None:
    robots = Robots(b"User-agent: tongbi\nCrawl-delay: 2\nDisallow: /private/\n\nUser-agent: *\nDisallow: /\n")
    robots.require("http://n.example/a")
    assert robots.delay == 2
    with pytest.raises(TerminalFetchError, match="forbids it"):
        robots.require("http://n.example/private/a")
    Robots(b"\xff\xfe nonsense").require("http://n.example/a")


def test_robots_are_asked_first_and_may_be_switched_off(site: Site) -> None:
    with opened("site_pages", site, None, pages=["/private/"]) as source, pytest.raises(SourceError, match="forbids"):
        source.list_documents(None, None)
    assert set(site.log()) == {"200 /robots.txt"}
    with opened("site_pages", site, None, pages=["/roll/"], robots=False) as source:
        assert source.list_documents(None, None)
    assert set(site.log()) == {"200 /roll/"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"colour": 1}, "unknown options: colour"),
        ({"connections": 0}, "connections of 'site' cannot be 0"),
        ({"robots": 1}, "robots of 'site' cannot be 1"),
        ({"read_seconds": "4"}, "read_seconds of 'site' cannot be '4'"),
    ],
)
def test_options_that_cannot_be_used_are_named(options: dict[str, object], said: str) -> None:
    with pytest.raises(SourceError, match=said):
        split_options("site", options, frozenset())


def test_options_set_the_policy() -> None:
    policy, own = split_options("site", {"robots": False, "total_seconds": 5, "pages": ["/"]}, frozenset({"pages"}))
    assert (policy.robots, policy.total_seconds, own) == (False, 5.0, {"pages": ["/"]})


SERVE_TLS = """
import asyncio, sys
from hypercorn.asyncio import serve
from hypercorn.config import Config
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["http_version"].encode()})
config = Config()
config.bind, config.certfile, config.keyfile, config.loglevel = [f"fd://{sys.argv[1]}"], *sys.argv[2:4], "critical"
asyncio.run(serve(app, config))
"""


def test_certificates_are_verified_and_http_2_is_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"https://127.0.0.1:{listening.getsockname()[1]}/"
        command = [sys.executable, "-c", SERVE_TLS, str(listening.fileno())]
        command += [str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")]
        with subprocess.Popen(command, pass_fds=[listening.fileno()], stderr=subprocess.DEVNULL) as server:
            try:
                with pytest.raises(TerminalFetchError, match="no trusted connection"):
                    get(url)
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
                assert get(url)[0].content == b"2"
            finally:
                server.kill()
