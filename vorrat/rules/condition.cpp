#include "vorrat/rules/condition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "vorrat/base/diagnostics.h"

namespace vorrat::rules {
namespace {

constexpr std::array<std::string_view, measure_count> measure_names = {
    "tpp",          "performance_density",    "dram_bandwidth",
    "io_bandwidth", "dram_plus_io_bandwidth", "memory_bandwidth_density"};
constexpr std::array<std::string_view, measure_count> measure_units = {"",     "",     "GB/s",
                                                                       "GB/s", "GB/s", "GB/s/mm2"};
constexpr std::array<std::string_view, place_term_count> place_names = {
    "destination",   "exported_from", "route",       "holder",
    "holder_parent", "user",          "user_parent", "designer"};
constexpr std::array<std::string_view, word_term_count> word_names = {
    "transaction", "form", "seller", "item", "user_name"};
constexpr std::array<std::string_view, flag_term_count> flag_names = {
    "data_centre", "state_funded_site", "new_site", "validated_site", "owned_by_listed_parties"};

template <std::size_t n>
std::optional<std::size_t> position_of(std::string_view word,
                                       const std::array<std::string_view, n>& names) {
  const auto place = std::find(names.begin(), names.end(), word);
  if (place == names.end()) return std::nullopt;
  return static_cast<std::size_t>(place - names.begin());
}

std::string_view word_of(Transaction transaction) {
  switch (transaction) {
    case Transaction::buy:
      return "buy";
    case Transaction::lease:
      return "lease";
    case Transaction::remote_use:
      return "remote_use";
    case Transaction::keep_running:
      return "keep_running";
  }
  return "";
}

std::string_view word_of(Form form) {
  switch (form) {
    case Form::accelerator:
      return "accelerator";
    case Form::system:
      return "system";
    case Form::loose_memory:
      return "loose_memory";
  }
  return "";
}

struct Token {
  std::string_view text;
  std::size_t position = 0;  // bytes; conditions are ASCII but for names, which follow no fault
};

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == ':' || c == '/';
}

}  // namespace

std::string provision_hint(std::string_view name, std::vector<std::string> ids,
                           const std::string& instrument) {
  const std::size_t count = ids.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (ids[i].starts_with(instrument + "/")) ids.push_back(ids[i].substr(instrument.size() + 1));
  }
  const std::string near = closest(name, ids);
  return near.empty() ? "write instrument/provision" : fmt::format("did you mean \"{}\"?", near);
}

// ---- Facts

Facts::Facts(const Item& item, const Deal& deal, const Countries& countries)
    : item_(item), deal_(deal) {
  for (std::size_t i = 0; i < measure_count; ++i) {
    measurements_[i] = measured(item, static_cast<Measure>(i));
  }
  const bool user_holds =
      deal.transaction == Transaction::buy || deal.transaction == Transaction::keep_running;
  const Deal::Party& holder = user_holds ? deal.user : deal.site_owner;
  const auto set = [&](PlaceTerm term, const std::string& text) {
    places_[static_cast<std::size_t>(term)] = countries.find_or_none(text);
  };
  set(PlaceTerm::destination, deal.destination);
  set(PlaceTerm::exported_from, deal.exported_from);
  set(PlaceTerm::route, deal.exported_from);
  set(PlaceTerm::holder, holder.headquarters);
  set(PlaceTerm::holder_parent, holder.parent);
  set(PlaceTerm::user, deal.user.headquarters);
  set(PlaceTerm::user_parent, deal.user.parent);
  set(PlaceTerm::designer, item.designer);
  if (!deal.exported_from.empty()) route_.set(places_[static_cast<std::size_t>(PlaceTerm::route)]);
  for (const auto& country : deal.via) route_.set(countries.find(country));
}

Answer Facts::in(PlaceTerm term, const CountrySet& set) const {
  if (term == PlaceTerm::route && (route_ & set).any()) return Answer::yes;
  const Country country = places_[static_cast<std::size_t>(term)];
  return country == no_country ? Answer::unknown : answer(set.test(country));
}

std::string_view Facts::word(WordTerm term) const {
  switch (term) {
    case WordTerm::transaction:
      return word_of(deal_.transaction);
    case WordTerm::form:
      return word_of(item_.form);
    case WordTerm::seller:
      return deal_.seller;
    case WordTerm::item:
      return item_.id;
    case WordTerm::user_name:
      return deal_.user.name;
  }
  return "";
}

Answer Facts::flag(FlagTerm term) const {
  switch (term) {
    case FlagTerm::data_centre:
      return item_.data_centre;
    case FlagTerm::state_funded_site:
      return deal_.site_is_state_funded;
    case FlagTerm::new_site:
      return deal_.site_is_new;
    case FlagTerm::validated_site:
      return deal_.site_is_validated;
    case FlagTerm::owned_by_listed_parties:
      return deal_.owned_by_listed_parties;
  }
  return Answer::unknown;
}

std::string Facts::place_text(PlaceTerm term, const Countries& countries) const {
  const Country country = places_[static_cast<std::size_t>(term)];
  std::vector<std::string> names;
  if (country != no_country) names.push_back(countries[country].name);
  if (term == PlaceTerm::route) {
    for (const auto& via : deal_.via) names.push_back(countries[countries.find(via)].name);
  }
  return names.empty() ? "not known" : fmt::format("{}", fmt::join(names, ", "));
}

// ---- Reading

class ConditionReader {
 public:
  ConditionReader(std::string_view text, const Vocabulary& vocabulary)
      : text_(text), vocabulary_(vocabulary) {
    result_.text_ = std::string(text);
  }

  std::expected<Condition, TextFault> read() {
    split();
    if (!fault_) add_expression();
    if (!fault_ && !at_end())
      fail(here(), fmt::format("\"{}\" is not expected here", here().text),
           "join tests with \"and\" or \"or\"");
    if (fault_) return std::unexpected(*fault_);
    return std::move(result_);
  }

 private:
  using Node = Condition::Node;
  using Kind = Condition::Kind;
  using Relation = Condition::Relation;

  void split() {
    std::size_t i = 0;
    while (i < text_.size()) {
      const std::size_t start = i;
      if (text_[i] == ' ') {
        ++i;
        continue;
      }
      if (is_word_character(text_[i])) {
        while (i < text_.size() && is_word_character(text_[i])) ++i;
      } else if (text_[i] == '<' || text_[i] == '>') {
        i += i + 1 < text_.size() && text_[i + 1] == '=' ? 2 : 1;
      } else if (std::string_view("(){},").find(text_[i]) != std::string_view::npos) {
        ++i;
      } else {
        const Token odd{text_.substr(i, 1), i};
        return fail(odd, fmt::format("\"{}\" has no meaning in a condition", odd.text),
                    odd.text == "=" ? "compare with >=, >, < or <=" : "");
      }
      tokens_.push_back({text_.substr(start, i - start), start});
    }
    tokens_.push_back({"", text_.size()});
  }

  bool at_end() const { return here().text.empty(); }
  const Token& here() const { return tokens_[next_]; }
  Token take() { return at_end() ? here() : tokens_[next_++]; }
  bool take_if(std::string_view word) {
    if (here().text != word) return false;
    ++next_;
    return true;
  }
  bool expect(std::string_view word, std::string_view after) {
    if (take_if(word)) return true;
    fail(here(), fmt::format("\"{}\" is missing after {}", word, after), "");
    return false;
  }

  void fail(const Token& token, std::string message, std::string hint) {
    if (fault_) return;
    fault_ = TextFault{.position = static_cast<int>(token.position),
                       .width = std::max(1, static_cast<int>(token.text.size())),
                       .message = std::move(message),
                       .hint = std::move(hint)};
  }

  std::size_t add(Node node) {
    result_.nodes_.push_back(std::move(node));
    return result_.nodes_.size() - 1;
  }

  std::size_t add_expression() { return add_list(Kind::any, "or"); }

  std::size_t add_list(Kind kind, std::string_view joiner) {
    Node list{.kind = kind};
    do {
      list.children.push_back(kind == Kind::any ? add_list(Kind::all, "and") : add_test());
    } while (!fault_ && take_if(joiner));
    return list.children.size() == 1 ? list.children.front() : add(std::move(list));
  }

  std::size_t add_test() {
    if (take_if("not")) {
      Node negation{.kind = Kind::negation};
      negation.children.push_back(add_test());
      return add(std::move(negation));
    }
    if (take_if("(")) {
      const std::size_t inner = add_expression();
      expect(")", "the test in brackets");
      return inner;
    }
    return add_comparison();
  }

  std::size_t add_comparison() {
    const Token first = take();
    Node node;
    if (const auto measure = position_of(first.text, measure_names)) {
      node.kind = Kind::measure;
      node.term = *measure;
      read_threshold(node);
    } else if (const auto place = position_of(first.text, place_names)) {
      node.kind = Kind::place;
      node.term = *place;
      node.is_negated = take_if("not");
      if (expect("in", first.text)) read_places(node);
    } else if (const auto word = position_of(first.text, word_names)) {
      node.kind = Kind::word;
      node.term = *word;
      node.is_negated = read_words(node, first);
    } else if (const auto flag = position_of(first.text, flag_names)) {
      node.kind = Kind::flag;
      node.term = *flag;
    } else if (first.text == "meets") {
      node.kind = Kind::meets;
      read_provision(node);
    } else if (first.text == "received" && expect("before", first.text)) {
      node.kind = Kind::received_before;
      read_day(node);
    } else if (first.text == "sold_in_us" && expect("on", first.text)) {
      node.kind = Kind::sold_on;
      read_day(node);
    } else {
      fail_unknown_word(first);
    }
    const std::size_t end =
        next_ > 0 ? tokens_[next_ - 1].position + tokens_[next_ - 1].text.size() : text_.size();
    node.text = std::string(text_.substr(first.position, end - first.position));
    return add(std::move(node));
  }

  void fail_unknown_word(const Token& token) {
    if (token.text.empty()) return fail(token, "a test is missing at the end", "");
    std::vector<std::string> known = {"meets", "received", "sold_in_us", "not"};
    for (const auto& names : {std::span<const std::string_view>(measure_names),
                              std::span<const std::string_view>(place_names),
                              std::span<const std::string_view>(word_names),
                              std::span<const std::string_view>(flag_names)}) {
      known.insert(known.end(), names.begin(), names.end());
    }
    fail(token, fmt::format("\"{}\" is not something a rule can ask", token.text),
         did_you_mean(token.text, known));
  }

  void read_threshold(Node& node) {
    const Token relation = take();
    if (relation.text == ">=") {
      node.relation = Relation::at_least;
    } else if (relation.text == ">") {
      node.relation = Relation::more_than;
    } else if (relation.text == "<") {
      node.relation = Relation::less_than;
    } else if (relation.text == "<=") {
      node.relation = Relation::at_most;
    } else {
      return fail(relation,
                  fmt::format("a comparison is missing after {}", measure_names[node.term]),
                  "write >=, >, < or <=, as the text of the law has it");
    }
    const Token number = take();
    const auto threshold = Decimal::parse(number.text);
    if (!threshold) {
      return fail(number, fmt::format("\"{}\" is not a number", number.text), "");
    }
    node.threshold = *threshold;
    const std::string_view unit = measure_units[node.term];
    if (!unit.empty() && !take_if(unit)) {
      fail(here().text.empty() ? number : here(),
           fmt::format("the unit of {} is missing", measure_names[node.term]),
           fmt::format("write \"{} {}\"", number.text, unit));
    }
  }

  void read_places(Node& node) {
    if (!expect("{", "\"in\"")) return;
    do {
      const Token name = take();
      const auto& groups = vocabulary_.groups;
      const auto group = std::find(groups.begin(), groups.end(), name.text);
      if (group != groups.end()) {
        node.groups.push_back(static_cast<std::size_t>(group - groups.begin()));
        continue;
      }
      try {
        node.countries.set(vocabulary_.countries.find(name.text));
      } catch (const InvalidInput& fault) {
        return fail(name,
                    fmt::format("\"{}\" is neither a country nor a group of countries", name.text),
                    fmt::format("groups: {}", fmt::join(groups, ", ")));
      }
    } while (take_if(","));
    expect("}", "the countries");
  }

  // Returns whether the comparison is to be negated.
  bool read_words(Node& node, const Token& term) {
    if (take_if("is")) {
      const bool negate = take_if("not");
      take_word(node);
      return negate;
    }
    const bool negate = take_if("not");
    if (!expect("in", fmt::format("{} (or \"is\")", term.text)) || !expect("{", "\"in\"")) {
      return negate;
    }
    do {
      take_word(node);
    } while (!fault_ && take_if(","));
    expect("}", "the list");
    return negate;
  }

  void take_word(Node& node) {
    const Token word = take();
    const auto known = known_words(static_cast<WordTerm>(node.term));
    if (word.text.empty() || !is_word_character(word.text.front())) {
      return fail(word, "a word is missing here", "");
    }
    if (!known.empty() && std::find(known.begin(), known.end(), word.text) == known.end()) {
      return fail(word, fmt::format("\"{}\" is not a {}", word.text, word_names[node.term]),
                  did_you_mean(word.text, known));
    }
    node.words.emplace_back(word.text);
  }

  static std::vector<std::string> known_words(WordTerm term) {
    if (term == WordTerm::transaction) return {"buy", "lease", "remote_use", "keep_running"};
    if (term == WordTerm::form) return {"accelerator", "system", "loose_memory"};
    return {};
  }

  void read_provision(Node& node) {
    const Token name = take();
    for (const auto& id :
         {fmt::format("{}/{}", vocabulary_.instrument, name.text), std::string(name.text)}) {
      const auto place = vocabulary_.provisions.find(id);
      if (place != vocabulary_.provisions.end()) {
        node.term = place->second;
        return;
      }
    }
    std::vector<std::string> ids;
    for (const auto& [id, number] : vocabulary_.provisions) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    fail(name, fmt::format("there is no provision \"{}\"", name.text),
         provision_hint(name.text, ids, vocabulary_.instrument));
  }

  void read_day(Node& node) {
    const Token day = take();
    const auto date = parse_date(day.text);
    if (!date) {
      return fail(day, fmt::format("\"{}\" is not a day", day.text), "write it as in 2026-05-31");
    }
    node.day = *date;
  }

  std::string_view text_;
  const Vocabulary& vocabulary_;  // lives as long as the call of parse()
  std::vector<Token> tokens_;
  std::size_t next_ = 0;
  std::optional<TextFault> fault_;
  Condition result_;
};

std::expected<Condition, TextFault> Condition::parse(std::string_view text,
                                                     const Vocabulary& vocabulary) {
  return ConditionReader(text, vocabulary).read();
}

// ---- Asking

Answer Condition::ask(const Circumstances& circumstances, std::vector<Reading>* readings) const {
  return nodes_.empty() ? Answer::yes : ask(nodes_.size() - 1, circumstances, readings);
}

Answer Condition::ask(std::size_t index, const Circumstances& circumstances,
                      std::vector<Reading>* readings) const {
  const Node& node = nodes_[index];
  switch (node.kind) {
    case Kind::all:
    case Kind::any: {
      const bool is_all = node.kind == Kind::all;
      const Answer decisive = is_all ? Answer::no : Answer::yes;
      Answer result = negated(decisive);
      for (const std::size_t child : node.children) {
        const Answer each = ask(child, circumstances, readings);
        result = is_all ? both(result, each) : either(result, each);
        if (result == decisive) break;
      }
      return result;
    }
    case Kind::negation:
      return negated(ask(node.children.front(), circumstances, readings));
    default: {
      const Answer bare = compare(node, circumstances);
      const Answer result = node.is_negated ? negated(bare) : bare;
      if (readings != nullptr) readings->push_back({fact(node, circumstances), result});
      return result;
    }
  }
}

Answer Condition::compare(const Node& node, const Circumstances& c) const {
  switch (node.kind) {
    case Kind::measure: {
      const Measurement& m = c.facts.measurement(static_cast<Measure>(node.term));
      if (m.state == Measurement::State::not_given) return Answer::unknown;
      if (m.state == Measurement::State::does_not_apply) return Answer::no;
      const auto order = m.value <=> node.threshold * m.divisor;
      switch (node.relation) {
        case Relation::at_least:
          return answer(order >= 0);
        case Relation::more_than:
          return answer(order > 0);
        case Relation::less_than:
          return answer(order < 0);
        case Relation::at_most:
          return answer(order <= 0);
      }
      return Answer::unknown;
    }
    case Kind::place: {
      const auto term = static_cast<PlaceTerm>(node.term);
      Answer result = c.facts.in(term, node.countries);
      for (const std::size_t group : node.groups) {
        result = either(result, c.facts.in(term, c.groups[group]));
      }
      return result;
    }
    case Kind::word: {
      const std::string_view word = c.facts.word(static_cast<WordTerm>(node.term));
      if (word.empty()) return Answer::unknown;
      return answer(std::find(node.words.begin(), node.words.end(), word) != node.words.end());
    }
    case Kind::flag:
      return c.facts.flag(static_cast<FlagTerm>(node.term));
    case Kind::meets:
      return c.provisions[node.term];
    case Kind::received_before: {
      const auto& received = c.facts.deal().received;
      return received ? answer(*received < node.day) : Answer::unknown;
    }
    case Kind::sold_on:
      return c.facts.item().sale_in_us.on(node.day);
    default:
      return Answer::unknown;
  }
}

std::string Condition::fact(const Node& node, const Circumstances& c) const {
  switch (node.kind) {
    case Kind::measure:
      return fmt::format("{}; {}", node.text,
                         arithmetic(c.facts.item(), static_cast<Measure>(node.term)));
    case Kind::place:
      return fmt::format("{}; it is {}", node.text,
                         c.facts.place_text(static_cast<PlaceTerm>(node.term), c.countries));
    case Kind::word: {
      const auto word = c.facts.word(static_cast<WordTerm>(node.term));
      return fmt::format("{}; it is {}", node.text, word.empty() ? "not known" : word);
    }
    case Kind::received_before: {
      const auto& received = c.facts.deal().received;
      return fmt::format("{}; received {}", node.text,
                         received ? vorrat::to_string(*received) : "on a day not given");
    }
    default:
      return node.text;
  }
}

std::vector<std::size_t> Condition::provisions_named() const {
  std::vector<std::size_t> result;
  for (const auto& node : nodes_) {
    if (node.kind == Kind::meets) result.push_back(node.term);
  }
  return result;
}

bool Condition::has_threshold() const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [](const Node& node) { return node.kind == Kind::measure; });
}

// ---- Exclusion

// The smallest box of facts that holds every question which can meet a condition: one range for
// each thing that may be asked. Two conditions whose boxes do not touch exclude each other.
class Extent {
 public:
  static Extent of(const Condition& condition) {
    return condition.nodes_.empty() ? Extent() : of(condition, condition.nodes_.size() - 1, false);
  }

  bool touches(const Extent& other) const { return !both_of(*this, other).is_empty_; }

 private:
  // A range of numbers; an end is in the range if `low_in` or `high_in`.
  struct Range {
    std::optional<Decimal> low, high;
    bool low_in = true, high_in = true;
  };
  struct Choice {
    bool may_be_yes = true, may_be_no = true;
  };

  static Extent of(const Condition& condition, std::size_t index, bool negate) {
    using Kind = Condition::Kind;
    const auto& node = condition.nodes_[index];
    switch (node.kind) {
      case Kind::negation:
        return of(condition, node.children.front(), !negate);
      case Kind::all:
      case Kind::any: {
        const bool is_all = (node.kind == Kind::all) != negate;
        Extent result = of(condition, node.children.front(), negate);
        for (std::size_t i = 1; i < node.children.size(); ++i) {
          const Extent next = of(condition, node.children[i], negate);
          result = is_all ? both_of(result, next) : either_of(result, next);
        }
        return result;
      }
      default:
        return of_comparison(node, negate != node.is_negated);
    }
  }

  static Extent of_comparison(const Condition::Node& node, bool negate) {
    using Kind = Condition::Kind;
    Extent result;
    if (node.kind == Kind::measure && !negate) {
      Range& range = result.measures_[node.term];
      const bool below = node.relation == Condition::Relation::less_than ||
                         node.relation == Condition::Relation::at_most;
      const bool ends_in = node.relation == Condition::Relation::at_least ||
                           node.relation == Condition::Relation::at_most;
      (below ? range.high : range.low) = node.threshold;
      (below ? range.high_in : range.low_in) = ends_in;
    } else if (node.kind == Kind::place && node.groups.empty() &&
               node.term != static_cast<std::size_t>(PlaceTerm::route)) {
      result.places_[node.term] = negate ? ~node.countries : node.countries;
    } else if (node.kind == Kind::word && !negate) {
      result.words_[node.term].emplace(node.words.begin(), node.words.end());
    } else if (node.kind == Kind::flag || node.kind == Kind::meets) {
      const auto key = std::pair(node.kind == Kind::meets, node.term);
      result.choices_[key] = {.may_be_yes = !negate, .may_be_no = negate};
    }
    return result;
  }

  static Range overlap(const Range& a, const Range& b) {
    Range result = a;
    if (b.low && (!a.low || *b.low > *a.low || (*b.low == *a.low && !b.low_in))) {
      result.low = b.low;
      result.low_in = b.low_in;
    }
    if (b.high && (!a.high || *b.high < *a.high || (*b.high == *a.high && !b.high_in))) {
      result.high = b.high;
      result.high_in = b.high_in;
    }
    return result;
  }
  static Range hull(const Range& a, const Range& b) {
    Range result;
    if (a.low && b.low) {
      const bool a_first = *a.low < *b.low || (*a.low == *b.low && a.low_in);
      result.low = a_first ? a.low : b.low;
      result.low_in = a_first ? a.low_in : b.low_in;
    }
    if (a.high && b.high) {
      const bool a_last = *a.high > *b.high || (*a.high == *b.high && a.high_in);
      result.high = a_last ? a.high : b.high;
      result.high_in = a_last ? a.high_in : b.high_in;
    }
    return result;
  }
  static bool is_empty(const Range& r) {
    if (!r.low || !r.high) return false;
    return *r.low > *r.high || (*r.low == *r.high && !(r.low_in && r.high_in));
  }

  static Extent both_of(const Extent& a, const Extent& b) {
    Extent result = a;
    result.is_empty_ = a.is_empty_ || b.is_empty_;
    for (std::size_t i = 0; i < measure_count; ++i) {
      result.measures_[i] = overlap(a.measures_[i], b.measures_[i]);
      result.is_empty_ |= is_empty(result.measures_[i]);
    }
    for (std::size_t i = 0; i < place_term_count; ++i) {
      result.places_[i] &= b.places_[i];
      result.is_empty_ |= result.places_[i].none();
    }
    for (std::size_t i = 0; i < word_term_count; ++i) {
      if (!a.words_[i] || !b.words_[i]) {
        if (b.words_[i]) result.words_[i] = b.words_[i];
        continue;
      }
      std::erase_if(*result.words_[i],
                    [&](const std::string& word) { return !b.words_[i]->contains(word); });
      result.is_empty_ |= result.words_[i]->empty();
    }
    for (const auto& [key, choice] : b.choices_) {
      Choice& mine = result.choices_[key];
      mine.may_be_yes &= choice.may_be_yes;
      mine.may_be_no &= choice.may_be_no;
      result.is_empty_ |= !mine.may_be_yes && !mine.may_be_no;
    }
    return result;
  }

  static Extent either_of(const Extent& a, const Extent& b) {
    if (a.is_empty_) return b;
    if (b.is_empty_) return a;
    Extent result;
    for (std::size_t i = 0; i < measure_count; ++i) {
      result.measures_[i] = hull(a.measures_[i], b.measures_[i]);
    }
    for (std::size_t i = 0; i < place_term_count; ++i) {
      result.places_[i] = a.places_[i] | b.places_[i];
    }
    for (std::size_t i = 0; i < word_term_count; ++i) {
      if (!a.words_[i] || !b.words_[i]) continue;
      result.words_[i] = a.words_[i];
      result.words_[i]->insert(b.words_[i]->begin(), b.words_[i]->end());
    }
    for (const auto& [key, choice] : a.choices_) {
      const auto other = b.choices_.find(key);
      if (other == b.choices_.end()) continue;
      result.choices_[key] = {.may_be_yes = choice.may_be_yes || other->second.may_be_yes,
                              .may_be_no = choice.may_be_no || other->second.may_be_no};
    }
    return result;
  }

  Extent() {
    for (auto& places : places_) places.set();
  }

  bool is_empty_ = false;
  std::array<Range, measure_count> measures_;
  std::array<CountrySet, place_term_count> places_;
  std::array<std::optional<std::set<std::string>>, word_term_count> words_;
  std::map<std::pair<bool, std::size_t>, Choice> choices_;
};

bool surely_exclude_each_other(const Condition& a, const Condition& b) {
  return !Extent::of(a).touches(Extent::of(b));
}

}  // namespace vorrat::rules
