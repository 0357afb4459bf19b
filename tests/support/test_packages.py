"""The lock file agrees with the ranges, holds hashes alone, and every licence is listed."""

import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import packages


def ranges():
    lines = packages.RANGES.read_text(encoding="utf-8").splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if line.partition("#")[0].strip()]


def test_every_range_holds_the_version_that_is_pinned():
    held = packages.pinned()
    named = ranges()
    assert len(named) > 15
    for each in named:
        assert all(map(each.specifier.contains, held[canonicalize_name(each.name)])), each


def test_every_pinned_package_has_hashes_and_no_address():
    lock = packages.LOCK.read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\S)", lock)[1:]
    assert len(blocks) == sum(map(len, packages.pinned().values()))
    for block in blocks:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block
    assert "://" not in lock
    assert "index" not in lock


def test_what_the_pinned_packages_need_is_pinned_too():
    held = packages.pinned()
    for name in held:
        try:
            needed = packages.metadata.requires(name) or []
        except packages.metadata.PackageNotFoundError:  # for another system
            continue
        for each in map(Requirement, needed):
            if each.marker is None or each.marker.evaluate({"extra": ""}):
                assert canonicalize_name(each.name) in held, (name, each.name)


def test_every_pinned_package_has_its_licence_listed():
    page = packages.LICENCES.read_text(encoding="utf-8")
    listed = dict(re.findall(r"(?m)^\| ([\w.-]+) \| ([^|]+) \|", page))
    assert listed.pop("package") == "version"
    assert listed == {name: ", ".join(held) for name, held in packages.pinned().items()}
    assert "none named" not in page
