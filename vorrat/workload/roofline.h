// How long one pass of a language model takes on a few linked accelerators, mechanism by mechanism.
//
// Everything here is plain arithmetic on plain numbers; units stand in brackets. What the formulas
// cannot know (how much of its rating an accelerator reaches) is in Efficiency, which
// calibration.h learns from measurements.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace vorrat::workload {

/// One accelerator, as rated. Rates are dense; 0 means the part has no such units.
struct Hardware {
  double fp16 = 0;          // [TFLOP/s]
  double fp8 = 0;           // [TFLOP/s], or INT8 where there is no FP8
  double fp4 = 0;           // [TFLOP/s]
  double memory = 0;        // [GB]
  double bandwidth = 0;     // of the memory [GB/s]
  double link = 0;          // to other accelerators, sum of both directions [GB/s]
  int link_domain = 8;      // accelerators joined by such links
  double cache_byte = 1;    // bytes a number of the key/value cache takes [1 or 2]
  double network = 100;     // beyond the domain, sum of both directions [GB/s]
  double exponentials = 0;  // of special units [10^12/s]; 0 = not known, taken not to bind
  bool operator==(const Hardware&) const = default;
};

/// How a model's numbers are kept and multiplied.
enum class Precision {
  fp16,            // everything in 16 bits
  fp8,             // 8 bits, floating point or whole numbers
  fp4,             // 4 bits; multiplied in 16 bits where the accelerator has no such units
  fp4_weights_fp8  // weights kept in 4 bits, multiplied in 8
};

/// A model's shape. Parameters in 10^9.
struct Shape {
  double parameters = 0;         // all
  double active_parameters = 0;  // used by one token
  double layers = 0;
  double hidden = 0;  // width of the residual stream
  double vocabulary = 0;
  double cache_numbers = 0;      // kept per token over all layers
  double cache_heads = 1;        // key/value heads; 1 for a latent cache, which cannot be split
  double prefill_attention = 0;  // FLOP per token and token of context, all layers, while reading
  double decode_attention = 0;   // the same while writing (a latent cache costs more then)
  double scores = 0;             // per token and token of context, all layers: an exponential each
  double state_numbers = 0;      // 32 bits each, kept per request by layers with linear attention
  double sliding_share = 0;      // share of the layers with a window
  double sliding_window = 0;     // [tokens]
  bool has_chunks = false;       // windows do not slide: each starts where the last one ended
  double experts = 0;            // routed, per layer; 0 = dense
  double experts_per_token = 0;
  double expert_layers = 0;
  bool has_16_bit_attention = false;  // weights outside the experts stay in 16 bits when quantised
  bool is_assumed = false;            // some of the shape was not published and is a guess

  bool is_mixture() const { return experts > 0; }
  /// Parameters in routed experts: total = shared + experts x, active = shared + per_token x.
  double expert_parameters() const;
};

/// What the formulas cannot know. Each is above 0, and larger `*_share`s never slow a pass.
struct Efficiency {
  double compute_share = 0.65;          // of the rated FLOP/s that matrix products reach
  double sixteen_bit_share = 0.15;      // of the work that narrower numbers do not speed up
  double attention_share = 0.65;        // of the rating of its format that attention reaches
  double exponential_share = 1;         // of the rated exponentials that it reaches
  double expert_share = 0.6;            // of compute_share that products of experts reach
  double bandwidth_share = 0.75;        // of the rated bandwidth
  double cache_share = 0.7;             // of bandwidth_share that reading the cache reaches
  double activation_passes = 10;        // times a layer moves its activations through memory
  double expert_imbalance = 1;          // of the unevenness of random routing, see pass_time
  double expert_passes = 6;             // the same for those sent to experts
  double dispatch_passes = 4;           // more, for those sent to another accelerator's experts
  double routing_breadth = 0.6;         // experts that a further token adds, over random routing's
  double link_share = 0.6;              // of the rated link
  double hop = 5e-6;                    // per exchange between accelerators [s]
  double layer_overhead = 3e-6;         // per layer and pass [s]
  double expert_layer_overhead = 6e-6;  // more, per layer with experts [s]
  double token_overhead = 4e-6;         // per written token of one accelerator: sampling, host [s]
  double unpacked_share = 0.6;          // of the 16-bit rate, weights too narrow for the units
  double pipeline_bubble = 0.15;        // share of compute lost in a long pipeline
  double first_token_queue = 3;         // reading times that the slowest percent waits in the queue
  double slow_token_factor = 1.2;       // 99th percentile of the time per token over its mean
  double service_loss = 0.04;           // log; requests that come when they like
  double interactive_loss = 0.1;        // log; more, when limits are tight
  double dense_immaturity = 0.4;        // log; what software lost at the start, dense models
  double mixture_immaturity = 0.8;      // log; the same, mixtures of experts
  double maturing_years = 0.6;          // until that is down to 1/e [years]
  double stack_delay = 0.4;             // software that is not CUDA's or ROCm's is behind [years]
  double family_immaturity = 0.3;       // log; what software loses on a new family of accelerators
  double family_years = 1;              // until that is down to 1/e [years]
  double expert_slowness = 1;           // times as long for all work on experts; see at_date()
};

/// One entry of Efficiency, all but expert_slowness, with what is believed before any measurement:
/// log-normal about `prior`.
struct EfficiencyPrior {
  std::string_view name;
  double Efficiency::*member;
  double prior;         // median
  double prior_spread;  // standard deviation of the logarithm
  std::string_view unit;
  std::string_view meaning;
};
inline constexpr std::size_t efficiency_count = 29;
const std::array<EfficiencyPrior, efficiency_count>& efficiency_priors();
Efficiency efficiency_from_logs(std::span<const double, efficiency_count> logs);
std::array<double, efficiency_count> logs_of(const Efficiency& efficiency);

/// How a model is spread over a replica of `size` accelerators.
enum class Parallelism {
  tensor,   // each layer is split; partial sums are exchanged twice a layer
  expert,   // requests are split, experts are spread; tokens travel to their experts
  pipeline  // layers are split; the batch passes in `size` parts
};
std::string_view to_string(Parallelism parallelism);

struct Layout {
  int size = 1;
  Parallelism parallelism = Parallelism::tensor;
  bool operator==(const Layout&) const = default;
};

/// Seconds of a pass by what they are spent on. Parts are not overlapped: measurements fit a sum
/// better than any mixture of sum and largest.
struct PassTime {
  double compute = 0;
  double weights = 0;      // reading them
  double cache = 0;        // reading keys and values
  double activations = 0;  // moving them
  double links = 0;
  double overhead = 0;
  double total() const { return compute + weights + cache + activations + links + overhead; }
};
PassTime operator+(const PassTime& a, const PassTime& b);
PassTime operator*(double factor, const PassTime& time);

enum class Phase { prefill, decode };

/// Where in their requests the tokens of a pass stand, evenly [tokens].
struct Positions {
  double from = 0;
  double to = 0;
};

/// A model at one precision on one accelerator: the constants of all formulas.
struct Machine {
  Hardware hardware;
  Shape shape;
  double rate = 0;                  // of products that run in the narrow format [TFLOP/s]
  double shared_rate = 0;           // of those outside routed experts [TFLOP/s]
  bool is_unpacked = false;         // `rate`'s weights are unpacked to 16 bits before each product
  bool is_shared_unpacked = false;  // the same outside routed experts
  double shared_bytes = 0;          // of all weights outside routed experts [GB]
  double expert_bytes = 0;          // of all routed experts [GB]
  double cache_bytes = 0;           // per token [GB]
  double state_bytes = 0;           // per request [GB]
  double attention_rate = 0;        // in the format of the cache [TFLOP/s]

  Machine(const Hardware& hardware, const Shape& shape, Precision precision);
  /// Tokens whose keys and values are kept at a length, mean over layers with and without a window.
  double kept(double length) const;
  /// Tokens that are looked at, mean over positions and layers. A token at p of a layer with a
  /// window W looks back at min(p, W), or where windows are chunks at p mod W.
  double seen(Positions at) const;
  /// Share of the experts that a batch touches: 1 - (1 - k/E)^n, where random routing has n =
  /// tokens. Real tokens ask for what others ask for too: n = 1 + breadth (tokens - 1).
  double experts_touched(double tokens, double breadth) const;
  /// Load of the busiest of `size` accelerators over the mean [1, size]: 1 + imbalance
  /// sqrt(2 ln size / (tokens per_token / size)).
  double busiest_over_mean(double tokens, double size, double imbalance) const;
};

/// One pass of `tokens` tokens (a batch in decode, a chunk in prefill), standing `at` positions
/// of their requests, through a replica. `guesses` of the tokens belong to the same request and
/// share a reading of its cache. Needs tokens > 0, guesses >= 1 and layout.size >= 1.
///
///   compute      tokens 2 (shared + experts / expert_share) ((1-s)/rate + s/fp16) / compute_share
///                / size; four-bit weights without four-bit units run at unpacked_share of the
///                16-bit rate
///   attention    one kernel does products, exponentials and the reading of the cache side by side:
///                the longest of  tokens seen(at) FLOP / (attention_rate attention_share) / size,
///                tokens seen(at) scores / (exponentials exponential_share) / size  and the cache
///   weights      bytes touched / bandwidth; split by tensor, only experts split by expert
///   cache        requests (seen(at) cache_bytes + 2 state_bytes) / split / bandwidth; a
///   latent
///                cache is not split by tensor; a state is read and written
///   imbalance    split by expert, all wait for the accelerator whose experts are asked most: with
///                m = tokens per_token / size asked of each on the mean, random routing asks
///                m + sqrt(2 m ln size) of it; products and dispatch take that much longer
///   links        tensor: 2 all-reduces a layer; expert: dispatch in 8 bits and combine in 16
///
/// Sources: Pope et al., "Efficiently Scaling Transformer Inference" (2022), sections 3 and 4, for
/// the counts; Shah et al., "FlashAttention-3" (2024), for attention in 8 bits and exponentials
/// under way beside products; Zadouri et al., "FlashAttention-4" (2026), for their binding on newer
/// parts; Jiang et al., "Mixtral of Experts" (2024), table 5, for tokens that share experts; Raab
/// and Steger, "Balls into Bins" (1998), for the fullest of many; DeepSeek-AI, arXiv 2412.19437,
/// section 2.1, for the latent cache.
PassTime pass_time(const Machine& machine, const Efficiency& efficiency, Layout layout, Phase phase,
                   double tokens, Positions at, double guesses = 1);

}  // namespace vorrat::workload
