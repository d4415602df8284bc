"""Station hours evaluated on a Spark cluster, by city and period: the same functions as for files in process.

Tasks read the files with the readers of ``store/``; rows are brought together by city and period through Arrow, and each
group goes through the ``HourRun`` that files in process go through. What comes back are sums of city days, as integers,
and what was seen on the way; the few rows left are finished here. So no statistic, check or message has a second
definition, and it does not matter how the groups are cut: a task that is done again gives the same.

What is wrong with the data comes back as findings, not as errors of tasks, which Spark would try again.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

import lantian
from lantian.air.hour_grid import HOUR_ITEMS, MISSING, HourRows, month_numbers
from lantian.air.item import SCALE
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.hour_columns import HourBatch, Stations
from lantian.store.hour_files import hour_batches, hour_files
from lantian.work.air_evaluate import Evaluation, evaluation
from lantian.work.air_hour_sums import HourDays, HourRun, Share, refuse_early

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MONTHS: Final = 12  # of a group: a city's year needs little, also with dozens of stations
_SHOWN = 20
_LOOK = 0.2  # seconds between two looks at the progress
_ROWS: Final = pa.schema(
    [
        ("city", pa.string()),
        ("period", pa.int32()),
        ("station", pa.string()),
        ("time", pa.int64()),  # ms, end of the hour, Beijing: a number, so that no session's time zone matters
        *((item, pa.int32()) for item in HOUR_ITEMS),  # at SCALE places, MISSING where there is none
        ("file", pa.int32()),
        ("row", pa.int64()),
        ("told", pa.binary()),  # findings of a file, in a row of their own without city
    ]
)
_SHARES: Final = pa.schema([("city", pa.string()), ("period", pa.int32()), ("share", pa.binary())])

Progress = Callable[[int, int, str], None]


def evaluated_on_cluster(
    spark: SparkSession, paths: Sequence[Path], progress: Progress, months: int = MONTHS
) -> Evaluation:
    """Evaluation of files or folders of station hours, equal to ``work.air_evaluate.evaluated_hours``.

    Every worker must find the files under the same paths, and have this program in the same version. ``months`` of a
    city are held in memory at once.
    Errors  Refusal naming what is wrong and where
    """
    return evaluation(days_on_cluster(spark, paths, progress, months))


def days_on_cluster(spark: SparkSession, paths: Sequence[Path], progress: Progress, months: int = MONTHS) -> HourDays:
    """City days of files of station hours, equal to ``work.air_hours.days_of_files``."""
    files = [str(file.resolve()) for file in hour_files(paths)]
    tasks = int(spark.conf.get("spark.sql.shuffle.partitions") or 0) or len(files)
    rows = spark.range(len(files), numPartitions=len(files)).mapInArrow(_reader(files, months), _ddl(_ROWS))
    groups = rows.repartition(tasks, "city", "period").groupBy("city", "period")
    shares = _collected(spark, groups.applyInArrow(_worker(files), _ddl(_SHARES)), progress)
    return days_of_shares(shares, str(paths[0]))


def days_of_shares(shares: Sequence[Share], source: str) -> HourDays:
    """City days of shares that together hold every station-hour of a source once.

    Errors  Refusal with what any share refused, or what cannot be right as a whole
    """
    refused = [note for share in shares for note in share.notes if note.severity is Severity.REFUSED]
    if refused:
        raise Refusal(*sorted(refused, key=_where)[:_SHOWN])
    run = HourRun()
    for share in shares:
        run.add(share)
    return run.finished(source)


def _ddl(schema: pa.Schema) -> str:
    """Columns as Spark writes them."""
    names = {pa.string(): "string", pa.int32(): "int", pa.int64(): "long", pa.binary(): "binary"}
    return ", ".join(f"{field.name} {names[field.type]}" for field in schema)


def _where(finding: Finding) -> tuple[str, int]:
    return finding.place.file or "", finding.place.row or 0


def _collected(spark: SparkSession, table: DataFrame, progress: Progress) -> list[Share]:
    """Shares by city and period, those of files first; how many tasks are done is told meanwhile."""
    tracker = spark.sparkContext.statusTracker()
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(table.collect)
        while not found.done():
            wait([found], _LOOK)
            for stage in tracker.getActiveStageIds():
                if (info := tracker.getStageInfo(stage)) is not None:
                    progress(info.numCompletedTasks, info.numTasks, "集群计算")
    rows = sorted(found.result(), key=lambda row: (row.city or "", row.period))
    return [pickle.loads(row.share) for row in rows]  # written by this program's own tasks


# ---- on the workers


def _reader(files: Sequence[str], months: int) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function of Spark's: numbers of files → their rows."""
    version = lantian.__version__

    def read(numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for number in (one for batch in numbers for one in batch.column(0).to_pylist()):
            yield from file_rows(number, Path(files[number]), months, version)

    return read


def _worker(files: Sequence[str]) -> Callable[[tuple[pa.Scalar, ...], pa.Table], pa.Table]:
    """A function of Spark's: the rows of a group → its share."""

    def work(key: tuple[pa.Scalar, ...], rows: pa.Table) -> pa.Table:
        city, period = (one.as_py() for one in key)
        share = told_share(rows) if city is None else group_share(rows, files)
        return pa.table([[city], [period], [pickle.dumps(share)]], schema=_SHARES)

    return work


def file_rows(number: int, file: Path, months: int, version: str) -> Iterator[pa.RecordBatch]:
    """Rows of a file with the period they belong to (of so many months), and last what is to be told of the file."""
    stations = Stations()
    told: list[Finding] = []
    try:
        _refuse_version(version)
        for batch in hour_batches(file, stations, told):
            refuse_early(batch)
            yield from _as_arrow(batch, stations, number, months).to_batches()
    except Refusal as refusal:
        told += refusal.findings
    if told:
        empty = {field.name: pa.nulls(1, field.type) for field in _ROWS}
        row = {**empty, "period": [0], "file": [number], "told": [pickle.dumps(tuple(told))]}
        yield from pa.table(row, schema=_ROWS).to_batches()


def group_share(rows: pa.Table, files: Sequence[str]) -> Share:
    """What the rows of a city and period come to, taken file by file as in process."""
    ordered = rows.sort_by([("file", "ascending"), ("row", "ascending")])
    numbers = ordered.column("file").to_numpy()
    run = HourRun()
    try:
        for number in np.unique(numbers).tolist():
            first, end = np.searchsorted(numbers, [number, number + 1]).tolist()
            name = Path(files[number]).name
            run.take(_as_batch(ordered.slice(first, end - first), name, run.stations))
            run.refuse_conflicts(name)
    except Refusal as refusal:
        return Share(notes=refusal.findings)
    run.close()
    return run.share()


def told_share(rows: pa.Table) -> Share:
    """What is to be told of the files, in their order."""
    found = sorted(zip(rows.column("file").to_pylist(), rows.column("told").to_pylist(), strict=True))
    return Share(notes=tuple(note for _, told in found for note in pickle.loads(told)))


def _as_arrow(batch: HourBatch, stations: Stations, file: int, months: int) -> pa.Table:
    rows = batch.rows
    names = list(stations.numbers)
    at = rows.stations
    columns: dict[str, Any] = {
        "city": _texts([city for city, _ in names], at),
        "period": (month_numbers(rows.stamps) // months).astype(np.int32),
        "station": _texts([station for _, station in names], at),
        "time": rows.stamps,
        **{item: _scaled(rows.values[item], SCALE - rows.scales[item]) for item in HOUR_ITEMS},
        "file": np.full(len(rows), file, np.int32),
        "row": batch.first_row + np.arange(len(rows), dtype=np.int64),
        "told": pa.nulls(len(rows), pa.binary()),
    }
    return pa.table(columns, schema=_ROWS)


def _texts(names: Sequence[str], numbers: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(names, pa.string())).cast(pa.string())


def _scaled(values: np.ndarray, places: int) -> np.ndarray:
    scaled = values.astype(np.int32)
    np.multiply(scaled, 10**places, out=scaled, where=scaled != MISSING)
    return scaled


def _as_batch(rows: pa.Table, file: str, stations: Stations) -> HourBatch:
    cities, names = (rows.column(name).combine_chunks().dictionary_encode() for name in ("city", "station"))
    city, texts = cities.dictionary[0].as_py(), names.dictionary.to_pylist()
    known = np.array([stations.number(city, text) for text in texts], np.int32)
    own = known[names.indices.to_numpy()]
    starts = np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
    found = HourRows(
        run_stations=own[starts],
        run_lengths=np.diff(starts, append=len(own)).astype(np.int64),
        stamps=rows.column("time").to_numpy(),
        values={item: rows.column(item).to_numpy() for item in HOUR_ITEMS},
        scales=dict.fromkeys(HOUR_ITEMS, SCALE),
    )
    return HourBatch(file, 1, found)


def _refuse_version(wanted: str) -> None:
    if lantian.__version__ != wanted:
        zh = f"工作节点上装的是 {lantian.__version__} 版，提交计算的是 {wanted} 版。请在所有节点装同一版本"
        en = f"a worker has version {lantian.__version__}, the submitting machine {wanted}"
        raise Refusal(Finding("AIR-CLUSTER-VERSION", Severity.REFUSED, Text(zh, en), Place()))
