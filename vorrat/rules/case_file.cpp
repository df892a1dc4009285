#include "vorrat/rules/case_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"

namespace vorrat::rules {
namespace {

RatedItem read_item(Record record, const std::string& id) {
  RatedItem result;
  Item& item = result.item;
  item.id = id;
  item.name = record.required<std::string>("name");
  item.designer = record.required<std::string>("designer");
  result.seller = record.required<std::string>("seller");
  item.data_centre = answer(record.required<bool>("data_centre"));
  for (const auto& [format, bits] :
       std::map<std::string, int>{{"fp16", 16}, {"fp8", 8}, {"fp4", 4}}) {
    if (const auto tops = record.optional<double>(format))
      item.ratings.push_back({format, bits, *tops});
  }
  item.die_area_mm2 = record.optional<double>("die_area");
  item.process = Process::non_planar;
  item.dram_gb_per_s = record.optional<double>("dram_bandwidth");
  item.sram_gb_per_s = record.optional<double>("sram_bandwidth");
  item.io_gb_per_s = record.optional<double>("io_bandwidth");
  if (const auto sold = record.optional<bool>("sold_in_us"); sold && !*sold) {
    item.sale_in_us.ever = Answer::no;
  }
  result.is_inferred = !record.optional<std::string>("inferred").value_or("").empty();
  record.finish();
  return result;
}

Deal read_deal(Record& record, const std::string& seller) {
  Deal deal;
  deal.seller = seller;
  deal.transaction = record.choice_or<Transaction>("transaction",
                                                   {{"buy", Transaction::buy},
                                                    {"lease", Transaction::lease},
                                                    {"remote_use", Transaction::remote_use},
                                                    {"keep_running", Transaction::keep_running}},
                                                   Transaction::buy);
  deal.destination = record.value_or<std::string>("to", "CN");
  deal.exported_from = record.value_or<std::string>("exported_from", "US");
  deal.user.name = record.value_or<std::string>("user", "A Chinese firm");
  deal.user.headquarters = record.value_or<std::string>("headquarters", "CN");
  deal.user.parent = record.value_or<std::string>("parent", "CN");
  deal.site_owner.headquarters = record.value_or<std::string>("owner_headquarters", "");
  deal.site_owner.parent = record.value_or<std::string>("owner_parent", "");
  deal.received = record.optional<Date>("received");
  deal.site_is_state_funded = answer(record.value_or<bool>("state_funded_site", false));
  deal.site_is_validated = answer(record.value_or<bool>("validated_site", false));
  deal.owned_by_listed_parties = answer(record.value_or<bool>("owned_by_listed_parties", false));
  return deal;
}

// A line of words, as in "us-licence free"; a fault, and none, if it has not as many as it needs.
std::vector<std::string> words(Record& record, const std::string& key, const std::string& line,
                               std::size_t count, const char* form) {
  std::istringstream stream(line);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  if (result.size() != count) {
    record.fault(key, fmt::format("\"{}\" has not {} words", line, count),
                 fmt::format("write it as in \"{}\"", form));
    result.clear();
  }
  return result;
}

template <typename Value>
std::string joined(const std::vector<Value>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) {
    if constexpr (std::is_same_v<Value, std::string>) {
      texts.push_back(value);
    } else {
      texts.push_back(to_string(value));
    }
  }
  return texts.empty() ? "none" : fmt::format("{}", fmt::join(texts, "; "));
}

double tpp_of(const Item& item) { return measured(item, Measure::tpp).value.to_double(); }

void add(std::vector<Asked>& asked, std::string what, std::string expected, std::string found) {
  const bool agrees = expected == found;
  asked.push_back({std::move(what), std::move(expected), std::move(found), agrees});
}

void add_near(std::vector<Asked>& asked, std::string what, double expected, double found,
              double tolerance) {
  asked.push_back({std::move(what), fmt::format("{}", expected), fmt::format("{:.6g}", found),
                   std::abs(found - expected) <= tolerance});
}

void ask_ratings(std::vector<Asked>& asked, Record& record, const Item& item) {
  if (const auto tpp = record.optional<double>("tpp")) {
    add_near(asked, "tpp", *tpp, std::round(tpp_of(item)), 0.0);
  }
  if (const auto density = record.optional<double>("performance_density")) {
    const auto found = measured(item, Measure::performance_density);
    // Published with two decimals.
    add_near(asked, "performance_density", *density,
             found.value.to_double() / found.divisor.to_double(), 0.005001);
  }
}

void ask_deal(std::vector<Asked>& asked, Record& record, const Item& item, const Deal& deal,
              Date day, const Rulebook& book) {
  const Classification answer = book.on(day).classify(item, deal);
  const auto text = [&](const char* key, auto found) {
    if (record.has(key)) {
      add(asked, key, record.required<std::string>(key), std::string(found()));
    }
  };
  const auto list = [&](const char* key, auto found) {
    if (record.has(key)) add(asked, key, joined(record.list(key)), joined(found()));
  };
  text("status", [&] { return to_string(answer.status); });
  for (const auto& line : record.list("gates")) {
    const auto gate = words(record, "gates", line, 2, "us-licence free");
    if (gate.empty()) continue;
    add(asked, gate[0], gate[1], std::string(to_string(answer.gate(book, gate[0]).status)));
  }
  text("review", [&] { return to_string(answer.gate(book, "us-licence").review); });
  list("charges", [&] { return answer.charges(); });
  list("quotas", [&] { return answer.quotas(); });
  list("risks", [&] { return answer.risks(); });
}

std::string answer_of(std::string_view provision, const Item& item, const Deal& deal, Date day,
                      const Rulebook& book) {
  for (const auto& step : book.on(day).explain(item, deal).trace) {
    if (step.provision->id == provision) return std::string(to_string(step.applies));
  }
  return "not in force";
}

void ask_provisions(std::vector<Asked>& asked, Record& record, const Item& item, const Deal& deal,
                    const Rulebook& book) {
  for (const auto& line : record.list("answers")) {
    const auto part = words(record, "answers", line, 3, "2023-12-01 us-2022-10/3A090 yes");
    if (part.empty()) continue;
    const auto day = parse_date(part[0]);
    if (!day) {
      record.fault("answers", fmt::format("\"{}\" does not begin with a day", line),
                   "write it as in \"2023-12-01 us-2022-10/3A090 yes\"");
      continue;
    }
    add(asked, part[1] + " on " + part[0], part[2], answer_of(part[1], item, deal, *day, book));
  }
}

std::vector<std::string> names_of(const RatedItems& items) {
  std::vector<std::string> names;
  for (const auto& [id, item] : items) names.push_back(id);
  return names;
}

CaseOutcome ask_case(Record record, const RatedItems& items, const Rulebook& book) {
  CaseOutcome result;
  result.name = record.identify("name");
  result.source = record.value_or<std::string>("source", "");
  const auto found = items.find(record.reference("item", names_of(items), "item"));
  if (found == items.end()) return result;
  const Item& item = found->second.item;
  result.counts = !found->second.is_inferred;
  const Deal deal = read_deal(record, found->second.seller);
  ask_ratings(result.asked, record, item);
  if (const auto day = record.optional<Date>("on"))
    ask_deal(result.asked, record, item, deal, *day, book);
  ask_provisions(result.asked, record, item, deal, book);
  record.finish();
  return result;
}

CaseOutcome ask_ratio(Record record, const RatedItems& items) {
  CaseOutcome result;
  result.name = record.identify("name");
  const auto tpp = [&](const char* key) {
    const auto found = items.find(record.reference(key, names_of(items), "item"));
    return found == items.end() ? 1.0 : tpp_of(found->second.item);
  };
  const double dividend = tpp("of");
  const double divisor = record.has("to_tpp") ? record.required<double>("to_tpp") : tpp("to");
  const double published = record.required<double>("is");
  add_near(result.asked, "ratio of TPP", published, dividend / divisor, 0.005 * published);
  record.finish();
  return result;
}

}  // namespace

bool CaseOutcome::agrees() const {
  return !asked.empty() && std::ranges::all_of(asked, &Asked::agrees);
}

std::expected<RatedItems, Diagnostics> read_rated_items(const std::filesystem::path& path) {
  const auto document = Document::read(path);
  if (!document) return std::unexpected(document.error());
  Diagnostics faults;
  Record file(document->root(), "file of items", faults);
  RatedItems result;
  if (auto table = file.table("item", "items")) {
    for (const auto& id : table->keys()) result[id] = read_item(*table->table(id, "item"), id);
  }
  file.finish();
  if (faults.has_errors()) return std::unexpected(faults);
  return result;
}

std::expected<std::vector<CaseOutcome>, Diagnostics> ask_cases(const std::filesystem::path& path,
                                                               const RatedItems& items,
                                                               const Rulebook& book) {
  const auto document = Document::read(path);
  if (!document) return std::unexpected(document.error());
  Diagnostics faults;
  Record file(document->root(), "file of cases", faults);
  std::vector<CaseOutcome> result;
  for (auto& record : file.tables("case", "case")) result.push_back(ask_case(record, items, book));
  for (auto& record : file.tables("ratio", "ratio")) result.push_back(ask_ratio(record, items));
  file.finish();
  if (faults.has_errors()) return std::unexpected(faults);
  return result;
}

}  // namespace vorrat::rules
