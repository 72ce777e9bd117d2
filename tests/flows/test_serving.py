"""The parts of `tongbi serve` that need no server; all of it together is in `tests/serving`."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from flows.cli import app
from flows.serving.children import start, stop
from flows.serving.finding import Place, Server, running_api
from flows.serving.prefect_server import Quiet
from models.errors import PrefectError
from tests.served import PROJECT, free_port
from tests.serving.receiver import receiving

RUNNER = CliRunner()


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:4200"), ("0.0.0.0", "http://127.0.0.1:4200"), ("::", "http://[::1]:4200")],
)
def test_a_place_has_the_address_by_which_it_is_reached_here(host: str, url: str) -> None:
    assert (Place(host, 4200).url, Place(host, 4200).api) == (url, f"{url}/api")


def test_the_pages_may_connect_to_nobody_else() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})

    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(Quiet(app, "http://127.0.0.1:4200/api")({"type": "http"}, None, send))
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == b"text/html"
    assert headers[b"content-security-policy"] == (
        b"connect-src 'self' http://127.0.0.1:4200 ws://127.0.0.1:4200; img-src 'self' data: blob:"
    )


def test_a_server_elsewhere_that_does_not_answer_and_a_taken_port_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.2:{free_port()}/api")
    with pytest.raises(PrefectError, match="no Prefect server answers at http"):
        Server(tmp_path, tmp_path, Place("127.0.0.1", 4200)).ensure()
    monkeypatch.delenv("PREFECT_API_URL")
    assert running_api(tmp_path) is None
    with receiving() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        with pytest.raises(PrefectError, match=f"cannot listen at 127.0.0.1, port {port}"):
            Server(tmp_path, tmp_path, Place("127.0.0.1", port)).ensure()


def test_a_child_ends_when_its_parent_is_killed() -> None:
    program = (
        "import sys, time\nfrom flows.serving.children import start\n"
        "print(start('tests.serving.child').pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        # "ready" comes from the child, once it watches.
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
        for _ in range(200):
            if not child.exists() or "Z" in (child / "stat").read_text().rsplit(")", 1)[1].split()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("the child lives on")


def test_a_child_that_does_not_listen_is_ended() -> None:
    process = start("tests.serving.deaf")
    time.sleep(0.5)
    began = time.monotonic()
    stop(process, 0.5)
    assert process.returncode is not None
    assert time.monotonic() - began < 10


def test_the_last_time_of_the_schedule() -> None:
    from flows.serving.catching_up import last_time

    assert last_time(datetime(2022, 4, 18, 10, 30, tzinfo=UTC)).isoformat() == "2022-04-18T18:30:00+08:00"
    assert last_time(datetime(2022, 4, 18, 10, 29, tzinfo=UTC)).isoformat() == "2022-04-17T18:30:00+08:00"


def test_served_and_pooled_deployments_are_the_same() -> None:
    from flows.serving.deployments import DAILY_CRON, TIMEZONE, deployments

    served = {each.name: each for each in deployments(["sample", "快讯"])}
    pooled = {each["name"]: each for each in yaml.safe_load((PROJECT / "prefect.yaml").read_text())["deployments"]}
    assert list(served) == list(pooled) == ["daily", "manual", "backfill", "review", "reextract"]
    for name, each in served.items():
        assert each.entrypoint == pooled[name]["entrypoint"]
        assert each.tags == pooled[name]["tags"]
        fields = each._parameter_openapi_schema.properties
        assert all(field.get("description") for field in fields.values()), name
    (schedule,) = pooled["daily"]["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == (DAILY_CRON, TIMEZONE)
    assert [each.parameters["source"] for each in served["daily"].schedules or ()] == ["sample", "快讯"]
    assert len({each.slug for each in served["daily"].schedules or ()}) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_the_schedule_makes_runs() -> None:
    from prefect.client.orchestration import get_client

    from flows.serving.deployments import deployments

    (daily,) = [each for each in deployments(["快讯"]) if each.name == "daily"]
    daily_id = daily.apply()
    with get_client(sync_client=True) as client:
        client.request("POST", "/deployments/{id}/schedule", path_params={"id": daily_id}, json={"min_runs": 2})
        runs = [run for run in client.read_flow_runs() if run.deployment_id == daily_id]
    times = [run.expected_start_time.astimezone(UTC) for run in runs if run.expected_start_time]
    assert {(time.hour, time.minute) for time in times} == {(10, 30)}, "18:30 in Shanghai"
    assert len({time.date() for time in times}) == len(times) >= 2
    assert {run.parameters["source"] for run in runs} == {"快讯"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["notify"], "name a webhook, or --remove"),
        (["notify", "--webhook", "ftp://x"], "no address of a webhook"),
        (["notify", "--webhook", "http://x", "--remove"], "name a webhook, or --remove"),
    ],
)
def test_notify_says_what_it_needs(arguments: list[str], words: str) -> None:
    done = RUNNER.invoke(app, arguments)
    assert done.exit_code == 2
    assert words in done.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_the_automations_are_made_once_and_taken_away() -> None:
    from prefect.client.orchestration import get_client

    from flows.serving import automations

    for url in ("http://127.0.0.1:9/a", "http://127.0.0.1:9/b"):
        automations.ensure_lost_runs(60)
        automations.ensure_notification(url)
    with get_client(sync_client=True) as client:
        (lost,), (failed,) = (client.read_automations_by_name(name) for name in (automations.LOST, automations.FAILED))
        hook = client.read_block_document_by_name(automations.HOOK, "webhook", include_secrets=True)

        def changed() -> Any:
            return client.request("GET", "/automations/{id}", path_params={"id": lost.id}).json()["updated"]

        before = changed()
        automations.ensure_lost_runs()
        assert changed() == before, "an automation that is brought up to date forgets the runs that it watches"
        automations.ensure_lost_runs(61)
        assert changed() != before
    assert lost.trigger.within.total_seconds() == 60
    assert failed.actions[0].block_document_id == hook.id
    assert hook.data["url"] == "http://127.0.0.1:9/b"
    assert [automations.remove_notification(), automations.remove_notification()] == [True, False]
