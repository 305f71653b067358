/* Is the name free, may the old definition be replaced, and does the new one extend it (semantics §2.2, §10.6)? */
#include "analyze/source_parts.h"
#include "types/time/date_pattern.h"

static bool is_valid_name(struct weir_slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';

		if (!ok)
			return false;
	}
	return name.len > 0;
}

static bool name_taken(const struct weir_source_draft *draft, const struct weir_source *old, struct weir_err *err)
{
	const struct weir_sql_place *place = &draft->ast->name_place;

	return weir_err_set_at(err, WEIR_E_DUPLICATE_NAME, place->line, place->column,
		"The %s '%.*s' cannot be created: a %s of that name exists already.", draft->ast->is_table ? "table" : "stream",
		WEIR_SLICE_ARG(old->name), old->is_table ? "table" : "stream");
}

bool weir_draft_name(struct weir_source_draft *draft, bool *ret_exists_already, const struct weir_source **ret_old,
	struct weir_slice *ret_note, struct weir_err *err)
{
	const struct weir_sql_statement *ast = draft->ast;
	const struct weir_source *old = weir_catalog_source(draft->env->catalog, ast->name);

	if (!is_valid_name(ast->name))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->name_place.line, ast->name_place.column,
			"'%.*s' cannot be the name of a stream or table: only letters, digits, '_' and '-' are allowed.",
			WEIR_SLICE_ARG(ast->name));
	*ret_exists_already = false;
	*ret_old = old;
	if (ast->or_replace && (ast->is_source || (old && old->is_read_only)))
		return weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, ast->name_place.line, ast->name_place.column,
			"'%.*s' cannot be replaced: OR REPLACE is not for SOURCE streams and tables.", WEIR_SLICE_ARG(ast->name));
	if (!old)
		return true;
	if (ast->if_not_exists) {
		*ret_exists_already = true;
		*ret_note = weir_arena_printf(draft->arena, "Cannot add %s `%.*s`: A %s with the same name already exists.",
			ast->is_table ? "table" : "stream", WEIR_SLICE_ARG(ast->name), old->is_table ? "table" : "stream");
		return true;
	}
	if (!ast->or_replace || old->is_table != ast->is_table)
		return name_taken(draft, old, err);
	return true;
}

/* ---- OR REPLACE ---- */

static bool not_extending(const struct weir_source_draft *draft, const char *what, struct weir_slice name, struct weir_err *err)
{
	weir_err_set_at(err, WEIR_E_INVALID_STATEMENT, draft->ast->name_place.line, draft->ast->name_place.column,
		"'%.*s' cannot be replaced by this definition: %s %.*s was changed, moved or left out.",
		WEIR_SLICE_ARG(draft->source->name), what, WEIR_SLICE_ARG(name));
	return weir_err_advise(err, "A replacement keeps all columns and may add new value columns at the end.");
}

static bool same_column(const struct weir_column *a, const struct weir_column *b)
{
	return weir_slice_equals(a->name, b->name) && weir_type_equals(a->type, b->type) && a->role == b->role;
}

bool weir_draft_check_replace(const struct weir_source_draft *draft, const struct weir_source *old, struct weir_err *err)
{
	const struct weir_source *new = draft->source;

	if (!weir_slice_equals(old->topic, new->topic))
		return not_extending(draft, "the topic", old->topic, err);
	if (!weir_slice_equals(old->key.name, new->key.name))
		return not_extending(draft, "the key format", old->key.name, err);
	if (!weir_slice_equals(old->value.name, new->value.name))
		return not_extending(draft, "the value format", old->value.name, err);
	if (!weir_slice_equals(old->timestamp_column, new->timestamp_column))
		return not_extending(draft, "the timestamp column", old->timestamp_column, err);
	if (old->schema->key_count != new->schema->key_count)
		return not_extending(draft, "the key", WEIR_SLICE("columns"), err);
	for (size_t i = 0; i < old->schema->count; i++)
		if (i >= new->schema->count || !same_column(&old->schema->columns[i], &new->schema->columns[i]))
			return not_extending(draft, "the column", old->schema->columns[i].name, err);
	return true;
}

/* ---- TIMESTAMP ---- */

static bool check_timestamp_format(const struct weir_source_draft *draft, struct weir_slice format, struct weir_err *err)
{
	const struct weir_date_pattern *pattern;
	struct weir_arena arena;
	struct weir_err why;

	weir_arena_init(&arena, 1024);
	bool ok = weir_date_pattern_compile(&arena, format, WEIR_DATE_ROOT, &pattern, &why);
	weir_arena_fini(&arena);
	return ok || weir_with_error(&draft->with, WEIR_WITH_TIMESTAMP_FORMAT, err, "%s.", why.text);
}

bool weir_draft_timestamp(struct weir_source_draft *draft, struct weir_err *err)
{
	const struct weir_with *with = &draft->with;
	struct weir_source *source = draft->source;
	struct weir_slice name = weir_with_text(with, WEIR_WITH_TIMESTAMP),
			  format = weir_with_text(with, WEIR_WITH_TIMESTAMP_FORMAT);

	source->timestamp.column = -1;
	if (!weir_with_has(with, WEIR_WITH_TIMESTAMP)) {
		if (format.len)
			return weir_with_error(with, WEIR_WITH_TIMESTAMP_FORMAT, err, "TIMESTAMP_FORMAT needs TIMESTAMP.");
		return true;
	}
	for (size_t i = 0; i < source->schema->count && source->timestamp.column < 0; i++)
		if (weir_slice_equals_nocase(source->schema->columns[i].name, name))
			source->timestamp.column = (int)i;
	int exact = weir_schema_find(source->schema, name);
	if (exact >= 0)
		source->timestamp.column = exact;
	if (source->timestamp.column < 0)
		return weir_with_error(
			with, WEIR_WITH_TIMESTAMP, err, "there is no column '%.*s' for the timestamp.", WEIR_SLICE_ARG(name));
	const struct weir_column *column = &source->schema->columns[source->timestamp.column];
	bool is_text = column->type->kind == WEIR_KIND_STRING;
	if (!is_text && column->type->kind != WEIR_KIND_BIGINT && column->type->kind != WEIR_KIND_TIMESTAMP)
		return weir_with_error(with, WEIR_WITH_TIMESTAMP, err,
			"the timestamp column %.*s must be BIGINT, TIMESTAMP, or STRING with a TIMESTAMP_FORMAT.",
			WEIR_SLICE_ARG(column->name));
	if (is_text && !format.len)
		return weir_with_error(with, WEIR_WITH_TIMESTAMP, err, "the STRING column %.*s needs a TIMESTAMP_FORMAT.",
			WEIR_SLICE_ARG(column->name));
	if (!is_text && format.len)
		return weir_with_error(with, WEIR_WITH_TIMESTAMP_FORMAT, err, "TIMESTAMP_FORMAT is only for a STRING column.");
	if (is_text && !check_timestamp_format(draft, format, err))
		return false;
	source->timestamp.format = format;
	source->timestamp_column = column->name;
	return true;
}
