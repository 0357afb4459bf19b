"""Fetch the browser libraries that the app serves itself: ``python -m dashboard.map.vendor``.

Each package comes from the npm registry through npm's own client, is checked against the
sha256 below, and gives only the files named here.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

VENDOR: Final = Path(__file__).parents[1] / "static" / "vendor"
RECORD: Final = VENDOR / "vendored.json"


@dataclass(frozen=True)
class Package:
    """One npm package.

    Parameters
    ----------
    name, version, licence : str
    sha256 : str
        Of the package's archive.
    files : mapping of str to str
        Member of the archive to name under ``static/vendor/<name>-<version>/``.
    """

    name: str
    version: str
    licence: str
    sha256: str
    files: tuple[tuple[str, str], ...]

    @property
    def folder(self) -> str:
        """Folder under ``static/vendor``; the version in it keeps caches honest."""
        return f"{self.name}-{self.version}"


PACKAGES: Final = (
    Package(
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        (("dist/leaflet.js", "leaflet.js"), ("dist/leaflet.css", "leaflet.css"),
         ("LICENSE", "LICENSE")),
    ),
    Package(
        "supercluster",
        "8.0.1",
        "ISC",
        "9cc3a18707e07453270c5e0b1d2ec2419af03f1794b8c8ca7ac4e33d61f78673",
        (("dist/supercluster.min.js", "supercluster.js"), ("LICENSE", "LICENSE")),
    ),
)  # fmt: skip


def packed(package: Package, folder: Path) -> Path:
    """Return the package's archive, fetched into ``folder`` and checked.

    Raises
    ------
    ValueError
        If its sha256 is not the one pinned.
    """
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    archive = folder / f"{package.folder}.tgz"
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise ValueError(f"{archive.name}: sha256 is {digest}, not the pinned {package.sha256}")
    return archive


def unpack(package: Package, archive: Path, target: Path) -> dict[str, str]:
    """Write the named files of ``archive`` under ``target``; give the sha256 of each."""
    written = {}
    with tarfile.open(archive) as tar:
        for member, name in package.files:
            stream = tar.extractfile(f"package/{member}")
            if stream is None:
                raise ValueError(f"{archive.name}: {member} is no file")
            data = without_map_link(stream.read())
            path = target / package.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            written[f"{package.folder}/{name}"] = hashlib.sha256(data).hexdigest()
    return written


def without_map_link(data: bytes) -> bytes:
    """Return a script without its last line's link to a source map, which is not served."""
    lines = [line for line in data.splitlines(keepends=True) if b"sourceMappingURL=" not in line]
    return b"".join(lines)


def main() -> int:
    """Fetch all packages and record them; the exit status."""
    record = []
    with TemporaryDirectory() as name:
        for package in PACKAGES:
            archive = packed(package, Path(name))
            entry = asdict(package) | {"files": unpack(package, archive, VENDOR)}
            record.append(entry)
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(record)} packages in {VENDOR}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
