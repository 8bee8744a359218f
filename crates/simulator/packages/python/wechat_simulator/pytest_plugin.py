"""The fixtures `wechat_simulator`, one process for all tests, and `wechat`, a world for each test."""

import pytest

from . import Simulator


@pytest.fixture(scope="session")
def wechat_simulator():
    with Simulator() as simulator:
        yield simulator


@pytest.fixture
def wechat(wechat_simulator):
    world = wechat_simulator.world()
    yield world
    wechat_simulator.end(world)
