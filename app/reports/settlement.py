"""Writes settlements as .xlsx and .json: every row that was hashed, and a seal by which anybody can prove the file.

The words are Chinese whoever reads: this is the document. settlement_files.py reads it back, cell by cell.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from app.coverage.queries.settlements import Settled
from app.coverage.settlement_content import FORMAT, SettledRow, canonical, head_json, instant_text, ratio_text, row_json
from app.coverage.status import STATUSES
from app.kit.dates import shanghai_time
from app.ops.signing import ALGORITHM
from app.reports.exports import Cell, Column, Table

SEAL_SHEET, PARTS_SHEET, ENTERPRISES_SHEET = "签章", "汇总", "用人单位"
KINDS: Final = {
    "whole": "全部纳入单位",
    "key_enterprises": "重点企业",
    "region": "地区",
    "own": "本级",
    "industry": "重点行业",
    "post": "岗位",
    "post_industry": "岗位与行业",
}
STATES: Final = {
    "undeclared": "未报",
    "incomplete": "岗位不全",
    "not_applicable": "无应训人员",
    "none": "无人达标",
    "partial": "部分达标",
    "full": "全覆盖",
}
YES, NO = "是", "否"
WHAT_IT_PROVES: Final = (
    "本签名只证明：这些数字出自本平台，封账后没有改动。它不是《电子签名法》意义上的可靠电子签名，"
    "也不是电子印章，不能代替加盖公章。"
)
SUMS: Final = ("应培训", "已达标", "其中豁免")
COUNTS: Final = (*STATES.values(), "名册陈旧", "名册人数", "参保人数")


@dataclass(frozen=True)
class Names:
    """What regions and industries were called when the figures were settled."""

    regions: Mapping[str, str]
    industries: Mapping[str, str]


def names_of(parts: Iterable[SettledRow]) -> Names:
    """Take the names out of a settlement's own rows."""
    listed = tuple(parts)
    return Names(
        {row.region: row.name for row in listed if row.kind in {"whole", "region"}},
        {row.industry: row.name for row in listed if row.kind == "industry"},
    )


def json_chunks(settled: Settled, rows: Iterable[SettledRow]) -> Iterator[bytes]:
    """Give {"content": what is hashed, in canonical form, "seal": what proves it}, streamed."""
    yield b'{"content":'
    yield from canonical(head_json(settled.head), (row_json(row) for row in rows))
    seal = settled.seal
    proof = {
        "rows": seal.rows,
        "hash": seal.hash,
        "signature": seal.signature,
        "algorithm": ALGORITHM,
        "key_id": seal.key_id,
        "public_key": seal.public_key,
    }
    yield b',"seal":' + json.dumps(proof).encode() + b"}\n"


def tables(settled: Settled, rows: Iterable[SettledRow], address: str) -> Iterator[Table]:
    """Give the three sheets of the workbook; `rows` come in their order, the enterprises last and streamed."""
    parts: list[SettledRow] = []
    rest: Iterator[SettledRow] = iter(rows)
    each: Iterable[SettledRow] = ()
    for row in rest:
        if row.kind == "enterprise":
            each = chain((row,), rest)
            break
        parts.append(row)
    names = names_of(parts)
    yield Table(SEAL_SHEET, SEAL_COLUMNS, seal_lines(settled, address))
    yield Table(PARTS_SHEET, PART_COLUMNS, (part_cells(row) for row in parts))
    yield Table(ENTERPRISES_SHEET, ENTERPRISE_COLUMNS, (enterprise_cells(row, names) for row in each))


SEAL_COLUMNS: Final = (Column("项目", width=22), Column("字段", width=18), Column("内容", width=110))
PART_COLUMNS: Final = (
    Column("类别", width=14),
    Column("地区代码", width=10),
    Column("上级代码", width=10),
    Column("行业代码", width=20),
    Column("岗位代码", width=22),
    Column("名称", width=34),
    *(Column(title, "count") for title in SUMS),
    Column("覆盖率", "ratio"),
    *(Column(title, "count") for title in COUNTS),
)
ENTERPRISE_COLUMNS: Final = (
    Column("统一社会信用代码", width=22),
    Column("用人单位", width=36),
    Column("地区代码", width=10),
    Column("地区", width=16),
    Column("行业代码", width=20),
    Column("重点行业", width=16),
    Column("重点企业", width=9),
    Column("状态", width=12),
    *(Column(title, "count") for title in SUMS),
    Column("覆盖率", "ratio"),
    Column("名册陈旧", width=9),
    Column("名册人数", "count"),
    Column("参保人数", "count"),
)


LABELS: Final = {
    "format": "数据格式",
    "plan.code": "行动计划代码",
    "plan.name": "行动计划",
    "plan.deadline": "计划截止日期",
    "plan.provisional": "暂行口径",
    "region.code": "地区代码",
    "region.name": "地区（含所辖）",
    "on": "截至日期",
    "known_at": "按何时所知（世界时）",
    "shown_at": "封账时间（北京时间）",
    "settled_by": "封账人",
    "note": "备注",
    "supersedes": "取代的封账（哈希）",
    "reason": "取代的理由",
    "rows": "行数",
    "hash": "内容哈希（SHA-256）",
    "signature": f"签名（{ALGORITHM}）",
    "key_id": "公钥编号",
    "public_key": "公钥",
}
ADDRESS: Final = "网上核验"
TEXTS: Final = {
    "": "",
    "命令核验": "coverall settlement verify 本文件：逐格重算哈希，再用平台公布的公钥核对签名。",
    "签名的内容": f"文字“{FORMAT}:”后接内容哈希；内容是按 RFC 8785 规范化的 JSON，可另下载 .json。",
    "说明": WHAT_IT_PROVES,
}


def seal_lines(settled: Settled, address: str) -> list[tuple[Cell, ...]]:
    """Give what the settlement is about, the seal, and how to check it; `address` is the public page of the check."""
    head, seal = settled.head, settled.seal
    values = {
        "format": FORMAT,
        "plan.code": head.plan_code,
        "plan.name": head.plan_name,
        "plan.deadline": head.plan_deadline.isoformat(),
        "plan.provisional": YES if head.provisional else NO,
        "region.code": head.region,
        "region.name": head.region_name,
        "on": head.on.isoformat(),
        "known_at": instant_text(head.known_at),
        "shown_at": shanghai_time(head.known_at),
        "settled_by": head.settled_by,
        "note": head.note,
        "supersedes": head.supersedes or "",
        "reason": head.reason,
        "rows": str(seal.rows),
        "hash": seal.hash,
        "signature": seal.signature,
        "key_id": seal.key_id,
        "public_key": seal.public_key,
    }
    told = [(label, name, values[name]) for name, label in LABELS.items()]
    return [*told, *((label, "", text) for label, text in TEXTS.items()), (ADDRESS, "", address)]


def part_cells(row: SettledRow) -> tuple[Cell, ...]:
    """Give a sum as a line of its sheet."""
    counts = [row.statuses.get(status) for status in STATUSES]
    codes = (row.region, row.parent, row.industry, row.post)
    return (KINDS[row.kind], *codes, row.name, *_sums(row), *counts, row.stale, row.roster, row.insured)


def enterprise_cells(row: SettledRow, names: Names) -> tuple[Cell, ...]:
    """Give an enterprise as a line of its sheet; the names of its region and industry repeat what the sums say."""
    return (
        row.uscc,
        row.name,
        row.region,
        names.regions.get(row.region, row.region),
        row.industry,
        names.industries.get(row.industry, row.industry),
        YES if row.key_enterprise else NO,
        STATES[row.status],
        *_sums(row),
        YES if row.stale else NO,
        row.roster,
        row.insured,
    )


def _sums(row: SettledRow) -> tuple[Cell, ...]:
    """Give the sums of a row and their ratio, as a number that is exactly the six decimals that are hashed."""
    required, covered, waived = row.tally
    text = ratio_text(required, covered)
    return required, covered, waived, None if text is None else float(text)
