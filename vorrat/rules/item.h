// What a rule is asked about: an accelerator by its ratings, and the deal by who, where and how.
//
// A rule sees nothing else: no catalogue, no price, no name of a scenario. So the law can be tested
// with a handful of numbers, and a rating that is missing stays missing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/date.h"
#include "vorrat/rules/answer.h"
#include "vorrat/rules/decimal.h"

namespace vorrat::rules {

/// The dense peak of one number format, for the whole package. Sparse figures are never used.
struct Rating {
  std::string format;     // as in "fp8"
  int bits = 0;           // length of the operation [bit], > 0
  double dense_tops = 0;  // [10^12 operations/s], >= 0
};

enum class Form { accelerator, system, loose_memory };

/// Whether the logic dies are made on a non-planar process (FinFET or gate-all-around). Performance
/// density counts only those.
enum class Process { unknown, non_planar, planar };

/// When a product was on general sale in the United States.
struct SaleInUs {
  Answer ever = Answer::unknown;
  std::optional<Date> from;   // first day, needed to answer `yes`
  std::optional<Date> until;  // last day; none = still on sale

  Answer on(Date day) const;
};

/// One kind of part. Every format that the part supports must be rated: the highest product counts.
struct Item {
  std::string id;        // as in the catalogue: "h200-sxm"
  std::string name;      // for people; the id if empty
  std::string designer;  // country of the firm that designs it; "" = not known
  Form form = Form::accelerator;
  Answer data_centre = Answer::unknown;  // designed or marketed for data centres
  std::vector<Rating> ratings;
  std::optional<double> die_area_mm2;  // logic dies of the package; never counts memory stacks
  Process process = Process::unknown;
  std::optional<double> dram_gb_per_s;  // all DRAM of the package; 0 if it has none
  std::optional<double> sram_gb_per_s;  // on the die; no rule counts it as DRAM
  std::optional<double> io_gb_per_s;    // both directions, everything but volatile memory
  std::optional<double> memory_density_gb_per_s_mm2;  // of a loose memory stack
  SaleInUs sale_in_us;
};

enum class Transaction {
  buy,          // the user takes the part
  lease,        // the owner of the site takes the part, the user has it to himself
  remote_use,   // the owner of the site takes the part, the user reaches it over a network
  keep_running  // the user received the part on `Deal::received` and goes on using it
};

/// Who, where and how. Countries are codes or names as Countries knows them; "" = not known.
struct Deal {
  struct Party {
    std::string name;          // as in "ByteDance"
    std::string headquarters;  // country
    std::string parent;        // country where the ultimate parent has its headquarters
  };

  Transaction transaction = Transaction::buy;
  std::string seller;            // firm that exports, as in "NVIDIA"
  std::string exported_from;     // country of the last export
  std::vector<std::string> via;  // countries passed on the way
  std::string destination;       // country of the site
  Party user;                    // end user: the buyer or lessee
  Party site_owner;              // needed for a lease and for remote use
  std::optional<Date> received;  // for keep_running

  // Facts that most deals do not have; a caller who knows better says so.
  Answer site_is_state_funded = Answer::no;
  Answer site_is_new = Answer::no;
  Answer site_is_validated = Answer::no;        // an approved data centre of the US programme
  Answer owned_by_listed_parties = Answer::no;  // 50 % or more, in sum
};

/// A figure that a rule compares, as a quotient of decimals so that nothing is rounded first.
struct Measurement {
  enum class State { known, not_given, does_not_apply };
  State state = State::not_given;
  Decimal value;
  Decimal divisor = Decimal(1.0);
  std::string missing;  // what is missing, or why it does not apply
};

/// What a rule may measure on an item.
enum class Measure {
  tpp,                      // highest of dense TOPS x bit length over all formats
  performance_density,      // TPP / die area [1/mm2]
  dram_bandwidth,           // [GB/s]
  io_bandwidth,             // [GB/s]
  dram_plus_io_bandwidth,   // [GB/s]
  memory_bandwidth_density  // [GB/s/mm2]
};

/// Throws InvalidInput, naming the rating, if a figure is negative, not finite, or a bit length is
/// not positive.
///
/// TPP = 2 x MacTOPS x bit length = TOPS x bit length, since a multiply-accumulate is two
/// operations (ECCN 3A090, technical notes).
Measurement measured(const Item& item, Measure measure);

/// The arithmetic behind a measurement, as in "TPP = 1979 (fp8) x 8 = 15832".
std::string arithmetic(const Item& item, Measure measure);

}  // namespace vorrat::rules
