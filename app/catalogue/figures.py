"""Checks that a figure is inert SVG that can be shown on a phone, and reads its size and title."""

import re
from xml.parsers import expat

from app.catalogue.pages import Found

ELEMENTS = frozenset(
    "svg title desc g defs rect circle ellipse line polyline polygon path text tspan"
    " marker linearGradient radialGradient stop clipPath use".split()
)
ATTRIBUTES = frozenset(
    "viewBox width height x y x1 y1 x2 y2 cx cy r rx ry dx dy d points transform id role href"
    " preserveAspectRatio gradientUnits gradientTransform offset"
    " markerWidth markerHeight markerUnits refX refY orient clipPathUnits textLength lengthAdjust rotate"
    " fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-dasharray"
    " stroke-dashoffset stroke-miterlimit opacity color stop-color stop-opacity clip-path clip-rule"
    " marker-start marker-mid marker-end font-family font-size font-weight font-style text-anchor"
    " dominant-baseline alignment-baseline letter-spacing word-spacing text-decoration baseline-shift paint-order"
    " aria-hidden aria-label aria-labelledby aria-describedby".split()
)
_NAMESPACE = "http://www.w3.org/2000/svg "
_VIEW_BOX = re.compile(r"0[ ,]+0[ ,]+([1-9]\d{1,3})[ ,]+([1-9]\d{1,3})")
_URL = re.compile(r"url\s*\(\s*['\"]?\s*(?!#)|^\s*(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


class Drawing:
    """A figure as far as it could be read: size (0 when unknown), title, description, and every fault with its line."""

    def __init__(self) -> None:
        self.width = 0
        self.height = 0
        self.title = ""
        self.desc = ""
        self.faults: list[Found] = []
        self._path: list[str] = []
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text
        self._parser.EndElementHandler = lambda _name: self._path.pop()
        self._parser.ProcessingInstructionHandler = self._instruction

    def read(self, svg: str) -> None:
        """Read a document that has no DTD, so that nothing can be expanded."""
        try:
            self._parser.Parse(svg.encode(), True)  # noqa: FBT003 - expat takes it by position only
        except expat.ExpatError as error:
            message = f"Not well-formed XML: {expat.ErrorString(error.code)}"
            self.faults.append(Found(error.lineno, "svg_syntax", message))
            return
        for name in ("title", "desc"):
            if not getattr(self, name):
                self.faults.append(Found(1, f"svg_{name}", f"The figure needs a <{name}> right inside <svg>"))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.removeprefix(_NAMESPACE)
        self._path.append(element)
        if element not in ELEMENTS or not name.startswith(_NAMESPACE):
            self._fault("svg_element", f"<{element}> is not allowed")
        if (len(self._path) == 1) != (element == "svg"):
            self._fault("svg_root", "The figure is one <svg>, not another inside it")
        if len(self._path) == 1:
            self._size(attributes.get("viewBox", ""))
        for key, value in attributes.items():
            self._attribute(key, value)

    def _size(self, view_box: str) -> None:
        match = _VIEW_BOX.fullmatch(view_box.strip())
        if match is None:
            self._fault("svg_size", 'The figure needs viewBox="0 0 width height" in whole pixels')
        else:
            self.width, self.height = int(match[1]), int(match[2])

    def _attribute(self, key: str, value: str) -> None:
        if key not in ATTRIBUTES:
            name = key.rpartition(" ")[2]
            self._fault("svg_attribute", f"The attribute {name} is not allowed")
        elif not key.startswith("aria-") and _points_outward(key, value):
            self._fault("svg_reference", f"{key} points outside the figure")

    def _instruction(self, target: str, _data: str) -> None:
        self._fault("svg_instruction", f"The processing instruction {target} is not allowed")

    def _text(self, words: str) -> None:
        if self._path == ["svg", "title"]:
            self.title += words.strip()
        elif self._path == ["svg", "desc"]:
            self.desc += words.strip()

    def _fault(self, code: str, message: str) -> None:
        self.faults.append(Found(self._parser.CurrentLineNumber, code, message))


def _points_outward(key: str, value: str) -> bool:
    return _URL.search(value) is not None or (key == "href" and not value.startswith("#"))


def read_figure(svg: str) -> Drawing:
    """Read SVG text: only known elements and attributes pass, and nothing may point outward."""
    drawing = Drawing()
    declared = re.search(r"<!(?:DOCTYPE|ENTITY)", svg, re.IGNORECASE)
    if declared:
        line = svg.count("\n", 0, declared.start()) + 1
        drawing.faults.append(Found(line, "svg_doctype", "No DOCTYPE and no entities"))
    else:
        drawing.read(svg)
    return drawing
