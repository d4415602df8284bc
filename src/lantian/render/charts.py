"""What all Vega-Altair charts share: faces and colours, the way data are filled in, pictures.

For the worker and the command line only: the web process never loads altair or vl-convert; it shows the drawings the
worker made, or draws with ``sparkline``. A chart module builds its specification once, with named empty data sets, and
fills in rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lantian.basis.finding import Finding, Refusal, Severity, Text

INK, SOFT, ACCENT, RULE, BEFORE = "#1d2733", "#55616e", "#1268a8", "#e7ebef", "#8492a0"
FACES = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
WIDTH = 640

Row = Mapping[str, Any]


def dressed(chart: Any, *, top: int = 5, right: int = 10) -> dict[str, Any]:
    """A specification in the house's faces: no frame, hairlines, room on the right for names at the lines."""
    dressed_chart = (
        chart.properties(padding={"left": 5, "top": top, "right": right, "bottom": 5}, background="white")
        .configure(font=FACES)
        .configure_view(stroke=None)
        .configure_axis(
            gridColor=RULE, domainColor=RULE, tickColor=RULE, labelColor=SOFT, labelFontSize=11, titleColor=SOFT
        )
        .configure_title(color=INK, subtitleColor=SOFT, fontSize=14, subtitleFontSize=11, anchor="start", offset=12)
    )
    return dict(dressed_chart.to_dict())


def filled(
    specification: Mapping[str, Any], title: str, subtitle: str | Sequence[str], **rows: Sequence[Row]
) -> dict[str, Any]:
    """The specification with its question, unit or source below it, and rows for each of its data sets."""
    return {
        **specification,
        "title": {"text": title, "subtitle": subtitle},
        "datasets": {name: [dict(row) for row in own] for name, own in rows.items()},
    }


def haloed(chart: Any, **encoding: Any) -> Any:
    """Words that can be read on lines and colours: once as a white edge, once as they are; ``chart`` makes the mark."""
    import altair as alt

    return alt.layer(chart(stroke="white", strokeWidth=3).encode(**encoding), chart().encode(**encoding))


def png(chart: Mapping[str, Any], scale: float = 2) -> bytes:
    """The picture of a filled specification.

    Errors  Refusal where this machine has no font with Chinese characters
    """
    import vl_convert

    _needs_chinese()
    return bytes(vl_convert.vegalite_to_png(dict(chart), scale=scale))


def svg(chart: Mapping[str, Any]) -> str:
    """The drawing of a filled specification: presentation attributes only, no style, no script.

    Errors  Refusal where this machine has no font with Chinese characters, of which the widths are taken
    """
    import vl_convert

    _needs_chinese()
    return str(vl_convert.vegalite_to_svg(dict(chart)))


def _needs_chinese() -> None:
    from lantian.render.report_png import draws_chinese

    if not draws_chinese():
        text = Text(
            "本机没有中文字体，图中的汉字会缺失，未生成。请安装字体后重试，例如 Debian：apt install fonts-noto-cjk",
            "No Chinese font on this machine: the chart was not made. Install one, e.g. apt install fonts-noto-cjk",
        )
        raise Refusal(Finding("CHART-FONT-MISSING", Severity.REFUSED, text))
