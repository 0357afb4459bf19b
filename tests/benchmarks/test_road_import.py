"""The synthetic roads are the same everywhere, and as bad as they claim."""

from pathlib import Path

import shapely

from tests.benchmarks.road_import import imported, noisy_roads


def test_the_same_seed_draws_the_same_roads() -> None:
    one, two = noisy_roads(400), noisy_roads(400)
    assert len(one) == 400
    assert one.geometry.geom_equals_exact(two.geometry, 0).all()
    assert not one.geometry.geom_equals_exact(noisy_roads(400, seed=1).geometry, 0).all()


def test_import_of_a_small_one(tmp_path: Path) -> None:
    found = imported(600, 20, tmp_path)
    assert found["roads_read"] == 600
    assert found["supply_points"] == 1
    assert found["peak_mb"] > 0
    assert shapely.length(noisy_roads(600).geometry.to_numpy()).min() > 0
