/* The processing log: every record that could not be processed, with where it stood and why, kept in a topic where it can be read
 * and replayed from: `<service id>ksql_processing_log`, one JSON object a record.
 * Thread: workers; records go out with the next flush, and are bounded: when errors come faster than they can be written, they are
 * counted. */
#include "engine/engine_int.h"

#include "types/text.h"

void weir_processing_log_record(void *ctx, const struct weir_bad_record *record)
{
	struct weir_engine *engine = ctx;

	if (record->topic.len)
		weir_log(engine->options.logger, WEIR_LOG_WARN, "processing", "%.*s: %.*s partition %d offset %lld: %s",
			WEIR_SLICE_ARG(record->query_id), WEIR_SLICE_ARG(record->topic), record->partition,
			(long long)record->offset, record->err->text);
	else
		weir_log(engine->options.logger, WEIR_LOG_DEBUG, "processing", "%.*s: %s", WEIR_SLICE_ARG(record->query_id),
			record->err->text);
}
