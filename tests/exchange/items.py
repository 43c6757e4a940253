"""Items of every exercise format, as hypothesis makes them up."""

from hypothesis import strategies as st

from app.authoring import RawItem

_WORDS = st.text(alphabet="abcdefgh XYZ éß漢 0123 =~#{}:;,.!?%'\"-+@()&", min_size=1, max_size=24)
word = _WORDS.map(lambda text: " ".join(text.split())).filter(
    lambda text: any(sign.isalpha() for sign in text) and "->" not in text and text[0].isalpha()
)
marked = st.one_of(
    word,
    word.map(lambda text: f"**{text}** then"),
    word.map(lambda text: f"[{text.strip('()')}](https://example.org/a?b=c)"),
    word.map(lambda text: f"`{text}` \\* \\_"),
)
page = st.lists(marked, min_size=1, max_size=3).map("\n\n".join)
some_page = st.one_of(st.just(""), page)
line = st.one_of(st.just(""), marked)
quantity = st.decimals(-1000, 1000, places=3, allow_nan=False).map(float).map(lambda n: n + 0.0)
margin = st.decimals(0, 10, places=3, allow_nan=False).map(float)
# What people type in short: words, none of which is the star that stands for every answer.
typed = word.filter(lambda text: "|" not in text)


def _item(format_: str, answer: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[RawItem]:
    return st.builds(
        RawItem,
        kind=st.just("exercise"),
        format=st.just(format_),
        title=word,
        text=page,
        hints=st.lists(page, max_size=2).map(tuple),
        explanation=some_page,
        answer=answer,
        status=st.just("draft"),
    )


def _options(right: st.SearchStrategy[int]) -> st.SearchStrategy[dict[str, object]]:
    texts = st.lists(marked, min_size=3, max_size=5, unique=True)
    return st.builds(
        lambda texts, said, right: {
            "options": [
                {"text": text, "correct": n < right, "feedback": feedback}
                for n, (text, feedback) in enumerate(zip(texts, said, strict=False))
            ]
        },
        texts,
        st.lists(line, min_size=5, max_size=5),
        right,
    )


single_choice = _item("single-choice", _options(st.just(1)))
multiple_choice = _item("multiple-choice", _options(st.integers(1, 2)))
number = _item(
    "number",
    st.fixed_dictionaries(
        {
            "answer": st.fixed_dictionaries(
                {
                    "value": quantity,
                    "tolerance": margin,
                    "right": line,
                    "otherwise": line,
                }
            ),
            "mistakes": st.lists(
                st.fixed_dictionaries({"value": quantity, "tolerance": margin, "feedback": line}),
                max_size=3,
            ),
        }
    ),
)
short_text = _item(
    "short-text",
    st.builds(
        lambda accepted, right, otherwise, mistakes: {
            "answer": {"accepted": accepted, "right": right, "otherwise": otherwise},
            "mistakes": [{"accepted": [text], "feedback": said} for said, text in mistakes.items()],
        },
        st.lists(typed, min_size=1, max_size=3, unique=True),
        line,
        line,
        st.dictionaries(marked, typed, max_size=2),
    ),
)
ordering = _item(
    "ordering",
    st.lists(st.fixed_dictionaries({"text": marked, "feedback": line}), min_size=3, max_size=5).map(
        lambda steps: {"steps": steps}
    ),
)
matching = _item(
    "matching",
    st.builds(
        lambda rights, lefts, said: {
            "extra": rights[len(lefts) :],
            "pairs": [
                {"left": left, "right": right, "feedback": feedback}
                for left, right, feedback in zip(lefts, rights, said, strict=False)
            ],
        },
        st.lists(marked, min_size=5, max_size=6, unique=True),
        st.lists(marked, min_size=3, max_size=4),
        st.lists(line, min_size=4, max_size=4),
    ),
)
exercise = st.one_of(single_choice, multiple_choice, number, short_text, ordering, matching)
