// Reads one record, a table of a TOML file or a row of a CSV file, key by key, and collects every
// fault instead of stopping at the first.
//
//     Diagnostics faults;
//     Record site(*table, row, "site", faults);               // or Record(node, "site", faults)
//     const std::string name = site.identify("site");         // messages now say: site "north"
//     const Power power = site.required<Power>("power");      // power = "120 MW"
//     const auto pue = site.optional<double>("pue", Bounds::at_least(1));
//     const Uncertain lead = site.uncertain<Duration>("lead_time");   // "26 to 52 weeks (80 %)"
//     const Sourced<Uncertain> price = site.sourced_uncertain<UnitPrice>("price");
//     const Date known = site.required<Date>("known_on");
//     const auto way = site.choice<Way>("transaction", {{"buy", Way::buy}, {"lease", Way::lease}});
//     const std::string where = site.reference("site", site_names, "site");
//     site.finish();                                          // unknown keys are refused
//     if (faults.has_errors()) return std::unexpected(faults);
//
// What cannot be read comes back as a default value (zero, empty, the first choice) after its fault
// was noted, so that a loader reads on and reports all faults at once.
//
// A message names the key and the record: `the power of site "north" is "120 MWh", which is an
// energy`, with the hint `write a power, as in "120 MW"`.
//
// A count may be left unsaid: where a price per unit is asked, "27 kUSD" is read as per unit, and
// where a count is asked "20,000" is.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/base/diagnostics.h"
#include "vorrat/input/document.h"
#include "vorrat/input/sourced.h"
#include "vorrat/input/table.h"
#include "vorrat/quantity/quantity.h"
#include "vorrat/quantity/uncertain.h"

namespace vorrat {

/// What a number must keep to, in base units. A range that reaches beyond with its tails is cut
/// there; a range whose middle 80 % reaches beyond is a fault.
struct Bounds {
  double least = 0;  // the default: not negative
  double most = std::numeric_limits<double>::infinity();
  bool excludes_least = false;

  static Bounds any() { return {.least = -std::numeric_limits<double>::infinity()}; }
  static Bounds positive() { return {.excludes_least = true}; }
  static Bounds share() { return {.most = 1}; }
  static Bounds at_least(double least) { return {.least = least}; }
  static Bounds between(double least, double most) { return {.least = least, .most = most}; }
};

class Record {
 public:
  /// `what` is the kind of record in messages, as in "site". The node or table and `faults` must
  /// live as long as the record.
  Record(const Node& table, std::string what, Diagnostics& faults);
  Record(const Table& table, std::size_t row, std::string what, Diagnostics& faults);

  /// Reads the record's own name from this key and uses it in messages from now on.
  std::string identify(const std::string& key);
  /// As used in messages, as in `site "north"`.
  const std::string& subject() const { return subject_; }

  /// Whether something is written under this key (an empty cell is nothing). Counts as asked.
  bool has(const std::string& key);

  /// T: std::string, bool, int, double (a plain number or percentage), Date, Quarter, or any
  /// Quantity<D>. Bounds are for numbers.
  template <class T>
  T required(const std::string& key, const Bounds& bounds = {}) {
    T value{};
    if (expect(key)) read(key, bounds, value);
    return value;
  }
  template <class T>
  std::optional<T> optional(const std::string& key, const Bounds& bounds = {}) {
    T value{};
    if (!has(key) || !read(key, bounds, value)) return std::nullopt;
    return value;
  }
  template <class T>
  T value_or(const std::string& key, T fallback, const Bounds& bounds = {}) {
    return optional<T>(key, bounds).value_or(fallback);
  }

  /// A quantity whose dimension is known at run time only.
  AnyQuantity quantity(const std::string& key, Dimension dimension, const Bounds& bounds = {});
  /// A rate of exchange, as in "6.98 CNY/USD"; positive.
  AnyQuantity exchange_rate(const std::string& key);
  /// A quantity or a range; see parse_uncertain.
  Uncertain uncertain(const std::string& key, Dimension dimension, const Bounds& bounds = {});
  template <class Q>
  Uncertain uncertain(const std::string& key, const Bounds& bounds = {}) {
    return uncertain(key, Q::dimension, bounds);
  }
  template <class Q>
  std::optional<Uncertain> optional_uncertain(const std::string& key, const Bounds& bounds = {}) {
    if (!has(key)) return std::nullopt;
    return uncertain(key, Q::dimension, bounds);
  }

  /// With its source. In TOML a value may be written { value = ..., source = ..., date = ...,
  /// kind = ... }; elsewhere, and in CSV, the keys x_source, x_date and x_kind beside x, or else
  /// source, date and kind of the record, say it.
  template <class T>
  Sourced<T> sourced(const std::string& key, const Bounds& bounds = {}) {
    Sourced<T> result;
    result.value = required<T>(key, bounds);
    result.source = source_of(key);
    return result;
  }
  template <class Q>
  Sourced<Uncertain> sourced_uncertain(const std::string& key, const Bounds& bounds = {}) {
    Sourced<Uncertain> result;
    result.value = uncertain<Q>(key, bounds);
    result.source = source_of(key);
    return result;
  }
  Source source_of(const std::string& key);

  /// One of the listed words. Needs one word at least.
  template <class E>
  E choice(const std::string& key, const std::vector<std::pair<std::string, E>>& words) {
    std::vector<std::string> names;
    for (const auto& entry : words) names.push_back(entry.first);
    const std::size_t index = expect(key) ? read_choice(key, names) : 0;
    return words[index].second;
  }
  template <class E>
  E choice_or(const std::string& key, const std::vector<std::pair<std::string, E>>& words,
              E fallback) {
    return has(key) ? choice<E>(key, words) : fallback;
  }

  /// A name that must be among `names`; `what` says of what, as in "site". An empty text if not.
  std::string reference(const std::string& key, const std::vector<std::string>& names,
                        const std::string& what);
  /// The items of a TOML list of texts, or of a cell separated by ";". Empty if nothing is written.
  std::vector<std::string> list(const std::string& key);
  std::vector<std::string> references(const std::string& key, const std::vector<std::string>& names,
                                      const std::string& what);

  /// A table inside this one; nothing if it is not written. TOML only.
  std::optional<Record> table(const std::string& key, const std::string& what);
  /// Each table of a list of tables [[key]]. TOML only.
  std::vector<Record> tables(const std::string& key, const std::string& what);
  /// The keys as written, in the order of the file; asking for them is not reading them.
  std::vector<std::string> keys() const;

  /// Notes a fault of our own at this key (at the record if it is not written).
  void fault(const std::string& key, std::string message, std::string hint = {},
             Severity severity = Severity::error);
  /// Where the value of this key stands; the record if it is not written.
  Spot spot(const std::string& key) const;
  /// What is written under this key; "" if nothing.
  std::string text(const std::string& key) const;
  Diagnostics& faults() { return *faults_; }
  /// The TOML table that is read; null for a CSV row.
  const Node* node() const { return node_; }

  /// Notes a fault for each key that nobody asked for. For CSV rows Table::check_columns does it.
  void finish();

 private:
  // What is written under a key. In TOML with { value = ... } the value inside.
  struct Field {
    std::string text;
    Spot spot;
    const Node* node = nullptr;  // null in CSV
  };
  std::optional<Field> find(const std::string& key) const;
  const Node* source_table(const std::string& key) const;
  bool expect(const std::string& key);
  std::optional<std::string> scalar_text(const std::string& key, const std::string& wanted);
  std::string the(const std::string& key) const;
  void field_fault(const std::string& key, const std::string& message, const std::string& hint);
  void text_fault(const std::string& key, const Field& field, const TextFault& fault);
  bool read_number(const std::string& key, Dimension dimension, const Bounds& bounds,
                   AnyQuantity& value);
  bool fits(const std::string& key, const AnyQuantity& value, const Bounds& bounds,
            const std::string& example);
  std::size_t read_choice(const std::string& key, const std::vector<std::string>& names);

  bool read(const std::string& key, const Bounds& bounds, std::string& value);
  bool read(const std::string& key, const Bounds& bounds, bool& value);
  bool read(const std::string& key, const Bounds& bounds, int& value);
  bool read(const std::string& key, const Bounds& bounds, double& value);
  bool read(const std::string& key, const Bounds& bounds, Date& value);
  bool read(const std::string& key, const Bounds& bounds, Quarter& value);
  template <Dimension D>
  bool read(const std::string& key, const Bounds& bounds, Quantity<D>& value) {
    AnyQuantity any;
    if (!read_number(key, D, bounds, any)) return false;
    value = Quantity<D>::from(any);
    return true;
  }

  const Node* node_ = nullptr;
  const Table* table_ = nullptr;
  std::size_t row_ = 0;
  std::string what_;
  std::string subject_;
  Diagnostics* faults_;
  std::vector<std::string> asked_;
};

}  // namespace vorrat
