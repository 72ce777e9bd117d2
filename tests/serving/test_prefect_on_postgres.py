"""Prefect's own database on a real Postgres, by Prefect's own setting alone.

Prefect needs the extension pg_trgm, which Debian's server brings and that of the other tests does not.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.debian import install
from tests.served import free_port, serving

pytestmark = pytest.mark.serving

PACKAGE = "postgresql"


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture
def server() -> Iterator[int]:
    """Give the port of a server that trusts everybody on this machine, and goes at the end."""
    reason = "" if _binaries() else install(PACKAGE)
    binaries = _binaries()
    if binaries is None:
        pytest.skip(f"NO POSTGRES WITH pg_trgm: Debian's {PACKAGE} is missing, and {reason}")
    # Not as root, which Postgres refuses; and not in pytest's folder, which is root's alone.
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="tongbi-prefect-", ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        initialize = [str(binaries / "initdb"), "-D", data, "-U", "tongbi", "-A", "trust", "--no-sync"]
        subprocess.run(initialize, cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        control = [str(binaries / "pg_ctl"), "-D", data, "-w"]
        start = [*control, "-l", f"{folder}/log", "-o", options, "start"]
        subprocess.run(start, cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]
        try:
            yield port
        finally:
            stop = [*control, "-m", "immediate", "stop"]
            subprocess.run(stop, cwd=folder, check=True, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]


def test_prefect_keeps_its_runs_in_postgres(tmp_path: Path, server: int) -> None:
    url = f"postgresql+asyncpg://tongbi@127.0.0.1:{server}/postgres"
    home = tmp_path / "home"
    with serving(home, PREFECT_SERVER_DATABASE_CONNECTION_URL=url) as served:
        run_id = served.run("daily", source="sample")
        assert served.ended(run_id)["type"] == "COMPLETED", served.logs(run_id)
        assert served.artifact(run_id, "published")
        served.stop(signal.SIGTERM)
    assert not (home / "prefect" / "prefect.db").exists()
    with psycopg.connect(f"postgresql://tongbi@127.0.0.1:{server}/postgres") as connection:
        query = "SELECT state_name, count(*) FROM flow_run WHERE deployment_id IS NOT NULL GROUP BY 1"
        counts = dict(connection.execute(query).fetchall())
    assert counts == {"Completed": 1, "Scheduled": 3}
