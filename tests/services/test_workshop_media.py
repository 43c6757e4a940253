"""Pictures that try to do more than be looked at, and text that tries to do more than be read."""

import io
import re
import zlib
from xml.etree import ElementTree as ET

import html5lib
import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from app.db import Database
from app.models import Role
from app.services.errors import Invalid, NotFound
from app.services.workshop import images, media
from app.web.prose import inline, prose
from tests.conftest import NOON
from tests.people import Person, client_of, make_agency, make_user
from tests.workshop import png

SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"'
LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
DRAWINGS = (
    f'<svg {SVG} onload="alert(1)"><rect width="5" height="5"/></svg>',
    f"<svg {SVG}><script>alert(1)</script><rect width='5' height='5'/></svg>",
    f'<svg {SVG}><a href="javascript:alert(1)"><rect width="5" height="5"/></a></svg>',
    f'<svg {SVG} {LINK}><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    f'<svg {SVG}><image href="https://evil.example/x.png" width="9"/></svg>',
    f'<svg {SVG} {LINK}><image xlink:href="file:///etc/passwd" width="9"/></svg>',
    f'<svg {SVG} {LINK}><use xlink:href="https://evil.example/x.svg#a"/></svg>',
    f'<svg {SVG}><use href="#a"/></svg>',
    f"<svg {SVG}><foreignObject><body onload='alert(1)'/></foreignObject></svg>",
    f"<svg {SVG}><style>@import url(https://evil.example/x.css);</style></svg>",
    f'<svg {SVG}><rect style="background:url(https://evil.example)" width="5"/></svg>',
    f'<svg {SVG}><rect fill="url(https://evil.example/x#a)" width="5"/></svg>',
    f'<svg {SVG}><rect fill="url( javascript:alert(1))" width="5"/></svg>',
    f'<svg {SVG}><animate attributeName="href" to="javascript:alert(1)"/></svg>',
    f'<svg {SVG}><set attributeName="onmouseover" to="alert(1)"/></svg>',
    f'<svg {SVG}><rect width="5" onclick="alert(1)" data-hx-get="/x" hx-get="/x"/></svg>',
    f'<svg {SVG}><text id="a" class="govuk-button">x</text><handler>alert(1)</handler></svg>',
    f'<svg {SVG}><iframe src="https://evil.example"/><video src="x"/></svg>',
    f'<svg {SVG}><filter id="f"><feImage href="https://evil.example"/></filter></svg>',
    f'<svg {SVG} xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></svg>',
    f"<?xml version='1.0'?><?xml-stylesheet href='https://evil.example'?><svg {SVG}/>",
    f"<svg {SVG}><!-- <script>alert(1)</script> --><rect width='5'/></svg>",
    f"<svg {SVG}><title>&lt;script&gt;alert(1)&lt;/script&gt;</title></svg>",
    f'<svg {SVG}><metadata><x:x xmlns:x="adobe:ns:meta/">Ada Pilot</x:x></metadata></svg>',
)
REFUSED = (
    b"",
    b"GIF89a",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    b"<html><body>no drawing</body></html>",
    b"<svg xmlns='http://www.w3.org/2000/svg'>",
    b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
    b'<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg xmlns="http://www.w3.org/2000/svg"/>',
    b"%PDF-1.7 not a picture",
    b"PK\x03\x04 not a picture",
    b"MZ" + b"\0" * 100,
    b"x" * (images.MOST_BYTES + 1),
    b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 3000 + b"</g>" * 3000 + b"</svg>" * 2,
)
TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<form action=/author/drafts/new method=post><input name=title></form>",
    "<button formaction=https://evil.example>press</button>",
    "<a href=javascript:alert(1)>x</a>",
    '<div hx-get="/sign-out" hx-trigger="load">x</div>',
    '<div data-hx-post="/sign-out" data-hx-trigger="load">x</div>',
    "<style>*{display:none}</style>",
    '<p style="position:fixed;inset:0">x</p>',
    '<p id="main">x</p>',
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0;url=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example>",
    "<object data=https://evil.example></object><embed src=x>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<!-- --><script>alert(1)</script -->",
    "<details open ontoggle=alert(1)>x</details>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example)",
    "[x](/sign-out)",
    "[x](http://evil.example)",
    "[x](https://ok.example 'onmouseover=alert(1)')",
    '[x](https://ok.example" onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    "![x](//evil.example/track.png)",
    "![x](../../etc/passwd)",
    "![x](/media/../sign-out)",
    '![x" onerror="alert(1)](a.png)',
    "![x](a.png 'onerror=alert(1)')",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "`<script>alert(1)</script>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    "| a |\n| - |\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "- <img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<a\x00href=javascript:alert(1)>x</a>",
    "{{ 7 * 7 }}{% for x in y %}",
    "${alert(1)} #{alert(1)} <%= 1 %>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x]: javascript:alert(1)\n\n![x]",
    "<a href='https://ok.example' target=_blank ping=https://evil.example>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<textarea autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src onloadstart=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
)
ELEMENTS = {"a", "blockquote", "br", "code", "em", "h2", "h3", "hr", "img", "li", "ol", "p", "pre"}
ELEMENTS |= {"strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
ATTRIBUTES = {"alt", "class", "data-label", "href", "rel", "role", "scope", "src", "start"}
ROLES = {"table", "rowgroup", "row", "columnheader", "cell"}


@pytest.fixture
def trainer(database: Database) -> Person:
    return database.transact(
        lambda session: make_user(
            session, make_agency(session, at=NOON), Role.TRAINER, Role.LEARNER, at=NOON
        )
    )


def elements(html: str) -> list[ET.Element]:
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return [element for element in root.iter() if element is not root]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_can_only_be_read(text: str) -> None:
    for html in (str(prose(text)), str(inline(text))):
        for element in elements(html):
            assert element.tag in ELEMENTS, html
            assert set(element.attrib) <= ATTRIBUTES, html
            assert element.attrib.get("role", "table") in ROLES, html
            assert re.match(r"https://|mailto:", element.attrib.get("href", "https://")), html
            assert re.fullmatch(r"/media/[a-z0-9._-]+", element.attrib.get("src", "/media/a")), html


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_a_drawing_can_only_be_looked_at(drawing: str) -> None:
    clean = images.harmless(drawing.encode())
    assert clean.content_type == "image/svg+xml"
    root = ET.fromstring(clean.content)  # ours, just written
    for element in root.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in images.SHAPES
        assert set(element.attrib) <= images.ATTRIBUTES
        for value in element.attrib.values():
            assert not re.search(r"javascript|evil|https:|file:", value)
    assert b"Ada Pilot" not in clean.content
    assert b"<script" not in clean.content
    assert b"<?" not in clean.content


def test_a_drawing_keeps_what_draws() -> None:
    drawing = (
        f'<svg {SVG}><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/>'
        '</linearGradient></defs><rect width="5" height="5" fill="url(#g)"/>'
        "<text x='1' y='2'>A &amp; B</text></svg>"
    )
    clean = images.harmless(drawing.encode()).content.decode()
    assert 'fill="url(#g)"' in clean
    assert "A &amp; B" in clean
    assert "linearGradient" in clean


@pytest.mark.parametrize("content", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        images.harmless(content)


def test_pixels_come_without_what_was_hidden_beside_them() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Ada Pilot, 12 Harbour Road")
    out = io.BytesIO()
    Image.new("RGB", (4, 4), (9, 9, 9)).save(out, "PNG", pnginfo=notes)
    sent = out.getvalue() + b"<script>alert(1)</script>"
    clean = images.harmless(sent)
    assert b"Ada Pilot" in sent
    assert b"Ada Pilot" not in clean.content
    assert b"script" not in clean.content


def test_a_picture_with_too_many_pixels_is_refused_unread() -> None:
    header = b"\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00"  # 60,000 by 60,000
    chunk = len(header).to_bytes(4, "big") + b"IHDR" + header
    crc = zlib.crc32(b"IHDR" + header).to_bytes(4, "big")
    with pytest.raises(Invalid):
        images.harmless(b"\x89PNG\r\n\x1a\n" + chunk + crc)


def test_a_large_picture_is_made_to_fit() -> None:
    out = io.BytesIO()
    Image.new("RGB", (3200, 400)).save(out, "JPEG")
    clean = images.harmless(out.getvalue())
    assert (clean.width, clean.height) == (1600, 200)
    assert clean.content_type == "image/jpeg"


def test_the_same_picture_is_kept_once(database: Database, trainer: Person) -> None:
    names = [
        database.transact(lambda s: media.add(s, png("a"), trainer=trainer, at=NOON))
        for _ in range(2)
    ]
    assert names[0] == names[1]
    with database.reader() as session:
        assert len(media.latest(session, trainer=trainer)) == 1


def test_a_picture_of_another_agency_is_not_there(database: Database, trainer: Person) -> None:
    name = database.transact(lambda s: media.add(s, png("a"), trainer=trainer, at=NOON))
    stranger = database.transact(
        lambda s: make_user(s, make_agency(s, at=NOON), Role.TRAINER, at=NOON)
    )
    with database.reader() as session, pytest.raises(NotFound):
        media.find(session, name, reader=stranger)


def test_a_picture_is_served_so_that_it_can_do_nothing(app: Flask) -> None:
    database: Database = app.extensions["database"]

    person = database.transact(
        lambda s: make_user(s, make_agency(s, at=NOON), Role.TRAINER, at=NOON)
    )
    name = database.transact(lambda s: media.add(s, DRAWINGS[0].encode(), trainer=person, at=NOON))
    answer = client_of(app, person).get(f"/media/{name}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
