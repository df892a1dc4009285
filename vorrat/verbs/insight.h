// insight, why, why-not, stress: what is behind a plan, found by re-solving.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/progress.h"
#include "vorrat/report/tables.h"

namespace vorrat::verbs {

/// What all of them are told.
struct QuestionRequest {
  std::filesystem::path scenario;             // folder
  std::optional<std::filesystem::path> data;  // folder of the catalogue; else found by itself
  std::optional<std::uint64_t> seed;          // else the scenario's
  std::size_t futures = 36;                   // most of the tree that questions are put to
  int threads = 2;                            // any number gives the same answer
  ProgressSink progress;
  const StopSwitch* stop = nullptr;
};

/// Everything.
struct InsightRequest {
  QuestionRequest about;
  double within = 0.02;  // near-best plans, of the least cost
  /// First orders of the plan that is asked about, by offer, if it was not made by the tree that
  /// questions are put to. [accelerators]
  std::optional<std::map<std::string, double>> reported{};
};

/// Why one offer is ordered or not, or each of those that are (`why` without an offer).
struct WhyRequest {
  QuestionRequest about;
  std::optional<std::string> offer;  // by its id
};

/// What the plan would be, and what today's first orders would cost, if these went wrong, each by
/// itself. Needs at least one.
struct StressRequest {
  QuestionRequest about;
  std::optional<std::string> shut;   // the quarter from which every gate is shut, as in "2026Q3"
  std::optional<std::string> delay;  // as in "1q"
  bool only_lesser = false;
  bool third_site_only = false;
};

struct QuestionResult {
  Diagnostics diagnostics;  // has errors if the input cannot be meant
  bool is_loaded = false;
  bool has_plan = false;
  bool is_complete = true;  // false if it was stopped on the way
  report::Tables tables;

  /// 0: an answer; 1: there is no plan; 2: the input is wrong.
  int exit_code() const;
};

QuestionResult run(const InsightRequest& request);
/// Throws InvalidInput, naming the offers there are, if there is no such offer.
QuestionResult run(const WhyRequest& request);
/// Throws InvalidInput if the quarter is not one of the scenario's, the delay is none, or nothing
/// is asked.
QuestionResult run(const StressRequest& request);

std::string to_text(const QuestionResult& result);
std::string to_json(const QuestionResult& result);

}  // namespace vorrat::verbs
