// All rules that have been read, by day: the law as it was, is, or would be in a regime.
//
//     const auto book = Rulebook::load("data/rules");            // every *.toml below the folder
//     const auto law = book->on(make_date(2026, 2, 1));          // what was in force that day
//     const auto answer = law.classify(item, deal);              // classify.h
//
//     RegimeRules shut{.law_of = today, .with = {}, .without = {"us-2026-01-cbc"}};
//     const auto if_shut = book->under(shut);                    // the same law less one
//     instrument
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/rules/provision.h"

namespace vorrat::rules {

class RulesInForce;

/// A country in a group, as in Malaysia in no group and China in D:5.
struct Membership {
  std::size_t group = 0;
  Country country = no_country;
  Period period;
  Evidence source;
};

/// What the rules ask about a product and a catalogue of ratings does not say.
struct ProductFacts {
  Answer data_centre = Answer::unknown;
  SaleInUs sale_in_us;
  bool memory_is_sram = false;
};

/// The law of a regime, as a difference from the law of a day. A scenario ties each state of its
/// Markov chain to one of these; nothing about law is typed by hand in an offer.
struct RegimeRules {
  Date law_of;
  std::vector<std::string> with;     // instruments in force besides, by id
  std::vector<std::string> without;  // instruments set aside, by id
};

/// The law under two differences from the same day, as of the states of two gates. Needs
/// a.law_of == b.law_of.
RegimeRules combined(const RegimeRules& a, const RegimeRules& b);

/// A provision that begins or ends between two days.
struct RuleChange {
  enum class Kind { begins, ends };
  Date day;  // first day on which the new state holds
  Kind kind = Kind::begins;
  std::size_t provision = 0;  // row number in Rulebook::provisions()
};

/// Rules from files. A value; copies share what was read, which never changes, so a copy may be
/// used from any thread.
class Rulebook {
 public:
  /// Reads every *.toml file below the folders, all faults at once. Refused, each with its own
  /// message: an unknown key, country, group or provision; a threshold without a source; versions
  /// of a provision with a gap or an overlap; provisions that define each other in a circle; two
  /// exceptions to one provision that may both apply, differ and have no order.
  static std::expected<Rulebook, Diagnostics> load(
      const std::vector<std::filesystem::path>& folders);

  /// The law of a day.
  RulesInForce on(Date day) const;

  /// The law of a regime. An instrument of `with` that is not in force on the day counts with its
  /// first version, if the day is before it, else with its last. Throws InvalidInput naming an
  /// unknown instrument.
  RulesInForce under(const RegimeRules& regime) const;

  /// Why no plan may be made from this day, and what to do: the day is before the first rule read,
  /// or after the day on which a file was last read. Nothing if every gate is covered.
  std::optional<std::string> why_not(Date day) const;

  /// What begins and ends after `from` until `to` inclusive, by day.
  std::vector<RuleChange> changes(Date from, Date to) const;

  const std::vector<Provision>& provisions() const;
  const std::vector<Instrument>& instruments() const;
  const std::vector<Gate>& gates() const;
  const Countries& countries() const;
  const std::vector<std::string>& groups() const;
  const std::vector<Membership>& memberships() const;

  /// What is known of a product by its id; all unknown if nothing is.
  ProductFacts product(std::string_view item) const;
  /// The country of the firm that designs what `vendor` sells; "" if not known.
  std::string designer(std::string_view vendor) const;

  /// The provision with that id in force on the day, or null.
  const Provision* find(std::string_view id, Date day) const;

 private:
  friend class RulesInForce;
  friend class RulebookReader;
  struct Contents;
  explicit Rulebook(std::shared_ptr<const Contents> contents) : contents_(std::move(contents)) {}
  /// Shared by a rulebook, its copies and every RulesInForce made from it: rules are read once and
  /// laws of a day are many.
  std::shared_ptr<const Contents> contents_;
};

struct Rulebook::Contents {
  Countries countries;
  std::vector<std::string> groups;
  std::vector<Membership> memberships;
  std::vector<Gate> gates;
  std::vector<Instrument> instruments;
  std::vector<Provision> provisions;
  std::map<std::string, ProductFacts, std::less<>> products;  // by item id
  std::map<std::string, std::string, std::less<>> designers;  // country code by vendor
  std::vector<std::string> ids;                               // by number
  std::vector<std::size_t> order;  // numbers, each after those it names and those that override it
};

}  // namespace vorrat::rules
