// A second way to every figure: all paths of the policy graph written out one beside the other,
// tied together where they share a past, each question a new program solved from nothing. It shares
// the stage problems with the library, and nothing of how they are put together and re-solved.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "vorrat/fleet/uncertainty.h"
#include "vorrat/lp/model.h"

namespace vorrat::insight {

class BruteForce {
 public:
  using Orders = std::vector<std::pair<std::size_t, double>>;  // (offer, thousands)

  explicit BruteForce(const fleet::Problem& problem);

  std::size_t path_count() const { return paths_.size(); }
  /// The least expected cost with these first orders. [M]
  std::optional<double> cost(const Orders& forced = {}) const;
  /// The expectation of each path's least cost, solved alone. [M]
  std::optional<double> cost_if_known() const;
  /// The most (`sign` 1) or least (-1) of an offer in the first stage within a cost limit. [k]
  std::optional<double> extreme(std::size_t offer, double sign, double cost_limit) const;
  /// The least mean of the worst `tail` of the costs. [M]
  std::optional<double> least_tail_mean(double tail) const;
  /// Whether a plan exists with these first orders where only paths through this second-stage node
  /// of the graph can come; its probability is weight_through().
  bool feasible_through(std::size_t node, const Orders& forced) const;
  std::vector<std::pair<std::size_t, double>> second_nodes() const;  // (node, probability)

 private:
  struct Visit {
    std::size_t node = 0, realization = 0;
    bool operator==(const Visit&) const = default;
  };
  struct Path {
    std::vector<Visit> visits;
    double probability = 1.0;
  };
  /// The program over some of the paths, with the cost of each path's stages in `cost`.
  struct Program {
    lp::Model model;
    std::vector<std::vector<std::size_t>> first;  // [path][stage] its first column
    std::vector<std::vector<lp::Entry>> cost;     // [path] (column, value); `row` unused
    std::vector<double> constant;                 // [path]
    std::vector<double> probability;              // [path]
    std::size_t order_column(const BruteForce& all, std::size_t path, std::size_t offer) const;
  };
  void walk(std::size_t node, double probability, std::vector<Visit> so_far);
  Program program(const std::vector<Path>& paths, const Orders& forced) const;
  static void minimise_mean(Program& program);

  fleet::FleetGraph graph_;
  std::vector<Path> paths_;
};

}  // namespace vorrat::insight
