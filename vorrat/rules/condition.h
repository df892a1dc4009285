// The test of a provision, written so that a lawyer can read it:
//
//     tpp >= 4800 or (data_centre and tpp >= 1600 and performance_density >= 5.92)
//     meets us-2023-10/3A090.a and destination in {MO, D:5} and transaction is not keep_running
//
//   expression = conjunction { "or" conjunction }
//   conjunction = test { "and" test }
//   test = "not" test | "(" expression ")" | comparison
//   comparison = measure (">=" | ">" | "<" | "<=") number [unit]
//              | place ["not"] "in" "{" country or group { "," ... } "}"
//              | word "is" ["not"] value | word ["not"] "in" "{" value { "," ... } "}"
//              | flag | "meets" provision | "received" "before" day | "sold_in_us" "on" day
//
//   measure  tpp performance_density dram_bandwidth io_bandwidth dram_plus_io_bandwidth (GB/s)
//            memory_bandwidth_density (GB/s/mm2)
//   place    destination, exported_from, route (that or any country passed on the way),
//            holder and holder_parent (who takes the part: the user who buys, else the owner of
//            the site), user and user_parent, designer
//   word     transaction form seller item user_name
//   flag     data_centre state_funded_site new_site validated_site owned_by_listed_parties
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vorrat/quantity/text.h"
#include "vorrat/rules/countries.h"
#include "vorrat/rules/item.h"

namespace vorrat::rules {

enum class PlaceTerm {
  destination,
  exported_from,
  route,
  holder,
  holder_parent,
  user,
  user_parent,
  designer
};
enum class WordTerm { transaction, form, seller, item, user_name };
enum class FlagTerm {
  data_centre,
  state_funded_site,
  new_site,
  validated_site,
  owned_by_listed_parties
};
inline constexpr std::size_t measure_count = 6, place_term_count = 8, word_term_count = 5,
                             flag_term_count = 5;

/// The names that a condition may use.
struct Vocabulary {
  const Countries& countries;
  const std::vector<std::string>& groups;                          // as in "D:5"
  const std::unordered_map<std::string, std::size_t>& provisions;  // full id -> its number
  std::string instrument;  // whose provisions may be named without it
};

/// What may have been meant by the name of a provision that does not exist, written in
/// `instrument`; for a message.
std::string provision_hint(std::string_view name, std::vector<std::string> ids,
                           const std::string& instrument);

/// The facts of one question, with every country found.
class Facts {
 public:
  /// Throws InvalidInput for an unknown country or a rating that cannot be meant. Keeps references
  /// to item and deal, which must outlive it.
  Facts(const Item& item, const Deal& deal, const Countries& countries);

  const Item& item() const { return item_; }
  const Deal& deal() const { return deal_; }
  const Measurement& measurement(Measure measure) const {
    return measurements_[static_cast<std::size_t>(measure)];
  }
  /// Whether a place of the deal is in the set.
  Answer in(PlaceTerm term, const CountrySet& set) const;
  std::string_view word(WordTerm term) const;  // "" = not known
  Answer flag(FlagTerm term) const;
  /// The country or countries of a place, for people.
  std::string place_text(PlaceTerm term, const Countries& countries) const;

 private:
  const Item& item_;  // the question is the caller's; Facts lives for one answer
  const Deal& deal_;
  std::array<Measurement, measure_count> measurements_;
  std::array<Country, place_term_count> places_;
  CountrySet route_;
};

/// One comparison, its answer and the fact it looked at, for a trace.
struct Reading {
  std::string text;
  Answer answer;
};

/// What a condition is asked against.
struct Circumstances {
  const Facts& facts;
  const Countries& countries;
  std::span<const CountrySet> groups;  // by number of the group, on the day
  std::span<const Answer> provisions;  // by number of the provision, those asked before
};

class Condition {
 public:
  /// Always true.
  Condition() = default;

  /// Reads a condition; the fault names the word and its place in the text.
  static std::expected<Condition, TextFault> parse(std::string_view text,
                                                   const Vocabulary& vocabulary);

  /// Asks; stops as soon as the answer is sure. With `readings`, adds each comparison asked.
  Answer ask(const Circumstances& circumstances, std::vector<Reading>* readings = nullptr) const;

  /// Numbers of the provisions that the condition names with "meets".
  std::vector<std::size_t> provisions_named() const;
  bool has_threshold() const;
  const std::string& text() const { return text_; }

  /// True if it can be seen from the conditions alone that no question meets both: a measure, a
  /// country, a word or a flag would have to have two values. False means "not seen".
  friend bool surely_exclude_each_other(const Condition& a, const Condition& b);

 private:
  friend class ConditionReader;
  friend class Extent;
  enum class Kind {
    all,
    any,
    negation,
    measure,
    place,
    word,
    flag,
    meets,
    received_before,
    sold_on
  };
  enum class Relation { at_least, more_than, less_than, at_most };
  struct Node {
    Kind kind = Kind::all;
    std::vector<std::size_t> children{};  // all, any, negation: earlier nodes
    std::size_t term = 0;                 // number of the measure, place, word, flag or provision
    Relation relation = Relation::at_least;
    Decimal threshold{};
    CountrySet countries{};
    std::vector<std::size_t> groups{};
    std::vector<std::string> words{};
    Date day{};
    bool is_negated = false;  // "not in", "is not"
    std::string text{};       // of a comparison, as written
  };

  Answer ask(std::size_t node, const Circumstances& circumstances,
             std::vector<Reading>* readings) const;
  Answer compare(const Node& node, const Circumstances& circumstances) const;  // without "not"
  std::string fact(const Node& node, const Circumstances& circumstances) const;

  std::vector<Node> nodes_;  // the last one is the whole; none = always true
  std::string text_;
};

}  // namespace vorrat::rules
