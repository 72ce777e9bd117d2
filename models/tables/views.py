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
_KEY = (
    f"{_ENTITY}, {_METRIC}, figure.period_start, figure.period_end, figure.kind, figure.basis, figure.unit,"
    " figure.status"
)
_LATEST = "article.published DESC{last}, figure.known_from DESC, figure.id DESC"

# Amounts are text on SQLite and compared as doubles: what differs in the sixteenth digit alone is equal there.
_AMOUNT = {"sqlite": "CAST({end} AS REAL)", "postgresql": "{end}"}


def _series(dialect: str) -> str:
    least, most = (_AMOUNT[dialect].format(end=f"figure.{end}") for end in ("least", "most"))
    over = f"OVER (PARTITION BY {_KEY})"
    latest = _LATEST.format(last=" NULLS LAST")
    return f"""
SELECT said.entity, coalesce(entity.name, said.subject) AS entity_name,
    said.metric, coalesce(metric.name, said.words) AS metric_name,
    said.period_start, said.period_end, said.kind, said.basis, said.unit, said.status,
    said.value, said.low, said.high, said.bound, said.articles, said.figures,
    coalesce(
        said.greatest_least < said.smallest_most
            OR said.greatest_least = said.smallest_most AND coalesce(said.least = said.most, 1 = 0),
        1 = 1
    ) AS agree,
    said.least, said.most, said.same_words, said.figure_id, said.info_code, said.published
FROM (
    SELECT {_ENTITY} AS entity, {_METRIC} AS metric, figure.subject, figure.metric AS words,
        figure.entity_id, figure.metric_id,
        figure.period_start, figure.period_end, figure.kind, figure.basis, figure.unit, figure.status,
        figure.value, figure.low, figure.high, figure.bound, figure.least, figure.most,
        figure.id AS figure_id, figure.info_code, article.published,
        dense_rank() OVER (PARTITION BY {_KEY} ORDER BY figure.info_code)
            + dense_rank() OVER (PARTITION BY {_KEY} ORDER BY figure.info_code DESC) - 1 AS articles,
        count(*) {over} AS figures,
        max({least}) {over} AS greatest_least,
        min({most}) {over} AS smallest_most,
        min(figure.subject) {over} = max(figure.subject) {over}
            AND min(figure.metric) {over} = max(figure.metric) {over} AS same_words,
        row_number() OVER (PARTITION BY {_KEY} ORDER BY {latest}) AS place
    FROM figure JOIN article ON article.id = figure.article_id
    WHERE figure.known_to IS NULL AND {_ENTITY} IS NOT NULL AND {_METRIC} IS NOT NULL
        AND figure.period_start IS NOT NULL
) AS said
LEFT JOIN entity ON entity.id = said.entity_id
LEFT JOIN metric ON metric.id = said.metric_id
WHERE said.place = 1
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
