/* A declared source's side as formats/ takes it. */
#pragma once

#include "catalog/catalog.h"
#include "formats/format.h"

/* Points into the source. `format` is NULL when the program does not know it. */
struct weir_format_spec weir_source_format_spec(const struct weir_source *source, enum weir_format_side side);
