"""Prefect's server as a process of ours: it ends with us, shows the data docs, and its pages call nobody.

`python -m flows.serving.prefect_server HOST PORT DOCS_FOLDER`.
"""

import os
import sys
from typing import Any
from urllib.parse import urlsplit

from flows.importing import importing
from flows.serving.children import end_with_parent

DOCS_PATH = "/data-docs"
_LAST_SECONDS = 5


class Quiet:
    """An ASGI application whose pages may connect to nobody but itself.

    Prefect's newer pages report their use, whatever its settings say; the browser does not let them.
    """

    def __init__(self, app: Any, api_url: str) -> None:
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(api_url))
        policy = f"connect-src 'self' {origin} {origin.replace('http', 'ws', 1)}; img-src 'self' data: blob:"
        self._app = app
        self._header = (b"content-security-policy", policy.encode())

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as the application does, with the policy in each answer's head."""

        async def send_with_policy(event: Any) -> None:
            if event["type"] == "http.response.start":
                event = event | {"headers": [*event.get("headers", ()), self._header]}
            await send(event)

        await self._app(scope, receive, send_with_policy)


def take_turns() -> None:
    """Let each transaction of Prefect's SQLite database wait for the others from its beginning.

    Prefect lets most begin as readers, and SQLite refuses such a one at once ("database is locked") where another has
    written before it writes itself; who looks at the pages then sees an error.
    """
    from prefect.server.database.configurations import AioSqliteConfiguration
    from prefect.server.database.dependencies import set_database_config
    from prefect.settings import get_current_settings

    class TakingTurns(AioSqliteConfiguration):
        def begin_transaction(self, session: Any, with_for_update: bool = True) -> Any:
            return super().begin_transaction(session, with_for_update=True)

    url = get_current_settings().server.database.connection_url
    if url is not None and url.get_secret_value().startswith("sqlite"):
        set_database_config(TakingTurns(connection_url=url.get_secret_value()))


def main() -> None:
    """Serve until SIGTERM, or until the process that started this one has ended."""
    host, port, docs = sys.argv[1:]
    end_with_parent()
    # Its words go to a file, and what goes wrong in its services is told nowhere else.
    os.environ["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "WARNING"
    os.environ["PREFECT_SERVER_LOG_RETRYABLE_ERRORS"] = "true"

    with importing():
        import uvicorn
        from prefect.server.api.server import create_app
        from starlette.routing import Mount
        from starlette.staticfiles import StaticFiles

        take_turns()
        app = create_app(final=True)
    # Before Prefect's own pages, which answer for every path.
    app.router.routes.insert(0, Mount(DOCS_PATH, StaticFiles(directory=docs, html=True, check_dir=False)))
    quiet = Quiet(app, os.environ.get("PREFECT_UI_API_URL", f"http://{host}:{port}/api"))
    uvicorn.run(quiet, host=host, port=int(port), log_level="warning", timeout_graceful_shutdown=_LAST_SECONDS)


if __name__ == "__main__":
    main()
