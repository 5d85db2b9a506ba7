"""Found by any name: aliases of the catalogue, suggestions, and the list of what there is."""

import json

import pytest

import kalkan
from kalkan.catalogue import CatalogueError, as_toml, load_catalogue, read_catalogue
from kalkan.cover.asking import target_of
from kalkan.errors import ProblemsError, nearest_of
from kalkan.scenario import load, parse, starter
from kalkan.scenario.writing.overrides import read_parameter

CAT = load_catalogue()


# NATO names and designations: US Department of Defense, "Missile Designations"; Cyrillic as the makers write it, and
# Turkish and Ukrainian as the press of these countries does
@pytest.mark.parametrize(
    ("word", "entry"),
    [
        ("Shahed", "one-way-attack-drone"), ("Geran-2", "one-way-attack-drone"), ("Герань-2", "one-way-attack-drone"),
        ("ШАХЕД", "one-way-attack-drone"), ("Şahid-136", "one-way-attack-drone"),
        ("Tomahawk", "subsonic-cruise-missile"), ("Томагавк", "subsonic-cruise-missile"),
        ("Калибр", "subsonic-cruise-missile"), ("kalıbr", "subsonic-cruise-missile"),
        ("Pantsir", "pantsir-s1"), ("Панцирь", "pantsir-s1"), ("Панцирь-С1", "pantsir-s1"),
        ("С-400", "s-400"), ("ТРИУМФ", "s-400"), ("SA-21", "s-400"), ("91Н6Е", "91n6e"), ("Grave Stone", "92n6e"),
        ("Оникс", "supersonic-cruise-missile"), ("Искандер-М", "iskander-m"),
        ("İskander", "iskander-m"), ("Barış Kartalı", "e-7"), ("baris kartali", "e-7"),
        ("Байрактар", "bayraktar-tb2"), ("Противник-ГЕ", "protivnik-ge"), ("HARM", "anti-radiation-missile"),
        ("AN/MPQ-65", "an-mpq-65"), ("s400", "s-400"),
    ],
)  # fmt: skip
def test_any_name_is_understood(word, entry):
    named = CAT.named(word)
    assert named is not None and named.id == entry
    found = kalkan.listing(word)
    assert entry in [e["id"] for g in found["groups"] for e in g["entries"]]
    assert kalkan.explain(word)["entry"]["id"] == entry


@pytest.mark.parametrize(
    ("word", "heading"),
    [
        ("systems", "systems"), ("Systems", "systems"), ("vehicles", "air vehicles"), ("air vehicles", "air vehicles"),
        ("interceptors", "interceptors"), ("parts", "parts of systems"),
    ],
)  # fmt: skip
def test_a_heading_asks_for_its_group_alone(word, heading):
    found = kalkan.listing(word)
    whole = {g["name"]: g["entries"] for g in kalkan.listing(everything=True)["groups"]}
    assert [(g["name"], g["entries"]) for g in found["groups"]] == [(heading, whole[heading])]
    assert found["examples"] == [] and found["left_out"] == 0


def test_examples_are_a_heading_too():
    found = kalkan.listing("examples")
    assert found["groups"] == [] and found["examples"] == kalkan.listing()["examples"]


def test_no_alias_is_an_entry_of_its_own_and_none_is_lost_on_the_way(tmp_path):
    entries = CAT.entries
    assert not [(i, a) for i, e in entries.items() for a in e.aliases if a.lower() in entries and a.lower() != i]
    assert CAT.named("PAC-3") is None, "two interceptors are called so"
    file = tmp_path / "all.toml"
    file.write_text(as_toml(CAT), encoding="utf-8")
    again = read_catalogue([file]).entries
    assert {i: e.aliases for i, e in again.items()} == {i: e.aliases for i, e in entries.items()}


def test_aliases_in_a_file_of_ones_own(tmp_path):
    file = tmp_path / "mine.toml"
    head = '[sky-shield]\nkind = "listed part"\nname = "Sky Shield"\nlevel = "system"\naliases = {}\n'
    file.write_text(head.format('["Sky"]'), encoding="utf-8")
    assert load_catalogue([file]).named("sky").id == "sky-shield"
    file.write_text(head.format('"Sky"'), encoding="utf-8")
    with pytest.raises(ProblemsError, match="aliases is a list such as"):
        load_catalogue([file])


def test_a_drone_is_no_radar():
    """The old measure of likeness found protivnik-ge in "drone"."""
    with pytest.raises(CatalogueError, match='did you mean "one-way-attack-drone"'):
        kalkan.explain("drone")


def test_every_command_suggests_the_same(tmp_path):
    """`explain`, `check` (type and assume), `coverage --target`, `sweep --over`."""
    file = tmp_path / "raid.toml"
    for word in ("drone", "Shahed-131", "Tomahavk"):
        meant = CAT.nearest(word)
        with pytest.raises(CatalogueError, match=f'did you mean "{meant}"'):
            kalkan.explain(word)
        text = starter("small").replace('"subsonic-cruise-missile"', f'"{word}"')
        file.write_text(text + f'\n[assume."{word}"]\nrcs = "1 m2"\n', encoding="utf-8")
        said = repr(kalkan.check(file))
        assert said.count(f'did you mean "{meant}"') == 2, said
        found = []
        scenario = parse(starter("small"))
        target_of(scenario, scenario.catalogue, word, "target", found)
        assert f'did you mean "{meant}"' in found[0].message
        with pytest.raises(ValueError, match=f'did you mean "{meant}"'):
            read_parameter(scenario, f"{word}.rcs")


def test_what_is_of_another_kind_is_named(tmp_path):
    file = tmp_path / "raid.toml"
    file.write_text(starter("small").replace('type = "s-400"', 'type = "Панцирь"'), encoding="utf-8")
    said = repr(kalkan.check(file))
    assert (
        'is not in the catalogue as a system: "pantsir-s1" is a listed part; known: "gun-missile", "patriot", '
        '"patriot-ltamds", "s-400"'
    ) in said


@pytest.mark.parametrize(
    ("word", "names", "meant"),
    [
        ("drone", ["protivnik-ge", "one-way-attack-drone"], "one-way-attack-drone"),
        ("standrd", ["standard", "standard-two"], "standard"),
        ("salvos", ["salvo", "max_salvos"], "salvo"),
        ("cost", ["count", "unit_cost"], "unit_cost"),
        ("salvo", ["one-way-attack-drone"], None),
        ("zzzzzz", ["standard"], None),
        ("—", ["standard"], None),
    ],
)
def test_the_nearest(word, names, meant):
    assert nearest_of(word, names) == meant


def test_the_list():
    content = json.loads(json.dumps(kalkan.listing()))
    groups = {g["name"]: [e["id"] for e in g["entries"]] for g in content["groups"]}
    assert set(groups) == {"systems", "air vehicles", "interceptors"}
    assert groups["systems"] == list(CAT.ids("system")) and set(groups["interceptors"]) == set(CAT.ids("interceptor"))
    whole = [e["id"] for g in kalkan.listing(everything=True)["groups"] for e in g["entries"]]
    assert sorted(whole) == sorted(CAT.ids()) and content["left_out"] == len(whole) - sum(map(len, groups.values()))
    assert {g["name"] for g in kalkan.explain()["groups"]} > set(groups)
    text = repr(kalkan.listing())
    for words in ("Shahed-136", "Tomahawk", "kalkan new FILE --kind small", "explain patriot", "kalkan list --all"):
        assert words in text, words
    assert kalkan.listing("qqqq")["groups"] == [] and "kalkan list shows what there is" in repr(kalkan.listing("qqqq"))
    assert 'did you mean "one-way-attack-drone"' in repr(kalkan.listing("shahet"))


def test_every_example_of_the_list_is_sound():
    found = kalkan.listing()["examples"]
    assert {e["name"] for e in found} >= {"small", "second-batch", "patriot-battery", "erlang"}
    for example in found:
        assert example["title"] and example["about"].rstrip("?.")[0].isupper()
        text = None if example["file"] else parse(starter(example["name"]))
        assert text or load(example["file"])


def test_a_figure_is_no_entry_and_its_entries_are_named():
    with pytest.raises(CatalogueError, match=r'"rcs" is no entry .* such as f-16c\.rcs, f-35a\.rcs'):
        kalkan.explain("rcs")
    with pytest.raises(CatalogueError, match=r"such as 48n6e3\.kill_probability|such as pac-2-gem-t\.kill_probability"):
        kalkan.explain("kill_probability")
    scenario = parse(starter("small"))
    with pytest.raises(ValueError, match=r'did you mean "doctrine\.standard\.salvo"'):
        read_parameter(scenario, "salvo")
    with pytest.raises(ValueError, match=r"name one, such as .*\.kill_probability"):
        read_parameter(scenario, "kill_probability")


def test_a_file_that_is_not_there_has_a_remedy(tmp_path):
    assert "kalkan new FILE writes a scenario to start from" in repr(kalkan.check(tmp_path / "none.toml"))
