#include "vorrat/lp/certificate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vorrat::lp {
namespace {

// min 2x + 3y, x + y >= 4, 0 <= x <= 3, y >= 0: x = 3, y = 1, cost 9, dual 3, reduced cost of x -1.
CurrentModel diet(Sense sense = Sense::minimise) {
  const double sign = sense == Sense::minimise ? 1.0 : -1.0;
  Model model;
  model.sense = sense;
  model.objective_constant = 10.0;
  model.add_column({0.0, 3.0, sign * 2.0});
  model.add_column({0.0, infinity, sign * 3.0});
  model.add_row({4.0, infinity});
  model.add_entry(0, 0, 1.0);
  model.add_entry(0, 1, 1.0);
  return CurrentModel(model);
}

Answer answer_of(const CurrentModel& model, double x, double y, double dual) {
  Answer answer{.status = Status::optimal};
  answer.primal = {x, y};
  answer.row_dual = {dual};
  recompute(model, answer);
  return answer;
}

TEST(Certificate, AcceptsTheOptimumAndComputesItsBound) {
  const CurrentModel model = diet();
  const Answer answer = answer_of(model, 3.0, 1.0, 3.0);
  EXPECT_EQ(answer.objective, 19.0);
  EXPECT_EQ(answer.bound, 19.0);
  EXPECT_EQ(answer.gap, 0.0);
  EXPECT_EQ(answer.row_activity, std::vector<double>{4.0});
  EXPECT_EQ(answer.reduced_cost, (std::vector<double>{-1.0, 0.0}));
  EXPECT_EQ(fault_of_optimal(model, answer), "");
}

TEST(Certificate, AcceptsTheSameForMaximisingWithSignsFlipped) {
  const CurrentModel model = diet(Sense::maximise);
  const Answer answer = answer_of(model, 3.0, 1.0, -3.0);
  EXPECT_EQ(answer.objective, 1.0);
  EXPECT_EQ(answer.bound, 1.0);
  EXPECT_EQ(fault_of_optimal(model, answer), "");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 3.0, 1.0, 3.0)),
            "the dual of row 0 has the wrong sign: 3");
}

TEST(Certificate, NamesWhatIsWrongWithAPoint) {
  const CurrentModel model = diet();
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 3.0, 0.0, 3.0)), "row 0 is missed by 1");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 4.0, 0.0, 3.0)),
            "column 0 is outside its bounds by 1");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 0.0, 4.0, 3.0)),
            "the duals prove 19 and the point costs 22");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 3.0, 1.0, 4.0)),
            "the reduced cost of column 1 has the wrong sign: -1");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, 3.0, 1.0, -0.5)),
            "the dual of row 0 has the wrong sign: -0.5");
  EXPECT_EQ(fault_of_optimal(model, answer_of(model, std::nan(""), 1.0, 3.0)),
            "column 0 is outside its bounds by nan");
}

TEST(Certificate, RefusesAFractionWhereAWholeNumberIsMeant) {
  CurrentModel model = diet();
  model.integers = {0};
  Answer answer{.status = Status::optimal};
  answer.primal = {2.5, 1.5};
  answer.bound = 19.0;
  recompute(model, answer);
  EXPECT_EQ(answer.objective, 19.5);
  EXPECT_EQ(answer.gap, 0.5 / 19.5);
  EXPECT_EQ(fault_of_optimal(model, answer), "column 0 is 0.5 away from a whole number");
}

// x + y >= 4 with x <= 3, y <= 0.5 cannot be: the row's multiplier 1 proves 4 > 3.5.
TEST(Certificate, AcceptsFarkasMultipliersOnlyIfTheyProveIt) {
  CurrentModel model = diet();
  model.set_column_bounds(1, 0.0, 0.5);
  const auto proves = [&](double y) { return proves_infeasible(model, std::vector{y}); };
  EXPECT_TRUE(proves(1.0));
  EXPECT_TRUE(proves(1e-7));
  EXPECT_FALSE(proves(-1.0)) << "the row has no upper bound";
  EXPECT_FALSE(proves(0.0));
  model.set_column_bounds(1, 0.0, 1.0);
  EXPECT_FALSE(proves(1.0)) << "4 >= 4 can be";
  model.set_column_bounds(1, 0.0, infinity);
  EXPECT_FALSE(proves(1.0)) << "y can grow";
}

// max x - y without upper bounds but x - 2y <= 1: (2, 1) improves for ever, (1, 0) leaves the row.
TEST(Certificate, AcceptsARayOnlyIfItStaysInsideAndImproves) {
  Model plain;
  plain.sense = Sense::maximise;
  plain.add_column({0.0, infinity, 1.0});
  plain.add_column({0.0, infinity, -1.0});
  plain.add_row({-infinity, 1.0});
  plain.add_entry(0, 0, 1.0);
  plain.add_entry(0, 1, -2.0);
  CurrentModel model(plain);
  const auto improves = [&](double x, double y) {
    return improves_for_ever(model, std::vector{x, y});
  };
  EXPECT_TRUE(improves(2.0, 1.0));
  EXPECT_FALSE(improves(1.0, 0.0)) << "leaves the row";
  EXPECT_FALSE(improves(0.0, 1.0)) << "gets worse";
  EXPECT_FALSE(improves(-1.0, -2.0)) << "leaves the bounds";
  EXPECT_FALSE(improves(0.0, 0.0));
  model.set_column_bounds(0, 0.0, 1e6);
  EXPECT_FALSE(improves(2.0, 1.0)) << "x has an end";
}

}  // namespace
}  // namespace vorrat::lp
