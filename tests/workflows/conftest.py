"""The shared world, for tests of workflows."""

import pytest

from tests.world import World


@pytest.fixture
def world(lived_in: World) -> World:
    return lived_in
