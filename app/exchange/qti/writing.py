"""Exercises written as a QTI 3.0 package: a manifest, a file for each item, the pictures."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from app.authoring import RawItem
from app.exchange.qti.writing_items import FORMATS, write_qti_item
from app.exchange.qti.written_xml import MEDIA, el, text
from app.exchange.writing import FindPicture, Losses, Writer, Written, pictures_of

_NAMESPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_SCHEMA = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_ITEM = "imsqti_item_xmlv3p0"
_TITLE = "Questions from Cairn"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same items are the same bytes on every day


def write(items: Sequence[RawItem], find: FindPicture) -> Written:
    """Return the zip of a QTI 3.0 package; lessons have no place in QTI and are named."""
    losses = Losses()
    files: dict[str, bytes] = {}
    resources = []
    pictures: dict[str, bytes] = {}
    for number, item in enumerate(items, start=1):
        if item.format not in FORMATS:
            losses.note(item, "QTI has no place for it; it is left out.")
            continue
        losses.note_transfer(item)
        identifier = f"item-{item.id or number}"
        file = f"items/{identifier}.xml"
        files[file] = write_qti_item(item, identifier=identifier).encode()
        shown = _shown(item, find, losses)
        pictures |= shown
        resources.append(_resource(identifier, file, tuple(shown)))
    manifest = _manifest(resources).encode()
    media = {f"items/{MEDIA}{name}": content for name, content in sorted(pictures.items())}
    if any(item.skills and item.format in FORMATS for item in items):
        losses.said.append("The skills that questions practise are left out.")
    return Written(_zip({"imsmanifest.xml": manifest, **files, **media}), tuple(losses.said))


def _shown(item: RawItem, find: FindPicture, losses: Losses) -> dict[str, bytes]:
    """Return the pictures an item shows."""
    found = {}
    for name in pictures_of(item):
        content = find(name)
        if content is None:
            losses.note(item, f"the picture {name} is missing.")
        else:
            found[name] = content
    return found


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


def _manifest(resources: Sequence[str]) -> str:
    named = el("lom", el("general", el("title", el("string", text(_TITLE)))), xmlns=_LOM)
    metadata = el("metadata", el("schema", "QTI Package"), el("schemaversion", "3.0.0"), named)
    attributes = {
        "xmlns": _NAMESPACE,
        "xmlns:xsi": _XSI,
        "xsi:schemaLocation": f"{_NAMESPACE} {_SCHEMA}",
        "identifier": "cairn-package",
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


WRITER = Writer("qti", "QTI 3.0", ".zip", write)
