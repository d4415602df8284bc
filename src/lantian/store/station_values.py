"""Values of a column of a station table as integers, each distinct text read once; what is none has its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

from lantian.air.item import SCALE
from lantian.air.wind import DIRECTIONS, SECTORS
from lantian.basis.exact import NotANumberError, half_even, scaled
from lantian.store.hour_stamp import plain
from lantian.store.station_layout import GASES_AND_DUST, StationLayout

_PLACES: Final = 40  # of a shortest text of a float, and more
_MOST: Final = 2**31 - 1
_FEW: Final = 32  # so few cells are read one by one
_USUAL: Final = 100_000
_NEAR: Final = 1e-5  # far more than the error of one multiplication below 10**9
_STEP: Final = 360 * 10**SCALE // len(SECTORS)
COMPASS = {point: number * _STEP for points in (SECTORS, DIRECTIONS) for number, point in enumerate(points)}
_CALM = frozenset({"c", "cv", "calm", "静风", "静", "无风"})


@dataclass(eq=False)
class ValueFault(Exception):
    """Why a cell is no value of its item."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Values:
    """A column as scaled integers, null where missing; reasons by position; positions of values that were rounded."""

    numbers: pl.Series
    faults: dict[int, ValueFault]
    rounded: int


def values(column: pl.Series, item: str, by: Fraction, layout: StationLayout) -> Values:
    """The values of an item.

    Unit    ``value * by * 10**4`` (rank as it is)
    Rule    more than four places are rounded once, half to even; a float counts by its shortest text
    """
    if column.dtype.is_float():
        column = column.fill_nan(None)
    quick = _quick(column) if by == 1 and item in GASES_AND_DUST else None
    if quick is not None:
        column = column.to_frame("cell").select(pl.when(quick["number"].is_null()).then("cell"))["cell"]
    distinct = column if len(column) <= _FEW else column.unique()
    read = _reader(item, by, layout.missing_marks, zero_is_missing=layout.zero == "missing")
    read_numbers: list[int | None] = []
    reasons: dict[int, ValueFault] = {}
    rounded: list[bool] = []
    for at, written in enumerate(distinct.cast(pl.String).to_list()):
        number, exact = None, True
        try:
            number, exact = read(plain(written)) if written is not None else (None, True)
        except ValueFault as fault:
            reasons[at] = fault
        read_numbers.append(number)
        rounded.append(not exact)
    readings = pl.DataFrame(
        {
            "cell": distinct,
            "number": pl.Series(read_numbers, dtype=pl.Int32),
            "rounded": pl.Series(rounded, dtype=pl.Boolean),
        }
    )
    if reasons:
        readings = readings.with_row_index("at")
    table = readings
    if distinct is not column:
        own = pl.DataFrame({"cell": column})
        table = own.join(readings, on="cell", how="left", nulls_equal=True, maintain_order="left")
    faults: dict[int, ValueFault] = {}
    if reasons:
        bad = table.with_row_index("position").filter(pl.col("at").is_in(list(reasons)))
        faults = {position: reasons[at] for position, at in bad.select("position", "at").iter_rows()}
    numbers, count = table["number"], int(table["rounded"].sum() or 0)
    if quick is not None:
        numbers, count = quick["number"].fill_null(numbers), count + int(quick["rounded"].sum() or 0)
    return Values(numbers, faults, count)


def _quick(column: pl.Series) -> pl.DataFrame | None:
    """Positive Float64 numbers without their texts; null where the text must decide.

    Rule    a number whose shortest text has at most four places is n/10**4 for the whole number n next to it (two such
            texts never are the same Float64 below 10**11); one with more places is rounded to n where it is clear of a half
    """
    if column.dtype != pl.Float64:
        return None
    times = pl.col("cell") * 10**SCALE
    divisor = (
        pl.col("cell") * 0 + 10**SCALE
    )  # a column: by a single number Polars divides through its reciprocal, inexactly
    exact = (pl.col("nearest") / divisor) == pl.col("cell")
    clear = ((times - times.floor()) - 0.5).abs() > _NEAR
    usual = (pl.col("cell") > 0) & (pl.col("cell") < _USUAL)
    return (
        column.to_frame("cell")
        .with_columns((times + 0.5).floor().alias("nearest"))
        .select(
            pl.when(usual & (exact | clear)).then(pl.col("nearest")).cast(pl.Int32).alias("number"),
            (usual & clear & ~exact).alias("rounded"),
        )
    )


Read = Callable[[str], tuple[int | None, bool]]


def _reader(item: str, by: Fraction, missing: frozenset[str], *, zero_is_missing: bool) -> Read:
    places = 0 if item == "rank" else SCALE

    def read(text: str) -> tuple[int | None, bool]:
        folded = text.casefold()
        if folded in missing:
            return None, True
        if item == "wind_direction" and folded in _CALM:
            return None, True
        if item == "wind_direction" and text.upper().removesuffix("风") in COMPASS:
            return COMPASS[text.upper().removesuffix("风")], True
        if item == "good_ratio":
            text = text.removesuffix("%").strip()
        number, exact = _number(text, by, places)
        if item == "wind_direction" and number > 360 * 10**SCALE:
            raise ValueFault("AIR-WIND-DIRECTION", f"“{text}”大于 360，不是风向", f"{text!r} is no direction")
        if number == 0 and zero_is_missing and item in GASES_AND_DUST:
            return None, True
        return number, exact

    return read


def _number(text: str, by: Fraction, places: int) -> tuple[int, bool]:
    """Integer at so many places of a decimal text, and whether nothing was lost."""
    if text.startswith("."):
        text = f"0{text}"  # as some databases write 0.5
    try:
        digits = scaled(text, _PLACES)
    except NotANumberError:
        comma = "（不要千位分隔符）" if "," in text else ""
        zh = f"“{text}”不是数字{comma}。没有数值请留空或写“—”"
        raise ValueFault("AIR-VALUE-TEXT", zh, f"{text!r} is no number") from None
    except ValueError:
        raise ValueFault("AIR-VALUE-PLACES", f"“{text}”的小数位数过多", f"{text!r} has too many places") from None
    if digits < 0:
        zh = f"“{text}”是负值，像是仪器的伪值。若表示缺测，请留空"
        raise ValueFault("AIR-VALUE-NEGATIVE", zh, f"{text!r} is negative; leave the cell empty if it means missing")
    numerator, denominator = digits * by.numerator * 10**places, by.denominator * 10**_PLACES
    number = half_even(numerator, denominator)
    if number > _MOST:
        zh = f"“{text}”大得不可能，请核对单位"
        raise ValueFault("AIR-VALUE-HUGE", zh, f"{text!r} is impossible; check the unit")
    return number, number * denominator == numerator
