"""The map's states can be distinguished by every eye, and its texts read."""

import itertools
import re

import numpy as np
import pytest

from tests.support import map_css

VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
STATES = ("open", "escort", "contested", "closed", "cut", "impassable")


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_differ_in_colour_for_every_eye(theme: str, vision: str) -> None:
    colours, matrix = map_css.colours(theme), VISION[vision]
    seen = {name: lab(matrix @ linear(colours[name])) for name in (*STATES, "focus")}
    for a, b in itertools.combinations(STATES, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 12, (a, b)
    for name in STATES:
        assert np.linalg.norm(seen[name] - seen["focus"]) > 30, name


def test_states_differ_in_pattern_too() -> None:
    """In grey, every state has its own dashes, core line or mark: print needs no colour."""
    css = map_css.STYLE_SHEET.read_text(encoding="utf-8")
    patterns = {}
    for state in ("escort_only", "contested", "closed", "cut", "impassable"):
        rules = re.findall(rf"^\.r-(lines|cores|casings) \.{state} \{{(.*?)\}}", css, re.MULTILINE)
        assert rules, state
        dashes = {part: re.search(r"dasharray: ([^;]+)", body) for part, body in rules}
        core = any(part == "cores" and "stroke:" in body for part, body in rules)
        named = sorted((part, found[1]) for part, found in dashes.items() if found)
        patterns[state] = (core, tuple(named))
    assert len(set(patterns.values())) == len(patterns)
    assert (False, ()) not in patterns.values()


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted(
        (float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (a, b)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_enough_contrast(theme: str) -> None:
    colours = map_css.colours(theme)
    for text, ground in [("ink", "focus"), ("ink", "land"), ("soft", "land"), ("soft", "focus")]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for line in ("open", "escort", "closed", "cut"):
        assert contrast(colours[line], colours["focus"]) >= 3, line
