// What a page must be without a browser; tests/page has what it must be in one.
#include "vorrat/report/html.h"

#include <gtest/gtest.h>

#include <chrono>
#include <regex>

#include "vorrat/report/format.h"
#include "vorrat/report/sample_plan.h"

namespace vorrat::report {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

/// The page without its script and its style.
std::string body(const std::string& html) {
  return std::regex_replace(
      html.substr(html.find("<body>"), html.rfind("<script>") - html.find("<body>")),
      std::regex("&quot;"), "\"");
}

TEST(Html, HasATableForEveryChartAndEveryTableOfTheReport) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const std::string html = to_html(tables);
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables) {
      EXPECT_EQ(count(html, "<table id=\"table-" + table.id + "\""), 1u) << table.id;
      EXPECT_EQ(count(html, "data-table=\"table-" + table.id + "\""), table.charts.size());
    }
  }
}

TEST(Html, WritesItsSentencesWithTheFiguresOfTheirCells) {
  const Tables tables = plan_tables(sample_plan(), sample_facts());
  const std::string text = std::regex_replace(body(to_html(tables)), std::regex("<[^>]*>"), "");
  for (const Sentence& sentence : tables.answer)
    EXPECT_NE(text.find(to_text(sentence, tables)), std::string::npos);
}

TEST(Html, TakesNoWordsForMarkup) {
  fleet::Plan plan = sample_plan();
  plan.orders[0].site = "<script>alert(1)</script>\" onclick=\"x";
  RunFacts facts = sample_facts();
  facts.title = "</title><img src=x onerror=alert(1)>";
  const std::string html = to_html(plan_tables(plan, facts));
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(count(html, "<script>"), 1u);
  EXPECT_EQ(count(html, "</script>"), 1u);
}

/// Nothing is loaded: no address in any attribute or rule of style, and a policy that forbids it.
TEST(Html, AsksTheNetworkForNothing) {
  const std::string html = to_html(plan_tables(sample_plan(), sample_facts()));
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  const std::string page = html.substr(0, html.rfind("<script>"));
  EXPECT_FALSE(std::regex_search(page, std::regex("(src|href)=\"(?!#)")));
  EXPECT_EQ(page.find("url("), std::string::npos);
  EXPECT_EQ(page.find("@import"), std::string::npos);
}

TEST(Html, SaysOnTheScreenAndOnEveryPrintedPageThatItIsNoForecast) {
  const std::string html = to_html(plan_tables(sample_plan(), sample_facts()));
  EXPECT_GE(count(body(html), "conditional on these inputs, not a forecast"), 2u);
  EXPECT_NE(html.find("@bottom-left{content:\"conditional on these inputs, not a forecast"),
            std::string::npos);
}

TEST(Html, OfAGreatRunTakesUnderTwoSecondsAndThreeMegabytes) {
  const SampleSize size{.quarters = 16, .offers = 40, .sites = 12};
  const auto start = std::chrono::steady_clock::now();
  const std::string html = to_html(plan_tables(sample_plan(size), sample_facts(size)));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  EXPECT_LT(took.count(), 2.0);
  EXPECT_LT(html.size(), 3'000'000u);
}

}  // namespace
}  // namespace vorrat::report
