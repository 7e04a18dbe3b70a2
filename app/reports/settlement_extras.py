"""Finds in a settlement's workbook what was not settled: whatever its three sheets of plain cells do not need.

The hash is over the cells that are read back, so what lies beside them would pass unseen: other sheets, names, notes,
pictures, formulas, hidden rows, number formats that show something else than the cell holds. So everything is told but
what spreadsheet programs themselves write when they save the file again. Colours and fonts are not judged.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from xlsxwriter.utility import xl_col_to_name

PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(core|app|custom)\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(styles|sharedStrings|theme/theme\d+)\.xml|xl/worksheets/[^/]+\.xml|xl/worksheets/_rels/[^/]+\.rels"
    r"|xl/printerSettings/[^/]+\.bin"
)
"""Parts of the file that hold nothing else than its sheets, or are looked into below."""
ELEMENTS: Final = frozenset(
    (
        "worksheet sheetPr pageSetUpPr outlinePr tabColor dimension sheetViews sheetView pane selection sheetFormatPr "
        "cols col sheetData row c v is t pageMargins pageSetup printOptions phoneticPr ignoredErrors ignoredError "
        "headerFooter"
    ).split()
)
"""Elements of a sheet that plain cells and the way they are looked at need."""
PROPERTIES: Final = frozenset("creator lastModifiedBy created modified revision version lastPrinted".split())
OWN_PROPERTIES: Final = ("KSO", "ICV")
"""How the names of properties begin that WPS writes into every file it saves."""
BUILT_IN: Final = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "9": "0%", "10": "0.00%", "49": "@"}
"""Number formats that a file names by their number only."""
PLAIN: Final = frozenset({"General", "@"})
FITTING: Final[dict[str, frozenset[str]]] = {
    "text": PLAIN,
    "count": PLAIN | {"#,##0", "0"},
    "ratio": PLAIN | {"0.0000%"},
}
"""Number formats that show what a cell holds, by what it holds; any other may round it, scale it or say other words."""
CELL: Final = re.compile("([A-Z]+)[0-9]+")
DOCTYPE: Final = "an XML document type"
Sheets = Mapping[str, Sequence[str]]


def extras(path: Path, sheets: Sheets) -> list[str]:
    """Name what a workbook holds beside the cells of these sheets, each once, in plain English.

    `sheets`: what the columns of each hold, text, count or ratio.
    Raises what zipfile and expat raise when it is no workbook.
    """
    with zipfile.ZipFile(path) as book:
        return list(dict.fromkeys(_told(book, sheets)))


def _told(book: zipfile.ZipFile, sheets: Sheets) -> Iterator[str]:
    names = Counter(entry.filename for entry in book.infolist() if not entry.is_dir())
    yield from (f"{name} stands in the file twice" for name, times in names.items() if times > 1)
    yield from (f"{name} is not part of a settlement" for name in names if not PARTS.fullmatch(name))
    yield from _workbook(book, sheets)
    formats, titles = _formats(book), _titles(book)
    for name in names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            title = titles.get(name, name)
            held = {xl_col_to_name(place): kind for place, kind in enumerate(sheets.get(title, ()))}
            yield from _Sheet(name, title, formats, held).faults(book)
        elif name.endswith(".rels") and name.startswith("xl/worksheets/"):
            yield from _links(book, name)
    for name in ("docProps/core.xml", "docProps/custom.xml"):
        if name in names:
            yield from _properties(book, name)


def _workbook(book: zipfile.ZipFile, sheets: Sheets) -> Iterator[str]:
    seen: list[str] = []
    for element, attributes in _elements(book, "xl/workbook.xml"):
        name = attributes.get("name", "")
        if element == "sheet":
            seen.append(name)
            if name not in sheets:
                yield f"sheet {name} is not part of a settlement"
            if attributes.get("state", "visible") != "visible":
                yield f"sheet {name} is hidden"
        elif element == "definedName":
            yield f"the name {name} is not part of a settlement"
    if len(seen) != len(set(seen)):
        yield "a sheet stands in the file twice"


def _titles(book: zipfile.ZipFile) -> dict[str, str]:
    """Give the names of the sheets by the parts they stand in."""
    names = {}
    for element, attributes in _elements(book, "xl/workbook.xml"):
        if element == "sheet":
            id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            names[id] = attributes.get("name", "")
    found = {}
    for _, attributes in _elements(book, "xl/_rels/workbook.xml.rels"):
        part = "xl/" + attributes.get("Target", "").removeprefix("/").removeprefix("xl/")
        found[part] = names.get(attributes.get("Id", ""), part)
    return found


def _links(book: zipfile.ZipFile, name: str) -> Iterator[str]:
    for _, attributes in _elements(book, name):
        kind = attributes.get("Type", "").rpartition("/")[2]
        if kind and kind != "printerSettings":
            yield f"{name}: a link to {attributes.get('Target', '')} ({kind}) is not part of a settlement"


def _properties(book: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Tell title, comments and the like, and properties that somebody gave the file."""
    for element, attributes, text in _texts(book, name):
        own = attributes.get("name", "")
        if name.endswith("custom.xml"):
            if element == "property" and not own.startswith(OWN_PROPERTIES):
                yield f"the property {own} is not part of a settlement"
        elif text.strip() and element not in PROPERTIES:
            yield f"the property {element} is not part of a settlement: {text.strip()}"


def _formats(book: zipfile.ZipFile) -> dict[str, str]:
    """Give the number format of each style of a cell, by its number."""
    codes: dict[str, str] = dict(BUILT_IN)
    styles: list[str] = []
    inside = False
    if "xl/styles.xml" not in book.namelist():
        return {}
    for element, attributes in _elements(book, "xl/styles.xml"):
        if element == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element == "xf" and inside:
            styles.append(attributes.get("numFmtId", "0"))
        elif element != "xf" and element.endswith(("Xfs", "Styles", "fonts", "fills", "borders", "dxfs")):
            inside = element == "cellXfs"
    return {str(number): codes.get(code, f"no. {code}") for number, code in enumerate(styles)}


class _Sheet:
    """Looks through a sheet for more than plain cells that can be seen."""

    def __init__(self, part: str, name: str, formats: dict[str, str], held: dict[str, str]) -> None:
        self.part, self.name, self.formats, self.held = part, name, formats, held

    def faults(self, book: zipfile.ZipFile) -> Iterator[str]:
        """Tell what there is, as often as it is."""
        for element, attributes in _elements(book, self.part):
            if element == "f":
                yield f"{self.name}: formulas are not part of a settlement"
            elif element not in ELEMENTS:
                yield f"{self.name}: <{element}> is not part of a settlement"
            if attributes.get("hidden") in {"1", "true"} or attributes.get("zeroHeight") in {"1", "true"}:
                yield f"{self.name}: rows or columns are hidden"
            if element == "c":
                yield from self._shown(attributes.get("r", ""), attributes.get("s", "0"))

    def _shown(self, place: str, style: str) -> Iterator[str]:
        """Tell a cell that is shown in a format that may say something else than it holds."""
        shown = self.formats.get(style, "General")
        column = CELL.fullmatch(place)
        if shown not in FITTING[self.held.get(column[1], "text") if column else "text"]:
            yield f"{self.name}: {place} is shown in the format {shown}"


def _elements(book: zipfile.ZipFile, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Give the elements of a part as they begin, without their namespaces."""
    for element, attributes, _ in _walk(book, name, texts=False):
        yield element, attributes


def _texts(book: zipfile.ZipFile, name: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Give the elements of a part as they end, with the text right in them."""
    yield from _walk(book, name, texts=True)


Found = tuple[str, dict[str, str], str]


def _walk(book: zipfile.ZipFile, name: str, *, texts: bool) -> Iterator[Found]:
    found: list[Found] = []
    open_ones: list[Found] = []
    parser = expat.ParserCreate()

    def begin(element: str, attributes: dict[str, str]) -> None:
        one = (element.rpartition(":")[2], attributes, "")
        open_ones.append(one)
        if not texts:
            found.append(one)

    def end(_: str) -> None:
        one = open_ones.pop()
        if texts:
            found.append(one)

    def say(text: str) -> None:
        if texts and open_ones:
            element, attributes, before = open_ones[-1]
            open_ones[-1] = (element, attributes, before + text)

    def doctype(*_: object) -> None:
        raise ValueError(DOCTYPE)

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = say, doctype
    with book.open(name) as part:
        while chunk := _read(part):
            parser.Parse(chunk)
            yield from found
            found.clear()
        parser.Parse(b"", True)  # noqa: FBT003 - expat's own
    yield from found


def _read(part: IO[bytes]) -> bytes:
    return part.read(1 << 16)
