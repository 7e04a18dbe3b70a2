"""What a course must be as a whole: what it promises it holds, one invented case, two figures, nothing said twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.catalogue.bodies import PAGE, Quiz
from app.catalogue.item import Item, ItemKind
from app.catalogue.kinds import READERS
from app.catalogue.modules import FOLDER, ReadModule, read_module
from app.catalogue.pages import CASE_HEADING
from app.catalogue.schema import CourseFile
from app.catalogue.shapes import FileError
from app.catalogue.toml import Lines

CREDIT_HOUR_SECONDS = 45 * 60
FIGURES_AT_LEAST = 2
QUIZ_KINDS: frozenset[ItemKind] = frozenset({"single", "multiple", "true_false", "numeric", "fill"})
"""Kinds of items that a checkpoint can ask on one phone screen."""


def course_faults(
    about: CourseFile, lines: Lines, modules: Sequence[ReadModule], *, whole: bool
) -> Iterator[FileError]:
    """Check a course's promises; `whole` says that every module could be read, so that they can be held to them."""
    change = about.change
    if (change.kind == "retake") != (change.retake_from is not None):
        message = "A retake needs retake_from, an editorial change has none"
        yield FileError("course.toml", lines.of("change", "retake_from"), "retake_from", message)
    if not whole or not modules:
        return
    yield from _promise_faults(about, lines, modules)
    yield from _case_faults(modules)
    figures = sum(len(m.module.figures) for m in modules)
    if figures < FIGURES_AT_LEAST:
        message = f"The course has {figures} figures; at least {FIGURES_AT_LEAST} are wanted"
        yield FileError("modules/", None, "figures_few", message)


def _promise_faults(about: CourseFile, lines: Lines, modules: Sequence[ReadModule]) -> Iterator[FileError]:
    covered = {m.module.category for m in modules}
    if len(about.categories) != len(covered) or set(about.categories) != covered:
        message = f"categories must be those of the modules: {', '.join(sorted(covered))}"
        yield FileError("course.toml", lines.of("categories"), "categories", message)
    seconds = sum(m.module.needed_seconds for m in modules)
    if round(about.hours * CREDIT_HOUR_SECONDS) > seconds:
        read = f"{seconds / CREDIT_HOUR_SECONDS:.2f}"
        message = f"{about.hours} credit hours are promised; the modules take {read} to read"
        yield FileError("course.toml", lines.of("hours"), "hours", message)


def _case_faults(modules: Sequence[ReadModule]) -> Iterator[FileError]:
    if not any(m.cases for m in modules):
        message = f"The course needs a module of the kind case, or one section headed ## {CASE_HEADING}……"
        yield FileError("modules/", None, "case_missing", message)
    cases = [(m.file, line) for m in modules if m.module.kind == PAGE for line in m.cases]
    for file, line in cases[1:]:
        message = f"The course's one invented case stands in {cases[0][0]}:{cases[0][1]}"
        yield FileError(file, line, "case_repeated", message)


def quiz_faults(
    modules: Sequence[ReadModule], items: Sequence[Item], files: Mapping[str, bytes]
) -> Iterator[FileError]:
    """Refuse checkpoints that ask items which the course's bank does not hold, or which they cannot ask."""
    kinds = {item.id: item.kind for item in items}
    for read in modules:
        body = read.module.body
        for id in body.items if isinstance(body, Quiz) else ():
            line = Lines(files[read.file].decode()).of("items")
            if id not in kinds:
                yield FileError(read.file, line, "unknown_item", f"There is no item {id} in this course's bank")
            elif kinds[id] not in QUIZ_KINDS:
                yield FileError(read.file, line, "item_kind", f"{id} is of the kind {kinds[id]}; a quiz cannot ask it")


def repeated_here(modules: Sequence[ReadModule]) -> Iterator[FileError]:
    """Find paragraphs that stand twice in one course."""
    return _repeated((m.file, line, words) for m in modules for line, words in m.paragraphs)


def repeated_paragraphs(courses: Mapping[str, Mapping[str, bytes]]) -> tuple[FileError, ...]:
    """Find paragraphs that stand in two courses; files are named `<course code>/<file>`.

    What one course repeats within itself is parse_course's to say.
    """
    paragraphs: dict[tuple[str, str], tuple[str, int, str]] = {}
    for code in sorted(courses):
        for file, line, words in _paragraphs(courses[code]):
            paragraphs.setdefault((code, words), (f"{code}/{file}", line, words))
    return tuple(_repeated(paragraphs.values()))


def _paragraphs(files: Mapping[str, bytes]) -> Iterator[tuple[str, int, str]]:
    """Give a course's paragraphs, module by module, as far as they can be read."""
    for folder in sorted({match[0] for match in map(FOLDER.match, files) if match}):
        read = read_module({f.removeprefix(folder): files[f] for f in files if f.startswith(folder)}, {})
        if read.about and read.part:
            main = folder + READERS[read.about.kind][0]
            yield from ((main, line, words) for line, words in read.part.paragraphs)


def _repeated(paragraphs: Iterable[tuple[str, int, str]]) -> Iterator[FileError]:
    first: dict[str, str] = {}
    for file, line, words in paragraphs:
        place = first.setdefault(words, f"{file}:{line}")
        if place != f"{file}:{line}":
            yield FileError(file, line, "paragraph_repeated", f"The paragraph stands already in {place}")
