"""Cairn's engine: what a learner probably knows, what comes next, and why. Pure functions.

No clock, no input or output, no hidden randomness: times, seeds and states are given.
"""

from engine.accountable import (
    FRESH,
    Folded,
    Trace,
    difficulty_gain,
    fold,
    move_difficulty,
    predictor,
    remaining,
    surprise_of,
)
from engine.bkt import SkillParameters
from engine.curriculum import WORKED_CASE, Curriculum, Item, ItemKind, Skill
from engine.decision import Candidate, Counterfactual, Reason, Recommendation, Rule
from engine.evidence import (
    EVIDENCE_RULE,
    Amount,
    Evidence,
    EvidenceRule,
    Part,
    amount_of_evidence,
    assess,
    missing,
)
from engine.expectation import Expectation, ExpectationTerm, Family, Told, expect
from engine.explain import Term, explain_choice, explain_update
from engine.learner import Answer, Step, expected_success, respond
from engine.outlook import remaining_minutes
from engine.plan import ItemEstimate, Plan, SkillTier, Terms, Tier, Why
from engine.policy import Policy, Threshold, describe
from engine.recommend import fallback, recommend
from engine.review import due_at, recall
from engine.standing import Standing, is_mastered, is_parked, skill_standing, standings
from engine.state import RECENT, Attempt, Outcome, SkillState, begin
from engine.statement import LEAST_ANSWERS, Statement, say_success, state_success
from engine.swift import Lot, Running, Walk, prepare

__all__ = [
    "EVIDENCE_RULE",
    "FRESH",
    "LEAST_ANSWERS",
    "RECENT",
    "WORKED_CASE",
    "Amount",
    "Answer",
    "Attempt",
    "Candidate",
    "Counterfactual",
    "Curriculum",
    "Evidence",
    "EvidenceRule",
    "Expectation",
    "ExpectationTerm",
    "Family",
    "Folded",
    "Item",
    "ItemEstimate",
    "ItemKind",
    "Lot",
    "Outcome",
    "Part",
    "Plan",
    "Policy",
    "Reason",
    "Recommendation",
    "Rule",
    "Running",
    "Skill",
    "SkillParameters",
    "SkillState",
    "SkillTier",
    "Standing",
    "Statement",
    "Step",
    "Term",
    "Terms",
    "Threshold",
    "Tier",
    "Told",
    "Trace",
    "Walk",
    "Why",
    "amount_of_evidence",
    "assess",
    "begin",
    "describe",
    "difficulty_gain",
    "due_at",
    "expect",
    "expected_success",
    "explain_choice",
    "explain_update",
    "fallback",
    "fold",
    "is_mastered",
    "is_parked",
    "missing",
    "move_difficulty",
    "predictor",
    "prepare",
    "recall",
    "recommend",
    "remaining",
    "remaining_minutes",
    "respond",
    "say_success",
    "skill_standing",
    "standings",
    "state_success",
    "surprise_of",
]
