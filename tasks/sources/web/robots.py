"""robots.txt: which addresses of a host may be asked for, and how often."""

from protego import Protego

from models.errors import TerminalFetchError
from tasks.sources.web.client import USER_AGENT

# RFC 9309 asks to read at least so much; what follows is left out.
_MOST_BYTES = 512_000


class Robots:
    """The rules of one host; without any, everything is allowed."""

    def __init__(self, content: bytes = b"") -> None:
        self._rules = Protego.parse(content[:_MOST_BYTES].decode("utf-8", "replace"))

    @property
    def delay(self) -> float:
        """The seconds that the host wants between two requests."""
        return float(self._rules.crawl_delay(USER_AGENT) or 0)

    def require(self, url: str) -> None:
        """Raise TerminalFetchError for an address that robots.txt forbids."""
        if not self._rules.can_fetch(url, USER_AGENT):
            raise TerminalFetchError(
                f"{url}: robots.txt forbids it",
                "leave it out, or set `robots = false` where its owner has allowed it",
                url=url,
            )
