#include "vorrat/workload/catalogued.h"

#include <algorithm>
#include <cmath>

namespace vorrat::workload {

namespace {

double tera(const std::optional<ComputeRate>& rate) { return rate ? rate->value() / 1e12 : 0; }
double count(const std::optional<int>& value) { return value ? *value : 0; }

// A model whose layers were not published: depth and width of published models of that many active
// parameters (Qwen3 and DeepSeek-V3 lie on these lines within 40 %), a small grouped cache.
void assume_layers(Shape& shape, bool is_mixture) {
  shape.is_assumed = true;
  shape.layers =
      std::clamp(std::round(30 * std::pow(shape.active_parameters / 8, 0.3)), 24.0, 96.0);
  shape.hidden = 4096 * std::pow(std::max(1.0, shape.active_parameters) / 17, 0.35);
  shape.vocabulary = 150000;
  shape.cache_heads = 4;
  shape.cache_numbers = shape.layers * 2 * 4 * 128 / 2;
  shape.prefill_attention = shape.decode_attention = 4 * shape.layers * shape.hidden / 2;
  shape.scores = shape.prefill_attention / (4 * 128);
  if (!is_mixture) return;
  shape.experts = 256;
  shape.experts_per_token = 8;
  shape.expert_layers = shape.layers;
}

}  // namespace

std::optional<CataloguedHardware> hardware_of(const catalog::Accelerator& accelerator,
                                              const Kin* kin) {
  if (!accelerator.memory || !accelerator.memory_bandwidth) return std::nullopt;
  CataloguedHardware result;
  Hardware& hardware = result.hardware;
  hardware.fp16 = tera(accelerator.fp16);
  hardware.fp8 = tera(accelerator.fp8);
  hardware.fp4 = tera(accelerator.fp4);
  if (hardware.fp16 <= 0 && hardware.fp8 <= 0 && hardware.fp4 <= 0) return std::nullopt;
  if (hardware.fp16 <= 0) {
    hardware.fp16 = hardware.fp8 > 0 ? hardware.fp8 / 2 : hardware.fp4 / 4;
    result.assumed.push_back("its 16-bit rate, from the next narrower one by halving");
  }
  if (hardware.fp8 <= 0 && hardware.fp4 > 0) {
    hardware.fp8 = hardware.fp4 / 2;
    result.assumed.push_back("its 8-bit rate, half of the 4-bit one");
  }
  hardware.memory = accelerator.memory->value() / 1e9;
  hardware.bandwidth = accelerator.memory_bandwidth->value() / 1e9;
  hardware.link = accelerator.interconnect ? accelerator.interconnect->value() / 1e9 : 64;
  if (!accelerator.interconnect) result.assumed.push_back("its links, as PCIe with 64 GB/s");
  if (kin != nullptr) {
    hardware.link_domain = kin->link_domain;
    hardware.cache_byte = kin->cache_byte;
    hardware.exponentials = kin->exponentials;
  } else {
    result.assumed.push_back("its family: none of its kin is known");
  }
  return result;
}

std::optional<Shape> shape_of(const catalog::LanguageModel& model) {
  if (!model.total_parameters || !model.active_parameters) return std::nullopt;
  if (model.architecture != "dense" && model.architecture != "moe") return std::nullopt;
  const bool is_mixture = model.architecture == "moe";
  Shape shape;
  shape.parameters = *model.total_parameters / 1e9;
  shape.active_parameters = *model.active_parameters / 1e9;
  if (!model.layers || !model.hidden || !model.heads || !model.kv_elements_per_token) {
    assume_layers(shape, is_mixture);
    return shape;
  }
  shape.layers = *model.layers;
  shape.hidden = *model.hidden;
  shape.vocabulary = count(model.vocabulary);
  shape.cache_numbers = *model.kv_elements_per_token;
  const double heads = *model.heads;
  shape.state_numbers = model.state_elements.value_or(0);
  // Layers with linear attention keep a state in place of the cache.
  const double attending =
      shape.state_numbers > 0 && model.kv_heads && model.head_dimension
          ? shape.cache_numbers / (2.0 * *model.kv_heads * *model.head_dimension)
          : shape.layers;
  shape.scores = heads * attending;
  if (model.mla_kv_rank) {
    // Reading, keys and values are spelled out per head; writing, all heads look at the latent one.
    const double rank = *model.mla_kv_rank, rope = count(model.mla_rope_dimension);
    const double spelled = count(model.mla_nope_dimension) + rope + count(model.mla_v_dimension);
    shape.prefill_attention = 2 * heads * spelled * shape.layers;
    shape.decode_attention = 2 * heads * (2 * rank + rope) * shape.layers;
  } else {
    shape.cache_heads = std::max(1.0, count(model.kv_heads));
    shape.prefill_attention = shape.decode_attention =
        4 * heads * count(model.head_dimension) * attending;
  }
  shape.sliding_window = count(model.sliding_window);
  shape.has_chunks = model.attention.find("chunked") != std::string::npos;
  shape.sliding_share = count(model.sliding_layers) / shape.layers;
  if (is_mixture) {
    if (!model.experts || !model.experts_per_token) {
      assume_layers(shape, true);
      return shape;
    }
    shape.experts = *model.experts;
    shape.experts_per_token = *model.experts_per_token;
    shape.expert_layers = shape.layers - count(model.dense_ffn_layers);
  }
  shape.has_16_bit_attention = model.native_precision.starts_with("mxfp4");
  return shape;
}

Precision usual_precision(const catalog::LanguageModel& model, const Hardware& hardware) {
  if (model.native_precision.starts_with("mxfp4")) return Precision::fp4;
  return hardware.fp8 > hardware.fp16 ? Precision::fp8 : Precision::fp16;
}

}  // namespace vorrat::workload
