import numpy as np
import pytest

from geodata.analysis.closure_samples import BLOCK, as_bits, bernoulli_words, open_words
from geodata.analysis.uncertain_network import UncertainNetwork


def pair(*, on, while_on, while_off, switch):
    """Two edges 0 -- 1 and 0 -- 2 under one switch, or none."""
    return UncertainNetwork(
        3,
        np.arange(3),
        np.arange(2),
        np.array([[0, 1], [0, 2]]),
        np.array(while_on),
        np.array(while_off),
        np.array(switch),
        np.array(on),
        np.array([1, 2]),
        np.ones(2),
    )


def drawn(found, blocks):
    """Whether each edge is closed, shape (2, blocks * BLOCK)."""
    return np.hstack([as_bits(~open_words(found, seed=3, block=b)) for b in range(blocks)])


def test_bits_are_one_as_often_as_asked():
    chances = np.array([[0.0], [1.0], [0.3], [0.999], [2.0**-10]])
    words = np.hstack(
        [as_bits(bernoulli_words(chances, np.random.Philox(key=b))[:, 0]) for b in range(100)]
    )
    assert words[0].sum() == 0
    assert words[1].all()
    spread = np.sqrt(chances * (1 - chances) / words.shape[1])[:, 0]
    assert (abs(words.mean(axis=1) - chances[:, 0]) <= 4 * spread).all()


def test_segments_under_one_switch_close_together_and_keep_their_own_probability():
    # q = 0.4, together = 0.5: while on 0.7, while off 0.2, correlation 0.25.
    found = pair(on=[0.4], while_on=[0.7, 0.7], while_off=[0.2, 0.2], switch=[0, 0])
    closed = drawn(found, 100)
    assert closed.mean(axis=1) == pytest.approx([0.4, 0.4], abs=0.01)
    assert np.corrcoef(closed)[0, 1] == pytest.approx(0.25, abs=0.02)


def test_segments_without_a_switch_are_independent():
    found = pair(on=[], while_on=[0.4, 0.4], while_off=[0.4, 0.4], switch=[-1, -1])
    assert np.corrcoef(drawn(found, 100))[0, 1] == pytest.approx(0, abs=0.02)


def test_a_block_depends_on_seed_and_number_alone():
    found = pair(on=[0.4], while_on=[0.7, 0.7], while_off=[0.2, 0.2], switch=[0, 0])
    first, again = (open_words(found, seed=1, block=5) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, open_words(found, seed=1, block=6))
    assert not np.array_equal(first, open_words(found, seed=2, block=5))
    assert as_bits(first).shape == (2, BLOCK)
