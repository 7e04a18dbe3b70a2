"""The shared world, for tests of workflows."""

import pytest
from sqlalchemy.orm import Session

from tests import world as shared
from tests.world import World


@pytest.fixture
def world(session: Session) -> World:
    return shared.build(session)
