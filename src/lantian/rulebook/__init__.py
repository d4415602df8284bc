"""The law and the plans as dated data, and the reader that answers “what held on that day?”."""

from lantian.rulebook.dated import NoRuleError, Parameter, Value, doubtful, fill, on, parameter, spans
from lantian.rulebook.loader import RulebookError

__all__ = ["NoRuleError", "Parameter", "RulebookError", "Value", "doubtful", "fill", "on", "parameter", "spans"]
