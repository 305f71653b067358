/* The manual's page of all functions, docs/functions.md, from their descriptors. */
#pragma once

#include "base/buf.h"

/* Markdown; the same text for the same functions. */
void weir_functions_write_manual(struct weir_buf *out);
