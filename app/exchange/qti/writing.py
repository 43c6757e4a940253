"""Exercises written as a QTI 3.0 package: a manifest, a file for each item, the pictures."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from io import BytesIO

from app.authoring import RawItem
from app.exchange.qti.writing_items import FORMATS, write_qti_item
from app.exchange.qti.written_xml import MEDIA, el, text

_NAMESPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_ITEM = "imsqti_item_xmlv3p0"
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same items are the same bytes on every day


def write_package(
    title: str,
    items: Sequence[RawItem],
    *,
    pictures: Mapping[str, bytes],
    language: str = "en",
) -> bytes:
    """Return the zip of a QTI 3.0 package; lessons have no place in QTI and are left out."""
    asked = [item for item in items if item.format in FORMATS]
    files = {"imsmanifest.xml": ""}
    resources = []
    for number, item in enumerate(asked, start=1):
        identifier = f"item-{item.id or number}"
        file = f"items/{identifier}.xml"
        files[file] = write_qti_item(item, identifier=identifier, language=language)
        shown = [name for name in _shown(item) if name in pictures]
        resources.append(_resource(identifier, file, shown))
    files["imsmanifest.xml"] = _manifest(title, resources)
    used = {name for item in asked for name in _shown(item) if name in pictures}
    content = {name: xml.encode() for name, xml in files.items()}
    return _zip(content | {f"items/{MEDIA}{name}": pictures[name] for name in sorted(used)})


def _shown(item: RawItem) -> tuple[str, ...]:
    """Return the names of the pictures an item shows."""
    texts = (item.text, item.explanation, *item.hints)
    return tuple(dict.fromkeys(name for words in texts for name in _IMAGE.findall(words)))


def _resource(identifier: str, file: str, pictures: Sequence[str]) -> str:
    named = (el("file", href=f"items/{MEDIA}{name}") for name in pictures)
    return el(
        "resource",
        el("file", href=file),
        *named,
        identifier=f"resource-{identifier}",
        type=_ITEM,
        href=file,
    )


def _manifest(title: str, resources: Sequence[str]) -> str:
    named = el("lom", el("general", el("title", el("string", text(title)))), xmlns=_LOM)
    metadata = el("metadata", el("schema", "QTI Package"), el("schemaversion", "3.0.0"), named)
    attributes = {
        "xmlns": _NAMESPACE,
        "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}",
        "identifier": f"package-{sha256(title.encode()).hexdigest()[:12]}",
    }
    inner = "\n".join((metadata, el("organizations"), el("resources", "\n", "\n".join(resources))))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{el("manifest", inner, **attributes)}'


def _zip(content: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inner in content.items():
            archive.writestr(
                zipfile.ZipInfo(name, date_time=_LONG_AGO),
                inner,
                compress_type=zipfile.ZIP_DEFLATED,
            )
    return packed.getvalue()
