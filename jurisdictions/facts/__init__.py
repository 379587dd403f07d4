"""Facts of a breach: the engine's input, strict JSON in and out (``contract``: facts to obligations)."""

from jurisdictions.facts.decode import decode_facts
from jurisdictions.facts.fields import FACT_PATHS, question_for
from jurisdictions.facts.model import (
    Affected,
    BreachFacts,
    BusinessAssociate,
    Count,
    CountRange,
    Discovery,
    FactsError,
    Fault,
    Hold,
    Incident,
    Organization,
    facts_to_json,
)
from jurisdictions.facts.parse import check_fact, parse_date, parse_facts, parse_instant

__all__ = [
    "FACT_PATHS",
    "Affected",
    "BreachFacts",
    "BusinessAssociate",
    "Count",
    "CountRange",
    "Discovery",
    "FactsError",
    "Fault",
    "Hold",
    "Incident",
    "Organization",
    "check_fact",
    "decode_facts",
    "facts_to_json",
    "parse_date",
    "parse_facts",
    "parse_instant",
    "question_for",
]
