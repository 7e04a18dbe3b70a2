"""The columns of the four import files: what importers read, templates offer and the returned sheet repeats."""

from dataclasses import replace
from typing import Final

from app.ops.sheets import Column

NAME: Final = Column("name", "姓名", required=True, nicknames=("职工姓名", "名字"))
RESIDENT_ID: Final = Column(
    "resident_id",
    "证件号码",
    required=True,
    text=True,
    same=("身份证号", "身份证号码", "居民身份证号码", "公民身份号码"),
    nicknames=("身份证",),
    note="18 位",
)
REGIONS: Final = (
    Column("code", "行政区划代码", required=True, text=True, nicknames=("区划代码", "地区代码"), note="6 位"),
    Column("name", "名称", required=True, nicknames=("区划名称", "地区名称")),
    Column(
        "parent",
        "上级代码",
        required=True,
        text=True,
        choices="regions",
        nicknames=("上级", "上级行政区划代码"),
        note="所属地区的代码",
    ),
)
ENTERPRISES: Final = (
    Column("uscc", "统一社会信用代码", required=True, text=True, nicknames=("信用代码", "社会信用代码"), note="18 位"),
    Column("name", "企业名称", required=True, nicknames=("单位名称", "公司名称", "用人单位")),
    Column(
        "region",
        "行政区划代码",
        required=True,
        text=True,
        choices="regions",
        nicknames=("地区", "所在地区", "区划代码"),
    ),
    Column(
        "industry", "行业代码", required=True, text=True, choices="divisions", nicknames=("行业",), note="26 或 C26"
    ),
    Column("hazardous_licence", "危险化学品许可", choices="yes_no", nicknames=("危化许可", "危化品许可证")),
    Column("key_industry", "重点行业", choices="key_industries", note="指定的重点行业；填“无”取消指定"),
    Column("key_enterprise", "重点企业", choices="yes_no"),
    Column("size", "企业规模", choices="sizes", nicknames=("规模",)),
    Column("insured", "参保人数", nicknames=("参保职工人数",)),
    Column(
        "not_applicable",
        "不适用岗位",
        choices="posts",
        nicknames=("不设岗位",),
        note="岗位名称或代码，用 ; 分开；填“无”取消",
    ),
    Column("effective_on", "生效日期", nicknames=("变更日期",), note="空：首次导入为一直如此，以后为今天"),
    Column("closed_on", "注销日期", nicknames=("关闭日期", "停业日期"), note="填“无”取消"),
    Column("officer_name", "联系人", nicknames=("安全员", "企业安全员")),
    Column("officer_phone", "手机", text=True, same=("手机号", "手机号码"), nicknames=("联系电话",)),
)
ROSTER: Final = (
    Column("uscc", "统一社会信用代码", text=True, nicknames=("信用代码", "社会信用代码"), note="企业安全员可不填"),
    NAME,
    RESIDENT_ID,
    Column("phone", "手机号", text=True, same=("手机", "手机号码"), nicknames=("联系电话",)),
    Column("post", "岗位", required=True, choices="posts", nicknames=("职务", "岗位名称")),
    Column("trade", "工种", nicknames=("工种名称",)),
    Column("starts_on", "上岗日期", required=True, nicknames=("任职日期", "入职日期", "上岗时间")),
    Column("ends_on", "离岗日期", nicknames=("离职日期", "离岗时间"), note="当日起不在岗"),
)
RECORDS: Final = (
    RESIDENT_ID,
    replace(NAME, required=False, note="新人必填"),
    Column("course", "课程代码", required=True, choices="courses", nicknames=("课程",)),
    Column("completed_on", "完成日期", required=True, nicknames=("结业日期", "完成时间")),
    Column("valid_through", "有效期至", note="最后有效日（含当日）"),
    Column("valid_until", "失效日期", note="当日起失效"),
    Column("score", "成绩", nicknames=("分数", "得分")),
    Column("hours", "学时", nicknames=("课时",)),
    Column("mode", "培训方式", choices="modes", nicknames=("方式",), note="空：线下"),
    Column("provider", "培训机构", nicknames=("机构",)),
    Column("reference", "证明编号", text=True, nicknames=("证书编号", "编号")),
)
PEOPLE: Final = (
    NAME,
    replace(RESIDENT_ID, note=""),
)
"""The columns of a list of people who come to a session held in person."""
IMPORTS: Final = {"regions": REGIONS, "enterprises": ENTERPRISES, "roster": ROSTER, "records": RECORDS}
"""Kind of import -> its columns."""

YES: Final = ("是", "yes", "y", "true", "1", "有")
NO: Final = ("否", "no", "n", "false", "0", "无")
SIZES: Final = {"大型": "large", "中型": "medium", "小型": "small", "微型": "micro"}
MODES: Final = {"线上": "online", "线下": "offline"}
