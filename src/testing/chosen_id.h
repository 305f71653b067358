/* Schemas with chosen ids, for cases whose topics name them. */
#pragma once

#include "registry/registry.h"

/* `registry` must be an embedded one. Errors: SCHEMA_INVALID. */
bool weir_case_register_with_id(struct weir_registry *registry, struct weir_arena *arena, struct weir_slice subject,
	const struct weir_schema_text *schema, int32_t id, struct weir_err *err);
