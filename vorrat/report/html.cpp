#include "vorrat/report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "vorrat/report/format.h"
#include "vorrat/report/layout.h"

namespace vorrat::report {
namespace {

// Longer tables are folded away behind their title, sooner where no chart needs them beside it; on
// paper they are open.
constexpr std::size_t longest_open_table = 42, longest_without_chart = 24;
// Texts longer than this may wrap; shorter ones keep their line where there is room.
constexpr std::size_t long_text = 34;

/// For text and for attributes in double quotes.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string element_id(const DataTable& table) { return "table-" + table.id; }

// Heads say by data-c, data-a or data-figure what their column is: the script reads the table back.
std::string head_html(const LaidColumn& column, const std::string& meaning) {
  std::string attributes = column.is_number ? " class=\"n\"" : "";
  if (column.kind == LaidColumn::Kind::data) attributes += fmt::format(" data-c=\"{}\"", column.id);
  if (column.kind == LaidColumn::Kind::figure) attributes += " data-figure";
  if (column.kind == LaidColumn::Kind::across)
    attributes += fmt::format(" data-a=\"{}\"", escaped(column.id));
  if (!meaning.empty()) attributes += fmt::format(" title=\"{}\"", escaped(meaning));
  const std::string unit =
      column.unit.empty() ? "" : fmt::format(" <small>{}</small>", escaped(column.unit));
  return fmt::format("<th scope=\"col\"{}>{}{}</th>", attributes, escaped(column.name), unit);
}

std::string cell_html(const LaidCell& cell, const LaidColumn& column, bool is_first) {
  std::string attributes;
  if (column.is_number) {
    attributes = " class=\"n\"";
  } else if (cell.text.size() > long_text) {
    attributes = " class=\"long\"";
  }
  if (cell.value) attributes += fmt::format(" data-v=\"{}\"", *cell.value);
  if (!cell.columns.empty()) {
    std::string columns;
    for (const std::string& id : cell.columns) columns += (columns.empty() ? "" : " ") + id;
    attributes += fmt::format(" data-f=\"{}\"", columns);
  }
  const std::string text = cell.is_repeated
                               ? fmt::format("<span class=\"hidden\">{}</span>", escaped(cell.text))
                               : escaped(cell.text);
  return is_first ? fmt::format("<th scope=\"row\"{}>{}</th>", attributes, text)
                  : fmt::format("<td{}>{}</td>", attributes, text);
}

std::string meaning_of(const DataTable& table, const LaidColumn& laid) {
  if (laid.kind != LaidColumn::Kind::data) return "";
  return table.columns[table.column_index(laid.id)].meaning;
}

std::string table_html(const DataTable& table, const Layout& layout) {
  std::string html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">\n<table "
      "id=\"{}\"{}>\n"
      "<caption>{}</caption>\n<thead><tr>",
      escaped("Table: " + table.title), element_id(table),
      table.across.empty() ? "" : fmt::format(" data-across=\"{}\"", table.across),
      escaped(table.title));
  for (const LaidColumn& column : layout.columns)
    html += head_html(column, meaning_of(table, column));
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < layout.rows.size(); ++r) {
    html += layout.is_sum[r] ? "<tr class=\"sum\">" : "<tr>";
    const bool has_name = !layout.columns[0].is_number;
    for (std::size_t c = 0; c < layout.columns.size(); ++c)
      html += cell_html(layout.rows[r][c], layout.columns[c], c == 0 && has_name);
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string notes_html(const DataTable& table) {
  if (table.notes.empty()) return "";
  std::string html = "<ul class=\"notes\">";
  for (const std::string& note : table.notes) html += fmt::format("<li>{}</li>", escaped(note));
  return html + "</ul>\n";
}

// Hidden until the script has drawn it: without scripts there is no empty frame.
std::string chart_html(const Chart& chart, const DataTable& table) {
  std::string attributes;
  for (const auto& [role, id] : chart.columns) {
    attributes += fmt::format(" data-{}=\"{}\"", role, id);
    const Column& column = table.columns[table.column_index(id)];
    const std::string format = to_string(column.format);
    if (role == "x")
      attributes +=
          fmt::format(" data-xformat=\"{}\" data-xname=\"{}\"", format, escaped(column.name));
    if (role == "y") attributes += fmt::format(" data-yname=\"{}\"", escaped(column.name));
    if (role == "y" || role == "value" || role == "middle")
      attributes += fmt::format(" data-format=\"{}\"", format);
  }
  const bool panels = chart.kind == ChartKind::fan || chart.kind == ChartKind::lines;
  return fmt::format(
      "<figure hidden data-chart=\"{}\" data-table=\"{}\"{}>\n<figcaption>{}</figcaption>\n"
      "<div class=\"plot{}\" role=\"img\" tabindex=\"0\" aria-label=\"{}\"></div>\n</figure>\n",
      to_string(chart.kind), element_id(table), attributes, escaped(chart.title),
      panels ? " grid" : "", escaped(chart.alternative));
}

std::string block_html(const DataTable& table) {
  const Layout layout = lay_out(table);
  std::string html = table_html(table, layout) + notes_html(table);
  if (layout.rows.size() > (table.charts.empty() ? longest_without_chart : longest_open_table)) {
    html = fmt::format("<details>\n<summary>{} ({} rows)</summary>\n{}</details>\n",
                       escaped(table.title), layout.rows.size(), html);
  }
  for (const Chart& chart : table.charts) html += chart_html(chart, table);
  return html;
}

std::string section_html(const Section& section) {
  std::string html =
      fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n", section.id, escaped(section.title));
  if (!section.lead.empty())
    html += fmt::format("<p class=\"lead\">{}</p>\n", escaped(section.lead));
  for (const DataTable& table : section.tables) html += block_html(table);
  return html + "</section>\n";
}

std::string sentence_html(const Sentence& sentence, const Tables& tables) {
  std::string html;
  for (const Piece& piece : sentence) {
    const std::string text = escaped(to_text({piece}, tables));
    html +=
        piece.place ? fmt::format("<a href=\"#table-{}\">{}</a>", piece.place->table, text) : text;
  }
  return fmt::format("<p>{}</p>\n", html);
}

std::string navigation_html(const Tables& tables) {
  std::string html = "<nav aria-label=\"Sections\"><ul>";
  for (const Section& section : tables.sections)
    html += fmt::format("<li><a href=\"#{}\">{}</a></li>", section.id, escaped(section.title));
  return html + "</ul></nav>\n";
}

/// A string of CSS.
std::string css_string(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '<') {
      result += fmt::format("\\{:x} ", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

// The policy lets nothing be loaded from anywhere, whatever the texts of a scenario hold.
std::string head_of_page(const Tables& tables) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
      "'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}\n@media print{{@page{{@bottom-left{{content:{};font:8pt "
      "sans-serif;color:#4c5a53}}}}}}</style>\n</head>\n",
      escaped(tables.title), web_assets().style, css_string(tables.caution));
}

}  // namespace

std::string to_html(const Tables& tables) {
  std::string html = head_of_page(tables);
  html += fmt::format(
      "<body>\n<header>\n<h1>{}</h1>\n<p class=\"subtitle\">{}</p>\n<p class=\"caution\">{}</p>\n"
      "</header>\n{}<main>\n<div class=\"answer\">\n<h2>The answer</h2>\n",
      escaped(tables.title), escaped(tables.subtitle), escaped(tables.caution),
      navigation_html(tables));
  for (const Sentence& sentence : tables.answer) html += sentence_html(sentence, tables);
  html += "</div>\n";
  for (const Section& section : tables.sections) html += section_html(section);
  html += fmt::format("</main>\n<footer>\n<p class=\"caution\">{}. {}.</p>\n</footer>\n",
                      escaped(tables.subtitle), escaped(tables.caution));
  return html + "<script>" + web_assets().script + "</script>\n</body>\n</html>\n";
}

}  // namespace vorrat::report
