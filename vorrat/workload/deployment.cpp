#include "vorrat/workload/deployment.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::workload {

namespace {

constexpr double chunk = 8192;           // tokens read in one pass of prefill
constexpr double usable_memory = 0.92;   // the rest is the runtime's, and left free against swings
constexpr double reserved_memory = 1.0;  // [GB] per accelerator: program, buffers
constexpr double held_output = 0.6;      // of the output is in the cache on average, with margin
constexpr double most_batch = 2048;      // requests per accelerator that schedulers keep
constexpr double least_breadth = 0.2;    // of routing, for the roofline: less than was ever fitted

bool is_tried(const Machine& machine, const Service& service, Layout layout) {
  if (service.accelerators > 0 && layout.size > service.accelerators) return false;
  if (layout.parallelism == Parallelism::expert && !machine.shape.is_mixture()) return false;
  const int tensor_most = std::min(machine.hardware.link_domain, 16);
  if (layout.parallelism == Parallelism::tensor && layout.size > std::max(1, tensor_most))
    return false;
  return !(layout.parallelism == Parallelism::pipeline && layout.size > 8);
}

struct Room {
  double weights = 0;    // [GB] in a replica
  double request = 0;    // [GB] of cache for one request
  double for_cache = 0;  // [GB] in a replica
};

Room room_of(const Machine& machine, const Service& service, Layout layout) {
  const double size = layout.size;
  const bool is_expert = layout.parallelism == Parallelism::expert;
  const bool is_tensor = layout.parallelism == Parallelism::tensor && layout.size > 1;
  Room room;
  room.weights = machine.shared_bytes * (is_expert ? size : 1) + machine.expert_bytes;
  const double copies = is_tensor ? size / std::min(size, machine.shape.cache_heads) : 1;
  room.request =
      machine.cache_bytes * machine.kept(service.input + held_output * service.output) * copies +
      machine.state_bytes;
  room.for_cache =
      (machine.hardware.memory * usable_memory - reserved_memory) * size - room.weights;
  return room;
}

// The time of a turn as a function of the batch.
struct Turn {
  const Machine& machine;
  const Efficiency& efficiency;
  const Service& service;
  Layout layout;
  PassTime reading;  // of one request's input

  Turn(const Machine& of_machine, const Efficiency& of_efficiency, const Service& of_service,
       Layout of_layout)
      : machine(of_machine), efficiency(of_efficiency), service(of_service), layout(of_layout) {
    const double read = service.input * (1 - service.shared_prefix);
    if (read > 0)
      reading = read / chunk *
                pass_time(machine, efficiency, layout, Phase::prefill, chunk,
                          {service.input - read, service.input});
  }

  PassTime operator()(double batch) const {
    return writing(batch) + batch / service.output * reading;
  }

  // What users see between two tokens, on the mean.
  double felt(double batch) const {
    return service.is_disaggregated ? writing(batch).total() : (*this)(batch).total();
  }

  PassTime writing(double batch) const {
    // With speculative decoding a pass works on all guessed tokens but reads each cache once.
    const double guesses = service.tokens_per_pass;
    PassTime time = pass_time(machine, efficiency, layout, Phase::decode, batch * guesses,
                              {service.input, service.input + service.output}, guesses);
    time = 1 / guesses * time;
    time.overhead += batch / layout.size * efficiency.token_overhead;
    return time;
  }
};

// The largest batch in [1, most] that feels no slower than `limit`; 1 if none does.
double largest_within(const Turn& turn, double most, double limit) {
  double low = 0, high = std::log(most);
  for (int i = 0; i < 30; ++i) {
    const double middle = (low + high) / 2;
    (turn.felt(std::exp(middle)) <= limit ? low : high) = middle;
  }
  return std::exp(low);
}

}  // namespace

std::string_view to_string(Arrival arrival) {
  switch (arrival) {
    case Arrival::offline:
      return "offline";
    case Arrival::service:
      return "service";
    case Arrival::interactive:
      break;
  }
  return "interactive";
}

std::string_view to_string(BatchLimit limit) {
  switch (limit) {
    case BatchLimit::memory:
      return "memory";
    case BatchLimit::per_token:
      return "time per token";
    case BatchLimit::concurrency:
      return "concurrency";
    case BatchLimit::software:
      break;
  }
  return "software";
}

std::span<const Layout> layouts() {
  static const std::vector<Layout> all = [] {
    std::vector<Layout> list = {{1, Parallelism::tensor}};
    for (int size = 2; size <= 64; size *= 2)
      for (auto way : {Parallelism::tensor, Parallelism::expert, Parallelism::pipeline})
        list.push_back({size, way});
    return list;
  }();
  return all;
}

Deployment deploy(const Machine& machine, const Efficiency& efficiency, const Service& service,
                  Layout layout) {
  needs(service.output > 0 && service.input >= 0, "output > 0 and input >= 0");
  Deployment result;
  result.layout = layout;
  const Room room = room_of(machine, service, layout);
  result.memory_needed = (room.weights + room.request) / layout.size / usable_memory;
  result.fits = room.for_cache >= room.request;
  if (!result.fits) return result;

  const double by_memory = room.for_cache / room.request;
  double most = by_memory;
  if (most_batch * layout.size < most) {
    most = most_batch * layout.size;
    result.batch_limit = BatchLimit::software;
  }
  if (service.concurrency < most) {
    most = std::max(1.0, service.concurrency);
    result.batch_limit = BatchLimit::concurrency;
  }
  const Turn turn(machine, efficiency, service, layout);
  const double limit =
      std::min(service.per_token / efficiency.slow_token_factor, service.mean_per_token);
  result.batch = most;
  if (turn.felt(most) > limit) {
    result.batch = largest_within(turn, most, limit);
    result.batch_limit = BatchLimit::per_token;
  }
  const PassTime time = turn(result.batch);
  result.per_token = turn.felt(result.batch);
  const double too_slow = std::min(1.0, limit * (1 + 1e-9) / result.per_token);

  const double reading = turn.reading.total();
  const double alone = layout.parallelism == Parallelism::tensor ? reading : layout.size * reading;
  const double queue = efficiency.first_token_queue * reading;
  if (std::isfinite(service.first_token))
    result.load = service.first_token / (service.first_token + alone + queue);
  result.first_token = alone + queue * result.load / std::max(1e-9, 1 - result.load);
  if (!std::isfinite(service.first_token)) result.first_token = alone;
  result.keeps_limits = too_slow >= 1 && alone < service.first_token;

  result.tokens_per_second = result.batch / time.total() / layout.size * too_slow * result.load;
  result.seconds_per_token = 1 / result.batch * time;
  return result;
}

Deployment best_deployment(const Machine& machine, const Efficiency& efficiency,
                           const Service& service) {
  if (service.layout) return deploy(machine, efficiency, service, *service.layout);
  Deployment best;
  for (const Layout layout : layouts()) {
    if (!is_tried(machine, service, layout)) continue;
    Deployment next = deploy(machine, efficiency, service, layout);
    const bool is_first = best.batch == 0 && best.memory_needed == 0;
    const bool is_nearer = !best.fits && !next.fits && next.memory_needed < best.memory_needed;
    if (is_first || (next.fits && !best.fits) || is_nearer ||
        (next.fits && next.tokens_per_second > best.tokens_per_second))
      best = next;
  }
  return best;
}

int smallest_replica(const Machine& machine, const Efficiency& efficiency, const Service& service) {
  int smallest = 0;
  for (const Layout layout : layouts()) {
    if (!is_tried(machine, service, layout) || (smallest > 0 && layout.size >= smallest)) continue;
    const Deployment next = deploy(machine, efficiency, service, layout);
    if (next.fits && next.keeps_limits) smallest = layout.size;
  }
  return smallest;
}

double roofline_bound(const Machine& machine, const Service& service) {
  const Hardware& hardware = machine.hardware;
  const Shape& shape = machine.shape;
  const double peak = std::max(hardware.fp16, machine.rate);
  const double embedding = shape.vocabulary * shape.hidden / 1e9;
  const double products = 2e-3 * std::max(0.0, shape.active_parameters - 2 * embedding);  // [TFLOP]
  const double read = service.input * (1 - service.shared_prefix);
  const double compute_seconds = (products * (read / service.output + 1)) / peak;
  const Positions written = {service.input, service.input + service.output};
  double best = 0;
  for (const Layout layout : layouts()) {
    if (!is_tried(machine, service, layout)) continue;
    const Room room = room_of(machine, service, layout);
    if (room.for_cache < room.request) continue;
    const double batch = std::min(room.for_cache / room.request, service.concurrency);
    const double bytes = (machine.shared_bytes +
                          machine.expert_bytes * machine.experts_touched(batch, least_breadth)) /
                             (batch * service.tokens_per_pass) +
                         machine.seen(written) * machine.cache_bytes + 2 * machine.state_bytes;
    best = std::max(best, std::min(1 / compute_seconds, hardware.bandwidth / bytes));
  }
  return best;
}

}  // namespace vorrat::workload
