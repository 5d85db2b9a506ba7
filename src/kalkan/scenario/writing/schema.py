"""JSON Schema of scenario files, so that editors complete and check while one types.

Built from the pydantic models, with the catalogue's names put in, and with the shapes that the
models leave open: assumed values and variants.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from kalkan.catalogue.kinds import BALLISTIC, CIVIL
from kalkan.scenario.checks.facts import AssumableFacts, Facts, own_facts
from kalkan.scenario.nouns.doctrine import MISSILE_LISTS
from kalkan.scenario.nouns.fields import LONGEST_NAME, NAME_PATTERN
from kalkan.scenario.nouns.presets import KEY, PRESETS
from kalkan.scenario.nouns.quantities import quantity_pattern
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.spelling import split_quantity
from kalkan.scenario.nouns.wording import LISTS, REQUIRED
from kalkan.units import to_si

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """JSON Schema (Draft 2020-12) of a scenario file.

    Returns
    -------
    dict
        Ready for ``json.dump``. It describes form, units and names of the catalogue; what only
        shows when parts are compared (an aim that is no asset) is left to ``kalkan check``.
    """
    facts = own_facts()
    schema = Scenario.model_json_schema(by_alias=True)
    schema["$schema"] = DIALECT
    schema["title"] = "kalkan scenario"
    _strip_titles(schema["$defs"])
    _strip_titles(schema["properties"])
    _name_catalogue(schema, facts)
    for section in REQUIRED:
        schema["properties"][section]["minItems"] = 1
    for noun in ("Raid", "Flight"):
        schema["$defs"][noun]["properties"]["route"]["minItems"] = 2
    schema["properties"]["doctrine"]["propertyNames"] = _name_rule()
    schema["$defs"]["Assume"] = _assume_schema(facts)
    schema["properties"]["assume"] = {"$ref": "#/$defs/Assume"}
    schema["properties"]["variants"] = _variants_schema(schema)
    return schema


def _name_rule() -> dict[str, Any]:
    return {"pattern": NAME_PATTERN, "minLength": 1, "maxLength": LONGEST_NAME}


def _strip_titles(node: Any) -> None:
    """Drop pydantic's made-up titles; say defaults in the user's words, not in SI."""
    if isinstance(node, dict):
        for key, part in node.items():
            if isinstance(part, dict):
                if isinstance(part.get("title"), str):
                    del part["title"]
                if "pattern" in part and isinstance(part.get("default"), float):
                    part["default"] = _as_written(part["default"], part["examples"][0])
                _without_null(part)
            _strip_titles(node[key])
    elif isinstance(node, list):
        for part in node:
            _strip_titles(part)


def _as_written(value: float, example: str) -> str:
    """A value [SI] in the unit of an example."""
    unit = split_quantity(example)[1]
    return f"{value / to_si(1.0, unit)[0]:g} {unit}"


def _without_null(part: dict[str, Any]) -> None:
    """TOML has no null: an optional value is simply left out."""
    options = part.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        kept = [o for o in options if o != {"type": "null"}]
        if len(kept) == 1:
            del part["anyOf"]
            part.update(kept[0])
    if part.get("default", ...) is None:
        del part["default"]


def _name_catalogue(schema: dict[str, Any], facts: Facts) -> None:
    defs = schema["$defs"]
    defs["System"]["properties"]["type"]["enum"] = facts.ids("system")
    defs["Raid"]["properties"]["type"]["enum"] = sorted([*facts.ids("air vehicle"), *facts.ids(BALLISTIC)])
    defs["Flight"]["properties"]["type"]["enum"] = sorted([*facts.ids("air vehicle"), *facts.ids(CIVIL)])
    defs["Traffic"]["properties"]["type"]["enum"] = facts.ids(CIVIL)
    defs["Traffic"]["properties"]["density"]["enum"] = facts.ids("traffic")
    defs["Source"]["properties"]["type"]["enum"] = [*facts.ids("airborne radar"), *facts.ids("radar")]
    radars = sorted({r for s in facts.systems.values() for r in s.radars})
    defs["System"]["properties"]["mast_height"]["propertyNames"] = {"enum": radars}
    interceptors = facts.ids("interceptor")
    defs["System"]["properties"]["loads"]["propertyNames"] = {"enum": interceptors}
    for noun in ("Doctrine", "Against"):
        for field in MISSILE_LISTS:
            defs[noun]["properties"][field]["items"] = {"enum": interceptors}


def _assume_schema(facts: Facts) -> dict[str, Any]:
    presets = {"enum": list(PRESETS), "description": "Many claims at once: see kalkan explain and its name."}
    entries: dict[str, Any] = {KEY: presets}
    for entry, quantities in sorted(facts.assumable.items()):
        values = {name: _assumed_schema(q) for name, q in sorted(quantities.items())}
        entries[entry] = {"type": "object", "properties": values, "additionalProperties": False}
    about = "The scenario's own claims: they win over the catalogue's."
    return {"type": "object", "description": about, "properties": entries, "additionalProperties": False}


def _assumed_schema(facts: AssumableFacts) -> dict[str, Any]:
    """One assumed value, or a table of values by condition."""
    one: dict[str, Any]
    if facts.dimension == "text":
        one = {"type": "string", **_words_rule(facts.words)}
    elif facts.dimension == "number":
        one = {"type": "number", "minimum": 0}
    elif facts.dimension == "fraction":
        percent = {"type": "string", "pattern": quantity_pattern((facts.dimension,))}
        one = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, percent]}
    else:
        one = {"type": "string", "pattern": quantity_pattern((facts.dimension,))}
    if not facts.conditions:
        return one
    table = {
        "type": "object",
        "properties": {c: one for c in facts.conditions},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {"anyOf": [one, table]}


def _words_rule(words: tuple[str, ...]) -> dict[str, Any]:
    """Known words, or several with commas between."""
    if not words:
        return {}
    listed = "(" + "|".join(map(re.escape, words)).replace("\\-", "-") + ")"
    return {"pattern": rf"^\s*{listed}(\s*,\s*{listed})*\s*$", "examples": list(words)}


def _variants_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Variants: the same tables with nothing required, entries addressed by name."""
    properties: dict[str, Any] = {
        "label": {"type": "string", "description": "Heading of the variant; default its name."},
        "against": {
            "type": "string",
            "description": "Variant that it is compared with; default the plain file's own.",
        },
        "remove": {
            "type": "array",
            "description": 'Entries taken away, such as "raids.decoys".',
            "items": {"type": "string", "pattern": rf"^({'|'.join(LISTS)})\."},
        },
        "command": copy.deepcopy(schema["properties"]["command"]),
        "weather": copy.deepcopy(schema["properties"]["weather"]),
        "identity": copy.deepcopy(schema["properties"]["identity"]),
        "rules_of_engagement": copy.deepcopy(schema["properties"]["rules_of_engagement"]),
        "exposure": copy.deepcopy(schema["properties"]["exposure"]),
        "surface_clutter": copy.deepcopy(schema["properties"]["surface_clutter"]),
        "sensing": copy.deepcopy(schema["properties"]["sensing"]),
        "doctrine": copy.deepcopy(schema["properties"]["doctrine"]),
        "assume": copy.deepcopy(schema["properties"]["assume"]),
        "stance": copy.deepcopy(schema["properties"]["stance"]),
        **{word: copy.deepcopy(schema["properties"][word]) for word in ("as_of", "first_batches", "money")},
    }
    for section, noun in LISTS.items():
        partial = copy.deepcopy(schema["$defs"][noun.__name__])
        partial.pop("required", None)
        partial["properties"].pop("name", None)
        partial["description"] = f"What differs in the {noun.__name__.lower()} of this name, or a complete new one."
        schema["$defs"][f"{noun.__name__}Change"] = partial
        properties[section] = {
            "type": "object",
            "propertyNames": _name_rule(),
            "additionalProperties": {"$ref": f"#/$defs/{noun.__name__}Change"},
        }
    variant = {"type": "object", "properties": properties, "additionalProperties": False}
    return {
        "type": "object",
        "description": schema["properties"]["variants"]["description"],
        "propertyNames": _name_rule(),
        "additionalProperties": variant,
    }
