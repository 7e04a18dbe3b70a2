"""What kind of act a posting was, in words: for the entries that explain a difference."""

from collections.abc import Mapping

from app.coverage.queries.comparing import TREE
from app.ops.i18n import N_

ACTS: Mapping[str, str] = {
    "import_roster": N_("Imported a roster"),
    "import_records": N_("Imported training records"),
    "import_enterprises": N_("Imported enterprises"),
    "import_regions": N_("Imported regions"),
    "exam": N_("An exam was handed in"),
    "session": N_("Training in person was closed"),
    "learning": N_("Learning online"),
    "regrade": N_("Exams were graded anew"),
    "revocation": N_("Revoked a certificate"),
    "merge": N_("Merged two people"),
    "correction": N_("Corrected a person"),
    "waiver": N_("A waiver was granted or withdrawn"),
    "closure": N_("Closed an enterprise"),
    "confirmation": N_("Confirmed a roster"),
    "content": N_("Loaded courses and plans"),
    "plan": N_("Published a plan"),
    "settlement": N_("Settled figures"),
    "repair": N_("The ledger was repaired"),
    TREE: N_("Regions were put under others"),
}
