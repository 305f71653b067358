/* Names → cells: columns of the sources in scope, fields of the row's header, lambda variables. */
#include "analyze/scope.h"

static const char *const pseudo_names[] = {
	[WEIR_PSEUDO_ROWTIME] = "ROWTIME",
	[WEIR_PSEUDO_ROWPARTITION] = "ROWPARTITION",
	[WEIR_PSEUDO_ROWOFFSET] = "ROWOFFSET",
	[WEIR_PSEUDO_WINDOWSTART] = "WINDOWSTART",
	[WEIR_PSEUDO_WINDOWEND] = "WINDOWEND",
};

int weir_pseudo_of(struct weir_slice name)
{
	for (int i = 0; i < (int)(sizeof pseudo_names / sizeof pseudo_names[0]); i++)
		if (weir_slice_is(name, pseudo_names[i]))
			return i;
	return WEIR_NOT_PSEUDO;
}

const struct weir_type *weir_pseudo_type(enum weir_pseudo pseudo)
{
	return pseudo == WEIR_PSEUDO_ROWPARTITION ? &weir_type_integer : &weir_type_bigint;
}

bool weir_is_reserved_column(struct weir_slice name)
{
	return weir_pseudo_of(name) != WEIR_NOT_PSEUDO;
}

size_t weir_scope_count_sources_with(const struct weir_scope *scope, struct weir_slice name)
{
	size_t count = 0;

	for (size_t i = 0; i < scope->source_count; i++)
		count += weir_schema_find(scope->sources[i].schema, name) >= 0;
	return count;
}

static struct weir_builder builder_at(const struct weir_expression_context *context, const struct weir_sql_expr *ast)
{
	return (struct weir_builder){ context->arena, weir_place_of(context->arena, ast) };
}

/* ---- Lambda variables ---- */

static const struct weir_expr *find_variable(const struct weir_expression_context *context, const struct weir_sql_expr *ast)
{
	for (const struct weir_lambda_frame *frame = context->lambda; frame; frame = frame->outer) {
		for (size_t i = 0; i < frame->count; i++) {
			if (ast->qualifier.len || !weir_slice_equals(frame->names[i], ast->name))
				continue;
			struct weir_builder builder = builder_at(context, ast);
			struct weir_expr *expr = weir_build_node(&builder, WEIR_EXPR_LAMBDA_VARIABLE, frame->types[i], NULL, 0);
			expr->index = frame->first_slot + (int)i;
			return expr;
		}
	}
	return NULL;
}

/* ---- Messages ---- */

static struct weir_slice suggest_column(const struct weir_scope *scope, struct weir_slice name)
{
	struct weir_slice names[512];
	size_t count = 0;

	for (size_t i = 0; i < scope->source_count; i++)
		for (size_t j = 0; j < scope->sources[i].schema->count && count < 512; j++)
			names[count++] = scope->sources[i].schema->columns[j].name;
	return weir_nearest_name(name, names, count);
}

static bool unknown_column(const struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	struct weir_place place = weir_place_of(context->arena, ast);
	struct weir_slice near = suggest_column(context->scope, ast->name);

	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->place.line, ast->place.column, "%s: there is no column '%.*s'.",
		context->clause, WEIR_SLICE_ARG(place.text));
	if (err)
		err->span = ast->place.len;
	if (near.len && !weir_slice_equals(near, ast->name))
		weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near));
	return false;
}

static bool ambiguous_column(const struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	struct weir_buf candidates;
	bool is_pseudo = weir_pseudo_of(ast->name) != WEIR_NOT_PSEUDO;

	weir_buf_init(&candidates, WEIR_ERR_TEXT_BYTES / 2);
	for (size_t i = 0; i < context->scope->source_count; i++) {
		const struct weir_scope_source *source = &context->scope->sources[i];

		if (!is_pseudo && weir_schema_find(source->schema, ast->name) < 0)
			continue;
		weir_buf_printf(&candidates, "%s%.*s.%.*s", candidates.len ? " or " : "", WEIR_SLICE_ARG(source->alias),
			WEIR_SLICE_ARG(ast->name));
	}
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->place.line, ast->place.column,
		"%s: the column '%.*s' is ambiguous. It could be %s.", context->clause, WEIR_SLICE_ARG(ast->name),
		weir_buf_cstr(&candidates));
	weir_buf_fini(&candidates);
	return false;
}

/* ---- Columns ---- */

static const struct weir_scope_source *find_source(const struct weir_scope *scope, struct weir_slice alias)
{
	for (size_t i = 0; i < scope->source_count; i++)
		if (weir_slice_equals(scope->sources[i].alias, alias))
			return &scope->sources[i];
	return NULL;
}

static bool unknown_source(const struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	struct weir_slice names[32];
	size_t count = 0;

	for (; count < context->scope->source_count && count < 32; count++)
		names[count] = context->scope->sources[count].alias;
	struct weir_slice near = weir_nearest_name(ast->qualifier, names, count);
	weir_err_set_at(err, WEIR_E_UNKNOWN_NAME, ast->place.line, ast->place.column,
		"'%.*s' is not a stream, table or alias of this query.", WEIR_SLICE_ARG(ast->qualifier));
	if (near.len)
		weir_err_advise(err, "Did you mean %.*s?", WEIR_SLICE_ARG(near));
	return false;
}

static const struct weir_expr *column_of(
	const struct weir_expression_context *context, const struct weir_sql_expr *ast, const struct weir_scope_source *source)
{
	int at = weir_schema_find(source->schema, ast->name);
	struct weir_builder builder = builder_at(context, ast);

	if (at < 0)
		return NULL;
	return weir_build_column(&builder, (int)source->first_cell + at, source->schema->columns[at].type);
}

/* Which pseudo columns exist here, and whether they may be read. */
static bool pseudo_exists(const struct weir_expression_context *context, const struct weir_scope_source *source, int pseudo)
{
	if (pseudo == WEIR_PSEUDO_WINDOWSTART || pseudo == WEIR_PSEUDO_WINDOWEND)
		return source->is_windowed || context->allows_window_bounds;
	return pseudo == WEIR_PSEUDO_ROWTIME || !context->refuses_row_position;
}

static const struct weir_expr *pseudo_of(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_scope_source *source, int pseudo)
{
	struct weir_builder builder = builder_at(context, ast);
	const struct weir_type *type = weir_pseudo_type((enum weir_pseudo)pseudo);

	if (context->scope->has_pseudo_cells && pseudo < WEIR_SCOPE_PSEUDO_CELLS)
		return weir_build_column(&builder, (int)(source->first_cell + source->schema->count) + pseudo, type);
	struct weir_expr *expr = weir_build_node(&builder, WEIR_EXPR_PSEUDO, type, NULL, 0);
	expr->pseudo = (enum weir_pseudo)pseudo;
	return expr;
}

static bool window_bounds_misplaced(
	const struct weir_expression_context *context, const struct weir_sql_expr *ast, struct weir_err *err)
{
	return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
		"%s: %.*s can only be used in the SELECT list of a windowed aggregation, and not inside its aggregate functions.",
		context->clause, WEIR_SLICE_ARG(ast->name));
}

static bool resolve_in(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_scope_source *source, const struct weir_expr **ret, struct weir_err *err)
{
	int pseudo = weir_pseudo_of(ast->name);

	*ret = column_of(context, ast, source);
	if (*ret)
		return true;
	if (pseudo == WEIR_NOT_PSEUDO)
		return unknown_column(context, ast, err);
	if (pseudo_exists(context, source, pseudo)) {
		*ret = pseudo_of(context, ast, source, pseudo);
		return true;
	}
	if (pseudo == WEIR_PSEUDO_WINDOWSTART || pseudo == WEIR_PSEUDO_WINDOWEND)
		return window_bounds_misplaced(context, ast, err);
	return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
		"%s: %.*s is not available in a pull query.", context->clause, WEIR_SLICE_ARG(ast->name));
}

static bool resolve_unqualified(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_scope *scope = context->scope;
	bool is_synthetic = scope->synthetic_key.len && weir_slice_equals(scope->synthetic_key, ast->name);

	if (is_synthetic) {
		struct weir_builder builder = builder_at(context, ast);

		*ret = weir_build_column(&builder, 0, scope->synthetic_key_type);
		return true;
	}
	if (scope->source_count == 1)
		return resolve_in(context, ast, &scope->sources[0], ret, err);
	size_t holders = weir_scope_count_sources_with(scope, ast->name);
	if (holders > 1 || (holders == 0 && weir_pseudo_of(ast->name) != WEIR_NOT_PSEUDO))
		return ambiguous_column(context, ast, err);
	if (holders == 0)
		return unknown_column(context, ast, err);
	for (size_t i = 0; i < scope->source_count; i++)
		if (weir_schema_find(scope->sources[i].schema, ast->name) >= 0)
			*ret = column_of(context, ast, &scope->sources[i]);
	return true;
}

bool weir_resolve_column(const struct weir_expression_context *context, const struct weir_sql_expr *ast,
	const struct weir_expr **ret, struct weir_err *err)
{
	const struct weir_expr *variable = find_variable(context, ast);

	if (variable) {
		*ret = variable;
		return true;
	}
	if (!context->scope)
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->place.line, ast->place.column,
			"%s: a value cannot refer to a column: %.*s.", context->clause, WEIR_SLICE_ARG(ast->name));
	if (!ast->qualifier.len)
		return resolve_unqualified(context, ast, ret, err);
	const struct weir_scope_source *source = find_source(context->scope, ast->qualifier);
	if (!source)
		return unknown_source(context, ast, err);
	return resolve_in(context, ast, source, ret, err);
}
