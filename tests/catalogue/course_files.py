"""A small course as files, right in every respect; each test spoils one thing in it."""

import hashlib
from collections.abc import Mapping
from textwrap import dedent

from app.catalogue.parse import Fact

Files = dict[str, bytes]

FACTS: Mapping[str, Fact] = {
    "LAW-1-1": Fact("LAW-1-1", "S", "第1条：登梯前检查梯子。", "《梯子条例》"),
    "LAW-2-1": Fact("LAW-2-1", "P", "第2条：两人扶梯。", "《梯子条例》；example.org"),
    "LAW-3-1": Fact("LAW-3-1", "G", "梯子不宜过旧。", "常识"),
}
PAGE = "modules/010-check/page.md"
MODULE = "modules/010-check/module.toml"
FIGURE = "modules/010-check/ladder.svg"
BANK = "bank/use.toml"
PAPER = "papers/final.toml"


def course_files() -> Files:
    """Make the files of a course with two modules, 24 items and a paper of 20."""
    return {name: text.encode() for name, text in _texts().items()}


def spoiled(file: str, old: str, new: str) -> Files:
    """Make the files with one piece of text, which stands once in its file, replaced."""
    files = course_files()
    text = files[file].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return {**files, file: text.replace(old, new).encode()}


def words(seed: str, length: int) -> str:
    """Make Chinese-looking nonsense that resembles no other; what is long comes in sentences of 20 characters."""
    data = b"".join(hashlib.sha256(f"{seed} {n}".encode()).digest() for n in range(length // 16 + 1))
    signs = [chr(0x4E00 + (a * 256 + b) % 5000) for a, b in zip(data[::2], data[1::2], strict=True)][:length]
    return "".join("。" if length > 40 and at % 20 == 19 else sign for at, sign in enumerate(signs))


def _texts() -> dict[str, str]:
    return {
        "course.toml": COURSE,
        MODULE: _module("登梯之前", "policy"),
        PAGE: _page("check", "## 先看梯子", "ladder.svg"),
        FIGURE: SVG,
        "modules/020-fall/module.toml": _module("跌落之后", "warning"),
        "modules/020-fall/page.md": _page("fall", "## 情景案例（虚构）：第三级", "fall.svg"),
        "modules/020-fall/fall.svg": SVG.replace("梯子", "跌落"),
        BANK: "\n".join(_items()),
        PAPER: FINAL,
    }


COURSE = dedent("""\
    title = "梯子安全"
    title_en = "Ladder safety"
    summary = "怎样安全使用梯子。"
    categories = ["policy", "warning"]
    hours = 0.1
    current_from = 2021-01-01

    [topics]
    use = "使用"

    [change]
    kind = "editorial"
    note = "首版"
    """)
SVG = dedent("""\
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 480" font-family="sans-serif">
      <title>梯子的角度</title>
      <desc>梯子靠墙，下端离墙四分之一</desc>
      <rect x="0" y="0" width="720" height="480" fill="#fbf9f5"/>
      <text x="360" y="240" font-size="32">梯子</text>
    </svg>
    """)
FINAL = dedent("""\
    title = "结业考试"
    minutes = 30
    pass_mark = 80
    attempts = 3
    cool_down_hours = 24
    [[draw]]
    kind = "single"
    count = 10
    [[draw]]
    kind = "multiple"
    count = 5
    [[draw]]
    kind = "true_false"
    count = 5
    """)


def _module(title: str, category: str) -> str:
    return f'title = "{title}"\ncategory = "{category}"\nfacts = ["LAW-1-1", "LAW-2-1", "LAW-3-1"]\n'


def _page(seed: str, heading: str, figure: str) -> str:
    paragraphs = [f"{words(f'{seed} {n}', 240)}。" for n in range(5)]
    lines = [paragraphs[0], heading, *paragraphs[1:3], f"![一架梯子靠在墙上]({figure})"]
    lines += ["> [!WARNING]\n> **梯子**晃动就下来。" + words(f"{seed} callout", 12)]
    lines += ["| 看 | 做 |\n| --- | --: |\n| 梯脚 | 垫平 |", "### 再看地面", *paragraphs[3:]]
    return "\n\n".join(lines) + "\n"


def _items() -> list[str]:
    singles = [_item(n, "single", ["对"], ["错", "另一种做法", "第三种做法"]) for n in range(1, 13)]
    multiples = [_item(n, "multiple", ["甲项", "乙项"], ["不该做的丙项", "丁项"]) for n in range(13, 19)]
    return [*singles, *multiples, *(_item(n, "true_false", [], []) for n in range(19, 25))]


def _item(number: int, kind: str, right: list[str], wrong: list[str]) -> str:
    answer = [f"right = {_array(right)}", f"wrong = {_array(wrong)}"] if right else ["answer = true"]
    lines = [
        "[[item]]",
        f'id = "lad-{number:03d}"',
        f'kind = "{kind}"',
        'topic = "use"',
        "difficulty = 1",
        f'fact = "LAW-{number % 2 + 1}-1"',
        f'stem = "{words(f"stem {number}", 16)}？"',
        *answer,
        f'explanation = "解释{number}。"',
        'source = "《梯子条例》（2020年）第一条"',
    ]
    return "\n".join(lines) + "\n"


def _array(texts: list[str]) -> str:
    return "[" + ", ".join(f'"{t}"' for t in texts) + "]"
