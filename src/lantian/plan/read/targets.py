"""Numeric targets of a sentence: clause by clause, with what one clause leaves to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lantian.plan.read.brackets import split
from lantian.plan.read.deadlines import Deadline, bases_in, deadlines_in
from lantian.plan.read.flat import Flat
from lantian.plan.read.indicators import is_indicator, lower_is_better, names_in, places_in, scope_of, trimmed
from lantian.plan.read.model import Target
from lantian.plan.read.predicates import Predicate, comparator, predicate_before, suffix_after
from lantian.plan.read.quantities import Quantity, masked, quantities_in

_FACT = re.compile(r"已(?:经|累计)?|目前|现状|现有|截至目前|上年|去年|超额完成了|基准年|同比(?:下降|上升|改善|增|减)")
_STRENGTH = re.compile(r"力争|争取|原则上|努力|预期|鼓励")
_OFTEN = re.compile(r"每(?:个)?(?:月|周|日|天|季|季度|半年|旬|次|家|个|辆|站|名|处|万|批|班|县|乡|镇|企业|台|亩)")
_DUTY = re.compile(r"(?:应当|应|必须|须|不得|禁止|严禁|不再)")
_TECHNICAL = ("米", "厘米", "毫米", "小时", "分钟", "次", "人次", "分贝", "分", "元", "万元", "亿元", "级", "期", "页", "度", "倍", "条", "项", "名", "位", "人", "批", "班", "轮", "例", "类", "门", "块", "年", "个月", "头", "只", "羽")
_MEASURED = {"work": ("%", "‰", "蒸吨/小时", "吨/小时", "年", "个月", "日", "微克/立方米", "毫克/立方米", "级", "小时", "分钟", "米", "元", "万元", "亿元", "次", "个百分点")}
_ATTRIBUTE = re.compile(r"的(?!目标|水平|要求|任务|比例)|(?:时|后|期间|情况下)(?:[，,。；]|$)|时[，、]|者")
_NEW = re.compile(r"(?:新建|新、改|新改扩建|改建|扩建|新上)")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the document says of all its targets: the year before which a date is past, and the one year it is for."""

    first_year: int | None = None
    single_year: int | None = None
    deadline: str | None = None


@dataclass(slots=True)
class State:
    """What a clause leaves to the next of its sentence."""

    deadlines: list[Deadline] = field(default_factory=list)
    indicator: Flat | None = None
    scope: Flat | None = None
    general: Flat | None = None  # 全市: holds for the whole sentence
    strength: str = "约束"
    base: int | None = None
    frame_start: int | None = None  # where a clause that only gives a date begins
    pending: str | None = None  # 分别达到：
    work: Flat | None = None  # what was done to what, for “再完成80台”
    shares: bool = False  # the sentence counts shares of a whole (完成总数的40%)


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
                self.state = replace(self.state, strength="约束", frame_start=None, base=None)
            self._clause(first, last)
        return self.targets

    def _clause(self, first: int, last: int) -> None:
        text = self.text[first:last]
        dates = [d for d in deadlines_in(text, self.frame.single_year) if not re.search(r"[为是由从]$", text[: d.start])]
        bases = bases_in(text)
        found = [q for q in quantities_in(self.masked[first:last])]
        if dates and not found and not re.search(r"全部|完成", text):
            dates = [d for d in dates if d.start <= 4 or d.kind != "year" or text[d.start] in "到至" or text[d.end - 1] in "前内"]
        if dates:
            self.state.deadlines = dates
            self.state.shares = self.state.shares and bool(self.state.indicator)
        self.state.pending = self._pending(first)
        strength = _STRENGTH.search(text)
        if strength:
            self.state.strength = strength[0]
        spans = [(first + d.start, first + d.end) for d in (*dates, *bases)]
        if bases:
            self.state.base = bases[-1].year
        before = len(self.targets)
        if found and not self._is_fact(first, last):
            self._quantities(first, last, [_shifted(q, first) for q in found], spans)
        if len(self.targets) == before and self._whole(first, last, spans):
            before -= 1
        if len(self.targets) == before:
            self._topic(first, last, spans, has_date=bool(dates))
        else:
            self.clauses.add(first)
            self.state.frame_start = None

    def _pending(self, first: int) -> str | None:
        """The predicate that a colon before this clause leaves open: 清扫率分别达到：市区85%、县城70%."""
        if not first or self.text[first - 1] != "：":
            return None
        predicate = predicate_before(self.masked, max(0, first - 12), first - 1)
        return predicate.kind if predicate and predicate.kind not in ("work", "rate") else None

    def _topic(self, first: int, last: int, spans: list[tuple[int, int]], *, has_date: bool) -> None:
        """A clause without a target: a date, or the subject of what follows."""
        subject = trimmed(self.flat.cut(first, last), [(a - first, b - first) for a, b in spans])
        verb = re.match(r"(?:严格|合理|有效|持续|稳步|大力)*(?:控制|压减|削减|提高|提升|降低|减少|增加)(?=.{3})", subject.text)
        subject = subject.cut(verb.end(), len(subject)) if verb else subject
        if last < len(self.text) and self.text[last] == "：":
            open_ = re.search(r"(?:分别|均|各)*(?:达到|控制在|降至|不低于|不高于|不超过|不少于|下降|提高到|为)?$", subject.text)
            subject = subject.cut(0, open_.start()) if open_ else subject
        if has_date and len(subject) <= 4:
            self.state.frame_start = first
        elif len(subject) <= 30 and is_indicator(subject.text) and not re.search(r"(?:推进|加强|加快|开展|实施|完善)", subject.text):
            scope, rest = scope_of(subject)
            self.state.indicator, self.state.scope = (rest if len(rest) > 1 else subject), scope

    def _is_fact(self, first: int, last: int) -> bool:
        return bool(_FACT.search(self.text, first, last)) or self._is_past()

    def _is_past(self) -> bool:
        year, dates = self.frame.first_year, self.state.deadlines
        return year is not None and bool(dates) and all(d.year is not None and d.year < year and d.kind not in ("years", "days", "months") for d in dates)

    def _quantities(self, first: int, last: int, found: list[Quantity], spans: list[tuple[int, int]]) -> None:
        index, begin = 0, first
        while index < len(found):
            run = [found[index]]
            _, end = suffix_after(self.text, run[0].end)
            while index + len(run) < len(found) and re.fullmatch(r"[、和及与]", self.text[end : found[index + len(run)].start]):
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
            predicate = self._dated(first, run[0].start, spans)
        if predicate is None or not self._accepts(predicate, run, end, first, last):
            return False
        suffix, _ = suffix_after(self.text, run[-1].end)
        subject, scope = self._subject(first, predicate, run, end, last, spans)
        self._make(predicate, run, suffix, subject, scope, (first, end if predicate.kind != "work" or predicate.object else last))
        return True

    def _share_done(self, first: int, last: int, run: list[Quantity], end: int, spans: list[tuple[int, int]]) -> bool:
        """A share of something that is to be done: 80%以上的钢铁产能完成超低排放改造."""
        rest = re.match(r"的(?P<what>[^，]{2,40}(?:完成|实现|采用|使用|淘汰|达到).*)", self.text[end:last])
        if not rest or self._unit(run[0]) != "%" or len(run) > 1 or not self.state.deadlines:
            return False
        before = trimmed(self.flat.cut(first, run[0].start), [(a - first, b - first) for a, b in spans])
        if len(before) > 12:
            return False
        named = self.flat.cut(end + rest.start("what"), last)
        suffix = suffix_after(self.text, run[0].end)[0]
        self._make(Predicate("ge", run[0].start), run, suffix, named, before if len(before) else None, (first, last))
        return True

    def _next_work(self, first: int, run: list[Quantity], end: int, last: int) -> bool:
        """A further object of the same verb: 创建A级企业3家、B级企业15家."""
        match = re.fullmatch(r"[、和及与](?P<object>[^，。；：\d]{2,30})", self.masked[first : run[0].start])
        if not match or self.state.work is None or not self.targets or self._unit(run[-1]) in _MEASURED["work"]:
            return False
        if end < last and not re.match(r"[、和及与（]", self.text[end:last]):
            return False
        named = self.flat.cut(first + 1, run[0].start)
        self._make(Predicate("work", first, "", (first + 1, run[0].start)), run, suffix_after(self.text, run[-1].end)[0], named, None, (first, end))
        return True

    def _dated(self, first: int, at: int, spans: list[tuple[int, int]]) -> Predicate | None:
        """A number right behind its year (2025年35微克/立方米)."""
        if any(end == at and start >= first for start, end in spans) and self.state.indicator is not None:
            return Predicate("rate", at)
        return None

    def _accepts(self, predicate: Predicate, run: list[Quantity], end: int, first: int, last: int) -> bool:
        """Whether a number under this predicate is a target and no condition, limit, frequency or fact."""
        text, after = self.text, self.text[end:last]
        unit = self._unit(run[-1])
        dated = bool(self.state.deadlines)
        if _ATTRIBUTE.match(after) or self.masked[max(first, run[0].start - 1)] in "从由自第":
            return False
        if predicate.kind in ("rate", "is") and after and re.match(r"[\u4e00-\u9fff]", after):
            return False
        if predicate.kind == "rate" and not suffix_after(text, run[-1].end)[0] and not deadlines_in(text[first : run[0].start]):
            return False
        if predicate.kind == "is" and not dated:
            return False
        if predicate.kind == "work":
            return self._accepts_work(predicate, run, end, last, unit)
        if predicate.kind in ("gt", "lt", "le", "ge") and re.match(r"的|时|及?以上的", after):
            return False
        clause = text[first : run[0].start]
        if _OFTEN.search(clause) and not re.search(r"每年", clause):
            return False
        if not dated and (unit in _TECHNICAL or _DUTY.search(clause) or _NEW.match(clause) or re.search(r"排放浓度|逸散|噪声|高度|含量", clause)):
            return False
        return not (unit in ("次", "人次", "小时", "分钟", "米", "厘米") or (unit in ("年", "月") and predicate.kind != "change")) and not self._is_limit(predicate, clause, unit)

    def _is_limit(self, predicate: Predicate, clause: str, unit: str) -> bool:
        """A number of days without a date is how long something is to last (错峰停产不少于100天), not a target."""
        return not self.state.deadlines and unit in ("天", "日") and predicate.kind in ("ge", "le") and "天数" not in clause and "天气" not in clause

    def _accepts_work(self, predicate: Predicate, run: list[Quantity], end: int, last: int, unit: str) -> bool:
        if unit in _MEASURED["work"] and not (unit == "%" and re.search(r"(?:总数|总量|任务|面积|数量|比例)?的$", self.text[: run[0].start])):
            return False
        first, stop = predicate.object or (0, 0)
        named = self.text[first:stop]
        if re.search(r"^(?:了|过)?(?:对|以|按|由)|工作$", named) or re.search(r"已|每", self.text[max(0, predicate.start - 4) : predicate.start]):
            return False
        after = self.text[end:last]
        if not named:  # 淘汰45台燃煤锅炉: the object follows
            if not after:
                return self.state.work is not None
            return bool(re.match(r"[\u4e00-\u9fff“□（A-Za-z]", after)) and not re.match(r"(?:以上|以下|及以)", after)
        return not after or bool(re.match(r"[，。；、和（]|的?(?:目标|任务)|以上|左右", after))

    def _unit(self, quantity: Quantity) -> str:
        return self.text[quantity.unit[0] : quantity.unit[1]] if quantity.unit else "%"

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
            if share and not (self.state.shares and self.state.indicator):
                self.state.indicator, self.state.shares = named, True
            return (self.state.indicator if share else named), scope
        scope, rest = (None, whole) if places_in(whole) else scope_of(whole)
        year = re.match(r"(?:19|20)\d{2}年(?:度)?", rest.text)
        rest = rest.cut(year.end(), len(rest)) if year else rest
        if len(rest) and is_indicator(rest.text):
            self.state.indicator, self.state.scope = rest, scope
            return rest, scope
        if self.state.indicator is not None:
            return self.state.indicator, scope or (whole if len(whole) else self.state.scope)
        return (whole if len(whole) else None), scope

    def _make(
        self, predicate: Predicate, run: list[Quantity], suffix: str, subject: Flat | None, scope: Flat | None, place: tuple[int, int]
    ) -> None:
        if scope is not None and re.match(r"全[市省县区州域]|我[市省县]", scope.text):
            self.state.general = scope
        scope = scope if scope is not None and len(scope) else self.state.general
        name = subject.raw if subject is not None else ""
        lower = lower_is_better(subject.text if subject is not None else "") and predicate.kind != "change"
        start = self.state.frame_start if self.state.frame_start is not None else place[0]
        before = self.text[place[0] : run[0].start]
        base = self.state.base if predicate.kind == "change" or bases_in(before) else None
        shared = bool(re.search(r"分别|(?<![年月日平])均(?=[比较下达控降提不增减在实])|各(?=[比较下达控降提不增减])", before))
        for quantity, indicator, where, deadline in self._assigned(run, subject, name, scope, shared=shared):
            own, _ = suffix_after(self.text, quantity.end)
            word = comparator(predicate.kind, own or suffix, lower_is_better=lower, is_range=quantity.high is not None)
            self.targets.append(
                Target(
                    indicator=self._with_change(indicator, predicate), kind="numeric", comparator=word, value=quantity.value,
                    unit=self.flat.raw[quantity.unit[0] : quantity.unit[1]] if quantity.unit else "%",
                    deadline=deadline, start=self.flat.at[start], end=self.flat.at[place[1] - 1] + 1, baseline_year=base,
                    scope=where, strength=self.state.strength,
                )
            )  # fmt: skip

    def _with_change(self, indicator: str, predicate: Predicate) -> str:
        if predicate.kind != "change":
            return indicator
        word = self.text[predicate.start :][:2]
        against = f"较{self.state.base}年" if self.state.base else ""
        return f"{indicator}（{against}{word}）"

    def _assigned(
        self, run: list[Quantity], subject: Flat | None, name: str, scope: Flat | None, *, shared: bool
    ) -> list[tuple[Quantity, str, str | None, str | None]]:
        """Values beside their indicator, place and deadline; lists go in order."""
        where = scope.raw if scope is not None and len(scope) else None
        dates = [d.value for d in self.state.deadlines] or [self.frame.deadline]
        names = names_in(subject) if subject is not None else [name]
        places = places_in(subject) if subject is not None else None
        last = dates[-1]
        if len(run) > 1:
            if len(dates) == len(run) and len(names) != len(run):
                return [(q, name, where, date) for q, date in zip(run, dates, strict=True)]
            if places and len(places) == len(run) and subject is not None:
                return [(q, subject.raw[end:] or name, place, last) for q, (place, end) in zip(run, places, strict=True)]
            if len(names) == len(run):
                return [(q, one, where, last) for q, one in zip(run, names, strict=True)]
            return [(q, name, where, last) for q in run]
        if shared and len(names) > 1 and not places:
            return [(run[0], one, where, last) for one in names]
        if places and subject is not None:
            return [(run[0], subject.raw[end:] or name, place, last) for place, end in places]
        return [(run[0], name, where, last)]

    def _whole(self, first: int, last: int, spans: list[tuple[int, int]]) -> bool:
        """“全部” as 100 %: 2027年起，新增公交车全部为新能源车; or the last of a row of shares."""
        text = self.text[first:last]
        match = re.search(r"全部(?:为|是|采用|使用|更换为|更新为|改为|替换为)", text)
        row = self.state.shares and re.search(r"完成.*全部|全部完成|全面完成", text)
        if not (match or row) or not self.state.deadlines or self._is_past():
            return False
        subject = trimmed(self.flat.cut(first, first + match.start() if match else last), [(a - first, b - first) for a, b in spans])
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


def _shifted(quantity: Quantity, by: int) -> Quantity:
    unit = (quantity.unit[0] + by, quantity.unit[1] + by) if quantity.unit else None
    return replace(quantity, start=quantity.start + by, end=quantity.end + by, unit=unit)
