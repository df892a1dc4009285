// The tables of a made-up run with 16 quarters, 40 offers and 12 sites, and of what was found about
// it: great_report FILE.json
#include <cstdio>

#include "vorrat/base/file.h"
#include "vorrat/report/insight_tables.h"
#include "vorrat/report/sample_findings.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/with_insight.h"

int main(int argc, char** argv) {
  using namespace vorrat;
  if (argc != 2) return std::fputs("usage: great_report FILE.json\n", stderr), 2;
  const report::SampleSize size{.quarters = 16, .offers = 40, .sites = 12};
  const report::RunFacts facts = sample_facts(size);
  write_whole(argv[1], to_json(with_insight(plan_tables(sample_plan(size), facts),
                                            insight_tables(sample_findings(size), facts))));
  return 0;
}
