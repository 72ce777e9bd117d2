"""Numbers that are no figure: ordinals, ranks, codes, names, enumerations, idioms; and the ledger of all numbers."""

import re

from models.vocabulary import Role
from tasks.engine.grammar.quantities import Quantity

_RANKED = re.compile(r"^(?:强|大(?![约多概])|甲)")
_NAMED = re.compile(
    r"^(?:指数|ETF|期货|指(?!向|出|数)|成[份分]|系列|型|号|版|合约|股指|基金|峰会|国集团|国际|工程|计划|行动|专区|主力|年代|世纪|网|平台|[A-Za-z])"
)
_BRANDS = re.compile(
    r"(?:标普|标准普尔|沪深|上证|中证|日经|经|富时|罗素|纳斯达克|纳指|科创|深证|国证|斯托克|道琼斯|恒生|德国|英国|法国|欧洲|泛欧|全球|红利|"
    r"创业板|双创|MSCI|中小板|央视|百度|ASX|澳洲|KOSPI|SENSEX|NIFTY|股指|STOXX|FTSE|S&P|东证|越南)\s?$"
)
_CODE_BEFORE = re.compile(r"(?:代码|股票|热线|电话|QQ|编号|证书|[〔\[【(（]|[A-Z]{2}\s?)[：:]?$")
_CODE_AFTER = re.compile(r"^(?:[.．·](?:SZ|SH|HK|SS|US|O|N|BJ|KS|T|L)|[〕\]】)）])")
_PHONE = re.compile(r"\d{3,4}-\d{7,8}|\d{11}|400-\d{3}-\d{4}|400\d{7}")
_BULLET = re.compile(r"(?:^|[\n，。；：:;、\s“（(])$")
_BULLET_END = re.compile(r"^(?:[、)）]|[.．](?!\d))")
_SCORE = re.compile(r"^\s?[:：比]\s?\d")
_QUOTED = re.compile(
    r"(?:报|现报|收报|收于|报收|升至|降至|跌至|涨至|至|为|达|触及|升破|跌破|失守|站上|突破|到|是|在|预期|前值|终值|初值|约|超|逾|近|多达|超过|最新报|数值|[（(]预期|于)[^\d]?$"
)
_COUNTED = frozenset("次家名人例只笔辆架艘枚股吨头台套户桶支座宗起单亩")
_LONELY = frozenset({"万", "亿", "千", "百", "十", "万亿", "千万", "百万", "千亿", "百亿"})
_LIMITED = ("超", "破", "逾", "达", "近", "约", "过", "到", "足", "于")


def role_of(text: str, quantity: Quantity) -> tuple[Role, str | None] | None:
    """Give the role and reason of a number that is no figure, or None where the grammar may read it as one."""
    before, after = text[max(0, quantity.start - 8) : quantity.start], text[quantity.end : quantity.end + 6]
    if before.endswith("每") and quantity.dimension != "bare":
        return Role.NAME, "what a rate is told for"
    if before.endswith("第"):
        return Role.ORDINAL, None
    if quantity.written == "chinese":
        return _chinese_role(text, quantity, before)
    if (
        before.endswith("前")
        and quantity.dimension in {"bare", "measure"}
        and not before.endswith(("目前", "此前", "日前", "年前"))
    ):
        return Role.RANK, None
    if quantity.dimension == "bare" and quantity.high is None and not quantity.scale:
        return _bare_role(text, quantity, before, after)
    return None


def _bare_role(text: str, quantity: Quantity, before: str, after: str) -> tuple[Role, str | None] | None:
    digits = text[quantity.start : quantity.end]
    if _RANKED.match(after):
        return Role.RANK, None
    if (_CODE_AFTER.match(after) and _CODE_BEFORE.search(before)) or _PHONE.match(text, quantity.start):
        return Role.CODE, None
    if re.match(r"^(?:[.．](?:SZ|SH|HK|SS|US|O|N|BJ))", after) or re.search(r"(?:代码|电话|热线)[：:]?$", before):
        return Role.CODE, None
    if _BULLET.search(before) and _BULLET_END.match(after) and len(digits) <= 2:
        return Role.ENUMERATION, None
    if _BRANDS.search(before) or _NAMED.match(after):
        return Role.NAME, None
    if _SCORE.match(after) or re.search(r"\d\s?[:：比]\s?$", before):
        return Role.SCORE, None
    if re.fullmatch(r"(?:19|20)\d\d", digits) and not _QUOTED.search(before):
        return Role.DATE, None
    if not _QUOTED.search(before):
        return Role.UNREAD, "a number without a unit"
    return None


def _chinese_role(text: str, quantity: Quantity, before: str) -> tuple[Role, str | None] | None:
    numeral = re.match(r"[零〇一二两三四五六七八九十百千万亿点]+", text[quantity.start : quantity.end])
    words = numeral.group() if numeral else ""
    if before.endswith(("数", "几", "上", "好")):
        return Role.IDIOM, "a number that is not told"
    if quantity.dimension in {"money", "pp", "bp"}:
        return (Role.IDIOM, None) if words in _LONELY and not before.endswith(_LIMITED) else None
    if quantity.unit == "x":
        return None if quantity.low >= 1 else (Role.IDIOM, None)
    if words in _LONELY and not before.endswith(_LIMITED):
        return Role.IDIOM, None
    if quantity.unit in _COUNTED and quantity.low >= 2:
        return None
    return Role.IDIOM, None
