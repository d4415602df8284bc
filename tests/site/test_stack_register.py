"""The register of outlets: entered, changed, closed, published whole, seen by whom it concerns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lantian.site.journal.models import Entry
from lantian.site.people.models import User
from lantian.site.stack import services
from lantian.site.stack.models import Outlet
from lantian.site.stack.selectors import register_of, visible_outlets
from lantian.store.stack import outlets as published

pytestmark = pytest.mark.django_db
MN = "A" * 24
VALUES = {"code": "M1-DA001", "name": "1号锅炉排口", "company": "模拟热电一", "region": "230302", "mn": MN}
LIMIT = {
    "factor": "a21026",
    "hour": Decimal("35"),
    "day": None,
    "source": "模拟排污许可",
    "first": date(2024, 1, 1),
    "last": None,
}


@pytest.fixture(autouse=True)
def folder(data: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(services.transaction, "on_commit", lambda done: done())  # a test's transaction never commits
    return data


def test_what_is_registered_is_published_whole_with_its_limits(administrator, now, folder: Path) -> None:  # type: ignore[no-untyped-def]
    values = {
        **VALUES,
        "ranges": {"a21026": "200"},
        "factors": ["a21026"],
        "key": "30" * 16,
        "reference_o2": Decimal("9"),
    }
    services.register(values, [LIMIT], by=administrator, now=now)
    (one,) = published.outlets(folder)
    assert (one.code, one.mn, one.ranges, one.factors) == ("M1-DA001", MN, {"a21026": Decimal("200")}, ("a21026",))
    assert (one.password, one.limit_set, one.reference_o2) == (None, None, Decimal("9"))
    assert one.limits == (published.OutletLimit("a21026", Decimal("35"), None, "模拟排污许可", date(2024, 1, 1)),)
    assert (folder / published.OUTLETS_FILE).stat().st_mode & 0o777 == 0o600
    entry = Entry.objects.get(action="stack.outlet_registered")
    assert "30" * 16 not in str(entry.after)  # a key is nobody's to read


def test_a_device_belongs_to_one_outlet(administrator, now) -> None:  # type: ignore[no-untyped-def]
    services.register(VALUES, by=administrator, now=now)
    with pytest.raises(services.RegisterError, match="已经登记"):
        services.register(VALUES, by=administrator, now=now)
    with pytest.raises(services.RegisterError, match="1号锅炉排口"):
        services.register({**VALUES, "code": "M1-DA002"}, by=administrator, now=now)
    other = services.register({**VALUES, "code": "M1-DA002", "mn": ""}, by=administrator, now=now)
    with pytest.raises(services.RegisterError, match="1号锅炉排口"):
        services.change(other, {"mn": MN}, by=administrator, now=now)
    assert Outlet.objects.count() == 2


def test_changes_closing_and_taking_back_are_published_and_kept_in_the_journal(
    administrator, now, folder: Path
) -> None:  # type: ignore[no-untyped-def]
    outlet = services.register(VALUES, [LIMIT], by=administrator, now=now)
    services.change(outlet, {"operator": "模拟运维一", "password": "654321"}, by=administrator, now=now)
    services.set_limits(outlet, [{**LIMIT, "hour": Decimal("50")}], by=administrator, now=now)
    services.close(outlet, date(2025, 1, 1), by=administrator, now=now)
    (one,) = published.outlets(folder)
    assert (one.operator, one.password, one.closed_on, one.limits[0].hour) == (
        "模拟运维一",
        "654321",
        date(2025, 1, 1),
        Decimal("50"),
    )
    services.reopen(outlet, by=administrator, now=now)
    assert published.outlets(folder)[0].closed_on is None
    told = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert told[-4:] == ["stack.outlet_changed", "stack.limits_changed", "stack.outlet_closed", "stack.outlet_reopened"]
    assert "654321" not in str(list(Entry.objects.values_list("after", flat=True)))


def test_simulated_outlets_fill_an_empty_register_only_and_go_at_once(administrator, now, folder: Path) -> None:  # type: ignore[no-untyped-def]
    simulated = [
        published.Outlet(
            f"MN-{n}",
            "排口",
            "模拟企业",
            "230302",
            simulated=True,
            limits=(published.OutletLimit("a21026", Decimal(35), None, "模拟", date(2024, 1, 1)),),
        )
        for n in range(3)
    ]
    assert services.seed_simulated(simulated, now=now) == 3
    assert published.outlets(folder) == tuple(simulated)
    assert services.seed_simulated(simulated, now=now) == 0
    assert services.clear_simulated(by=administrator, now=now) == 3
    assert published.outlets(folder) == ()


def test_who_sees_which_outlets(client_of, administrator, now) -> None:  # type: ignore[no-untyped-def]
    services.register({**VALUES, "operator": "模拟运维一"}, by=administrator, now=now)
    services.register(
        {**VALUES, "code": "M2-DA001", "company": "模拟水泥二", "region": "230306", "mn": ""}, by=administrator, now=now
    )
    viewers = {
        ("leader", "", ""): {"M1-DA001", "M2-DA001"},
        ("county_officer", "230306", ""): {"M2-DA001"},
        ("company_officer", "", "模拟热电一"): {"M1-DA001"},
        ("monitor_operator", "", "模拟运维一"): {"M1-DA001"},
        ("company_officer", "", "模拟水泥"): set(),
    }
    for (role, county, company), codes in viewers.items():
        client_of(role, county=county, company=company)
        viewer = User.objects.get(role=role, county=county, company=company)
        assert {one.code for one in visible_outlets(viewer)} == codes
        assert set(register_of(viewer).values_list("code", flat=True)) == codes
    assert visible_outlets(None) == []
