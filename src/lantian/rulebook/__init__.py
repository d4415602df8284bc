"""The law and the plans as dated data, and the reader that answers “what held on that day?”."""

from lantian.rulebook.dated import NoRuleError, Parameter, Value, doubtful, fill, on, parameter, spans
from lantian.rulebook.loader import RulebookError
from lantian.rulebook.plans import Plan, deadline_day, plan, plans, readable_plans

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
