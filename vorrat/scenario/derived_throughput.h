// What an accelerator delivers of a workload that names its model, by the calibrated throughput
// model (vorrat/workload), where the scenario's author wrote no figure.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/scenario.h"

namespace vorrat::scenario {

/// The calibrated models, read from the catalogue's data folder.
class ThroughputSource {
 public:
  /// Faults: those of the measurements and calibrations in `catalog.data_folder`.
  static std::expected<ThroughputSource, Diagnostics> load(const catalog::Catalog& catalog);

  /// One cell: `rate` is the 80 % band in the first quarter as a range, in the workload's unit;
  /// `progress` follows the software from quarter to quarter (training software is not taken to
  /// grow); `smallest_unit` is the fewest accelerators that can serve
  /// within the limits, or the training cluster. Its source says by what it is
  /// derived. Refused, with the reason as text: what does not fit, misses the limits, or has
  /// ratings or a size that were not published. `cell` has its accelerator and workload set.
  ///
  ///     tokens/s    written, or all: written x (input + output) / output
  ///     FLOP/s      6 x active parameters x trained tokens/s x share of time without failures
  ///
  /// Source of the latter's failures: Llama Team, arXiv 2407.21783, table 5: 419 in 54 days on
  /// 16,384 accelerators, 0.17 per accelerator and year.
  std::expected<Throughput, std::string> derive(const Scenario& scenario, Throughput cell) const;

 private:
  struct Models;
  std::shared_ptr<const Models> models_;  // shared by copies; immutable
};

}  // namespace vorrat::scenario
