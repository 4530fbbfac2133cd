"""What other packages get from `studio.store`."""

import subprocess
import sys

import pytest

from studio import store


def test_every_public_name_is_there() -> None:
    for name in store.__all__:
        assert getattr(store, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        store.nothing  # noqa: B018


def test_a_value_from_the_package_does_not_load_hdf5() -> None:
    check = "import sys, studio.store.free_space, studio.store; sys.exit('h5py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False, timeout=60).returncode == 0
