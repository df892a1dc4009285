// What things have cost, and other figures of operation: rents, servers, electricity, useful lives,
// lead times, faults. Dated, and never edited afterwards.
#pragma once

#include <optional>
#include <string>

#include "vorrat/input/sourced.h"
#include "vorrat/quantity/quantity.h"

namespace vorrat::catalog {

/// One row of prices.csv. At least one of low, middle and high is filled; all are of one dimension.
///
///     price,category,subject,item,low,mid,high,source,date,kind,note
///     C0054,rental,h200-sxm,on-demand,2.5 USD/GPU-hour,4.0 USD/GPU-hour,7.0 USD/GPU-hour,...
struct Price {
  std::string id;
  std::string category;  // "rental", "tco", "server", "power", "electricity", "lead_time", ...
  std::string subject;   // an accelerator, a region or "any"
  std::string item;
  std::optional<AnyQuantity> low;
  std::optional<AnyQuantity> middle;
  std::optional<AnyQuantity> high;
  Source source;
  std::string note;
};

}  // namespace vorrat::catalog
