/* Avro schemas in the registry: canonical text, what is refused, and the matrix of compatibility. */
#include "registry/avro_compat.h"
#include "unit/http/cmocka_all.h"

#include <stdio.h>

static struct weir_arena arena;
static struct weir_err err;

static int set_up(void **state)
{
	weir_arena_init(&arena, 65536);
	return 0;
}

static int tear_down(void **state)
{
	weir_arena_fini(&arena);
	return 0;
}

static const struct weir_avro_schema *parse(const char *text)
{
	const struct weir_avro_schema *schema = NULL;
	struct weir_map names;

	weir_map_init(&names);
	weir_avro_parse(&arena, weir_slice_of(text), &names, &schema, &err);
	weir_map_fini(&names);
	return schema;
}

static void canonical_text_is_what_the_java_printer_writes(void **state)
{
	static const struct {
		const char *text, *canonical;
	} cases[] = {
		{ "\"int\"", "\"int\"" },
		{ "int", "\"int\"" },
		{ "{\"type\":\"string\"}", "\"string\"" },
		{ "{ \"type\" : \"long\", \"logicalType\" : \"timestamp-millis\" }",
			"{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}" },
		{ "[ \"null\" , \"int\" ]", "[\"null\",\"int\"]" },
		{ "{\"items\":\"int\",\"type\":\"array\",\"x\":1.50}", "{\"type\":\"array\",\"items\":\"int\",\"x\":1.50}" },
		{ "{\"values\":[\"null\",\"string\"],\"type\":\"map\"}", "{\"type\":\"map\",\"values\":[\"null\",\"string\"]}" },
		{ "{\"name\":\"a.b.R\",\"type\":\"record\",\"fields\":[{\"type\":\"int\",\"default\":1,\"name\":\"f\",\"doc\":"
		  "\"d\"}],\"connect.name\":\"c\",\"doc\":\"rd\"}",
			"{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"a.b\",\"doc\":\"rd\",\"fields\":[{\"name\":\"f\","
			"\"type\":\"int\",\"doc\":\"d\",\"default\":1}],\"connect.name\":\"c\"}" },
		{ "{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"n\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"n."
		  "R\"],\"default\":null},"
		  "{\"name\":\"e\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"],\"default\":\"A\"}},{"
		  "\"name\":\"g\",\"type\":\"E\"}]}",
			"{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"n\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\","
			"\"R\"],\"default\":null},"
			"{\"name\":\"e\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"],\"default\":\"A\"}},{"
			"\"name\":\"g\",\"type\":\"E\"}]}" },
		{ "{\"type\":\"fixed\",\"size\":16,\"name\":\"F\",\"aliases\":[\"G\",\"x.H\"]}",
			"{\"type\":\"fixed\",\"name\":\"F\",\"size\":16,\"aliases\":[\"G\",\"x.H\"]}" },
	};
	struct weir_buf out;

	weir_buf_init(&out, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct weir_avro_schema *schema = parse(cases[i].text);
		if (!schema)
			fail_msg("%s: %s", cases[i].text, err.text);
		weir_buf_reset(&out);
		weir_avro_write_canonical(schema, &out);
		assert_string_equal(weir_buf_cstr(&out), cases[i].canonical);
		schema = parse(weir_buf_cstr(&out)); /* its own fixed point */
		weir_buf_reset(&out);
		weir_avro_write_canonical(schema, &out);
		assert_string_equal(weir_buf_cstr(&out), cases[i].canonical);
	}
	weir_buf_fini(&out);
}

static void schemas_that_are_none_are_refused(void **state)
{
	static const char same_field_twice[] = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},{"
					       "\"name\":\"a\",\"type\":\"int\"}]}";
	static const char *const cases[] = { "", "{", "12", "\"nothing\"", "{\"type\":\"record\",\"name\":\"R\"}",
		"{\"type\":\"record\",\"name\":\"1R\",\"fields\":[]}", "{\"type\":\"record\",\"fields\":[]}", same_field_twice,
		"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a b\",\"type\":\"int\"}]}",
		"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\"}]}",
		"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}]}",
		"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":99999999999}]}",
		"[\"int\",\"int\"]", "[\"int\",[\"null\",\"string\"]]", "{\"type\":\"array\"}", "{\"type\":\"map\"}",
		"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"A\"]}",
		"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A-B\"]}",
		"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"],\"default\":\"B\"}", "{\"type\":\"fixed\",\"name\":\"F\"}",
		"{\"type\":\"fixed\",\"name\":\"F\",\"size\":-1}",
		"[{\"type\":\"fixed\",\"name\":\"F\",\"size\":1},{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}]" };

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (parse(cases[i]))
			fail_msg("accepted: %s", cases[i]);
		assert_int_equal(err.code, WEIR_E_SCHEMA_INVALID);
	}
}

static void deep_nesting_ends_with_an_error(void **state)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	for (int i = 0; i < 100; i++)
		weir_buf_append_text(&text, "{\"type\":\"array\",\"items\":");
	weir_buf_append_text(&text, "\"int\"");
	for (int i = 0; i < 100; i++)
		weir_buf_append_byte(&text, '}');
	assert_null(parse(weir_buf_cstr(&text)));
	weir_buf_fini(&text);
}

#define RECORD(fields)    "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" fields "]}"
#define FIELD(name, rest) "{\"name\":\"" name "\",\"type\":" rest "}"

static void a_reader_reads_a_writer_as_the_matrix_says(void **state)
{
	static const struct {
		const char *reader, *writer, *problem; /* "" compatible */
	} cases[] = {
		{ "\"int\"", "\"int\"", "" },
		{ "\"long\"", "\"int\"", "" },
		{ "\"int\"", "\"long\"", "TYPE_MISMATCH" },
		{ "\"float\"", "\"long\"", "" },
		{ "\"double\"", "\"float\"", "" },
		{ "\"float\"", "\"double\"", "TYPE_MISMATCH" },
		{ "\"string\"", "\"bytes\"", "" },
		{ "\"bytes\"", "\"string\"", "" },
		{ "\"boolean\"", "\"int\"", "TYPE_MISMATCH" },
		{ "{\"type\":\"int\",\"logicalType\":\"date\"}", "\"int\"", "" },
		{ "{\"type\":\"array\",\"items\":\"long\"}", "{\"type\":\"array\",\"items\":\"int\"}", "" },
		{ "{\"type\":\"array\",\"items\":\"int\"}", "{\"type\":\"array\",\"items\":\"string\"}", "TYPE_MISMATCH" },
		{ "{\"type\":\"map\",\"values\":\"int\"}", "{\"type\":\"array\",\"items\":\"int\"}", "TYPE_MISMATCH" },
		{ "[\"null\",\"int\"]", "\"int\"", "" },
		{ "[\"null\",\"int\"]", "\"string\"", "MISSING_UNION_BRANCH" },
		{ "[\"null\",\"long\"]", "[\"null\",\"int\"]", "" },
		{ "[\"null\",\"int\"]", "[\"null\",\"long\"]", "MISSING_UNION_BRANCH" },
		{ "\"int\"", "[\"null\",\"int\"]", "TYPE_MISMATCH" },
		{ "\"long\"", "[\"int\",\"long\"]", "" },
		{ RECORD(FIELD("a", "\"int\"")), RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"int\"")), "" },
		{ RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"int\"")), RECORD(FIELD("a", "\"int\"")),
			"READER_FIELD_MISSING_DEFAULT_VALUE" },
		{ RECORD(FIELD("a", "\"int\"") "," FIELD("b", "\"int\",\"default\":0")), RECORD(FIELD("a", "\"int\"")), "" },
		{ RECORD(FIELD("b", "\"int\",\"aliases\":[\"a\"]")), RECORD(FIELD("a", "\"int\"")), "" },
		{ RECORD(FIELD("a", "\"int\"")), "{\"type\":\"record\",\"name\":\"x.R\",\"fields\":[" FIELD("a", "\"int\"") "]}",
			"" },
		{ RECORD(FIELD("a", "\"int\"")), "{\"type\":\"record\",\"name\":\"S\",\"fields\":[" FIELD("a", "\"int\"") "]}",
			"NAME_MISMATCH" },
		{ "{\"type\":\"record\",\"name\":\"R\",\"aliases\":[\"S\"],\"fields\":[]}",
			"{\"type\":\"record\",\"name\":\"S\",\"fields\":[]}", "" },
		{ "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}",
			"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}", "" },
		{ "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}",
			"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}", "MISSING_ENUM_SYMBOLS" },
		{ "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"],\"default\":\"A\"}",
			"{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}", "" },
		{ "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}", "{\"type\":\"fixed\",\"name\":\"F\",\"size\":3}",
			"FIXED_SIZE_MISMATCH" },
		{ RECORD(FIELD("n", "[\"null\",\"R\"]")), RECORD(FIELD("n", "[\"null\",\"R\"]")), "" },
		{ RECORD(FIELD("n", "[\"null\",\"R\"]") "," FIELD("v", "\"int\"")),
			RECORD(FIELD("n", "[\"null\",\"R\"]") "," FIELD("v", "\"string\"")), "TYPE_MISMATCH" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct weir_avro_schema *reader = parse(cases[i].reader), *writer = parse(cases[i].writer);
		struct weir_avro_problems problems = { 0 };
		if (!reader || !writer)
			fail_msg("case %zu: %s", i, err.text);
		weir_avro_find_problems(&arena, reader, writer, "new", "old", &problems);
		const char *found = problems.count ? problems.items[0].type : "";
		if (strcmp(found, cases[i].problem) != 0)
			fail_msg("case %zu (%s <- %s): expected \"%s\", got \"%s\"", i, cases[i].reader, cases[i].writer,
				cases[i].problem, found);
	}
}

static void a_problem_says_where_it_is(void **state)
{
	struct weir_avro_problems problems = { 0 };

	weir_avro_find_problems(&arena, parse(RECORD(FIELD("a", "\"int\"") "," FIELD("X", "\"int\""))),
		parse(RECORD(FIELD("a", "\"int\""))), "new", "old", &problems);
	assert_int_equal(problems.count, 1);
	assert_true(weir_slice_is(problems.items[0].path, "/fields/1"));
	assert_true(weir_slice_is(problems.items[0].text,
		"The field 'X' at path '/fields/1' in the new schema has no default value and is missing in the old schema"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_text_is_what_the_java_printer_writes),
		cmocka_unit_test(schemas_that_are_none_are_refused),
		cmocka_unit_test(deep_nesting_ends_with_an_error),
		cmocka_unit_test(a_reader_reads_a_writer_as_the_matrix_says),
		cmocka_unit_test(a_problem_says_where_it_is),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
