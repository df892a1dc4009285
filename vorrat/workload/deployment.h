// What an operator would do: the spread over accelerators and the batch that serve most tokens per
// accelerator within the service limits.
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vorrat/workload/roofline.h"

namespace vorrat::workload {

/// How requests come.
enum class Arrival {
  offline,     // all at once, nobody waits
  service,     // when users like
  interactive  // when users like, and limits are tight
};
std::string_view to_string(Arrival arrival);

/// What is asked of a deployment. Infinity means no limit.
struct Service {
  double input = 0;          // mean tokens read per request
  double output = 0;         // mean tokens written per request
  double shared_prefix = 0;  // share of the input found in a cache
  double first_token = std::numeric_limits<double>::infinity();     // 99th percentile [s]
  double per_token = std::numeric_limits<double>::infinity();       // 99th percentile [s]
  double mean_per_token = std::numeric_limits<double>::infinity();  // [s]
  double concurrency = std::numeric_limits<double>::infinity();     // requests at once per replica
  double tokens_per_pass = 1;     // written per pass and request; above 1 with speculative decoding
  bool is_disaggregated = false;  // read on other accelerators than those that write
  int accelerators = 0;           // largest replica; 0 = up to 64
  Arrival arrival = Arrival::offline;
  std::optional<Layout> layout;  // if the operator has chosen
};

/// What keeps the batch from growing.
enum class BatchLimit { memory, per_token, concurrency, software };
std::string_view to_string(BatchLimit limit);

struct Deployment {
  bool fits = false;          // the weights and one request fit in memory
  bool keeps_limits = false;  // one request at a time is quick enough
  Layout layout;
  double batch = 0;  // requests at once per replica
  BatchLimit batch_limit = BatchLimit::memory;
  double load = 1;               // share of capacity that can be used with short enough queues
  double tokens_per_second = 0;  // written, per accelerator, by software mature but for experts
  double first_token = 0;        // [s], 99th percentile expected at that load
  double per_token = 0;          // [s], mean
  PassTime seconds_per_token;    // written token, per replica: where the time goes, both phases
  double memory_needed = 0;      // [GB] per accelerator for weights and one request
};

/// The layouts an operator would try: replicas of 1 to 64 by powers of two.
std::span<const Layout> layouts();

/// One layout with its largest batch. Throughput is batch / time of a turn, where a turn writes one
/// token of each request in the batch and reads the input of batch / output requests:
///     turn(b) = pass(b tokens) + b (reading + token_overhead / size) / output
/// Where reading has accelerators of its own, as many as it needs, the sum per accelerator is the
/// same, but only the pass counts against the limit on the time per token. Throughput
/// grows with b, so the best batch is the largest that memory and limits allow. The wait for the
/// first token grows with the load: load = limit / (limit + reading alone + queue reading).
Deployment deploy(const Machine& machine, const Efficiency& efficiency, const Service& service,
                  Layout layout);

/// The best of all layouts (most tokens per second and accelerator; the smaller replica if equal).
/// If nothing fits, the result says so and what memory the nearest layout would need.
Deployment best_deployment(const Machine& machine, const Efficiency& efficiency,
                           const Service& service);

/// The fewest accelerators on which some layout fits and keeps the limits; 0 = none does.
int smallest_replica(const Machine& machine, const Efficiency& efficiency, const Service& service);

/// What an accelerator could write at most were every rating reached in full, every byte moved once
/// and nothing in the way [tokens/s]: the smaller of compute and bandwidth, best layout.
double roofline_bound(const Machine& machine, const Service& service);

}  // namespace vorrat::workload
