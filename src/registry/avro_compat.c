/* Avro schema resolution: reader against writer, pair by pair.
 *
 * Holds: a pair that is being compared counts as compatible, so that recursive types end; a pair is looked at once.
 */
#include "registry/avro_compat.h"

#include <string.h>

struct pair {
	const struct weir_avro_schema *reader, *writer;
};

struct check {
	struct weir_arena *arena;
	const char *reader_word, *writer_word;
	struct weir_avro_problems *problems;
	WEIR_VEC(struct pair) seen;
};

static void compare(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path);

static void report(struct check *check, const char *type, struct weir_slice path, struct weir_slice text, struct weir_slice detail)
{
	struct weir_avro_problem problem = { .type = type, .path = path, .text = text, .detail = detail };

	WEIR_VEC_PUSH_IN(check->arena, check->problems, problem);
}

static void report_type(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	report(check, "TYPE_MISMATCH", path,
		weir_arena_printf(check->arena,
			"The type (path '%.*s') of a field in the %s schema does not match with the %s schema",
			WEIR_SLICE_ARG(path), check->reader_word, check->writer_word),
		weir_arena_printf(check->arena, "reader type: %s not compatible with writer type: %s",
			weir_avro_kind_name(reader->kind), weir_avro_kind_name(writer->kind)));
}

static struct weir_slice below(struct check *check, struct weir_slice path, const char *step)
{
	return weir_arena_printf(check->arena, "%.*s/%s", WEIR_SLICE_ARG(path), step);
}

static struct weir_slice below_at(struct check *check, struct weir_slice path, const char *step, size_t index)
{
	return weir_arena_printf(check->arena, "%.*s/%s%s%zu", WEIR_SLICE_ARG(path), step, *step ? "/" : "", index);
}

static bool is_readable(struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer)
{
	struct weir_avro_problems problems = { 0 };
	struct check inner = *check;

	inner.problems = &problems;
	inner.seen.items = NULL;
	inner.seen.count = inner.seen.capacity = 0;
	for (size_t i = 0; i < check->seen.count; i++)
		WEIR_VEC_PUSH_IN(check->arena, &inner.seen, check->seen.items[i]);
	compare(&inner, reader, writer, (struct weir_slice){ 0 });
	return problems.count == 0;
}

/* Namespaces do not count. */
static bool has_name(const struct weir_avro_schema *reader, const struct weir_avro_schema *writer)
{
	if (weir_slice_equals(reader->name, writer->name))
		return true;
	for (size_t i = 0; i < reader->alias_count; i++)
		if (weir_slice_equals(reader->aliases[i], writer->full_name))
			return true;
	return false;
}

static void check_name(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	if (has_name(reader, writer))
		return;
	report(check, "NAME_MISMATCH", below(check, path, "name"),
		weir_arena_printf(check->arena, "The name of the schema has changed (path '%.*s/name')", WEIR_SLICE_ARG(path)),
		weir_arena_printf(check->arena, "expected: %.*s", WEIR_SLICE_ARG(writer->full_name)));
}

static const struct weir_avro_field *find_field(const struct weir_avro_schema *record, struct weir_slice name)
{
	for (size_t i = 0; i < record->count; i++)
		if (weir_slice_equals(record->fields[i].name, name))
			return &record->fields[i];
	return NULL;
}

static const struct weir_avro_field *find_writer_field(const struct weir_avro_schema *writer, const struct weir_avro_field *field)
{
	const struct weir_avro_field *found = find_field(writer, field->name);

	for (size_t i = 0; i < field->alias_count && !found; i++)
		found = find_field(writer, field->aliases[i]);
	return found;
}

static bool fills_itself(const struct weir_avro_field *field)
{
	return field->default_value || (field->type->kind == AVRO_ENUM && field->type->enum_default);
}

static void compare_records(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	check_name(check, reader, writer, path);
	for (size_t i = 0; i < reader->count; i++) {
		const struct weir_avro_field *field = &reader->fields[i], *written = find_writer_field(writer, field);
		struct weir_slice place = below_at(check, path, "fields", i);
		if (written)
			compare(check, field->type, written->type, below(check, place, "type"));
		else if (!fills_itself(field))
			report(check, "READER_FIELD_MISSING_DEFAULT_VALUE", place,
				weir_arena_printf(check->arena,
					"The field '%.*s' at path '%.*s' in the %s schema has no default value and is missing in "
					"the %s schema",
					WEIR_SLICE_ARG(field->name), WEIR_SLICE_ARG(place), check->reader_word, check->writer_word),
				field->name);
	}
}

static bool has_symbol(const struct weir_avro_schema *schema, struct weir_slice symbol)
{
	for (size_t i = 0; i < schema->count; i++)
		if (weir_slice_equals(schema->symbols[i], symbol))
			return true;
	return false;
}

static void compare_enums(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	struct weir_buf missing;

	check_name(check, reader, writer, path);
	if (reader->enum_default)
		return;
	weir_buf_init(&missing, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < writer->count; i++) {
		if (has_symbol(reader, writer->symbols[i]))
			continue;
		weir_buf_append_text(&missing, missing.len ? ", " : "[");
		weir_buf_append_slice(&missing, writer->symbols[i]);
	}
	if (missing.len) {
		weir_buf_append_byte(&missing, ']');
		report(check, "MISSING_ENUM_SYMBOLS", below(check, path, "symbols"),
			weir_arena_printf(check->arena,
				"The %s schema is missing enum symbols '%.*s' at path '%.*s/symbols' of the %s schema",
				check->reader_word, WEIR_SLICE_ARG(weir_buf_slice(&missing)), WEIR_SLICE_ARG(path),
				check->writer_word),
			weir_arena_copy(check->arena, weir_buf_slice(&missing)));
	}
	weir_buf_fini(&missing);
}

static void compare_fixed(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	check_name(check, reader, writer, path);
	if (reader->size == writer->size)
		return;
	report(check, "FIXED_SIZE_MISMATCH", below(check, path, "size"),
		weir_arena_printf(check->arena,
			"The size of FIXED type field at path '%.*s/size' in the %s schema does not match with the %s schema",
			WEIR_SLICE_ARG(path), check->reader_word, check->writer_word),
		weir_arena_printf(check->arena, "expected: %lld, found: %lld", (long long)writer->size, (long long)reader->size));
}

static bool some_branch_reads(struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer)
{
	for (size_t i = 0; i < reader->count; i++)
		if (is_readable(check, reader->branches[i], writer))
			return true;
	return false;
}

static void report_branch(struct check *check, const struct weir_avro_schema *writer, struct weir_slice path)
{
	report(check, "MISSING_UNION_BRANCH", path,
		weir_arena_printf(check->arena,
			"The %s schema is missing a type inside a union field at path '%.*s' in the %s schema", check->reader_word,
			WEIR_SLICE_ARG(path), check->writer_word),
		weir_arena_printf(check->arena, "reader union lacking writer type: %s", weir_avro_kind_name(writer->kind)));
}

static void compare_unions(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	if (writer->kind != AVRO_UNION) {
		if (!some_branch_reads(check, reader, writer))
			report_branch(check, writer, path);
		return;
	}
	for (size_t i = 0; i < writer->count; i++) {
		const struct weir_avro_schema *branch = writer->branches[i];
		if (reader->kind != AVRO_UNION)
			compare(check, reader, branch, path);
		else if (!some_branch_reads(check, reader, branch))
			report_branch(check, branch, below_at(check, path, "", i));
	}
}

static bool is_promotion(enum weir_avro_kind reader, enum weir_avro_kind writer)
{
	switch (reader) {
	case AVRO_LONG:
		return writer == AVRO_INT;
	case AVRO_FLOAT:
		return writer == AVRO_INT || writer == AVRO_LONG;
	case AVRO_DOUBLE:
		return writer == AVRO_INT || writer == AVRO_LONG || writer == AVRO_FLOAT;
	case AVRO_STRING:
		return writer == AVRO_BYTES;
	case AVRO_BYTES:
		return writer == AVRO_STRING;
	default:
		return false;
	}
}

static bool was_seen(struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer)
{
	for (size_t i = 0; i < check->seen.count; i++)
		if (check->seen.items[i].reader == reader && check->seen.items[i].writer == writer)
			return true;
	struct pair pair = { reader, writer };
	WEIR_VEC_PUSH_IN(check->arena, &check->seen, pair);
	return false;
}

static void compare_same_kind(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	switch (reader->kind) {
	case AVRO_RECORD:
		if (!was_seen(check, reader, writer))
			compare_records(check, reader, writer, path);
		break;
	case AVRO_ENUM:
		compare_enums(check, reader, writer, path);
		break;
	case AVRO_FIXED:
		compare_fixed(check, reader, writer, path);
		break;
	case AVRO_ARRAY:
		compare(check, reader->branches[0], writer->branches[0], below(check, path, "items"));
		break;
	case AVRO_MAP:
		compare(check, reader->branches[0], writer->branches[0], below(check, path, "values"));
		break;
	default:
		break;
	}
}

static void compare(
	struct check *check, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer, struct weir_slice path)
{
	if (reader->kind == AVRO_UNION || writer->kind == AVRO_UNION)
		compare_unions(check, reader, writer, path);
	else if (reader->kind == writer->kind)
		compare_same_kind(check, reader, writer, path);
	else if (!is_promotion(reader->kind, writer->kind))
		report_type(check, reader, writer, path);
}

void weir_avro_find_problems(struct weir_arena *arena, const struct weir_avro_schema *reader, const struct weir_avro_schema *writer,
	const char *reader_word, const char *writer_word, struct weir_avro_problems *problems)
{
	struct check check = { .arena = arena, .reader_word = reader_word, .writer_word = writer_word, .problems = problems };

	compare(&check, reader, writer, (struct weir_slice){ 0 });
}
