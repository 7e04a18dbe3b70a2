"""The files of a new course, with everything that its author has to fill in; `content check` says what is missing."""

from collections.abc import Mapping
from datetime import date
from string import Template

_COURSE = Template("""title = "$title"
title_en = "$code"
summary = "一两句话，说清学了有什么用。"
categories = ["policy", "prevention", "warning"]   # 政策法规 / 事故防范 / 警示教育：各模块实际讲到的
hours = 0.5                                        # 学时（45 分钟一学时），不多于各模块阅读时间之和
current_from = $on

[topics]                                           # 题目和试卷用到的主题
basics = "基础"

[change]
kind = "editorial"                                 # editorial 文字修订；retake 须重学，并写 retake_from = 日期
note = "首版"
""")
_MODULE = Template("""title = "$title"
category = "policy"        # policy | prevention | warning
facts = []                 # 这一模块讲到的事实编号，见 courses/facts.toml 和 courses/facts/
""")
_PAGE = """## 先说结论

写 900 到 2500 个字。每一节都告诉读者做什么。

> [!NOTE]
> 提示写在这里。

![图上有什么](figure.svg)
"""
_FIGURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300" font-family="sans-serif">
<title>图的名称</title><desc>图上有什么。</desc>
<rect width="720" height="300" fill="#fbf9f5"/>
<text x="360" y="160" font-size="32" text-anchor="middle" fill="#1b2427">把图画在这里</text>
</svg>
"""
_BANK = """[[item]]
id = "new-001"
kind = "single"            # single multiple true_false fill numeric order match case
topic = "basics"
difficulty = 1             # 1 易 2 中 3 难
fact = "AQSCF-54-1"        # 题目所依据的事实，S 或 P 级
stem = "题干？"
right = ["正确选项"]
wrong = ["干扰项一", "干扰项二", "干扰项三"]   # 长短与对的相当：最长的、最短的都不该总是对的
explanation = "为什么对，其余为什么错。"
source = "法规名称、版本、条"
"""
_PAPER = """title = "结业考试"
minutes = 30
pass_mark = 80
attempts = 3
cool_down_hours = 24

[[draw]]
kind = "single"
count = 10
"""


def new_course(code: str, title: str, on: date) -> Mapping[str, str]:
    """Give a new course's files, by their path in its folder."""
    return {
        "course.toml": _COURSE.substitute(code=code, title=title, on=on.isoformat()),
        "modules/010-first/module.toml": _MODULE.substitute(title="第一个模块"),
        "modules/010-first/page.md": _PAGE,
        "modules/010-first/figure.svg": _FIGURE,
        "bank/basics.toml": _BANK,
        "papers/final.toml": _PAPER,
    }
