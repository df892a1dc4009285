// May this deal be done on this day, under which conditions, and who says so?
//
// Every provision in force is asked. Those that apply and that no exception sets aside decide; of
// several, the strictest counts, since each needs its own yes. Gates are answered one by one: they
// are separate events in series, and a plan must pass all of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/rules/rulebook.h"

namespace vorrat::rules {

/// The answer of one gate.
struct GateAnswer {
  std::size_t gate = 0;  // row number in Rulebook::gates()
  Status status = Status::free;
  Review review = Review::none_stated;  // of the provisions that give the status
  Standing standing = Standing::covered;
};

/// One provision asked: a line of the trace.
struct TraceStep {
  const Provision* provision = nullptr;
  Answer asked = Answer::no;    // of its own condition
  Answer applies = Answer::no;  // after exceptions
  std::vector<const Provision*> set_aside_by{};
  std::vector<Reading> readings{};
};

/// The answer to one question. Pointers into the rulebook stay good as long as it lives; `law`
/// keeps it.
struct Classification {
  Status status = Status::unknown;          // the strictest gate; unknown if that cannot be said
  std::vector<GateAnswer> gates;            // in the order of Rulebook::gates()
  std::vector<const Provision*> applies;    // not set aside, of every gate
  std::vector<const Provision*> undecided;  // for want of a fact
  std::vector<TraceStep> trace;             // filled by explain()

  /// The answer of the gate with that id. Throws InvalidInput if there is none.
  const GateAnswer& gate(const Rulebook& book, std::string_view id) const;
  /// True where an order may be planned at once, without a licence.
  bool ships_freely() const { return status == Status::free || status == Status::notify; }
  /// True where an order ships only against a granted licence.
  bool needs_licence() const {
    return status == Status::licence_case_by_case || status == Status::licence_presumed_denied;
  }

  std::vector<Charge> charges() const;
  std::vector<Quota> quotas() const;
  std::vector<std::string> conditions() const;
  std::vector<std::string> risks() const;
};

/// The law of one day, or of a regime. Immutable; one object may answer on many threads.
class RulesInForce {
 public:
  /// The answer without a trace: some microseconds. Throws InvalidInput for an unknown country or a
  /// rating that cannot be meant.
  Classification classify(const Item& item, const Deal& deal) const;
  /// The same answer with its trace.
  Classification explain(const Item& item, const Deal& deal) const;

  Date day() const { return day_; }
  const Rulebook& rulebook() const { return book_; }
  /// The provisions in force, in the order in which they are asked.
  const std::vector<const Provision*>& provisions() const { return provisions_; }
  Standing standing(std::size_t gate) const { return standings_[gate]; }

 private:
  friend class Rulebook;
  RulesInForce(Rulebook book, Date day, std::vector<const Provision*> provisions,
               std::vector<Standing> standings);
  Classification answer(const Item& item, const Deal& deal, bool with_trace) const;
  Answer has_a_case(const Provision& exception, const Circumstances& circumstances) const;
  void settle_gates(Classification& result) const;

  Rulebook book_;
  Date day_;
  std::vector<const Provision*> provisions_;  // in the order of asking
  std::vector<Standing> standings_;           // [gate]
  std::vector<const Provision*> by_number_;   // null where not in force
  std::vector<CountrySet> groups_;            // [group], on the day
};

/// The whole explanation as text, for people: question, answer by gate, charges, quotas,
/// conditions, risks, and the trace with paragraph and numbers.
std::string to_string(const Classification& answer, const RulesInForce& law, const Item& item,
                      const Deal& deal);

}  // namespace vorrat::rules
