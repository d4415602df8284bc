"""What the tests of platform tables share: two known outlets and the reading of a sheet."""

from __future__ import annotations

from lantian.store import cells
from lantian.store.stack.import_head import head
from lantian.store.stack.import_layout import layouts
from lantian.store.stack.import_rows import ImportTable, Known, read_sheet
from lantian.store.stack.outlets import Outlet

PLATFORM = layouts()["platform"]
BOILER = Outlet("MN1-DA001", "1号锅炉排口", "模拟热电一", "230302", mn="A" * 24)
KILN = Outlet("MN2-DA001", "窑尾", "模拟水泥二", "230306", units={"a00000": "m3/h"})
KNOWN = Known([BOILER, KILN])


def read(source: cells.Source) -> ImportTable:
    sheet = source.sheets[0]
    found = head(sheet, PLATFORM)
    assert found is not None
    return read_sheet(sheet, found, PLATFORM, KNOWN)
