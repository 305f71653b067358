/* Values in results: numbers as numbers, BYTES as base64, dates and times as ISO texts. */
#include "server/result.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"

#include <math.h>

static void write_array(struct weir_buf *out, const struct weir_type *type, const struct weir_array *array)
{
	weir_buf_append_byte(out, '[');
	for (size_t i = 0; i < array->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_result_write_value(out, type->element, array->items[i], weir_null_test(array->nulls, i));
	}
	weir_buf_append_byte(out, ']');
}

static void write_map_key(struct weir_buf *out, const struct weir_type *type, union weir_cell cell, bool is_null)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	if (is_null)
		weir_buf_append_text(&text, "null");
	else
		weir_value_print(&text, type, cell);
	weir_json_append_string(out, weir_buf_slice(&text), true);
	weir_buf_fini(&text);
}

static void write_map(struct weir_buf *out, const struct weir_type *type, const struct weir_map_value *map)
{
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < map->count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		write_map_key(out, type->key, map->keys[i], weir_null_test(map->key_nulls, i));
		weir_buf_append_byte(out, ':');
		weir_result_write_value(out, type->element, map->values[i], weir_null_test(map->value_nulls, i));
	}
	weir_buf_append_byte(out, '}');
}

static void write_struct(struct weir_buf *out, const struct weir_type *type, const struct weir_struct_value *record)
{
	weir_buf_append_byte(out, '{');
	for (size_t i = 0; i < type->field_count; i++) {
		if (i)
			weir_buf_append_byte(out, ',');
		weir_json_append_string(out, type->fields[i].name, true);
		weir_buf_append_byte(out, ':');
		weir_result_write_value(out, type->fields[i].type, record->cells[i], weir_null_test(record->nulls, i));
	}
	weir_buf_append_byte(out, '}');
}

void weir_result_write_value(struct weir_buf *out, const struct weir_type *type, union weir_cell cell, bool is_null)
{
	if (is_null) {
		weir_buf_append_text(out, "null");
		return;
	}
	switch (type->kind) {
	case WEIR_KIND_STRING:
		weir_json_append_string(out, cell.str, true);
		break;
	case WEIR_KIND_ARRAY:
		write_array(out, type, cell.array);
		break;
	case WEIR_KIND_MAP:
		write_map(out, type, cell.map);
		break;
	case WEIR_KIND_STRUCT:
		write_struct(out, type, cell.record);
		break;
	case WEIR_KIND_BYTES:
	case WEIR_KIND_DATE:
	case WEIR_KIND_TIME:
	case WEIR_KIND_TIMESTAMP:
		weir_buf_append_byte(out, '"');
		weir_value_print(out, type, cell);
		weir_buf_append_byte(out, '"');
		break;
	case WEIR_KIND_DOUBLE:
		if (!isfinite(cell.f64)) {
			weir_buf_append_byte(out, '"');
			weir_double_print(out, cell.f64);
			weir_buf_append_byte(out, '"');
			break;
		}
		weir_double_print(out, cell.f64);
		break;
	default:
		weir_value_print(out, type, cell);
	}
}
