#include "vorrat/workload/roofline.h"

#include <algorithm>
#include <cmath>

#include "vorrat/base/error.h"

namespace vorrat::workload {

namespace {

using E = Efficiency;

constexpr std::array<EfficiencyPrior, efficiency_count> priors = {{
    {"compute_share", &E::compute_share, 0.65, 0.3, "1", "of the rated FLOP/s in products"},
    {"sixteen_bit_share", &E::sixteen_bit_share, 0.15, 0.7, "1", "of work not sped up"},
    {"attention_share", &E::attention_share, 0.65, 0.6, "1", "of the rating in attention"},
    {"exponential_share", &E::exponential_share, 1, 0.4, "1", "of the rated exponentials"},
    {"expert_share", &E::expert_share, 0.6, 0.5, "1", "of compute_share in experts"},
    {"bandwidth_share", &E::bandwidth_share, 0.75, 0.2, "1", "of the rated bandwidth"},
    {"cache_share", &E::cache_share, 0.7, 0.4, "1", "of bandwidth_share reading the cache"},
    {"activation_passes", &E::activation_passes, 10, 0.7, "1", "through memory per layer"},
    {"expert_imbalance", &E::expert_imbalance, 1, 0.5, "1", "of that of random routing"},
    {"expert_passes", &E::expert_passes, 6, 0.7, "1", "through memory per layer with experts"},
    {"dispatch_passes", &E::dispatch_passes, 4, 0.7, "1", "more, to experts elsewhere"},
    {"routing_breadth", &E::routing_breadth, 0.6, 0.5, "1", "experts of a further token"},
    {"link_share", &E::link_share, 0.6, 0.5, "1", "of the rated link"},
    {"hop", &E::hop, 5e-6, 0.7, "s", "per exchange"},
    {"layer_overhead", &E::layer_overhead, 3e-6, 0.7, "s", "per layer and pass"},
    {"expert_layer_overhead", &E::expert_layer_overhead, 6e-6, 0.8, "s", "more with experts"},
    {"token_overhead", &E::token_overhead, 4e-6, 1.0, "s", "per written token"},
    {"unpacked_share", &E::unpacked_share, 0.6, 0.5, "1", "of the 16-bit rate, unpacking weights"},
    {"pipeline_bubble", &E::pipeline_bubble, 0.15, 0.7, "1", "compute lost in a long pipeline"},
    {"first_token_queue", &E::first_token_queue, 3, 0.8, "1", "reading times waited, p99"},
    {"slow_token_factor", &E::slow_token_factor, 1.2, 0.25, "1", "p99 of time per token / mean"},
    {"service_loss", &E::service_loss, 0.04, 0.6, "log", "requests come when they like"},
    {"interactive_loss", &E::interactive_loss, 0.1, 0.7, "log", "more when limits are tight"},
    {"dense_immaturity", &E::dense_immaturity, 0.4, 1.0, "log", "lost in mid 2023, dense"},
    {"mixture_immaturity", &E::mixture_immaturity, 0.8, 1.0, "log", "lost in early 2025, experts"},
    {"maturing_years", &E::maturing_years, 0.6, 0.6, "years", "until immaturity is 1/e"},
    {"stack_delay", &E::stack_delay, 0.4, 0.7, "years", "software behind that of CUDA and ROCm"},
    {"family_immaturity", &E::family_immaturity, 0.3, 0.7, "log", "lost on a new family"},
    {"family_years", &E::family_years, 1, 0.5, "years", "until that is 1/e"},
}};

struct Storage {
  double shared_byte;  // bytes per parameter outside experts
  double expert_byte;  // bytes per parameter of an expert
  double rate;         // [TFLOP/s]
};

// Four-bit formats carry a scale for every 16 or 32 numbers, and published four-bit checkpoints
// keep part of the layers wider: 0.57 and 0.75 bytes per parameter, from the sizes of NVFP4
// checkpoints; GPT-OSS keeps all but its experts in 16 bits (60.8 GiB for 116.8 bn parameters).
Storage storage_of(const Hardware& hardware, const Shape& shape, Precision precision) {
  const double fp8 = hardware.fp8 > 0 ? hardware.fp8 : hardware.fp16;
  const double shared4 = shape.has_16_bit_attention ? 2.0 : 0.75;
  const double expert4 = shape.has_16_bit_attention ? 0.55 : 0.57;
  switch (precision) {
    case Precision::fp4:
      return {shared4, expert4, hardware.fp4 > 0 ? hardware.fp4 : hardware.fp16};
    case Precision::fp4_weights_fp8:
      return {shared4, expert4, hardware.fp4 > 0 ? hardware.fp4 : fp8};
    case Precision::fp8:
      return {1, 1, fp8};
    case Precision::fp16:
      break;
  }
  return {2, 2, hardware.fp16};
}

}  // namespace

const std::array<EfficiencyPrior, efficiency_count>& efficiency_priors() { return priors; }

Efficiency efficiency_from_logs(std::span<const double, efficiency_count> logs) {
  Efficiency efficiency;
  for (std::size_t i = 0; i < efficiency_count; ++i)
    efficiency.*priors[i].member = std::exp(logs[i]);
  return efficiency;
}

std::array<double, efficiency_count> logs_of(const Efficiency& efficiency) {
  std::array<double, efficiency_count> logs{};
  for (std::size_t i = 0; i < efficiency_count; ++i)
    logs[i] = std::log(efficiency.*priors[i].member);
  return logs;
}

std::string_view to_string(Parallelism parallelism) {
  switch (parallelism) {
    case Parallelism::tensor:
      return "tensor";
    case Parallelism::expert:
      return "expert";
    case Parallelism::pipeline:
      break;
  }
  return "pipeline";
}

double Shape::expert_parameters() const {
  if (!is_mixture()) return 0;
  return (parameters - active_parameters) / (experts - experts_per_token) * experts;
}

PassTime operator+(const PassTime& a, const PassTime& b) {
  return {a.compute + b.compute,         a.weights + b.weights, a.cache + b.cache,
          a.activations + b.activations, a.links + b.links,     a.overhead + b.overhead};
}

PassTime operator*(double factor, const PassTime& time) {
  return {factor * time.compute,     factor * time.weights, factor * time.cache,
          factor * time.activations, factor * time.links,   factor * time.overhead};
}

Machine::Machine(const Hardware& of_hardware, const Shape& of_shape, Precision precision)
    : hardware(of_hardware), shape(of_shape) {
  const Storage storage = storage_of(hardware, shape, precision);
  const bool has_narrow_weights =
      precision == Precision::fp4 || precision == Precision::fp4_weights_fp8;
  is_unpacked = has_narrow_weights && hardware.fp4 <= 0;
  rate = is_unpacked ? hardware.fp16 : storage.rate;
  const bool is_shared_wide = has_narrow_weights && shape.has_16_bit_attention;
  shared_rate = is_shared_wide ? hardware.fp16 : rate;
  is_shared_unpacked = is_unpacked && !is_shared_wide;
  const double in_experts = shape.expert_parameters();
  shared_bytes = (shape.parameters - in_experts) * storage.shared_byte;
  expert_bytes = in_experts * storage.expert_byte;
  // Kernels that unpack a model with 16-bit attention keep its cache in 16 bits too.
  const bool is_cache_wide = precision == Precision::fp16 || (is_unpacked && is_shared_wide);
  const double cache_byte = is_cache_wide ? 2 : hardware.cache_byte;
  cache_bytes = shape.cache_numbers * cache_byte / 1e9;
  state_bytes = shape.state_numbers * 4 / 1e9;
  attention_rate = cache_byte < 2 && hardware.fp8 > 0 ? hardware.fp8 : hardware.fp16;
}

double Machine::kept(double length) const {
  const double in_window = std::min(length, shape.sliding_window);
  return (1 - shape.sliding_share) * length + shape.sliding_share * in_window;
}

double Machine::seen(Positions at) const {
  const double middle = (at.from + at.to) / 2, window = shape.sliding_window;
  if (shape.sliding_share <= 0 || window <= 0) return middle;
  // What tokens up to p have looked at inside a window.
  const auto sum = [&](double p) {
    const double whole = shape.has_chunks ? std::floor(p / window) : 0;
    const double rest = p - whole * window;
    const double inside = std::min(rest, window);
    return whole * window * window / 2 + inside * inside / 2 + window * (rest - inside);
  };
  const double to = std::max(at.to, at.from + 1);
  const double in_window = (sum(to) - sum(at.from)) / (to - at.from);
  return (1 - shape.sliding_share) * middle + shape.sliding_share * in_window;
}

double Machine::experts_touched(double tokens, double breadth) const {
  if (!shape.is_mixture()) return 0;
  const double unrelated = std::min(tokens, 1 + breadth * std::max(0.0, tokens - 1));
  return 1 - std::pow(1 - shape.experts_per_token / shape.experts, unrelated);
}

double Machine::busiest_over_mean(double tokens, double size, double imbalance) const {
  if (!shape.is_mixture() || size <= 1) return 1;
  const double mean = tokens * shape.experts_per_token / size;
  return std::min(size, 1 + imbalance * std::sqrt(2 * std::log(size) / mean));
}

namespace {

// Products and exponentials of attention, of which the longer counts, on one accelerator [s].
double attention_time(const Machine& machine, const Efficiency& efficiency, Phase phase,
                      double tokens, Positions at) {
  const Shape& shape = machine.shape;
  const double pairs = tokens * machine.seen(at) / 1e12;
  const double products =
      pairs * (phase == Phase::prefill ? shape.prefill_attention : shape.decode_attention) /
      (machine.attention_rate * efficiency.attention_share);
  if (machine.hardware.exponentials <= 0) return products;
  return std::max(products, pairs * shape.scores /
                                (machine.hardware.exponentials * efficiency.exponential_share));
}

}  // namespace

PassTime pass_time(const Machine& machine, const Efficiency& efficiency, Layout layout, Phase phase,
                   double tokens, Positions at, double guesses) {
  needs(tokens > 0 && guesses >= 1 && layout.size >= 1,
        "tokens > 0, guesses >= 1 and layout.size >= 1");
  const Hardware& hardware = machine.hardware;
  const Shape& shape = machine.shape;
  const double size = layout.size;
  const bool is_tensor = layout.parallelism == Parallelism::tensor && layout.size > 1;
  const bool is_expert = layout.parallelism == Parallelism::expert;
  const bool is_pipeline = layout.parallelism == Parallelism::pipeline;

  PassTime time;
  const double in_experts = shape.expert_parameters();
  const double active_in_experts =
      shape.is_mixture() ? in_experts * shape.experts_per_token / shape.experts : 0;
  // Looking an embedding up costs nothing; the product with the output table is counted.
  const double embedding = shape.vocabulary * shape.hidden / 1e9;
  const double active_shared =
      std::max(0.0, shape.active_parameters - active_in_experts - embedding);
  const auto seconds_per_tflop = [&](double rate, bool is_unpacked) {
    return (efficiency.sixteen_bit_share / hardware.fp16 +
            (1 - efficiency.sixteen_bit_share) / rate) /
           efficiency.compute_share / (is_unpacked ? efficiency.unpacked_share : 1);
  };
  const double busiest =
      is_expert ? machine.busiest_over_mean(tokens, size, efficiency.expert_imbalance) : 1;
  const double products =
      tokens * 2e-3 *
      (active_shared * seconds_per_tflop(machine.shared_rate, machine.is_shared_unpacked) +
       busiest * active_in_experts * efficiency.expert_slowness / efficiency.expert_share *
           seconds_per_tflop(machine.rate, machine.is_unpacked));
  const double bubble = is_pipeline ? 1 + efficiency.pipeline_bubble * (size - 1) / size : 1;

  const double bandwidth = hardware.bandwidth * efficiency.bandwidth_share;
  // A pipeline holds its weights once, yet each of the `size` parts of the batch reads them.
  const double touched =
      machine.expert_bytes * efficiency.expert_slowness *
      machine.experts_touched(is_pipeline ? tokens / size : tokens, efficiency.routing_breadth);
  if (is_expert)
    time.weights = (machine.shared_bytes + touched / size) / bandwidth;
  else
    time.weights = (machine.shared_bytes + touched) / (is_pipeline ? 1 : size) / bandwidth;

  if (phase == Phase::decode) {
    const double split = is_tensor ? std::min(size, shape.cache_heads) : size;
    time.cache = tokens / guesses *
                 (machine.seen(at) * machine.cache_bytes + 2 * machine.state_bytes) / split /
                 (bandwidth * efficiency.cache_share);
  }
  const double attention = attention_time(machine, efficiency, phase, tokens, at) / size * bubble;
  time.compute = products / size * bubble + std::max(0.0, attention - time.cache);

  // Splitting by tensor leaves norms and residuals, some three tenths, whole on each accelerator.
  const double activation_bytes = tokens * shape.layers * shape.hidden * 2e-9 *
                                  efficiency.activation_passes *
                                  (is_tensor ? 0.3 + 0.7 / size : 1 / size);
  const double expert_activation_bytes = tokens * shape.expert_layers * shape.experts_per_token *
                                         shape.hidden * 2e-9 * efficiency.expert_passes / size;
  const double sent_each = is_expert ? std::min(shape.experts_per_token, size) : 0;
  const double dispatch_bytes = tokens * shape.expert_layers * sent_each * shape.hidden * 2e-9 *
                                efficiency.dispatch_passes / size;
  time.activations =
      (activation_bytes + efficiency.expert_slowness * (expert_activation_bytes + dispatch_bytes)) /
      bandwidth;

  // Bytes an accelerator sends, over one direction of its link or of the network.
  const double remote = (size - 1) / size;
  const double beyond = std::max(0.0, (size - hardware.link_domain) / size);
  const double seconds_per_gb =
      ((1 - beyond) / (hardware.link / 2) + beyond / (hardware.network / 2)) /
      efficiency.link_share;
  double sent = 0;  // [GB]
  if (is_tensor)
    sent = tokens * shape.hidden * 2e-9 * 2 * 2 * remote * shape.layers;
  else if (is_expert)
    sent = busiest * efficiency.expert_slowness * tokens / size * sent_each * shape.hidden * 3e-9 *
           remote * shape.expert_layers;
  else if (layout.size > 1)
    sent = tokens / size * shape.hidden * 2e-9;
  if (sent > 0) time.links = sent * seconds_per_gb;
  if (is_tensor || is_expert) time.links += 2 * shape.layers * efficiency.hop;

  time.overhead = shape.layers * efficiency.layer_overhead + shape.expert_layers *
                                                                 efficiency.expert_layer_overhead *
                                                                 efficiency.expert_slowness;
  return time;
}

}  // namespace vorrat::workload
