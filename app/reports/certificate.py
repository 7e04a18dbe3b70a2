"""Draws a certificate as PDF: one A4 page across, in Chinese, with a QR code that leads to its verification."""

import io
import json
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst

from app.awards import queries
from app.awards.queries import Certificate
from app.kit.dates import add_days
from app.reports.glyphs import MARK, legible

TEMPLATE = Path(__file__).with_name("certificate.typ")
INK = "#1b2427"
DISCLAIMER = "本证书不代替安全合格证、特种作业操作证。"
_drawing = Lock()


def certificate_pdf(certificate: Certificate, base_url: str) -> bytes:
    """Give the PDF of a certificate; the same certificate in the same state gives the same bytes.

    `base_url` is the public address, without a slash at the end: the QR code holds {base_url}/verify/{token}.
    """
    data = json.dumps(_printed(certificate, base_url), ensure_ascii=False)
    at = int(certificate.recorded_at.timestamp())
    with _drawing:
        made = _compiler().compile(format="pdf", sys_inputs={"data": data}, timestamp=at)
    if not isinstance(made, bytes):
        message = "Typst gives a PDF as bytes when it is not told a file to write."
        raise TypeError(message)
    return made


@cache
def _compiler() -> typst.Compiler:
    """Load fonts and template once: 20 MB of fonts, 5 ms a page afterwards."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_zh_cn.sans_path().parent],
    )
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts)


def _printed(certificate: Certificate, base_url: str) -> dict[str, Any]:
    """Give the data with marks for what no font has, and a line that says so."""
    data, marks = legible(_data(certificate, base_url))
    note = f"{MARK}处的字没有字形，原字以扫码核验页为准。" if marks else ""
    return {**data, "marked": note}


def _data(certificate: Certificate, base_url: str) -> dict[str, Any]:
    return {
        "platform": "工伤预防培训平台 Coverall",
        "title": "培训证书",
        "number": certificate.number,
        "holder": certificate.holder_name,
        "id": certificate.holder_id,
        "sentence": _sentence(certificate),
        "closing": "特发此证。",
        "facts": _facts(certificate),
        "state": _state(certificate),
        "qr": _qr(f"{base_url}/verify/{certificate.token}"),
        "disclaimer": DISCLAIMER,
        "labels": {
            "number": "证书编号",
            "id": "证件号码",
            "verify": "扫码核验真伪\n内容以核验页为准",
            "alt": "核验本证书的二维码",
        },
    }


def _sentence(certificate: Certificate) -> str:
    day = _day(certificate.completed_on)
    course = f"《{certificate.course_title}》"
    if certificate.origin == "exam":
        return f"于{day}修完{course}全部单元，结业考试成绩合格。"
    where = f"{certificate.provider}举办的" if certificate.provider else ""
    if certificate.origin == "session" and certificate.score is None:
        return f"于{day}参加{where}{course}线下培训，完成规定学时。"
    return f"于{day}参加{where}{course}培训，经考核合格。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _facts(certificate: Certificate) -> list[tuple[str, str]]:
    until = certificate.valid_until
    facts = [
        ("完成日期", certificate.completed_on.isoformat()),
        ("有效期至", "长期有效" if until is None else add_days(until, -1).isoformat()),
        ("课程版本", f"第 {certificate.version_number} 版"),
        ("培训方式", "线上" if certificate.mode == "online" else "线下"),
    ]
    if certificate.hours is not None:
        facts.append(("学时", f"{certificate.hours:g}"))
    if certificate.score is not None:
        facts.append(("成绩", f"{certificate.score:g} 分"))
    if certificate.reference:
        facts.append(("证明编号", certificate.reference))
    return facts


def _state(certificate: Certificate) -> str:
    """Say, on a certificate that is not valid when it is printed, why it is not."""
    if certificate.state == queries.REVOKED and certificate.revoked_from is not None:
        return f"本证书已撤销，自{_day(certificate.revoked_from)}起无效。"
    if certificate.state == queries.EXPIRED:
        return "本证书已过有效期。"
    return "课程已更新并要求重新培训，本证书不再有效。" if certificate.state == queries.OUTDATED else ""


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, dark=INK, light=None, xmldecl=False)
    return out.getvalue().decode()
