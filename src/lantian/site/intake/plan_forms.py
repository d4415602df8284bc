"""Forms by which a person finishes a plan: its head, its bodies, and article by article what was read."""

from __future__ import annotations

from typing import Any, get_args

from django import forms

from lantian.basis.units import unit_of
from lantian.rulebook.answers import answers, bases
from lantian.rulebook.plans import (
    Article,
    ArticleKind,
    BodyKind,
    Comparator,
    Group,
    Item,
    Mode,
    Plan,
    Procedure,
    Rule,
    RuleType,
    Target,
    TargetKind,
)

KINDS = {
    "principle": "原则", "targets": "目标", "measures": "措施", "management": "管理", "capacity": "能力", "power": "授权",
    "publicity": "宣传",
}  # fmt: skip
TARGET_KINDS = {"numeric": "数值", "completion": "完成", "external": "数值另行下达"}
COMPARATORS = {"<=": "≤ 不超过", "<": "< 低于", ">=": "≥ 不低于", ">": "> 高于", "=": "= 等于", "≈": "≈ 左右", "range": "范围",
               "all": "全部完成", "basically_all": "基本完成", "done": "完成", "external": "另行下达"}  # fmt: skip
MODES = {"lead": "牵头", "shared": "按职责分工", "sole": "单独负责", "listed": "只列名", "none": "未写明"}
RULE_TYPES = {
    "prohibition": "禁止", "restriction": "限制", "precondition": "前置条件", "condition": "条件", "requirement": "要求",
    "conditional_requirement": "有条件的要求", "phase_out": "淘汰", "remediation": "整改", "preference": "优先",
    "encouragement": "鼓励", "incentive": "激励", "sanction": "惩戒",
}  # fmt: skip
BODY_KINDS = {
    "department": "市级部门", "vertical": "垂直管理单位", "county_government": "县（市）区政府", "branch": "分局", "township": "乡镇",
    "grid": "网格", "operator": "运维单位", "company": "企业", "collective": "统称",
}  # fmt: skip

TO_FILL = "待填写"  # what the import writes where the document does not say


def _choices(words: dict[str, str], literal: Any) -> list[tuple[str, str]]:
    return [(key, words.get(key, key)) for key in get_args(literal)]


class Part(forms.Form):
    """A form of which only what was changed is handed on."""

    texts: tuple[str, ...] = ()

    def changes(self) -> dict[str, Any]:
        """Changed fields as the plan takes them: empty as None, texts in both languages by the Chinese one."""
        given: dict[str, Any] = {}
        for name in self.changed_data:
            if name == "drop":
                continue
            value = self.cleaned_data[name]
            if name in self.texts:
                value = {"zh": value, "en": value}
            given[name] = value if value != "" else None
        return given


def _iso_date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class HeadForm(Part):
    """The head of a plan."""

    texts = ("title",)
    title = forms.CharField(label="名称", max_length=200)
    region = forms.RegexField(
        r"^[1-9]\d{5}$",
        label="行政区划代码",
        help_text="六位，例如 230300。",
        error_messages={"invalid": "请写六位代码。"},
    )
    cities = forms.CharField(
        label="数据文件中的城市名", required=False, help_text="空气数据表中怎样写，例如 鸡西；多个用顿号分开。"
    )
    counties = forms.CharField(
        label="县（市）区",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一个：代码 名称，例如 230381 虎林市。",
    )
    issuer = forms.CharField(label="印发单位", max_length=120)
    number = forms.CharField(label="文号", max_length=120, required=False)
    issued_on = forms.DateField(
        label="印发日期", required=False, widget=_iso_date(), error_messages={"invalid": "请写成 2024-05-07。"}
    )
    until = forms.DateField(
        label="最后期限", required=False, widget=_iso_date(), help_text="方案最后一个期限的日期；过后显示已到期。",
        error_messages={"invalid": "请写成 2025-12-31。"},
    )  # fmt: skip

    inherited_body = forms.ChoiceField(
        label="逐条负责的单位", required=False, help_text="不再逐条列出、但各条都由其落实的单位，例如县（市）区政府。"
    )
    inherited_from = forms.IntegerField(label="自第几条起", required=False, min_value=0)

    def __init__(self, plan: Plan, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix, initial=self.first(plan))
        bodies = [(body.id, body.zh) for body in plan.bodies.values()]
        self.fields["inherited_body"].choices = [("", "没有"), *bodies]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("inherited_body")) != (given.get("inherited_from") is not None) and not self.errors:
            self.add_error("inherited_from", "单位和起始条款要同时填写，或都不填。")
        return given

    def clean_counties(self) -> str:
        for line in self.cleaned_data["counties"].splitlines():
            code, _, name = line.strip().partition(" ")
            if line.strip() and (len(code) != 6 or not code.isdigit() or not name.strip()):
                raise forms.ValidationError(f"“{line.strip()}”认不出。请写成：230381 虎林市。")
        return str(self.cleaned_data["counties"])

    def changes(self) -> dict[str, Any]:
        given = super().changes()
        if "cities" in given:
            given["cities"] = [name for name in (given["cities"] or "").replace("，", "、").split("、") if name.strip()]
        if "counties" in given:
            lines = [line.split(None, 1) for line in (given["counties"] or "").splitlines() if line.strip()]
            given["counties"] = [{"code": code, "zh": name.strip(), "en": name.strip()} for code, name in lines]
        if given.keys() & {"inherited_body", "inherited_from"}:
            body, start = self.cleaned_data["inherited_body"], self.cleaned_data["inherited_from"]
            given["inherited"] = {"body": body, "from_article": start} if body else None
            given = {key: value for key, value in given.items() if not key.startswith("inherited_")}
        return given

    @staticmethod
    def first(plan: Plan) -> dict[str, Any]:
        """Initial values from a plan."""
        return {
            "title": plan.title.zh, "region": plan.region, "cities": "、".join(plan.cities),
            "issuer": "" if plan.issuer == TO_FILL else plan.issuer,
            "number": plan.number or "", "issued_on": plan.issued_on, "until": plan.until,
            "counties": "\n".join(f"{county.code} {county.zh}" for county in plan.counties),
            "inherited_body": plan.inherited.body if plan.inherited else "",
            "inherited_from": plan.inherited.from_article if plan.inherited else None,
        }  # fmt: skip


class BodyForm(Part):
    """One responsible body."""

    zh = forms.CharField(
        label="名称", max_length=80, required=False, widget=forms.TextInput(attrs={"aria-label": "单位名称"})
    )
    kind = forms.ChoiceField(
        label="种类", choices=_choices(BODY_KINDS, BodyKind), widget=forms.Select(attrs={"aria-label": "单位种类"})
    )


class ArticleForm(Part):
    """Title, digest and kind of an article."""

    texts = ("title", "digest")
    title = forms.CharField(label="标题", max_length=120)
    digest = forms.CharField(label="摘要（用自己的话）", max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label="性质", choices=_choices(KINDS, ArticleKind))


class TargetForm(Part):
    """One target; the metric says that the program computes it."""

    texts = ("indicator",)
    indicator = forms.CharField(label="指标", max_length=200)
    kind = forms.ChoiceField(label="种类", choices=_choices(TARGET_KINDS, TargetKind))
    comparator = forms.ChoiceField(label="比较", choices=_choices(COMPARATORS, Comparator))
    value = forms.DecimalField(
        label="数值", required=False, max_digits=18, decimal_places=6, error_messages={"invalid": "只写数字。"}
    )
    upper = forms.DecimalField(label="上限（范围）", required=False, max_digits=18, decimal_places=6)
    unit = forms.CharField(label="单位", max_length=30, required=False)
    baseline_year = forms.IntegerField(label="基准年", required=False, min_value=1990, max_value=2100)
    deadline = forms.CharField(
        label="期限", max_length=20, required=False, help_text="2025、2025-12、2025-12-31 或 每年"
    )
    strength = forms.CharField(label="力度", max_length=20, required=False, help_text="约束、力争、原则上等")
    scope = forms.CharField(label="范围", max_length=200, required=False)
    metric = forms.ChoiceField(label="由程序计算", required=False)
    basis = forms.ChoiceField(label="口径", required=False)
    drop = forms.BooleanField(label="不是目标，删去", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metrics = [(one.id, one.title.zh) for one in answers().values() if one.kind == "metric"]
        self.fields["metric"].choices = [("", "否，由人填报"), *metrics]  # type: ignore[attr-defined]
        self.fields["basis"].choices = [("", "—"), *((one.id, one.title.zh) for one in bases().values())]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == "numeric" and given.get("value") is None and not self.errors and not given.get("drop"):
            self.add_error("value", "数值目标要填数值；由省下达的，种类选“数值另行下达”。")
        if unit := unit_of(given.get("unit") or ""):
            given["unit"] = unit.id
        return given

    def changes(self) -> dict[str, Any]:
        given = super().changes()
        if "metric" in given:
            metric = given["metric"]
            known = answers().get(metric or "")
            given["answered_by"] = (
                {"kind": "metric", "by": metric} if metric else {"kind": "entry", "by": "person_entry"}
            )
            if metric and not self.cleaned_data["basis"] and known:
                given["basis"] = known.basis
        return given


class NewTargetForm(TargetForm):
    """A target the program did not find; left empty it is passed over."""

    indicator = forms.CharField(label="指标", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.cleaned_data.get("indicator") else self.cleaned_data

    def entry(self) -> dict[str, Any] | None:
        """The target to be added, or None."""
        if not self.cleaned_data.get("indicator"):
            return None
        keys = (
            "kind",
            "comparator",
            "value",
            "upper",
            "unit",
            "baseline_year",
            "deadline",
            "strength",
            "scope",
            "metric",
            "basis",
        )
        given = {key: self.cleaned_data[key] for key in keys if self.cleaned_data.get(key) not in ("", None)}
        metric = given.get("metric")
        known = answers().get(metric or "")
        if known and "basis" not in given and known.basis:
            given["basis"] = known.basis
        words = self.cleaned_data["indicator"]
        answered = {"kind": "metric", "by": metric} if metric else {"kind": "entry", "by": "person_entry"}
        return {"indicator": {"zh": words, "en": words}, "answered_by": answered, **given}


class RuleForm(Part):
    """One rule."""

    texts = ("subject",)
    subject = forms.CharField(label="规定", max_length=400, widget=forms.Textarea(attrs={"rows": 2}))
    type = forms.ChoiceField(label="种类", choices=_choices(RULE_TYPES, RuleType))
    strength = forms.CharField(label="力度", max_length=20, required=False)
    drop = forms.BooleanField(label="不是规定，删去", required=False)


class ProcedureForm(Part):
    """One procedure."""

    texts = ("name",)
    name = forms.CharField(label="程序", max_length=200)
    frequency = forms.CharField(label="频次", max_length=60, required=False)
    trigger = forms.CharField(label="启动条件", max_length=200, required=False)
    drop = forms.BooleanField(label="不是程序，删去", required=False)


class GroupForm(Part):
    """One responsibility group."""

    texts = ("digest",)
    digest = forms.CharField(label="任务", max_length=600, widget=forms.Textarea(attrs={"rows": 2}))
    mode = forms.ChoiceField(label="分工", choices=_choices(MODES, Mode))
    lead = forms.MultipleChoiceField(label="牵头", required=False)
    bodies = forms.MultipleChoiceField(label="责任单位", required=False)
    drop = forms.BooleanField(label="删去", required=False)

    def __init__(self, plan: Plan, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(body.id, body.zh) for body in plan.bodies.values()]
        for name in ("lead", "bodies"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["size"] = min(5, len(choices) or 1)


def form_of(plan: Plan, item: Item, data: Any) -> Part:
    """The form of an item, with its id as prefix."""
    first: dict[str, Any] = {"drop": False}
    if isinstance(item, Target):
        keys = (
            "kind",
            "comparator",
            "value",
            "upper",
            "unit",
            "baseline_year",
            "deadline",
            "strength",
            "scope",
            "metric",
            "basis",
        )
        first |= {key: getattr(item, key) for key in keys} | {"indicator": item.indicator.zh}
        return TargetForm(data, prefix=item.id, initial=first)
    if isinstance(item, Rule):
        first |= {"subject": item.subject.zh, "type": item.type, "strength": item.strength}
        return RuleForm(data, prefix=item.id, initial=first)
    if isinstance(item, Procedure):
        first |= {"name": item.name.zh, "frequency": item.frequency, "trigger": item.trigger}
        return ProcedureForm(data, prefix=item.id, initial=first)
    assert isinstance(item, Group)
    first |= {"digest": item.digest.zh, "mode": item.mode, "lead": list(item.lead), "bodies": list(item.bodies)}
    return GroupForm(plan, data, prefix=item.id, initial=first)


def article_form(article: Article, data: Any) -> ArticleForm:
    """The form of an article itself."""
    first = {"title": article.title.zh, "digest": article.digest.zh, "kind": article.kind}
    return ArticleForm(data, prefix="article", initial=first)
