#include "vorrat/rules/provision.h"

#include <fmt/format.h>

#include <array>

namespace vorrat::rules {
namespace {

constexpr std::array<std::string_view, 7> status_names = {
    "free",        "notify", "licence_case_by_case", "licence_presumed_denied", "prohibited",
    "not_covered", "unknown"};
constexpr std::array<std::string_view, 4> review_names = {"none_stated", "presumption_of_approval",
                                                          "case_by_case", "presumption_of_denial"};
constexpr std::array<std::string_view, 5> support_names = {"independent", "reported", "single",
                                                           "computed", "assumed"};

template <typename Enum, std::size_t n>
std::optional<Enum> parse(std::string_view text, const std::array<std::string_view, n>& names) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Status status) { return status_names[static_cast<std::size_t>(status)]; }
std::optional<Status> parse_status(std::string_view text) {
  return parse<Status>(text, status_names);
}
std::string_view to_string(Review review) { return review_names[static_cast<std::size_t>(review)]; }
std::optional<Review> parse_review(std::string_view text) {
  return parse<Review>(text, review_names);
}
std::string_view to_string(Support support) {
  return support_names[static_cast<std::size_t>(support)];
}
std::optional<Support> parse_support(std::string_view text) {
  return parse<Support>(text, support_names);
}

std::optional<double> Quota::allows(std::optional<double> us_shipments) const {
  if (!share_of_us_shipments) return accelerators;
  if (!us_shipments) return std::nullopt;
  // Of one product every piece has the same TPP, so the share of TPP is the share of pieces.
  const double share = *share_of_us_shipments * *us_shipments;
  return accelerators ? std::min(share, *accelerators) : share;
}

std::string to_string(const Quota& quota) {
  constexpr std::array<std::string_view, 3> shared = {"per product", "per group of companies",
                                                      "for the named groups together"};
  std::string text;
  if (quota.accelerators) text = fmt::format("at most {} accelerators", *quota.accelerators);
  if (quota.share_of_us_shipments) {
    text += fmt::format("{}at most {:g} % of the TPP of the same product shipped to US users",
                        text.empty() ? "" : ", ", 100 * *quota.share_of_us_shipments);
  }
  return fmt::format("{}, {}", text, shared[static_cast<std::size_t>(quota.shared)]);
}

std::string to_string(const Charge& charge) {
  return fmt::format("{} of {:g} % of the {}", charge.kind == Charge::Kind::fee ? "fee" : "duty",
                     100 * charge.rate,
                     charge.base == Charge::Base::revenue ? "revenue" : "customs value");
}

}  // namespace vorrat::rules
