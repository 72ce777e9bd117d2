"""Prefect's server for one command, where no other is there: it starts beside the command, and ends with it.

Prefect would start one too, but imports the whole server into the command first (2.5 s of a processor), waits for it
before the flow is even imported, and leaves it behind where the command is killed.

`python -m flows.serving.brief PORT` is the server.
"""

import atexit
import os
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flows.importing import importing
from flows.serving.children import end_with_parent, start, stop
from flows.serving.finding import Place, one_at_a_time, wait_until_it_answers

_STOP_SECONDS = 5.0
_HOST = "127.0.0.1"
# What Prefect itself sets for such a server: no pages, and none of the services that look after deployments. The
# kinds of blocks, of which the pages make forms, take 5 s of a processor in each new home; a server that remembers
# them would also import every integration to see whether they have changed, and note for the next that they are there.
_BRIEF = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """A server that begins to start; `wait` waits for it, and raises PrefectError where it ends at its start.

    Where there is nothing to wait for, `given` is the address that the environment has of a server, if it has one.
    """

    wait: Callable[[], None]
    given: str | None = None


def begin_server(home: Path) -> Beginning:
    """Begin to start a server for this process unless Prefect has been told of one.

    `home` is the folder of all state. To be called before Prefect is imported, which reads the address once.
    """
    if _is_told_of_one():
        return Beginning(_nothing, os.environ.get("PREFECT_API_URL"))
    held = ExitStack()
    # Two that begin in a new home would both make its tables.
    held.enter_context(one_at_a_time(home))
    place = Place(_HOST, _free_port())
    log = home / "prefect" / "brief-server.log"
    process = start("flows.serving.brief", str(place.port), log=log)
    # After Prefect has said its last words to it, which is when this process ends.
    atexit.register(stop, process, _STOP_SECONDS)
    os.environ["PREFECT_API_URL"] = place.api

    def wait() -> None:
        with held:
            wait_until_it_answers(process, place, log)

    return Beginning(wait)


def _nothing() -> None:
    pass


def _is_told_of_one() -> bool:
    """Tell whether a variable, a profile or a file says where Prefect's server is, or Prefect is at work here."""
    folder = Path(os.environ.get("PREFECT_HOME", ""))
    files = folder / "profiles.toml", Path("prefect.toml")
    names = "PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"
    return "prefect" in sys.modules or any(map(os.environ.get, names)) or any(file.exists() for file in files)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve until SIGTERM, or until the process that started this one has ended."""
    end_with_parent()
    os.environ |= _BRIEF

    with importing():
        import uvicorn
        from prefect.server.api.server import create_app

        app = create_app(final=True)
    uvicorn.run(app, host=_HOST, port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
