"""Whole fictional plans, each in another layout: what is found is compared with what a person reads in them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from lantian.plan.read import read, read_bytes, read_text

HERE = Path(__file__).parent / "documents"


def reading(name: str) -> dict[str, Any]:
    return read(HERE / name)


def numeric(data: dict[str, Any], article: Any = None) -> list[tuple[Any, ...]]:
    return [
        (t["comparator"], t["value"], t["unit"], t["deadline"])
        for t in data["targets"]
        if t["kind"] == "numeric" and article in (None, t["article"])
    ]


def titles(data: dict[str, Any]) -> list[str]:
    return [article["title"] for article in data["articles"]]


def rules(data: dict[str, Any], article: int) -> list[tuple[str, str]]:
    return [(rule["type"], rule["strength"]) for rule in data["rules"] if rule["article"] == article]


def test_numbering_restarts_and_labels_stand_on_lines() -> None:
    data = reading("yunling-restarting.txt")
    document = data["document"]
    assert (document["title"], document["number"], document["issued_on"]) == (
        "云岭市2025年大气污染防治攻坚行动方案", "云政办发〔2025〕8号", "2025-03-12")  # fmt: skip
    assert (document["issuer"], document["region"], document["plan"], document["complete"]) == (
        "云岭市人民政府办公室", "云岭市", True, True)  # fmt: skip
    assert len(data["chapters"]) == 4
    assert [(a["n"], a["numeral"], a["chapter"]) for a in data["articles"]] == [
        (1, "一", 1), (2, "二", 1), (3, "一", 2), (4, "二", 2), (5, "一", 3), (6, "二", 3), (7, "三", 3), (8, "一", 4), (9, "二", 4)]  # fmt: skip
    (group,) = data["articles"][4]["responsibility"]
    assert (group["lead"], group["bodies"], group["deadline"]) == (
        ["市公安局"], ["市公安局", "市交通运输局", "市生态环境局", "市商务局", "市财政局"], "2025-12")  # fmt: skip
    assert numeric(data) == [
        ("<=", 34, "微克/立方米", "2025"), (">=", 86, "%", "2025"), (">=", 1260, "吨", None), (">=", 840, "吨", None),
        (">=", 12, "座", "2025-10"), (">=", 3, "家", "2025-10"), (">=", 650, "辆", "2025-12"),
        (">=", 100, "%", "2025-12"), (">=", 90, "%", "2025-12"), (">=", 1.2, "万个", "2025-12"),
    ]  # fmt: skip
    assert [t["article"] for t in data["targets"] if t["kind"] == "external"] == [2]
    assert rules(data, 3) == [("prohibition", "严禁"), ("requirement", "必须")]


def test_four_levels_half_width_marks() -> None:
    data = reading("qinghe-four-levels.txt")
    assert titles(data) == [
        "遏制高耗能项目盲目发展", "推动传统产业集群升级", "发展清洁能源", "整治燃煤锅炉", "强化组织实施", "加强科技支撑"]  # fmt: skip
    assert [a["responsibility"][0]["mode"] for a in data["articles"]] == [
        "lead",
        "lead",
        "sole",
        "shared",
        "sole",
        "shared",
    ]
    assert numeric(data, "一（三）") == [
        (">=", 10, "%", "2027"), ("≈", 30, "微克/立方米", "2027"), (">=", 12, "%", "2027"), (">=", 10, "%", "2027"), (">=", 13.5, "%", "2027")]  # fmt: skip
    assert numeric(data, 3) == [("≈", 20, "%", "2025"), (">=", 23, "%", "2027"), (">=", 80, "万千瓦", None)]
    assert [(t["comparator"], t["threshold"]["value"]) for t in data["targets"] if t["article"] == 4] == [
        ("basically_all", 10),
        ("all", 65),
    ]
    assert rules(data, 4) == [
        ("prohibition", "原则上不再"),
        ("prohibition", "禁止"),
        ("phase_out", "逐步退出"),
        ("preference", "优先"),
    ]
    assert [r["threshold"]["op"] for r in data["rules"] if r["threshold"]] == ["<", "<=", ">"]


def test_hard_lines_with_page_numbers() -> None:
    data = reading("lanjiang-wrapped.txt")
    assert data["document"]["title"] == "澜江市蓝天保卫战三年行动计划（2024—2026年）"
    assert titles(data) == [
        "深化工业源治理",
        "推进散煤清零",
        "加强扬尘管控",
        "发展绿色交通",
        "完善应急机制",
        "严格督导考核",
    ]
    assert data["inherited"]["body"] == "各县区人民政府"
    assert data["articles"][0]["responsibility"][0]["bodies"] == [
        "市生态环境局",
        "市工业和信息化局",
        "市发展和改革委员会",
    ]
    assert data["articles"][1]["responsibility"][0]["lead"] == ["市发展和改革委员会"]
    assert numeric(data, "一") == [
        ("<=", 31, "微克/立方米", "2026"), ("<=", 55, "微克/立方米", "2026"), (">=", 88.5, "%", "2026"), ("<=", 1, "天", "2026"),
        (">=", 3200, "吨", "2026"), (">=", 1850, "吨", "2026")]  # fmt: skip
    assert numeric(data, 1) == [(">=", 80, "%", "2025-12")]
    assert numeric(data, 4) == [(">=", 10, "%", "2026"), ("≈", 45, "%", "2026"), (">=", 60, "%", "2026")]
    assert all("抄送" not in data["text"][a["start"] : a["end"]] for a in data["articles"])


def test_news_furniture_before_and_behind() -> None:
    data = reading("baishan-news.txt")
    assert (data["document"]["title"], data["document"]["issuer"]) == (
        "白杉市空气质量持续改善行动计划",
        "白杉市人民政府",
    )
    assert data["document"]["complete"] is True
    assert len(data["chapters"]) == 5
    assert [a["numeral"] for a in data["articles"]] == [str(n) for n in range(1, 10)]
    assert numeric(data, "一") == [
        ("≈", 12, "%", "2025"), ("<=", 33, "微克/立方米", "2025"), (">=", 83, "%", "2025"), ("<=", 1, "%", "2025")]  # fmt: skip
    assert numeric(data, 2) == [("range", [5, 8], "%", "2025"), ("<", 48, "%", "2025")]
    assert numeric(data, 5) == [
        (">=", 30, "%", "2025"),
        ("≈", 95, "%", "2025"),
        ("≈", 85, "%", "2025"),
        (">=", 60, "%", "2025"),
    ]
    assert rules(data, 5) == [("requirement", "必须")]
    assert "植树" not in data["text"][data["articles"][-1]["start"] : data["articles"][-1]["end"]]


def test_traditional_script_in_one_line() -> None:
    data = reading("xiapuwan-hant-one-line.txt")
    assert (data["document"]["title"], data["document"]["script"]) == ("霞浦灣市大氣污染防治實施意見", "Hant")
    assert titles(data) == ["控制燃煤污染", "防治機動車污染", "治理揚塵", "落實責任", "嚴格考核"]
    assert data["articles"][0]["responsibility"][0]["bodies"] == ["市發展改革委", "市環境保護局", "市質監局"]
    assert numeric(data) == [
        (">=", 10, "%", "2017"), ("<=", 45, "微克/立方米", "2017"), ("<", 60, "%", "2016-12"), (">=", 3.2, "萬輛", "2015-12"),
        (">=", 85, "%", "2017"), (">=", 70, "%", "2017")]  # fmt: skip


def test_parts_and_bodies_of_a_county_in_gbk() -> None:
    text = (HERE / "hanshan-winter.txt").read_text(encoding="utf-8")
    data = read_bytes(text.replace("\n", "\r\n").encode("gbk"), "寒山.txt")
    assert data["text"] == text
    assert len(data["chapters"]) == 3
    assert numeric(data) == [
        ("<=", 52, "微克/立方米", "2026-10-01/2027-03-31"), ("<=", 6, "天", "2026-10-01/2027-03-31"), (">=", 8600, "户", "2026-10-15")]  # fmt: skip
    assert data["articles"][1]["responsibility"][0]["bodies"] == ["县发展和改革局", "各乡镇人民政府", "县供销社"]


def test_decimal_numbering() -> None:
    data = reading("dongping-decimal.txt")
    assert [c["title"] for c in data["chapters"]] == ["总则", "现状分析", "规划目标", "重点任务", "保障措施"]
    assert [a["numeral"] for a in data["articles"]] == ["4.1.1", "4.1.2", "4.2.1", "4.2.2", "5.1", "5.2"]
    assert numeric(data, "3") == [
        ("<=", 38, "微克/立方米", "2027"), (">=", 80, "%", "2027"), ("<=", 35, "微克/立方米", "2030"), (">=", 84, "%", "2030")]  # fmt: skip
    assert numeric(data, 3) == [(">=", 90, "%", "2027-12"), ("=", 100, "%", "2026-01-01起")]


def test_plain_list_with_full_width_digits() -> None:
    data = reading("nanhu-list.txt")
    assert data["chapters"] == []
    assert len(data["articles"]) == 7
    assert numeric(data, 1) == [("<=", 32.5, "微克/立方米", None), (">=", 310, "天", None), ("<=", 0, "天", None)]
    assert numeric(data, 3) == [(">=", 12, "座", "2025-06")]
    assert rules(data, 7) == [("sanction", "约谈"), ("incentive", "给予")]
    threshold = next(r["threshold"] for r in data["rules"] if r["article"] == 3)
    assert (threshold["op"], threshold["value"], threshold["unit"]) == (">", 5000, "吨")


def linxi() -> bytes:
    document = docx.Document()
    rows: dict[str, list[list[str]]] = {
        "表1 临溪市空气质量改善主要指标": [
            ["序号", "指标名称", "单位", "2025年现状值", "2027年", "2030年", "指标属性"],
            ["1", "PM2.5年均浓度", "微克/立方米", "34", "32", "29", "约束性"],
            ["2", "优良天数比率", "%", "83.1", "85", "88", "约束性"],
            ["3", "臭氧第90百分位浓度", "微克/立方米", "168", "—", "160", "预期性"],
            ["4", "新能源汽车保有量", "万辆", "3.4", "≥6", "≥12", "预期性"],
        ],
        "表2 重点任务分工": [
            ["序号", "重点任务", "牵头单位", "责任单位", "完成时限"],
            [
                "1",
                "推动临溪钢铁公司完成全流程超低排放改造，严禁新增粗钢产能",
                "市工业和信息化局",
                "市生态环境局",
                "2027年12月底前",
            ],
            ["2", "淘汰35蒸吨/小时及以下燃煤锅炉46台", "市生态环境局", "各县（市、区）人民政府", "2026年10月底前"],
        ],
        "表3 2027年各县区目标": [
            ["县（市、区）", "PM2.5年均浓度（微克/立方米）", "优良天数比率（%）"],
            ["城关区", "34", "83"],
            ["望溪县", "30", "87.5"],
        ],
    }
    document.add_paragraph("临溪市空气质量改善规划（2026—2030年）")
    for chapter, caption in zip(("第一章 目标", "第二章 任务", "第三章 县区目标"), rows, strict=True):
        document.add_paragraph(chapter)
        document.add_paragraph(caption)
        table = document.add_table(rows=len(rows[caption]), cols=len(rows[caption][0]))
        for row, values in zip(table.rows, rows[caption], strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    document.add_paragraph("第四章 保障措施")
    document.add_paragraph("市生态环境局每年6月底前组织规划年度评估。")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def test_tables_of_a_word_document() -> None:
    data = read_bytes(linxi(), "临溪.docx")
    assert numeric(data, "表1") == [
        ("<=", 32, "微克/立方米", "2027"), ("<=", 29, "微克/立方米", "2030"), (">=", 85, "%", "2027"), (">=", 88, "%", "2030"),
        ("<=", 160, "微克/立方米", "2030"), (">=", 6, "万辆", "2027"), (">=", 12, "万辆", "2030")]  # fmt: skip
    assert [t["scope"] for t in data["targets"] if t["article"] == "表3"] == ["城关区", "城关区", "望溪县", "望溪县"]
    assert [
        (a["title"], a["responsibility"][0]["lead"], a["responsibility"][0]["deadline"]) for a in data["articles"]
    ] == [
        ("推动临溪钢铁公司完成全流程超低排放改造，严禁新增粗钢产能", ["市工业和信息化局"], "2027-12"),
        ("淘汰35蒸吨/小时及以下燃煤锅炉46台", ["市生态环境局"], "2026-10"),
    ]
    assert numeric(data, 2) == [(">=", 46, "台", "2026-10")]
    assert rules(data, 1) == [("prohibition", "严禁")]


def test_law_is_no_plan() -> None:
    data = reading("hengshui-law.txt")
    assert data["document"]["plan"] is False
    assert data["targets"] == data["rules"] == data["articles"] == []
    assert "法律、法规" in data["document"]["findings"][0]["zh"]


@pytest.mark.parametrize(
    "text",
    [
        "Annual report 2024. Revenue rose 12%.",
        "静夜思\n床前明月光，疑是地上霜。",
        "一、会议时间\n下周一。\n二、会议地点\n三楼。",
    ],
)
def test_other_texts_are_no_plans(text: str) -> None:
    data = read_text(text)
    assert data["document"]["plan"] is False
    assert data["targets"] == []


def test_cut_document_says_so() -> None:
    text = (HERE / "yunling-restarting.txt").read_text(encoding="utf-8")
    data = read_text(text[: text.index("淘汰国三") + 12])
    assert (data["document"]["plan"], data["document"]["complete"]) == (True, False)
    assert any("不完整" in finding["zh"] for finding in data["document"]["findings"])
