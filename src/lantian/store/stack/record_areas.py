"""Data areas in the standard's own form taken apart all at once, column by column; any other frame is left to the codec.

Nearly every frame is in that form, so a hundred thousand are read in a second. Both ways give the same rows
(``tests/store/stack/test_record_areas.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

_AT: Final = "at"  # a frame's place in the list
_ODD: Final = r"[ /\t\r\n]"  # blanks around names and values, texts in which separators are none
_CHECK: Final = 4  # characters of the check behind the area


def factors(raws: Sequence[bytes], columns: Mapping[str, str]) -> tuple[pl.DataFrame, pl.Series]:
    """The factors of frames in the standard's form, and the places of all other frames.

    Shape   at (place in ``raws``), code, a column for each of ``columns`` (field of the wire → column), flag, more (JSON);
            in the order of the frames and of the factors in them
    """
    areas = _areas([_text(raw) for raw in raws])
    odd = [areas.filter(pl.col("area").is_null())[_AT]]
    fields = _fields(areas.filter(pl.col("area") != ""))
    odd.append(fields.filter(~pl.col("plain"))[_AT])
    fields = fields.filter(pl.col("name").is_not_null()).drop("plain")
    begins = ((pl.col(_AT) != pl.col(_AT).shift()) | (pl.col("code") != pl.col("code").shift())).fill_null(True)
    fields = fields.with_columns(begins.alias("begins"), (begins.cum_sum() - 1).cast(pl.UInt32).alias("row"))
    heads = fields.filter("begins").select(_AT, "code")
    odd.append(_scattered(heads))
    made, twice = _wide(fields, heads, columns)
    odd.append(twice)
    others = pl.concat(odd).unique().sort()
    return (made.filter(~pl.col(_AT).is_in(others.implode())) if others.len() else made), others


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _areas(texts: Sequence[str | None]) -> pl.DataFrame:
    """The data area of each frame; null where blanks or texts (``//``) ask for the codec's patience."""
    text = pl.col("text")
    halves = (
        pl.DataFrame({"text": texts}, schema={"text": pl.String})
        .with_row_index(_AT)
        .with_columns(
            text.str.splitn(";CP=&&", 2).struct.rename_fields(["head", "area"]).alias("halves"),
            text.str.contains(_ODD).alias("odd"),
        )
    )
    halves = halves.select(_AT, "odd", "halves").unnest("halves").with_columns(pl.col("area").str.head(-_CHECK))
    usual = ~pl.col("odd") & ~pl.col("head").str.contains("&", literal=True) & pl.col("area").str.ends_with("&&")
    return halves.select(_AT, pl.when(usual).then(pl.col("area").str.head(-2)).alias("area"))


def _fields(areas: pl.DataFrame) -> pl.DataFrame:
    """A row for each field of each area; ``plain``: it has a key, one equals sign and stands once."""
    parts = areas.select(_AT, pl.col("area").str.replace_all(";", ",", literal=True).str.split(",")).explode("area")
    sides = parts.select(_AT, pl.col("area").str.splitn("=", 3).alias("side")).unnest("side")
    keys = sides.with_columns(
        (pl.col("field_1").is_not_null() & pl.col("field_2").is_null() & (pl.col("field_0") != "")).alias("plain"),
        pl.col("field_0").str.splitn("-", 2).struct.rename_fields(["code", "name"]).alias("key"),
    )
    return keys.select(_AT, "plain", pl.col("field_1").alias("value"), "key").unnest("key")


def _scattered(heads: pl.DataFrame) -> pl.Series:
    """Frames in which a factor's fields do not stand together."""
    return heads.filter(pl.struct(_AT, "code").is_duplicated())[_AT]


def _wide(fields: pl.DataFrame, heads: pl.DataFrame, columns: Mapping[str, str]) -> tuple[pl.DataFrame, pl.Series]:
    """A row for each factor; the frames in which a field stands twice are named."""
    rows = heads.with_row_index("row")["row"]
    twice = []
    made = heads
    present = set(fields["name"].unique())
    for name, column in {**columns, "Flag": "flag"}.items():
        if name not in present:
            made = made.with_columns(pl.lit(None, pl.String).alias(column))
            continue
        found = fields.filter(pl.col("name") == name)
        same = found["row"] == found["row"].shift()
        if same.any():
            twice.append(found.filter(same.fill_null(False))[_AT])
            found = found.filter(~same.fill_null(False))
        made = made.with_columns(_placed(found, rows).alias(column))
    other = fields.filter(~pl.col("name").is_in([*columns, "Flag"]))
    made = made.with_columns(_more(other, rows))
    return made, pl.concat(twice) if twice else pl.Series(_AT, [], pl.UInt32)


def _placed(found: pl.DataFrame, rows: pl.Series) -> pl.Series:
    if found.height == rows.len():
        return found["value"]
    whole = rows.to_frame().join(found.select("row", "value"), on="row", how="left", maintain_order="left")
    return whole["value"]


def _more(other: pl.DataFrame, rows: pl.Series) -> pl.Series:
    told: dict[int, dict[str, str]] = {}
    for row, name, value in other.select("row", "name", "value").iter_rows():
        told.setdefault(row, {})[name] = value
    if not told:
        return pl.Series("more", [None], pl.String).new_from_index(0, rows.len())
    texts = [json.dumps(one, ensure_ascii=False) for one in told.values()]
    found = pl.DataFrame({"row": pl.Series(list(told), dtype=rows.dtype), "value": texts})
    return _placed(found, rows).alias("more")
