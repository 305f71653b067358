/* Statements against a small catalog: the schemas that come out, the defaults that are applied, and what is refused and where. */
#include "unit/analyze/fixture.h"

static const char definitions[] =
	"CREATE STREAM S (ID INT KEY, V INT, W STRING, R STRUCT<A INT, B_3 STRING>) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');"
	"CREATE STREAM S2 (K1 INT KEY, K2 STRING KEY, V INT) WITH (KAFKA_TOPIC='s2', FORMAT='JSON');"
	"CREATE STREAM KEYLESS (V INT, `kSQL` STRING) WITH (KAFKA_TOPIC='k', VALUE_FORMAT='JSON');"
	"CREATE TABLE T (ID INT PRIMARY KEY, V INT, NAME STRING) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');"
	"CREATE TABLE Q AS SELECT * FROM T;";

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture_init(&fixture);
	fixture_run(&fixture, definitions);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	fixture_fini(*state);
	return 0;
}

struct pair {
	const char *sql, *expected;
};

static void check_results(struct fixture *fixture, const struct pair *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *schema = fixture_result(fixture, cases[i].sql);

		if (strcmp(schema, cases[i].expected) != 0)
			fail_msg("%s\n  gives    %s\n  expected %s", cases[i].sql, schema, cases[i].expected);
	}
}

/* The message must begin with the text. */
static void check_errors(struct fixture *fixture, const struct pair *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *message = fixture_error(fixture, cases[i].sql);

		if (strncmp(message, cases[i].expected, strlen(cases[i].expected)) != 0)
			fail_msg("%s\n  says     %s\n  expected %s", cases[i].sql, message, cases[i].expected);
	}
}

#define RESULTS(...)                                                                                                               \
	do {                                                                                                                       \
		static const struct pair cases[] = { __VA_ARGS__ };                                                                \
		check_results(*state, cases, sizeof cases / sizeof cases[0]);                                                      \
	} while (0)
#define ERRORS(...)                                                                                                                \
	do {                                                                                                                       \
		static const struct pair cases[] = { __VA_ARGS__ };                                                                \
		check_errors(*state, cases, sizeof cases / sizeof cases[0]);                                                       \
	} while (0)

static void test_names_of_columns(void **state)
{
	RESULTS({ "CREATE STREAM O AS SELECT ID, V + 1, W, V + 2 FROM S;",
			"`ID` INTEGER KEY, `KSQL_COL_0` INTEGER, `W` STRING, `KSQL_COL_1` INTEGER" },
		{ "CREATE STREAM O AS SELECT ID, R->A, R->B_3, R->A FROM S;",
			"`ID` INTEGER KEY, `A` INTEGER, `B` STRING, `A_1` INTEGER" },
		{ "CREATE STREAM O AS SELECT ID AS `x`, R->* FROM S;", "`x` INTEGER KEY, `A` INTEGER, `B_3` STRING" },
		{ "CREATE STREAM O AS SELECT V, ID FROM S;", "`ID` INTEGER KEY, `V` INTEGER" },
		{ "CREATE STREAM O AS SELECT V, K2, K1 FROM S2;", "`K1` INTEGER KEY, `K2` STRING KEY, `V` INTEGER" },
		{ "CREATE STREAM O AS SELECT * FROM KEYLESS;", "`V` INTEGER, `kSQL` STRING" });
}

static void test_keys_of_results(void **state)
{
	RESULTS({ "CREATE STREAM O AS SELECT * FROM S WHERE TRUE PARTITION BY V;",
			"`V` INTEGER KEY, `W` STRING, `R` STRUCT<`A` INTEGER, `B_3` STRING>, `ID` INTEGER" },
		{ "CREATE STREAM O AS SELECT V + 1 AS K, ID, W FROM S WHERE TRUE PARTITION BY V + 1;",
			"`K` INTEGER KEY, `ID` INTEGER, `W` STRING" },
		{ "CREATE STREAM O AS SELECT * FROM S WHERE TRUE PARTITION BY NULL;",
			"`V` INTEGER, `W` STRING, `R` STRUCT<`A` INTEGER, `B_3` STRING>, `ID` INTEGER" },
		{ "CREATE STREAM O AS SELECT * FROM S WHERE TRUE PARTITION BY ID;",
			"`ID` INTEGER KEY, `V` INTEGER, `W` STRING, `R` STRUCT<`A` INTEGER, `B_3` STRING>" },
		{ "CREATE TABLE O WITH (KEY_FORMAT='JSON') AS SELECT COUNT(*) AS N, W, V % 2 AS M FROM S GROUP BY V % 2, W;",
			"`M` INTEGER KEY, `W` STRING KEY, `N` BIGINT" });
}

static void test_join_results(void **state)
{
	RESULTS({ "CREATE STREAM O AS SELECT * FROM S JOIN T ON S.ID = T.ID;",
			"`S_ID` INTEGER KEY, `S_V` INTEGER, `S_W` STRING, `S_R` STRUCT<`A` INTEGER, `B_3` STRING>, `T_ID` INTEGER, "
			"`T_V` INTEGER, `T_NAME` STRING" },
		{ "CREATE STREAM O AS SELECT X.ID, NAME FROM S LEFT JOIN T X ON S.V = X.ID;", "`X_ID` INTEGER KEY, `NAME` STRING" },
		{ "CREATE STREAM O AS SELECT T.ID AS I, S.V AS J, T.ROWTIME AS TIME FROM S JOIN T ON S.V = T.ID;",
			"`J` INTEGER KEY, `I` INTEGER, `TIME` BIGINT" },
		{ "CREATE STREAM O AS SELECT T.ID AS I, S.V AS J FROM S JOIN T ON S.V + 1 = T.ID;",
			"`I` INTEGER KEY, `J` INTEGER" });
}

static void test_push_queries_keep_the_order(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "SELECT V, ROWTIME, ID FROM S EMIT CHANGES;");

	assert_int_equal(bound.kind, WEIR_BOUND_PUSH_QUERY);
	assert_int_equal(bound.push->key_count, 1);
	assert_int_equal(bound.push->result_order[0], 1);
	assert_int_equal(bound.push->result_order[1], 2);
	assert_int_equal(bound.push->result_order[2], 0);
}

static void test_refused_queries(void **state)
{
	ERRORS({ "CREATE STREAM O AS SELECT V FROM S;",
		       "1:20 SELECT lacks the key column ID, which must be the key of O. Add ID to" },
		{ "CREATE STREAM O AS SELECT ID, ID AS B, V FROM S;",
			"1:31 SELECT contains the key column ID more than once, as ID and B." },
		{ "CREATE STREAM O AS SELECT ID FROM S;", "1:20 SELECT contains nothing but the key" },
		{ "CREATE STREAM O AS SELECT ID, V, W AS V FROM S;", "1:34 SELECT: two columns are called 'V'." },
		{ "CREATE STREAM O AS SELECT ID, ROWTIME FROM S;", "1:31 SELECT: ROWTIME is a reserved column name." },
		{ "CREATE TABLE O AS SELECT * FROM S;", "1:1 The query produces a stream, not a table. Use CREATE STREAM" },
		{ "CREATE STREAM O AS SELECT * FROM NOPE;", "1:34 There is no stream or table 'NOPE'." },
		{ "CREATE STREAM O AS SELECT * FROM S WHERE V;", "1:42 WHERE needs a BOOLEAN, but V is INTEGER." },
		{ "CREATE STREAM O AS SELECT * FROM S WHERE X = 1;", "1:42 WHERE: there is no column 'X'." },
		{ "CREATE TABLE O AS SELECT W, V, COUNT(*) AS N FROM S GROUP BY W;",
			"1:29 SELECT reads V, which is neither grouped" },
		{ "CREATE TABLE O AS SELECT W FROM S GROUP BY W;", "1:35 GROUP BY needs an aggregate function" },
		{ "CREATE TABLE O AS SELECT COUNT(*) AS N FROM S;", "1:19 The aggregate function COUNT needs a GROUP BY." },
		{ "CREATE TABLE O AS SELECT W, SUM(COUNT(*)) AS N FROM S GROUP BY W;",
			"1:33 Aggregate functions cannot be nested" },
		{ "CREATE TABLE O AS SELECT W, COUNT(*) AS N FROM S WHERE COUNT(*) > 1 GROUP BY W;",
			"1:56 WHERE cannot contain an aggregate" },
		{ "CREATE TABLE O AS SELECT NAME, MAX(V) AS N FROM T GROUP BY NAME;", "1:19 MAX cannot aggregate a table" },
		{ "CREATE TABLE O AS SELECT W, COUNT(*) AS N FROM S GROUP BY W, W;", "1:62 GROUP BY names W twice." },
		{ "CREATE TABLE O AS SELECT ID, COUNT(*) AS N FROM S WINDOW TUMBLING (SIZE 5 SECONDS, RETENTION 1 SECOND) GROUP BY "
		  "ID;",
			"1:51 RETENTION must be at least the window's size and its GRACE PERIOD together." },
		{ "CREATE TABLE O AS SELECT ID, COUNT(*) AS N FROM S WINDOW HOPPING (SIZE 5 SECONDS, ADVANCE BY 6 SECONDS) GROUP "
		  "BY ID;",
			"1:51 A hopping window advances by more than 0 and at most by its SIZE." },
		{ "CREATE STREAM O AS SELECT * FROM S LIMIT 3;",
			"1:20 A query that writes a stream or table cannot have a LIMIT." },
		{ "CREATE TABLE O AS SELECT * FROM T WHERE TRUE PARTITION BY V;", "1:46 PARTITION BY needs a stream" },
		{ "CREATE STREAM O WITH (KEY_FORMAT='JSON') AS SELECT * FROM S WHERE TRUE PARTITION BY NULL;",
			"1:34 WITH: the result has no key columns" });
}

static void test_refused_joins(void **state)
{
	ERRORS({ "CREATE STREAM O AS SELECT * FROM S JOIN S2 ON S.ID = S2.K1;",
		       "1:36 A join of two streams needs a WITHIN clause." },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN S2 WITHIN 5 SECONDS ON S.ID = S2.K1;",
			"1:36 A join of two streams is not supported yet." },
		{ "CREATE TABLE O AS SELECT * FROM T JOIN Q ON T.ID = Q.ID;", "1:35 A join of two tables is not supported yet." },
		{ "CREATE STREAM O AS SELECT * FROM T JOIN S ON S.ID = T.ID;", "1:36 A table cannot be joined with a stream" },
		{ "CREATE STREAM O AS SELECT * FROM S RIGHT JOIN T ON S.ID = T.ID;",
			"1:36 A stream can be joined with a table only by INNER and LEFT" },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN T WITHIN 1 DAY ON S.ID = T.ID;",
			"1:36 A join of a stream with a table takes no WITHIN" },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN T ON S.ID = T.V;",
			"1:46 A stream can be joined with a table only on the table's primary key, not on T.V." },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN T ON S.W = T.ID;",
			"1:46 The sides of the join have different types: S.W is STRING, T.ID is INTEGER." },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN T ON S.ID > T.ID;", "1:46 A join condition must be an equality." },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN T ON S.ID = T.ID AND S.V = T.V;", "1:46 A join on several conditions" },
		{ "CREATE STREAM O AS SELECT * FROM S JOIN S ON S.ID = S.ID;", "1:41 'S' is joined to itself" },
		{ "CREATE STREAM O AS SELECT V FROM S JOIN T ON S.ID = T.ID;",
			"1:27 SELECT: the column 'V' is ambiguous. It could be S.V or T.V." },
		{ "CREATE STREAM O AS SELECT S.V AS A FROM S JOIN T ON S.ID = T.ID;",
			"1:20 SELECT lacks the key column S.ID or T.ID" });
}

static void test_partition_counts_must_match(void **state)
{
	struct fixture *fixture = *state;

	fixture->narrow_topic = "n";
	fixture_run(fixture, "CREATE TABLE N (ID INT PRIMARY KEY, V INT) WITH (KAFKA_TOPIC='n', VALUE_FORMAT='JSON');");
	ERRORS({ "CREATE STREAM O AS SELECT * FROM S JOIN N ON S.ID = N.ID;",
		"1:41 S and N cannot be joined because their topics have different numbers of partitions: 4 and 2." });
}

static void test_declared_sources(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state,
		"CREATE STREAM D (V BIGINT, K STRING KEY, H BYTES HEADER('a')) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='DELIMITED', "
		"VALUE_DELIMITER='TAB', TIMESTAMP='v');");
	const struct weir_source *source = bound.create_source.source;

	assert_string_equal(fixture_schema_text(*state, source->schema), "`K` STRING KEY, `H` BYTES HEADER('a'), `V` BIGINT");
	assert_int_equal(source->value.delimiter, '\t');
	assert_true(weir_slice_is(source->key.name, "KAFKA"));
	assert_int_equal(source->timestamp.column, 2);
	assert_int_equal(source->partitions, 4);
	assert_false(bound.create_source.topic.is_missing);
}

static void test_topics_are_created_when_told_how(void **state)
{
	struct fixture *fixture = *state;
	fixture->missing_topic = "new";
	struct weir_bound_statement bound = fixture_ok(*state,
		"CREATE TABLE D (K STRING PRIMARY KEY, V INT) WITH (KAFKA_TOPIC='new', VALUE_FORMAT='JSON', PARTITIONS=3);");

	assert_true(bound.create_source.topic.is_missing);
	assert_true(bound.create_source.topic.is_compacted);
	assert_int_equal(bound.create_source.topic.partitions, 3);
	ERRORS({ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='new', VALUE_FORMAT='JSON');",
		"1:15 The topic new does not exist. To create it, add PARTITIONS" });
}

static void test_refused_declarations(void **state)
{
	ERRORS({ "CREATE STREAM D (V INT) WITH (VALUE_FORMAT='JSON');", "1:1 WITH: the property KAFKA_TOPIC is missing" },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d');", "1:1 WITH: the property VALUE_FORMAT is missing" },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='XML');", "1:61 WITH: there is no format 'XML'." },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='PROTOBUF');",
			"1:61 WITH: the format PROTOBUF is not supported yet." },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d', FORMAT='JSON', KEY_FORMAT='JSON');",
			"1:74 WITH: FORMAT sets both formats" },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPC='d', VALUE_FORMAT='JSON');",
			"1:31 WITH: this statement has no property 'KAFKA_TOPC'. Did you mean KAFKA_TOPIC?" },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON', PARTITIONS='x');",
			"1:80 WITH: PARTITIONS needs an integer." },
		{ "CREATE STREAM D (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON', PARTITIONS=9);",
			"1:15 The topic d exists with other settings" },
		{ "CREATE STREAM D (V INTT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:20 There is no type 'INTT'. Did you mean INT?" },
		{ "CREATE STREAM D (V INT, V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:25 The column V is declared twice." },
		{ "CREATE STREAM D (ROWTIME INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:18 The column ROWTIME: the name is reserved." },
		{ "CREATE TABLE D (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:14 A table needs a PRIMARY KEY column." },
		{ "CREATE TABLE D (V INT KEY) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:17 The column V: a table's key is declared with PRIMARY KEY" },
		{ "CREATE STREAM D (V MAP<STRING, INT> KEY) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:18 The column V: a key cannot be or contain a MAP." },
		{ "CREATE STREAM D WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');", "1:15 No columns are declared" },
		{ "CREATE STREAM S (V INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON');",
			"1:15 The stream 'S' cannot be created: a stream of that name exists already." },
		{ "CREATE STREAM D (V INT, W INT) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON', WRAP_SINGLE_VALUE=TRUE);",
			"1:94 WITH: it is only for exactly one value column" },
		{ "CREATE STREAM D (V DOUBLE) WITH (KAFKA_TOPIC='d', VALUE_FORMAT='JSON', TIMESTAMP='V');",
			"1:82 WITH: the timestamp column V must be BIGINT" });
}

static void test_if_not_exists_does_nothing(void **state)
{
	struct weir_bound_statement bound =
		fixture_ok(*state, "CREATE STREAM IF NOT EXISTS S (X INT) WITH (KAFKA_TOPIC='x', VALUE_FORMAT='JSON');");

	assert_true(bound.create_source.already_exists);
	assert_true(bound.note.len > 0);
}

static void test_replacing_may_only_extend(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "CREATE OR REPLACE TABLE T (ID INT PRIMARY KEY, V INT, NAME STRING, "
							       "X INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');");

	assert_non_null(bound.create_source.replaces);
	ERRORS({ "CREATE OR REPLACE TABLE T (ID INT PRIMARY KEY, NAME STRING) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');",
		"1:25 'T' cannot be replaced by this definition: the column V was changed, moved or left out." });
}

static void test_sinks_inherit_formats(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "CREATE STREAM O AS SELECT * FROM S2;");

	assert_true(weir_slice_is(bound.create_as.sink->key.name, "JSON"));
	assert_true(weir_slice_is(bound.create_as.sink->topic, "O"));
	bound = fixture_ok(*state,
		"CREATE TABLE `o` WITH (KAFKA_TOPIC='x', VALUE_FORMAT='DELIMITED') AS SELECT W, COUNT(*) AS N FROM S GROUP BY W;");
	assert_true(weir_slice_is(bound.create_as.sink->key.name, "KAFKA"));
	assert_true(weir_slice_is(bound.create_as.sink->value.name, "DELIMITED"));
	assert_true(weir_slice_is(bound.create_as.sink->topic, "x"));
}

static void test_insert_select(void **state)
{
	fixture_run(*state, "CREATE STREAM O (ID INT KEY, A DECIMAL(10, 2)) WITH (KAFKA_TOPIC='o', VALUE_FORMAT='JSON');");
	struct weir_bound_statement bound = fixture_ok(*state, "INSERT INTO O WITH (QUERY_ID='abc') SELECT ID, 1.5 AS A FROM S;");

	assert_true(weir_slice_is(bound.insert_select.query_id, "ABC"));
	assert_int_equal(bound.insert_select.query->columns[1].type->scale, 2);
	ERRORS({ "INSERT INTO O SELECT ID, V AS A FROM S;",
		       "1:1 The columns do not match those of O: the query gives `ID` INTEGER KEY, `A` INTEGER, the stream has" },
		{ "INSERT INTO T SELECT * FROM S;", "1:13 'T' is a table" },
		{ "INSERT INTO NOPE SELECT * FROM S;", "1:13 There is no stream or table 'NOPE'." },
		{ "INSERT INTO O WITH (QUERY_ID='CSAS_1') SELECT ID, 1.5 AS A FROM S;",
			"1:30 WITH: a query id cannot start with CSAS_." });
}

static void test_insert_values(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "INSERT INTO T (NAME, ID, ROWTIME) VALUES ('a' + 'b', 3, 77);");

	assert_int_equal(bound.insert_values.timestamp_ms, 77);
	assert_int_equal(bound.insert_values.values[0].cell.i32, 3);
	assert_true(bound.insert_values.values[1].is_null);
	assert_true(weir_slice_is(bound.insert_values.values[2].cell.str, "ab"));
	bound = fixture_ok(*state, "INSERT INTO T VALUES (1, 2, 'x');");
	assert_int_equal(bound.insert_values.timestamp_ms, 1000);
	ERRORS({ "INSERT INTO T (NAME) VALUES ('x');", "1:1 A row of the table T needs its primary key ID." },
		{ "INSERT INTO T VALUES (1, 2);", "1:1 There are 3 columns but 2 values." },
		{ "INSERT INTO T VALUES (1, 5000000000, 'x');", "1:26 V needs INTEGER, but 5000000000 is BIGINT" },
		{ "INSERT INTO T VALUES (1, '2', 'x');", "1:26 V needs INTEGER, but '2' is STRING" },
		{ "INSERT INTO T VALUES (1, 1 / 0, 'x');", "1:26 The value (1 / 0) for V cannot be evaluated: Division by zero." },
		{ "INSERT INTO T VALUES (1, V, 'x');", "1:26 VALUES: a value cannot refer to a column: V." },
		{ "INSERT INTO T (ID, NAM) VALUES (1, 'x');", "1:1 T has no column 'NAM'. Did you mean NAME?" });
}

/* ---- Pull queries ---- */

static void test_pull_by_key(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "SELECT * FROM Q WHERE ID = 3;");

	assert_int_equal(bound.kind, WEIR_BOUND_PULL_QUERY);
	assert_int_equal(bound.pull.kind, WEIR_PULL_KEYS);
	assert_int_equal(bound.pull.key_count, 1);
	assert_int_equal(bound.pull.keys[0].values[0].cell.i32, 3);
	assert_true(bound.pull.is_key[0]);
	assert_false(bound.pull.is_key[1]);
	bound = fixture_ok(*state, "SELECT NAME FROM Q WHERE (ID IN (1, 2, 1) OR 5 - 1 = ID) AND NAME LIKE 'a%';");
	assert_int_equal(bound.pull.kind, WEIR_PULL_KEYS);
	assert_int_equal(bound.pull.key_count, 3);
}

static void test_pull_scans_and_ranges(void **state)
{
	fixture_run(*state, "CREATE TABLE B (K STRING PRIMARY KEY, V INT) WITH (KAFKA_TOPIC='b', VALUE_FORMAT='JSON');"
			    "CREATE TABLE QB AS SELECT * FROM B;");
	struct weir_bound_statement bound = fixture_ok(*state, "SELECT * FROM QB WHERE K >= 'a' AND K < 'c' LIMIT 2;");

	assert_int_equal(bound.pull.kind, WEIR_PULL_RANGE);
	assert_true(bound.pull.lower_inclusive);
	assert_false(bound.pull.upper_inclusive);
	assert_int_equal(bound.pull.limit, 2);
	assert_int_equal(fixture_ok(*state, "SELECT * FROM QB;").pull.kind, WEIR_PULL_SCAN);
	assert_int_equal(fixture_ok(*state, "SELECT * FROM QB WHERE K = 'a' OR V = 3;").pull.kind, WEIR_PULL_SCAN);
	assert_int_equal(fixture_ok(*state, "SELECT * FROM QB WHERE NOT (K = 'a');").pull.kind, WEIR_PULL_SCAN);
}

static void test_refused_pulls(void **state)
{
	ERRORS({ "SELECT * FROM T;", "1:15 The table 'T' keeps no rows that a pull query could read. Derive a table that does" },
		{ "SELECT COUNT(*) FROM Q;", "1:1 A pull query cannot have aggregate functions." },
		{ "SELECT V, COUNT(*) FROM Q GROUP BY V;", "1:27 A pull query cannot have GROUP BY. Add EMIT CHANGES" },
		{ "SELECT * FROM Q WHERE V IS NULL;", "1:23 WHERE of a pull query takes comparisons" },
		{ "SELECT *, V FROM Q;", "1:1 In a pull query '*' must be the only item" },
		{ "SELECT ROWOFFSET FROM Q;", "1:8 SELECT: ROWOFFSET is not available in a pull query." },
		{ "SELECT * FROM Q WHERE WINDOWSTART = 1;", "1:23 WHERE: WINDOWSTART can only be used" });
}

static void test_pull_on_a_stream_reads_it_through(void **state)
{
	struct weir_bound_statement bound = fixture_ok(*state, "SELECT * FROM S WHERE V > 1;");

	assert_int_equal(bound.kind, WEIR_BOUND_PUSH_QUERY);
	assert_true(bound.push->is_stream_pull);
}

/* ---- Schemas of the registry, and administration ---- */

static void test_missing_schemas(void **state)
{
	ERRORS({ "CREATE STREAM D WITH (KAFKA_TOPIC='d', VALUE_FORMAT='AVRO');",
		"1:15 There is no subject d-value. The columns can be declared" });
}

static void test_drop(void **state)
{
	assert_null(fixture_ok(*state, "DROP STREAM IF EXISTS NOPE;").drop.source);
	assert_non_null(fixture_ok(*state, "DROP TABLE Q DELETE TOPIC;").drop.source);
	ERRORS({ "DROP STREAM NOPE;", "1:13 There is no stream or table 'NOPE'." },
		{ "DROP STREAM T;", "1:13 T is a table: use DROP TABLE." },
		{ "DROP TABLE T;", "1:12 Cannot drop T.\nThe following streams and/or tables read from this source: [Q]." });
}

static void test_queries_by_id(void **state)
{
	assert_non_null(fixture_ok(*state, "PAUSE Q_0;").queries.query);
	assert_null(fixture_ok(*state, "TERMINATE ALL;").queries.query);
	assert_true(weir_slice_is(fixture_ok(*state, "TERMINATE transient_1;").queries.unknown_id, "TRANSIENT_1"));
	assert_non_null(fixture_ok(*state, "EXPLAIN Q_0;").explain.query);
	assert_non_null(fixture_ok(*state, "EXPLAIN SELECT * FROM S EMIT CHANGES;").explain.statement);
	ERRORS({ "PAUSE Q_9;", "1:7 There is no query with the id Q_9. Did you mean Q_0?" },
		{ "ALTER SYSTEM 'a'='b';", "1:1 ALTER SYSTEM is not supported yet." },
		{ "ALTER STREAM S ADD COLUMN ROWTIME INT;", "1:27 The column ROWTIME cannot be added: the name is reserved." });
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_names_of_columns),
		TEST(test_keys_of_results),
		TEST(test_join_results),
		TEST(test_push_queries_keep_the_order),
		TEST(test_refused_queries),
		TEST(test_refused_joins),
		TEST(test_partition_counts_must_match),
		TEST(test_declared_sources),
		TEST(test_topics_are_created_when_told_how),
		TEST(test_refused_declarations),
		TEST(test_if_not_exists_does_nothing),
		TEST(test_replacing_may_only_extend),
		TEST(test_sinks_inherit_formats),
		TEST(test_insert_select),
		TEST(test_insert_values),
		TEST(test_pull_by_key),
		TEST(test_pull_scans_and_ranges),
		TEST(test_refused_pulls),
		TEST(test_pull_on_a_stream_reads_it_through),
		TEST(test_missing_schemas),
		TEST(test_drop),
		TEST(test_queries_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
