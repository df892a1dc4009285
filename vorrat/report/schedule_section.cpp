// When things come: applications, approvals, first shipments, deliveries and power, by quarter.
#include <fmt/format.h>

#include <algorithm>

#include "vorrat/report/format.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::LicenceLine;
using fleet::Plan;

/// The quarter before one: "2026Q4" before "2027Q1".
std::string quarter_before(const std::string& quarter) {
  const int year = std::stoi(quarter), number = quarter.back() - '0';
  return number > 1 ? fmt::format("{}Q{}", year, number - 1) : fmt::format("{}Q4", year - 1);
}

class Schedule {
 public:
  explicit Schedule(const Plan& plan)
      : plan_(plan),
        first_(plan.fleet.empty() ? "" : plan.fleet.front().stage),
        last_(plan.fleet.empty() ? "" : plan.fleet.back().stage) {}

  void add_applications() {
    for (const std::string& offer : licensed_offers()) {
      std::string from, to;
      double all = 0.0;
      for (const LicenceLine& line : plan_.licences) {
        if (line.offer != offer || line.applied_mean < 0.5) continue;
        if (from.empty()) from = line.stage;
        to = line.stage;
        all += line.applied_mean;
      }
      if (from.empty()) continue;
      add("licences for " + offer, "application", from, "", to,
          fmt::format("{} applied for on average", format_number(all, 0)));
    }
  }

  void add_approvals() {
    for (const auto& date : plan_.gate_dates)
      add_range(date.gate + " lets something pass", "approval", date.p05, date.p50, date.p95);
  }

  void add_first_shipments() {
    for (const std::string& offer : licensed_offers()) {
      // What has shipped is least early at its low quantile: that date is the late one.
      add_range(offer + " ships", "first shipment", first_with(offer, &LicenceLine::shipped_p95),
                first_with(offer, &LicenceLine::shipped_p50),
                first_with(offer, &LicenceLine::shipped_p05));
    }
  }

  void add_deliveries() {
    for (const auto& line : plan_.orders) {
      if (line.arrives.empty()) continue;
      add(fmt::format("{} to {}", line.accelerator, line.site), "delivery", first_, "",
          line.arrives, line.waits_for_gates ? "at the earliest: waits for its gates" : "");
    }
  }

  void add_power(const SiteFacts& site) {
    for (std::size_t p = 0; p < site.power.size(); ++p) {
      const bool is_last = p + 1 == site.power.size();
      const std::string until = is_last ? last_ : quarter_before(site.power[p + 1].from);
      if (site.power[p].from > last_ || until < first_) continue;
      add("power at " + site.id, "power", std::max(site.power[p].from, first_), "",
          std::min(until, last_), fmt::format("{} MW", format_number(site.power[p].capacity)));
    }
  }

  std::vector<std::vector<Cell>> rows() && { return std::move(rows_); }

 private:
  void add(const std::string& what, const char* kind, const std::string& from,
           const std::string& middle, const std::string& to, const std::string& note) {
    rows_.push_back({what, std::string(kind), from, middle, to, note});
  }

  /// From the quarter of 5 % to that of 95 %; "" is after the horizon.
  void add_range(const std::string& what, const char* kind, const std::string& early,
                 const std::string& middle, const std::string& late) {
    if (early.empty()) return;
    const std::string note = middle.empty() ? "later than the horizon in over half of the futures"
                             : late.empty() ? "later than the horizon in over 5 % of the futures"
                                            : "";
    add(what, kind, early, middle, late.empty() ? last_ : late, note);
  }

  std::vector<std::string> licensed_offers() const {
    std::vector<std::string> offers;
    for (const LicenceLine& line : plan_.licences) {
      if (std::ranges::find(offers, line.offer) == offers.end()) offers.push_back(line.offer);
    }
    return offers;
  }

  std::string first_with(const std::string& offer, double LicenceLine::*shipped) const {
    for (const LicenceLine& line : plan_.licences) {
      if (line.offer == offer && line.*shipped >= 0.5) return line.stage;
    }
    return "";
  }

  const Plan& plan_;  // outlives this
  std::string first_, last_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace

Section schedule_section(const Plan& plan, const RunFacts& facts) {
  DataTable schedule = table(
      "schedule", "Applications, approvals, deliveries and power, by quarter",
      {words("what", "what"), words("kind", "kind"), words("from", "from"), words("middle", "50 %"),
       words("to", "to"), words("note", "note")},
      {"approval, first shipment: from the quarter by which it has come in 5 % of the futures to "
       "that of 95 %, or to the end of the horizon",
       "delivery: from the quarter of the order to the first in which it can run; power: while "
       "that capacity is usable within the horizon"});
  schedule.charts = {{.kind = ChartKind::gantt,
                      .id = "schedule-gantt",
                      .title = "From application to power: when things come",
                      .alternative = "Bars over quarters: applications while they are made, "
                                     "approvals and first shipments from 5 to 95 % of futures with "
                                     "a mark at 50 %, each order until it arrives, each phase of "
                                     "power while it lasts.",
                      .columns = {{"label", "what"},
                                  {"from", "from"},
                                  {"middle", "middle"},
                                  {"to", "to"},
                                  {"series", "kind"},
                                  {"note", "note"}}}};
  Schedule lines(plan);
  lines.add_applications();
  lines.add_approvals();
  lines.add_first_shipments();
  lines.add_deliveries();
  for (const SiteFacts& site : facts.sites) lines.add_power(site);
  schedule.rows = std::move(lines).rows();
  return {.id = "schedule", .title = "When things come", .lead = "", .tables = {schedule}};
}

}  // namespace vorrat::report
