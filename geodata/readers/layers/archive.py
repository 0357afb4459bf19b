"""What an archive holds, judged before anything of it is unpacked.

Members are read into memory, one by one and never past the limit, whatever their headers claim;
no name of the archive ever becomes a path on disk.
"""

import io
import stat
import zipfile
import zlib
from collections import defaultdict
from pathlib import PurePosixPath

from geodata.errors import GeodataError
from geodata.readers.limits import Limits

_PIECE = 1 << 20
_ENCRYPTED = 0x1
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf")
_SHAPEFILE_EXTRAS = (".prj", ".cpg")
OTHER_LAYERS = (
    ".gpkg",
    ".fgb",
    ".geojson",
    ".json",
    ".geojsonl",
    ".geojsons",
    ".ndjson",
    ".parquet",
    ".geoparquet",
    ".kml",
    ".gpx",
    ".osm",
    ".pbf",
)


def members(data: bytes, *, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """Return the names and headers of an archive's files, once the archive is found harmless.

    Parameters
    ----------
    data : bytes
        The archive.
    limits : Limits
        Count of members and sum of unpacked sizes.

    Raises
    ------
    GeodataError
        If the archive is damaged, holds too much, or a member is encrypted, a link or has a
        name that points outside the archive.
    """
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise GeodataError("layer.zip_damaged") from error
    if len(infos) > limits.members:
        raise GeodataError("layer.zip_members", members=len(infos), limit=limits.members)
    for info in infos:
        _check_member(info)
    if sum(info.file_size for info in infos) > limits.unpacked_mb * 10**6:
        raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
    return {info.filename: info for info in infos if not info.is_dir() and not _is_litter(info)}


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name:
        raise GeodataError("layer.zip_unsafe_path", name=name[:80].replace("\0", "?"))
    if info.flag_bits & _ENCRYPTED:
        raise GeodataError("layer.zip_password", name=name[:80])
    mode = info.external_attr >> 16
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
        raise GeodataError("layer.zip_link", name=name[:80])


def _is_litter(info: zipfile.ZipInfo) -> bool:
    """Return the files that operating systems add."""
    path = PurePosixPath(info.filename)
    return path.parts[0] == "__MACOSX" or path.name.startswith(".") or path.name == "Thumbs.db"


def content(data: bytes, names: list[str], *, limits: Limits) -> dict[str, bytes]:
    """Unpack ``names``, together never more than the limit.

    Raises
    ------
    GeodataError
        If a member is damaged or unpacks to more than its share.
    """
    left = limits.unpacked_mb * 10**6
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in names:
            pieces = []
            try:
                with archive.open(name) as file:
                    while piece := file.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
                        pieces.append(piece)
            except GeodataError:
                raise
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                NotImplementedError,
                RuntimeError,
                ValueError,
            ) as error:
                raise GeodataError("layer.zip_damaged") from error
            members[name] = b"".join(pieces)
    return members


def head(data: bytes, name: str, size: int) -> bytes:
    """Return the first bytes of a member; none if it is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(name) as file:
            return file.read(size)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        return b""


def shapefiles(names: list[str]) -> dict[str, dict[str, str]]:
    """Return the Shapefiles among ``names``: layer name to the member of each part.

    Raises
    ------
    GeodataError
        If a shapefile lacks one of its parts.
    """
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        path = PurePosixPath(name)
        suffix = path.suffix.lower()
        if suffix in SHAPEFILE_PARTS + _SHAPEFILE_EXTRAS:
            parts[str(path.with_suffix("")).lower()][suffix] = name
    layers = {}
    for stem, members in sorted(parts.items()):
        if ".shp" not in members:
            continue
        missing = [part for part in SHAPEFILE_PARTS if part not in members]
        if missing:
            raise GeodataError(
                "layer.shapefile_part", name=members[".shp"], missing=", ".join(missing)
            )
        layers[PurePosixPath(members[".shp"]).stem if stem else stem] = members
    return layers


def geodatabases(names: list[str]) -> dict[str, list[str]]:
    """File geodatabases among ``names``: folder to its members."""
    folders: dict[str, list[str]] = defaultdict(list)
    for name in names:
        path = PurePosixPath(name)
        if path.parent.suffix.lower() == ".gdb" and not path.name.endswith(".lock"):
            folders[str(path.parent)].append(name)
    return dict(folders)


def repacked_folder(parts: dict[str, bytes]) -> bytes:
    """Return the members of one folder as an archive that holds nothing else."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, part in sorted(parts.items()):
            archive.writestr(f"layer.gdb/{PurePosixPath(name).name}", part)
    return file.getvalue()


def repacked(parts: dict[str, bytes]) -> bytes:
    """Return one shapefile as a separate archive with names of our choosing."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for suffix, part in sorted(parts.items()):
            archive.writestr(f"layer{suffix}", part)
    return file.getvalue()
