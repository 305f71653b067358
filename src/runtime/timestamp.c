/* Event time from a column. */
#include "runtime/timestamp.h"

bool weir_timestamp_column_open(struct weir_timestamp_column *column, struct weir_arena *arena,
	const struct weir_topic_layout *layout, struct weir_err *err)
{
	const struct weir_timestamp_spec *spec = &layout->timestamp;

	*column = (struct weir_timestamp_column){ .column = spec->column, .zones = { .arena = arena } };
	if (spec->column < 0)
		return true;
	column->type = layout->schema->columns[spec->column].type;
	if (column->type->kind != WEIR_KIND_STRING)
		return true;
	column->zone = weir_zone_default(arena);
	return weir_date_pattern_compile(arena, spec->format, WEIR_DATE_ROOT, &column->pattern, err);
}

bool weir_timestamp_column_read(
	struct weir_timestamp_column *column, const struct weir_row *row, int64_t *ret_timestamp_ms, struct weir_err *err)
{
	size_t cell = (size_t)column->column;
	int64_t timestamp_ms;

	if (weir_row_is_null(row, cell))
		return weir_err_set(err, WEIR_E_TIMESTAMP, "The timestamp column is NULL");
	if (!column->pattern)
		timestamp_ms = row->cells[cell].i64;
	else if (!weir_date_parse_timestamp(
			 column->pattern, row->cells[cell].str, column->zone, &column->zones, &timestamp_ms, err))
		return false;
	if (timestamp_ms < 0)
		return weir_err_set(err, WEIR_E_TIMESTAMP, "The timestamp is negative");
	*ret_timestamp_ms = timestamp_ms;
	return true;
}
