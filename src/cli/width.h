/* How many columns of a terminal a text takes: Korean and Japanese letters take two, combining marks none, emoji two. */
#pragma once

#include "base/slice.h"

/* Bytes that are not UTF-8 count one column each; control characters count none. */
size_t weir_width_of(struct weir_slice text);
/* Bytes of the longest prefix that fits into `columns`; at least one character unless the text is empty or columns is 0. */
size_t weir_width_prefix(struct weir_slice text, size_t columns, size_t *ret_columns);
