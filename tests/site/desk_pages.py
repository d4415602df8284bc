"""Days and pages the tests of the duty desk share."""

from __future__ import annotations

from datetime import date, datetime

from django.test import Client

from lantian.site.access import Role
from lantian.site.people.models import User
from lantian.site.people.services import create_user

AS_OF, DUTY_DAY = date(2025, 10, 15), date(2025, 10, 16)
REPORT = f"/desk/report/{AS_OF}/"
ROSTER = "日期\t带班领导\t值班人员\t电话\n2025-10-16\t甲局长\t乙、丙\t0467-0000000\n10月17日\t甲局长\t丁\n"


def officer_named(name: str, now: datetime) -> User:
    return create_user(username=name, name=name, role=Role.DUTY_OFFICER, password="correct horse battery", now=now)


def page_of(client: Client, path: str = "/desk/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def forecast_form(**changes: str) -> dict[str, str]:
    return {
        "issuer": "望川市气象台",
        "official": "on",
        "2025-10-16-day": "2025-10-16",
        "2025-10-16-category_low": "良",
        "2025-10-16-category_high": "轻度污染",
        "2025-10-16-aqi_low": "80",
        "2025-10-16-aqi_high": "110",
        "2025-10-16-primary": "PM2.5",
        "2025-10-16-diffusion": "夜间静稳",
        "2025-10-17-day": "2025-10-17",
        "2025-10-17-category_low": "良",
        "2025-10-18-day": "2025-10-18",
        **changes,
    }
