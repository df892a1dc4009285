#include "vorrat/report/redact.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "vorrat/report/csv.h"
#include "vorrat/report/html.h"
#include "vorrat/report/sample_plan.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/terminal.h"

namespace vorrat::report {
namespace {

void for_each_cell(const Tables& tables,
                   const std::function<void(const DataTable&, std::size_t, const Cell&)>& visit) {
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables) {
      for (std::size_t r = 0; r < table.rows.size(); ++r) {
        for (const Cell& cell : table.rows[r]) visit(table, r, cell);
      }
    }
  }
}

bool is_sum(const DataTable& table, std::size_t row) {
  return std::any_of(table.sums.begin(), table.sums.end(),
                     [&](const Sum& sum) { return sum.row == row; });
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

TEST(Rounded, KeepsTwoDigits) {
  EXPECT_EQ(rounded(123456), 120000);
  EXPECT_EQ(rounded(-0.0123), -0.012);
  EXPECT_EQ(rounded(0.995), 1.0);
  EXPECT_EQ(rounded(9.95e9), 1e10);
  EXPECT_EQ(rounded(0), 0);
  EXPECT_EQ(rounded(7), 7);
}

TEST(Redacted, NamesNoSiteInAnyForm) {
  RunFacts facts = sample_facts();
  facts.title = "PLACE1 and Place0, Somewhere: first quarter";
  facts.notes.push_back("place2 has no power yet");
  fleet::Plan plan = sample_plan();
  plan.not_ordered[0].why_none = "dearer than part-0 at place2";
  const Tables tables = redacted(plan_tables(plan, facts));
  std::string all = to_html(tables) + to_terminal(tables) + to_json(tables);
  for (const auto& [name, text] : to_csv(tables)) all += text;
  const std::string text = lower(all);
  for (const char* name : {"place0", "place1", "place2", "somewhere"})
    EXPECT_EQ(text.find(name), std::string::npos) << name;
  EXPECT_NE(text.find("site-1"), std::string::npos);
}

TEST(Redacted, LeavesNoMoreThanTwoDigitsOfAFigureAndSumsThatAddUp) {
  const Tables tables = redacted(plan_tables(sample_plan(), sample_facts()));
  for_each_cell(tables, [](const DataTable& table, std::size_t row, const Cell& cell) {
    const auto* value = std::get_if<double>(&cell);
    if (value == nullptr || is_sum(table, row)) return;
    EXPECT_EQ(*value, rounded(*value)) << table.id << " row " << row;
  });
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables) {
      for (const Sum& sum : table.sums) {
        for (const std::string& column : sum.columns) {
          const std::size_t c = table.column_index(column);
          double total = 0.0;
          const auto value = [&](std::size_t row) {
            const auto* number = std::get_if<double>(&table.rows[row][c]);
            return number != nullptr ? *number : 0.0;
          };
          for (std::size_t row : sum.add) total += value(row);
          for (std::size_t row : sum.subtract) total -= value(row);
          EXPECT_NEAR(total, value(sum.row), 1e-9 * std::abs(total)) << table.id << " " << column;
        }
      }
    }
  }
}

TEST(Redacted, RoundsFiguresInWordsButNotDaysPartsAndCitations) {
  RunFacts facts = sample_facts();
  facts.register_of_assumptions = {{.name = "price of offer-3, from 2026-01-13",
                                    .value = "USD 27,345 each",
                                    .source = "91 FR 1684",
                                    .date = "2026-01-13",
                                    .kind = "reported"}};
  const Tables tables = redacted(plan_tables(sample_plan(), facts));
  const auto& row = tables.find("assumptions")->rows[0];
  EXPECT_EQ(std::get<std::string>(row[0]), "price of offer-3, from 2026-01-13");
  EXPECT_EQ(std::get<std::string>(row[1]), "USD 27,000 each");
  EXPECT_EQ(std::get<std::string>(row[3]), "2026-01-13");
  EXPECT_EQ(std::get<std::string>(row[4]), "91 FR 1684");
}

TEST(Redacted, SaysSo) {
  const Tables tables = redacted(plan_tables(sample_plan(), sample_facts()));
  EXPECT_NE(tables.subtitle.find("redacted"), std::string::npos);
  EXPECT_TRUE(tables.confidential.empty());
}

}  // namespace
}  // namespace vorrat::report
