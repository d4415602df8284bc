"""The annotated edition as a page model: chapters with their bars, articles with text or digest, notes beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from lantian.plan.state.model import PRESSING, State
from lantian.rulebook.plans import Article, Plan
from lantian.site.living.filters import Filters, article_text, holds_text
from lantian.site.living.notes import Note, note_of, said_body
from lantian.site.living.words import KINDS, english, flag_words, said, state_word
from lantian.work.state_json import bodies_of
from lantian.work.states import PlanStates


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of the official text with the notes that hang on it."""

    id: str
    text: str
    role: str
    notes: list[Note]

    @property
    def note_ids(self) -> str:
        """Ids of its notes, for the script that lights both."""
        return " ".join(note.dom_id for note in self.notes)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it is shown: paragraphs of the official text where imported, else the digest; rows of items."""

    n: int
    numeral: str
    title: str
    digest: str
    kind: str
    state: str
    word: str
    flags: list[tuple[str, str]]
    paragraphs: list[list[Piece]]
    rows: list[Note]
    remarks: list[str]
    hidden: int
    reason: str = ""

    @property
    def label(self) -> str:
        """（七） in Chinese, 7 in English."""
        return article_label(self.n, self.numeral)


@dataclass(frozen=True, slots=True)
class ChapterView:
    """A chapter with its articles that are shown and the marks of all its articles (number, state, words)."""

    n: int
    numeral: str
    title: str
    first: int
    marks: list[tuple[int, str, str]]
    articles: list[ArticleView]

    @property
    def label(self) -> str:
        """一、 in Chinese, 1 in English."""
        if not self.numeral:
            return ""
        return str(self.n) if english() else f"{self.numeral}、"


@dataclass(frozen=True, slots=True)
class Heading:
    """Number and title of an article, to lead to it."""

    n: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything the page of a plan shows."""

    chapters: list[ChapterView]
    counts: list[tuple[str, str, int]]
    bodies: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    states: list[tuple[str, str]]
    has_text: bool
    shown: int
    flags: list[tuple[str, str]] = field(default_factory=list)


def article_label(n: int, numeral: str) -> str:
    """How an article is numbered in the margin."""
    return str(n) if english() or not numeral else f"（{numeral}）"


def heading(article: Article) -> Heading:
    """Number and title of an article in the language of the page."""
    return Heading(article.n, article_label(article.n, article.numeral), said(article.title))


def plan_view(plan: Plan, states: PlanStates, asked: Filters) -> PlanView:
    """The page model under the filters asked for."""
    views = {article.n: article_view(plan, article, states, asked) for article in plan.articles}
    chapters = [
        ChapterView(
            n=chapter.n,
            numeral=chapter.numeral,
            title=said(chapter.title),
            first=chapter.first,
            marks=[_mark(article, states) for article in _of(plan, chapter.n)],
            articles=[view for article in _of(plan, chapter.n) if (view := views[article.n]) is not None],
        )
        for chapter in plan.chapters
    ]
    chapters += _without_chapter(plan, states, views)
    tally = Counter(state.state for state in states.targets.values())
    return PlanView(
        chapters=chapters,
        counts=[(state.value, state_word(state), tally[state]) for state in PRESSING if tally[state]],
        bodies=_bodies(plan),
        kinds=[(key, said(text)) for key, text in KINDS.items()],
        states=[(state.value, state_word(state)) for state in PRESSING],
        has_text=any(article.text for article in plan.articles),
        shown=sum(view is not None for view in views.values()),
        flags=flag_words(states.flags),
    )


def article_view(plan: Plan, article: Article, states: PlanStates, asked: Filters) -> ArticleView | None:
    """An article under the filters; None where nothing of it was asked for."""
    if asked.body and asked.body not in bodies_of(article, plan):
        return None
    if asked.text and not holds_text(asked.text, *article_text(article)):
        return None
    own = states.articles[article.n]
    notes = [note_of(plan, article, item, states) for item in article.items()]
    wanted = [note for note in notes if _wanted(note, asked)]
    if asked.of_items and not wanted and not (asked.state == own.state and not asked.kind and not notes):
        return None
    paragraphs, placed = _paragraphs(article, wanted)
    return ArticleView(
        n=article.n,
        numeral=article.numeral,
        title=said(article.title),
        digest=said(article.digest),
        kind=article.kind,
        state=own.state.value,
        word=state_word(own.state),
        flags=flag_words(own.flags),
        paragraphs=paragraphs,
        rows=[note for note in wanted if note.id not in placed],
        remarks=[said(note) for note in article.notes],
        hidden=len(notes) - len(wanted),
        reason=said(own.reason),
    )


def _wanted(note: Note, asked: Filters) -> bool:
    if asked.kind and note.kind != asked.kind:
        return False
    return not asked.state or note.state == asked.state


def _paragraphs(article: Article, notes: list[Note]) -> tuple[list[list[Piece]], set[str]]:
    """The official text by paragraph and sentence, and the ids of the notes that found their sentence."""
    if not article.text:
        return [], set()
    by_id = {note.id: note for note in notes}
    placed: set[str] = set()
    paragraphs: list[list[Piece]] = [[]]
    spans = article.sentences or ()
    if not spans:
        return [
            [Piece(f"s-{article.n}-0-{at}", line, "", [])] for at, line in enumerate(article.text.split("\n"))
        ], placed
    order = list(by_id)
    for at, span in enumerate(spans):
        if not at and span.role == "heading" and article.title.zh in article.text[span.start : span.end]:
            continue  # the document's own heading says what stands above already
        own = [by_id[item] for item in order if item in span.items and item not in placed]
        placed |= {note.id for note in own}
        lines = article.text[span.start : span.end].split("\n")
        for turn, line in enumerate(lines):
            if turn:
                paragraphs.append([])
            last = turn == max(k for k, one in enumerate(lines) if one.strip() or k == 0)
            if line.strip() or (last and own):
                name = f"s-{article.n}-{at}" if not turn else f"s-{article.n}-{at}-{turn}"
                paragraphs[-1].append(Piece(name, line, span.role, own if last else []))
    return [one for one in paragraphs if one], placed


def _mark(article: Article, states: PlanStates) -> tuple[int, str, str]:
    state: State = states.articles[article.n].state
    return (
        article.n,
        state.value,
        f"{article_label(article.n, article.numeral)} {said(article.title)} · {state_word(state)}",
    )


def _of(plan: Plan, chapter: int) -> list[Article]:
    return [article for article in plan.articles if article.chapter == chapter]


def _without_chapter(plan: Plan, states: PlanStates, views: dict[int, ArticleView | None]) -> list[ChapterView]:
    known = {chapter.n for chapter in plan.chapters}
    loose = [article for article in plan.articles if article.chapter not in known]
    if not loose:
        return []
    marks = [_mark(article, states) for article in loose]
    shown = [view for article in loose if (view := views[article.n]) is not None]
    return [ChapterView(0, "", "", loose[0].n, marks, shown)]


def _bodies(plan: Plan) -> list[tuple[str, str]]:
    """Bodies that answer for any article, by how many, for the filter."""
    tally = Counter(body for article in plan.articles for body in bodies_of(article, plan))
    return [(body, said_body(plan, body)) for body, _count in tally.most_common()]
