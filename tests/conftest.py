"""Fixtures that every test may use: one small published demo store."""

import os

import pytest
from hypothesis import HealthCheck, settings

import demo
from store import snapshot_store

MERCHANTS = 3000

# A machine that is busy is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory):
    """A store with a small published demo; tests must not write to it."""
    folder = tmp_path_factory.mktemp("demo_store")
    demo.publish(snapshot_store.Store(folder), merchants=MERCHANTS)
    return folder


@pytest.fixture
def use_store(monkeypatch):
    """Point the dashboard and the commands at a store folder."""
    return lambda folder: monkeypatch.setenv("COVERAGE_STORE", os.fspath(folder))
