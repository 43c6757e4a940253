"""`flask content import` and `flask content export`: other people's question files in and out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app

from app.authoring import Catalogue, Module, RawItem, Status, raw_of, read_catalogue
from app.cli.content_files import write_all
from app.cli.sentence import plainly
from app.clock import now
from app.config import Config
from app.exchange import Package, Read, Refused, archive, entries_of, readers, writers
from app.exchange.case import write_framework
from app.exchange.cmi5 import write_course
from app.exchange.report import lines_of, summary
from app.exchange.writing import Written
from app.refusal import CannotGoOn
from app.services.catalogue import content_import

FOUND, FAULTY = 0, 1
_READ = [reader.name for reader in readers.READERS]
_OF_MODULE = ("case", "cmi5")  # what describes a module as a whole: its skills, its course
_WRITTEN = [archive.READER.name, *(writer.name for writer in writers.WRITERS), *_OF_MODULE]
_folder = click.option(
    "--content", "folder", type=click.Path(path_type=Path), help="The content folder."
)


@click.command("import", help="Read a question file and keep its questions as drafts.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Say what would be imported; change nothing.")
@click.option("--format", "format_", type=click.Choice(_READ), help="Do not find it by content.")
@click.option("--module", "module_slug", help="The module that takes the questions.")
@click.option("--skill", help="The skill the questions practise.")
@_folder
@plainly
def import_(  # noqa: PLR0917 - click hands options over like this
    file: Path,
    check: bool,  # noqa: FBT001
    format_: str | None,
    module_slug: str | None,
    skill: str | None,
    folder: Path | None,
) -> None:
    package = _opened(file)
    read = entries_of(package, format_=format_ or "")
    if check or read.faults:
        _show(read, whole=check)
    target = folder or _shipped()
    if read.format == archive.READER.name and not module_slug:
        _unpack(package, target)
    else:
        _keep(read, folder=target, module_slug=module_slug, skill=skill)


@click.command("export", help="Write items of a module as a file of another format.")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", type=click.Choice(_WRITTEN), required=True)
@click.option("--module", "module_slug", help="Only this module; a Cairn archive may hold all.")
@click.option("--drafts", is_flag=True, help="Drafts too, not only active items.")
@_folder
@plainly
def export(
    out: Path,
    format_: str,
    module_slug: str | None,
    drafts: bool,  # noqa: FBT001 - click hands options over like this
    folder: Path | None,
) -> None:
    source = folder or _shipped()
    if format_ == archive.READER.name:
        written = Written(archive.pack(dict(_content_files(source, module_slug))))
    elif format_ in _OF_MODULE:
        written = _described(_catalogue(source), module_slug, format_)
    else:
        written = _written(source, format_, module_slug, drafts=drafts)
    write_all({out.name: written.content}, folder=out.parent)
    for sentence in written.losses:
        click.echo(f"not kept: {sentence}")
    click.echo(f"Wrote {out}.")


def _opened(file: Path) -> Package:
    if not file.exists():
        raise CannotGoOn(f"There is no file {file}.")
    try:
        return Package.of_path(file)
    except Refused as refusal:
        click.echo(f"{file.name}: fault: {refusal.sentence}")
        raise SystemExit(FAULTY) from None
    except OSError as error:
        raise CannotGoOn(f"{file} cannot be read: {error.strerror}.") from error


def _show(read: Read, *, whole: bool) -> None:
    """Print what was read and leave, with success only when there is no fault."""
    shown = read if whole else replace(read, entries=read.faults)
    for line in lines_of(shown):
        click.echo(line)
    if not whole:
        click.echo("Nothing was imported. See every question with --check.")
    raise SystemExit(FAULTY if read.faults else FOUND)


def _unpack(package: Package, folder: Path) -> None:
    try:
        files = archive.files_of(package)
    except Refused as refusal:
        raise CannotGoOn(refusal.sentence) from refusal
    write_all(files, folder=folder)
    click.echo(f"{len(files)} content files are in {folder}. Check them with: flask content lint")


def _keep(read: Read, *, folder: Path, module_slug: str | None, skill: str | None) -> None:
    module = _module(_catalogue(folder), module_slug)
    if skill is None or module.skill(skill) is None:
        known = ", ".join(found.slug for found in module.skills)
        raise CannotGoOn(f"Name the skill the questions practise with --skill. Skills: {known}.")
    drafts = content_import.drafts_of(read.questions, module=module, skill=skill)
    write_all(drafts.files, folder=folder)
    for sentence in drafts.losses:
        click.echo(f"not kept: {sentence}")
    for entry in read.unsupported:
        click.echo(f"{entry.place}: unsupported: {entry.kind}: {entry.title}: {entry.because}")
    click.echo(summary(read))
    click.echo(f"Drafts are in the module {module.slug}. See what they want: flask content lint")


def _written(folder: Path, format_: str, slug: str | None, *, drafts: bool) -> Written:
    writer = writers.named(format_)
    if writer is None:
        raise CannotGoOn(f"There is no format {format_}.")
    module = _module(_catalogue(folder), slug)
    media = folder / "programmes" / module.programme / module.slug / "media"

    def find(name: str) -> bytes | None:
        return (media / name).read_bytes() if name in module.media else None

    return writer.write(_items(module, drafts=drafts), find)


def _described(catalogue: Catalogue, slug: str | None, format_: str) -> Written:
    config: Config = current_app.config["CAIRN"]
    module = _module(catalogue, slug)
    if format_ == "case":
        written = write_framework(module, base=config.base_url, at=now(), others=catalogue.modules)
        return Written(written.encode())
    return Written(write_course(module, base=config.base_url).encode())


def _items(module: Module, *, drafts: bool) -> Sequence[RawItem]:
    wanted = {Status.ACTIVE, Status.DRAFT} if drafts else {Status.ACTIVE}
    return [
        raw_of(
            item.document,
            id_=item.id,
            status=item.status.value,
            skills=item.skills,
            transfer=item.transfer,
        )
        for item in module.items
        if item.status in wanted
    ]


def _content_files(folder: Path, slug: str | None) -> Iterator[tuple[str, bytes]]:
    if not folder.is_dir():
        raise CannotGoOn(f"There is no folder {folder}.")
    package = Package.of_path(folder)
    for path in package.names:
        part_of = slug is None or path.split("/")[2:3] == [slug] or len(path.split("/")) == 3  # noqa: PLR2004 - programmes/<programme>/<file>
        if part_of and archive.is_content(path):
            yield path, package.read(path)


def _module(catalogue: Catalogue, slug: str | None) -> Module:
    found = next((module for module in catalogue.modules if module.slug == slug), None)
    if found is None:
        known = ", ".join(module.slug for module in catalogue.modules)
        raise CannotGoOn(f"Name the module with --module. Modules: {known}.")
    return found


def _catalogue(folder: Path) -> Catalogue:
    try:
        return read_catalogue(folder)
    except FileNotFoundError as error:
        raise CannotGoOn(str(error)) from error


def _shipped() -> Path:
    config: Config = current_app.config["CAIRN"]
    return config.content
