"""How one figure looks with all that is known about it: its sentence, article, link, rules and history."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy import RowMapping

from flows.console import amount_words, cell, console, fact_table, marked, period_days
from models.past import FigureStory, Reading
from models.types import plain_decimal

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def show_story(story: FigureStory) -> None:
    """Print a figure on standard output."""
    screen = console()
    figure, article = story.figure, story.article
    start = figure["start"] - figure["sentence_start"]
    screen.print(marked(figure["sentence"], [(start, start + len(figure["text"]))]))
    screen.print(f"\n[bold cyan]{figure['id']}. {cell(figure['text'])}[/]  {cell(_amount(figure))}")
    screen.print(fact_table(_facts(figure)))
    screen.print("\n[bold]article[/]")
    screen.print(fact_table([*_article_facts(article, figure), *_links(story)]))
    screen.print("\n[bold]history[/]")
    screen.print(_history(story.readings))
    _show_end(screen, story)


def _facts(figure: RowMapping) -> list[tuple[str, object]]:
    least, most = (None if figure[end] is None else plain_decimal(figure[end]) for end in ("least", "most"))
    return [
        ("   kind", figure["kind"]),
        ("   between", f"{least or 'no limit'} … {most or 'no limit'} {figure['unit']}" if least or most else None),
        ("   basis", figure["basis"]),
        ("   metric", _named(figure["metric"], figure["metric_id"])),
        ("   subject", _named(figure["subject"], figure["entity_id"])),
        ("   period", period_days(figure["period_start"], figure["period_end"]) or None),
        ("   status", figure["status"]),
        ("   rules", "; ".join(figure["rules"]) or None),
    ]


def _article_facts(article: RowMapping, figure: RowMapping) -> list[tuple[str, object]]:
    return [
        ("   title", article["title"]),
        ("   published", _time(article["published"]) if article["published"] else "no date"),
        ("   code", f"{article['info_code']}, revision {article['revision']}"),
        ("   medium", article["medium"]),
        ("   link", article["link"] or "none"),
        ("   source", f"{article['source']}: {article['location']}"),
        ("   characters", f"{figure['start']}…{figure['end']} of its text"),
    ]


def _links(story: FigureStory) -> Iterator[tuple[str, object]]:
    """Give the articles that this one corrects, and those that correct it."""
    for words, others in (("corrects", story.corrects), ("corrected by", story.corrected_by)):
        for other in others:
            when = _time(other.published) if other.published else "no date"
            yield f"   {words}", f"{other.info_code}, {when}: {other.title or 'no title'} ({other.word})"


def _history(readings: tuple[Reading, ...]) -> Table:
    """Give one row for each reading of the article, the earliest first."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for heading in ("from", "to", "revision", "engine", "batch", "figure", "text", "why it ended"):
        table.add_column(heading, overflow="fold")
    for place, reading in enumerate(readings):
        figure = reading.figure
        after = next((later for later in readings[place + 1 :] if later.known_from == reading.known_to), None)
        table.add_row(
            _time(reading.known_from),
            _time(reading.known_to) if reading.known_to else "now",
            str(reading.revision),
            cell(reading.engine_version),
            str(reading.batch_id),
            f"[bold cyan]{figure['id']}[/]" if reading.is_this and figure else str(figure["id"]) if figure else "none",
            cell(f"{figure['text']} ({_amount(figure)})") if figure else "",
            _end(reading, after),
        )
    return table


def _end(reading: Reading, after: Reading | None) -> str:
    """Say what ended a reading: the article, or tongbi, or a review."""
    if reading.known_to is None:
        return ""
    if reading.known_to == reading.known_from:
        return "a later revision was there already"
    if after is None:
        return "withdrawn: the article failed an audit"
    if after.revision != reading.revision:
        return f"the article changed: revision {after.revision}"
    if after.engine_version != reading.engine_version:
        return f"read anew by engine {cell(after.engine_version)}"
    return "the same text, published anew"


def _show_end(screen: Console, story: FigureStory) -> None:
    if story.figure["known_to"] is None:
        screen.print("\nIt is what is known now.", style="dim")
        return
    standing = next((each.figure for each in story.readings if each.known_to is None), None)
    words = f"figure {standing['id']} stands in its place" if standing else "nothing stands in its place"
    screen.print(f"\nIt is known no more; {words}.", style="dim")


def _amount(figure: RowMapping) -> str:
    return amount_words(figure["value"], figure["low"], figure["high"], figure["bound"], figure["unit"])


def _named(words: str | None, identity: str | None) -> str | None:
    return f"{words} = {identity}" if words and identity and words != identity else words


def _time(moment: datetime) -> str:
    return moment.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
