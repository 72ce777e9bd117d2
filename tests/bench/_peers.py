"""The peers on the same texts, run by the interpreter of .venv-bench: prints one JSON line a peer that is installed.

`python _peers.py TEXTS.json SECONDS`: each peer reads the texts in their order for at most so many seconds.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Reader = Callable[[str], object]
_PUBLISHED = time.mktime((2022, 1, 15, 12, 0, 0, 0, 0, 0))


def jionlp_money() -> Reader:
    jionlp: Any = importlib.import_module("jionlp")
    return lambda text: jionlp.ner.extract_money(text, with_parsing=True)


def jionlp_money_and_time() -> Reader:
    jionlp: Any = importlib.import_module("jionlp")

    def read(text: str) -> object:
        jionlp.ner.extract_time(text, time_base=_PUBLISHED, with_parsing=True)
        return jionlp.ner.extract_money(text, with_parsing=True)

    return read


def recognizers() -> Reader:
    """Percentages, currencies, dimensions and times, as Recognizers-Text gives them."""
    culture = importlib.import_module("recognizers_text").Culture.Chinese
    number: Any = importlib.import_module("recognizers_number")
    unit: Any = importlib.import_module("recognizers_number_with_unit")
    moment: Any = importlib.import_module("recognizers_date_time")
    parts = (
        number.recognize_percentage,
        unit.recognize_currency,
        unit.recognize_dimension,
        moment.recognize_datetime,
    )
    return lambda text: [part(text, culture) for part in parts]


PEERS = {
    "JioNLP money": jionlp_money,
    "JioNLP money + time": jionlp_money_and_time,
    "Recognizers-Text": recognizers,
}


def measure(read: Reader, texts: list[str], seconds: float) -> tuple[int, int, float]:
    """Give how many texts were read, at how many the peer failed, and in how many seconds of processor time."""
    read(texts[0])  # what is loaded at the first use is not measured
    begin = time.process_time()
    failed = done = 0
    for text in texts:
        try:
            read(text)
        except Exception:
            failed += 1
        done += 1
        if time.process_time() - begin > seconds:
            break
    return done, failed, time.process_time() - begin


def run(path: str, seconds: float) -> None:
    texts = json.loads(Path(path).read_text(encoding="utf-8"))
    for name, load in PEERS.items():
        try:
            done, failed, spent = measure(load(), texts, seconds)
        except Exception as error:
            result = {"name": name, "error": f"{type(error).__name__}: {error}"}
        else:
            result = {"name": name, "texts": done, "failed": failed, "seconds": spent}
        print("PEER " + json.dumps(result), flush=True)


if __name__ == "__main__":
    run(sys.argv[1], float(sys.argv[2]))
