from shapely.geometry import Point

from geodata.network.study_area import study_area


def test_mali_s_outline_holds_its_towns_and_not_its_neighbours():
    area = study_area()
    assert area.contains(Point(-0.0447, 16.2717))  # Gao
    assert area.contains(Point(-3.98, 22.67))  # Taoudenni
    assert not area.contains(Point(2.1254, 13.5116))  # Niamey


def test_a_country_without_an_outline_has_no_area():
    assert study_area("XXX") is None
