// One provision of one legal instrument: when it applies, what it does, and who says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/rules/condition.h"
#include "vorrat/rules/dated.h"

namespace vorrat::rules {

/// What one gate, or all of them, say to a deal. The first five run from mild to strict.
enum class Status {
  free,
  notify,
  licence_case_by_case,
  licence_presumed_denied,
  prohibited,
  not_covered,  // the day is before the first or after the last day that was read
  unknown       // a fact is missing that would decide
};
std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view text);

/// How an application is looked at, from mild to strict.
enum class Review { none_stated, presumption_of_approval, case_by_case, presumption_of_denial };
std::string_view to_string(Review review);
std::optional<Review> parse_review(std::string_view text);

/// How well a statement is supported.
enum class Support {
  independent,  // two sources of different origin, or the text of the instrument itself
  reported,     // several sources that may go back to one
  single,       // one source
  computed,     // worked out from other figures
  assumed       // no source was found: check it before relying on it
};
std::string_view to_string(Support support);
std::optional<Support> parse_support(std::string_view text);

struct Evidence {
  std::string title;
  Support support = Support::assumed;
};

/// Money that goes to an authority because of a deal.
struct Charge {
  enum class Kind { fee, duty };
  enum class Base { revenue, customs_value };
  Kind kind = Kind::fee;
  double rate = 0;  // of the base, 1 = 100 %
  Base base = Base::revenue;
};

/// A limit on how many may ship. It binds the group: everybody under the same ultimate parent
/// together, whatever firm of the group, site or shipment.
struct Quota {
  enum class Shared { by_product, by_group, by_named_groups };
  Shared shared = Shared::by_group;
  std::optional<double> accelerators;           // a fixed number, over the time in force
  std::optional<double> share_of_us_shipments;  // [1] of the TPP of the product shipped to users in
                                                // the United States

  /// How many accelerators the quota allows, of a product of which `us_shipments` went to users in
  /// the United States. Nothing if it takes shipments to say and they are not known.
  std::optional<double> allows(std::optional<double> us_shipments) const;
};
std::string to_string(const Quota& quota);
std::string to_string(const Charge& charge);

/// One version of a provision. A provision without a status defines something that others name with
/// "meets", or adds a charge, a quota, conditions or risks where it applies.
struct Provision {
  std::string id;          // instrument/provision: "us-2023-10/3A090.a"
  std::size_t number = 0;  // of the id; the versions of one provision share it
  std::size_t instrument = 0;
  std::size_t gate = 0;
  Period period;
  bool suspended = false;  // on the books and not applied in this period
  std::string paragraph;
  std::string says;  // in our words
  Evidence source;
  Condition when;
  std::vector<std::size_t> overrides;      // numbers of the provisions it is an exception to
  std::vector<std::size_t> overridden_by;  // the same, seen from the other side
  std::optional<Status> status;
  std::optional<Review> review;
  std::optional<Charge> charge;
  std::optional<Quota> quota;
  std::vector<std::string> conditions;  // what must be shown or done
  std::vector<std::string> risks;       // what may change, or be read against the user
  Place place;                          // in its file
};

/// A legal instrument, or a report of one that is not published: one file.
struct Instrument {
  std::string id;
  std::string title;
  std::string gate;
  std::string form;  // rule, letter, guidance, statement, proclamation, practice, bill, list
  std::string citation;
  Date announced;
  Date read;  // the sources were last read on this day
  std::string file;
  std::vector<std::size_t> provisions;  // row numbers in Rulebook::provisions()
};

/// One authority whose yes is needed.
struct Gate {
  std::string id;  // "us_export"
  std::string name;
  std::string authority;
  Date covers_from;  // before it we have read nothing
  Date read;         // after it anything may have changed
};

}  // namespace vorrat::rules
