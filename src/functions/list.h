/* Declares every descriptor that list.def names. */
#pragma once

#include "functions/function.h"

#define SCALAR(name)    extern const struct weir_scalar_function weir_scalar_##name;
#define AGGREGATE(name) extern const struct weir_aggregate_function weir_aggregate_##name;
#define TABLE(name)     extern const struct weir_scalar_function weir_table_##name;
#include "functions/list.def"
#undef SCALAR
#undef AGGREGATE
#undef TABLE
