"""Every template obeys the content security policy and the house style, whatever page it is for."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)

# The newline after a block tag is not part of the page: `+%}` keeps it where a sentence follows.
SENTENCE_ENDS = r"[.?!](?:\{% endtrans %\}|\"\) \}\}\{% endif %\})(?:\{% end\w+ %\})*\n"
SENTENCE_BEGINS = r"(?:<strong>)?(?:\{\{ n?(?:_|gettext)\(|\{% trans\b|[A-Z])"
RUN_TOGETHER = re.compile(SENTENCE_ENDS + r"\s*(?:\{% if\b[^%]*%\}\s*)*" + SENTENCE_BEGINS)

FORBIDDEN = {
    "an inline style": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "an event handler of htmx": r"\b(?:data-)?hx-on",
    "evaluated values": r"[\"'](?:js|javascript):",
    "a filtered trigger": r"hx-trigger=\"[^\"]*\[",
    "an htmx attribute without data-": r"\s(?<!data-)hx-[a-z]",
    "unescaped output": r"\|\s*safe\b",
    "an address elsewhere": r"(?:src|action|data-hx-\w+)=\"https?:",
}


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("fault", FORBIDDEN)
def test_no_template_has(fault: str) -> None:
    pattern = re.compile(FORBIDDEN[fault])
    assert [path.name for path in ALL if pattern.search(text_of(path))] == []


def test_a_space_stands_between_sentences() -> None:
    runs = [(path.name, run) for path in ALL for run in RUN_TOGETHER.findall(text_of(path))]
    assert runs == []


def test_every_form_that_posts_carries_its_token() -> None:
    bare = []
    for path in ALL:
        for form in re.findall(r"<form\b.*?</form>", text_of(path), re.DOTALL):
            posts = re.search(r"method=\"post\"", form)
            if posts and not re.search(r"csrf_token|csrf\(\)|form\.hidden_tag", form):
                bare.append(path.name)
    assert bare == []


def test_a_fragment_never_extends_a_page() -> None:
    fragments = [path for path in ALL if path.name.startswith("_")]
    assert [path.name for path in fragments if "{% extends" in path.read_text()] == []
