"""Every source of the rulebook can be read in Chinese."""

from __future__ import annotations

import re

from lantian.rulebook.dated import parameter, paths
from lantian.rulebook.loader import load
from lantian.rulebook.sources import _FILE, source_text


def test_no_english_is_left_in_what_a_chinese_reader_reads() -> None:
    sources = {source for path in paths() for source in parameter(path).source}
    assert len(sources) > 20
    left = {source: re.sub(r"AQI|GB|HJ|PM", "", source_text(source).zh) for source in sources}
    untold = {source for source, text in left.items() if re.search(r"[A-Za-z]{2,}", text)}
    assert untold == set(), "say these sources in Chinese in rulebook/sources.yaml"
    assert all(source_text(source).en == source for source in sources)


def test_every_rendering_belongs_to_a_source() -> None:
    sources = {source for path in paths() for source in parameter(path).source}
    assert set(load(_FILE, _FILE.name).mapping()) <= sources


def test_a_source_as_read_and_one_that_is_not_listed() -> None:
    assert source_text("GB 3095-2012 table 1").zh == "GB 3095-2012 表 1"
    assert source_text("环办监测〔2018〕19号").zh == "环办监测〔2018〕19号"
