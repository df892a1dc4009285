#include "vorrat/report/scenario_schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "vorrat/scenario/settings_table.h"

namespace vorrat::report {
namespace {

using Json = nlohmann::ordered_json;
using scenario::Setting;
using scenario::SettingKind;

Json text_type() { return {{"type", "string"}}; }

Json type_of(const Setting& setting) {
  switch (setting.kind) {
    case SettingKind::text:
      return text_type();
    case SettingKind::boolean:
      return {{"type", "boolean"}};
    case SettingKind::whole:
      return {{"type", "integer"}};
    case SettingKind::whole_list:
      return {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 1}}}};
    case SettingKind::text_list:
      return {{"type", "array"}, {"items", text_type()}};
    case SettingKind::day:
      return {{"$ref", "#/$defs/day"}};
    case SettingKind::quarter:
      return {{"type", "string"}, {"pattern", "^[0-9]{4}-?Q[1-4]$"}};
    case SettingKind::fact:
      return {{"$ref", "#/$defs/fact"}};
    case SettingKind::choice: {
      Json words = Json::array();
      std::istringstream list(setting.choices);
      for (std::string word; list >> word;) words.push_back(word);
      return {{"enum", words}};
    }
  }
  return Json::object();
}

Json empty_table() {
  return {{"type", "object"},
          {"properties", Json::object()},
          {"required", Json::array()},
          {"additionalProperties", false}};
}

/// The schema of the table at a dotted path, made where it is not there yet.
Json& table_at(Json& root, const std::string& section) {
  Json* here = &root;
  std::istringstream parts(section);
  for (std::string part; std::getline(parts, part, '.');) {
    const bool is_list = part.ends_with("[]");
    if (is_list) part.resize(part.size() - 2);
    if (part == "*") {
      if (!(*here)["additionalProperties"].is_object())
        (*here)["additionalProperties"] = empty_table();
      here = &(*here)["additionalProperties"];
      continue;
    }
    Json& properties = (*here)["properties"];
    if (!properties.contains(part)) {
      properties[part] = is_list
                             ? Json{{"type", "array"}, {"minItems", 1}, {"items", empty_table()}}
                             : empty_table();
    }
    here = is_list ? &properties[part]["items"] : &properties[part];
  }
  return *here;
}

Json definitions() {
  // Editors show TOML dates as texts.
  const Json day = {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
  return {
      {"day", day},
      {"fact",
       {{"description",
         "a quantity with its unit, or a range as in \"20 kUSD to 34 kUSD\", alone or with its "
         "source"},
        {"oneOf",
         {text_type(),
          {{"type", "object"},
           {"properties",
            {{"value", text_type()},
             {"source", text_type()},
             {"date", {{"$ref", "#/$defs/day"}}},
             {"kind", {{"enum", {"vendor", "measured", "reported", "assumed", "rule", "derived"}}}},
             {"note", text_type()}}},
           {"required", {"value"}},
           {"additionalProperties", false}}}}}}};
}

}  // namespace

std::string scenario_schema() {
  Json root = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
               {"title", "vorrat scenario.toml"},
               {"type", "object"},
               {"properties", Json::object()},
               {"required", Json::array()},
               {"additionalProperties", false}};
  for (const Setting& setting : scenario::settings_table()) {
    Json& table = table_at(root, setting.section);
    Json type = type_of(setting);
    type["description"] = setting.says;
    if (std::string(setting.key) == "*") {
      table["additionalProperties"] = type;
      continue;
    }
    table["properties"][setting.key] = type;
    if (!setting.is_required) continue;
    table["required"].push_back(setting.key);
    // A section with a key that is asked for is asked for itself.
    const std::string top =
        std::string(setting.section).substr(0, std::string(setting.section).find('.'));
    Json& required = root["required"];
    if (top == setting.section &&
        std::find(required.begin(), required.end(), top) == required.end()) {
      required.push_back(top);
    }
  }
  root["$defs"] = definitions();
  return root.dump(2) + "\n";
}

}  // namespace vorrat::report
