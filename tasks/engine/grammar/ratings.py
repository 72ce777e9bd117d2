"""Analysts rate a stock and set its target price: whose price it is, the rating says and not who rates."""

import re
from bisect import bisect_right

from tasks.engine.grammar.names import may_be_name, strip_code

TARGET_PRICE = "目标价"
_RATING = (
    "强力买[入进]|买[入进]|增持|持有|中性|减持|卖出|沽售|[超平低]配|跑[赢输](?:大市|大盘|行业)|与大[市盘](?:同步|一致)|"
    '优于大市|落后大[市盘]|(?:强烈|审慎)?推荐|[“”"「]'
)
_GIVEN = "将|把|对|[给首]?予|维持|保持|重申|[上下]调|调[高升降]|升|降|跟踪|覆盖(?:研究)?"
_NOBODY = rf"其|该|公司|目标|评级|[AH美港台]股|[股个]|盈利|至|了|未来|\d\d|{_RATING}|{_GIVEN}"
# The name ends where its code, its rating or its price begins.
_RATED = re.compile(
    rf"(?:{_GIVEN})(?!{_NOBODY})(?P<name>[^，。；：、“”\"「」【】][^，。；：“”\"「」【】]{{1,28}}?)"
    rf"(?:股票|股份|(?:[AH]和)?[AH港美台]股)?的?(?:(?:{_RATING}){{1,2}}[^，。；：【】]{{0,6}}?评级|评级|{TARGET_PRICE}|，评级)"
)


class Rated:
    """The stocks that a text rates, where it sets target prices."""

    def __init__(self, text: str) -> None:
        found = list(_RATED.finditer(text)) if TARGET_PRICE in text else []
        named = [(match.end("name"), strip_code(match["name"])) for match in found]
        self._rated = [(end, name) for end, name in named if may_be_name(name)]
        self._text = text

    def whose(self, subject: str | None, position: int) -> str | None:
        """Give whose target price stands at a place: the stock that was rated last, or `subject`.

        The subject stands where the text rates nobody before, or names it again in the same clause.

        >>> Rated("广信证券维持晴川食品买入评级，目标价52元。").whose("广信证券", 18)
        '晴川食品'
        """
        found = bisect_right(self._rated, position, key=lambda each: each[0])
        if not found:
            return subject
        end, name = self._rated[found - 1]
        clause = max(end, self._text.rfind("，", 0, position))
        return subject if subject and self._text.find(subject, clause, position) >= 0 else name
