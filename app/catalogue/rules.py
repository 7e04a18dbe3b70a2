"""What a course must be as a whole: what it promises it holds, one invented case, two figures, nothing said twice."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.catalogue.modules import FOLDER, ReadModule
from app.catalogue.pages import CASE_HEADING, read_page
from app.catalogue.schema import CourseFile
from app.catalogue.shapes import FileError
from app.catalogue.toml import Lines

CREDIT_HOUR_SECONDS = 45 * 60
FIGURES_AT_LEAST = 2


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
    cases = [(m.file, line) for m in modules for line in m.cases]
    if not cases:
        yield FileError("modules/", None, "case_missing", f"The course needs one section headed ## {CASE_HEADING}……")
    for file, line in cases[1:]:
        message = f"The course's one invented case stands in {cases[0][0]}:{cases[0][1]}"
        yield FileError(file, line, "case_repeated", message)


def repeated_here(modules: Sequence[ReadModule]) -> Iterator[FileError]:
    """Find paragraphs that stand twice in one course."""
    return _repeated((m.file, line, words) for m in modules for line, words in m.paragraphs)


def repeated_paragraphs(courses: Mapping[str, Mapping[str, bytes]]) -> tuple[FileError, ...]:
    """Find paragraphs that stand in two courses; files are named `<course code>/<file>`.

    What one course repeats within itself is parse_course's to say.
    """
    paragraphs: dict[tuple[str, str], tuple[str, int, str]] = {}
    for code in sorted(courses):
        for file in sorted(f for f in courses[code] if FOLDER.match(f) and f.endswith("/page.md")):
            page = read_page(courses[code][file].decode(errors="replace"))
            for line, words in page.paragraphs:
                paragraphs.setdefault((code, words), (f"{code}/{file}", line, words))
    return tuple(_repeated(paragraphs.values()))


def _repeated(paragraphs: Iterable[tuple[str, int, str]]) -> Iterator[FileError]:
    first: dict[str, str] = {}
    for file, line, words in paragraphs:
        place = first.setdefault(words, f"{file}:{line}")
        if place != f"{file}:{line}":
            yield FileError(file, line, "paragraph_repeated", f"The paragraph stands already in {place}")
