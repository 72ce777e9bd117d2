"""What was reviewed once stays right: every exported decision holds against the engine and the suites of today."""

from collections import Counter
from copy import deepcopy

import pytest
from sqlalchemy import Engine

from tests.golden_decisions import Case, judge, load_cases


@pytest.fixture
def cases() -> list[Case]:
    return load_cases()


def test_there_are_cases_of_each_sort(cases: list[Case]) -> None:
    counts = Counter((case["verdict"], case["kind"]) for case in cases)
    assert set(counts) == {(v, k) for v in ("released", "rejected") for k in ("article", "figure", "number")}


def test_every_decision_holds(file_engine: Engine, cases: list[Case]) -> None:
    assert judge(file_engine, cases) == []


def test_what_contradicts_a_decision_is_named(file_engine: Engine, cases: list[Case]) -> None:
    turned = deepcopy(cases)
    for case in turned:
        case["verdict"] = "released" if case["verdict"] == "rejected" else "rejected"
        if case["kind"] == "figure" and case["verdict"] == "released":
            case["row"]["value"] = "1"
    faults = judge(file_engine, turned)
    assert "202203022200000211 figure 135%: released, but it is not read as it was" in faults
    passing = deepcopy([case for case in cases if case["row"].get("text") == "135%"])
    passing[0]["article"]["text"] = passing[0]["article"]["text"].replace("135%", "35%")
    passing[0]["row"] |= {"text": "35%", "value": "-35", "end": passing[0]["row"]["end"] - 1}
    assert judge(file_engine, passing) == ["202203022200000211 figure 35%: rejected, but it would be published"]
