#include "vorrat/report/xlsx.h"

#include <fmt/format.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "vorrat/base/error.h"
#include "vorrat/base/file.h"
#include "vorrat/report/format.h"

namespace vorrat::report {
namespace {

// Rows of a sheet: title, headings, units, then the data.
constexpr lxw_row_t heading_row = 2, unit_row = 3, first_row = 4;
constexpr double narrowest = 9, widest = 60;  // columns [characters]
constexpr lxw_row_t chart_height = 16;        // [rows]
constexpr std::size_t most_charts = 24;       // of one table

const char* number_format(Format format) {
  switch (format) {
    case Format::count:
    case Format::money:
      return "#,##0";
    case Format::cents:
      return "#,##0.00";
    case Format::worth:
      return "+#,##0;-#,##0;0";
    case Format::odds:
      return "0.0%";
    case Format::scaled:
      return "0.00E+00";
    case Format::number:
      return "#,##0.###";
    case Format::text:
    case Format::exact:
      break;
  }
  return "General";
}

/// The formats of one workbook, which owns them.
class Styles {
 public:
  explicit Styles(lxw_workbook* workbook) : workbook_(workbook) {
    title = make();
    format_set_bold(title);
    format_set_font_size(title, 14);
    heading = make();
    format_set_bold(heading);
    format_set_text_wrap(heading);
    format_set_bottom(heading, LXW_BORDER_THIN);
    small = make();
    format_set_font_color(small, 0x4C5A53);
    format_set_italic(small);
    words = make();
    format_set_text_wrap(words);
    format_set_align(words, LXW_ALIGN_VERTICAL_TOP);
  }

  lxw_format* number(Format format, bool is_sum) {
    lxw_format*& style = numbers_[{format, is_sum}];
    if (style != nullptr) return style;
    style = make();
    format_set_num_format(style, number_format(format));
    format_set_align(style, LXW_ALIGN_VERTICAL_TOP);
    if (is_sum) format_set_bold(style);
    return style;
  }

  lxw_format *title, *heading, *small, *words;

 private:
  lxw_format* make() { return workbook_add_format(workbook_); }

  lxw_workbook* workbook_;  // outlives this
  std::map<std::pair<Format, bool>, lxw_format*> numbers_;
};

std::string cell_name(std::size_t row, std::size_t column) {
  char name[LXW_MAX_CELL_NAME_LENGTH];
  lxw_rowcol_to_cell(name, static_cast<lxw_row_t>(row) + first_row, static_cast<lxw_col_t>(column));
  return name;
}

/// "C5:C9,C12": rows in ascending order, neighbours as one range.
std::string ranges(std::vector<std::size_t> rows, std::size_t column) {
  std::sort(rows.begin(), rows.end());
  std::string text;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t last = i;
    while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1) ++last;
    text += (text.empty() ? "" : ",") + cell_name(rows[i], column);
    if (last > i) text += ":" + cell_name(rows[last], column);
    i = last + 1;
  }
  return text;
}

std::string formula(const Sum& sum, std::size_t column) {
  std::string text = fmt::format("=SUM({})", ranges(sum.add, column));
  if (!sum.subtract.empty()) text += fmt::format("-SUM({})", ranges(sum.subtract, column));
  return text;
}

/// Rows [first, last] that one series of a chart draws, and its name.
struct Run {
  std::string name;
  lxw_row_t first = 0, last = 0;
};

/// One sheet with one table, its notes and its charts.
class Sheet {
 public:
  Sheet(lxw_workbook* workbook, Styles& styles, const Tables& tables, const DataTable& table,
        const std::string& name)
      : workbook_(workbook), styles_(styles), table_(table), name_(name) {
    sheet_ = workbook_add_worksheet(workbook, name.c_str());
    set_page(tables);
    worksheet_write_string(sheet_, 0, 0, table.title.c_str(), styles.title);
    for (std::size_t c = 0; c < table.columns.size(); ++c) write_head(c);
    for (const Sum& sum : table.sums) {
      for (const std::string& id : sum.columns)
        formulas_[{sum.row, table.column_index(id)}] = formula(sum, table.column_index(id));
    }
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      for (std::size_t c = 0; c < table.columns.size(); ++c) write_cell(r, c);
    }
    write_notes(tables);
    for (const Chart& chart : table.charts) draw(chart);
  }

 private:
  void set_page(const Tables& tables) {
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_repeat_rows(sheet_, heading_row, unit_row);
    worksheet_freeze_panes(sheet_, first_row, 1);
    worksheet_set_footer(sheet_, fmt::format("&L{}&R&P / &N", tables.caution).c_str());
  }

  void write_head(std::size_t c) {
    const Column& column = table_.columns[c];
    const auto at = static_cast<lxw_col_t>(c);
    worksheet_write_string(sheet_, heading_row, at, column.name.c_str(), styles_.heading);
    worksheet_write_string(sheet_, unit_row, at, column.unit.c_str(), styles_.small);
    double width = static_cast<double>(column.name.size()) + 2;
    for (const auto& row : table_.rows)
      width = std::max(width, static_cast<double>(cell_text(column, row[c]).size()) + 4);
    if (column.format == Format::money || column.format == Format::cents)
      width = std::max(width, 20.0);
    worksheet_set_column(sheet_, at, at, std::clamp(width, narrowest, widest), nullptr);
  }

  void write_cell(std::size_t r, std::size_t c) {
    const Cell& cell = table_.rows[r][c];
    const auto row = static_cast<lxw_row_t>(r) + first_row;
    const auto at = static_cast<lxw_col_t>(c);
    const auto* value = std::get_if<double>(&cell);
    const auto found = formulas_.find({r, c});
    if (value != nullptr && found != formulas_.end()) {
      worksheet_write_formula_num(sheet_, row, at, found->second.c_str(),
                                  styles_.number(table_.columns[c].format, true), *value);
    } else if (value != nullptr) {
      worksheet_write_number(sheet_, row, at, *value,
                             styles_.number(table_.columns[c].format, false));
    } else if (const auto* words = std::get_if<std::string>(&cell)) {
      worksheet_write_string(sheet_, row, at, words->c_str(), styles_.words);
    }
  }

  void write_notes(const Tables& tables) {
    next_row_ = static_cast<lxw_row_t>(table_.rows.size()) + first_row + 1;
    for (const std::string& note : table_.notes)
      worksheet_write_string(sheet_, next_row_++, 0, note.c_str(), styles_.small);
    worksheet_write_string(sheet_, next_row_++, 0, tables.caution.c_str(), styles_.small);
    ++next_row_;
  }

  std::optional<lxw_col_t> column_of(const Chart& chart, const std::string& role) const {
    for (const auto& [name, id] : chart.columns)
      if (name == role) return static_cast<lxw_col_t>(table_.column_index(id));
    return {};
  }

  bool is_sum(std::size_t r) const {
    return std::any_of(table_.sums.begin(), table_.sums.end(),
                       [&](const Sum& sum) { return sum.row == r; });
  }

  /// Neighbouring rows with the same words in the column of the series.
  std::vector<Run> runs_of(const Chart& chart, bool with_sums) const {
    std::vector<Run> runs;
    const auto series = column_of(chart, "series");
    std::size_t previous = table_.rows.size();
    for (std::size_t r = 0; r < table_.rows.size(); ++r) {
      if (!with_sums && is_sum(r)) continue;
      const std::string name =
          series ? cell_text(table_.columns[*series], table_.rows[r][*series]) : "";
      const auto row = static_cast<lxw_row_t>(r) + first_row;
      if (runs.empty() || runs.back().name != name || previous + 1 != r)
        runs.push_back({.name = name, .first = row, .last = row});
      runs.back().last = row;
      previous = r;
    }
    return runs;
  }

  lxw_chart_series* add_series(lxw_chart* chart, const Run& run, lxw_col_t x, lxw_col_t y,
                               const std::string& name) {
    lxw_chart_series* series = chart_add_series(chart, nullptr, nullptr);
    chart_series_set_categories(series, name_.c_str(), run.first, x, run.last, x);
    chart_series_set_values(series, name_.c_str(), run.first, y, run.last, y);
    chart_series_set_name(series, name.c_str());
    return series;
  }

  void place(lxw_chart* chart, const Chart& drawn, const std::string& title) {
    chart_title_set_name(chart, title.c_str());
    const auto left = static_cast<lxw_col_t>(table_.columns.size() + 1);
    lxw_chart_options options{};
    std::string description = drawn.alternative;
    options.description = description.data();
    options.x_scale = 1.3;
    worksheet_insert_chart_opt(sheet_, next_chart_, left, chart, &options);
    next_chart_ += chart_height;
  }

  std::string column_name(lxw_col_t column) const { return table_.columns[column].name; }

  void draw(const Chart& chart) {
    switch (chart.kind) {
      case ChartKind::bars:
        return draw_bars(chart);
      case ChartKind::waterfall:
        return draw_waterfall(chart);
      case ChartKind::fan:
        return draw_fan(chart);
      case ChartKind::lines:
      case ChartKind::points:
        return draw_lines(chart);
      case ChartKind::tornado:
        return draw_tornado(chart);
      case ChartKind::sankey:
      case ChartKind::gantt:
      case ChartKind::map:
        return;
    }
  }

  void draw_bars(const Chart& chart) {
    lxw_chart* drawn = workbook_add_chart(workbook_, LXW_CHART_BAR);
    const lxw_col_t value = *column_of(chart, "value");
    for (const Run& run : runs_of(chart, false))
      add_series(drawn, run, *column_of(chart, "label"), value, column_name(value));
    chart_axis_set_reverse(drawn->x_axis);
    chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    place(drawn, chart, chart.title);
  }

  // Bars between two hidden lines: a waterfall for which nothing has to be computed.
  void draw_waterfall(const Chart& chart) {
    lxw_chart* drawn = workbook_add_chart(workbook_, LXW_CHART_LINE);
    lxw_chart_line hidden{};
    hidden.none = LXW_TRUE;
    for (const Run& run : runs_of(chart, true)) {
      for (const char* role : {"from", "to"}) {
        const lxw_col_t column = *column_of(chart, role);
        chart_series_set_line(
            add_series(drawn, run, *column_of(chart, "label"), column, column_name(column)),
            &hidden);
      }
    }
    chart_set_up_down_bars(drawn);
    chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    place(drawn, chart, chart.title);
  }

  void draw_fan(const Chart& chart) {
    const std::vector<Run> runs = runs_of(chart, false);
    for (std::size_t i = 0; i < std::min(runs.size(), most_charts); ++i) {
      lxw_chart* drawn = workbook_add_chart(workbook_, LXW_CHART_LINE);
      for (const char* role : {"low", "middle", "high"}) {
        const lxw_col_t column = *column_of(chart, role);
        add_series(drawn, runs[i], *column_of(chart, "x"), column, column_name(column));
      }
      place(drawn, chart,
            runs[i].name.empty() ? chart.title : fmt::format("{}: {}", runs[i].name, chart.title));
    }
  }

  void draw_lines(const Chart& chart) {
    const lxw_col_t x = *column_of(chart, "x");
    const bool is_scatter = table_.columns[x].format != Format::text;
    lxw_chart* drawn = workbook_add_chart(
        workbook_, is_scatter ? LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS : LXW_CHART_LINE);
    const std::vector<Run> runs = runs_of(chart, false);
    for (const Run& run : runs) {
      for (const char* role : {"y", "second"}) {
        if (const auto y = column_of(chart, role))
          add_series(drawn, run, x, *y, run.name.empty() ? column_name(*y) : run.name);
      }
    }
    if (runs.size() < 2 && !column_of(chart, "second"))
      chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    place(drawn, chart, chart.title);
  }

  // Bars that begin where the axis crosses: at the base.
  void draw_tornado(const Chart& chart) {
    lxw_chart* drawn = workbook_add_chart(workbook_, LXW_CHART_BAR);
    for (const Run& run : runs_of(chart, false)) {
      for (const char* role : {"low", "high"}) {
        const lxw_col_t column = *column_of(chart, role);
        add_series(drawn, run, *column_of(chart, "label"), column, column_name(column));
      }
    }
    chart_set_series_overlap(drawn, 100);
    const auto base = column_of(chart, "base");
    const auto* value =
        base && !table_.rows.empty() ? std::get_if<double>(&table_.rows[0][*base]) : nullptr;
    if (value != nullptr) chart_axis_set_crossing(drawn->y_axis, *value);
    chart_axis_set_reverse(drawn->x_axis);
    chart_axis_set_label_position(drawn->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    place(drawn, chart, chart.title);
  }

  lxw_workbook* workbook_;  // these four outlive the one constructor that uses them
  Styles& styles_;
  const DataTable& table_;
  std::string name_;
  lxw_worksheet* sheet_ = nullptr;
  std::map<std::pair<std::size_t, std::size_t>, std::string> formulas_;  // by row and column
  lxw_row_t next_row_ = 0, next_chart_ = heading_row;
};

void write_answer(lxw_workbook* workbook, Styles& styles, const Tables& tables) {
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, "answer");
  worksheet_set_column(sheet, 0, 0, 100, nullptr);
  worksheet_set_footer(sheet, fmt::format("&L{}&R&P / &N", tables.caution).c_str());
  lxw_row_t row = 0;
  worksheet_write_string(sheet, row++, 0, tables.title.c_str(), styles.title);
  worksheet_write_string(sheet, row++, 0, tables.subtitle.c_str(), styles.small);
  worksheet_write_string(sheet, row++, 0, tables.caution.c_str(), styles.small);
  ++row;
  for (const Sentence& sentence : tables.answer)
    worksheet_write_string(sheet, row++, 0, to_text(sentence, tables).c_str(), styles.words);
}

/// The library writes files only.
struct TemporaryFile {
  TemporaryFile() {
    const int file = mkstemp(path.data());
    if (file < 0) throw Unavailable(fmt::format("cannot make a temporary file like {}", path));
    close(file);
  }
  ~TemporaryFile() { unlink(path.c_str()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  std::string path = (std::filesystem::temp_directory_path() / "vorrat-XXXXXX").string();
};

/// A name that a workbook takes and no sheet has yet: at most 31 characters, none of []:*?/\.
std::string sheet_name(const std::string& id, std::set<std::string>& taken) {
  std::string name = id.substr(0, 28);
  for (char& c : name)
    if (std::string("[]:*?/\\'").find(c) != std::string::npos) c = '-';
  for (int i = 2; !taken.insert(name).second; ++i) name = fmt::format("{}-{}", id.substr(0, 27), i);
  return name;
}

}  // namespace

std::string to_xlsx(const Tables& tables) {
  const TemporaryFile part;
  lxw_workbook* workbook = workbook_new(part.path.c_str());
  if (workbook == nullptr) throw Unavailable("no memory for a workbook");
  lxw_doc_properties properties{};
  std::string title = tables.title, caution = tables.caution;
  properties.title = title.data();
  properties.comments = caution.data();
  properties.created = 1;  // or the hour of writing would be in the bytes
  workbook_set_properties(workbook, &properties);
  Styles styles(workbook);
  write_answer(workbook, styles, tables);
  std::set<std::string> names = {"answer"};
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables)
      Sheet(workbook, styles, tables, table, sheet_name(table.id, names));
  }
  const lxw_error error = workbook_close(workbook);
  if (error != LXW_NO_ERROR)
    throw Unavailable(
        fmt::format("cannot write a workbook to {}: {}", part.path, lxw_strerror(error)));
  return read_whole(part.path);
}

}  // namespace vorrat::report
