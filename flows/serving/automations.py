"""Prefect's automations of ours: a run that fails or is lost is told to a webhook, and a lost one marked.

Each is found by its name and brought to what it should be, so making them again changes nothing.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectNotFound
from prefect.types import SecretDict
from pydantic import SecretStr

from flows.serving.deployments import TAG

LOST, FAILED, HOOK = "tongbi: lost runs", "tongbi: failed runs", "tongbi-notify"
LOST_WORDS = "the heartbeat was lost: the process of this run has ended without a word; what was published stands"
_OURS: dict[str, str | list[str]] = {"prefect.resource.id": f"prefect.tag.{TAG}", "prefect.resource.role": "tag"}
_RUNS: dict[str, str | list[str]] = {"prefect.resource.id": "prefect.flow-run.*"}
_ENDED = tuple(f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Crashed", "Cancelled", "CaughtUp"))
_BEAT, _BEGAN = "prefect.flow-run.heartbeat", "prefect.flow-run.Running"
_LOST_AFTER = timedelta(seconds=120)
_PAYLOAD = """{
  "flow": {{ flow.name | tojson }},
  "deployment": {{ deployment.name | tojson }},
  "run": {{ flow_run.name | tojson }},
  "state": {{ flow_run.state.name | tojson }},
  "message": {{ flow_run.state.message | tojson }},
  "url": {{ flow_run | ui_url | tojson }}
}"""


def ensure_lost_runs(after_seconds: int | None = None) -> None:
    """Make the automation that marks a run as Crashed when nothing was heard of it for so many seconds.

    Without a number they are those of before, or 120. What is as it should be is left alone: an automation that is
    brought up to date forgets the runs that it was watching, and a runner starts again just when one was lost.
    """
    trigger = EventTrigger(
        match=_RUNS,
        match_related=_OURS,
        after={_BEAT, _BEGAN},
        expect={_BEAT, *_ENDED},
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=_within(after_seconds),
    )
    action = ChangeFlowRunState(state=StateType.CRASHED, name="Crashed", message=LOST_WORDS, force=False)
    _ensure(LOST, "marks a run that sends no heartbeat any more as Crashed", trigger, [action])


def ensure_notification(url: str) -> None:
    """Make the webhook, and the automation that calls it for each run of ours that failed or was lost."""
    hook = Webhook(method="POST", url=SecretStr(url), headers=SecretDict({"Content-Type": "application/json"}))
    block_id = cast(UUID, hook.save(HOOK, overwrite=True))
    trigger = EventTrigger(
        match=_RUNS,
        match_related=_OURS,
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
        for_each={"prefect.resource.id"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )
    action = CallWebhook(block_document_id=block_id, payload=_PAYLOAD)
    _ensure(FAILED, "tells the webhook of a run that failed or was lost", trigger, [action])


def remove_notification() -> bool:
    """Take the notification and its webhook away; give False where there was none."""
    with get_client(sync_client=True) as client:
        found = client.read_automations_by_name(FAILED)
        for automation in found:
            client.delete_automation(automation.id)
        with suppress(ObjectNotFound):
            client.delete_block_document(client.read_block_document_by_name(HOOK, "webhook").id)
    return bool(found)


def _within(seconds: int | None) -> timedelta:
    if seconds is not None:
        return timedelta(seconds=seconds)
    with get_client(sync_client=True) as client:
        found = client.read_automations_by_name(LOST)
    return getattr(found[0].trigger, "within", _LOST_AFTER) if found else _LOST_AFTER


def _ensure(name: str, description: str, trigger: EventTrigger, actions: list[Any]) -> None:
    wanted = AutomationCore(name=name, description=description, trigger=trigger, actions=actions)
    with get_client(sync_client=True) as client:
        found = client.read_automations_by_name(name)
        for spare in found[1:]:
            client.delete_automation(spare.id)
        if not found:
            client.create_automation(wanted)
        elif AutomationCore.model_validate(found[0].model_dump(include=set(AutomationCore.model_fields))) != wanted:
            client.update_automation(found[0].id, wanted)
