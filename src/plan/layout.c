/* Topic layouts of declared sources. */
#include "plan/planner.h"

#include "analyze/format_spec.h"

static struct weir_format_spec copy_spec(struct weir_arena *arena, struct weir_format_spec spec)
{
	spec.topic = weir_arena_copy(arena, spec.topic);
	spec.schema_full_name = weir_arena_copy(arena, spec.schema_full_name);
	spec.physical_schema = weir_arena_copy(arena, spec.physical_schema);
	return spec;
}

static int32_t writer_id(const struct weir_source_format *format)
{
	return format->writer_schema_id ? format->writer_schema_id : format->schema_id;
}

bool weir_plan_source_layout(
	struct weir_arena *arena, const struct weir_source *source, struct weir_topic_layout *ret, struct weir_err *err)
{
	const struct weir_source *copy = weir_source_copy(arena, source);
	struct weir_topic_layout layout = {
		.topic = copy->topic,
		.partitions = copy->partitions,
		.schema = copy->schema,
		.key = copy_spec(arena, weir_source_format_spec(copy, WEIR_SIDE_KEY)),
		.value = copy_spec(arena, weir_source_format_spec(copy, WEIR_SIDE_VALUE)),
		.key_writer_schema_id = writer_id(&copy->key),
		.value_writer_schema_id = writer_id(&copy->value),
		.window = copy->window,
		.timestamp = copy->timestamp,
	};

	if (!layout.key.format || !layout.value.format)
		return weir_err_set(
			err, WEIR_E_INTERNAL, "%.*s has a format that this program does not know.", WEIR_SLICE_ARG(source->name));
	*ret = layout;
	return true;
}
