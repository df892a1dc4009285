#include "vorrat/input/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/quantity/text.h"

namespace vorrat {
namespace {

// "lead_time" is a key; people say "lead time".
std::string spoken(std::string key) {
  std::replace(key.begin(), key.end(), '_', ' ');
  return key;
}

// The text as messages show it: what stands in a cell may be long.
std::string quoted(const std::string& text) {
  constexpr std::size_t longest = 60;
  if (text.size() <= longest) return "\"" + text + "\"";
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return "\"" + text.substr(0, end) + "…\"";
}

std::string hint_for(Dimension dimension) {
  const std::string example = example_of(dimension);
  if (example.empty()) return fmt::format("write {}", name_with_article(dimension));
  return fmt::format("write {}, as in \"{}\"", name_with_article(dimension), example);
}

// A count may be left unsaid. Returns whether the quantity now has the dimension.
bool settle_count(AnyQuantity& value, Dimension wanted) {
  if (value.is_exchange_rate()) return false;
  Dimension with_count = value.dimension;
  if (with_count.count == 0) with_count.count = wanted.count;
  if (with_count != wanted) return false;
  value.dimension = wanted;
  return true;
}

const std::vector<std::pair<std::string, SourceKind>> source_kinds = {
    {"reported", SourceKind::reported}, {"measured", SourceKind::measured},
    {"vendor", SourceKind::vendor},     {"assumed", SourceKind::assumed},
    {"rule", SourceKind::rule},         {"derived", SourceKind::derived}};

std::string kind_of_text(const AnyQuantity& value) {
  if (value.is_exchange_rate()) return "which is an exchange rate";
  if (value.dimension == dimensions::none) return "which has no unit";
  return "which is " + name_with_article(value.dimension);
}

}  // namespace

std::string_view to_string(SourceKind kind) {
  for (const auto& [word, value] : source_kinds) {
    if (value == kind) return word;
  }
  return "";
}

Record::Record(const Node& table, std::string what, Diagnostics& faults)
    : node_(&table), what_(what), subject_("the " + std::move(what)), faults_(&faults) {}

Record::Record(const Table& table, std::size_t row, std::string what, Diagnostics& faults)
    : table_(&table),
      row_(row),
      what_(what),
      subject_("this " + std::move(what)),
      faults_(&faults) {}

std::string Record::identify(const std::string& key) {
  const std::string name = required<std::string>(key);
  if (!name.empty()) subject_ = fmt::format("{} \"{}\"", what_, name);
  return name;
}

std::optional<Record::Field> Record::find(const std::string& key) const {
  if (table_) {
    const Cell* cell = table_->find(row_, key);
    if (!cell || cell->text.empty()) return std::nullopt;
    return Field{cell->text, cell->spot, nullptr};
  }
  const Node* node = node_->find(key);
  if (!node) return std::nullopt;
  if (const Node* inside = source_table(key)) node = inside->find("value");
  return Field{node->text, node->spot, node};
}

const Node* Record::source_table(const std::string& key) const {
  if (!node_) return nullptr;
  const Node* node = node_->find(key);
  return node && node->kind == NodeKind::table && node->find("value") ? node : nullptr;
}

std::string Record::the(const std::string& key) const {
  return fmt::format("the {} of {}", spoken(key), subject_);
}

bool Record::has(const std::string& key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.push_back(key);
  return find(key).has_value();
}

bool Record::expect(const std::string& key) {
  if (has(key)) return true;
  // A missing column is one fault of the header, not one of each row.
  if (table_ && !table_->has_column(key)) return false;
  Spot where = spot(key);
  if (!table_) where.width = std::max(1, where.width);
  faults_->add(where.fault(fmt::format("{} is missing", the(key)),
                           table_ ? "fill the cell" : fmt::format("write {} = ...", key)));
  return false;
}

Spot Record::spot(const std::string& key) const {
  if (const auto field = find(key)) return field->spot;
  if (table_) {
    const Cell* cell = table_->find(row_, key);
    return cell ? cell->spot : table_->row_spot(row_);
  }
  return node_->key_spot.source ? node_->key_spot : node_->spot;
}

std::string Record::text(const std::string& key) const {
  const auto field = find(key);
  return field ? field->text : "";
}

void Record::fault(const std::string& key, std::string message, std::string hint,
                   Severity severity) {
  faults_->add(spot(key).fault(std::move(message), std::move(hint), severity));
}

void Record::field_fault(const std::string& key, const std::string& message,
                         const std::string& hint) {
  fault(key, fmt::format("{} is {}, {}", the(key), quoted(text(key)), message), hint);
}

void Record::text_fault(const std::string& key, const Field& field, const TextFault& fault) {
  faults_->add(field.spot.part(fault.position, fault.width)
                   .fault(fmt::format("{} is {}: {}", the(key), quoted(field.text), fault.message),
                          fault.hint));
}

std::optional<std::string> Record::scalar_text(const std::string& key, const std::string& wanted) {
  const auto field = find(key);
  if (!field) return std::nullopt;
  if (field->node &&
      (field->node->kind == NodeKind::table || field->node->kind == NodeKind::array)) {
    fault(key, fmt::format("{} is {}", the(key), kind_with_article(field->node->kind)), wanted);
    return std::nullopt;
  }
  return field->text;
}

bool Record::read(const std::string& key, const Bounds&, std::string& value) {
  const auto field = find(key);
  if (field->node && field->node->kind != NodeKind::text) {
    fault(key, fmt::format("{} is {}", the(key), kind_with_article(field->node->kind)),
          "write a text in quotes");
    return false;
  }
  value = field->text;
  if (value.empty()) {
    fault(key, fmt::format("{} is empty", the(key)), "write a text");
    return false;
  }
  return true;
}

bool Record::read(const std::string& key, const Bounds&, bool& value) {
  const auto text = scalar_text(key, "write true or false");
  if (!text) return false;
  if (*text == "true" || *text == "yes") value = true;
  if (*text == "false" || *text == "no") value = false;
  if (*text == "true" || *text == "yes" || *text == "false" || *text == "no") return true;
  field_fault(key, "which is neither true nor false", "write true or false");
  return false;
}

bool Record::read(const std::string& key, const Bounds& bounds, int& value) {
  AnyQuantity number;
  if (!read_number(key, dimensions::none, bounds, number)) return false;
  if (number.value != std::floor(number.value) || std::abs(number.value) > 2e9) {
    field_fault(key, "which is not a whole number", "write a whole number, as in 8");
    return false;
  }
  value = static_cast<int>(number.value);
  return true;
}

bool Record::read(const std::string& key, const Bounds& bounds, double& value) {
  AnyQuantity number;
  if (!read_number(key, dimensions::none, bounds, number)) return false;
  value = number.value;
  return true;
}

bool Record::read(const std::string& key, const Bounds&, Date& value) {
  const auto text = scalar_text(key, "write a day, as in 2026-02-09");
  if (!text) return false;
  const auto date = parse_date(*text);
  if (!date) {
    field_fault(key, "which is not a day of the calendar", "write a day, as in 2026-02-09");
    return false;
  }
  value = *date;
  return true;
}

bool Record::read(const std::string& key, const Bounds&, Quarter& value) {
  const auto text = scalar_text(key, "write a quarter, as in \"2026Q1\"");
  if (!text) return false;
  const auto quarter = parse_quarter(*text);
  if (!quarter) {
    field_fault(key, "which is not a quarter", "write a quarter, as in \"2026Q1\"");
    return false;
  }
  value = *quarter;
  return true;
}

bool Record::fits(const std::string& key, const AnyQuantity& value, const Bounds& bounds,
                  const std::string& example) {
  const auto bound = [&](double limit) {
    AnyQuantity quantity = value;
    quantity.value = limit;
    return to_string(quantity);
  };
  if (value.value < bounds.least || (bounds.excludes_least && value.value <= bounds.least)) {
    std::string message = fmt::format("which is below {}", bound(bounds.least));
    if (bounds.least == 0) {
      message = value.value < 0 ? "which is negative" : "which is not above zero";
    }
    field_fault(key, message, example);
    return false;
  }
  if (value.value > bounds.most) {
    field_fault(key, fmt::format("which is above {}", bound(bounds.most)), example);
    return false;
  }
  return true;
}

bool Record::read_number(const std::string& key, Dimension dimension, const Bounds& bounds,
                         AnyQuantity& value) {
  const std::string hint = hint_for(dimension);
  const auto text = scalar_text(key, hint);
  if (!text) return false;
  const auto quantity = parse_quantity(*text);
  if (!quantity) {
    const auto range = parse_uncertain(*text);
    if (range && range->dimension() == dimension) {
      field_fault(key, "a range, but one number is needed here", hint);
    } else {
      text_fault(key, *find(key), quantity.error());
    }
    return false;
  }
  value = *quantity;
  if (!settle_count(value, dimension)) {
    field_fault(key, kind_of_text(*quantity), hint);
    return false;
  }
  if (bounds.least >= 0 && value.value < 0)
    return fits(key, value, bounds, "write a number of at least zero");
  return fits(key, value, bounds, hint);
}

AnyQuantity Record::quantity(const std::string& key, Dimension dimension, const Bounds& bounds) {
  AnyQuantity value{.value = 0, .dimension = dimension, .currency = {}, .per_currency = {}};
  if (expect(key)) read_number(key, dimension, bounds, value);
  return value;
}

AnyQuantity Record::exchange_rate(const std::string& key) {
  const std::string hint = "write a rate of exchange, as in \"6.98 CNY/USD\"";
  AnyQuantity rate{.value = 1, .dimension = {}, .currency = {}, .per_currency = {}};
  if (!expect(key)) return rate;
  const auto text = scalar_text(key, hint);
  if (!text) return rate;
  const auto quantity = parse_quantity(*text);
  if (!quantity) {
    text_fault(key, *find(key), quantity.error());
  } else if (!quantity->is_exchange_rate()) {
    field_fault(key, kind_of_text(*quantity), hint);
  } else if (quantity->value <= 0) {
    field_fault(key, "which is not above zero", hint);
  } else {
    rate = *quantity;
  }
  return rate;
}

Uncertain Record::uncertain(const std::string& key, Dimension dimension, const Bounds& bounds) {
  AnyQuantity zero{.value = 0, .dimension = dimension, .currency = {}, .per_currency = {}};
  if (!expect(key)) return zero;
  const std::string hint = hint_for(dimension);
  const auto text = scalar_text(key, hint);
  if (!text) return zero;
  const auto range = parse_uncertain(*text);
  if (!range) {
    text_fault(key, *find(key), range.error());
    return zero;
  }
  AnyQuantity kind = range->kind();
  if (!settle_count(kind, dimension)) {
    field_fault(key, kind_of_text(range->kind()), hint);
    return zero;
  }
  const auto at = [&](double probability) {
    AnyQuantity value = kind;
    value.value = range->distribution().quantile(probability);
    return value;
  };
  if (!fits(key, at(0.1), bounds, hint) || !fits(key, at(0.9), bounds, hint)) return zero;
  const Distribution& all = range->distribution();
  const bool reaches_beyond = all.lowest() < bounds.least || all.highest() > bounds.most;
  Uncertain result(kind, reaches_beyond ? all.truncated(bounds.least, bounds.most) : all);
  result.set_text(range->text(), range->assumption());
  return result;
}

Source Record::source_of(const std::string& key) {
  Source source;
  source.place = spot(key).place();
  const auto read_from = [&](Record& record, const std::string& prefix) {
    // Each is asked for even where another is missing, so that none is an unknown key.
    source.text = record.value_or<std::string>(prefix + "source", "");
    source.date = record.optional<Date>(prefix + "date");
    if (record.has(prefix + "kind")) {
      source.kind = record.choice<SourceKind>(prefix + "kind", source_kinds);
    }
    record.has(prefix + "note");
  };
  if (const Node* table = source_table(key)) {
    Record inside(*table, spoken(key), *faults_);
    inside.subject_ = the(key);
    inside.has("value");
    read_from(inside, "");
    inside.finish();
    return source;
  }
  read_from(*this, key + "_");
  if (source.text.empty() && !source.date && !source.kind) read_from(*this, "");
  return source;
}

std::size_t Record::read_choice(const std::string& key, const std::vector<std::string>& names) {
  const auto text = scalar_text(key, did_you_mean("", names));
  if (!text) return 0;
  const auto found = std::find(names.begin(), names.end(), *text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  field_fault(key, "which is not one of its words", did_you_mean(*text, names));
  return 0;
}

std::string Record::reference(const std::string& key, const std::vector<std::string>& names,
                              const std::string& what) {
  const std::string name = required<std::string>(key);
  if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return name;
  field_fault(key, fmt::format("but there is no such {}", what), did_you_mean(name, names));
  return "";
}

std::vector<std::string> Record::list(const std::string& key) {
  std::vector<std::string> items;
  if (!has(key)) return items;
  const auto field = find(key);
  if (!field->node) {
    std::string_view rest = field->text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view item = rest.substr(0, end);
      while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
      while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
      if (!item.empty()) items.emplace_back(item);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return items;
  }
  if (field->node->kind == NodeKind::text) return {field->text};
  for (const Node& item : field->node->items) {
    if (item.kind == NodeKind::text) {
      items.push_back(item.text);
    } else {
      faults_->add(item.spot.fault(
          fmt::format("an item of {} is {}", the(key), kind_with_article(item.kind)),
          "write texts in quotes"));
    }
  }
  if (field->node->kind != NodeKind::array) {
    fault(key, fmt::format("{} is {}", the(key), kind_with_article(field->node->kind)),
          fmt::format("write a list, as in {} = [\"a\", \"b\"]", key));
  }
  return items;
}

std::vector<std::string> Record::references(const std::string& key,
                                            const std::vector<std::string>& names,
                                            const std::string& what) {
  std::vector<std::string> known;
  for (const std::string& item : list(key)) {
    if (std::find(names.begin(), names.end(), item) != names.end()) {
      known.push_back(item);
    } else {
      fault(key, fmt::format("{} has \"{}\", but there is no such {}", the(key), item, what),
            did_you_mean(item, names));
    }
  }
  return known;
}

std::optional<Record> Record::table(const std::string& key, const std::string& what) {
  needs(node_ != nullptr, "a record of a TOML file");
  if (!has(key)) return std::nullopt;
  const Node* node = node_->find(key);
  if (node->kind != NodeKind::table) {
    fault(key, fmt::format("{} is {}", the(key), kind_with_article(node->kind)),
          fmt::format("write a table, as in [{}]", key));
    return std::nullopt;
  }
  return Record(*node, what, *faults_);
}

std::vector<Record> Record::tables(const std::string& key, const std::string& what) {
  needs(node_ != nullptr, "a record of a TOML file");
  std::vector<Record> records;
  if (!has(key)) return records;
  const Node* node = node_->find(key);
  const bool all_tables = node->kind == NodeKind::array &&
                          std::all_of(node->items.begin(), node->items.end(), [](const Node& item) {
                            return item.kind == NodeKind::table;
                          });
  if (!all_tables) {
    fault(key, fmt::format("{} is not a list of tables", the(key)),
          fmt::format("write each as [[{}]]", key));
    return records;
  }
  for (const Node& item : node->items) records.emplace_back(item, what, *faults_);
  return records;
}

std::vector<std::string> Record::keys() const {
  if (table_) return table_->columns();
  std::vector<std::string> names;
  for (const auto& member : node_->members) names.push_back(member.first);
  return names;
}

void Record::finish() {
  if (!node_) return;
  for (const auto& [key, node] : node_->members) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    faults_->add(node.key_spot.fault(fmt::format("there is no key \"{}\" in {}", key, subject_),
                                     did_you_mean(key, asked_)));
  }
}

}  // namespace vorrat
