"""Words for what happened, how sure and to whom, in both languages, and ACLED's codes for them.

ACLED codes events by form of violence; the mapping to ours is a judgement of this project:

=============================================  ==========================================
ACLED's sub-event type                         type here
=============================================  ==========================================
Abduction/forced disappearance                 ``abduction``
Armed clash, Government regains territory,     ``armed_clash``; ``ambush`` where the note
Non-state actor overtakes territory            speaks of an ambush
Attack                                         ``ambush`` where the note speaks of an
                                               ambush, else ``other``
Remote explosive/landmine/IED, Suicide bomb,   ``explosion``
Grenade, Shelling/artillery/missile attack,
Air/drone strike, Chemical weapon
Looting/property destruction                   ``vehicle_burning`` where the note speaks of
                                               vehicles set on fire, else ``other``
everything else, agreements included           ``other``
=============================================  ==========================================

No ACLED type becomes a blockade, its end or a convoy: ACLED has no code for them, and an
agreement may be about anything, so none of them may open a road.

``geo_precision`` 1 is a named town (``town``), 2 a place near a town or a small part of a region
(``segment``, the wider of the two that are drawn), 3 a larger region (``region``, never drawn as
a point). ``time_precision`` 1 is the day, 2 the week, 3 the month. Source: ACLED codebook.
"""

import re
from enum import StrEnum
from typing import Final

from geodata import schema as f
from geodata.events.vocabulary import (
    VOCABULARIES,
    AppliesTo,
    Confidence,
    DatePrecision,
    Effect,
    EventType,
    LocationPrecision,
)
from geodata.readers.events.schemes import DATE_PREC, GEO_PRECISION, TIME_PRECISION, WHERE_PREC
from geodata.sanitize import key

_WORDS: Final[dict[StrEnum, str]] = {
    EventType.ABDUCTION: "kidnapping kidnap hostage_taking enlevement rapt prise_d_otage "
    "prise_d_otages",
    EventType.AMBUSH: "embuscade attack_on_convoy convoy_attack attaque_de_convoi "
    "attack_on_a_convoy attaque_contre_un_convoi attack_on_tankers attack_on_tanker "
    "attack_on_fuel_tankers attack_on_a_tanker tanker_attack tankers_attacked "
    "attaque_de_citernes attaque_de_camions_citernes attaque_contre_des_citernes "
    "attaque_contre_des_camions_citernes convoy_attacked convoi_attaque ambushed ambushes "
    "embuscades",
    EventType.ARMED_CLASH: "clash battle battles fighting combat combats affrontement "
    "affrontements accrochage affrontement_arme",
    EventType.BLOCKADE: "blocus blocage embargo road_blocked road_closed road_closure "
    "route_bloquee route_coupee route_fermee blockaded",
    EventType.BLOCKADE_LIFTED: "blockade_lifted truce ceasefire levee_du_blocus treve "
    "levee_de_blocus",
    EventType.CHECKPOINT: "check_point barrage barrages barrage_routier poste_de_controle "
    "roadblock road_block roadblocks road_blocks illegal_checkpoint faux_barrage",
    EventType.CONVOY_ARRIVAL: "arrivee_de_convoi arrivee_d_un_convoi convoy_arrived "
    "convoi_arrive arrival_of_convoy arrival_of_a_convoy convoy_arrives",
    EventType.DAMAGE: "bridge_destroyed bridge_out ferry_out_of_service pont_detruit "
    "bac_hors_service",
    EventType.EXPLOSION: "ied mine landmine eei engin_explosif blast bomb",
    EventType.POLICY: "measure decision mesure politique ban interdiction",
    EventType.SIEGE: "encirclement encerclement",
    EventType.VEHICLE_BURNING: "burning arson incendie incendie_de_vehicules vehicule_brule "
    "tanker_burning citerne_brulee vehicles_burned vehicules_brules",
    EventType.OTHER: "autre autres",
    Effect.CLOSED: "ferme fermee coupe coupee blocked bloque bloquee",
    Effect.RESTRICTED: "restreint restreinte limite limitee",
    Effect.CONTESTED: "conteste contestee",
    Effect.OPEN: "ouvert ouverte libre",
    Effect.NONE_STATED: "none unknown inconnu non_precise aucun not_stated",
    DatePrecision.DAY: "jour exact",
    DatePrecision.WEEK: "semaine",
    DatePrecision.MONTH: "mois",
    LocationPrecision.TOWN: "ville localite village point exact exact_coordinates "
    "exact_location coordonnees_exactes",
    LocationPrecision.SEGMENT: "road route troncon axe near nearby approximate "
    "approximate_coordinates "
    "within_25_km 25_km_radius 25_km",
    LocationPrecision.REGION: "admin1 area zone admin2 admin_1 admin_2 admin_level_1 "
    "admin_level_2 district province country cercle pays commune state",
    Confidence.HIGH: "haute elevee fort forte eleve yes oui sure certain certaine confirmed "
    "confirme confirmee verified verifie verifiee",
    Confidence.MEDIUM: "moyenne moyen probable likely probably",
    Confidence.LOW: "faible basse bas no non unsure possible unconfirmed "
    "rumour rumeur non_confirme",
    AppliesTo.ALL: "all_traffic tous tout tout_trafic",
    AppliesTo.FUEL: "carburant tankers citernes",
    AppliesTo.ESCORTED: "escorte escortes convoys convois",
}

_ACLED_TYPES: Final = {
    "abduction_forced_disappearance": EventType.ABDUCTION,
    "armed_clash": EventType.ARMED_CLASH,
    "government_regains_territory": EventType.ARMED_CLASH,
    "non_state_actor_overtakes_territory": EventType.ARMED_CLASH,
    "remote_explosive_landmine_ied": EventType.EXPLOSION,
    "suicide_bomb": EventType.EXPLOSION,
    "grenade": EventType.EXPLOSION,
    "shelling_artillery_missile_attack": EventType.EXPLOSION,
    "air_drone_strike": EventType.EXPLOSION,
    "chemical_weapon": EventType.EXPLOSION,
    **dict.fromkeys(
        (
            "attack", "sexual_violence", "looting_property_destruction", "peaceful_protest",
            "protest_with_intervention", "excessive_force_against_protesters",
            "excessive_force_against_protestors", "violent_demonstration", "mob_violence",
            "agreement", "arrests", "change_to_group_activity", "disrupted_weapons_use",
            "headquarters_or_base_established", "non_violent_transfer_of_territory", "other",
        ),
        EventType.OTHER,
    ),
}  # fmt: skip
_ACLED_MAIN: Final = {
    "battles": EventType.ARMED_CLASH,
    "explosions_remote_violence": EventType.EXPLOSION,
    **dict.fromkeys(
        ("violence_against_civilians", "protests", "riots", "strategic_developments"),
        EventType.OTHER,
    ),
}
_ATTACKS: Final = {
    "attack", "armed_clash", "government_regains_territory",
    "non_state_actor_overtakes_territory", "battles",
}  # fmt: skip
_AMBUSH: Final = re.compile(r"\bambush(?:ed|es|ing)?\b|\bembuscades?\b", re.IGNORECASE)
_BURNT: Final = re.compile(
    r"\b(?:burn(?:ed|t|ing)?|torched|set\s+(?:fire\s+to|ablaze|on\s+fire))\b[^.]{0,80}"
    r"\b(?:vehicles?|trucks?|tankers?|lorr(?:y|ies)|bus(?:es)?)\b"
    r"|\b(?:vehicles?|trucks?|tankers?|lorr(?:y|ies)|bus(?:es)?)\b[^.]{0,80}"
    r"\b(?:burn(?:ed|t)|torched|set\s+(?:ablaze|on\s+fire))\b",
    re.IGNORECASE,
)
_CODES: Final[dict[str, dict[str, str]]] = {
    GEO_PRECISION: {
        "1": LocationPrecision.TOWN,
        "2": LocationPrecision.SEGMENT,
        "3": LocationPrecision.REGION,
    },
    TIME_PRECISION: {
        "1": DatePrecision.DAY,
        "2": DatePrecision.WEEK,
        "3": DatePrecision.MONTH,
    },
    WHERE_PREC: {
        "1": LocationPrecision.TOWN,
        "2": LocationPrecision.SEGMENT,
        **dict.fromkeys("34567", LocationPrecision.REGION),
    },
    DATE_PREC: {
        "1": DatePrecision.DAY,
        **dict.fromkeys("23", DatePrecision.WEEK),
        **dict.fromkeys("45", DatePrecision.MONTH),
    },
}
_UCDP_TYPES: Final = {
    "1": (EventType.ARMED_CLASH, "State-based conflict"),
    "2": (EventType.ARMED_CLASH, "Non-state conflict"),
    "3": (EventType.OTHER, "One-sided violence"),
}
FALLBACK: Final[dict[str, str]] = {
    f.EVENT_TYPE: EventType.OTHER,
    f.EFFECT: Effect.NONE_STATED,
    f.DATE_PRECISION: DatePrecision.MONTH,
    f.LOCATION_PRECISION: LocationPrecision.REGION,
    f.CONFIDENCE: Confidence.LOW,
    f.APPLIES_TO: AppliesTo.ALL,
}
"""What a word that is not understood becomes: of each set, what claims least."""

_LOOKUP: Final[dict[str, dict[str, str]]] = {
    column: {
        word: value.value
        for value in vocabulary
        for word in (key(value.value), *_WORDS.get(value, "").split())
    }
    for column, vocabulary in VOCABULARIES.items()
}


def known_word(column: str, cell: str) -> str | None:
    """Return the value of the closed set of ``column`` that ``cell`` names, or None.

    >>> known_word("event_type", "Embuscade")
    'ambush'
    """
    return _LOOKUP[column].get(key(cell))


_LOOKS_LIKE: Final = (
    (EventType.CONVOY_ARRIVAL, r"arriv\w*.*convo[iy]|convo[iy].*arriv"),
    (EventType.AMBUSH, r"ambush|embuscade|atta(?:ck|que).*(?:convo[iy]|tanker|citerne|truck|camion)"
                       r"|(?:convo[iy]|tanker|citerne|truck|camion).*atta(?:ck|qu)"),
    (EventType.VEHICLE_BURNING, r"burn|torch|arson|incendi|brul"),
    (EventType.ABDUCTION, r"abduct|kidnap|hostage|enlev|otage"),
    (EventType.EXPLOSION, r"explo|bomb|blast|(?:^|_)(?:mines?|landmines?|ieds?|eei)(?:_|$)"),
    (EventType.BLOCKADE_LIFTED, r"lift|levee|truce|treve|ceasefire|cessez"),
    (EventType.CHECKPOINT, r"check|barrage|roadblock|road_block|controle"),
    (EventType.BLOCKADE, r"blockad|blocus|block|bloqu|closed|closure|ferme|coupe"),
    (EventType.SIEGE, r"siege|encircl|encercl"),
    (EventType.ARMED_CLASH, r"clash|fight|battle|combat|affront|accroch|shoot|(?:^|_)tirs?(?:_|$)"),
    (EventType.CONVOY_ARRIVAL, r"convo[iy]"),
    (EventType.AMBUSH, r"atta(?:ck|que)|assault|assaut"),
    (EventType.POLICY, r"polic|decree|decret|decision|interdi|(?:^|_)ban(?:_|$)"),
)  # fmt: skip


def likely_type(word: str) -> str | None:
    """Return the type that a word not in the vocabulary seems to mean, to be confirmed by the user.

    >>> likely_type("attaque nocturne"), likely_type("Convoy"), likely_type("wedding")
    ('ambush', 'convoy_arrival', None)
    """
    plain = key(word)
    return next((kind.value for kind, form in _LOOKS_LIKE if re.search(form, plain)), None)


def precision_code(scale: str, cell: str) -> str | None:
    """Return the value for a precision code of ACLED or UCDP, or None.

    Parameters
    ----------
    scale : str
        Name of the column: ``geo_precision``, ``time_precision``, ``where_prec`` or
        ``date_prec``.
    cell : str
        The code.
    """
    return _CODES[scale].get(cell.strip().removesuffix(".0"))


def ucdp_type(code: str, note: str) -> tuple[str, str] | None:
    """Our type for UCDP's type of violence, and UCDP's name of it; None for another code.

    A note that speaks of an ambush makes a conflict between two sides an ``ambush``.
    """
    known = _UCDP_TYPES.get(code.strip().removesuffix(".0"))
    if known is None:
        return None
    ours, name = known
    if ours == EventType.ARMED_CLASH and _AMBUSH.search(note):
        ours = EventType.AMBUSH
    return ours.value, f"UCDP: {name}"


def acled_type(main: str, sub: str, note: str) -> str | None:
    """Our type for ACLED's two types and its note, or None where ACLED has no such types.

    The note decides only where the module's table says so.
    """
    main_key, sub_key = key(main), key(sub)
    if sub_key not in _ACLED_TYPES and main_key not in _ACLED_MAIN:
        return None
    code = _ACLED_TYPES.get(sub_key) or _ACLED_MAIN[main_key]
    if (sub_key in _ATTACKS or main_key in _ATTACKS) and _AMBUSH.search(note):
        code = EventType.AMBUSH
    elif sub_key == "looting_property_destruction" and _BURNT.search(note):
        code = EventType.VEHICLE_BURNING
    return code.value
