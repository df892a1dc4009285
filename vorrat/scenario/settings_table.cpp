#include "vorrat/scenario/settings_table.h"

namespace vorrat::scenario {
namespace {

using enum SettingKind;

constexpr Setting table[] = {
    {"scenario", "name", text, true, "\"small\"", "short name, as in the folder's"},
    {"scenario", "title", text, true, "\"A small scenario\"", "one line for the head of a report"},
    {"scenario", "note", text, false, "\"made up\"", "what a reader should know"},
    {"buyer", "name", text, true, "\"Example Compute\"", "as the rules name it"},
    {"buyer", "headquarters", text, true, "\"DE\"", "region of the company that orders"},
    {"buyer", "ultimate_parent", text, true, "\"DE\"",
     "region of the company that owns it in the end"},
    {"horizon", "first", quarter, true, "\"2026Q1\"", "the quarter of the first decision"},
    {"horizon", "quarters", whole, true, "4", "length of the horizon, 1 to 40"},
    {"horizon", "known_on", day, true, "2026-02-09",
     "facts of a later day are a fault; the law is that of this day"},
    {"money", "currency", text, true, "\"USD\"", "that of the answer, three capital letters"},
    {"money", "price_date", day, true, "2026-02-09", "the day whose prices are meant"},
    {"money", "discount_rate", fact, true, "\"10 %/year\"",
     "per time, compounded yearly, at least 0"},
    {"money.exchange", "*", fact, false, "\"7 CNY/USD\"",
     "that currency per unit of the scenario's"},
    {"end_value", "method", choice, true, "\"straight_line\"",
     "how the fleet is valued when the horizon ends", "straight_line"},
    {"end_value", "economic_life", fact, true, "\"5 years\"", "a time, above 0"},
    {"end_value", "residual_share", fact, true, "\"50 %\"",
     "share of the straight-line value that is counted, 0 to 100 %"},
    {"fleet", "attrition", fact, false, "\"4 %/year\"",
     "share of running accelerators lost for good, per time"},
    {"fleet", "power_overhead", fact, true, "\"80 %\"",
     "watts of server and network per watt of accelerator"},
    {"tree", "branching", whole_list, false, "[3, 2, 1]",
     "most children of a tree node at each later quarter"},
    {"settings", "seed", whole, false, "1", "of all random draws"},
    {"settings", "lot", fact, false, "\"1,000 units\"",
     "accelerators by which one more and one less are tried"},
    {"gates.*", "title", text, true, "\"export licence\"", "for people"},
    {"gates.*", "authority", text, false, "\"an authority\"", "whose yes it is"},
    {"gates.*", "side", choice, true, "\"exporter\"", "whose authority it is", "exporter importer"},
    {"gates.*", "after", text, false, "", "the gate it depends on"},
    {"gates.*", "start", text, true, "\"open\"", "its state in the first quarter"},
    {"gates.*.states[]", "id", text, true, "\"open\"", "name of the state"},
    {"gates.*.states[]", "title", text, false, "\"all ships\"", "for people"},
    {"gates.*.states[]", "may_order", boolean, false, "true",
     "false where a gate that is no matter of law closes orders"},
    {"gates.*.states[]", "release", fact, true, "\"100 %\"",
     "share of an offer's supply that may ship, 0 to 100 %"},
    {"gates.*.states[]", "with", text_list, false, "[]",
     "legal instruments in force besides those of known_on"},
    {"gates.*.states[]", "without", text_list, false, "[]",
     "legal instruments of that day that are set aside"},
};

}  // namespace

std::span<const Setting> settings_table() { return table; }

}  // namespace vorrat::scenario
