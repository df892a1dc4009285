// What must not compile: each block is switched on alone by the build.
#include "vorrat/quantity/quantity.h"

using namespace vorrat;

Energy control(Power power, Duration time) { return power * time + 3 * units::joule; }

#ifdef ADD_POWER_TO_ENERGY
auto mix(Power power, Energy energy) { return power + energy; }
#endif
#ifdef ASSIGN_ENERGY_TO_POWER
Power mix(Energy energy) { return energy; }
#endif
#ifdef ADD_NUMBER_TO_POWER
auto mix(Power power) { return power + 1.0; }
#endif
#ifdef NUMBER_AS_POWER
Power mix() { return 120.0; }
#endif
#ifdef POWER_AS_NUMBER
double mix(Power power) { return power; }
#endif
#ifdef COMPARE_BYTES_WITH_BANDWIDTH
bool mix(Data data, Bandwidth bandwidth) { return data < bandwidth; }
#endif
#ifdef MONEY_WITHOUT_CURRENCY
Money mix() { return Money(5.0); }
#endif
#ifdef PRICE_AS_MONEY
Money mix(UnitPrice price) { return price; }
#endif
