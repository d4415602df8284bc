"""Forms seen in plans of other places, in fictional miniatures: page heads, goals, places, conditions, lost line ends."""

from __future__ import annotations

from typing import Any

import pytest

from lantian.plan.read import read_text

TITLE = "云溪市打赢蓝天保卫战行动方案（2018—2020年）\n"
PLAN = (
    TITLE
    + "一、总体要求\n（一）工作目标。{goal}\n二、重点任务\n（二）治理工业。{task}（市生态环境局负责）\n"
    + "三、保障措施\n（三）加强领导。压实责任。（市政府办公室负责）\n"
)


def goals(text: str) -> list[tuple[Any, ...]]:
    targets = read_text(PLAN.format(goal=text, task="加强监管。"))["targets"]
    return [(t["comparator"], t["value"], t["deadline"], t["scope"]) for t in targets if t["kind"] == "numeric"]


def tasks(text: str) -> dict[str, Any]:
    return read_text(PLAN.format(goal="改善空气质量。", task=text))


def rules(text: str) -> list[str]:
    return [rule["type"] for rule in tasks(text)["rules"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("到2020年，完成约束性指标。全市优良天数比率达到80%。", [(">=", 80, "2020", "全市")]),
        ("经过三年努力，优良天数比率达到81%以上。", [(">=", 81, "2020", None)]),
        ("到2020年，东山市、西山市、南山县PM2.5浓度下降15%。", [(">=", 15, "2020", "东山市、西山市、南山县")]),
        ("到2020年，东山市、西山市PM2.5浓度分别下降15%、12%。", [(">=", 15, "2020", "东山市"), (">=", 12, "2020", "西山市")]),
        ("2017年PM2.5平均浓度超过50微克/立方米之间的东镇、西镇，2020年均下降至目标值45微克/立方米及以下。", [("<=", 45, "2020", None)]),
        ("2020年炼焦产能与钢铁产能比达到0.4左右。", [("≈", 0.4, "2020", None)]),
        ("二是2020年县城清扫率达到60%。", [(">=", 60, "2020", "县城")]),
        ("各县平均降尘量不得高于9吨/月·平方公里。", [("<=", 9, None, "各县")]),
    ],
)  # fmt: skip
def test_goals(text: str, found: list[tuple[Any, ...]]) -> None:
    assert [item[:3] for item in goals(text)] == [item[:3] for item in found]
    if "、" not in text or "市" in text:
        assert [item[3] for item in goals(text) if item[3]] == [item[3] for item in found if item[3]]


def test_a_list_under_a_dated_opening_takes_its_date() -> None:
    text = PLAN.format(goal="到2020年，实现以下目标：\n1.优良天数比率达到80%以上；\n2.PM2.5浓度控制在40微克/立方米以内。", task="加强监管。")  # fmt: skip
    assert {t["deadline"] for t in read_text(text)["targets"]} == {"2020"}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("加快淘汰采用稀薄燃烧技术的燃气货车。", ["phase_out"]),
        ("对拒不停产的依法强制关闭。", ["sanction"]),
        ("停止销售低于国六标准的汽柴油。", ["prohibition"]),
        ("列入搬迁类的，要按照集约化的原则搬迁至工业园区。", ["requirement"]),
        ("情节严重的，列入建筑市场主体“黑名单”。", ["sanction"]),
        ("除部分必须依托城市生产的企业外，加强帮扶。", []),
        ("采取经济补偿、限制使用等方式，推进老旧车辆更新。", []),
    ],
)
def test_rules(text: str, types: list[str]) -> None:
    assert rules(text) == types


def test_what_must_be_done_by_a_date_is_a_rule_and_a_completion() -> None:
    data = tasks("2019年6月底前，燃煤机组均应安装脱硝设施。")
    assert [t["deadline"] for t in data["targets"] if t["kind"] == "completion"] == ["2019-06"]
    assert [rule["type"] for rule in data["rules"]] == ["requirement"]


def test_a_page_printed_later_takes_no_target_away() -> None:
    text = "发布时间：2024-06-03 09:12　来源：市政府办公室\n" + PLAN.format(
        goal="到2020年，优良天数比率达到80%。", task="2019年9月底前，完成整治。"
    )
    data = read_text(text)
    assert [(t["kind"], t["deadline"]) for t in data["targets"]] == [("numeric", "2020"), ("completion", "2019-09")]


def test_blanks_that_a_page_lost() -> None:
    text = "????????? ?云溪市人民政府\n???????? 2018年12月24日\n?\n" + PLAN.format(
        goal="改善空气质量。", task="加强监管。"
    )
    document = read_text(text)["document"]
    assert (document["issuer"], document["issued_on"]) == ("云溪市人民政府", "2018-12-24")


def test_a_title_printed_twice() -> None:
    assert read_text(TITLE + PLAN)["document"]["title"] == TITLE.strip()


def test_a_plan_without_a_title() -> None:
    body = PLAN.format(goal="到2020年，优良天数比率达到80%。", task="严禁新增钢铁产能，治理大气污染。")
    data = read_text(body.removeprefix(TITLE))
    assert (data["document"]["plan"], data["document"]["title"]) == (True, None)
    assert [t["value"] for t in data["targets"]] == [80]


def test_a_plan_without_numbers() -> None:
    data = read_text(
        TITLE
        + "为改善空气质量，打好蓝天保卫战，制定本方案。到2020年，全市优良天数比率达到80%，PM2.5浓度控制在40微克/立方米以内。\n"
    )
    assert [(t["article"], t["value"]) for t in data["targets"]] == [("正文", 80), ("正文", 40)]
    assert data["document"]["complete"] is False


def test_an_explanation_is_no_plan() -> None:
    text = (
        "《云溪市蓝天保卫战行动方案》政策解读\n一、出台背景\n治理大气污染。\n"
        "二、目标\n到2020年，优良天数比率达到80%。\n三、重点任务\n治理大气污染。\n"
    )
    assert read_text(text)["document"]["plan"] is False


def test_items_follow_names_where_the_line_ends_are_lost() -> None:
    items = "".join(
        f"{n}.治理第{n}类污染源。开展排查整治，加强日常监管，推进设施改造，提升治理水平，改善环境空气质量，确保按期完成各项大气污染防治任务。责任单位：市生态环境局、市财政局"
        for n in range(1, 10)
    )
    text = (
        f"{TITLE.strip()}一、工作目标到2020年，优良天数比率达到80%。二、重点任务（一）治理工业"
        f"{items}三、保障措施10.加强领导。压实责任。责任单位：市政府办公室"
    )
    data = read_text(text)
    assert [chapter["numeral"] for chapter in data["chapters"]] == ["一", "二", "三"]
    assert [article["numeral"] for article in data["articles"]] == [str(n) for n in range(1, 11)]
    assert all(article["responsibility"] for article in data["articles"])


@pytest.mark.parametrize("unit", ["（", "分别达到250吨、", "第一条", "一、", "12.5%、", "责任单位："])
def test_a_text_that_repeats_one_thing_is_read(unit: str) -> None:
    """Nothing outside the repetition is lost by it; how its time grows is measured in ``benchmarks/reading.py``."""
    data = tasks((unit * 400)[:400])
    assert [chapter["numeral"] for chapter in data["chapters"]][-1:] == ["三"]
