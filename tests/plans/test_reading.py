"""What is no plan file is told in Chinese: the field, and what to write instead; nothing of types and patterns."""

import re

import pytest

from app.ops.i18n import translate
from app.plans.faults import PlanError
from app.plans.parse import parse_plan
from tests.plans.plan_files import CATEGORIES, FILE, PLAN, key_posts, ladder_city
from tests.plans.test_parse import SPOILED

PROGRAMMERS = re.compile(r"Input should|pattern|string|valid|Invalid|Expected|\\A|\\Z|\\z|NoneType|type=")


def faults(text: str | bytes, file: str = FILE) -> tuple[PlanError, ...]:
    data = text.encode() if isinstance(text, str) else text
    return parse_plan(file, data, key_posts(), CATEGORIES)[1]


def told(error: PlanError) -> str:
    details = {k: "、".join(v) if isinstance(v, tuple) else v for k, v in error.details.items()}
    return translate("zh", error.words, **details)


@pytest.mark.parametrize(
    ("old", "new", "chinese"),
    [
        ("deadline = 2025-12-31", 'deadline = "2025-12-31"', "deadline 要写日期，不加引号：deadline = 2030-12-31"),
        ("deadline = 2025-12-31", "deadline = 2025-12-32", "须确有这一天"),
        ("deadline = 2025-12-31", "deadline = 2025年", "内容读不懂"),
        ("deadline = 2025-12-31\n", "", "这里缺少 deadline。写法示例：deadline = 2030-12-31"),
        ("provisional = false", "provisional = 0", "provisional 只能写 true（是）或 false（否）"),
        ("provisional = false", "provisional", "应写成“字段 = 内容”"),
        ("provisional = false", "provisional ＝ false", "有中文标点（＝）"),
        ('["31", "32"]', '["31"，"32"]', "有中文标点（，）"),
        ('["31", "32"]', "[“31”]", "“divisions = [“31”]”处有中文标点（“）"),
        ('["31", "32"]', '["31" "32"]', "列表没有写完"),
        ('["31", "32"]', "[31]", "divisions 的内容要放在英文引号里"),
        ('["31", "32"]', '["310"]', "两位的国民经济行业大类"),
        ('["31", "32"]', '"31"', "divisions 要写成方括号里的列表"),
        ('name = "安全部门负责人"', 'name = "安全部门负责人', "同一行末尾要有英文引号"),
        ('name = "安全部门负责人"', 'name = "安全部门负责人"\nname = "别名"', "重复了，请只留一处"),
        ('name = "安全部门负责人"', 'name = " 安全部门负责人"', "name 要写在一行里，前后不留空格"),
        ('name = "安全部门负责人"', f'name = "{"安" * 61}"', "name 太长，最多 60 个字符"),
        ('regions = ["990000"]', "regions = []", "regions 是空的，至少写一项"),
        ('regions = ["990000"]', 'regions = ["9900"]', "六位行政区划代码"),
        ('report_on = "12-20"', 'report_on = "12月20日"', "report_on 写“月-日”"),
        ('report_on = "12-20"', "retention_years = 0", "retention_years 不能小于 1"),
        ('report_on = "12-20"', "retention_years = 101", "retention_years 不能大于 100"),
        ('report_on = "12-20"', "retention_years = 6.5", "retention_years 要写整数"),
        ('report_on = "12-20"', "daily_cap_hours = 0.0", "daily_cap_hours 须大于 0"),
        ('report_on = "12-20"', 'daily_cap_hours = "8"', "daily_cap_hours 要写数字"),
        ('kind = "decrease"', 'kind = "increase"', 'kind 只能写 "decrease"（比基准年份下降）或 "share"'),
        ('code = "metallurgy"', 'code = "Metallurgy"', 'code 用小写英文字母、数字和下划线书写：code = "machinery"'),
        ('courses = ["safety", "heat"]', 'courses = ["safety", "Heat!"]', "courses 列出课程代码"),
        ('courses = ["safety", "heat"]', 'courses = ["safety", "haet"]', "没有 haet 这门课程。是不是 heat？"),
        ('courses = ["safety", "heat"]', 'courses = ["zzz"]', "可用的课程：heat law safety"),
        ("to_on = 2024-01-01", "too_on = 2024-01-01", "这里没有 too_on 这个字段。是不是 to_on？"),
        ("to_on = 2024-01-01", "xyz = 1", "可用的字段：post industry from_on to_on courses offline"),
        ("[[phases]]", "[phases]", "phases 要分条书写，每一条以 [[phases]] 单独一行开头"),
        ("[[phases]]", "[[phases]", "标题没有写完"),
        ("[[phases]]", "阶段", "这一行读不懂"),
        ('note = "为测试而写。"', "note = 'a\\b'\nx = \"C:\\q\"", "不能有反斜杠"),
        ('note = "为测试而写。"', f"note = {'[' * 9000}", "括号层数太多"),
        ("base_year = 2020\n", "", 'kind = "decrease" 时要写 base_year'),
    ],
)
def test_a_fault_says_in_chinese_what_to_write(old: str, new: str, chinese: str) -> None:
    assert PLAN.count(old) == 1
    errors = faults(PLAN.replace(old, new))
    words = [told(error) for error in errors]
    assert any(chinese in text for text in words), words


@pytest.mark.parametrize("spoiled", SPOILED)
def test_no_fault_speaks_of_types_and_patterns(spoiled: tuple[str, str, str, str]) -> None:
    for error in faults(PLAN.replace(spoiled[0], spoiled[1])):
        text = told(error)
        assert re.search(r"[\u4e00-\u9fff]", text)
        assert not PROGRAMMERS.search(text), text
        assert error.message != text


def test_a_byte_order_mark_is_no_fault() -> None:
    data = b"\xef\xbb\xbf" + PLAN.replace("\n", "\r\n").encode()
    assert parse_plan(FILE, data, key_posts(), CATEGORIES) == (ladder_city(), ())


def test_another_encoding_is_told_with_its_line_and_what_to_do() -> None:
    (error,) = faults(PLAN.encode("gb18030"))
    assert (error.line, error.code) == (1, "encoding")
    assert "另存为" in told(error)


def test_a_file_whose_name_is_no_code_is_told_what_a_code_is() -> None:
    (error,) = faults(PLAN, "柳州方案.toml")
    assert (error.line, error.code) == (None, "plan_code")
    assert "文件名“柳州方案”不能作方案代码" in told(error)
    assert "草案性质" in told(error)
    assert faults(PLAN, f"{'a' * 60}.toml") == ()
    assert [error.code for error in faults(PLAN, f"{'a' * 61}.toml")] == ["plan_code"]
