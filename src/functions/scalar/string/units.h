/* Texts from UTF-16 units, for functions that speak of them. */
#pragma once

#include "base/buf.h"

struct weir_units {
	struct weir_buf *out;
	uint16_t high; /* a high surrogate that waits for its other half; 0: none */
};

/* Appends a unit; a half of a pair that stands alone becomes '?', as it is written out. */
void weir_units_append(struct weir_units *units, uint16_t unit);
void weir_units_finish(struct weir_units *units);
