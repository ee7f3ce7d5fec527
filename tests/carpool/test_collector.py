"""The collector rests only where it is told to, and works again whatever happens there."""

import gc

import pytest

from carpool.collector import at_rest


def test_it_rests_and_works_again() -> None:
    assert gc.isenabled()
    with at_rest():
        assert not gc.isenabled()
        with at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_works_again_after_a_fault() -> None:
    with pytest.raises(ValueError, match="broken"), at_rest():
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_has_switched_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
