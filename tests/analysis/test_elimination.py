import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis import elimination
from geodata.analysis.elimination import eliminate


@given(st.data(), st.sampled_from([0, 2, 8]))
@settings(max_examples=100, deadline=None)
def test_it_reaches_what_spreading_along_open_roads_reaches(data, most_neighbours):
    count = data.draw(st.integers(1, 9))
    node = st.integers(0, count - 1)
    ends = np.array(data.draw(st.lists(st.tuples(node, node), max_size=20)), dtype=np.int64)
    ends = ends.reshape(-1, 2)
    words = st.integers(0, 2**64 - 1)
    opened = np.array([[data.draw(words)] for _ in ends], dtype=np.uint64).reshape(-1, 1)
    before = elimination.MOST_NEIGHBOURS
    elimination.MOST_NEIGHBOURS = most_neighbours
    try:
        plan = eliminate(count, ends, np.arange(count))
    finally:
        elimination.MOST_NEIGHBOURS = before
    reached = np.zeros((count, 1), dtype=np.uint64)
    reached[0] = ~np.uint64(0)
    for _ in range(count):
        for (a, b), word in zip(ends, opened, strict=True):
            reached[a] |= reached[b] & word
            reached[b] |= reached[a] & word
    assert np.array_equal(plan.connected(opened), reached)


def test_only_the_wanted_nodes_are_followed_back():
    """1, 2 and 3 each on a separate road to 0; only 1 is asked for."""
    ends = np.array([[0, 1], [0, 2], [0, 3]])
    plan = eliminate(4, ends, np.array([1]))
    assert [node for r in plan.rounds for node in r.node.tolist()] == [1]
    opened = np.full((3, 1), ~np.uint64(0))
    assert plan.connected(opened)[1, 0] == ~np.uint64(0)
