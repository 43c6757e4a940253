"""Make app/static/vendor from two package archives: fetched by a person, cleaned by this script.

    npm pack govuk-frontend@6.3.0 htmx.org@4.0.1
    python tests/house/vendor.py govuk-frontend-6.3.0.tgz htmx.org-4.0.1.tgz

GOV.UK's typeface, crown and crest belong to gov.uk alone, so they go. So do the rules of components
no page uses: the first page must stay under 60 kB. What is left is put in a cascade layer, because
rules outside any layer would beat all of ours, and is made to read in both directions.
"""

import hashlib
import re
import sys
import tarfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "app" / "static" / "vendor"
MANIFEST = VENDOR / "MANIFEST.sha256"
GOVUK = "package/dist/govuk/govuk-frontend.min"
HTMX = "package/dist/htmx.min.js"

UNUSED = re.compile(
    r"\.govuk-(accordion|cookie-banner|exit-this-page|generic-header|header|footer|tabs|logo"
    r"|!-(margin|padding|static|font|text)|grid-|task-list|breadcrumbs|pagination|panel|summary-card"
    r"|notification-banner|phase-banner|section-break|character-count|warning-text|date-input"
    r"|file-upload-(button|wrapper)|drop-zone|heading-|caption-|body-[sml]|link-image"
    r"|width-container|main-wrapper|clearfix)"
)
LOGICAL = (
    (r"\b(margin|padding|border)-left\b", r"\1-inline-start"),
    (r"\b(margin|padding|border)-right\b", r"\1-inline-end"),
    (r"(?<=[{;])left:", "inset-inline-start:"),
    (r"(?<=[{;])right:", "inset-inline-end:"),
    (r"\btext-align:left\b", "text-align:start"),
    (r"\btext-align:right\b", "text-align:end"),
    (r"\bfloat:left\b", "float:inline-start"),
    (r"\bfloat:right\b", "float:inline-end"),
)


def clean_styles(css: str) -> str:
    """GOV.UK's stylesheet without what is not ours to use, in the layer `govuk`."""
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r'"?GDS Transport"?,\s*arial,\s*sans-serif', "inherit", css)
    css = re.sub(r"url\([^)]*govuk-crest[^)]*\)", "none", css)
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)  # the source map and the banners
    css = without_unused(css)
    for pattern, replacement in LOGICAL:
        css = re.sub(pattern, replacement, css)
    return f"/* GOV.UK Frontend, MIT, see LICENSE.txt beside */\n@layer govuk{{{css.strip()}}}\n"


def clean_script(script: str) -> str:
    """A script without its pointer to a source map that is not shipped."""
    return re.sub(r"//# sourceMappingURL=.*", "", script).strip() + "\n"


def without_unused(css: str) -> str:
    """The same rules, minus those that only style components no page uses."""
    return "".join(_kept(rule) for rule in _rules(css))


def _rules(css: str) -> list[str]:
    """Top-level rules, braces balanced."""
    rules, depth, start = [], 0, 0
    for position, character in enumerate(css):
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        if depth == 0 and character in {"}", ";"}:
            rules.append(css[start : position + 1])
            start = position + 1
    return rules


def _kept(rule: str) -> str:
    head, brace, body = rule.partition("{")
    if not brace:
        return ""
    if head.startswith(("@media", "@supports")):
        inside = without_unused(body[:-1])
        return f"{head}{{{inside}}}" if inside else ""
    if head.startswith("@"):
        return rule
    selectors = [selector for selector in _selectors(head) if not UNUSED.search(selector)]
    return f"{','.join(selectors)}{{{body}" if selectors else ""


def _selectors(head: str) -> list[str]:
    return re.split(r",(?![^(]*\))", head)


def vendor(govuk: Path, htmx: Path) -> None:
    """Write the three files Cairn ships, then the manifest."""
    govuk_home = VENDOR / govuk.name.removesuffix(".tgz")
    htmx_home = VENDOR / htmx.name.removesuffix(".tgz").replace("htmx.org", "htmx")
    for home in (govuk_home, htmx_home):
        home.mkdir(parents=True, exist_ok=True)
    with tarfile.open(govuk) as archive:
        css = clean_styles(_text(archive, f"{GOVUK}.css"))
        (govuk_home / "govuk-frontend.css").write_text(css)
        (govuk_home / "govuk-frontend.js").write_text(clean_script(_text(archive, f"{GOVUK}.js")))
    with tarfile.open(htmx) as archive:
        (htmx_home / "htmx.js").write_text(clean_script(_text(archive, HTMX)))
        (htmx_home / "LICENSE.txt").write_text(_text(archive, "package/LICENSE"))
    MANIFEST.write_text(manifest())


def _text(archive: tarfile.TarFile, name: str) -> str:
    file = archive.extractfile(name)
    if file is None:
        raise SystemExit(f"{name} is not in the archive.")
    return file.read().decode()


def manifest() -> str:
    """One line a file, as sha256sum prints them."""
    files = sorted(path for path in VENDOR.rglob("*") if path.is_file() and path != MANIFEST)
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(VENDOR).as_posix()}\n"
        for path in files
    )


if __name__ == "__main__":
    vendor(Path(sys.argv[1]), Path(sys.argv[2]))
