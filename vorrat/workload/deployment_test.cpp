#include "vorrat/workload/deployment.h"

#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/random.h"

namespace vorrat::workload {
namespace {

// Random accelerators, models and services over the range of what exists.
struct Draw {
  const RandomStream stream{20261124, "deployments"};
  std::uint64_t path = 0;
  std::uint64_t step = 0;

  double between(double low, double high) {
    return low * std::pow(high / low, stream.uniform(path, step++));
  }
  Hardware hardware() {
    Hardware hardware;
    hardware.fp16 = between(80, 3000);
    hardware.fp8 = hardware.fp16 * between(1, 2.2);
    hardware.fp4 = stream.uniform(path, step++) < 0.5 ? 0 : hardware.fp8 * between(1, 3);
    hardware.memory = between(24, 300);
    hardware.bandwidth = between(300, 10000);
    hardware.link = between(30, 2000);
    hardware.link_domain = stream.uniform(path, step++) < 0.7 ? 8 : 72;
    hardware.exponentials = hardware.fp16 * between(1e-3, 1e-2);
    return hardware;
  }
  Shape shape() {
    Shape shape;
    shape.parameters = between(4, 1000);
    shape.active_parameters = shape.parameters;
    shape.layers = std::round(between(24, 100));
    shape.hidden = between(2048, 16384);
    shape.vocabulary = 1e5;
    shape.cache_numbers = between(2e4, 3e5);
    shape.cache_heads = stream.uniform(path, step++) < 0.3 ? 1 : 8;
    shape.prefill_attention = between(3e5, 5e6);
    shape.decode_attention = shape.prefill_attention * between(1, 4);
    shape.scores = shape.prefill_attention / between(200, 700);
    shape.state_numbers = stream.uniform(path, step++) < 0.8 ? 0 : between(1e7, 1e8);
    if (stream.uniform(path, step++) < 0.5) {
      shape.active_parameters = shape.parameters * between(0.04, 0.3);
      shape.experts = std::round(between(8, 400));
      shape.experts_per_token = std::round(between(1, std::min(8.0, shape.experts / 4)));
      const double least = shape.parameters * shape.experts_per_token / shape.experts;
      shape.active_parameters = std::max(shape.active_parameters, least * 1.2 + 2);
      shape.expert_layers = shape.layers;
    }
    return shape;
  }
  Service service() {
    Service service;
    service.input = between(100, 30000);
    service.output = between(50, 8000);
    if (stream.uniform(path, step++) < 0.6) {
      service.arrival = Arrival::service;
      service.first_token = between(0.2, 10);
      service.per_token = between(0.01, 0.3);
    }
    return service;
  }
};

constexpr Precision precisions[] = {Precision::fp16, Precision::fp8, Precision::fp4};
constexpr int draws = 1500;
constexpr double hair = 1 + 1e-6;  // of the bisection

double speed(const Hardware& hardware, const Shape& shape, Precision precision,
             const Service& service) {
  const Deployment best = best_deployment(Machine(hardware, shape, precision), {}, service);
  return best.fits ? best.tokens_per_second : 0;
}

TEST(Deployment, TakesTheBatchThatFillsMemory) {
  // 80 GB x 0.92 - 1 GB - 10 GB of weights = 62.6 GB; a request keeps (1000 + 0.6 x 500) x 100 kB.
  const Hardware hardware{.fp16 = 100, .fp8 = 200, .memory = 80, .bandwidth = 1000, .link = 200};
  const Shape shape{.parameters = 10,
                    .active_parameters = 10,
                    .layers = 40,
                    .hidden = 4096,
                    .cache_numbers = 1e5,
                    .cache_heads = 8,
                    .prefill_attention = 1e6,
                    .decode_attention = 1e6};
  const Machine machine(hardware, shape, Precision::fp8);
  const Deployment one =
      deploy(machine, {}, {.input = 1000, .output = 500}, {1, Parallelism::tensor});
  ASSERT_TRUE(one.fits);
  EXPECT_NEAR(one.batch, 62.6 / 0.13, 1e-6);
  EXPECT_EQ(one.batch_limit, BatchLimit::memory);
  EXPECT_NEAR(one.tokens_per_second, one.batch / one.per_token, 1e-9);
}

TEST(Deployment, SaysWhatMemoryIsMissing) {
  const Hardware hardware{.fp16 = 100, .fp8 = 200, .memory = 10, .bandwidth = 1000, .link = 200};
  const Shape shape{.parameters = 1000,
                    .active_parameters = 1000,
                    .layers = 40,
                    .hidden = 4096,
                    .cache_numbers = 1e5,
                    .cache_heads = 8};
  const Deployment best = best_deployment(Machine(hardware, shape, Precision::fp8), {},
                                          {.input = 1000, .output = 500, .accelerators = 4});
  EXPECT_FALSE(best.fits);
  EXPECT_EQ(best.layout.size, 4);
  EXPECT_NEAR(best.memory_needed, 1000.13 / 4 / 0.92, 0.1);
}

TEST(Deployment, MoreBandwidthMemoryLinksOrComputeNeverLowersThroughput) {
  for (int i = 0; i < draws; ++i) {
    Draw draw{.path = static_cast<std::uint64_t>(i)};
    const Hardware hardware = draw.hardware();
    const Shape shape = draw.shape();
    const Service service = draw.service();
    const Precision precision = precisions[i % 3];
    const double before = speed(hardware, shape, precision, service);
    for (double Hardware::*rating :
         {&Hardware::bandwidth, &Hardware::memory, &Hardware::link, &Hardware::fp16, &Hardware::fp8,
          &Hardware::fp4, &Hardware::network, &Hardware::exponentials}) {
      Hardware better = hardware;
      better.*rating *= draw.between(1.01, 3);
      EXPECT_GE(speed(better, shape, precision, service) * hair, before) << "draw " << i;
    }
  }
}

TEST(Deployment, ATighterLatencyLimitNeverRaisesThroughput) {
  for (int i = 0; i < draws; ++i) {
    Draw draw{.path = static_cast<std::uint64_t>(i)};
    const Hardware hardware = draw.hardware();
    const Shape shape = draw.shape();
    Service service = draw.service();
    service.first_token = std::min(service.first_token, 8.0);
    service.per_token = std::min(service.per_token, 0.4);
    const double before = speed(hardware, shape, Precision::fp8, service);
    for (double Service::*limit : {&Service::first_token, &Service::per_token}) {
      Service tighter = service;
      tighter.*limit /= draw.between(1.01, 4);
      EXPECT_LE(speed(hardware, shape, Precision::fp8, tighter), before * hair) << "draw " << i;
    }
  }
}

TEST(Deployment, NeverExceedsTheRooflineAtAHundredPercent) {
  // Every share at its most, no loss at all.
  Efficiency perfect;
  perfect.compute_share = perfect.bandwidth_share = perfect.cache_share = perfect.expert_share = 1;
  perfect.link_share = perfect.attention_share = perfect.exponential_share = 1;
  perfect.routing_breadth = 0.3;
  int fitted = 0;
  for (int i = 0; i < draws; ++i) {
    Draw draw{.path = static_cast<std::uint64_t>(i)};
    const Machine machine(draw.hardware(), draw.shape(), precisions[i % 3]);
    const Service service = draw.service();
    const Deployment best = best_deployment(machine, perfect, service);
    if (!best.fits) continue;
    ++fitted;
    EXPECT_LE(best.tokens_per_second, roofline_bound(machine, service) * hair) << "draw " << i;
  }
  EXPECT_GT(fitted, draws / 2);
}

// Reading takes half of a turn. With accelerators of its own it is no part of the time per token,
// so the same limit allows a larger batch.
TEST(Deployment, ReadingElsewhereLeavesTheTimePerTokenToWriting) {
  const Hardware hardware{.fp16 = 1000, .fp8 = 2000, .memory = 141, .bandwidth = 4800, .link = 900};
  const Shape shape{.parameters = 70,
                    .active_parameters = 70,
                    .layers = 80,
                    .hidden = 8192,
                    .cache_numbers = 163840,
                    .cache_heads = 8,
                    .prefill_attention = 2.6e6,
                    .decode_attention = 2.6e6};
  Service service{.input = 4000, .output = 400, .per_token = 0.05};
  service.layout = Layout{2, Parallelism::tensor};
  const Machine machine(hardware, shape, Precision::fp8);
  const Deployment together = best_deployment(machine, {}, service);
  service.is_disaggregated = true;
  const Deployment apart = best_deployment(machine, {}, service);
  EXPECT_GT(apart.batch, 1.2 * together.batch);
  EXPECT_GT(apart.tokens_per_second, together.tokens_per_second);
  EXPECT_LE(apart.per_token, 0.05);
  service.per_token = std::numeric_limits<double>::infinity();
  const double free = best_deployment(machine, {}, service).tokens_per_second;
  service.is_disaggregated = false;
  EXPECT_NEAR(best_deployment(machine, {}, service).tokens_per_second, free, 1e-9 * free);
}

TEST(Deployment, SpeculationHelpsWhereReadingWeightsBinds) {
  const Hardware hardware{.fp16 = 1000, .fp8 = 2000, .memory = 80, .bandwidth = 2000, .link = 900};
  const Shape shape{.parameters = 30,
                    .active_parameters = 30,
                    .layers = 60,
                    .hidden = 6000,
                    .cache_numbers = 1e5,
                    .cache_heads = 8};
  Service few{.input = 100, .output = 100, .concurrency = 2};
  const double plain = speed(hardware, shape, Precision::fp8, few);
  few.tokens_per_pass = 2;
  EXPECT_GT(speed(hardware, shape, Precision::fp8, few), 1.7 * plain);
}

}  // namespace
}  // namespace vorrat::workload
