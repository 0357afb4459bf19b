"""Distances on a sphere agree with PROJ's, and stay close to those on the ellipsoid."""

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.network.geodesy import distance_km, distances_km

RADIUS_KM = 6371.0088
LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


@given(LAT, LON, LAT, LON)
def test_a_distance_is_that_of_proj_on_a_sphere(a: float, b: float, c: float, d: float) -> None:
    sphere = pyproj.Geod(a=RADIUS_KM * 1000, b=RADIUS_KM * 1000)
    expected = sphere.inv(b, a, d, c)[2] / 1000

    assert distance_km(a, b, c, d) == pytest.approx(expected, abs=1e-4)
    assert float(distances_km(a, b, c, d)) == pytest.approx(expected, abs=1e-4)


@given(LAT, LON, LAT, LON)
def test_a_distance_is_within_a_hundredth_of_that_on_the_ellipsoid(
    a: float, b: float, c: float, d: float
) -> None:
    expected = pyproj.Geod(ellps="WGS84").inv(b, a, d, c)[2] / 1000

    assert distance_km(a, b, c, d) == pytest.approx(expected, rel=0.01, abs=1e-6)


def test_arrays_broadcast() -> None:
    lat, lon = np.array([[10.0], [12.0]]), np.array([[0.0], [1.0]])

    table = distances_km(lat, lon, [10.0, 11.0, 12.0], [0.0, 0.5, 1.0])

    assert table.shape == (2, 3)
    assert table[0, 0] == table[1, 2] == 0
    assert table[0, 2] == pytest.approx(distance_km(10.0, 0.0, 12.0, 1.0))
