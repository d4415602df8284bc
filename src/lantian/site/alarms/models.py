"""Marks and notices of outlets, alarms with what became of them, press orders with each of their steps."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from lantian.site.intake.models import Upload


class EnteredFor(models.Model):
    """Who told it, when and by what means, where somebody else entered it (代填); empty where the person did it."""

    for_name = models.CharField("代填：本人姓名", max_length=60, blank=True)
    for_time = models.CharField("代填：何时告知", max_length=60, blank=True)
    for_means = models.CharField("代填：方式", max_length=60, blank=True)

    class Meta:
        abstract = True

    @property
    def entered_for(self) -> str:
        """The three in one line; empty where it was not entered for another."""
        return "，".join(part for part in (self.for_name, self.for_time, self.for_means) if part)


class MarkState(models.TextChoices):
    """What became of a mark."""

    ENTERED = "entered", "待审核"
    ACCEPTED = "accepted", "已认可"
    REJECTED = "rejected", "不予认可"
    WITHDRAWN = "withdrawn", "已撤回"


class MarkFamily(models.TextChoices):
    """Marks of the plant's condition (工况) and of the monitor (设备)."""

    CONDITION = "condition", "工况标记"
    MONITOR = "monitor", "自动监测异常标记"


class Mark(EnteredFor):
    """What who runs an outlet says of a span of minutes; it never changes a value. ``factor`` empty: all of them."""

    outlet = models.CharField("排放口", max_length=64, db_index=True)
    region = models.CharField("行政区划代码", max_length=6)
    factor = models.CharField("污染物", max_length=12, blank=True)
    family = models.CharField("标记类别", max_length=10, choices=MarkFamily.choices)
    label = models.CharField("标记内容", max_length=40)
    start = models.DateTimeField("开始", db_index=True)
    end = models.DateTimeField("结束")
    reason = models.CharField("事由", max_length=500)
    files = models.ManyToManyField(Upload, blank=True, related_name="+")
    state = models.CharField("状态", max_length=10, choices=MarkState.choices, default=MarkState.ENTERED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入时间")
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField("审核时间", null=True, blank=True)
    judged_reason = models.CharField("审核意见", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-start", "-pk"]

    def __str__(self) -> str:
        return f"{self.outlet} {self.label}"


class NoticeKind(models.TextChoices):
    """What is told beforehand (报备)."""

    OUTAGE = "outage", "监测设备停运"
    MAINTENANCE = "maintenance", "监测设备维护"
    START_UP = "start_up", "生产设施启动"
    SHUT_DOWN = "shut_down", "生产设施停运"


class Notice(EnteredFor):
    """An outage, maintenance, start or stop told by company or operator, with its planned span and when it really ended."""

    outlet = models.CharField("排放口", max_length=64, db_index=True)
    region = models.CharField("行政区划代码", max_length=6)
    kind = models.CharField("类别", max_length=12, choices=NoticeKind.choices)
    start = models.DateTimeField("计划开始", db_index=True)
    end = models.DateTimeField("计划结束")
    ended_at = models.DateTimeField("实际结束", null=True, blank=True)
    reason = models.CharField("事由", max_length=500)
    files = models.ManyToManyField(Upload, blank=True, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField("报备时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-start", "-pk"]

    def __str__(self) -> str:
        return f"{self.outlet} {self.get_kind_display()}"


class Tier(models.TextChoices):
    """Whom an alarm goes to; what belongs to which tier stands in the rulebook."""

    PROMPT = "prompt", "提示"
    BRANCH = "branch", "分局"
    PRESS = "press", "督办"
    EIGHT = "eight", "八点清单"


class Cause(models.TextChoices):
    """Why an alarm stands."""

    HOUR = "hour", "小时均值超标"
    DAY = "day", "日均值超标"
    LOST = "lost", "信号中断"
    CHECK = "check", "数据检查未通过"
    SUSPECT = "suspect", "疑似异常规律"


class AlarmState(models.TextChoices):
    """How far an alarm has come."""

    OPEN = "open", "持续中"
    ENDED = "ended", "待处理"
    CLOSED = "closed", "已销号"
    DROPPED = "dropped", "已解除"


ALIVE = (AlarmState.OPEN, AlarmState.ENDED)


class Alarm(models.Model):
    """One per outlet and cause (and factor, where it matters): it grows, it is not repeated. ``history`` says how it grew."""

    outlet = models.CharField("排放口", max_length=64, db_index=True)
    region = models.CharField("行政区划代码", max_length=6, db_index=True)
    cause = models.CharField("原因", max_length=10, choices=Cause.choices)
    factor = models.CharField("污染物", max_length=12, blank=True)
    code = models.CharField("检查项或规律", max_length=40, blank=True)
    tier = models.CharField("级别", max_length=8, choices=Tier.choices)
    first = models.DateTimeField("起始")
    last = models.DateTimeField("最近", db_index=True)
    hours = models.PositiveIntegerField("小时数")
    state = models.CharField("状态", max_length=8, choices=AlarmState.choices, default=AlarmState.OPEN)
    summary = models.CharField("内容", max_length=300)
    evidence = models.JSONField("依据", default=dict)
    history = models.JSONField("变化", default=list)
    marking = models.PositiveIntegerField("待标记小时数", default=0)
    simulated = models.BooleanField("模拟数据", default=False)
    raised_at = models.DateTimeField("发出时间", db_index=True)
    changed_at = models.DateTimeField("更新时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    answered_at = models.DateTimeField("首次响应", null=True, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-last", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["outlet", "cause", "factor", "code"],
                condition=Q(state__in=["open", "ended"]),
                name="one_alarm_per_outlet_and_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.outlet} {self.get_cause_display()}"

    @property
    def alive(self) -> bool:
        """Whether it is still to be dealt with."""
        return self.state in ALIVE


class AlarmEvent(EnteredFor):
    """What a person did about an alarm."""

    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("处理", max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class OrderState(models.TextChoices):
    """States of a press order (督办单)."""

    DRAFTED = "drafted", "拟稿"
    SENT = "sent", "已发出"
    RECEIVED = "received", "已签收"
    EXPLAINED = "explained", "已报说明待核查"
    RETURNED = "returned", "退回补正"
    CHECKED = "checked", "核查通过待销号"
    CLOSED_OFF = "closed_off", "已销号"
    REVISITED = "revisited", "已回头看"
    WITHDRAWN = "withdrawn", "已撤销"


class PressOrder(models.Model):
    """A press order to one company: what was found, what is asked until when; ``due_on`` is the date of the present step."""

    company = models.CharField("企业", max_length=120, db_index=True)
    operator = models.CharField("运维单位", max_length=120, blank=True)
    region = models.CharField("行政区划代码", max_length=6, db_index=True)
    outlets = models.JSONField("排放口", default=list)
    alarms = models.ManyToManyField(Alarm, blank=True, related_name="orders")
    title = models.CharField("标题", max_length=120)
    facts = models.TextField("发现的情况")
    demands = models.TextField("办理要求")
    contact = models.CharField("联系人及电话", max_length=120, blank=True)
    answer_by = models.DateField("说明报送期限")
    state = models.CharField("状态", max_length=10, choices=OrderState.choices, default=OrderState.DRAFTED)
    due_on = models.DateField("本步骤期限", null=True, blank=True, db_index=True)
    number = models.CharField("文号", max_length=60, blank=True)
    signer = models.CharField("签发人", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    scan = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    simulated = models.BooleanField("模拟数据", default=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("拟稿时间", db_index=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-drafted_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number or '督办单'} {self.company}"


class PressEvent(EnteredFor):
    """One step of a press order; a step taken back stays readable."""

    order = models.ForeignKey(PressOrder, on_delete=models.CASCADE, related_name="events")
    step = models.CharField("步骤", max_length=12)
    before = models.CharField(max_length=10)
    due_before = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    note = models.TextField("说明", blank=True)
    files = models.ManyToManyField(Upload, blank=True, related_name="+")
    marks = models.ManyToManyField(Mark, blank=True, related_name="+")
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]


class FrozenCase(models.Model):
    """Evidence as it stood when a person acted: its file lies in the evidence folder under its digest."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="frozen")
    order = models.ForeignKey(PressOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="frozen")
    purpose = models.CharField("用途", max_length=12)
    recipient = models.CharField("移送对象", max_length=120, blank=True)
    file = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("固定时间")

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
