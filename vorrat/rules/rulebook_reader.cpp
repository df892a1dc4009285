// Rulebook::load: files to a rulebook, every fault at once.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "vorrat/base/error.h"
#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"
#include "vorrat/rules/rulebook.h"

namespace vorrat::rules {
namespace {

namespace fs = std::filesystem;

struct File {
  fs::path path;
  std::string name;  // below its folder, as messages show it
};

// Every *.toml below the folders, by name, so that the answer does not depend on the disk.
std::vector<File> files_below(const std::vector<fs::path>& folders, Diagnostics& faults) {
  std::vector<File> files;
  for (const auto& folder : folders) {
    std::error_code error;
    std::vector<File> found;
    for (fs::recursive_directory_iterator i(folder, error), end; !error && i != end;
         i.increment(error)) {
      if (i->path().extension() != ".toml") continue;
      found.push_back({i->path(), i->path().lexically_relative(folder).generic_string()});
    }
    if (error) faults.add_error(folder.string(), "the folder of rules cannot be read");
    std::sort(found.begin(), found.end(),
              [](const File& a, const File& b) { return a.name < b.name; });
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

// What stands in a file before the names in it are known.
struct Draft {
  Provision provision;
  std::string when;
  Spot when_spot;
  std::vector<std::string> overrides, yields_to;
  Spot overrides_spot, yields_to_spot;
  Spot spot;  // of the provision
  bool has_source = false;
};

struct InstrumentDraft {
  Instrument instrument;
  Spot id_spot, gate_spot;
  std::vector<Draft> provisions;
};

struct MembershipDraft {
  std::string group;
  std::vector<std::string> countries;
  Period period;
  Evidence source;
  Spot spot;
};

using Sources = std::map<std::string, Evidence>;

Sources read_sources(Record& file) {
  Sources sources;
  auto table = file.table("source", "list of sources");
  if (!table) return sources;
  for (const auto& name : table->keys()) {
    auto source = table->table(name, "source");
    if (!source) continue;
    Evidence& evidence = sources[name];
    evidence.title = source->required<std::string>("title");
    evidence.support = source->choice<Support>("support", {{"independent", Support::independent},
                                                           {"reported", Support::reported},
                                                           {"single", Support::single},
                                                           {"computed", Support::computed},
                                                           {"assumed", Support::assumed}});
    source->finish();
  }
  return sources;
}

Evidence source_named(Record& record, const Sources& sources) {
  std::vector<std::string> names;
  for (const auto& [name, evidence] : sources) names.push_back(name);
  const auto source = sources.find(record.reference("source", names, "source"));
  return source == sources.end() ? Evidence{} : source->second;
}

Period read_period(Record& record) {
  return {record.required<Date>("from"), record.optional<Date>("until")};
}

Charge read_charge(Record record) {
  Charge charge;
  charge.kind = record.choice<Charge::Kind>(
      "kind", {{"fee", Charge::Kind::fee}, {"duty", Charge::Kind::duty}});
  charge.rate = record.required<double>("rate", Bounds::share());
  charge.base = record.choice<Charge::Base>(
      "of", {{"revenue", Charge::Base::revenue}, {"customs_value", Charge::Base::customs_value}});
  record.finish();
  return charge;
}

Quota read_quota(Record record) {
  Quota quota;
  quota.shared =
      record.choice<Quota::Shared>("shared", {{"by_product", Quota::Shared::by_product},
                                              {"by_group", Quota::Shared::by_group},
                                              {"by_named_groups", Quota::Shared::by_named_groups}});
  quota.accelerators = record.optional<double>("accelerators");
  quota.share_of_us_shipments = record.optional<double>("share_of_us_shipments", Bounds::share());
  if (!quota.accelerators && !quota.share_of_us_shipments) {
    record.fault("shared", "this quota has no amount",
                 "write accelerators = ... or share_of_us_shipments = ...");
  }
  record.finish();
  return quota;
}

template <typename Enum>
std::optional<Enum> read_word(Record& record, const std::string& key,
                              std::optional<Enum> (*parse)(std::string_view),
                              const std::vector<std::string>& words) {
  const std::string word = record.has(key) ? record.reference(key, words, key) : "";
  return word.empty() ? std::nullopt : parse(word);
}

Draft read_provision(Record record, const std::string& instrument, const Sources& sources) {
  Draft draft;
  Provision& provision = draft.provision;
  draft.spot = record.spot("id");
  provision.id = fmt::format("{}/{}", instrument, record.identify("id"));
  provision.place = draft.spot.place();
  provision.period = read_period(record);
  provision.suspended = record.value_or<bool>("suspended", false);
  provision.paragraph = record.required<std::string>("paragraph");
  provision.says = record.required<std::string>("says");
  draft.has_source = record.has("source");
  if (draft.has_source) provision.source = source_named(record, sources);
  draft.when = record.optional<std::string>("when").value_or("");
  draft.when_spot = record.spot("when");
  draft.overrides = record.list("overrides");
  draft.overrides_spot = record.spot("overrides");
  draft.yields_to = record.list("yields_to");
  draft.yields_to_spot = record.spot("yields_to");
  provision.status = read_word<Status>(
      record, "status", parse_status,
      {"free", "notify", "licence_case_by_case", "licence_presumed_denied", "prohibited"});
  provision.review = read_word<Review>(
      record, "review", parse_review,
      {"none_stated", "presumption_of_approval", "case_by_case", "presumption_of_denial"});
  if (auto charge = record.table("charge", "charge")) provision.charge = read_charge(*charge);
  if (auto quota = record.table("quota", "quota")) provision.quota = read_quota(*quota);
  provision.conditions = record.list("conditions");
  provision.risks = record.list("risks");
  record.finish();
  return draft;
}

}  // namespace

class RulebookReader {
 public:
  std::expected<Rulebook, Diagnostics> read(const std::vector<fs::path>& folders) {
    for (const auto& file : files_below(folders, faults_)) read_file(file);
    if (contents_.gates.empty() && !faults_.has_errors()) {
      faults_.add_error(folders.empty() ? "rules" : folders.front().string(),
                        "there are no rules here", "name the folder data/rules");
    }
    if (!faults_.has_errors()) {
      make_countries();
      check_designers();
      number_provisions();
      add_memberships();
      check_dates();
      for (std::size_t row = 0; row < drafts_.size(); ++row) resolve(row);
    }
    if (!faults_.has_errors()) {
      put_in_order();
      check_exceptions();
    }
    if (faults_.has_errors()) return std::unexpected(faults_);
    return Rulebook(std::make_shared<const Rulebook::Contents>(std::move(contents_)));
  }

 private:
  void read_file(const File& file) {
    const auto document = Document::read(file.path, file.name);
    if (!document) {
      faults_.append(document.error());
      return;
    }
    Record record(document->root(), "file of rules", faults_);
    read_countries(record);
    for (auto& gate : record.tables("gate", "gate")) read_gate(gate);
    const Sources sources = read_sources(record);
    for (auto& designer : record.tables("designer", "designer")) read_designer(designer, sources);
    for (auto& product : record.tables("product", "product")) read_product(product, sources);
    if (auto instrument = record.table("instrument", "instrument")) {
      read_instrument(*instrument, record, file.name, sources);
    }
    record.finish();
  }

  void read_countries(Record& record) {
    auto table = record.table("countries", "table of countries");
    if (!table) return;
    for (const auto& code : table->keys()) {
      auto names = table->list(code);
      if (names.empty()) continue;
      CountryRow row{.code = code, .name = names.front(), .other_names = {}};
      row.other_names.assign(names.begin() + 1, names.end());
      country_rows_.push_back(std::move(row));
    }
  }

  void read_gate(Record& record) {
    Gate gate;
    gate.id = record.identify("id");
    gate.name = record.required<std::string>("name");
    gate.authority = record.required<std::string>("authority");
    gate.covers_from = record.required<Date>("covers_from");
    gate.read = record.required<Date>("read");
    record.finish();
    contents_.gates.push_back(std::move(gate));
  }

  void read_designer(Record& record, const Sources& sources) {
    const std::string country = record.required<std::string>("country");
    designer_spots_.emplace_back(country, record.spot("country"));
    for (const auto& vendor : record.list("vendors")) contents_.designers[vendor] = country;
    source_named(record, sources);
    record.finish();
  }

  // Tables of products add up: each says what its source says, of as many products as it names.
  void read_product(Record& record, const Sources& sources) {
    const auto data_centre = record.optional<bool>("data_centre");
    const auto sold_in_us = record.optional<bool>("sold_in_us");
    const auto from = record.optional<Date>("sold_in_us_from");
    const auto until = record.optional<Date>("sold_in_us_until");
    const bool is_sram = record.choice_or<bool>("memory", {{"sram", true}, {"dram", false}}, false);
    for (const auto& item : record.list("items")) {
      ProductFacts& facts = contents_.products[item];
      if (data_centre) facts.data_centre = answer(*data_centre);
      if (sold_in_us) facts.sale_in_us.ever = answer(*sold_in_us);
      if (from) facts.sale_in_us.from = from;
      if (until) facts.sale_in_us.until = until;
      facts.memory_is_sram |= is_sram;
    }
    source_named(record, sources);
    record.finish();
  }

  void read_instrument(Record record, Record& file, const std::string& name,
                       const Sources& sources) {
    InstrumentDraft draft;
    Instrument& instrument = draft.instrument;
    instrument.id = record.identify("id");
    instrument.title = record.required<std::string>("title");
    instrument.gate = record.required<std::string>("gate");
    instrument.form = record.required<std::string>("form");
    instrument.citation = record.required<std::string>("citation");
    instrument.announced = record.required<Date>("announced");
    instrument.read = record.required<Date>("read");
    instrument.file = name;
    record.finish();
    for (auto& provision : file.tables("provision", "provision")) {
      draft.provisions.push_back(read_provision(provision, instrument.id, sources));
    }
    for (auto& membership : file.tables("membership", "membership")) {
      read_membership(membership, sources);
    }
    draft.id_spot = record.spot("id");
    draft.gate_spot = record.spot("gate");
    instruments_.push_back(std::move(draft));
  }

  void read_membership(Record& record, const Sources& sources) {
    MembershipDraft draft;
    draft.group = record.required<std::string>("group");
    draft.countries = record.list("countries");
    draft.spot = record.spot("countries");
    draft.period = read_period(record);
    draft.source = source_named(record, sources);
    record.finish();
    memberships_.push_back(std::move(draft));
  }

  void make_countries() {
    try {
      contents_.countries = Countries(std::move(country_rows_));
    } catch (const InvalidInput& fault) {
      faults_.add_error("countries.toml", fault.what());
    }
  }

  void check_designers() {
    for (const auto& [country, spot] : designer_spots_) {
      try {
        contents_.countries.find(country);
      } catch (const InvalidInput& fault) {
        faults_.add(spot.fault(fault.what()));
      }
    }
  }

  // Instruments by the day they were announced: the order in which a trace tells the law.
  void number_provisions() {
    std::stable_sort(instruments_.begin(), instruments_.end(),
                     [](const InstrumentDraft& a, const InstrumentDraft& b) {
                       return a.instrument.announced < b.instrument.announced;
                     });
    for (auto& draft : instruments_) {
      const std::size_t number = contents_.instruments.size();
      const auto same = [&](const Instrument& i) { return i.id == draft.instrument.id; };
      if (std::any_of(contents_.instruments.begin(), contents_.instruments.end(), same)) {
        faults_.add(draft.id_spot.fault(
            fmt::format("there are two instruments \"{}\"", draft.instrument.id),
            "give one of them another id"));
      }
      const std::size_t gate = gate_named(draft.instrument.gate, draft.gate_spot);
      for (auto& provision : draft.provisions) {
        provision.provision.instrument = number;
        provision.provision.gate = gate;
        const auto [place, is_new] = numbers_.emplace(provision.provision.id, contents_.ids.size());
        if (is_new) contents_.ids.push_back(provision.provision.id);
        provision.provision.number = place->second;
        draft.instrument.provisions.push_back(drafts_.size());
        drafts_.push_back(std::move(provision));
      }
      contents_.instruments.push_back(std::move(draft.instrument));
    }
  }

  std::size_t gate_named(const std::string& id, const Spot& spot) {
    std::vector<std::string> known;
    for (std::size_t i = 0; i < contents_.gates.size(); ++i) {
      if (contents_.gates[i].id == id) return i;
      known.push_back(contents_.gates[i].id);
    }
    faults_.add(spot.fault(fmt::format("there is no gate \"{}\"", id), did_you_mean(id, known)));
    return 0;
  }

  void add_memberships() {
    for (const auto& draft : memberships_) {
      auto& groups = contents_.groups;
      auto group = std::find(groups.begin(), groups.end(), draft.group);
      if (group == groups.end()) group = groups.insert(groups.end(), draft.group);
      for (const auto& name : draft.countries) {
        try {
          add_membership({.group = static_cast<std::size_t>(group - groups.begin()),
                          .country = contents_.countries.find(name),
                          .period = draft.period,
                          .source = draft.source},
                         draft.spot);
        } catch (const InvalidInput& fault) {
          faults_.add(draft.spot.fault(fault.what()));
        }
      }
    }
  }

  void add_membership(Membership membership, const Spot& spot) {
    for (const auto& other : contents_.memberships) {
      if (other.group != membership.group || other.country != membership.country) continue;
      const bool is_before = other.period.until && *other.period.until < membership.period.from;
      const bool is_after = membership.period.until && *membership.period.until < other.period.from;
      if (is_before || is_after) continue;
      faults_.add(spot.fault(fmt::format("{} is in group {} twice at the same time",
                                         contents_.countries[membership.country].name,
                                         contents_.groups[membership.group]),
                             "end the earlier membership with until = ..."));
    }
    contents_.memberships.push_back(std::move(membership));
  }

  void check_dates() {
    std::vector<std::vector<std::size_t>> versions(contents_.ids.size());
    for (std::size_t row = 0; row < drafts_.size(); ++row) {
      versions[drafts_[row].provision.number].push_back(row);
    }
    for (const auto& rows : versions) {
      std::vector<Period> periods;
      for (const std::size_t row : rows) periods.push_back(drafts_[row].provision.period);
      for (const auto& fault : date_faults(periods)) {
        const Draft& draft = drafts_[rows[fault.index]];
        faults_.add(draft.spot.fault(
            fmt::format("the dates of provision \"{}\": {}", draft.provision.id, fault.message),
            fault.hint));
      }
    }
  }

  void resolve(std::size_t row) {
    Draft& draft = drafts_[row];
    const std::string& instrument = contents_.instruments[draft.provision.instrument].id;
    const Vocabulary vocabulary{contents_.countries, contents_.groups, numbers_, instrument};
    if (!draft.when.empty()) {
      auto condition = Condition::parse(draft.when, vocabulary);
      if (condition) {
        draft.provision.when = std::move(*condition);
      } else {
        const TextFault& fault = condition.error();
        faults_.add(draft.when_spot.part(fault.position, fault.width)
                        .fault(fmt::format("the condition of \"{}\": {}", draft.provision.id,
                                           fault.message),
                               fault.hint));
      }
    } else if (!draft.provision.suspended) {
      faults_.add(draft.spot.fault(
          fmt::format("provision \"{}\" does not say when it applies", draft.provision.id),
          "write when = \"...\""));
    }
    if (!draft.has_source) {
      faults_.add(draft.spot.fault(
          fmt::format("provision \"{}\" has {}no source", draft.provision.id,
                      draft.provision.when.has_threshold() ? "a threshold and " : ""),
          "name who says so: source = \"...\", described under [source....]"));
    }
    for (const auto& name : draft.overrides) {
      const auto rule = number_of(name, instrument, draft.overrides_spot);
      if (rule) add_exception(draft.provision, *rule);
    }
    // A later instrument says where it stands to an earlier one; the earlier file stays as it was.
    for (const auto& name : draft.yields_to) {
      const auto exception = number_of(name, instrument, draft.yields_to_spot);
      for (auto& other : drafts_) {
        if (exception && other.provision.number == *exception) {
          add_exception(other.provision, draft.provision.number);
        }
      }
    }
  }

  static void add_exception(Provision& exception, std::size_t rule) {
    if (!overrides(exception, rule)) exception.overrides.push_back(rule);
  }

  // A provision of the same instrument may be named without it.
  std::optional<std::size_t> number_of(const std::string& name, const std::string& instrument,
                                       const Spot& spot) {
    for (const auto& id : {fmt::format("{}/{}", instrument, name), name}) {
      const auto place = numbers_.find(id);
      if (place != numbers_.end()) return place->second;
    }
    faults_.add(spot.fault(fmt::format("there is no provision \"{}\"", name),
                           provision_hint(name, contents_.ids, instrument)));
    return std::nullopt;
  }

  // Depth first, so that a provision comes after those it names and those that override it. An
  // exception also asks the condition of what it is an exception to, and so comes after the
  // provisions named there.
  void put_in_order() {
    std::vector<std::set<std::size_t>> overriders(contents_.ids.size());
    for (const auto& draft : drafts_) {
      for (const std::size_t rule : draft.provision.overrides) {
        overriders[rule].insert(draft.provision.number);
      }
    }
    std::vector<std::set<std::size_t>> before = overriders;
    for (const auto& draft : drafts_) {
      auto& mine = before[draft.provision.number];
      for (const std::size_t named : draft.provision.when.provisions_named()) mine.insert(named);
      for (const auto& rule : drafts_) {
        const auto& overrides = draft.provision.overrides;
        if (std::find(overrides.begin(), overrides.end(), rule.provision.number) ==
            overrides.end()) {
          continue;
        }
        for (const std::size_t named : rule.provision.when.provisions_named()) mine.insert(named);
      }
    }
    enum class Mark { fresh, open, done };
    std::vector<Mark> marks(contents_.ids.size(), Mark::fresh);
    std::vector<std::size_t> path;
    const std::function<void(std::size_t)> visit = [&](std::size_t number) {
      if (marks[number] == Mark::done) return;
      if (marks[number] == Mark::open) return fault_circle(path, number);
      marks[number] = Mark::open;
      path.push_back(number);
      for (const std::size_t other : before[number]) visit(other);
      path.pop_back();
      marks[number] = Mark::done;
      contents_.order.push_back(number);
    };
    for (std::size_t number = 0; number < contents_.ids.size(); ++number) visit(number);
    for (auto& draft : drafts_) {
      const auto& set = overriders[draft.provision.number];
      draft.provision.overridden_by.assign(set.begin(), set.end());
      contents_.provisions.push_back(draft.provision);
    }
  }

  void fault_circle(const std::vector<std::size_t>& path, std::size_t number) {
    std::vector<std::string> names;
    for (auto i = std::find(path.begin(), path.end(), number); i != path.end(); ++i) {
      names.push_back(contents_.ids[*i]);
    }
    names.push_back(contents_.ids[number]);
    const auto draft = std::find_if(drafts_.begin(), drafts_.end(),
                                    [&](const Draft& d) { return d.provision.number == number; });
    faults_.add(
        draft->spot.fault(fmt::format("provisions are defined by each other in a circle: {}",
                                      fmt::join(names, " <- ")),
                          "a provision may name or override only what does not lead back to it"));
  }

  // Two exceptions to one provision that may both apply and say different things need an order: one
  // of them must override the other.
  void check_exceptions() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Provision& a = drafts_[j].provision;
        const Provision& b = drafts_[i].provision;
        if (a.number == b.number || a.suspended || b.suspended) continue;
        if (a.status == b.status && a.review == b.review) continue;
        const auto shared = shared_rule(a, b);
        if (!shared || overrides(a, b.number) || overrides(b, a.number)) continue;
        if (!overlap(a.period, b.period) || surely_exclude_each_other(a.when, b.when)) continue;
        faults_.add(drafts_[i].spot.fault(
            fmt::format("\"{}\" and \"{}\" are both exceptions to \"{}\", may both apply and say "
                        "different things",
                        a.id, b.id, contents_.ids[*shared]),
            "name the weaker one in \"overrides\" of the stronger one, or make their conditions "
            "exclude each other"));
      }
    }
  }

  static std::optional<std::size_t> shared_rule(const Provision& a, const Provision& b) {
    for (const std::size_t rule : a.overrides) {
      if (overrides(b, rule)) return rule;
    }
    return std::nullopt;
  }
  static bool overrides(const Provision& exception, std::size_t rule) {
    return std::find(exception.overrides.begin(), exception.overrides.end(), rule) !=
           exception.overrides.end();
  }
  static bool overlap(const Period& a, const Period& b) {
    return !(a.until && *a.until < b.from) && !(b.until && *b.until < a.from);
  }

  Diagnostics faults_;
  Rulebook::Contents contents_;
  std::vector<CountryRow> country_rows_;
  std::vector<std::pair<std::string, Spot>> designer_spots_;
  std::vector<InstrumentDraft> instruments_;
  std::vector<MembershipDraft> memberships_;
  std::vector<Draft> drafts_;                             // as contents_.provisions
  std::unordered_map<std::string, std::size_t> numbers_;  // by id
};

std::expected<Rulebook, Diagnostics> Rulebook::load(const std::vector<fs::path>& folders) {
  return RulebookReader().read(folders);
}

}  // namespace vorrat::rules
