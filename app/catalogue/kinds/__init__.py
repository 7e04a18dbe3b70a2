"""How each kind of module is read from its main file: one reader a kind, all giving a `Part`. Pure.

A new kind is a reader beside these, a line in READERS, a body in catalogue.bodies and a template in templates/player.
"""

from app.catalogue.bodies import ModuleKind
from app.catalogue.kinds.case import read_case
from app.catalogue.kinds.checklist import read_checklist
from app.catalogue.kinds.media import read_media
from app.catalogue.kinds.page import read_page_part
from app.catalogue.kinds.part import Part, Reader
from app.catalogue.kinds.quiz import read_quiz
from app.catalogue.kinds.slides import read_slides

__all__ = ["READERS", "Part", "Reader"]

READERS: dict[ModuleKind, tuple[str, Reader]] = {
    "page": ("page.md", read_page_part),
    "slides": ("slides.toml", read_slides),
    "case": ("case.toml", read_case),
    "checklist": ("checklist.toml", read_checklist),
    "quiz": ("quiz.toml", read_quiz),
    "video": ("media.toml", read_media),
    "audio": ("media.toml", read_media),
    "download": ("media.toml", read_media),
}
"""The main file and the reader of each kind."""
