"""Which addresses a source may reach: public ones, and the ones of its own host.

The names are looked up here and the connection is made to the address that was judged, so a name that changes
its address between the two changes nothing. Redirects and connections go the same way.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import anyio
import httpcore

from models.errors import TerminalFetchError

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Tell whether an address is one of the open internet.

    `93.184.216.34` is; `127.0.0.1`, `10.0.0.8`, `169.254.169.254`, `::1` and `::ffff:10.0.0.8` are not.
    """
    parsed = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    return parsed.is_global and not parsed.is_multicast


def _unwrapped(address: _Address) -> _Address:
    """Give the IPv4 address that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The network as a source may use it, whose declared host is `own_host`."""

    def __init__(self, own_host: str) -> None:
        self._own_host = own_host
        self._own: frozenset[str] | None = None
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers; raises TerminalFetchError for a forbidden one."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._permitted(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)

    async def _permitted(self, host: str, port: int) -> list[str]:
        addresses = await _look_up(host, port)
        own = await self._own_addresses(port)
        for address in addresses:
            if not is_public(address) and address not in own:
                raise TerminalFetchError(
                    f"{host} is at {address}, which is no public address",
                    "a source may lead to its own host and to public ones alone; declare that host if it is meant",
                )
        return addresses

    async def _own_addresses(self, port: int) -> frozenset[str]:
        # Once: the host that was public at first does not become a private one by another look-up.
        if self._own is None:
            self._own = frozenset(await _look_up(self._own_host, port))
        return self._own


async def _look_up(host: str, port: int) -> list[str]:
    try:
        found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} cannot be looked up: {error}") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
