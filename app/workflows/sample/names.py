"""Invented names: people as they are called in Guangxi and Guangdong, firms with brands out of uncommon characters."""

from random import Random

SURNAMES = {
    "45": "韦覃黄梁莫陆罗蓝潘吴石杨蒙龙李陈廖谭周卢欧阳农唐秦贾荣兰粟银梁韦覃黄韦黄",
    "44": "陈李黄张梁林何吴罗郑谢刘邓叶蔡苏冯卢曾钟温彭潘廖许麦区简邝关陈李黄陈林",
}
MALE_ONE = "强伟勇军斌杰辉鹏飞刚华波涛明亮龙锋超凯健"
MALE_FIRST = "志建国永世文德海金少耀家伟子俊泽振兆宏启天广学庆"
MALE_SECOND = "强华明辉荣杰平生林贵成峰权文雄彬东宁才富光伟良斌"
FEMALE_ONE = "芳丽燕娟霞敏静红梅玲婷艳秀莹萍"
FEMALE_FIRST = "秀桂丽彩美春雪晓月凤小惠玉海淑燕佩少嘉金"
FEMALE_SECOND = "英兰珍萍芳花燕娟云玲妹清琴莲红霞华群仪君"

BRAND_FIRST = "恒砺旭澍翊栩珩屹昱琅璟霁钧铎毓岱沅泓浔铭煊锦曜岚聿桓晟赫"
BRAND_SECOND = "岳砚衡川森峤骁洲垚麟舟霖原启程拓隆丰邦柏正宁泽昊"
LINES = {
    "machinery": ("机械制造", "汽车配件", "金属制品", "电气设备", "精密铸造", "模具", "车桥"),
    "construction": ("建筑工程", "路桥工程", "建筑安装", "装饰工程", "市政工程"),
    "transport": ("物流", "道路运输", "港口装卸", "仓储", "客运"),
    "hazardous_chemicals": ("化工", "涂料", "气体", "能源", "新材料"),
    "non_coal_mine": ("矿业", "采石", "石材开采"),
    "metallurgy": ("冶炼", "钢铁", "有色金属"),
    "instant_delivery": ("即时配送", "同城配送"),
    "": ("食品", "酒店管理", "商贸", "纺织", "信息技术", "木业", "物业服务"),
}
TRADES = {
    "machinery": ("冲压工", "焊工", "天车工", "铸造工", "车工", "装配工", "叉车司机"),
    "construction": ("架子工", "钢筋工", "电工", "塔吊司机", "混凝土工", "木工"),
    "transport": ("货车司机", "装卸工", "叉车司机", "押运员", "分拣员"),
    "hazardous_chemicals": ("操作工", "罐区作业工", "充装工", "分析工", "维修电工"),
    "non_coal_mine": ("凿岩工", "爆破工", "矿车司机", "破碎工"),
    "metallurgy": ("炉前工", "天车工", "浇铸工", "轧钢工"),
    "instant_delivery": ("配送员", "站点调度"),
    "": ("操作工", "搬运工", "维修电工"),
}
SHOPS = {
    "machinery": ("冲压车间", "涂装车间", "机加车间", "铸造车间", "装配车间"),
    "construction": ("一工区", "二工区", "安装队", "钢构队"),
    "transport": ("运输一队", "运输二队", "仓储部", "装卸班"),
    "hazardous_chemicals": ("合成车间", "罐区", "充装站", "动力车间"),
    "non_coal_mine": ("采掘队", "运输队", "破碎站"),
    "metallurgy": ("炼钢车间", "轧钢车间", "动力车间"),
    "instant_delivery": ("城东站", "城西站", "城南站"),
    "": ("生产部", "工程部", "后勤部"),
}
PROVIDERS = {
    "45": ("柳州砺安职业培训学校", "桂中澍安培训中心", "柳州珩安安全技术培训中心", "广西翊安职工学校"),
    "44": ("岭南屹安培训学校", "珠江琅安职业培训中心", "广东昱安安全技术学校", "粤岱安培训基地"),
}


def person_name(rng: Random, region: str, *, male: bool) -> str:
    """Invent a person's name."""
    one, first, second = (MALE_ONE, MALE_FIRST, MALE_SECOND) if male else (FEMALE_ONE, FEMALE_FIRST, FEMALE_SECOND)
    surname = rng.choice(SURNAMES[region[:2]])
    if surname in "欧阳":
        surname = "欧阳"
    return surname + (rng.choice(one) if rng.random() < 0.25 else rng.choice(first) + rng.choice(second))  # noqa: PLR2004


def firm_name(rng: Random, place: str, sector: str) -> str:
    """Invent an enterprise's name in a place."""
    brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
    return f"{place}{brand}{rng.choice(LINES[sector])}有限公司"
