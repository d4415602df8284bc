"""The law and the plans as dated data, and the reader that answers “what held on that day?”."""

from lantian.rulebook.dated import NoRuleError, Parameter, Value, doubtful, fill, on, parameter, spans
from lantian.rulebook.loader import RulebookError
from lantian.rulebook.plan_files import plan, plans, readable_plans
from lantian.rulebook.plans import Plan, deadline_day

__all__ = [
    "NoRuleError",
    "Parameter",
    "Plan",
    "RulebookError",
    "Value",
    "deadline_day",
    "doubtful",
    "fill",
    "on",
    "parameter",
    "plan",
    "plans",
    "readable_plans",
    "spans",
]
