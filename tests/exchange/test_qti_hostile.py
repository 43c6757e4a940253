"""Hostile QTI: refused or named in two seconds of work, in little memory, by what it does."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.exchange.qti_xml import (
    CHOICES,
    CORRECT,
    ENTRY,
    MAPPED,
    declared,
    item,
    manifest,
    resource,
)

SECONDS, MEGABYTES = 2.0, 150

READ = """
import json, re, sys, time
from pathlib import Path
from app.exchange import items_from
def own_peak():
    # ru_maxrss would count the process that started this one, however large that is.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
items_from("warm.xml", b"<questestinterop/>")
content = Path(sys.argv[1]).read_bytes()
start = time.process_time()
read = items_from(sys.argv[2], content)
print(json.dumps({
    "seconds": time.process_time() - start,
    "megabytes": own_peak() / 1024,
    "questions": len(read.questions),
    "said": [e.sentence for e in read.faults] + [e.because for e in read.unsupported],
}))
"""

SET = """<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue>
  </setOutcomeValue>"""
CHOICE = item(CHOICES.format(most=1), declared("single", "identifier", "B"))


def _rules(condition: str, count: int) -> str:
    one = f"<responseCondition><responseIf>{condition}{SET}</responseIf></responseCondition>"
    return f"<responseProcessing>{one * count}</responseProcessing>"


def _feedback(count: int) -> str:
    one = """<modalFeedback outcomeIdentifier="FEEDBACK" identifier="a" showHide="show">
      <p>A <b>text</b> to read.</p></modalFeedback>"""
    return CHOICE.replace("</assessmentItem>", f"{one * count}</assessmentItem>")


def _mapping(count: int) -> str:
    entries = "".join(f'<mapEntry mapKey="word{n}" mappedValue="1"/>' for n in range(count))
    more = f"<mapping>{entries}</mapping>"
    return item(ENTRY, declared("single", "string", "word1", more=more), MAPPED)


def _options(count: int) -> str:
    one = '<simpleChoice identifier="x{}">Some <b>words</b></simpleChoice>'
    many = "".join(one.format(n) for n in range(count))
    return CHOICE.replace("</choiceInteraction>", f"{many}</choiceInteraction>")


def _great_numbers() -> str:
    big = '<baseValue baseType="float">1e15</baseValue>'
    product = f"<gt><product>{big * 900}</product>{big}</gt>"
    return item(ENTRY, declared("single", "float", "2"), _rules(product, 1))


def _ranges() -> str:
    near = "".join(
        f'<equal toleranceMode="absolute" tolerance="1"><variable identifier="RESPONSE"/><baseValue'
        f' baseType="float">{n * 9}</baseValue></equal>'
        for n in range(20_000)
    )
    rules = _rules(f"<and><or>{near}</or><or>{near}</or></and>", 1)
    return item(ENTRY, declared("single", "float", "9"), rules)


def _asi(count: int, inner: str) -> str:
    return f"<questestinterop>{inner * count}</questestinterop>"


ASI_ITEM = """<item ident="a"><presentation><material><mattext>Ask</mattext></material><response_lid
  ident="r"><render_choice>{labels}</render_choice></response_lid></presentation>
  <resprocessing>{rules}</resprocessing></item>"""
ASI_LABEL = """<response_label ident="l"><material><mattext
  texttype="text/html">&lt;b&gt;x&lt;/b&gt;
  </mattext></material></response_label>"""
ASI_RULE = """<respcondition><conditionvar><not><varequal respident="r">l</varequal></not>
  </conditionvar><setvar action="Add">1</setvar></respcondition>"""


def _stimulus() -> str:
    words = "word " * 5_000
    stimulus = f"""<item ident="s"><presentation><material><mattext>{words}</mattext></material>
      </presentation></item>"""
    asked = """<item ident="q" parent_stimulus_item_ident="s"><presentation><material><mattext>Ask
      </mattext></material><response_str ident="r"><render_fib/></response_str></presentation>
      <resprocessing><respcondition><conditionvar><varequal
      respident="r">a</varequal></conditionvar>
      <setvar>1</setvar></respcondition></resprocessing></item>"""
    return f"<questestinterop>{stimulus}{asked * 4_000}</questestinterop>"


def _zip(files: dict[str, str]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in files.items():
            archive.writestr(name, inner)
    return content.getvalue()


def _passages() -> bytes:
    body = '<object type="text/html" data="p.html"/>' * 20_000 + CHOICES.format(most=1)
    xml = item(body, declared("single", "identifier", "B"))
    page = f"<html><body>{'<p>words</p>' * 20_000}</body></html>"
    return _zip({"imsmanifest.xml": manifest(resource("i.xml")), "i.xml": xml, "p.html": page})


def _itself() -> bytes:
    body = '<object type="text/html" data="i.xml"/>' + CHOICES.format(most=1)
    xml = item(body, declared("single", "identifier", "B"))
    return _zip({"imsmanifest.xml": manifest(resource("i.xml")), "i.xml": xml})


CASES: dict[str, tuple[str, bytes]] = {
    "rules": (
        "a.xml",
        item(
            CHOICES.format(most=1),
            declared("single", "identifier"),
            _rules('<isNull><variable identifier="RESPONSE"/></isNull>', 12_000),
        ).encode(),
    ),
    "feedback": ("a.xml", _feedback(20_000).encode()),
    "mapping": ("a.xml", _mapping(90_000).encode()),
    "options": ("a.xml", _options(30_000).encode()),
    "great-numbers": ("a.xml", _great_numbers().encode()),
    "ranges": ("a.xml", _ranges().encode()),
    "asi-labels": (
        "a.xml",
        _asi(1, ASI_ITEM.format(labels=ASI_LABEL * 25_000, rules=ASI_RULE)).encode(),
    ),
    "asi-rules": (
        "a.xml",
        _asi(1, ASI_ITEM.format(labels=ASI_LABEL * 20, rules=ASI_RULE * 15_000)).encode(),
    ),
    "asi-stimulus": ("a.xml", _stimulus().encode()),
    "passages": ("a.zip", _passages()),
    "itself": ("a.zip", _itself()),
    "manifest": (
        "a.zip",
        _zip({"imsmanifest.xml": manifest(resource("i.xml") * 30_000), "i.xml": CHOICE}),
    ),
    "manifest-missing": (
        "a.zip",
        _zip({"imsmanifest.xml": manifest(*(resource(f"../../{n}.xml") for n in range(4_000)))}),
    ),
    "entity": (
        "a.xml",
        CHOICE.replace("<assess", '<!DOCTYPE a [<!ENTITY b "c">]><assess', 1).encode(),
    ),
    "correct-missing": (
        "a.xml",
        CHOICE.replace(CORRECT, "").replace("<value>B</value>", "").encode(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_hostile_file_is_named_in_time(case: str, tmp_path: Path) -> None:
    name, content = CASES[case]
    file = tmp_path / "held"
    file.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file), name],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(done.stdout)
    assert found["said"]
    assert found["questions"] == 0
    assert found["seconds"] <= SECONDS
    assert found["megabytes"] <= MEGABYTES
    assert sorted(tmp_path.iterdir()) == [file]
