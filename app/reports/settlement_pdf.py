"""Draws a settlement as PDF: the figures as they were frozen, the seal, and a QR code that leads to its check.

The enterprises are not in it: they stand in the .xlsx and .json, under the same hash. The file itself is signed too: a
last line, which readers take for a comment, has the signature of the bytes before it. (A signature in the sense of
PAdES would need a certificate that readers trust; a self-issued one only makes them warn.)
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

from app.coverage.ledger import MILLION, OWN
from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import SettledRow
from app.kit.dates import shanghai_time
from app.ops import signing
from app.ops.signing import ALGORITHM
from app.reports.glyphs import MARK, legible
from app.reports.settlement import STATES, WHAT_IT_PROVES

TEMPLATE = Path(__file__).with_name("settlement.typ")
INK = "#1b2427"
NOTHING = "—"
GROUP = 16
"""Digits of a hash or signature that stand together, so that two papers can be compared by eye."""
PDF_FORMAT = "coverall-settlement-pdf/1"
SIGNATURE = re.compile(rb"\n%coverall-signature ([0-9a-f]{128})\n\Z")
_drawing = Lock()


def settlement_pdf(settled: Settled, parts: Iterable[SettledRow], address: str) -> bytes:
    """Give the PDF of a settlement; the same settlement in the same state gives the same bytes.

    `parts` are its rows but for the enterprises; `address` is the public page of the check, for the QR code.
    """
    data = json.dumps(_printed(settled, tuple(parts), address), ensure_ascii=False)
    at = int(settled.head.known_at.timestamp())
    with _drawing:
        made = _compiler().compile(format="pdf", sys_inputs={"data": data}, timestamp=at)
    if not isinstance(made, bytes):
        message = "Typst gives a PDF as bytes when it is not told a file to write."
        raise TypeError(message)
    return made + _signature(made)


def is_genuine(pdf: bytes, public_key: bytes) -> bool:
    """Say whether a PDF is, byte for byte, what was made and signed with the secret half of a public key."""
    found = SIGNATURE.search(pdf)
    return found is not None and signing.verifies(
        public_key, bytes.fromhex(found[1].decode()), _signed(pdf[: found.start()])
    )


def _signature(made: bytes) -> bytes:
    return b"\n%%coverall-signature %s\n" % signing.sign(_signed(made)).hex().encode()


def _signed(made: bytes) -> bytes:
    return f"{PDF_FORMAT}:{hashlib.sha256(made).hexdigest()}".encode()


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[pylopdf_fonts_zh_cn.sans_path().parent],
    )
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


def _printed(settled: Settled, parts: Sequence[SettledRow], address: str) -> dict[str, Any]:
    """Give the data with marks for what no font has, and a line at the end that says so."""
    data, marks = legible(_data(settled, parts, address))
    note = f"文中 {marks} 处{MARK}是没有字形的字或符号，原文见同一封账的 Excel 与 JSON 文件。" if marks else ""
    return {**data, "marked": note}


def _data(settled: Settled, parts: Sequence[SettledRow], address: str) -> dict[str, Any]:
    head, whole = settled.head, parts[0]
    return {
        "platform": "工伤预防培训平台 Coverall",
        "title": "培训覆盖情况封账单",
        "number": settled.seal.hash[:12],
        "plan": head.plan_name + ("（暂行口径）" if head.provisional else ""),
        "place": f"{head.region_name}（含所辖），截至 {head.on}",
        "state": "" if settled.superseded_by is None else "本封账已被取代，现行数字以新的封账为准。",
        "headline": {
            "label": f"覆盖率，截至 {head.on}",
            "ratio": _percent(whole),
            "over": f"{whole.tally.covered:,} 已达标 / {whole.tally.required:,} 应培训",
        },
        "facts": _facts(settled, parts),
        "parts": _tables(parts),
        "seal": _seal(settled, address),
        "footer": f"封账哈希 {settled.seal.hash[:GROUP]}…　数字以核验页为准",
    }


def _facts(settled: Settled, parts: Sequence[SettledRow]) -> list[tuple[str, str]]:
    head, whole = settled.head, parts[0]
    keys = next((row for row in parts if row.kind == "key_enterprises"), None)
    facts = [
        ("已申报用人单位", f"{whole.declared:,} / {whole.enterprises:,}"),
        *((name, f"{whole.statuses[code]:,}") for code, name in STATES.items() if whole.statuses.get(code)),
        ("名册超过 90 天未确认", f"{whole.stale:,}"),
        ("名册人数 / 参保人数", f"{whole.roster or 0:,} / {whole.insured or 0:,}"),
        ("达标中含豁免", f"{whole.tally.waived:,}"),
    ]
    if keys is not None and keys.tally.required:
        facts.append(("仅看重点企业", f"{_percent(keys)}，{keys.tally.covered:,} / {keys.tally.required:,}"))
    facts += [("封账时间（按此刻所知）", shanghai_time(head.known_at)), ("封账人", head.settled_by)]
    told = (("备注", head.note), ("取代原封账的理由", head.reason))
    return [*facts, *((label, text) for label, text in told if text)]


def _tables(parts: Sequence[SettledRow]) -> list[dict[str, Any]]:
    top = parts[0].region
    below = [
        row for row in parts if (row.kind, row.parent) == ("region", top) or (row.kind, row.region) == ("own", top)
    ]
    found = []
    if len(below) > 1:
        own = [row for row in below if row.kind == "own"]
        ordered = [*(row for row in below if row.kind == "region" and row.enterprises), *own]
        columns = ("地区", "覆盖率", "已达标", "应培训", "其中豁免", "已申报", "名册陈旧")
        rows = [(*_line(row), f"{row.declared:,} / {row.enterprises:,}", f"{row.stale:,}") for row in ordered]
        found.append({"title": f"分地区（含{OWN}）" if own else "分地区", "columns": columns, "rows": rows})
    for kind, title in (("industry", "分重点行业"), ("post", "分岗位")):
        rows = [_line(row) for row in parts if row.kind == kind]
        found.append({"title": title, "columns": (title[1:], "覆盖率", "已达标", "应培训", "其中豁免"), "rows": rows})
    return [*found, _matrix(parts)]


def _line(row: SettledRow) -> tuple[str, ...]:
    required, covered, waived = row.tally
    return row.name, _percent(row), f"{covered:,}", f"{required:,}", f"{waived:,}"


def _matrix(parts: Sequence[SettledRow]) -> dict[str, Any]:
    industries = {row.industry: row.name for row in parts if row.kind == "industry"}
    cells = {(row.post, row.industry): row for row in parts if row.kind == "post_industry"}
    rows = [
        (post.name, *(_cell(cells.get((post.post, code))) for code in industries))
        for post in parts
        if post.kind == "post"
    ]
    columns = ("岗位", *industries.values())
    return {"title": "岗位与重点行业（已达标 / 应培训）", "columns": columns, "rows": rows}


def _cell(row: SettledRow | None) -> str:
    return f"{row.tally.covered:,} / {row.tally.required:,}" if row and row.tally.required else NOTHING


def _percent(row: SettledRow) -> str:
    """Show covered by required with one digit, truncated, never rounded."""
    required, covered, _ = row.tally
    if not required:
        return NOTHING
    whole, rest = divmod(covered * MILLION // required * 1000 // MILLION, 10)
    return f"{whole}.{rest}%"


def _seal(settled: Settled, address: str) -> dict[str, Any]:
    seal = settled.seal
    return {
        "title": "签章",
        "lines": [
            ("内容哈希", _grouped(seal.hash)),
            ("签名", _grouped(seal.signature)),
            ("算法", f"SHA-256，{ALGORITHM}"),
            ("公钥编号", seal.key_id),
            ("数据行数", f"{seal.rows:,}（逐家用人单位见同一封账的 Excel 与 JSON 文件）"),
        ],
        "qr": _qr(address),
        "alt": "核验本封账的二维码",
        "scan": "扫码核验",
        "proves": WHAT_IT_PROVES,
    }


def _grouped(digits: str) -> str:
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, dark=INK, light=None, xmldecl=False)
    return out.getvalue().decode()
