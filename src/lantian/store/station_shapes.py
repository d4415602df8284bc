"""Bodies of station tables, whatever their shape, as one row per station (or place) and moment with a column per item."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from lantian.air.item import SCALE
from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.air import plain_city
from lantian.store.air_write import Quarantined
from lantian.store.layout import plain_heading
from lantian.store.station_code import plain_code
from lantian.store.station_frames import ROW, text
from lantian.store.station_given import GIVEN, told
from lantian.store.station_layout import ITEMS, StationMatch, item_factor
from lantian.store.station_times import MOMENT
from lantian.store.station_values import values

STATION, CITY, PLACE, ITEM, VALUE, PART = "station", "city", "place", "item", "value", "part"
_CODE = r"^[\x21-\x7e ]+$"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is kept aside; ``whole`` whether it is the whole row."""

    code: str
    zh: str
    en: str
    whole: bool = True


@dataclass(slots=True)
class Part:
    """One table on its way: its heading, its body, what is kept aside, what to know about it."""

    found: StationMatch
    body: pl.DataFrame
    place: Place
    units: Mapping[str, str]
    aside: list[tuple[int, Reason, str | None]] = field(default_factory=list)  # line, reason, heading
    notes: list[Finding] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """Columns that name a row of the result."""
        kind = self.found.layout.kind
        return [PLACE if kind == "city_months" else STATION, MOMENT[kind]]

    def note(self, code: str, severity: Severity, zh: str, en: str) -> None:
        """Something to know about the whole table."""
        self.notes.append(Finding(code, severity, Text(zh, en), self.place))

    def quarantined(self) -> list[Quarantined]:
        """What is kept aside, each with its place and the cells of its row."""
        wanted = sorted({row for row, _, _ in self.aside})
        lines = self.body.filter(pl.col(ROW).is_in(wanted)) if wanted else self.body.clear()
        cells = {row[-1]: row[:-1] for row in lines.select(*self._columns(), ROW).iter_rows()}
        return [
            self._kept(row, reason, column, cells[row])
            for row, reason, column in sorted(self.aside, key=lambda one: one[0])
        ]

    def _columns(self) -> list[str]:
        return [f"c{at}" for at in range(len(self.found.headings))]

    def _kept(self, row: int, reason: Reason, column: str | None, cells: Sequence[object]) -> Quarantined:
        wide = set(self.found.stations)
        content = {
            heading: text(cell)
            for at, (heading, cell) in enumerate(zip(self.found.headings, cells, strict=True))
            if heading and (at not in wide or heading == column)
        }
        end_zh, end_en = ("本行已隔离，未计入", "the row is kept aside")
        if not reason.whole:
            end_zh, end_en = ("该值已隔离，本行其余各项照收", "the value is kept aside, the rest of the row is taken")
        place = Place(self.place.file, self.place.sheet, row, column)
        said = Text(f"{reason.zh}（{end_zh}）", f"{reason.en} ({end_en})")
        return Quarantined(Finding(reason.code, Severity.REFUSED, said, place), content)


def rows_of(part: Part) -> pl.DataFrame:
    """Rows of a table whose body carries its moments (``station_times.moments``).

    Shape   ``station`` or ``place``, ``city``, the moment, the items the table has, ``row``; pairs may still occur twice
    """
    if part.found.layout.shape == "long":
        return _of_long(part)
    return _of_tall(part)


def _of_long(part: Part) -> pl.DataFrame:
    found = part.found
    named = _with_names(part, part.body.filter(pl.col(part.keys[1]).is_not_null()))
    columns: dict[str, pl.Series] = {}
    given = pl.Series([0], dtype=pl.Int32).new_from_index(0, named.height)
    for item in (item for item in ITEMS[found.layout.kind] if item in found.places):
        heading = partial(_always, found.heading(item))
        columns[item], told_of = _read(part, named[f"c{found.places[item]}"], named[ROW], item, heading)
        given = given + told_of
    rows = named.select(part.keys[0], CITY, part.keys[1], ROW).with_columns(**columns, **{GIVEN: given})
    return _months(part, rows, list(columns)) if found.layout.kind == "city_months" else rows


def _months(part: Part, rows: pl.DataFrame, items: Sequence[str]) -> pl.DataFrame:
    """Monthly rows: shares of 1 become percent; lines without any value are footnotes."""
    if "good_ratio" in items and rows.select((pl.col("good_ratio").max() <= 10**SCALE).fill_null(False)).item():
        rows = rows.with_columns(pl.col("good_ratio") * 100)
        zh = "优良天数比例都不大于 1，按小数计，已乘以 100"
        part.note("AIR-RATIO-SHARE", Severity.NOTE, zh, "ratios of at most 1 were taken as shares and made percent")
    empty = rows.filter(pl.all_horizontal(pl.col(items).is_null()))
    taken = {row for row, reason, _ in part.aside if not reason.whole}  # their value was kept aside: no footnotes
    reason = Reason("AIR-ROW-EMPTY", "没有任何数值，像是说明文字", "no value at all: it seems to be a footnote")
    footnotes = [row for row in empty[ROW].to_list() if row not in taken]
    part.aside += [(row, reason, None) for row in footnotes]
    return rows.filter(~pl.col(ROW).is_in(footnotes))


def _of_tall(part: Part) -> pl.DataFrame:
    """Item by item: the rows that write it, as station, moment and value; then put side by side."""
    frames: list[pl.DataFrame] = []
    dated = part.body.filter(pl.col(part.keys[1]).is_not_null())
    for item, lines in _by_item(part, dated):
        cells = _unfolded(part, lines) if part.found.layout.shape == "wide" else _with_names(part, lines)
        if part.found.layout.shape == "wide":
            headings = cells[STATION]
            column = partial(_at, headings)
            cell = cells[VALUE]
        else:
            value_heading = part.found.heading(VALUE)
            column = partial(_always, value_heading)
            cell = cells[f"c{part.found.places[VALUE]}"]
        numbers, told_of = _read(part, cell, cells[ROW], item, column)
        narrow = cells.select(*part.keys, CITY, ROW).with_columns(
            told_of.alias(GIVEN), pl.lit(0, dtype=pl.Int32).alias(PART), numbers.alias(item)
        )
        frames.append(settled([part], narrow, part.keys, [item]).drop(PART))
    if not frames:
        return pl.DataFrame(schema={part.keys[0]: pl.String, CITY: pl.String, part.keys[1]: dated[part.keys[1]].dtype,
                                    ROW: pl.Int64, GIVEN: pl.Int32})  # fmt: skip
    present = [frame.columns[-1] for frame in frames]
    whole = pl.concat(frames, how="diagonal")
    gathered = whole.group_by(part.keys).agg(
        pl.col(CITY).drop_nulls().first(), *(pl.col(item).drop_nulls().first() for item in present), pl.col(ROW).min(),
        pl.col(GIVEN).sum(),
    )  # fmt: skip
    return gathered.select(part.keys[0], CITY, part.keys[1], ROW, GIVEN, *present)


def _at(headings: pl.Series, position: int) -> str:
    return str(headings[position])


def _always(heading: str, _: int) -> str:
    return heading


def _by_item(part: Part, body: pl.DataFrame) -> Iterable[tuple[str, pl.DataFrame]]:
    """Lines of each item; lines without one are kept aside, items not taken are told."""
    layout, at = part.found.layout, f"c{part.found.places[ITEM]}"
    names = {plain_heading(name): item for item, column in layout.items.items() for name in column.names}
    ignored = {plain_heading(name): reason for name, reason in layout.ignores.items()}
    written = body[at].cast(pl.String).unique().to_list()
    of: dict[str, list[str]] = {}
    for one in written:
        plain = plain_heading(one or "")
        if plain in names:
            of.setdefault(names[plain], []).append(one)
        elif not plain:
            empty = Reason("AIR-ITEM-EMPTY", "没有写明是哪一项", "no item is named")
            lines = body.filter(pl.col(at).cast(pl.String).eq_missing(pl.lit(one, dtype=pl.String)))
            part.aside += [(row, empty, part.found.heading(ITEM)) for row in lines[ROW].to_list()]
        elif plain in ignored:
            part.note("AIR-COLUMN-IGNORED", Severity.NOTE, f"未采用“{one}”：{ignored[plain].zh}",
                      f"{one}: {ignored[plain].en}")  # fmt: skip
        else:
            part.note("AIR-COLUMN-UNKNOWN", Severity.WARNING, f"不认识“{one}”，这些行未采用", f"passed over: {one}")
    for item in ITEMS[layout.kind]:
        if item in of:
            yield item, body.filter(pl.col(at).cast(pl.String).is_in(of[item]))


def _unfolded(part: Part, lines: pl.DataFrame) -> pl.DataFrame:
    """One row per line and station column, the station being its heading."""
    names = {f"c{at}": part.found.headings[at].strip().upper() for at in part.found.stations}
    moment = part.keys[1]
    if len(set(lines.select(names.keys()).dtypes)) > 1:  # a Parquet column without values has a type of its own
        lines = lines.with_columns(pl.col(list(names)).cast(pl.String))
    return (
        lines.select(ROW, moment, *names)
        .rename(names)
        .unpivot(index=[ROW, moment], variable_name=STATION, value_name=VALUE)
        .with_columns(pl.lit(None, dtype=pl.String).alias(CITY))
    )


def _with_names(part: Part, body: pl.DataFrame) -> pl.DataFrame:
    """Rows with their station or place and city; those without are kept aside."""
    found = part.found
    missing = list(found.layout.missing_marks)

    def column(field: str) -> pl.Expr:
        if field not in found.places:
            return pl.lit(None, dtype=pl.String)
        words = pl.col(f"c{found.places[field]}").cast(pl.String).str.strip_chars()
        return pl.when(~words.str.to_lowercase().is_in(missing)).then(words)

    named = body.with_columns(_city=column("city"), _code=column(STATION), _name=column("name"),
                              _place=column(PLACE))  # fmt: skip
    named = named.with_columns(_plain(named["_city"]), _plain(named["_place"]), _distinct(named["_code"], plain_code))
    if found.layout.kind == "city_months":
        key = pl.coalesce("_place", "_city").alias(PLACE)
    else:
        coded = pl.col("_code").str.contains(_CODE)
        name = pl.coalesce("_name", "_code")
        by_name = pl.when(pl.col("_city").is_not_null()).then(pl.concat_str("_city", pl.lit("/"), name)).otherwise(name)
        key = pl.when(coded).then("_code").otherwise(by_name).alias(STATION)
    named = named.with_columns(key, pl.col("_city").alias(CITY)).drop("_city", "_code", "_name", "_place")
    lacking = named.filter(pl.col(part.keys[0]).is_null())
    if lacking.height:
        reason = Reason("AIR-STATION-EMPTY", "没有站点（地点），不知道这些值属于哪里", "the station (place) is empty")
        part.aside += [(row, reason, None) for row in lacking[ROW].to_list()]
        named = named.filter(pl.col(part.keys[0]).is_not_null())
    return named


def _plain(cities: pl.Series) -> pl.Series:
    """City names as the store keeps them."""
    return _distinct(cities, plain_city)


def _distinct(names: pl.Series, plain: Callable[[str], str]) -> pl.Series:
    distinct = names.unique().drop_nulls()
    return names.replace_strict(distinct, [plain(one) for one in distinct], return_dtype=pl.String, default=None)


def _read(
    part: Part, cells: pl.Series, rows: pl.Series, item: str, heading: Callable[[int], str]
) -> tuple[pl.Series, pl.Series]:
    """The values of an item and its bit for each row (``station_given``); cells that are none are kept aside."""
    by = item_factor(part.found, item, part.units, part.place.file or "")
    read = values(cells, item, by, part.found.layout)
    for position, fault in read.faults.items():
        part.aside.append((rows[position], Reason(fault.code, fault.zh, fault.en, whole=False), heading(position)))
    if read.rounded:
        zh = f"{item} 有 {read.rounded} 个值多于四位小数，已按四舍六入五成双修约到四位"
        part.note("AIR-VALUE-ROUNDED", Severity.WARNING, zh, f"{item}: {read.rounded} values rounded to four places")
    return read.numbers.alias(item), told(item, len(cells), read.faults.keys())


def settled(parts: Sequence[Part], rows: pl.DataFrame, keys: Sequence[str], items: Sequence[str]) -> pl.DataFrame:
    """Rows with each pair of keys once: equal rows count once, rows that differ are all kept aside.

    ``rows`` has the number of its part in the column ``part``.
    """
    pair = pl.struct(keys)
    twice = rows.filter(pair.is_duplicated())
    if twice.is_empty():
        return rows
    single = rows.filter(~pair.is_duplicated())
    ways = twice.with_columns(pl.struct(items).n_unique().over(keys).alias("_ways"))
    equal = ways.filter(pl.col("_ways") == 1).drop("_ways").sort(ROW).unique(subset=list(keys), keep="first")
    differing = ways.filter(pl.col("_ways") > 1)
    counted = ways.height - differing.height - equal.height
    if counted:
        parts[0].note(
            "AIR-HOUR-AGAIN", Severity.NOTE, f"{counted} 处重复且数值相同，只计一次", f"{counted} equal repetitions"
        )
    wide = parts[0].found.layout.shape == "wide"
    for key, moment, row, number in differing.select(*keys, ROW, PART).iter_rows():
        zh = f"{key} 在 {moment} 出现不止一次且数值不同，不知道哪个对。请核对后只留一行"
        reason = Reason("AIR-HOUR-TWICE", zh, f"{key} at {moment} occurs with different values", whole=not wide)
        parts[number].aside.append((row, reason, key if wide else None))
    return pl.concat([single, equal])
