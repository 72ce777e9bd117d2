"""The runner: takes the runs of the deployments from Prefect and starts each as a process.

`python -m flows.serving.runner SOURCE …`, with the sources of the daily schedule. On SIGTERM, and when the process
that started it has ended, it stops the runs in hand: each takes its batch back, and ends Cancelled.
"""

import asyncio
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.messages import EXIT_CANNOT, complain
from flows.serving.children import end_with_parent
from models.errors import TongbiError

_QUERY_SECONDS = 3
# More at once would not be faster: the database lets one write at a time.
_RUNS_AT_ONCE = 4
# A process is gone a second or two after its run has ended; it may have long imports to take down.
_GOING_SECONDS, _MOMENT = 15.0, 0.1


def main() -> None:
    """Serve until SIGTERM; the exit status is 0 then, and 2 where it cannot."""
    end_with_parent()
    try:
        asyncio.run(_serve(sys.argv[1:]))
    except TongbiError as error:
        complain(error)
        sys.exit(EXIT_CANNOT)
    finally:
        # Prefect removes its own folder in there, and leaves this one; another runner may still need it.
        with suppress(OSError):
            Path(tempfile.gettempdir(), "runner_storage").rmdir()


async def _serve(daily_sources: list[str]) -> None:
    from prefect.runner import Runner

    from flows.serving.automations import ensure_lost_runs
    from flows.serving.deployments import deployments

    class Stoppable(Runner):
        """A runner that is told by SIGTERM to stop, in its own event loop; Prefect's would do it in another."""

        def handle_sigterm(self, *_args: Any, **_more: Any) -> None:
            loop.call_soon_threadsafe(stopped.set)

        async def cancel_all(self) -> None:
            """Cancel the runs in hand; Prefect's would also call a run Cancelled that ended a moment ago."""
            await _until_the_ended_are_gone(self)
            await super().cancel_all()

    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    runner = Stoppable(name="tongbi", pause_on_shutdown=False, limit=_RUNS_AT_ONCE, query_seconds=_QUERY_SECONDS)
    made = await asyncio.to_thread(deployments, daily_sources)
    ids = {deployment.name: await runner.aadd_deployment(deployment) for deployment in made}
    await asyncio.to_thread(ensure_lost_runs)
    await asyncio.to_thread(_catch_up, ids["daily"], daily_sources)
    print(f"serving {', '.join(ids)}", flush=True)
    await _until(runner, stopped)


async def _until_the_ended_are_gone(runner: Any) -> None:
    """Wait for the processes of those runs that have said how they ended, and go on a while after that."""
    last = asyncio.get_running_loop().time() + _GOING_SECONDS
    for run_id in runner._process_manager.flow_run_ids():
        run = await runner._client.read_flow_run(run_id)
        while run.state and run.state.is_final() and run_id in runner._process_manager.flow_run_ids():
            if asyncio.get_running_loop().time() > last:
                break
            await asyncio.sleep(_MOMENT)


def _catch_up(daily_id: Any, daily_sources: list[str]) -> None:
    from flows.serving.catching_up import catch_up

    for source in daily_sources:
        words = catch_up(daily_id, source)
        if words:
            print(words, flush=True)


async def _until(runner: Any, stopped: asyncio.Event) -> None:
    running, stopping = asyncio.create_task(runner.start()), asyncio.create_task(stopped.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    while not (running.done() or runner.started):
        # It cannot be stopped before it has started, which it soon has.
        await asyncio.sleep(_MOMENT)
    if not running.done():
        await runner.astop()
    stopping.cancel()
    await running


if __name__ == "__main__":
    main()
