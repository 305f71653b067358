/* ALTER STREAM/TABLE … ADD COLUMN. Queries that run keep the columns they know. */
#include "engine/engine_int.h"

static bool check_format(struct weir_exec *exec, const struct weir_source *source, struct weir_err *err)
{
	struct weir_topic_layout layout;

	return weir_plan_source_layout(exec->arena, source, &layout, err) &&
	       (!layout.value.format->check || layout.value.format->check(&layout.value, err));
}

bool weir_exec_alter(struct weir_exec *exec, struct weir_err *err)
{
	struct weir_source *source = exec->bound.alter;
	int32_t key_id = source->key.writer_schema_id;
	char id[300];

	if (!check_format(exec, source, err) || !weir_register_schemas(exec, source, false, true, false, err))
		return false;
	if (source->key.writer_schema_id == 0)
		source->key.writer_schema_id = key_id;
	if (!weir_command_log_append(exec, source->key.writer_schema_id, source->value.writer_schema_id, err))
		return false;
	struct weir_catalog *edit = weir_exec_edit(exec);
	weir_catalog_put_source(edit, source);
	weir_exec_publish(exec, edit);
	snprintf(id, sizeof id, "%s/%.*s/alter", source->is_table ? "table" : "stream", WEIR_SLICE_ARG(source->name));
	weir_entity_status(exec, id,
		weir_arena_printf(
			exec->arena, "%s %.*s altered.", source->is_table ? "Table" : "Stream", WEIR_SLICE_ARG(source->name))
			.ptr,
		(struct weir_slice){ 0 });
	return true;
}
