"""The basis (口径) a city's year is computed on: edition, kind of values, days taken out; the default and decided ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lantian.air.basis_choice import BY_DATE, Law, Spans
from lantian.air.day import evaluated
from lantian.air.excluded import Exclusion, without
from lantian.air.item import ITEMS
from lantian.air.parameters import StatisticsRule
from lantian.basis.determination import DUST, VALUES
from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.store.air import AirReader, plain_city
from lantian.work.air_law import exclusion_rule, law

EDITIONS = {  # a whole set of standards by the year of its editions: daily index, statistics
    "2012": ("HJ 633-2012", "HJ 663-2013"),
    "2026": ("HJ 633-2026", "HJ 663-2026"),
}
EDITION_WORDS = {
    BY_DATE: Text("标准版本按采样日期", "edition by date of sampling"),
    "2012": Text("HJ 633-2012、HJ 663-2013", "HJ 633-2012, HJ 663-2013"),
    "2026": Text("HJ 633-2026、HJ 663-2026", "HJ 633-2026, HJ 663-2026"),
}
STATIONS_WORDS = {"city": Text("全市国控站点", "the city's national stations")}
VALIDITY_WORDS = {
    "hj_663": Text("有效性按 HJ 663", "validity by HJ 663"),
    "none": Text("不作有效天数要求", "no minimum of valid days"),
}


@dataclass(frozen=True, slots=True)
class YearBasis:
    """What city days count, and under which editions; ``exclusions`` are all decisions there are, used where dust is out.

    ``decimals`` of the figure; None as the statistics print it. Fields and words as in ``basis.determination.Basis``.
    """

    edition: str = BY_DATE
    values: str = "realtime"
    dust: str = "included"
    stations: str = "city"
    decimals: int | None = None
    validity: str = "hj_663"
    exclusions: tuple[Exclusion, ...] = ()

    def index(self, days: Days) -> Spans:
        """The editions of HJ 633 its days are judged under, each with its part."""
        return board_law().index(days, self.edition)

    def statistics(self, day: date) -> StatisticsRule:
        """The edition of HJ 663 a year that ends on this day is judged by."""
        return board_law().statistics(Days(day, day), self.edition)

    def measured(self, reader: AirReader, city: str, days: Days) -> pl.DataFrame:
        """City days as measured, of this kind of values and stations, judged under this edition.

        Shape   as ``AirReader.table``; empty where there is no such series
        """
        table = reader.table(city, days, values=self.values)
        if self.stations != "city":
            return table.clear()
        return table if self.edition == BY_DATE or table.is_empty() else self.judged(table, days)

    def judged(self, table: pl.DataFrame, days: Days) -> pl.DataFrame:
        """Days with the AQI they have under this basis' edition."""
        parts = [
            evaluated(table.filter(pl.col("date").is_between(span.first, span.last)).drop("aqi", "edition"), rule)
            for span, rule in self.index(days)
        ]
        return pl.concat(parts).select(table.columns)

    def counted(self, table: pl.DataFrame) -> pl.DataFrame:
        """The days as they count in means: items taken out by decision are empty, where this basis takes dust out.

        Rule    the AQI stays as measured or goes, as the rule of the day says (``ambient.exclusion``)
        """
        for one in self.taken_out:
            emptied = without(table, [one])
            if not exclusion_rule(one.days).keeps_aqi:
                touched = pl.any_horizontal(table[item].is_not_null() & emptied[item].is_null() for item in one.items)
                emptied = emptied.with_columns(aqi=pl.when(~touched).then(pl.col("aqi")))
            table = emptied
        return table

    def present(self, table: pl.DataFrame) -> pl.DataFrame:
        """The days as they count for validity: a day taken out stays the valid day it was, where the rule says so."""
        gone = [one for one in self.taken_out if not exclusion_rule(one.days).keeps_validity]
        return without(table, gone)

    @property
    def taken_out(self) -> tuple[Exclusion, ...]:
        """The decisions that count on this basis."""
        return self.exclusions if self.dust == "excluded" else ()


AS_PUBLISHED = YearBasis()


@dataclass(frozen=True, slots=True)
class DecidedBasis:
    """A basis a person decided for a target, or for a metric: what, who assesses, by which document, who, when, why."""

    subject: str
    basis: YearBasis
    assessor: str
    document: str
    decided_by: str
    decided_on: date
    reason: str

    @property
    def words(self) -> Text:
        """The basis with who decided it and by which document, to stand beside the figure."""
        what = basis_words(self.basis)
        return Text(
            f"{what.zh}（{self.decided_by}于 {self.decided_on} 决定，{self.document}；考核单位：{self.assessor}）",
            f"{what.en} (decided by {self.decided_by} on {self.decided_on}, {self.document};"
            f" assessed by {self.assessor})",
        )


def basis_words(basis: YearBasis) -> Text:
    """A basis in words, part by part."""
    parts = [
        VALUES[basis.values],
        DUST[basis.dust],
        STATIONS_WORDS.get(basis.stations, Text(basis.stations, basis.stations)),
        EDITION_WORDS[basis.edition],
        VALIDITY_WORDS[basis.validity],
    ]
    if basis.decimals is not None:
        parts.append(Text(f"保留 {basis.decimals} 位小数", f"decimals: {basis.decimals}"))
    return Text("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))


def board_law() -> Law:
    """The rules a basis of a year is applied with: editions by date, or one whole set of them (``EDITIONS``)."""
    own = law()

    def index(days: Days, edition: str) -> Spans:
        return own.index(days, EDITIONS[edition][0] if edition in EDITIONS else edition)

    def statistics(days: Days, edition: str) -> StatisticsRule:
        return own.statistics(days, EDITIONS[edition][1] if edition in EDITIONS else edition)

    return Law(index=index, statistics=statistics, exclusion=own.exclusion)


def own_exclusions(exclusions: tuple[Exclusion, ...], city: str) -> tuple[Exclusion, ...]:
    """The decisions about a city."""
    return tuple(one for one in exclusions if plain_city(one.city) == plain_city(city))


def items_to_take_out(days: Days) -> tuple[str, ...]:
    """The items a decision about these days may take out."""
    allowed = exclusion_rule(days).items
    return tuple(item for item in ITEMS if item in allowed)
