"""Files made to do harm, each as its name and its bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

MANIFEST = b"<manifest/>"


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def link(name: str, target: bytes) -> tuple[zipfile.ZipInfo, bytes]:
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return entry, target


def lying(content: bytes, *, declared: int) -> bytes:
    """Return a zip whose headers say that its one file is smaller than it is."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    name, crc = b"imsmanifest.xml", zlib.crc32(content)
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), declared, len(name), 0)
    local = b"PK\x03\x04" + head + name + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head
    central += struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def laughs() -> bytes:
    entities = ['<!ENTITY l0 "lol">']
    entities += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    return f'<?xml version="1.0"?><!DOCTYPE quiz [{"".join(entities)}]><quiz>&l9;</quiz>'.encode()


def quadratic() -> bytes:
    return (f'<!DOCTYPE quiz [<!ENTITY a "{"x" * 50_000}">]><quiz>{"&a;" * 50_000}</quiz>').encode()


def fetching(address: str) -> bytes:
    said = f'<!DOCTYPE quiz [<!ENTITY a SYSTEM "{address}">]><quiz><question>&a;</question></quiz>'
    return said.encode()


def whole(address: str) -> bytes:
    return f'<!DOCTYPE quiz SYSTEM "{address}"><quiz/>'.encode()


def deep() -> bytes:
    return b"<quiz>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</quiz>"


def wide() -> bytes:
    return b"<quiz>" + b"<a/>" * 3_000_000 + b"</quiz>"


def attributes() -> bytes:
    many = " ".join(f'a{n}="1"' for n in range(200_000))
    return f"<quiz {many}/>".encode()


def bomb() -> bytes:
    return zipped(*((f"{n}.xml", bytes(15_000_000)) for n in range(8)))


def one_bomb() -> bytes:
    return zipped(("imsmanifest.xml", bytes(40_000_000)))


def question_of(text: str) -> bytes:
    inner = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    answers = (
        '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'
    )
    return f'<quiz><question type="multichoice">{inner}{answers}</question></quiz>'.encode()


Make = Callable[[], bytes]
LISTED = ("imsmanifest.xml", MANIFEST)


def refused(secret: str, canary: str) -> Mapping[str, tuple[str, Make]]:
    """Return the file's name and what makes it, by case; every one must be refused or faulted.

    secret: the address of a file on this machine.  canary: the address of a server that listens.
    """
    return {
        "zip-slip": ("a.zip", lambda: zipped(LISTED, ("../../evil.xml", b"x"))),
        "zip-absolute": ("a.zip", lambda: zipped(LISTED, ("/tmp/evil.xml", b"x"))),
        "zip-drive": ("a.zip", lambda: zipped(LISTED, ("C:/evil.xml", b"x"))),
        "zip-backslash": ("a.zip", lambda: zipped(LISTED, ("..\\evil.xml", b"x"))),
        "zip-symlink": ("a.zip", lambda: zipped(LISTED, link("b.xml", b"/etc/passwd"))),
        "zip-nested": ("a.zip", lambda: zipped(LISTED, ("b.zip", zipped(("c", b"c"))))),
        "zip-twice": ("a.zip", lambda: zipped(LISTED, ("IMSManifest.xml", MANIFEST))),
        "zip-many": ("a.zip", lambda: zipped(*((f"{n}.xml", b"") for n in range(5_000)))),
        "zip-bomb": ("a.zip", bomb),
        "zip-one-bomb": ("a.zip", one_bomb),
        "zip-lying": ("a.zip", lambda: lying(bytes(30_000_000), declared=10)),
        "zip-cut": ("a.zip", lambda: zipped(("imsmanifest.xml", MANIFEST * 999))[:-40]),
        "zip-empty": ("a.zip", zipped),
        "xml-laughs": ("a.xml", laughs),
        "xml-quadratic": ("a.xml", quadratic),
        "xml-file": ("a.xml", lambda: fetching(secret)),
        "xml-web": ("a.xml", lambda: fetching(canary)),
        "xml-dtd": ("a.xml", lambda: whole(canary)),
        "xml-deep": ("a.xml", deep),
        "xml-wide": ("a.xml", wide),
        "xml-attributes": ("a.xml", attributes),
        "xml-encoding": ("a.xml", lambda: b'<?xml version="1.0" encoding="no-such"?><quiz/>'),
        "xml-cut": ("a.xml", lambda: b"<quiz><question type='essay'>"),
        "xml-utf16": ("a.xml", lambda: laughs().decode().encode("utf-16")),
        "html-deep": ("a.xml", lambda: question_of("<b>" * 9_000)),
        "html-wide": ("a.xml", lambda: question_of("<table><tr><td>" * 1_900)),
        "text-long": ("a.xml", lambda: question_of("word " * 100_000)),
        "too-large": ("a.gift", lambda: b"::a::b{=c}\n\n" * 2_000_000),
        "no-text": ("a.gift", lambda: bytes(range(256)) * 100),
        "braces": ("a.gift", lambda: b"{" * 1_000_000),
        "open-answers": ("a.gift", lambda: b"q{=a\n\n" * 100_000),
        "no-answers": ("a.gift", lambda: b"q }\n" * 300_000),
        "marks": ("a.gift", lambda: b"q{" + b"=" * 1_000_000 + b"}"),
        "csv-quote": ("a.csv", lambda: b'type,question\n"' + b"x" * 2_000_000),
        "csv-columns": ("a.csv", lambda: b"type,question" + b",x" * 500_000),
        "empty": ("a.gift", lambda: b""),
        "blank": ("a.gift", lambda: b" \n\t\n" * 1000),
    }


def _moodle(html: str) -> bytes:
    return (
        '<quiz><question type="multichoice"><name><text>n</text></name><questiontext format="html">'
        f"<text><![CDATA[{html}]]></text></questiontext>"
        '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'
        "</question></quiz>"
    ).encode()


LONG = 200_000
# A search that goes back for each sign reads these as often as they are long, or never ends.
BUSY: Mapping[str, tuple[str, bytes]] = {
    "digits": ("a.gift", b"q {#" + b"9" * LONG + b"x}"),
    "weight": ("a.gift", b"q {=%" + b"9" * LONG + b"x%a ~b}"),
    "category": ("a.gift", b"$CATEGORY: a" + b" " * LONG + b"b\n\nq {=a ~b}"),
    "ids": ("a.gift", b"// " + b"[id:" * (LONG // 4) + b"\nq {=a ~b}"),
    "tags": ("a.gift", b"// " + b"[tag:" * (LONG // 5) + b"\nq {=a ~b}"),
    "backslashes": ("a.gift", b"// [id:" + b"\\\\" * (LONG // 2) + b"\nq {=a ~b}"),
    "letters": ("a.txt", b"Q?\nA. a\nB. b\nANSWER: A" + b"      B" * 12 + b"!\n"),
    "blanks": ("a.txt", b"Q?\nA. a\nB. b\nANSWER: A" + b" " * LONG + b"!\n"),
    "formulas": ("a.xml", _moodle("\\(" * 14_000)),
    "spaces": ("a.xml", _moodle(f"<p>{' ' * 28_000}x")),
    "breaks": ("a.xml", _moodle("<br>" * 40 + "x<br>")),
    "rules": ("a.xml", _moodle(f"<p>{'=' * 14_000}{' ' * 14_000}x")),
}
