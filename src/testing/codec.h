/* A case's JSON to a record's bytes in a source's format, and back. */
#pragma once

#include "catalog/catalog.h"
#include "log/log.h"
#include "plan/plan.h"
#include "testing/case.h"

/* Bytes live in the arena. */
bool weir_case_encode(struct weir_arena *arena, const struct weir_topic_layout *layout, struct weir_schema_source *schemas,
	const struct weir_case_record *record, struct weir_message *ret, struct weir_err *err);
struct weir_decoded {
	const struct weir_json *key, *value; /* NULL: null */
	bool has_window, is_session;
	int64_t window_start_ms, window_end_ms;
};
bool weir_case_decode(struct weir_arena *arena, const struct weir_topic_layout *layout, struct weir_schema_source *schemas,
	const struct weir_message *message, struct weir_decoded *ret, struct weir_err *err);
