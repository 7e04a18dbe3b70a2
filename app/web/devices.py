"""What a signed-in browser calls itself, in words that its owner knows."""

from app.ops.i18n import N_, translate

BROWSERS = (
    ("MicroMessenger", N_("WeChat")),
    ("DingTalk", N_("DingTalk")),
    ("AlipayClient", N_("Alipay")),
    ("HuaweiBrowser", N_("Huawei browser")),
    ("MiuiBrowser", N_("Xiaomi browser")),
    ("HeyTapBrowser", N_("OPPO browser")),
    ("VivoBrowser", N_("vivo browser")),
    ("QQBrowser", N_("QQ browser")),
    ("UCBrowser", N_("UC browser")),
    ("QIHU 360", N_("360 browser")),
    ("Edg", N_("Edge")),
    ("Firefox", N_("Firefox")),
    ("FxiOS", N_("Firefox")),
    ("Chrome", N_("Chrome")),
    ("CriOS", N_("Chrome")),
    ("Safari", N_("Safari")),
)
"""In the order in which they are looked for: nearly every browser also says that it is Chrome, and Chrome Safari."""
SYSTEMS = (
    ("HarmonyOS", N_("HarmonyOS")),
    ("OpenHarmony", N_("HarmonyOS")),
    ("Android", N_("Android")),
    ("iPhone", N_("iPhone")),
    ("iPad", N_("iPad")),
    ("Windows", N_("Windows computer")),
    ("Macintosh", N_("Mac")),
    ("Linux", N_("Linux computer")),
)


def device(language: str, agent: str) -> str:
    """Name the browser and the system of a User-Agent; as it calls itself when neither is known."""
    found = [next((words for sign, words in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    told = [translate(language, words) for words in found if words]
    return translate(language, ", ").join(told) if told else agent
