#include "vorrat/report/tables.h"

#include <gtest/gtest.h>

namespace vorrat::report {
namespace {

TEST(FormatNumber, KeepsThousandsWholeAndSmallNumbersShort) {
  EXPECT_EQ(format_number(1234567.4), "1,234,567");
  EXPECT_EQ(format_number(-1234.5), "-1,235");
  EXPECT_EQ(format_number(12.345), "12.3");
  EXPECT_EQ(format_number(0.01234), "0.0123");
  EXPECT_EQ(format_number(0), "0");
  EXPECT_EQ(format_number(999.6, 0), "1,000");
  EXPECT_EQ(format_number(-0.2, 0), "0");
}

TEST(FormatMoney, NamesTheCurrencyAndTheScale) {
  EXPECT_EQ(format_money(5.234e9, "USD"), "USD 5.23 bn");
  EXPECT_EQ(format_money(12e6, "CNY"), "CNY 12 m");
  EXPECT_EQ(format_money(-840, "USD"), "USD -840");
}

TEST(FormatCents, IsExact) {
  EXPECT_EQ(format_cents(123456789012345), "1,234,567,890,123.45");
  EXPECT_EQ(format_cents(-5), "-0.05");
  EXPECT_EQ(format_cents(100000), "1,000.00");
}

TEST(FormatOdds, NeverRoundsToCertainty) {
  EXPECT_EQ(format_odds(0.999), ">99 %");
  EXPECT_EQ(format_odds(0.001), "<1 %");
  EXPECT_EQ(format_odds(1.0), "100 %");
  EXPECT_EQ(format_odds(0.0), "0 %");
  EXPECT_EQ(format_odds(0.625), "62 %");
}

TEST(AnswerSentences, SayWhatToOrderAndWhatItCosts) {
  fleet::Plan plan;
  plan.status = fleet::PlanStatus::optimal;
  plan.currency = "USD";
  plan.objective = 3e9;
  plan.unserved_cost = 1e9;
  fleet::OrderLine line;
  line.accelerator = "h200-sxm";
  line.site = "mainland";
  line.quantity = 20000;
  line.cost = 540e6;
  line.pay_now = 270e6;
  plan.orders.push_back(line);
  EXPECT_EQ(answer_sentences(plan)[0],
            "Order now 20,000 h200-sxm for mainland: USD 540 m committed in all, of which USD 270 "
            "m falls "
            "due this quarter.");
  plan.orders.clear();
  EXPECT_EQ(answer_sentences(plan)[0], "Order nothing this quarter.");
}

}  // namespace
}  // namespace vorrat::report
