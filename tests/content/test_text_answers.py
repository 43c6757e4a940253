"""How short answers are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authoring.formats.plain_words import is_among, plain_words

SAME = [
    ("personal data", "Personal Data"),
    ("personal data", "  personal \t data "),
    ("personal data", "the personal data"),
    ("personal data", "personal data."),
    ("personal data", "'personal data'"),
    ("personal data", "“personal data”"),
    ("personal data", "personal-data"),
    ("chatbot", "chat bot"),
    ("chatbot", "a chat-bot!"),
    ("cafe", "café"),
    ("cafe", "cafe\u0301"),
    ("STRASSE", "straße"),
    ("citizens rights", "citizen's rights"),
    ("citizens rights", "citizen\u2019s rights"),
    ("e-mail", "email"),
    ("ai", "A.I."),
    ("archive", "an archive"),
    ("office", "o\ufb03ce"),
    ("audit\u00a0trail", "audit trail"),
    ("audit trail", "audit\u200btrail"),
]
DIFFERENT = [
    ("personal data", "data"),
    ("personal data", "personal date"),
    ("a", "the"),
    ("bias", "biased"),
    ("24", "42"),
    ("c", "c+"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_are_the_same(one: str, other: str) -> None:
    assert is_among(one, [other])
    assert is_among(other, [one])


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_words_are_not(one: str, other: str) -> None:
    assert not is_among(one, [other])


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("The Archive", "archive"),
        ("the a archive", "archive"),
        ("the", "the"),
        ("Theory of A", "theory of a"),
        ("?!", ""),
        ("\u200b", ""),
        ("A  B\nC", "a b c"),
        ("A.I. tool", "a i tool"),
    ],
)
def test_words_are_brought_to_one_form(typed: str, plain: str) -> None:
    assert plain_words(typed) == plain


@given(st.text())
def test_plain_words_stay_as_they_are(typed: str) -> None:
    once = plain_words(typed)
    assert plain_words(once) == once


@given(st.text(alphabet=st.characters(max_codepoint=0xFF)))
def test_case_does_not_matter(typed: str) -> None:
    assert is_among(typed, [typed.swapcase().swapcase()])
    assert plain_words(typed.casefold()) == plain_words(typed)
