"""Columns of a table of station hours as integers: stamps, station names, concentrations, each distinct text read once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from lantian.air.hour_grid import HIGHEST, MISSING, Integers
from lantian.basis.exact import MAX_PLACES, NotANumberError, TooManyPlacesError, scaled
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.city_rows import MISSING as MISSING_MARKS
from lantian.store.hour_stamp import ZONES, hour_stamp

SHOWN: Final = 20
NO_STAMP: Final = np.iinfo(np.int64).min
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - Beijing civil time, held without a zone


@dataclass(slots=True)
class Faults:
    """Findings of one batch of rows; raised together so that a person sees them at once."""

    file: str
    first_row: int
    found: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, rows: Iterable[int], column: str, code: str, zh: str, en: str) -> None:
        """Notes a fault of some rows (counted from 0 in the batch)."""
        for row in rows:
            self.count += 1
            if len(self.found) < SHOWN:
                place = Place(file=self.file, row=self.first_row + row, column=column)
                self.found.append(Finding(code, Severity.REFUSED, Text(zh, en), place))

    def raise_any(self) -> None:
        """Errors  Refusal with what was found, if anything was"""
        if self.count > len(self.found):
            text = Text(f"另有 {self.count - len(self.found)} 处问题未列出", f"{self.count - len(self.found)} more")
            self.found.append(Finding("AIR-HOUR-MORE", Severity.REFUSED, text, Place(file=self.file)))
        if self.found:
            raise Refusal(*self.found)


def distinct(column: pa.Array) -> tuple[NDArray[np.int32], list[str | None]]:
    """A column as codes and its distinct texts; a null has the code of the last text, which is None."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    names, codes = column.dictionary, column.indices  # what needs no change is left alone: it is a national year's rows
    texts: list[str | None] = [
        *(names if pa.types.is_string(names.type) else names.cast(pa.string())).to_pylist(),
        None,
    ]
    if codes.type != pa.int32():
        codes = codes.cast(pa.int32())
    if codes.null_count:
        codes = codes.fill_null(len(texts) - 1)
    return np.asarray(np.from_dlpack(codes), np.int32), texts  # to_numpy loads pandas wherever it is installed, 0.3 s


def stamps(codes: NDArray[np.int32], texts: Sequence[str | None], column: str, faults: Faults) -> NDArray[np.int64]:
    """Stamps (ms since 1970, Beijing) of texts such as 2026-01-01 01:00; 24:00 is 00:00 of the next day."""
    known = np.full(len(texts), NO_STAMP, np.int64)
    used = np.bincount(codes, minlength=len(texts))
    for code in np.flatnonzero(used).tolist():
        try:
            known[code] = (hour_stamp(texts[code]) - _EPOCH) // timedelta(milliseconds=1)
        except ValueError as error:
            zh, en = error.args
            faults.add(np.flatnonzero(codes == code).tolist(), column, "AIR-HOUR-TIME", zh, en)
    return known[codes]


def stamps_of_times(times: pl.Series, faults: Faults) -> NDArray[np.int64]:
    """Stamps of a column of times without zone or in Beijing's.

    Errors  Refusal for another zone or a column that holds no times
    """
    kind = times.dtype
    if not isinstance(kind, pl.Datetime):
        raise _refused(
            faults.file,
            times.name,
            "AIR-HOUR-TIME-TYPE",
            f"时间列的类型是 {kind}，不是时间。请用不带时区的时间戳（北京时间，小时末）",
            f"the column is {kind}, no time; use timestamps without zone (Beijing time, end of the hour)",
        )
    if kind.time_zone is not None and kind.time_zone not in ZONES:
        raise _refused(
            faults.file,
            times.name,
            "AIR-HOUR-ZONE",
            f"时间列带有时区 {kind.time_zone}，这里只收北京时间。请先换算成北京时间并去掉时区",
            f"the column carries the zone {kind.time_zone}; convert it to Beijing time without zone first",
        )
    local = times.dt.replace_time_zone(None) if kind.time_zone else times
    if local.null_count():
        rows = local.is_null().arg_true().to_list()
        faults.add(rows, times.name, "AIR-HOUR-TIME", "时间是空的", "the time is empty")
    if kind.time_unit == "ms":
        whole = local.to_physical()
    else:
        whole = local.dt.timestamp("ms")
        finer = local.to_physical() % (1_000_000 if kind.time_unit == "ns" else 1000)
        if finer.sum():
            rows = (finer != 0).arg_true().to_list()
            faults.add(rows, times.name, "AIR-HOUR-TIME", "时间不是整点", "no whole hour")
    return (whole.fill_null(NO_STAMP) if whole.null_count() else whole).to_numpy()


@dataclass(frozen=True, slots=True)
class Scaling:
    """How the numbers of a column become the item's unit: times 10**-places, or times ``by`` where that is larger."""

    places: int = 0
    by: int = 1


def concentrations(column: pl.Series, scaling: Scaling, faults: Faults) -> tuple[Integers, int]:
    """Concentrations of a column of numbers as scaled integers, MISSING for null, and their scale.

    Unit    that of the item, by ``scaling``
    """
    kind = column.dtype
    if isinstance(kind, pl.Decimal):
        scale = int(kind.scale or 0) + scaling.places
        column = column.to_physical().cast(pl.Int64)
    elif kind.is_integer():
        scale = scaling.places
        if kind in (pl.Int8, pl.UInt8):
            column = column.cast(pl.Int16)
        elif kind in (pl.UInt16, pl.UInt32, pl.UInt64):
            column = column.cast(pl.Int32 if kind == pl.UInt16 else pl.Int64)
    else:
        return texts_as_numbers(*distinct(column.to_arrow()), column.name, scaling, faults)
    if scaling.by != 1:
        column = column.cast(pl.Int64) * scaling.by
    numbers, least, most = _filled(column)
    if least < 0 and int(np.count_nonzero(numbers < 0)) != column.null_count():  # MISSING itself is negative
        rows = (column < 0).arg_true().to_list()
        faults.add(rows, column.name, "AIR-VALUE-NEGATIVE", *_NEGATIVE)
    if most > HIGHEST * 10**scale:
        rows = np.flatnonzero(numbers > HIGHEST * 10**scale).tolist()
        faults.add(rows, column.name, "AIR-VALUE-HUGE", *_HUGE)
    return _reduced(numbers, scale, column.name, faults) if scale > MAX_PLACES else (numbers, scale)


def _filled(column: pl.Series) -> tuple[Integers, int, int]:
    """The numbers of a column with MISSING for null, and bounds of them (what stands in a null's place counts there).

    Part by part as they lie in memory, the marks of the nulls laid over: half the time of filling and joining.
    """
    parts = column.to_frame().to_arrow().column(0).chunks
    kind = np.dtype(parts[0].type.to_pandas_dtype() if parts else np.int16)
    numbers = np.empty(len(column), kind)
    at, least, most = 0, 0, 0
    for part in parts:
        if not len(part):
            continue
        validity, data = part.buffers()
        raw = np.frombuffer(data, kind, len(part), part.offset * kind.itemsize)
        least, most = min(least, int(raw.min())), max(most, int(raw.max()))
        into = numbers[at : at + len(part)]
        at += len(part)
        if part.null_count:
            valid = np.unpackbits(np.frombuffer(validity, np.uint8), count=part.offset + len(part), bitorder="little")
            missing = valid[part.offset :].astype(kind)
            missing += MISSING  # 0 where there is a value, else −1, every bit set
            np.bitwise_or(raw, missing, out=into)
        else:
            into[:] = raw
    return numbers, least, most


_NEGATIVE = ("浓度为负值，不能计算。若表示缺测，请留空", "negative; leave the cell empty if it means missing")
_HUGE = (f"浓度大于 {HIGHEST}，不可能，请核对单位", f"above {HIGHEST}: impossible; check the unit")


def _reduced(numbers: Integers, scale: int, column: str, faults: Faults) -> tuple[Integers, int]:
    """Numbers of more places than are kept, cut to those where only noughts are lost."""
    step = 10 ** (scale - MAX_PLACES)
    lost = np.flatnonzero((numbers != MISSING) & (numbers % step != 0)).tolist()
    faults.add(lost, column, "AIR-VALUE-PLACES", f"多于 {MAX_PLACES} 位小数，请先核对来源", "too many places")
    return np.where(numbers == MISSING, MISSING, numbers // step), MAX_PLACES


def texts_as_numbers(
    codes: NDArray[np.int32], texts: Sequence[str | None], column: str, scaling: Scaling, faults: Faults
) -> tuple[Integers, int]:
    """Concentrations of a column of texts as integers at four places, MISSING for a mark of a missing value."""
    known = np.full(len(texts), MISSING, np.int64)
    used = np.bincount(codes, minlength=len(texts))
    for code in np.flatnonzero(used).tolist():
        try:
            number = _number(texts[code], scaling)
        except _Unreadable as fault:
            faults.add(np.flatnonzero(codes == code).tolist(), column, fault.code, fault.zh, fault.en)
            continue
        known[code] = MISSING if number is None else number
    scale = MAX_PLACES
    while scale and not (known[known != MISSING] % 10).any():  # whole numbers stay small
        known = np.where(known == MISSING, MISSING, known // 10)
        scale -= 1
    highest = int(known.max(initial=0))
    kind = np.dtype(next(kind for kind in (np.int16, np.int32, np.int64) if highest <= np.iinfo(kind).max))
    return known.astype(kind)[codes], scale


@dataclass(eq=False)
class _Unreadable(Exception):
    code: str
    zh: str
    en: str


def _number(text: str | None, scaling: Scaling) -> int | None:
    """Integer at four places of a text; None for a missing value."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if plain.casefold() in MISSING_MARKS:
        return None
    try:
        number = scaled(plain, MAX_PLACES + 8) * scaling.by
    except NotANumberError:
        raise _Unreadable(
            "AIR-VALUE-TEXT", f"“{plain}”不是数字。没有数值请留空或写“—”", f"{plain!r} is no number"
        ) from None
    except TooManyPlacesError:
        number = -1
        rest = 1
    else:
        number, rest = divmod(number, 10 ** (8 + scaling.places))
    if rest:
        zh = f"“{plain}”多于 {MAX_PLACES} 位小数，请先核对来源"
        raise _Unreadable("AIR-VALUE-PLACES", zh, f"{plain!r} has more than {MAX_PLACES} places")
    if number < 0:
        raise _Unreadable("AIR-VALUE-NEGATIVE", f"“{plain}”：{_NEGATIVE[0]}", f"{plain!r}: {_NEGATIVE[1]}")
    if number > HIGHEST * 10**MAX_PLACES:
        raise _Unreadable("AIR-VALUE-HUGE", f"“{plain}”：{_HUGE[0]}", f"{plain!r}: {_HUGE[1]}")
    return number


def _refused(file: str, column: str, code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place(file=file, column=column)))
