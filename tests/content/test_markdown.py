"""Rendered Markdown holds the listed elements and attributes, whatever an author writes."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.authoring import render, render_inline
from app.authoring.markdown import CLASSES, ELEMENTS, INLINE_ELEMENTS, NUMERIC, ROLES

ALLOWED = {
    "a": {"href", "rel", "class"},
    "img": {"src", "alt"},
    "ol": {"start", "class"},
    **{key: {"role", "class"} for key in ("table", "thead", "tbody", "tr")},
    "th": {"role", "scope", "class"},
    "td": {"role", "data-label", "class"},
    "strong": set(),
    "em": set(),
    "code": set(),
    "br": set(),
    "li": set(),
    "pre": set(),
}
KNOWN_CLASSES = {name for names in (*CLASSES.values(), *NUMERIC.values()) for name in names.split()}
PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "text <script>alert(1)</script> text",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)'/>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml;base64,PHN2Zz4='></use></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<form action='/learn' method=post><input name=choice value=a><button>Go</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<select><option>x</option></select>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='https://example.org' onclick=alert(1) style='color:red' id=x target=_blank>x</a>",
    "<div hx-get='/admin' hx-trigger='load'>x</div>",
    "<div data-hx-post='/admin' data-hx-trigger='load'>x</div>",
    "<p hx-on:click='alert(1)' hx-boost=true>x</p>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<!-- comment --><b>x</b>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html><html><body onload=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<h1 id=main>x</h1><h1 id=main>y</h1>",
    "<table><td background='javascript:alert(1)'>x</td></table>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<dialog open>x</dialog>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example/)",
    "[x](/admin/delete?id=1)",
    "[x](\\\\evil.example\\share)",
    "[x](https:/\\evil.example/)",
    "[x](#main)",
    "[x]()",
    "[x](http://example.org)",
    '[x](https://example.org "title\\" onmouseover=\\"alert(1)")',
    '[x](https://example.org/"onmouseover=alert(1)//)',
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<https://example.org/<script>>",
    "![x](https://evil.example/pixel.gif)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "![x](javascript:alert(1))",
    "![x](../../etc/passwd.png)",
    "![x](/media/../admin.png)",
    '![x" onerror="alert(1)](map.png)',
    "![<script>alert(1)</script>](map.png)",
    '![x](map.png "y\\" onerror=\\"alert(1)")',
    "![x](map.html)",
    "# Heading {#main onclick=alert(1)}",
    "Text\n====\n\nText\n----",
    "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`<img src=x onerror=alert(1)>`",
    "    <script>alert(1)</script>",
    "| a | b |\n|:-:|--:|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
    "| a |\n|-|\n| <td style=x onclick=alert(1)> |",
    "> <blockquote cite=javascript:alert(1)>x</blockquote>",
    "- <li onclick=alert(1)>x\n- [ ] task",
    "1000000. <ol start=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\x00<script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\u202e<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",  # noqa: RUF001 - full-width signs
    "*" * 500 + "x" + "*" * 500,
    "[" * 300 + "x" + "](y)" * 300,
    "> " * 200 + "x",
    "{{ config }} {% raw %} ${7*7} <%= 7*7 %>",
    "<p class='govuk-visually-hidden govuk-button'>x</p>",
    "<a class=govuk-button role=button draggable=false data-module=govuk-button>x</a>",
]


def elements(html: str) -> Iterator[Element]:
    parsed = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    yield from (element for element in parsed.iter() if element is not parsed)


def assert_is_allowed(element: Element, *, among: frozenset[str]) -> None:
    names = {str(name) for name in element.attrib}
    assert element.tag in among
    assert names <= ALLOWED.get(element.tag, {"class"})
    assert set(element.attrib.get("class", "").split()) <= KNOWN_CLASSES
    assert element.attrib.get("role") == ROLES.get(str(element.tag))
    assert_addresses_are_safe(element)


def assert_addresses_are_safe(element: Element) -> None:
    if element.tag == "a" and "href" in element.attrib:
        assert element.attrib["href"].startswith(("https://", "mailto:"))
        assert element.attrib["rel"] == "noopener noreferrer"
    if element.tag == "img":
        assert element.attrib["src"].startswith("/media/")
        assert ".." not in element.attrib["src"]
        assert element.attrib["alt"]


def test_the_corpus_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 60


@pytest.mark.parametrize("markdown", PAYLOADS)
def test_no_payload_brings_an_element_or_attribute(markdown: str) -> None:
    for element in elements(render(markdown)):
        assert_is_allowed(element, among=ELEMENTS)


@pytest.mark.parametrize("markdown", PAYLOADS)
def test_no_payload_brings_more_than_inline_elements_into_a_line(markdown: str) -> None:
    for element in elements(render_inline(markdown)):
        assert_is_allowed(element, among=INLINE_ELEMENTS)


@given(
    st.lists(st.sampled_from(PAYLOADS), min_size=2, max_size=4), st.sampled_from(["", " ", "\n"])
)
def test_no_mixture_of_payloads_does(payloads: list[str], between: str) -> None:
    for element in elements(render(between.join(payloads))):
        assert_is_allowed(element, among=ELEMENTS)


@given(st.text(alphabet="<>\"'=&;/![]()`*_#-|\\ \n\tabonclickhref:", max_size=60))
def test_no_text_does(markdown: str) -> None:
    for element in elements(render(markdown) + render_inline(markdown)):
        assert_is_allowed(element, among=ELEMENTS)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Text", '<p class="govuk-body">Text</p>\n'),
        ("# A", '<h2 class="govuk-heading-m">A</h2>\n'),
        ("## A", '<h2 class="govuk-heading-m">A</h2>\n'),
        ("### A", '<h3 class="govuk-heading-s">A</h3>\n'),
        ("- a", '<ul class="govuk-list govuk-list--bullet">\n<li>a</li>\n</ul>\n'),
        ("1. a", '<ol class="govuk-list govuk-list--number">\n<li>a</li>\n</ol>\n'),
        ("3. a", '<ol start="3" class="govuk-list govuk-list--number">\n<li>a</li>\n</ol>\n'),
        (
            "> a",
            '<blockquote class="govuk-inset-text">\n<p class="govuk-body">a</p>\n</blockquote>\n',
        ),
        ("[a](http://b.example)", '<p class="govuk-body">a</p>\n'),
        ("[*a*](/b)", '<p class="govuk-body"><em>a</em></p>\n'),
        ("![a *b*](c.png)", '<p class="govuk-body"><img src="/media/c.png" alt="a b"></p>\n'),
        ("![a](https://b.example/c.png)", '<p class="govuk-body">a</p>\n'),
        (
            "*a* **b** `c`",
            '<p class="govuk-body"><em>a</em> <strong>b</strong> <code>c</code></p>\n',
        ),
        ("1 < 2 & 3", '<p class="govuk-body">1 &lt; 2 &amp; 3</p>\n'),
    ],
)
def test_markdown_wears_the_design(markdown: str, html: str) -> None:
    assert render(markdown) == html


def test_a_table_wears_the_design() -> None:
    html = render("| Case | Days |\n|---|--:|\n| A | 3 |")
    assert '<table class="govuk-table" role="table">' in html
    assert '<th class="govuk-table__header" role="columnheader" scope="col">Case</th>' in html
    assert 'class="govuk-table__header govuk-table__header--numeric"' in html
    assert 'class="govuk-table__cell govuk-table__cell--numeric" role="cell">3</td>' in html
    assert "style" not in html


def test_every_cell_tells_the_name_of_its_column() -> None:
    html = render("| Case | **Days** |\n|---|--:|\n| A | 3 |\n| B | |\n\n| Of |\n|---|\n| C |")
    assert re.findall(r'<td data-label="([^"]*)"[^>]*>([^<]*)</td>', html) == [
        ("Case", "A"),
        ("Days", "3"),
        ("Case", "B"),
        ("Days", ""),
        ("Of", "C"),
    ]


def test_images_are_looked_for_where_the_page_says() -> None:
    assert 'src="/media/records/map.png"' in render("![A map](map.png)", media="/media/records/")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("a **b**", "a <strong>b</strong>"),
        ("- a", "- a"),
        ("# a", "# a"),
        ("a\n\nb", "a\n\nb"),
        ("1. a", "1. a"),
        ("![a](b.png)", "a"),
        (
            "[a](https://b.example)",
            '<a href="https://b.example" class="govuk-link" rel="noopener noreferrer">a</a>',
        ),
    ],
)
def test_a_line_stays_a_line(markdown: str, html: str) -> None:
    assert render_inline(markdown) == html
