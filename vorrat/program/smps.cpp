#include "vorrat/program/smps.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

using Index = std::map<std::string, std::size_t, std::less<>>;

// --- lines ---

struct Word {
  std::string_view text;
  int column;  // from 1
};

struct Line {
  int number;
  std::string_view text;
  std::vector<Word> words;
  bool is_header;  // starts in the first column
};

class Lines {
 public:
  Lines(const TextFile& file, Diagnostics& found) : name_(file.name), found_(found) {
    std::string_view rest = file.text;
    for (int number = 1; !rest.empty(); ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      add(number, rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  const std::vector<Line>& all() const { return lines_; }

  // `word` counts from 0; the whole line is meant if it has no such word.
  void fault(const Line& line, std::size_t word, std::string message, std::string hint = {},
             Severity severity = Severity::error) {
    const bool has_word = word < line.words.size();
    std::string excerpt(line.text.substr(0, 200));
    std::replace(excerpt.begin(), excerpt.end(), '\t', ' ');  // so that the caret stands below it
    found_.add({.place = {.file = name_,
                          .line = line.number,
                          .column = has_word ? line.words[word].column : 0},
                .message = std::move(message),
                .hint = std::move(hint),
                .excerpt = std::move(excerpt),
                .width = has_word ? static_cast<int>(line.words[word].text.size()) : 1,
                .severity = severity});
  }

  void fault_of_file(std::string message, Severity severity = Severity::error) {
    found_.add({.place = {.file = name_}, .message = std::move(message), .severity = severity});
  }

  bool has_faults() const { return found_.has_errors(); }

  // The word as a number, or a fault.
  std::optional<double> number(const Line& line, std::size_t word) {
    if (word >= line.words.size()) {
      fault(line, word, "a number is missing at the end of this line");
      return std::nullopt;
    }
    const auto value = as_number(line.words[word].text);
    if (!value) fault(line, word, fmt::format("\"{}\" is not a number", line.words[word].text));
    return value;
  }

  static std::optional<double> as_number(std::string_view text) {
    std::string plain(text);
    for (char& c : plain) {
      if (c == 'D' || c == 'd') c = 'e';  // Fortran's double precision
    }
    const char* first = plain.data() + (plain.starts_with('+') ? 1 : 0);
    const char* last = plain.data() + plain.size();
    double value = 0.0;
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc{} || end != last || std::isnan(value)) return std::nullopt;
    return value;
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  void add(int number, std::string_view text) {
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    if (text.empty() || text.front() == '*') return;
    Line line{.number = number, .text = text, .words = {}, .is_header = !is_blank(text.front())};
    for (std::size_t i = 0; i < text.size();) {
      while (i < text.size() && is_blank(text[i])) ++i;
      const std::size_t begin = i;
      while (i < text.size() && !is_blank(text[i])) ++i;
      if (i > begin)
        line.words.push_back({text.substr(begin, i - begin), static_cast<int>(begin) + 1});
    }
    if (!line.words.empty()) lines_.push_back(std::move(line));
  }

  std::string name_;
  Diagnostics& found_;
  std::vector<Line> lines_;
};

// --- the core file ---

struct CoreRow {
  std::string name;
  char type;  // E, L, G
  double right = 0.0;
  std::optional<double> range{};
  std::size_t period = 0;
};

struct CoreColumn {
  std::string name;
  double cost = 0.0, lower = 0.0, upper = lp::infinity;
  lp::ColumnKind kind = lp::ColumnKind::continuous;
  std::size_t period = 0;
};

struct Core {
  std::string name, objective;
  lp::Sense sense = lp::Sense::minimise;
  double constant = 0.0;
  std::vector<CoreRow> rows;
  std::vector<CoreColumn> columns;
  Index row_index, column_index;
  std::set<std::string, std::less<>> free_rows;  // N rows after the first, which play no part
  std::map<std::pair<std::size_t, std::size_t>, double> entries;  // by (row, column)
};

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

class CoreReader {
 public:
  CoreReader(const TextFile& file, Diagnostics& found) : lines_(file, found) {}

  Core read() {
    std::string section;
    for (const Line& line : lines_.all()) {
      if (line.is_header) {
        section = line.words[0].text;
        if (section == "ENDATA") break;
        read_header(line, section);
      } else {
        read_data(line, section);
      }
    }
    if (core_.objective.empty()) lines_.fault_of_file("there is no objective: no row of type N");
    if (core_.columns.empty()) lines_.fault_of_file("there are no columns");
    for (const CoreColumn& column : core_.columns) {
      if (column.lower > column.upper) {
        lines_.fault_of_file(
            fmt::format("column \"{}\" has the lower bound {} and the upper bound {}", column.name,
                        column.lower, column.upper));
      }
    }
    return std::move(core_);
  }

 private:
  void read_header(const Line& line, const std::string& section) {
    static const std::vector<std::string> known = {"NAME",   "ROWS",   "COLUMNS",  "RHS",
                                                   "RANGES", "BOUNDS", "OBJSENSE", "ENDATA"};
    if (section == "NAME") {
      if (line.words.size() > 1) core_.name = line.words[1].text;
    } else if (section == "OBJSENSE") {
      if (line.words.size() > 1) read_sense(line, 1);
    } else if (std::find(known.begin(), known.end(), section) == known.end()) {
      lines_.fault(line, 0, fmt::format("unknown section \"{}\"", section),
                   "known: NAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, OBJSENSE, ENDATA");
    }
  }

  void read_data(const Line& line, const std::string& section) {
    if (section == "ROWS") {
      read_row(line);
    } else if (section == "COLUMNS") {
      read_column(line);
    } else if (section == "RHS" || section == "RANGES") {
      read_pairs(line, line.words.size() % 2, [&](std::size_t i, const Line& l, std::size_t word) {
        if (const auto value = lines_.number(l, word + 1))
          section == "RHS" ? set_right(l, i, *value) : set_range(i, *value);
      });
    } else if (section == "BOUNDS") {
      read_bound(line);
    } else if (section == "OBJSENSE") {
      read_sense(line, 0);
    } else if (section.empty()) {
      lines_.fault(line, 0, "this line stands before the first section");
    }
  }

  void read_sense(const Line& line, std::size_t word) {
    const std::string_view text = line.words[word].text;
    if (text == "MAX" || text == "MAXIMIZE" || text == "MAXIMISE") {
      core_.sense = lp::Sense::maximise;
    } else if (text != "MIN" && text != "MINIMIZE" && text != "MINIMISE") {
      lines_.fault(line, word, fmt::format("unknown sense \"{}\"", text), "known: MIN, MAX");
    }
  }

  void read_row(const Line& line) {
    if (line.words.size() < 2) {
      lines_.fault(line, 0, "a row needs a type and a name");
      return;
    }
    const std::string type(line.words[0].text), name(line.words[1].text);
    if (type != "N" && type != "E" && type != "L" && type != "G") {
      lines_.fault(line, 0, fmt::format("unknown type of row \"{}\"", type), "known: N, E, L, G");
      return;
    }
    if (core_.row_index.contains(name) || name == core_.objective ||
        core_.free_rows.contains(name)) {
      lines_.fault(line, 1, fmt::format("the row \"{}\" is named twice", name));
      return;
    }
    if (type != "N") {
      core_.row_index[name] = core_.rows.size();
      core_.rows.push_back({.name = name, .type = type[0]});
    } else if (core_.objective.empty()) {
      core_.objective = name;
    } else {
      core_.free_rows.insert(name);
    }
  }

  // Calls use(row or nowhere for the objective, line, word of the row's name) for pairs of row and
  // number from word `first` on.
  template <typename Use>
  void read_pairs(const Line& line, std::size_t first, Use use) {
    if (first + 2 > line.words.size()) {
      lines_.fault(line, line.words.size(), "a row's name and a number are missing");
      return;
    }
    for (std::size_t word = first; word + 1 < line.words.size(); word += 2) {
      const std::string_view name = line.words[word].text;
      const auto found = core_.row_index.find(name);
      if (found != core_.row_index.end()) {
        use(found->second, line, word);
      } else if (name == core_.objective) {
        use(nowhere, line, word);
      } else if (!core_.free_rows.contains(name)) {
        lines_.fault(line, word, fmt::format("there is no row \"{}\"", name),
                     did_you_mean(name, row_names()));
      }
    }
    if ((line.words.size() - first) % 2 != 0)
      lines_.fault(line, line.words.size() - 1, "this word has no number after it");
  }

  std::vector<std::string> row_names() const {
    std::vector<std::string> names = {core_.objective};
    for (const CoreRow& row : core_.rows) names.push_back(row.name);
    return names;
  }

  void read_column(const Line& line) {
    if (line.words.size() > 2 && line.words[1].text == "'MARKER'") {
      integer_ = line.words[2].text == "'INTORG'";
      return;
    }
    const std::string name(line.words[0].text);
    if (core_.columns.empty() || core_.columns.back().name != name) {
      if (!core_.column_index.emplace(name, core_.columns.size()).second) {
        lines_.fault(line, 0, fmt::format("the column \"{}\" stands at two places", name));
        return;
      }
      core_.columns.push_back(
          {.name = name, .kind = integer_ ? lp::ColumnKind::integer : lp::ColumnKind::continuous});
    }
    const std::size_t j = core_.columns.size() - 1;
    read_pairs(line, 1, [&](std::size_t i, const Line& l, std::size_t word) {
      const auto value = lines_.number(l, word + 1);
      if (!value) return;
      if (i == nowhere) {
        core_.columns[j].cost = *value;
      } else if (!core_.entries.emplace(std::pair{i, j}, *value).second) {
        lines_.fault(
            l, word,
            fmt::format("column \"{}\" names the row \"{}\" twice", name, l.words[word].text));
      }
    });
  }

  void set_right(const Line&, std::size_t row, double value) {
    // MPS: the constant of the objective is minus its right-hand side.
    if (row == nowhere) {
      core_.constant = -value;
    } else {
      core_.rows[row].right = value;
    }
  }

  void set_range(std::size_t row, double value) {
    if (row != nowhere) core_.rows[row].range = value;
  }

  void read_bound(const Line& line) {
    const std::string type(line.words[0].text);
    static const std::set<std::string> with_value = {"LO", "UP", "FX", "LI", "UI"};
    static const std::set<std::string> without = {"FR", "MI", "PL", "BV"};
    if (!with_value.contains(type) && !without.contains(type)) {
      lines_.fault(line, 0, fmt::format("unknown kind of bound \"{}\"", type),
                   "known: LO, UP, FX, FR, MI, PL, BV, LI, UI");
      return;
    }
    // "UP SET COLUMN 3" or "UP COLUMN 3"; "FR SET COLUMN", "FR COLUMN", a number after it is idle.
    std::size_t word = 2;
    const auto is_column = [&](std::size_t w) {
      return w < line.words.size() && core_.column_index.contains(line.words[w].text);
    };
    if (!is_column(2) && is_column(1)) word = 1;
    if (!is_column(word)) {
      std::vector<std::string> names;
      for (const CoreColumn& column : core_.columns) names.push_back(column.name);
      const std::string_view name = word < line.words.size() ? line.words[word].text : "";
      lines_.fault(line, word, fmt::format("there is no column \"{}\"", name),
                   did_you_mean(name, names));
      return;
    }
    CoreColumn& column = core_.columns[core_.column_index.find(line.words[word].text)->second];
    double value = 0.0;
    if (with_value.contains(type)) {
      const auto number = lines_.number(line, word + 1);
      if (!number) return;
      value = *number;
    }
    set_bound(line, column, type, value);
  }

  void set_bound(const Line& line, CoreColumn& column, const std::string& type, double value) {
    if (type == "LO" || type == "LI") column.lower = value;
    if (type == "UP" || type == "UI") {
      if (value < 0.0 && column.lower == 0.0) {
        column.lower = -lp::infinity;
        lines_.fault(
            line, 0,
            fmt::format("column \"{}\" has a negative upper bound and no lower one, so its "
                        "lower bound is taken as minus infinity",
                        column.name),
            {}, Severity::warning);
      }
      column.upper = value;
    }
    if (type == "FX") column.lower = column.upper = value;
    if (type == "FR" || type == "MI") column.lower = -lp::infinity;
    if (type == "FR" || type == "PL") column.upper = lp::infinity;
    if (type == "BV") column.lower = 0.0, column.upper = 1.0;
    if (type == "BV" || type == "LI" || type == "UI") column.kind = lp::ColumnKind::integer;
  }

  Lines lines_;
  Core core_;
  bool integer_ = false;
};

// --- the time file ---

// Fills the periods of rows and columns; returns the periods' names.
class TimeReader {
 public:
  TimeReader(const TextFile& file, Diagnostics& found) : lines_(file, found) {}

  std::vector<std::string> read(Core& core) {
    std::vector<std::string> names;
    std::vector<std::size_t> first_column, first_row;
    std::string section;
    for (const Line& line : lines_.all()) {
      if (line.is_header) {
        section = line.words[0].text;
        if (section == "ENDATA") break;
        if (section == "PERIODS" && line.words.size() > 1 && line.words[1].text == "EXPLICIT") {
          lines_.fault(line, 1, "periods given explicitly cannot be read",
                       "give each period's first column and row");
          return names;
        }
        continue;
      }
      if (section != "PERIODS") continue;
      if (line.words.size() < 3) {
        lines_.fault(line, 0, "a period needs its first column, its first row and a name");
        continue;
      }
      const std::string_view column = line.words[0].text, row = line.words[1].text;
      const auto j = core.column_index.find(column);
      const auto i = core.row_index.find(row);
      // The first period may start at the objective's row.
      const bool is_objective = row == core.objective && names.empty();
      if (j == core.column_index.end())
        lines_.fault(line, 0, fmt::format("the core has no column \"{}\"", column));
      if (i == core.row_index.end() && !is_objective)
        lines_.fault(line, 1, fmt::format("the core has no row \"{}\"", row));
      if (j == core.column_index.end() || (i == core.row_index.end() && !is_objective)) continue;
      first_column.push_back(j->second);
      first_row.push_back(is_objective ? 0 : i->second);
      names.emplace_back(line.words[2].text);
      if (names.size() > 1 && (first_column.back() <= first_column[names.size() - 2] ||
                               first_row.back() < first_row[names.size() - 2])) {
        lines_.fault(line, 0,
                     fmt::format("period \"{}\" starts before the one above it", names.back()));
      }
    }
    if (names.empty()) {
      lines_.fault_of_file("there are no periods");
      return names;
    }
    if (first_column[0] != 0)
      lines_.fault_of_file("the first period must start at the first column");
    for (std::size_t j = 0; j < core.columns.size(); ++j)
      core.columns[j].period = last_at_or_before(first_column, j);
    for (std::size_t i = 0; i < core.rows.size(); ++i)
      core.rows[i].period = last_at_or_before(first_row, i);
    check_staircase(core);
    return names;
  }

 private:
  static std::size_t last_at_or_before(const std::vector<std::size_t>& starts, std::size_t at) {
    std::size_t period = 0;
    for (std::size_t p = 0; p < starts.size(); ++p) {
      if (starts[p] <= at) period = p;
    }
    return period;
  }

  void check_staircase(const Core& core) {
    for (const auto& [place, value] : core.entries) {
      const CoreRow& row = core.rows[place.first];
      const CoreColumn& column = core.columns[place.second];
      if (column.period > row.period) {
        lines_.fault_of_file(
            fmt::format("row \"{}\" of period {} uses column \"{}\" of the later period {}",
                        row.name, row.period + 1, column.name, column.period + 1));
      }
    }
  }

  Lines lines_;
};

// --- the stoch file ---

// One number of the core that is random.
struct Element {
  enum class What { right, coefficient, cost, constant, lower, upper, both };
  What what;
  std::size_t row = nowhere, column = nowhere;
  auto operator<=>(const Element&) const = default;
};

using Values = std::map<Element, double>;

struct Outcome {
  double probability = 0.0;
  Values values;
};

// A random vector that is independent of all others.
struct Block {
  std::string name;
  std::size_t period = 0;
  std::vector<Outcome> outcomes;
};

struct Scenario {
  std::string name;
  std::size_t parent = nowhere;  // nowhere: the core itself
  std::size_t branch = 0;        // first period of its own
  double probability = 0.0;
  Values values;  // with the parent's
};

struct Stoch {
  std::vector<Block> blocks;
  std::vector<Scenario> scenarios;
};

class StochReader {
 public:
  StochReader(const TextFile& file, const Core& core, const std::vector<std::string>& periods,
              Diagnostics& found)
      : lines_(file, found), core_(core), periods_(periods) {}

  Stoch read() {
    for (const Line& line : lines_.all()) {
      const std::string_view first = line.words[0].text;
      // Some files start SC and BL lines in the first column.
      const bool is_data = !line.is_header || (first == "SC" && section_ == "SCENARIOS") ||
                           (first == "BL" && section_ == "BLOCKS");
      if (!is_data && first == "ENDATA") break;
      if (is_data) {
        read_data(line);
      } else {
        read_header(line);
      }
    }
    if (!stoch_.scenarios.empty() && !stoch_.blocks.empty())
      lines_.fault_of_file("scenarios and independent random numbers cannot stand together");
    if (!lines_.has_faults()) normalise();  // a line that was refused would be missed in the sum
    return std::move(stoch_);
  }

 private:
  void read_header(const Line& line) {
    section_ = line.words[0].text;
    current_ = nowhere;
    mode_ = 'R';
    if (section_ == "STOCH") return;
    if (section_ != "INDEP" && section_ != "BLOCKS" && section_ != "SCENARIOS") {
      lines_.fault(line, 0, fmt::format("the section \"{}\" cannot be read", section_),
                   "known: INDEP, BLOCKS, SCENARIOS");
      section_ = "unknown";
      return;
    }
    for (std::size_t w = 1; w < line.words.size(); ++w) {
      const std::string_view word = line.words[w].text;
      if (word == "REPLACE" || word == "ADD" || word == "MULTIPLY") {
        mode_ = word[0];
      } else if (word != "DISCRETE") {
        lines_.fault(line, w, fmt::format("the distribution \"{}\" cannot be read", word),
                     "only DISCRETE distributions can");
        section_ = "unknown";
      }
    }
  }

  void read_data(const Line& line) {
    if (section_ == "INDEP") {
      read_independent(line);
    } else if (section_ == "BLOCKS") {
      line.words[0].text == "BL" ? start_outcome(line) : add_to_outcome(line);
    } else if (section_ == "SCENARIOS") {
      line.words[0].text == "SC" ? start_scenario(line) : add_to_scenario(line);
    }
  }

  // The random number that the words from `word` on name, and the word of its value.
  std::optional<std::pair<Element, std::size_t>> element(const Line& line, std::size_t word) {
    if (word + 1 >= line.words.size()) {
      lines_.fault(line, word, "a column, a row and a number are needed");
      return std::nullopt;
    }
    const std::string_view first = line.words[word].text, second = line.words[word + 1].text;
    using What = Element::What;
    static const std::map<std::string, What, std::less<>> bounds = {
        {"LO", What::lower}, {"UP", What::upper}, {"FX", What::both}};
    const auto bound = bounds.find(first);
    if (bound != bounds.end() && word + 2 < line.words.size()) {
      const auto j = core_.column_index.find(line.words[word + 2].text);
      if (j != core_.column_index.end())
        return std::pair{Element{bound->second, nowhere, j->second}, word + 3};
    }
    const auto column = core_.column_index.find(first);
    const auto row = core_.row_index.find(second);
    if (column != core_.column_index.end() && row != core_.row_index.end() &&
        core_.columns[column->second].period > core_.rows[row->second].period) {
      lines_.fault(
          line, word,
          fmt::format("row \"{}\" cannot use column \"{}\" of a later period", second, first));
      return std::nullopt;
    }
    if (column != core_.column_index.end() && row != core_.row_index.end())
      return std::pair{Element{What::coefficient, row->second, column->second}, word + 2};
    if (column != core_.column_index.end() && second == core_.objective)
      return std::pair{Element{What::cost, nowhere, column->second}, word + 2};
    if (row != core_.row_index.end()) return std::pair{Element{What::right, row->second}, word + 2};
    if (second == core_.objective) return std::pair{Element{What::constant}, word + 2};
    // The right-hand side's name may be left out.
    const auto bare = core_.row_index.find(first);
    if (bare != core_.row_index.end() && Lines::as_number(second))
      return std::pair{Element{What::right, bare->second}, word + 1};
    lines_.fault(line, word + 1,
                 fmt::format("\"{} {}\" names no number of the core", first, second));
    return std::nullopt;
  }

  double core_value(const Element& e) const {
    using What = Element::What;
    switch (e.what) {
      case What::right:
        return core_.rows[e.row].right;
      case What::coefficient: {
        const auto found = core_.entries.find({e.row, e.column});
        return found == core_.entries.end() ? 0.0 : found->second;
      }
      case What::cost:
        return core_.columns[e.column].cost;
      case What::constant:
        return -core_.constant;
      case What::lower:
      case What::both:
        return core_.columns[e.column].lower;
      case What::upper:
        return core_.columns[e.column].upper;
    }
    return 0.0;
  }

  double modified(const Element& e, double value) const {
    if (mode_ == 'A') return core_value(e) + value;
    if (mode_ == 'M') return core_value(e) * value;
    return value;
  }

  std::size_t period_of(const Element& e) const {
    if (e.row != nowhere) return core_.rows[e.row].period;
    if (e.column != nowhere) return core_.columns[e.column].period;
    return 0;
  }

  std::optional<std::size_t> period_named(const Line& line, std::size_t word) {
    const std::string_view name = line.words[word].text;
    const auto found = std::find(periods_.begin(), periods_.end(), name);
    if (found != periods_.end()) return static_cast<std::size_t>(found - periods_.begin());
    lines_.fault(line, word, fmt::format("there is no period \"{}\"", name),
                 did_you_mean(name, periods_));
    return std::nullopt;
  }

  std::optional<double> probability(const Line& line, std::size_t word) {
    const auto value = lines_.number(line, word);
    if (!value || (*value >= 0.0 && *value <= 1.0)) return value;
    lines_.fault(line, word, fmt::format("{} is not a probability", *value));
    return std::nullopt;
  }

  // "RHS ROW value [PERIOD] probability": every number its own block.
  void read_independent(const Line& line) {
    const auto named = element(line, 0);
    if (!named) return;
    const auto [e, word] = *named;
    const auto value = lines_.number(line, word);
    if (line.words.size() > word + 2 && !period_named(line, word + 1)) return;
    const auto odds = probability(line, std::max(word + 1, line.words.size() - 1));
    if (!value || !odds) return;
    auto found = independent_.find(e);
    if (found == independent_.end()) {
      found = independent_.emplace(e, stoch_.blocks.size()).first;
      stoch_.blocks.push_back(
          {.name = std::string(line.words[word - 1].text), .period = period_of(e), .outcomes = {}});
    }
    stoch_.blocks[found->second].outcomes.push_back(
        {.probability = *odds, .values = {{e, modified(e, *value)}}});
  }

  // "BL NAME PERIOD probability"
  void start_outcome(const Line& line) {
    current_ = nowhere;
    if (line.words.size() < 4) {
      lines_.fault(line, 0, "a block needs a name, a period and a probability");
      return;
    }
    const auto period = period_named(line, 2);
    const auto odds = probability(line, 3);
    if (!period || !odds) return;
    const std::string name(line.words[1].text);
    const auto [found, is_new] = named_.emplace(name, stoch_.blocks.size());
    if (is_new) stoch_.blocks.push_back({.name = name, .period = *period, .outcomes = {}});
    current_ = found->second;
    Block& block = stoch_.blocks[current_];
    if (block.period != *period)
      lines_.fault(line, 2, fmt::format("block \"{}\" changes its period", name));
    // What is not mentioned stays as in the first outcome.
    Values base = block.outcomes.empty() ? Values() : block.outcomes.front().values;
    block.outcomes.push_back({.probability = *odds, .values = std::move(base)});
  }

  // One or two numbers a line: "RHS ROW value [ROW value]".
  template <typename Set>
  void read_values(const Line& line, Set set) {
    const auto named = element(line, 0);
    if (!named) return;
    auto [e, word] = *named;
    for (;;) {
      const auto value = lines_.number(line, word);
      if (!value) return;
      set(e, modified(e, *value));
      if (word + 1 >= line.words.size()) return;
      const auto row = core_.row_index.find(line.words[word + 1].text);
      const bool is_objective = line.words[word + 1].text == core_.objective;
      if (row == core_.row_index.end() && !is_objective) {
        lines_.fault(line, word + 1,
                     fmt::format("there is no row \"{}\"", line.words[word + 1].text));
        return;
      }
      using What = Element::What;
      e = is_objective
              ? Element{e.column == nowhere ? What::constant : What::cost, nowhere, e.column}
              : Element{e.column == nowhere ? What::right : What::coefficient, row->second,
                        e.column};
      word += 2;
    }
  }

  void add_to_outcome(const Line& line) {
    if (current_ == nowhere) {
      lines_.fault(line, 0, "this line stands before the first BL line");
      return;
    }
    Block& block = stoch_.blocks[current_];
    read_values(line, [&](const Element& e, double value) {
      if (period_of(e) != block.period) {
        lines_.fault(line, 0,
                     fmt::format("this number belongs to period \"{}\", the block to \"{}\"",
                                 periods_[period_of(e)], periods_[block.period]));
      }
      block.outcomes.back().values[e] = value;
    });
  }

  // "SC NAME PARENT probability PERIOD"
  void start_scenario(const Line& line) {
    current_ = nowhere;
    if (line.words.size() < 5) {
      lines_.fault(line, 0, "a scenario needs a name, a parent, a probability and a period");
      return;
    }
    const std::string name(line.words[1].text), parent(line.words[2].text);
    const auto odds = probability(line, 3);
    const auto branch = period_named(line, 4);
    if (!odds || !branch) return;
    Scenario scenario{.name = name, .branch = *branch, .probability = *odds, .values = {}};
    if (parent != "ROOT" && parent != "'ROOT'") {
      const auto found = named_.find(parent);
      if (found == named_.end()) {
        lines_.fault(line, 2, fmt::format("there is no scenario \"{}\" above this one", parent),
                     "known are the scenarios above, and ROOT");
        return;
      }
      scenario.parent = found->second;
      scenario.values = stoch_.scenarios[found->second].values;
    }
    if (!named_.emplace(name, stoch_.scenarios.size()).second) {
      lines_.fault(line, 1, fmt::format("the scenario \"{}\" is named twice", name));
      return;
    }
    current_ = stoch_.scenarios.size();
    stoch_.scenarios.push_back(std::move(scenario));
  }

  void add_to_scenario(const Line& line) {
    if (current_ == nowhere) {
      if (stoch_.scenarios.empty())
        lines_.fault(line, 0, "this line stands before the first SC line");
      return;
    }
    Scenario& scenario = stoch_.scenarios[current_];
    read_values(line, [&](const Element& e, double value) {
      if (period_of(e) < scenario.branch) {
        lines_.fault(line, 0,
                     fmt::format("this number belongs to period \"{}\", before scenario "
                                 "\"{}\" branches off",
                                 periods_[period_of(e)], scenario.name));
      }
      if (period_of(e) == 0) check_first_period(line, e, value);
      scenario.values[e] = value;
    });
  }

  // All scenarios share the first period, so they must agree on it.
  void check_first_period(const Line& line, const Element& e, double value) {
    const auto [found, is_new] = first_period_.emplace(e, value);
    const bool is_first = stoch_.scenarios.size() == 1;
    if ((is_new && is_first) || (!is_new && found->second == value)) return;
    lines_.fault(line, 0, "this number of the first period differs between scenarios",
                 "the first period is decided before anything is known");
  }

  // Divides by the sum, and says so if that changes anything that can be seen.
  template <typename Items>
  void normalise(Items& items, const std::string& owner) {
    double sum = 0.0;
    for (const auto& item : items) sum += item.probability;
    if (std::abs(sum - 1.0) > 0.05) {
      lines_.fault_of_file(fmt::format("the probabilities of {} sum to {}, not to 1", owner, sum));
      return;
    }
    if (std::abs(sum - 1.0) > 1e-12) {
      if (std::abs(sum - 1.0) > 1e-9) {
        lines_.fault_of_file(
            fmt::format("the probabilities of {} sum to {}; each is divided by that sum", owner,
                        sum),
            Severity::warning);
      }
      for (auto& item : items) item.probability /= sum;
    }
  }

  void normalise() {
    for (Block& block : stoch_.blocks) normalise(block.outcomes, fmt::format("\"{}\"", block.name));
    if (!stoch_.scenarios.empty()) normalise(stoch_.scenarios, "the scenarios");
  }

  Lines lines_;
  const Core& core_;
  const std::vector<std::string>& periods_;
  Stoch stoch_;
  std::string section_ = "none";
  char mode_ = 'R';
  std::size_t current_ = nowhere;               // block or scenario
  std::map<Element, std::size_t> independent_;  // -> block
  Index named_;                                 // blocks or scenarios by name
  Values first_period_;
};

// --- the policy graph ---

class Builder {
 public:
  Builder(const Core& core, const std::vector<std::string>& periods, const Stoch& stoch)
      : core_(core), periods_(periods), stoch_(stoch) {
    std::set<std::size_t> used_later;
    for (const auto& [place, value] : core.entries) note_use(place.first, place.second, used_later);
    // A random coefficient may stand where the core has none.
    for (const Block& block : stoch.blocks) {
      for (const Outcome& outcome : block.outcomes) note_uses(outcome.values, used_later);
    }
    for (const Scenario& scenario : stoch.scenarios) note_uses(scenario.values, used_later);
    states_.assign(used_later.begin(), used_later.end());
    for (std::size_t t = 0; t < periods.size(); ++t) stages_.push_back(stage(t));
  }

  PolicyGraph build() {
    for (std::size_t j : states_) graph_.state_names.push_back(core_.columns[j].name);
    graph_.initial_state.assign(states_.size(), 0.0);
    graph_.root = {{.child = 0}};
    stoch_.scenarios.empty() ? add_independent_stages() : add_scenarios();
    return std::move(graph_);
  }

 private:
  using What = Change::What;

  struct Stage {
    StageTemplate problem;
    std::map<std::size_t, std::size_t> columns, rows;  // of the core -> of the stage
  };

  void note_use(std::size_t row, std::size_t column, std::set<std::size_t>& used_later) const {
    if (core_.columns[column].period < core_.rows[row].period) used_later.insert(column);
  }

  void note_uses(const Values& values, std::set<std::size_t>& used_later) const {
    for (const auto& [e, value] : values) {
      if (e.what == Element::What::coefficient) note_use(e.row, e.column, used_later);
    }
  }

  // A state is born in the period of its column; before that and after it, it goes through a stage
  // as one column, which costs nothing.
  Stage stage(std::size_t t) const {
    Stage result;
    lp::Model& model = result.problem.model;
    model.sense = core_.sense;
    if (t == 0) model.objective_constant = core_.constant;
    for (std::size_t j = 0; j < core_.columns.size(); ++j) {
      const CoreColumn& column = core_.columns[j];
      if (column.period != t) continue;
      result.columns[j] = model.add_column({.lower = column.lower,
                                            .upper = column.upper,
                                            .cost = column.cost,
                                            .kind = column.kind,
                                            .name = column.name});
    }
    for (std::size_t j : states_) {
      const std::size_t before =
          model.add_column({.lower = -lp::infinity, .name = core_.columns[j].name});
      result.problem.incoming.push_back(before);
      const bool is_born_here = core_.columns[j].period == t;
      if (is_born_here) {
        model.columns[before].name += " before";
      } else {
        result.columns[j] = before;
      }
      result.problem.outgoing.push_back(result.columns[j]);
    }
    for (std::size_t i = 0; i < core_.rows.size(); ++i) {
      if (core_.rows[i].period != t) continue;
      const auto [lower, upper] = row_bounds(core_.rows[i], core_.rows[i].right);
      result.rows[i] = model.add_row({.lower = lower, .upper = upper, .name = core_.rows[i].name});
    }
    for (const auto& [place, value] : core_.entries) {
      if (core_.rows[place.first].period == t)
        model.add_entry(result.rows[place.first], result.columns.at(place.second), value);
    }
    return result;
  }

  static std::pair<double, double> row_bounds(const CoreRow& row, double right) {
    double lower = row.type == 'L' ? -lp::infinity : right;
    double upper = row.type == 'G' ? lp::infinity : right;
    if (row.range) {
      const double width = std::abs(*row.range);
      if (row.type == 'L' || (row.type == 'E' && *row.range < 0.0)) lower = right - width;
      if (row.type == 'G' || (row.type == 'E' && *row.range >= 0.0)) upper = right + width;
    }
    return {lower, upper};
  }

  void add_changes(const Stage& stage, const Values& values, std::size_t t,
                   std::vector<Change>& changes) const {
    for (const auto& [e, value] : values) {
      const std::size_t period = e.row != nowhere      ? core_.rows[e.row].period
                                 : e.column != nowhere ? core_.columns[e.column].period
                                                       : 0;
      if (period == t) add_change(stage, e, value, changes);
    }
  }

  void add_change(const Stage& stage, const Element& e, double value,
                  std::vector<Change>& changes) const {
    const std::size_t row = e.row == nowhere ? 0 : stage.rows.at(e.row);
    const std::size_t column = e.column == nowhere ? 0 : stage.columns.at(e.column);
    switch (e.what) {
      case Element::What::right: {
        const auto [lower, upper] = row_bounds(core_.rows[e.row], value);
        if (lower == upper) {
          changes.push_back({.what = What::row_both, .row = row, .value = lower});
          return;
        }
        if (std::isfinite(lower))
          changes.push_back({.what = What::row_lower, .row = row, .value = lower});
        if (std::isfinite(upper))
          changes.push_back({.what = What::row_upper, .row = row, .value = upper});
        return;
      }
      case Element::What::coefficient:
        changes.push_back(
            {.what = What::coefficient, .row = row, .column = column, .value = value});
        return;
      case Element::What::cost:
        changes.push_back({.what = What::cost, .column = column, .value = value});
        return;
      case Element::What::constant:
        changes.push_back({.what = What::objective_constant, .value = -value});
        return;
      case Element::What::lower:
        changes.push_back({.what = What::column_lower, .column = column, .value = value});
        return;
      case Element::What::upper:
        changes.push_back({.what = What::column_upper, .column = column, .value = value});
        return;
      case Element::What::both:
        changes.push_back({.what = What::column_both, .column = column, .value = value});
        return;
    }
  }

  Node node(std::size_t t) const {
    return {.name = periods_[t], .stage = static_cast<int>(t) + 1, .problem = stages_[t].problem};
  }

  // Every combination of outcomes of the blocks of a period.
  void add_independent_stages() {
    constexpr double most = 1e6;
    for (std::size_t t = 0; t < periods_.size(); ++t) {
      Node result = node(t);
      std::vector<Realization> combined = {{.probability = 1.0}};
      double count = 1.0;
      bool has_noise = false;
      for (const Block& block : stoch_.blocks)
        count *= block.period == t ? static_cast<double>(block.outcomes.size()) : 1.0;
      if (count > most) {
        throw InvalidInput(
            fmt::format("the independent random numbers of period \"{}\" have {:.6g} "
                        "combinations; at most {:.0f} can be listed",
                        periods_[t], count, most));
      }
      for (const Block& block : stoch_.blocks) {
        if (block.period != t) continue;
        has_noise = true;
        std::vector<Realization> next;
        for (const Realization& so_far : combined) {
          for (const Outcome& outcome : block.outcomes) {
            Realization& both = next.emplace_back(so_far);
            both.probability *= outcome.probability;
            add_changes(stages_[t], outcome.values, t, both.changes);
          }
        }
        combined = std::move(next);
      }
      if (has_noise) result.noise = std::move(combined);
      if (t + 1 < periods_.size()) result.arcs = {{.child = t + 1}};
      graph_.nodes.push_back(std::move(result));
    }
  }

  // The scenario (or the core: nowhere) that period t of scenario s is taken from.
  std::size_t owner(std::size_t s, std::size_t t) const {
    while (s != nowhere && t < std::max<std::size_t>(1, stoch_.scenarios[s].branch))
      s = stoch_.scenarios[s].parent;
    return s;
  }

  void add_scenarios() {
    std::vector<std::size_t> all;
    for (std::size_t s = 0; s < stoch_.scenarios.size(); ++s) all.push_back(s);
    Node first = node(0);
    std::vector<Change> changes;
    add_changes(stages_[0], stoch_.scenarios.front().values, 0, changes);
    if (!changes.empty()) first.noise = {{.changes = std::move(changes)}};
    graph_.nodes.push_back(std::move(first));
    add_branches(0, 1, all);
  }

  double probability(const std::vector<std::size_t>& scenarios) const {
    double sum = 0.0;
    for (std::size_t s : scenarios) sum += stoch_.scenarios[s].probability;
    return sum;
  }

  // Adds what follows graph node `from`, through which `scenarios` go, in period t. In the last
  // period the branches are outcomes of one node, before it each is a node of its own.
  void add_branches(std::size_t from, std::size_t t, const std::vector<std::size_t>& scenarios) {
    if (t >= periods_.size()) return;
    std::map<std::size_t, std::vector<std::size_t>> branches;  // by owner
    for (std::size_t s : scenarios) branches[owner(s, t)].push_back(s);
    const double total = probability(scenarios);
    if (!(total > 0.0)) return;
    const auto outcome = [&](std::size_t scenario) {
      Realization result{.probability = 1.0, .changes = {}, .name = "core"};
      if (scenario == nowhere) return result;
      result.name = stoch_.scenarios[scenario].name;
      add_changes(stages_[t], stoch_.scenarios[scenario].values, t, result.changes);
      return result;
    };
    if (t + 1 == periods_.size()) {
      Node last = node(t);
      for (const auto& [scenario, members] : branches) {
        last.noise.push_back(outcome(scenario));
        last.noise.back().probability = probability(members) / total;
      }
      graph_.nodes[from].arcs = {{.child = graph_.nodes.size()}};
      graph_.nodes.push_back(std::move(last));
      return;
    }
    for (const auto& [scenario, members] : branches) {
      const std::size_t self = graph_.nodes.size();
      Node next = node(t);
      next.noise = {outcome(scenario)};
      next.name += "/" + next.noise.front().name;
      graph_.nodes.push_back(std::move(next));
      graph_.nodes[from].arcs.push_back(
          {.child = self, .probability = probability(members) / total});
      add_branches(self, t + 1, members);
    }
  }

  const Core& core_;
  const std::vector<std::string>& periods_;
  const Stoch& stoch_;
  std::vector<std::size_t> states_;  // columns of the core
  std::vector<Stage> stages_;        // [period]
  PolicyGraph graph_;
};

}  // namespace

std::expected<SmpsProblem, Diagnostics> read_smps(const TextFile& core_file,
                                                  const TextFile& time_file,
                                                  const TextFile& stoch_file) {
  Diagnostics found;
  Core core = CoreReader(core_file, found).read();
  if (found.has_errors()) return std::unexpected(found);
  const std::vector<std::string> periods = TimeReader(time_file, found).read(core);
  if (found.has_errors()) return std::unexpected(found);
  const Stoch stoch = StochReader(stoch_file, core, periods, found).read();
  if (found.has_errors()) return std::unexpected(found);
  SmpsProblem problem{.name = core.name};
  try {
    problem.graph = Builder(core, periods, stoch).build();
    problem.graph.check();
  } catch (const InvalidInput& fault) {
    found.add_error(stoch_file.name, fault.what());
    return std::unexpected(found);
  }
  problem.notes = found;
  return problem;
}

}  // namespace vorrat::program
