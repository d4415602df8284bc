"""Numeric targets of a sentence: clause by clause, with what one clause leaves to the next."""

from __future__ import annotations

import re
from dataclasses import replace

from lantian.plan.read.acceptance import MEASURED, Candidate, accepted
from lantian.plan.read.brackets import split
from lantian.plan.read.deadlines import Base, Deadline, bases_in, by_date, deadlines_in, says_by
from lantian.plan.read.flat import Flat
from lantian.plan.read.indicators import (
    is_indicator,
    is_place,
    lower_is_better,
    places_in,
    scope_of,
    trimmed,
    with_head,
)
from lantian.plan.read.lists import assigned
from lantian.plan.read.model import Target
from lantian.plan.read.predicates import Predicate, comparator, is_work_verb, predicate_before, suffix_after
from lantian.plan.read.quantities import Quantity, masked, quantities_in, shifted
from lantian.plan.read.state import Frame, State

_FACT = re.compile(r"已(?:经|累计)?|目前|现状|现有|截至目前|上年|去年|超额完成了|基准年")
_SAME_PERIOD = re.compile(r"同比(?:下降|上升|改善|增|减)")
# which places are meant: 2019年PM2.5平均浓度超过70微克/立方米的镇
_CONDITION = re.compile(
    r"在?(?:19|20)\d{2}年[^，。；]{2,24}?(?:超过|低于|高于|大于|小于|不足|达到|在\d)[^，。；、]{1,24}?(?:之间)?的(?!基础)"
)
_STRENGTH = re.compile(r"力争|争取|原则上|努力|预期|鼓励")


class Reader:
    """Reads the numeric targets of one sentence."""

    def __init__(self, flat: Flat, frame: Frame, state: State | None = None) -> None:
        self.flat, self.frame = flat, frame
        self.text = flat.text
        self.masked = masked(flat.text)
        self.state = state or State()
        self.targets: list[Target] = []
        self.clauses: set[int] = set()  # starts of the clauses that state a target

    def read(self) -> list[Target]:
        """All numeric targets in order."""
        for first, last in split(self.text, "，；："):
            if first and self.text[first - 1] == "；":
                self.state = replace(self.state, strength="约束", leading="约束", frame_start=None, base=None)
            self._clause(first, last)
        return self.targets

    def _clause(self, first: int, last: int) -> None:
        text = self.text[first:last]
        known = self.state.deadlines[-1].year if self.state.deadlines else None
        dates = [
            d
            for d in deadlines_in(text, known or self.frame.single_year, self.frame.last_year)
            if not re.search(r"(?:为|由|从|(?<![一二三四五六七八九十])是)$", text[: d.start])
        ]
        bases = bases_in(text)
        condition = _CONDITION.match(text)
        dates = [d for d in dates if not condition or d.start >= condition.end()]
        found = quantities_in(self.masked[first:last])
        listed = re.fullmatch(r"[到至、和及与，力争在]*", _without(text, [(d.start, d.end) for d in dates]))
        if not found and not listed:
            loose = re.search(r"全部|完成", text)
            dates = [d for d in dates if by_date(text, d) or (loose and d.kind != "five")]
        if dates:
            self.state.deadlines, self.state.ahead = dates, says_by(text, dates[-1])
        self.state.pending = self._pending(first)
        strength = _STRENGTH.search(text)
        if strength and dates and dates[0].start <= len(strength[0]) + 2 and strength.start() <= 2:
            self.state.leading = self._raw(first, strength)  # 力争到2025年，…，…: holds for all that follows
        self.state.strength = self._raw(first, strength) if strength else self.state.leading
        marks: list[Deadline | Base] = [*dates, *bases]
        spans = [(first + d.start, first + d.end) for d in marks]
        spans += [(first, first + condition.end())] if condition else []
        if bases:
            self.state.base = bases[-1].year
        before = len(self.targets)
        if found and not self._is_fact(first, last):
            self._quantities(first, last, [shifted(q, first) for q in found], spans)
        if len(self.targets) == before and self._whole(first, last, spans):
            before -= 1
        if len(self.targets) == before:
            self._topic(first, last, spans, has_date=bool(dates))
        else:
            self.clauses.add(first)
            self.state.frame_start = None

    def _raw(self, first: int, match: re.Match[str]) -> str:
        return self.flat.raw[first + match.start() : first + match.end()]

    def _pending(self, first: int) -> str | None:
        """The predicate that a colon before this clause leaves open: 清扫率分别达到：市区85%、县城70%."""
        if not first or self.text[first - 1] != "：":
            return None
        predicate = predicate_before(self.masked, max(0, first - 12), first - 1)
        return predicate.kind if predicate and predicate.kind not in ("work", "rate") else None

    def _topic(self, first: int, last: int, spans: list[tuple[int, int]], *, has_date: bool) -> None:
        """A clause without a target: a date, or the subject of what follows."""
        subject = trimmed(self.flat.cut(first, last), [(a - first, b - first) for a, b in spans])
        verb = re.match(
            r"(?:严格|合理|有效|持续|稳步|大力)*(?:控制|压减|削减|提高|提升|降低|减少|增加)(?=.{3})", subject.text
        )
        subject = subject.cut(verb.end(), len(subject)) if verb else subject
        if last < len(self.text) and self.text[last] == "：":
            open_ = re.search(
                r"(?:分别|均|各)*(?:达到|控制在|降至|不低于|不高于|不超过|不少于|下降|提高到|为)?$", subject.text
            )
            subject = subject.cut(0, open_.start()) if open_ else subject
        if has_date and len(subject) <= 4:
            self.state.frame_start = first
        elif (
            len(subject) <= 30
            and is_indicator(subject.text)
            and not re.search(r"(?:推进|加强|加快|开展|实施|完善)", subject.text)
        ):
            scope, rest = scope_of(subject)
            self.state.indicator, self.state.scope = (rest if len(rest) > 1 else subject), scope

    def _is_fact(self, first: int, last: int) -> bool:
        if _SAME_PERIOD.search(self.text, first, last) and not self.state.deadlines:
            return True
        return bool(_FACT.search(self.text, first, last)) or self.is_past()

    def is_past(self) -> bool:
        """Whether the date the sentence stands under lies before the plan."""
        year, dates = self.frame.first_year, self.state.deadlines
        return (
            year is not None
            and bool(dates)
            and not self.state.ahead
            and all(d.year is not None and d.year < year and d.kind not in ("years", "days", "months") for d in dates)
        )

    def _quantities(self, first: int, last: int, found: list[Quantity], spans: list[tuple[int, int]]) -> None:
        index, begin = 0, first
        while index < len(found):
            run = [found[index]]
            _, end = suffix_after(self.text, run[0].end)
            while index + len(run) < len(found) and re.fullmatch(
                r"[、和及与]", self.text[end : found[index + len(run)].start]
            ):
                run.append(found[index + len(run)])
                _, end = suffix_after(self.text, run[-1].end)
            index += len(run)
            if self._run(begin, last, run, end, spans) or self._next_work(begin, run, end, last):
                begin = end

    def _run(self, first: int, last: int, run: list[Quantity], end: int, spans: list[tuple[int, int]]) -> bool:
        if self._share_done(first, last, run, end, spans):
            return True
        predicate = predicate_before(self.masked, first, run[0].start)
        if predicate is None and self.state.pending:
            predicate = Predicate(self.state.pending, run[0].start)
        if predicate is None:
            predicate = self._same_again(first, run)
        if predicate is None:
            predicate = self._dated(first, run[0].start, spans)
        if predicate is not None and predicate.kind == "rate" and not self._accepts(predicate, run, end, first, last):
            predicate = predicate_before(self.masked, first, run[0].start, work=True)
        if predicate is None or predicate.kind == "work":
            predicate = self._share_of(first, run) or predicate
        if predicate is None or not self._accepts(predicate, run, end, first, last):
            return False
        suffix, _ = suffix_after(self.text, run[-1].end)
        subject, scope = self._subject(first, predicate, run, end, last, spans)
        self._make(
            predicate,
            run,
            suffix,
            subject,
            scope,
            (first, end if predicate.kind != "work" or predicate.object else last),
        )
        return True

    def _share_of(self, first: int, run: list[Quantity]) -> Predicate | None:
        """A share of something named between the predicate and the number: 不低于保有量的80%."""
        named = (
            re.search(r"[\u4e00-\u9fff]{1,12}的$", self.masked[first : run[0].start])
            if self._unit(run[0]) == "%"
            else None
        )
        for length in range(2, len(named[0]) + 1) if named else ():
            found = predicate_before(self.masked, first, run[0].start - length)
            if found and found.kind in ("ge", "le", "gt", "reach", "up_to", "is", "hold"):
                return found
        return None

    def _same_again(self, first: int, run: list[Quantity]) -> Predicate | None:
        """A further place with its value under the words before: 其中城区38微克/立方米、望江县33微克/立方米."""
        if self.state.last is None or self.state.last[1] != self._unit(run[-1]) or self.state.last[0] == "work":
            return None
        named = re.sub(r"^[、，；和及]?(?:其中)?[：，]?", "", self.text[first : run[0].start])
        whole = Flat(named, named, tuple(range(len(named))))
        scope, rest = scope_of(whole)
        return (
            Predicate(self.state.last[0], run[0].start)
            if scope is not None and not len(rest) and "□" not in self.masked[first : run[0].start]
            else None
        )

    def _share_done(self, first: int, last: int, run: list[Quantity], end: int, spans: list[tuple[int, int]]) -> bool:
        """A share of something that is to be done: 80%以上的钢铁产能完成超低排放改造."""
        used = re.match(r"(?P<what>(?:采用|使用|实现|完成|配备|安装|淘汰|建成|更换为|改为).{2,})", self.text[end:last])
        if used and self._unit(run[0]) == "%" and self.state.deadlines and len(run) == 1:
            named = self.flat.cut(first, run[0].start)
            whole = trimmed(named, [(a - first, b - first) for a, b in spans])
            full = Flat(whole.text, whole.raw, whole.at)
            if 2 <= len(full) <= 40:
                kind = "equal" if run[0].low == 100 else "ge"
                self._make(
                    Predicate(kind, run[0].start),
                    run,
                    suffix_after(self.text, run[0].end)[0],
                    full,
                    None,
                    (first, last),
                )
                return True
        rest = re.match(
            r"的(?P<what>[^，]{2,40}(?:完成|实现|采用|使用|淘汰|达到|建成|创建|配备|安装|消除).*)", self.text[end:last]
        )
        if not rest or self._unit(run[0]) != "%" or len(run) > 1 or not self.state.deadlines:
            return False
        before = trimmed(self.flat.cut(first, run[0].start), [(a - first, b - first) for a, b in spans])
        if len(before) > 12:
            return False
        named = self.flat.cut(end + rest.start("what"), last)
        self.state.indicator, self.state.shares = named, True
        suffix = suffix_after(self.text, run[0].end)[0]
        self._make(Predicate("ge", run[0].start), run, suffix, named, before if len(before) else None, (first, last))
        return True

    def _next_work(self, first: int, run: list[Quantity], end: int, last: int) -> bool:
        """A further object of the same verb: 创建A级企业3家、B级企业15家."""
        match = re.fullmatch(r"[、和及与](?P<object>[^，。；：\d]{2,30})", self.masked[first : run[0].start])
        if not match or self.state.work is None or not self.targets or self._unit(run[-1]) in MEASURED:
            return False
        if end < last and not re.match(r"[、和及与（]", self.text[end:last]):
            return False
        named = self.flat.cut(first + 1, run[0].start)
        self._make(
            Predicate("work", first, "", (first + 1, run[0].start)),
            run,
            suffix_after(self.text, run[-1].end)[0],
            named,
            None,
            (first, end),
        )
        return True

    def _dated(self, first: int, at: int, spans: list[tuple[int, int]]) -> Predicate | None:
        """A number right behind its year (2025年35微克/立方米)."""
        if any(end == at and start >= first for start, end in spans) and self.state.indicator is not None:
            return Predicate("rate", at)
        return None

    def _accepts(self, predicate: Predicate, run: list[Quantity], end: int, first: int, last: int) -> bool:
        dated, known = bool(self.state.deadlines), self.state.work is not None
        row = bool(self.targets)
        unit = self._unit(run[-1])
        return accepted(
            Candidate(
                self.text,
                self.masked,
                (first, last),
                end,
                predicate,
                run,
                unit,
                dated=dated,
                work_known=known,
                in_row=row,
            )
        )

    def _unit(self, quantity: Quantity) -> str:
        if quantity.unit:
            return self.text[quantity.unit[0] : quantity.unit[1]]
        return "%" if quantity.percent_word else ""

    def _subject(
        self, first: int, predicate: Predicate, run: list[Quantity], end: int, last: int, spans: list[tuple[int, int]]
    ) -> tuple[Flat | None, Flat | None]:
        """Indicator and scope of a number; what the clause leaves out comes from the one before."""
        while first < predicate.start and self.text[first] in "、和及与，；：":
            first += 1
        whole = trimmed(self.flat.cut(first, predicate.start), [(a - first, b - first) for a, b in spans])
        if predicate.kind == "work" and predicate.object:
            a, b = predicate.object
            named = self.flat.cut(a, b) if b > a else self.flat.cut(end, last)
            scope, _ = scope_of(whole)
            verb = self.flat.cut(predicate.start, predicate.start + len(predicate.verb))
            share = self._unit(run[-1]) == "%"
            if len(named) and not share:
                self.state.work = Flat(named.text + verb.text, named.raw + verb.raw, named.at + verb.at)
                return self.state.work, scope
            if share:
                named = self.flat.cut(a, b - len(re.search(r"(?:总数|总量|任务|数量)?的?$", self.text[a:b])[0]))  # type: ignore[index]
            elif not len(named) and self.state.work is not None:
                return self.state.work, scope
            if share and not len(named):
                self.state.shares = True
                return self.state.indicator, scope
            if share and not (self.state.shares and self.state.indicator):
                self.state.indicator, self.state.shares = named, True
            return (self.state.indicator if share else named), scope
        scope, rest = (None, whole) if places_in(whole) else scope_of(whole)
        year = re.match(r"(?:[、和及]?(?:19|20)\d{2}年(?:度)?)+(?:\d{1,2}(?:[-—～至]\d{1,2})?月)?", rest.text)
        rest = rest.cut(year.end(), len(rest)) if year else rest
        if len(rest) and is_indicator(rest.text):
            self.state.indicator, self.state.scope = rest, scope
            return rest, scope
        if is_work_verb(rest.text) and end < last:
            return self.flat.cut(end, last), scope
        if self.state.indicator is not None and scope is None and 2 <= len(whole) <= 16 and not is_place(whole.text):
            return with_head(whole, self.state.indicator), self.state.scope
        if self.state.indicator is not None:
            return self.state.indicator, scope or (whole if len(whole) else self.state.scope)
        return (whole if len(whole) else None), scope

    def _make(
        self,
        predicate: Predicate,
        run: list[Quantity],
        suffix: str,
        subject: Flat | None,
        scope: Flat | None,
        place: tuple[int, int],
    ) -> None:
        self.state.last = (predicate.kind, self._unit(run[-1]), suffix)
        if scope is not None and re.match(r"全[市省县区州域]|我[市省县]", scope.text):
            self.state.general = scope
        scope = scope if scope is not None and len(scope) else self.state.general
        lower = lower_is_better(subject.text if subject is not None else "") and predicate.kind != "change"
        start = self.state.frame_start if self.state.frame_start is not None else place[0]
        before = self.text[place[0] : run[0].start]
        base = self.state.base if predicate.kind == "change" or bases_in(before) else None
        shared = bool(
            re.search(r"分别|(?<![年月日平])均(?=[比较下达控降提不增减在实])|各(?=[比较下达控降提不增减])", before)
        )
        dates = [d.value for d in self.state.deadlines] or [self.frame.by]
        for quantity, indicator, where, deadline in assigned(run, subject, scope, dates, shared=shared):
            own, _ = suffix_after(self.text, quantity.end)
            word = comparator(predicate.kind, own or suffix, lower_is_better=lower, is_range=quantity.high is not None)
            self.targets.append(
                Target(
                    indicator=self._with_change(indicator, predicate), kind="numeric", comparator=word, value=quantity.value,
                    unit=self._written_unit(quantity),
                    deadline=deadline, start=self.flat.at[start], end=self.flat.at[place[1] - 1] + 1, baseline_year=base,
                    scope=where, strength=self.state.strength,
                )
            )  # fmt: skip

    def _written_unit(self, quantity: Quantity) -> str | None:
        if quantity.unit:
            return self.flat.raw[quantity.unit[0] : quantity.unit[1]].replace("／", "/").replace("％", "%")
        return "%" if quantity.percent_word else None

    def _with_change(self, indicator: str, predicate: Predicate) -> str:
        if predicate.kind != "change":
            return indicator
        word = self.text[predicate.start :][:2]
        against = f"较{self.state.base}年" if self.state.base else ""
        return f"{indicator}（{against}{word}）"

    def _whole(self, first: int, last: int, spans: list[tuple[int, int]]) -> bool:
        """“全部” as 100 %: 2027年起，新增公交车全部为新能源车; or the last of a row of shares."""
        text = self.text[first:last]
        match = re.search(r"全部(?:为|是|采用|使用|更换为|更新为|改为|替换为)", text)
        row = self.state.shares and re.search(r"完成.*全部|全部完成|全面完成", text)
        if not (match or row) or not self.state.deadlines or self.is_past():
            return False
        subject = trimmed(
            self.flat.cut(first, first + match.start() if match else last), [(a - first, b - first) for a, b in spans]
        )
        scope, rest = scope_of(subject)
        indicator = rest.raw if match or self.state.indicator is None else self.state.indicator.raw
        start = self.state.frame_start if self.state.frame_start is not None else first
        self.targets.append(
            Target(
                indicator=indicator, kind="numeric", comparator="=", value=100, unit="%", deadline=self.state.deadlines[-1].value,
                start=self.flat.at[start], end=self.flat.at[last - 1] + 1, scope=scope.raw if scope else None, strength=self.state.strength,
            )
        )  # fmt: skip
        return True


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with spans taken out."""
    return "".join(char for at, char in enumerate(text) if not any(a <= at < b for a, b in spans))
