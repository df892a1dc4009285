// What each built-in case finds, by name.
#pragma once

#include "vorrat/published/cases.h"

namespace vorrat::published {

void find_lands_capacity(Findings& findings);
void find_capacity_two_stage(Findings& findings);
void find_waiting_or_buying(Findings& findings);
void find_stockpile(Findings& findings);
void find_instances(Findings& findings, const std::filesystem::path& data);
void find_outside_instances(Findings& findings, const std::filesystem::path& instances);
void find_outside_integers(Findings& findings, const std::filesystem::path& instances);
void find_chip_counts(Findings& findings, const std::filesystem::path& estimate);
void find_throughput(Findings& findings, const std::filesystem::path& data);

}  // namespace vorrat::published
