"""Forty clean figures in sentences of our own: the facts are plain, the words nobody's."""

from typing import Any

from tests.expectations.making import day, figure

QUARTER = {"period_start": day("2022-01-01"), "period_end": day("2022-03-31")}
YOY: dict[str, Any] = {"kind": "change_rate", "unit": "%", "basis": "yoy"}

CLEAN: tuple[tuple[str, list[dict[str, Any]]], ...] = (
    (
        "一季度，上海联交所实现交易规模[[655.58亿元]]，同比增长[[84.32%]]，对标率[[293.03%]]，"
        "同比提高[[242.86个百分点]]。",
        [
            figure(value="65558000000", unit="CNY", metric="交易规模", subject="上海联交所", **QUARTER),
            figure(value="84.32", metric="交易规模", **YOY),
            figure(value="293.03", unit="%", metric="对标率"),
            figure(kind="change_amount", value="242.86", unit="pp", basis="yoy", metric="对标率"),
        ],
    ),
    (
        "公司预计净利润[[2亿元-2.3亿元]]，同比下降[[71.5%-76.43%]]。",
        [
            figure(low="200000000", high="230000000", bound="range", unit="CNY", metric="净利润"),
            figure(low="-76.43", high="-71.5", bound="range", metric="净利润", **YOY),
        ],
    ),
    (
        "募资[[5至6亿元]]，发行价[[17.4元/股]]，共[[2,367万股]]，占公司总股本的[[3.5%]]。",
        [
            figure(low="500000000", high="600000000", bound="range", unit="CNY", metric="募资"),
            figure(value="17.4", unit="CNY/股", metric="发行价"),
            figure(value="23670000", unit="股", metric=None),
            figure(value="3.5", unit="%", metric="占公司总股本"),
        ],
    ),
    (
        "净利润分别为[[23.6]]/[[33.3亿元]]，EPS分别为[[4.35]]、[[8.41元]]。",
        [
            figure(value="2360000000", unit="CNY", metric="净利润"),
            figure(value="3330000000", unit="CNY", metric="净利润"),
            figure(value="4.35", unit="CNY/股", metric="EPS"),
            figure(value="8.41", unit="CNY/股", metric="EPS"),
        ],
    ),
    (
        "融资规模[[一万五千亿元]]，占比[[三成五]]，参保率[[百分之九十五]]，产值[[翻一番]]。",
        [
            figure(value="1500000000000", unit="CNY", metric="融资规模"),
            figure(value="35", unit="%", metric="占比"),
            figure(value="95", unit="%", metric="参保率"),
            figure(kind="change_rate", value="100", unit="%", metric="产值"),
        ],
    ),
    (
        "顺差增长[[0.9倍]]，市盈率[[9.81倍]]，用户数增长至去年的[[3倍]]。",
        [
            figure(kind="change_rate", value="90", unit="%", basis="yoy", metric="顺差"),
            figure(value="9.81", unit="x", metric="市盈率"),
            figure(kind="change_rate", value="200", unit="%", basis="yoy", metric="用户数"),
        ],
    ),
    (
        "现货黄金报[[1800.5美元/盎司]]，日内跌[[0.06%]]；债券跌[[6美分]]至[[37.8美分]]。",
        [
            figure(value="1800.5", unit="USD/盎司"),
            figure(kind="change_rate", value="-0.06", unit="%", basis="previous_close"),
            figure(kind="change_amount", value="-0.06", unit="USD", basis="previous_close"),
            figure(value="0.378", unit="USD"),
        ],
    ),
    (
        "德债收益率报[[-0.045%]]，跌[[1.4个基点]]，盘中在[[-0.055%至-0.008%]]之间。",
        [
            figure(value="-0.045", unit="%", metric="收益率"),
            figure(kind="change_amount", value="-1.4", unit="bp", basis="previous_close", metric="收益率"),
            figure(low="-0.055", high="-0.008", bound="range", unit="%", metric="收益率"),
        ],
    ),
    (
        "去年净利润亏损[[4.5亿元]]，净亏损扩大至[[5亿元]]，库存减少[[4825吨]]。",
        [
            figure(value="-450000000", unit="CNY", metric="净利润"),
            figure(value="500000000", unit="CNY", metric="净亏损"),
            figure(kind="change_amount", value="-4825", unit="吨", metric="库存"),
        ],
    ),
    (
        "新增确诊病例[[1，025例]]，每10万人发病率[[12.5]]，日产原油[[19.5万桶/日]]，销量[[１２万辆]]。",
        [
            figure(value="1025", unit="例", metric="确诊病例"),
            figure(value="12.5", unit="例/10万人", metric="发病率"),
            figure(value="195000", unit="桶/日", metric="日产原油"),
            figure(value="120000", unit="辆", metric="销量"),
        ],
    ),
    (
        "两项收入分别下降[[3%]]、[[4.5%]]和[[5.2%]]，手机出货跌幅[[8%]]，成交超[[3000多亿元]]。",
        [
            figure(value="-3", metric="收入", **YOY),
            figure(value="-4.5", metric="收入", **YOY),
            figure(value="-5.2", metric="收入", **YOY),
            figure(value="-8", metric="手机出货", **YOY),
            figure(value="300000000000", unit="CNY", metric="成交", bound="over"),
        ],
    ),
)
