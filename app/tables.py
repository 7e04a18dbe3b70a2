"""Imports every table, for alembic and for tests that make a schema."""

from app.access import models as access
from app.assessment import models as assessment
from app.awards import models as awards
from app.awards import session_models as sessions
from app.catalogue import models as catalogue
from app.catalogue import review_models as reviews
from app.coverage import draft_models as drafts
from app.coverage import models as coverage
from app.coverage import projection_models as projections
from app.coverage import publication_models as publications
from app.coverage import settlement_models as settlements
from app.identity import models as identity
from app.learning import models as learning
from app.ops import alarm_models as alarms
from app.ops.db import Base
from app.organisations import models as organisations
from app.plans import models as plans

MODELS = (
    alarms,
    publications,
    settlements,
    identity,
    organisations,
    access,
    catalogue,
    reviews,
    plans,
    learning,
    assessment,
    awards,
    sessions,
    coverage,
    drafts,
    projections,
)
METADATA = Base.metadata
