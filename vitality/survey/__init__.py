"""What came in, and can it be trusted: forms out, answers in, checks, cleaning, indicators."""

from vitality.survey.checking import check_round
from vitality.survey.cleaning import CleanSurvey, clean_round
from vitality.survey.corrections import corrected_round
from vitality.survey.forms import write_questionnaires
from vitality.survey.indicators import compute_controls, compute_indicators, compute_resources
from vitality.survey.marking import write_findings
from vitality.survey.precision import compute_precision
from vitality.survey.raw import RawRound
from vitality.survey.reading import read_round
from vitality.survey.round_folder import changed_inputs, load_clean, prepare_round, write_clean
from vitality.survey.rules import rule_name
from vitality.survey.settings import (
    RoundSettings,
    find_round,
    judgement_files,
    latest_round,
    round_framework,
    round_settings,
)
from vitality.survey.small_counts import protect_counts
from vitality.survey.suggesting import suggest_mapping, write_suggestions
from vitality.survey.values import ParsedValue, parse_value

__all__ = [
    "CleanSurvey",
    "ParsedValue",
    "RawRound",
    "RoundSettings",
    "changed_inputs",
    "check_round",
    "clean_round",
    "compute_controls",
    "compute_indicators",
    "compute_precision",
    "compute_resources",
    "corrected_round",
    "find_round",
    "judgement_files",
    "latest_round",
    "load_clean",
    "parse_value",
    "prepare_round",
    "protect_counts",
    "read_round",
    "round_framework",
    "round_settings",
    "rule_name",
    "suggest_mapping",
    "write_clean",
    "write_findings",
    "write_questionnaires",
    "write_suggestions",
]
