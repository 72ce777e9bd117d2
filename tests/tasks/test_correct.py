"""The task that corrects: what its correction no longer fits is kept back by name, the others go on."""

from pathlib import Path

from models.corrections import read_corrections
from tasks.correct import correct
from tests.models.making import SENTENCE, read_as

CODES = ("202204180001", "202204180002")
FLAG = """[[correction]]
article = "{code}"
span = [9, 17]
expect = "655.58亿元"
action = "flag"
reason = "口径不同"
who = "李明"
date = 2022-04-20
"""


def test_one_article_that_has_changed_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text("".join(FLAG.format(code=code) for code in CODES), encoding="utf-8")
    changed = read_as(SENTENCE.replace("655.58", "655.85"), CODES[1])
    done = correct.fn([read_as(), changed], read_corrections(path))
    ((article, reading),) = done.readings
    assert article.info_code == CODES[0]
    assert reading.figures[0].rules[-1] == "flagged by 李明 on 2022-04-20: 口径不同"
    (lost,) = done.lost
    assert (lost.location, lost.sha256) == (changed[0].location, changed[0].raw_sha256)
    assert lost.error.startswith("the correction 202204180002 at 9…17 no longer holds")
