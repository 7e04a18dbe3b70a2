"""Every text that a screen or an error can show has its Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from babel.messages.extract import extract_from_file
from jinja2.ext import babel_extract

from app.ops.i18n import MESSAGES, catalogue
from app.ops.settings import ROOT

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def _in_templates() -> Iterator[str]:
    for file in sorted((ROOT / "templates").rglob("*.html")):
        with file.open("rb") as opened:
            for _, _, message, _ in babel_extract(opened, ("_",), [], {}):
                yield str(message if isinstance(message, str) else (message or [""])[0])


def _in_code() -> Iterator[str]:
    """Find what N_() marks, and the messages of Problems."""
    for file in sorted((ROOT / "app").rglob("*.py")):
        for _, message, _, _ in extract_from_file("python", file, keywords={"N_": None, "_": None}):
            yield str(message if isinstance(message, str) else message[0])
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                yield from (str(arg.value) for arg in node.args[2:3] if _is_text(arg))


def _is_text(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_every_message_is_translated() -> None:
    known = catalogue("zh")
    missing = {message for message in {*_in_templates(), *_in_code()} if message not in known}
    assert not missing


def test_translations_keep_the_placeholders() -> None:
    broken = {
        message: text
        for message, text in catalogue("zh").items()
        if set(PLACEHOLDER.findall(message)) != set(PLACEHOLDER.findall(text))
    }
    assert not broken


def test_no_message_is_translated_twice() -> None:
    seen: dict[str, Path] = {}
    twice = []
    for file in sorted((MESSAGES / "zh").glob("*.po")):
        for message in re.findall(r'^msgid "(.+)"$', file.read_text(), re.MULTILINE):
            if message in seen:
                twice.append((message, seen[message].name, file.name))
            seen[message] = file
    assert not twice


def test_no_translation_is_left_over() -> None:
    used = {*_in_templates(), *_in_code()}
    assert {message for message in catalogue("zh") if message not in used} == set()
