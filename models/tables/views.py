"""The views for readers: `series` and `implied_level`. Their columns are a contract; tests hold it.

`entity` and `metric` are the id of the catalogue, and where it knows none the words as written. Both hold what is
known now (`known_to IS NULL`), and both leave out figures without a subject or a metric. On SQLite amounts are
decimal text, times text in UTC, and yes and no are 1 and 0.

`series` has one row for each entity, metric, period, basis, kind, unit and status (what is, what is aimed at and what
is expected are three series):

    entity, entity_name, metric, metric_name    the key, and how the catalogue or the article calls it
    period_start, period_end                    the days that it speaks of; a figure without them is in no series
    kind, basis, unit, status                   as in `figure`
    value, low, high, bound                     as the latest published article says
    articles, figures                           how many say something about it
    agree                                       whether one amount fits all that they say, each within its precision:
                                                655.6亿 and 655.58亿 agree, 655.57亿 and 655.58亿 do not
    least, most                                 what the words of that article leave open; null is no limit
    same_words                                  whether all use one word for the entity and one for the metric
    figure_id, info_code, published             the figure of the latest article, and that article

`implied_level` has one row for each level that a level and its change imply:

    entity, entity_name, metric, metric_name, unit, status      as above
    period_start, period_end    the days of the earlier level; null where only a calendar of trading days could tell
    low, high                   between what it lay; null is no limit
    basis                       what the change is measured against
    later_start, later_end      the days of the level that the article states
    level_id, change_id         the two figures; info_code and published are their article
"""

from models.tables.derived import Derived

_ENTITY = "coalesce(figure.entity_id, figure.subject)"
_METRIC = "coalesce(figure.metric_id, figure.metric)"
_KEY = ("entity", "metric", "period_start", "period_end", "kind", "basis", "unit", "status")
# The latest first, and all that one article says together.
_LATEST = "figure.published DESC NULLS LAST, figure.known_from DESC, figure.article_id DESC, figure.id DESC"
# Amounts are text on SQLite and compared as doubles: what differs in the sixteenth digit alone is equal there.
_AMOUNT = {"sqlite": "CAST({end} AS REAL)", "postgresql": "{end}"}


def _series(dialect: str) -> str:
    """Give the query: one sort puts the figures of each series in their order, and one look goes over them all.

    What only the latest figure of a series tells is fetched at the end, so that little is sorted.
    """
    least, most = (_AMOUNT[dialect].format(end=f"said.{end}") for end in ("least", "most"))
    partition = ", ".join({"entity": _ENTITY, "metric": _METRIC}.get(name, f"figure.{name}") for name in _KEY)
    ordered = f"OVER (PARTITION BY {partition} ORDER BY {_LATEST})"
    over = f"OVER (PARTITION BY {', '.join(f'said.{name}' for name in _KEY)})"
    return f"""
SELECT one.entity, coalesce(entity.name, latest.subject) AS entity_name,
    one.metric, coalesce(metric.name, latest.metric) AS metric_name,
    one.period_start, one.period_end, one.kind, one.basis, one.unit, one.status,
    latest.value, latest.low, latest.high, latest.bound, one.articles, one.figures,
    coalesce(
        one.greatest_least < one.smallest_most
            OR one.greatest_least = one.smallest_most AND coalesce(latest.least = latest.most, 1 = 0),
        1 = 1
    ) AS agree,
    latest.least, latest.most, one.same_words, one.figure_id, latest.info_code, latest.published
FROM (
    SELECT said.entity, said.metric, said.period_start, said.period_end, said.kind, said.basis, said.unit, said.status,
        said.figure_id, said.place,
        sum(CASE WHEN said.article_id = said.article_before THEN 0 ELSE 1 END) {over} AS articles,
        count(*) {over} AS figures,
        max({least}) {over} AS greatest_least,
        min({most}) {over} AS smallest_most,
        min(said.subject) {over} = max(said.subject) {over}
            AND min(said.words) {over} = max(said.words) {over} AS same_words
    FROM (
        SELECT {_ENTITY} AS entity, {_METRIC} AS metric, figure.subject, figure.metric AS words,
            figure.period_start, figure.period_end, figure.kind, figure.basis, figure.unit, figure.status,
            figure.least, figure.most, figure.id AS figure_id, figure.article_id,
            lag(figure.article_id) {ordered} AS article_before,
            row_number() {ordered} AS place
        FROM figure
        WHERE figure.known_to IS NULL AND {_ENTITY} IS NOT NULL AND {_METRIC} IS NOT NULL
            AND figure.period_start IS NOT NULL
    ) AS said
) AS one
JOIN figure AS latest ON latest.id = one.figure_id
LEFT JOIN entity ON entity.id = latest.entity_id
LEFT JOIN metric ON metric.id = latest.metric_id
WHERE one.place = 1
"""


_IMPLIED = f"""
SELECT {_ENTITY} AS entity, coalesce(entity.name, figure.subject) AS entity_name,
    {_METRIC} AS metric, coalesce(metric.name, figure.metric) AS metric_name,
    figure.earlier_start AS period_start, figure.earlier_end AS period_end, level.unit, figure.status,
    figure.implied_low AS low, figure.implied_high AS high, figure.basis,
    figure.period_start AS later_start, figure.period_end AS later_end,
    level.id AS level_id, figure.id AS change_id, figure.info_code, article.published
FROM figure
JOIN figure AS level ON level.article_id = figure.article_id AND level.start = figure.level_start
    AND level.kind = 'level' AND level.known_to IS NULL
JOIN article ON article.id = figure.article_id
LEFT JOIN entity ON entity.id = figure.entity_id
LEFT JOIN metric ON metric.id = figure.metric_id
WHERE figure.known_to IS NULL AND figure.level_start IS NOT NULL
    AND {_ENTITY} IS NOT NULL AND {_METRIC} IS NOT NULL
"""

SERIES = Derived.view("series", _series("sqlite"), _series("postgresql"))
IMPLIED_LEVEL = Derived.view("implied_level", _IMPLIED)
