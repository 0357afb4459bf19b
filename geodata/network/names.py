"""Names of towns, nodes and segments."""

from geodata import schema as f
from geodata.network.model import Network
from geodata.sanitize import folded


def town_names(network: Network) -> dict[str, str]:
    """Town id by each name it goes by, folded; a name that two towns share names none."""
    found: dict[str, set[str]] = {}
    nodes = network.nodes.set_index(f.NODE_ID)
    for town in network.towns:
        node = nodes.loc[town]
        others = str(node.get(f.ALT_NAMES) or "").split(";")
        for name in (town, str(node[f.NAME]), *others):
            if name.strip():
                found.setdefault(folded(name), set()).add(town)
    return {name: towns.pop() for name, towns in found.items() if len(towns) == 1}
