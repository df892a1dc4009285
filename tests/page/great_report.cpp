// The tables of a made-up run with 16 quarters, 40 offers and 12 sites: great_report FILE.json
#include <cstdio>

#include "vorrat/base/file.h"
#include "vorrat/report/sample_plan.h"
#include "vorrat/report/tables_json.h"

int main(int argc, char** argv) {
  using namespace vorrat;
  if (argc != 2) return std::fputs("usage: great_report FILE.json\n", stderr), 2;
  const report::SampleSize size{.quarters = 16, .offers = 40, .sites = 12};
  write_whole(argv[1], to_json(plan_tables(sample_plan(size), sample_facts(size))));
  return 0;
}
