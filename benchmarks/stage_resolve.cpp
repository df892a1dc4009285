// Re-solves of stage LPs: ours against Clp, HiGHS and GLPK on the same traces, in one run.
//   stage_resolve            the whole table, as Markdown
//   stage_resolve NAME       one line of it
//   stage_resolve ours NAME [PASSES]  only ours on one family, for a profiler
#include <fmt/format.h>
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "replay.h"
#include "stage_families.h"
#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/lp/stage_solver.h"

namespace {

std::atomic<long> allocations{0};

}  // namespace

// Counts every allocation of the process, whichever library asks (glibc lends its own by this
// name).
extern "C" void* __libc_malloc(size_t size);
extern "C" void* __libc_calloc(size_t count, size_t size);
extern "C" void* __libc_realloc(void* old, size_t size);
extern "C" void* malloc(size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
extern "C" void* calloc(size_t count, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
extern "C" void* realloc(void* old, size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(old, size);
}

namespace vorrat::benchmarks {
namespace {

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Ours by its lean interface, cuts in a pool.
class OurReplay final : public Replay {
 public:
  OurReplay(const Family& family, const Trace& trace) : pool_(family.states.size()) {
    stage_.load(family.model);
    for (const Cut& cut : trace.cuts) pool_.append(cut.slope, cut.rhs);
    stage_.use_cuts(&pool_, family.states, std::span(&family.theta, 1));
  }
  std::string name() const override { return "vorrat"; }
  void load(const lp::Model&) override { stage_.resolve(); }
  void set_row_bounds(std::span<const double> lower, std::span<const double> upper) override {
    for (std::size_t i = 0; i < lower.size(); ++i) stage_.set_row_bounds(i, lower[i], upper[i]);
  }
  void set_costs(std::span<const double> cost) override {
    for (std::size_t j = 0; j < cost.size(); ++j) stage_.set_cost(j, cost[j]);
  }
  double solve() override {
    return stage_.resolve() == lp::Status::optimal ? stage_.objective() : std::nan("");
  }
  const lp::StageSolver::Counts& counts() const { return stage_.counts(); }

 private:
  lp::CutPool pool_;
  lp::StageSolver stage_;
};

struct Case {
  std::string name;
  Family family;
  std::size_t cuts;
  bool sorted;       // openings by similarity, every other state in reverse
  bool price_noise;  // costs change too
};

struct Bounds {
  std::vector<double> lower, upper, cost;
};

/// The bounds of the model's rows (not cuts) for each re-solve.
std::vector<Bounds> bounds_of(const Case& what, const Trace& trace) {
  const Family& family = what.family;
  const RandomStream draw(9, "prices");
  std::vector<Bounds> all;
  const std::size_t openings = family.openings.size();
  std::vector<std::size_t> order(openings);
  for (std::size_t o = 0; o < openings; ++o) order[o] = o;
  if (what.sorted) {
    std::ranges::sort(order, {}, [&](std::size_t o) {
      double sum = 0.0;
      for (const double value : family.openings[o]) sum += value;
      return sum;
    });
  }
  for (std::size_t r = 0; r < trace.right_hand_sides.size(); ++r) {
    const std::size_t visit = r / openings;
    const std::size_t at = r % openings;
    const bool reverse = what.sorted && visit % 2 == 1;
    const auto& rhs =
        trace.right_hand_sides[visit * openings + order[reverse ? openings - 1 - at : at]];
    Bounds bounds;
    for (std::size_t i = 0; i < rhs.size(); ++i) {
      const lp::Row& row = family.model.rows[i];
      const bool limit = row.upper < lp::infinity && row.upper != family.rhs[i];
      bounds.lower.push_back(row.lower == -lp::infinity || limit ? row.lower : rhs[i]);
      bounds.upper.push_back(row.upper == lp::infinity || limit ? row.upper : rhs[i]);
    }
    if (what.price_noise) {
      for (std::size_t j = 0; j < family.model.columns.size(); ++j) {
        const double factor = j == family.theta ? 1.0 : 0.8 + 0.4 * draw.uniform(r, j);
        bounds.cost.push_back(family.model.columns[j].cost * factor);
      }
    }
    all.push_back(bounds);
  }
  return all;
}

lp::Model with_cuts(const Family& family, const Trace& trace) {
  lp::Model model = family.model;
  for (const Cut& cut : trace.cuts) {
    const std::size_t row = model.add_row({cut.rhs, lp::infinity});
    for (std::size_t s = 0; s < cut.slope.size(); ++s) {
      if (cut.slope[s] != 0.0) model.add_entry(row, family.states[s], -cut.slope[s]);
    }
    model.add_entry(row, family.theta, 1.0);
  }
  return model;
}

struct Timing {
  double microseconds = 0.0;  // per re-solve
  double allocations = 0.0;   // per re-solve
};

/// One pass over the trace; `objectives` is filled.
Timing pass(Replay& replay, const std::vector<Bounds>& trace, std::vector<double>& objectives) {
  objectives.resize(trace.size());
  const long before = allocations.load();
  const double begin = cpu_seconds();
  for (std::size_t r = 0; r < trace.size(); ++r) {
    if (!trace[r].cost.empty()) replay.set_costs(trace[r].cost);
    replay.set_row_bounds(trace[r].lower, trace[r].upper);
    objectives[r] = replay.solve();
  }
  const double count = static_cast<double>(trace.size());
  return {1e6 * (cpu_seconds() - begin) / count,
          static_cast<double>(allocations.load() - before) / count};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::vector<Case> cases() {
  const Family capacities = capacity(12, 4, 3);
  std::vector<Case> all;
  for (const std::size_t cuts : {0, 50, 200, 500}) {
    all.push_back({fmt::format("hydro, {} cuts", cuts), hydro(), cuts, false, false});
  }
  all.push_back({"hydro, 200 cuts, sorted openings", hydro(), 200, true, false});
  all.push_back({"hydro, 200 cuts, price noise", hydro(), 200, false, true});
  for (const std::size_t cuts : {0, 50, 200, 500}) {
    all.push_back({fmt::format("capacity, {} cuts", cuts), capacities, cuts, false, false});
  }
  all.push_back({"capacity, 200 cuts, sorted openings", capacities, 200, true, false});
  all.push_back({"capacity, 200 cuts, price noise", capacities, 200, false, true});
  for (const auto& [chips, sites] : {std::pair{24, 4}, std::pair{30, 6}}) {
    const Family larger =
        capacity(static_cast<std::size_t>(chips), static_cast<std::size_t>(sites), 3);
    all.push_back({fmt::format("capacity {} x {}, 100 cuts", larger.model.rows.size(),
                               larger.model.columns.size()),
                   larger, 100, false, false});
  }
  return all;
}

void measure(const Case& what) {
  const Trace trace = record(what.family, 12, what.cuts, 30);
  const std::vector<Bounds> bounds = bounds_of(what, trace);
  const lp::Model model = with_cuts(what.family, trace);

  std::vector<std::unique_ptr<Replay>> replays;
  auto ours = std::make_unique<OurReplay>(what.family, trace);
  const lp::StageSolver::Counts& counts = ours->counts();
  replays.push_back(std::move(ours));
  replays.push_back(make_clp());
  replays.push_back(make_highs());
  if (auto glpk = make_glpk()) replays.push_back(std::move(glpk));

  std::vector<std::vector<double>> times(replays.size());
  std::vector<double> allocated(replays.size());
  std::vector<std::vector<double>> objectives(replays.size());
  for (auto& replay : replays) replay->load(model);
  for (int repetition = 0; repetition < 6; ++repetition) {  // the first warms up
    for (std::size_t k = 0; k < replays.size(); ++k) {
      const Timing timing = pass(*replays[k], bounds, objectives[k]);
      if (repetition > 0) times[k].push_back(timing.microseconds);
      allocated[k] = timing.allocations;
    }
  }
  std::string line = fmt::format("| {} | {:.1f} |", what.name, median(times[0]));
  std::vector<double> differences;
  for (std::size_t k = 1; k < replays.size(); ++k) {
    line +=
        fmt::format(" {:.0f} ({:.1f}x) |", median(times[k]), median(times[k]) / median(times[0]));
    differences.push_back(0.0);
    for (std::size_t r = 0; r < bounds.size(); ++r) {
      const double difference =
          std::abs(objectives[k][r] - objectives[0][r]) / std::max(1.0, std::abs(objectives[0][r]));
      differences.back() = std::max(differences.back(), std::isnan(difference) ? 1.0 : difference);
    }
  }
  if (replays.size() == 3) line += " - |";
  const double solves = static_cast<double>(counts.solves);
  std::string agreement;
  for (const double difference : differences) agreement += fmt::format("{:.0e} ", difference);
  fmt::print("{} {:.1f} + {:.1f} | {:.2f} | {}| {} |\n", line,
             static_cast<double>(counts.dual_pivots) / solves,
             static_cast<double>(counts.primal_pivots) / solves, allocated[0], agreement,
             counts.hand_overs);
  std::fflush(stdout);
}

void measure_ours(const std::string& name, int passes) {
  for (const Case& what : cases()) {
    if (!what.name.starts_with(name)) continue;
    const Trace trace = record(what.family, 12, what.cuts, 30);
    const std::vector<Bounds> bounds = bounds_of(what, trace);
    OurReplay ours(what.family, trace);
    std::vector<double> objectives, times;
    for (int repetition = 0; repetition < passes; ++repetition) {
      times.push_back(pass(ours, bounds, objectives).microseconds);
    }
    const auto& counts = ours.counts();
    const double solves = static_cast<double>(counts.solves);
    fmt::print(
        "{}: {:.2f} us (least {:.2f}), {:.2f} dual and {:.2f} primal pivots, {:.2f} flips, {:.4f} "
        "inversions, {} perturbations, {} cold, {} handed over\n",
        name, median(times), std::ranges::min(times),
        static_cast<double>(counts.dual_pivots) / solves,
        static_cast<double>(counts.primal_pivots) / solves,
        static_cast<double>(counts.flips) / solves, static_cast<double>(counts.inversions) / solves,
        counts.perturbations, counts.cold_starts, counts.hand_overs);
  }
}

}  // namespace
}  // namespace vorrat::benchmarks

int main(int count, char** arguments) {
  using namespace vorrat::benchmarks;
  if (count >= 3 && std::string(arguments[1]) == "ours") {
    measure_ours(arguments[2], count > 3 ? std::atoi(arguments[3]) : 100);
    return 0;
  }
  fmt::print(
      "## Re-solving a stage LP\n\n"
      "Microseconds of CPU time per re-solve (new right-hand sides, solve, read objective, primal "
      "and duals),\n"
      "median of 5 passes over one trace of 300; in brackets how many times slower than vorrat. "
      "Traces are the\n"
      "backward passes of an SDDP run of 12 stages with 10 openings. Others hold the cuts as rows; "
      "vorrat reads\n"
      "them from its pool. Clp runs as it was measured fastest (dual(0, 7), perturbation off, no "
      "scaling), HiGHS and GLPK\n"
      "with their defaults. Pivots are ours, dual + primal; allocations are ours per re-solve; "
      "differences are the\n"
      "largest relative ones between our objective and that of Clp, HiGHS and GLPK.\n\n"
      "| stage LP | vorrat | Clp | HiGHS | GLPK | pivots | allocations | "
      "difference | handed over |\n"
      "|---|---|---|---|---|---|---|---|---|\n");
  for (const Case& what : cases()) {
    if (count == 1 || what.name == arguments[1]) measure(what);
  }
}
