"""What pytest's own marks, and a marker with an error, have to do with leaks."""

import app
import pytest


@pytest.mark.ouro_leaks(limit="a")
def test_has_a_wrong_marker():
    pass


def test_comes_behind_it():
    pass


@pytest.mark.xfail(reason="known")
def test_is_expected_to_leak():
    app._CONNECTIONS.append(app.Connection())


@pytest.mark.xfail(strict=True)
def test_has_to_leak():
    app._CONNECTIONS.append(app.Connection())


@pytest.mark.xfail(strict=True)
def test_has_to_leak_and_does_not():
    pass


@pytest.mark.ouro_leaks(allow=5)
def test_has_another_wrong_marker():
    pass


@pytest.mark.ouro_leaks(cycles=None)
def test_has_the_marker_as_it_is_by_default():
    pass


@pytest.mark.xfail(raises=ValueError, strict=True)
def test_is_to_raise_and_leaks():
    app._CONNECTIONS.append(app.Connection())
