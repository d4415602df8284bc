"""The year-end board: its page, text, workbook, figure and days."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site import configured
from lantian.site.access import Action, action
from lantian.site.board import exports, page, selectors
from lantian.site.board.drawing import TITLE, figure
from lantian.site.downloads import CSV, TEXT, download, figure_file, xlsx
from lantian.work.air_board_outlook import board_outlook
from lantian.work.air_board_scenarios import asked_mean
from lantian.work.air_board_text import RULE, board_text
from lantian.work.air_unverified import unverified


@action(Action.READ_BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """All budgets of the year at once, scenarios, validity, earlier years, bases and the outlook."""
    typed, wrong = request.GET.get("mean", ""), ""
    try:
        found = page.present_board(asked_mean(typed))
    except ValueError as error:
        found, wrong = page.present_board(), str(error)
    outlook = board_outlook(found)
    context = {
        "board": found,
        "plan": configured.plan(),
        "typed": typed,
        "wrong": wrong,
        "rule": RULE,
        "unverified": unverified(exports.rules_of(found), found.days) if found.has_data else None,
        "figure": figure(found, outlook) if found.has_data else "",
        "figure_title": TITLE,
        "outlook": page.outlook_rows(outlook),
        "outlook_notes": [one.zh for one in outlook.notes] if outlook else [],
        "periods": page.period_rows(found),
        "pairs": [(pair, page.pair_rows(pair)) for pair in found.pairs],
        "risks": page.risk_rows(found.risks),
        "pm25": next((one for one in found.risks if one.item == "pm25"), None),
        "needed": found.risks[0].needed if found.risks else None,
        "text": board_text(found),
        "decisions": [one for one in selectors.decisions(configured.plan().id) if not one.is_withdrawn],
        "excluded": [one for one in selectors.excluded() if not one.is_withdrawn and one.last.year == found.as_of.year],
    }
    return render(request, "board/board.html", context)


@action(Action.READ_BOARD)
def text(request: HttpRequest) -> HttpResponse:
    """The board as plain text, to be pasted into a message."""
    return HttpResponse(board_text(page.present_board()), content_type=TEXT)


@action(Action.READ_BOARD)
def workbook(request: HttpRequest) -> HttpResponse:
    """The board as a workbook."""
    found = page.present_board()
    return xlsx(exports.board_workbook(found), f"年终研判 {found.as_of}.xlsx")


@action(Action.READ_BOARD)
def svg(request: HttpRequest) -> HttpResponse:
    """The figure as a file."""
    found = page.present_board()
    drawn = figure(found, board_outlook(found)) if found.has_data else ""
    return figure_file(drawn, f"{TITLE} {found.as_of}", exports.notes_of(found))


@action(Action.READ_BOARD)
def days(request: HttpRequest) -> HttpResponse:
    """The days behind the figure."""
    found = page.present_board()
    if not found.has_data:
        raise Http404("no days")
    return download(exports.days_csv(found), CSV, f"{TITLE} {found.as_of}.csv")
