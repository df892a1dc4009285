// What is known of a language model: sizes and shape, as published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/input/sourced.h"

namespace vorrat::catalog {

/// A model by its published shape. Whatever was not published is empty, never guessed. Counts are
/// plain numbers.
struct LanguageModel {
  std::string id;
  std::vector<std::string> aliases;
  std::string family;
  std::optional<double> total_parameters;
  std::optional<double> active_parameters;  // per token; equals the total in a dense model
  std::string architecture;                 // "dense", "moe", "recommender", ...
  std::optional<int> layers;
  std::optional<int> dense_ffn_layers;  // layers without experts
  std::optional<int> hidden;            // width of the residual stream
  std::optional<int> heads;             // of queries
  std::optional<int> kv_heads;
  std::optional<int> head_dimension;
  std::string attention;  // "MHA", "GQA", "MLA" or words
  std::optional<int> mla_kv_rank;
  std::optional<int> mla_q_rank;
  std::optional<int> mla_rope_dimension;
  std::optional<int> mla_nope_dimension;
  std::optional<int> mla_v_dimension;
  std::optional<int> sliding_window;  // tokens
  std::optional<int> sliding_layers;  // layers with that window
  std::optional<int> experts;         // routed, per layer
  std::optional<int> experts_per_token;
  std::optional<int> shared_experts;
  std::optional<int> expert_ffn;  // inner width of one expert
  std::optional<int> dense_ffn;   // inner width of a layer without experts
  std::optional<int> vocabulary;
  std::optional<int> context;  // tokens, as marketed
  std::string native_precision;
  std::optional<double> kv_elements_per_token;  // numbers kept per token over all layers
  // 32-bit numbers kept per request, however long, over all layers with linear attention
  std::optional<double> state_elements;
  Source source;
  std::string note;
};

}  // namespace vorrat::catalog
