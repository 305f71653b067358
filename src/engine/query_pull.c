/* Pull queries on tables: look-ups and scans of the state of the query that keeps the table. */
#include "engine/engine_int.h"

#include "base/memory.h"

struct pull {
	const struct weir_bound_pull *bound;
	struct weir_result_sink *sink;
	struct weir_evaluator *where;
	struct weir_evaluator **columns;
	struct weir_arena row_arena;
	struct weir_eval_context context;
	struct weir_value *values;
	int64_t delivered;
};

static bool is_at_limit(const struct pull *self)
{
	return self->bound->limit >= 0 && self->delivered >= self->bound->limit;
}

static bool give(void *ctx, const struct weir_row *row)
{
	struct pull *self = ctx;
	struct weir_err err;
	bool failed;

	if (is_at_limit(self))
		return false;
	weir_arena_reset(&self->row_arena);
	if (self->where && !weir_evaluate_predicate(self->where, &self->context, row, &failed, &err))
		return true;
	for (size_t i = 0; i < self->bound->column_count; i++)
		self->values[i].is_null =
			weir_evaluate(self->columns[i], &self->context, row, &self->values[i].cell, &err) != WEIR_VALUE;
	self->delivered++;
	return self->sink->row(self->sink, self->values, self->bound->column_count, false) && !is_at_limit(self);
}

static void send_header(struct weir_exec *exec, const struct weir_bound_pull *bound, struct weir_result_sink *sink, const char *id)
{
	struct weir_result_column *columns = WEIR_ARENA_ARRAY(exec->arena, struct weir_result_column, bound->column_count);

	for (size_t i = 0; i < bound->column_count; i++)
		columns[i] = (struct weir_result_column){
			.name = bound->columns[i].name,
			.type = bound->columns[i].type,
			.is_key = bound->is_key[i],
		};
	sink->header(sink, weir_slice_of(id), WEIR_QUERY_TYPE_PULL, columns, bound->column_count);
}

static bool prepare(struct weir_exec *exec, struct pull *self, struct weir_err *err)
{
	const struct weir_bound_pull *bound = self->bound;

	self->columns = WEIR_ARENA_ARRAY(exec->arena, struct weir_evaluator *, bound->column_count);
	self->values = WEIR_ARENA_ARRAY(exec->arena, struct weir_value, bound->column_count);
	if (bound->where && !weir_evaluator_new(exec->arena, bound->where, &self->where, err))
		return false;
	for (size_t i = 0; i < bound->column_count; i++)
		if (!weir_evaluator_new(exec->arena, bound->columns[i].expr, &self->columns[i], err))
			return false;
	weir_arena_init(&self->row_arena, 4096);
	self->context = (struct weir_eval_context){ .arena = &self->row_arena, .clock = exec->engine->options.clock };
	return true;
}

static struct weir_slice *pack_keys(struct weir_exec *exec, const struct weir_bound_pull *bound)
{
	struct weir_slice *keys = WEIR_ARENA_ARRAY(exec->arena, struct weir_slice, bound->key_count);
	size_t width = bound->table->schema->key_count;
	struct weir_buf packed;

	weir_buf_init(&packed, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < bound->key_count; i++) {
		union weir_cell *cells = WEIR_ARENA_ARRAY(exec->arena, union weir_cell, width);
		uint64_t *nulls = WEIR_ARENA_ARRAY(exec->arena, uint64_t, weir_null_words(width) + 1);
		for (size_t k = 0; k < width; k++) {
			cells[k] = bound->keys[i].values[k].cell;
			weir_null_assign(nulls, k, bound->keys[i].values[k].is_null);
		}
		weir_buf_reset(&packed);
		weir_stored_key(bound->query->plan->materialization.node, exec->arena, cells, nulls, &packed);
		keys[i] = weir_arena_copy(exec->arena, weir_buf_slice(&packed));
	}
	weir_buf_fini(&packed);
	return keys;
}

bool weir_pull_run(struct weir_exec *exec, struct weir_result_sink *sink, char *ret_id, struct weir_err *err)
{
	struct weir_engine *engine = exec->engine;
	struct pull self = { .bound = &exec->bound.pull, .sink = sink };
	struct weir_active_query *active = weir_active_find(engine, self.bound->query->id);

	if (!weir_settings_bool(engine->options.settings, "ksql.pull.queries.enable"))
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "Pull queries are turned off on this server");
	if (!active)
		return weir_err_set(err, WEIR_E_INVALID_STATEMENT, "The query that keeps the table does not run");
	if (!prepare(exec, &self, err))
		return false;
	snprintf(ret_id, WEIR_QUERY_ID_BYTES, "query_%lld", (long long)weir_clock_now_ms(engine->options.clock));
	send_header(exec, self.bound, sink, ret_id);
	struct weir_pull_request request = { .row = give, .ctx = &self };
	/* Windowed state is ordered by time: its rows are found by a scan, and WHERE leaves those asked for. */
	if (self.bound->kind == WEIR_PULL_KEYS && self.bound->table->window.type == WEIR_WINDOW_NONE) {
		request.keys = pack_keys(exec, self.bound);
		request.key_count = self.bound->key_count;
	}
	bool nothing = (self.bound->kind == WEIR_PULL_KEYS && self.bound->key_count == 0) || self.bound->limit == 0;
	bool ok = nothing || weir_runtime_pull(active->running, &request, err);
	sink->end(sink, !ok ? WEIR_END_FAILED : is_at_limit(&self) ? WEIR_END_LIMIT : WEIR_END_COMPLETED, ok ? NULL : err);
	weir_arena_fini(&self.row_arena);
	return true;
}
