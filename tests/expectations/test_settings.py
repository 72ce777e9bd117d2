"""Severities and thresholds: one file of defaults that names every rule, and a file over it."""

import tomllib
from pathlib import Path

import pytest

from expectations import BatchFacts, Consequence, audit, read_audit_settings
from expectations.gx_rule import SUITES
from expectations.settings import DEFAULTS
from models.errors import SettingsError
from models.vocabulary import Severity
from tests.expectations.making import figure, staged

SHARE = ("占比[[135%]]。", [figure(value="135", unit="%", metric="占比")])


def written(tmp_path: Path, words: str) -> Path:
    path = tmp_path / "audit.toml"
    path.write_text(words, encoding="utf-8")
    return path


def test_the_file_names_every_rule_in_its_suite_and_no_other() -> None:
    tables = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    named = {suite: set(tables[suite]) for suite in SUITES}
    assert named == {suite: {rule.name for rule in rules} for suite, rules in SUITES.items()}


def test_a_file_changes_just_what_it_says(tmp_path: Path) -> None:
    path = written(tmp_path, '[thresholds]\njump_factor = 10\n[series]\narticles_agree = "row"\n')
    settings = read_audit_settings(path, unread_share=None)
    assert settings.thresholds.jump_factor == 10
    assert settings.thresholds.unread_share == 0.5
    assert settings.consequence("articles_agree") is Consequence.ROW
    assert settings.consequence("level_does_not_jump") is Consequence.WARN


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("[figures]\nshare_is_in_whole = 'warn'\n", "unknown expectation 'share_is_in_whole'"),
        ("[figures]\nshare_is_within_whole = 'fatal'\n", "share_is_within_whole cannot be 'fatal'"),
        ("[batch]\nnumbers_are_read = 'row'\n", "numbers_are_read cannot be 'row'"),
        ("[thresholds]\njump = 3\n", "unknown threshold 'jump'"),
        ("[thresholds]\njump_factor = 'ten'\n", "jump_factor cannot be 'ten'"),
        ("[limits]\njump_factor = 3\n", "unknown table 'limits'"),
        ("[thresholds\n", "is not TOML"),
    ],
)
def test_a_file_with_a_fault_is_refused_by_name(tmp_path: Path, words: str, fault: str) -> None:
    with pytest.raises(SettingsError, match=fault):
        read_audit_settings(written(tmp_path, words))
    with pytest.raises(SettingsError, match="cannot read"):
        read_audit_settings(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("consequence", "severities", "warned"),
    [
        (Consequence.ROW, [Severity.ROW], 0),
        (Consequence.ARTICLE, [Severity.ARTICLE], 0),
        (Consequence.BATCH, [Severity.BATCH], 0),
        (Consequence.WARN, [], 1),
        (Consequence.OFF, [], 0),
    ],
)
def test_what_a_rule_leads_to_is_a_setting(consequence: Consequence, severities: list[Severity], warned: int) -> None:
    batch = staged(SHARE)
    settings = read_audit_settings().with_consequence("share_is_within_whole", consequence)
    outcome = audit(batch.articles, batch.figures, batch.numbers, BatchFacts(1), settings)
    assert [failure.severity for failure in outcome.failures] == severities
    assert len(outcome.warnings) == warned
    assert outcome.is_clean is not bool(severities)
