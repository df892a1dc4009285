// The catalogue's accelerators and models as the plain numbers that the formulas take.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/catalog/catalog.h"
#include "vorrat/workload/measurement.h"
#include "vorrat/workload/roofline.h"

namespace vorrat::workload {

/// Ratings as plain numbers. Nothing if the memory, its bandwidth or every compute rate is
/// unpublished. What else is missing is assumed, and named in `assumed`: 16-bit and 8-bit rates
/// from the next narrower one by halving, links as PCIe (64 GB/s).
struct CataloguedHardware {
  Hardware hardware;
  std::vector<std::string> assumed;
};
std::optional<CataloguedHardware> hardware_of(const catalog::Accelerator& accelerator,
                                              const Kin* kin);

/// The shape as plain numbers. Nothing if the parameters are unpublished or the model writes no
/// text. An unpublished layer table is replaced by that of a typical model of the size, and the
/// shape marked is_assumed.
std::optional<Shape> shape_of(const catalog::LanguageModel& model);

/// The narrowest common precision a careful operator would take: 4-bit weights for models published
/// so, else 8 bits where the accelerator has them.
Precision usual_precision(const catalog::LanguageModel& model, const Hardware& hardware);

}  // namespace vorrat::workload
