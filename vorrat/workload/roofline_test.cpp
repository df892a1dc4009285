#include "vorrat/workload/roofline.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vorrat::workload {
namespace {

// An accelerator of round figures: 100 TFLOP/s in 16 bits, 200 in 8, 1000 GB/s, 100 GB.
const Hardware round_hardware{.fp16 = 100,
                              .fp8 = 200,
                              .memory = 100,
                              .bandwidth = 1000,
                              .link = 200,
                              .link_domain = 8,
                              .cache_byte = 1};

// Everything reaches its rating and nothing gets in the way.
Efficiency ideal() {
  Efficiency efficiency;
  efficiency.compute_share = efficiency.attention_share = efficiency.expert_share = 1;
  efficiency.routing_breadth = efficiency.exponential_share = 1;
  efficiency.bandwidth_share = efficiency.cache_share = efficiency.link_share = 1;
  efficiency.sixteen_bit_share = 1e-12;
  efficiency.activation_passes = efficiency.expert_passes = 1e-12;
  efficiency.hop = efficiency.layer_overhead = efficiency.expert_layer_overhead = 1e-15;
  efficiency.token_overhead = efficiency.pipeline_bubble = 1e-15;
  return efficiency;
}

// 10 bn parameters, no embedding worth counting, 100,000 cached numbers per token.
const Shape round_dense{.parameters = 10,
                        .active_parameters = 10,
                        .layers = 40,
                        .hidden = 4096,
                        .vocabulary = 0,
                        .cache_numbers = 1e5,
                        .cache_heads = 8,
                        .prefill_attention = 1e6,
                        .decode_attention = 1e6};

TEST(Roofline, ComputesADecodePassByHand) {
  const Machine machine(round_hardware, round_dense, Precision::fp8);
  const PassTime time = pass_time(machine, ideal(), {}, Phase::decode, 10, {2000, 2000});
  // products: 10 tokens x 2 x 10e9 FLOP / 200e12
  EXPECT_NEAR(time.compute, 1e-3, 1e-9);
  // weights: 10 GB / 1000 GB/s
  EXPECT_NEAR(time.weights, 10e-3, 1e-9);
  // cache: 10 requests x 2000 tokens x 100 kB / 1000 GB/s; attention, 10 x 1e6 x 2000 / 200e12 =
  // 0.1 ms, is done meanwhile
  EXPECT_NEAR(time.cache, 2e-3, 1e-9);
  EXPECT_NEAR(time.total(), 13e-3, 1e-8);
}

// The longest of three counts: products at 200 or 100 TFLOP/s, exponentials, the cache's 2 ms.
TEST(Roofline, DoesProductsExponentialsAndReadingOfAttentionSideBySide) {
  const auto attention = [](const Hardware& hardware, const Shape& shape, Precision precision) {
    const Machine machine(hardware, shape, precision);
    const PassTime with = pass_time(machine, ideal(), {}, Phase::decode, 10, {2000, 2000});
    return with.compute - pass_time(machine, ideal(), {}, Phase::decode, 10, {}).compute +
           with.cache;
  };
  Shape latent = round_dense;
  latent.decode_attention = 40e6;
  EXPECT_NEAR(attention(round_hardware, latent, Precision::fp8), 4e-3, 1e-9);       // 8 bits
  EXPECT_NEAR(attention(round_hardware, latent, Precision::fp16), 8e-3, 1e-9);      // 16 bits
  EXPECT_NEAR(attention(round_hardware, round_dense, Precision::fp8), 2e-3, 1e-9);  // cache
  latent.scores = 5000;
  Hardware slow = round_hardware;
  slow.exponentials = 0.02;  // 10 x 2000 x 5000 of them / 0.02e12
  EXPECT_NEAR(attention(slow, latent, Precision::fp8), 5e-3, 1e-9);
  // Two guesses of each of five requests read five caches.
  const Machine machine(round_hardware, round_dense, Precision::fp8);
  EXPECT_NEAR(pass_time(machine, ideal(), {}, Phase::decode, 10, {2000, 2000}, 2).cache, 1e-3,
              1e-9);
}

// 25 million numbers in 32 bits are 0.1 GB, read and written for each of 10 requests.
TEST(Roofline, ReadsAndWritesTheStateOfLinearAttention) {
  Shape linear = round_dense;
  linear.state_numbers = 25e6;
  const Machine machine(round_hardware, linear, Precision::fp8);
  EXPECT_NEAR(pass_time(machine, ideal(), {}, Phase::decode, 10, {2000, 2000}).cache, 4e-3, 1e-9);
}

// 512 tokens, each to 1 of 2 experts: 512 x 1024 x 2 bytes, four times, over 2 accelerators.
TEST(Roofline, MovesThroughMemoryWhatItDispatches) {
  const Shape shape{.parameters = 10,
                    .active_parameters = 6,
                    .layers = 1,
                    .hidden = 1024,
                    .experts = 2,
                    .experts_per_token = 1,
                    .expert_layers = 1};
  const Machine machine(round_hardware, shape, Precision::fp8);
  Efficiency efficiency = ideal();
  const auto moved = [&](double passes, Parallelism parallelism) {
    efficiency.dispatch_passes = passes;
    return pass_time(machine, efficiency, {2, parallelism}, Phase::decode, 512, {}).activations;
  };
  EXPECT_NEAR(moved(4, Parallelism::expert) - moved(1e-12, Parallelism::expert),
              4 * 512 * 1024 * 2 / 2 / 1000e9, 1e-12);
  EXPECT_EQ(moved(4, Parallelism::tensor), moved(1, Parallelism::tensor));
}

// Four-bit weights without four-bit units: 10 tokens x 2 x 10e9 FLOP at half of 100 TFLOP/s.
TEST(Roofline, UnpacksWeightsThatAreTooNarrowForItsUnits) {
  Efficiency efficiency = ideal();
  efficiency.unpacked_share = 0.5;
  const Machine without(round_hardware, round_dense, Precision::fp4);
  EXPECT_NEAR(pass_time(without, efficiency, {}, Phase::decode, 10, {}).compute, 4e-3, 1e-9);
  Hardware with_units = round_hardware;
  with_units.fp4 = 400;
  const Machine with(with_units, round_dense, Precision::fp4);
  EXPECT_NEAR(pass_time(with, efficiency, {}, Phase::decode, 10, {}).compute, 0.5e-3, 1e-9);
}

// A model whose attention stays in 16 bits multiplies it so, and where its experts are unpacked its
// cache is kept in 16 bits too.
TEST(Roofline, KeepsAttentionOfSomeFourBitModelsWide) {
  Shape shape = round_dense;
  shape.has_16_bit_attention = true;
  const Machine without(round_hardware, shape, Precision::fp4);
  EXPECT_EQ(without.shared_rate, 100);
  EXPECT_FALSE(without.is_shared_unpacked);
  EXPECT_NEAR(without.cache_bytes, 2e5 / 1e9, 1e-15);
  Hardware with_units = round_hardware;
  with_units.fp4 = 400;
  const Machine with(with_units, shape, Precision::fp4);
  EXPECT_EQ(with.shared_rate, 100);
  EXPECT_NEAR(with.cache_bytes, 1e5 / 1e9, 1e-15);
}

TEST(Roofline, SplitsByTensorAndPaysTwoAllReducesALayer) {
  const Machine machine(round_hardware, round_dense, Precision::fp8);
  const PassTime time =
      pass_time(machine, ideal(), {2, Parallelism::tensor}, Phase::decode, 10, {2000, 2000});
  EXPECT_NEAR(time.compute, 0.5e-3, 1e-9);
  EXPECT_NEAR(time.weights, 5e-3, 1e-9);
  EXPECT_NEAR(time.cache, 1e-3, 1e-9);
  // 40 layers x 2 all-reduces x 2 (n-1)/n of 10 x 4096 x 2 bytes at 100 GB/s each way
  EXPECT_NEAR(time.links, 40 * 2 * 2 * 0.5 * 10 * 4096 * 2 / 100e9, 1e-9);
}

TEST(Roofline, ALatentCacheCannotBeSplitByTensor) {
  Shape latent = round_dense;
  latent.cache_heads = 1;
  const Machine machine(round_hardware, latent, Precision::fp8);
  const auto cache = [&](Layout layout) {
    return pass_time(machine, ideal(), layout, Phase::decode, 10, {2000, 2000}).cache;
  };
  EXPECT_DOUBLE_EQ(cache({8, Parallelism::tensor}), cache({1, Parallelism::tensor}));
  EXPECT_DOUBLE_EQ(cache({8, Parallelism::pipeline}), cache({1, Parallelism::tensor}) / 8);
}

TEST(Roofline, APipelineReadsItsWeightsOncePerPart) {
  const Machine machine(round_hardware, round_dense, Precision::fp8);
  const PassTime time =
      pass_time(machine, ideal(), {4, Parallelism::pipeline}, Phase::decode, 16, {1000, 1000});
  EXPECT_NEAR(time.weights, 10e-3, 1e-9);  // 4 parts x 10 GB / 4 accelerators / 1000 GB/s
}

TEST(Roofline, FindsTheExpertsOfDeepSeekV3) {
  // 671 bn parameters, 37 bn active, 8 of 256 experts: (671 - 37) / 248 x 256 in experts.
  const Shape shape{
      .parameters = 671, .active_parameters = 37, .experts = 256, .experts_per_token = 8};
  EXPECT_NEAR(shape.expert_parameters(), 654.45, 0.01);
}

TEST(Roofline, ABatchTouchesMoreExpertsTheLargerItIs) {
  const Shape shape{
      .parameters = 671, .active_parameters = 37, .experts = 256, .experts_per_token = 8};
  const Machine machine(round_hardware, shape, Precision::fp8);
  EXPECT_NEAR(machine.experts_touched(1, 1), 8.0 / 256, 1e-12);
  EXPECT_NEAR(machine.experts_touched(32, 1), 1 - std::pow(248.0 / 256, 32), 1e-12);  // 64 %
  EXPECT_GT(machine.experts_touched(1000, 1), 0.999);
  // Half of what random routing would add; the first token's experts are its own all the same.
  EXPECT_NEAR(machine.experts_touched(1, 0.5), 8.0 / 256, 1e-12);
  EXPECT_NEAR(machine.experts_touched(33, 0.5), 1 - std::pow(248.0 / 256, 17), 1e-12);
}

TEST(Roofline, AWindowLimitsWhatItsLayersSee) {
  Shape shape = round_dense;
  shape.sliding_share = 0.5;
  shape.sliding_window = 128;
  const Machine machine(round_hardware, shape, Precision::fp8);
  EXPECT_DOUBLE_EQ(machine.kept(100), 100);
  EXPECT_DOUBLE_EQ(machine.kept(1128), 0.5 * 1128 + 0.5 * 128);
  EXPECT_DOUBLE_EQ(machine.seen({1000, 1256}), 0.5 * 1128 + 0.5 * 128);
  EXPECT_DOUBLE_EQ(machine.seen({0, 128}), 64);
  EXPECT_DOUBLE_EQ(machine.seen({0, 256}), 0.5 * 128 + 0.5 * 96);  // 64 in the first half, then 128
}

// Llama 4's local layers start anew at each chunk: 8192 tokens in, writing 1024 looks at 512 of
// them.
TEST(Roofline, AChunkForgetsTheOneBefore) {
  Shape shape = round_dense;
  shape.sliding_share = 0.75;
  shape.sliding_window = 8192;
  shape.has_chunks = true;
  const Machine machine(round_hardware, shape, Precision::fp8);
  EXPECT_DOUBLE_EQ(machine.seen({8192, 9216}), 0.25 * 8704 + 0.75 * 512);
  EXPECT_DOUBLE_EQ(machine.seen({0, 8192}), 4096);
  EXPECT_NEAR(machine.seen({0, 32768}), 0.25 * 16384 + 0.75 * 4096, 1e-9);
  EXPECT_DOUBLE_EQ(machine.seen({1000, 2000}), 1500);
}

TEST(Roofline, FourBitWeightsRunInSixteenBitsWhereThereAreNoFourBitUnits) {
  const Machine machine(round_hardware, round_dense, Precision::fp4);
  EXPECT_DOUBLE_EQ(machine.rate, 100);
  EXPECT_NEAR(machine.shared_bytes, 7.5, 1e-12);
}

TEST(Roofline, EfficiencyGoesToLogsAndBack) {
  const Efficiency start;
  const auto logs = logs_of(start);
  const Efficiency back = efficiency_from_logs(logs);
  for (const EfficiencyPrior& prior : efficiency_priors()) {
    EXPECT_NEAR(back.*prior.member, start.*prior.member, 1e-12) << prior.name;
    EXPECT_NEAR(start.*prior.member, prior.prior, 1e-12) << prior.name;
  }
}

// 64 tokens to 8 of 256 experts on 64 accelerators: 8 each on the mean, 8 + sqrt(2 8 ln 64) at
// most.
TEST(Roofline, WaitsForTheAcceleratorWhoseExpertsAreAskedMost) {
  const Shape shape{
      .parameters = 100, .active_parameters = 10, .experts = 256, .experts_per_token = 8};
  const Machine machine({.fp16 = 1000, .fp8 = 2000}, shape, Precision::fp8);
  EXPECT_NEAR(machine.busiest_over_mean(64, 64, 1), (8 + std::sqrt(16 * std::log(64))) / 8, 1e-12);
  EXPECT_EQ(machine.busiest_over_mean(64, 1, 1), 1);
  EXPECT_EQ(machine.busiest_over_mean(0.01, 64, 1), 64);
  EXPECT_NEAR(machine.busiest_over_mean(1e9, 64, 1), 1, 1e-3);
}

}  // namespace
}  // namespace vorrat::workload
