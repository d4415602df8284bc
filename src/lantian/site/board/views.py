"""The year-end board."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action


@action(Action.READ_BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """All budgets of the year at once."""
    return render(request, "board/board.html")
