"""`prefect.yaml` on a process work pool: deployed with nobody asked and no network, and run by a worker."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.serving.finding import Place, Server
from flows.settings import Settings, prepare_environment
from tests.served import PROJECT, Served, bare_environment, free_port

pytestmark = pytest.mark.serving


def test_the_deployments_run_on_a_work_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    for name in ("PREFECT_API_URL", "PREFECT_HOME", "PREFECT_UI_API_URL"):
        monkeypatch.delenv(name, raising=False)
    home.mkdir()
    prepare_environment(Settings(home=home), finds_server=False)
    monkeypatch.setenv("PREFECT_HOME", str(home / "prefect"))
    server = Server(home, home / "data_docs", Place("127.0.0.1", free_port()))
    server.ensure()
    try:
        variables = bare_environment() | {
            "PREFECT_API_URL": server.api,
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "TONGBI_HOME": str(home),
        }

        def prefect(*arguments: str) -> str:
            command = [sys.executable, "-m", "prefect", *arguments]
            done = subprocess.run(
                command,
                cwd=PROJECT,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        prefect("work-pool", "create", "tongbi", "--type", "process")
        prefect("--no-prompt", "deploy", "--all")
        client = Served(home, server.api.removesuffix("/api"), None, variables)  # type: ignore[arg-type]
        names = [each["name"] for each in client.ask("/deployments/filter", sort="NAME_ASC")]
        assert names == ["backfill", "daily", "manual", "reextract", "review"]
        runs = [client.run("daily", source="sample"), client.run("manual", source="sample-malformed")]
        prefect("worker", "start", "--pool", "tongbi", "--run-once")
        daily, manual = (client.ended(run_id) for run_id in runs)
        assert (daily["type"], manual["type"]) == ("COMPLETED", "FAILED"), (daily, manual)
        assert "share_is_within_whole" in manual["message"]
    finally:
        server.stop()
