/* Plans as EXPLAIN prints them: where stages are cut, what travels between them, what state is kept. */
#include "unit/analyze/fixture.h"

static const char definitions[] =
	"CREATE STREAM S (ID INT KEY, V INT, W STRING, R STRUCT<A INT, B STRING>) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');"
	"CREATE TABLE T (ID INT PRIMARY KEY, NAME STRING, X INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');"
	"CREATE TABLE J (ID INT PRIMARY KEY, NAME STRING) WITH (KAFKA_TOPIC='j', FORMAT='JSON');";

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

static void test_filter_and_projection_stay_in_one_stage(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE STREAM O AS SELECT ID, V * 2 AS D FROM S WHERE W = 'a';"),
		"Stage 0 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    PROJECT ID KEY, (V * 2) AS D\n"
		"      FILTER (W = 'a')\n"
		"        READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns ID, V, W\n");
}

static void test_partition_by_writes_straight_to_the_sink(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE STREAM O AS SELECT * FROM S PARTITION BY V;"),
		"Stage 0 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    REKEY V KEY, W, R, ID\n"
		"      READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns ID, V, W, R\n");
}

static void test_group_by_a_value_repartitions(void **state)
{
	assert_string_equal(
		fixture_plan(*state,
			"CREATE TABLE O AS SELECT W, COUNT(*) AS N, SUM(V) AS TOTAL FROM S GROUP BY W HAVING COUNT(*) > 1;"),
		"Stage 0 (4 tasks)\n"
		"  REPARTITION to topic _confluent-ksql-default_query_Q-Aggregate-GroupBy-repartition (4 partitions, internal)\n"
		"    GROUP KEY W KEY, ROWTIME, V\n"
		"      READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns V, W\n"
		"Stage 1 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    TABLE PROJECT W KEY, COUNT(*) AS N, SUM(V) AS TOTAL\n"
		"      TABLE FILTER (COUNT(*) > 1)\n"
		"        AGGREGATE COUNT(*), SUM(V)  [state Aggregate-Aggregate-Materialize]\n"
		"          READ stream from topic _confluent-ksql-default_query_Q-Aggregate-GroupBy-repartition (4 partitions, "
		"internal) of stage 0\n");
}

static void test_group_by_the_key_does_not_repartition(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE TABLE O AS SELECT ID, COUNT(*) AS N FROM S GROUP BY ID;"),
		"Stage 0 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    TABLE PROJECT ID KEY, COUNT(*) AS N\n"
		"      AGGREGATE COUNT(*)  [state Aggregate-Aggregate-Materialize]\n"
		"        GROUP KEY ID KEY, ROWTIME\n"
		"          READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns ID\n");
}

static void test_aggregate_over_a_table_keeps_old_rows(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE TABLE O AS SELECT NAME, SUM(X) AS TOTAL FROM T GROUP BY NAME;"),
		"Stage 0 (4 tasks)\n"
		"  REPARTITION to topic _confluent-ksql-default_query_Q-Aggregate-GroupBy-repartition (4 partitions, internal)\n"
		"    TABLE GROUP KEY NAME KEY, X\n"
		"      KEEP  [state KsqlTopic-Reduce]\n"
		"        READ table T from topic t (4 partitions, key KAFKA, value JSON), columns ID, NAME, X\n"
		"Stage 1 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    TABLE PROJECT NAME KEY, SUM(X) AS TOTAL\n"
		"      TABLE AGGREGATE SUM(X)  [state Aggregate-Aggregate-Materialize]\n"
		"        READ table from topic _confluent-ksql-default_query_Q-Aggregate-GroupBy-repartition (4 partitions, "
		"internal) "
		"of stage 0\n");
}

static void test_join_on_the_key_stays_in_place(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE STREAM O AS SELECT S.ID, NAME FROM S LEFT JOIN T ON S.ID = T.ID;"),
		"Stage 0 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    PROJECT ROWKEY AS S_ID KEY, NAME\n"
		"      STREAM-TABLE JOIN LEFT ON S.ID  [state KafkaTopic_Right-Reduce]\n"
		"        READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns ID\n"
		"        READ table T from topic t (4 partitions, key KAFKA, value JSON), columns ID, NAME, read to its end "
		"first\n");
}

static void test_join_on_a_value_goes_where_the_table_lies(void **state)
{
	assert_string_equal(
		fixture_plan(*state, "CREATE STREAM O AS SELECT T.ID, T.NAME AS NAME, S.W AS W FROM S JOIN T ON S.V = T.ID "
				     "WHERE S.W = 'x' AND T.X > 1;"),
		"Stage 0 (4 tasks)\n"
		"  REPARTITION to topic _confluent-ksql-default_query_Q-Join-left-repartition (4 partitions, internal), by the key "
		"as "
		"KAFKA writes it\n"
		"    REKEY S.V KEY, V, W\n"
		"      FILTER (S.W = 'x')\n"
		"        READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns V, W\n"
		"Stage 1 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    PROJECT ROWKEY AS T_ID KEY, T.NAME AS NAME, S.W AS W\n"
		"      FILTER (T.X > 1)\n"
		"        STREAM-TABLE JOIN INNER ON S.V  [state KafkaTopic_Right-Reduce]\n"
		"          READ stream from topic _confluent-ksql-default_query_Q-Join-left-repartition (4 partitions, internal) "
		"of stage "
		"0\n"
		"          READ table T from topic t (4 partitions, key KAFKA, value JSON), columns ID, NAME, X, read to its end "
		"first\n");
}

static void test_join_with_another_key_format_repartitions(void **state)
{
	const char *plan = fixture_plan(*state, "CREATE STREAM O AS SELECT S.ID, NAME FROM S JOIN J ON S.ID = J.ID;");

	assert_non_null(strstr(plan, "by the key as JSON writes it"));
}

static void test_chain_of_joins_on_one_key(void **state)
{
	const char *plan = fixture_plan(*state,
		"CREATE STREAM O AS SELECT S.V, T.NAME AS A, J.NAME AS B FROM S JOIN T ON S.ID = T.ID JOIN J ON S.V = J.ID "
		"WHERE T.X = S.V AND J.NAME = 'z';");

	assert_non_null(strstr(plan, "[state L_KafkaTopic_Right-Reduce]"));
	assert_non_null(strstr(plan, "STREAM-TABLE JOIN INNER ON S.V  [state KafkaTopic_Right-Reduce]"));
}

static void test_table_filter_keeps_rows_for_pull_queries(void **state)
{
	assert_string_equal(fixture_plan(*state, "CREATE TABLE O AS SELECT * FROM T WHERE X > 3;"),
		"Stage 0 (4 tasks)\n"
		"  WRITE topic O (4 partitions, key KAFKA, value JSON)\n"
		"    TABLE PROJECT ID KEY, NAME, X\n"
		"      TABLE FILTER (X > 3)\n"
		"        KEEP  [state KsqlTopic-Reduce]\n"
		"          READ table T from topic t (4 partitions, key KAFKA, value JSON), columns ID, NAME, X\n");
}

/* Events of a shop: a table of names from one change stream, joined to another, keyed by the user. */
static void test_event_pipeline(void **state)
{
	struct fixture *fixture = *state;

	fixture->partitions = 1;
	fixture_run(fixture,
		"CREATE STREAM `stg_submit` (BEFORE STRUCT<ID INT>, AFTER STRUCT<ID INT, USER_ID BIGINT, EVENT_ID INT, CREATED_AT "
		"STRING>, "
		"OP STRING, TS_MS BIGINT) WITH (KAFKA_TOPIC='EVENT.SUBMIT', VALUE_FORMAT='JSON');"
		"CREATE STREAM `stg_name` (AFTER STRUCT<ID INT, NAME STRING>, OP STRING) WITH (KAFKA_TOPIC='EVENT.NAME', "
		"VALUE_FORMAT='JSON');"
		"CREATE TABLE `tb_event_name` WITH (KAFKA_TOPIC='TABLE.NAME', KEY_FORMAT='JSON', PARTITIONS=1) AS "
		"SELECT AFTER->ID AS `id`, LATEST_BY_OFFSET(AFTER->NAME) AS `name` FROM `stg_name` WHERE AFTER->ID IS NOT NULL "
		"GROUP BY AFTER->ID EMIT CHANGES;");
	assert_string_equal(
		fixture_plan(fixture, "create stream `stm_event_name_join` with (kafka_topic='STREAM.EVENT.JOIN', "
				      "key_format='JSON', value_format='JSON', "
				      "partitions=1) as select s.after->user_id as `user_id`, e.`name` as `event_name`, "
				      "s.after->created_at as `event_time`, "
				      "from `stg_submit` s left join `tb_event_name` e on s.after->event_id = e.`id` "
				      "where (s.op = 'r' or s.op = 'c') and s.after->event_id is not null and e.`id` is not null "
				      "partition by s.after->user_id emit changes;"),
		"Stage 0 (1 task)\n"
		"  WRITE topic STREAM.EVENT.JOIN (1 partition, key JSON unwrapped, value JSON)\n"
		"    REKEY S.AFTER->USER_ID AS `user_id` KEY, E.`name` AS `event_name`, S.AFTER->CREATED_AT AS `event_time`\n"
		"      FILTER (E.`id` IS NOT NULL)\n"
		"        STREAM-TABLE JOIN LEFT ON S.AFTER->EVENT_ID  [state KafkaTopic_Right-Reduce]\n"
		"          FILTER ((S.OP = 'r') OR (S.OP = 'c')) AND (S.AFTER->EVENT_ID IS NOT NULL)\n"
		"            READ stream `stg_submit` from topic EVENT.SUBMIT (1 partition, key KAFKA, value JSON), columns AFTER, "
		"OP\n"
		"          READ table `tb_event_name` from topic TABLE.NAME (1 partition, key JSON unwrapped, value JSON), columns "
		"`id`, "
		"`name`, read to its end first\n");
}

/* ---- CREATE OR REPLACE ---- */

static bool may_replace(struct fixture *fixture, const char *old_sql, const char *new_sql)
{
	struct weir_bound_statement old = fixture_ok(fixture, old_sql), new = fixture_ok(fixture, new_sql);

	return weir_plan_check_upgrade(fixture_plan_bound(fixture, &fixture->arena, &old, WEIR_SLICE("Q")),
		fixture_plan_bound(fixture, &fixture->arena, &new, WEIR_SLICE("Q")), &fixture->err);
}

static void test_only_filters_and_columns_may_be_replaced(void **state)
{
	static const char stream[] = "CREATE STREAM O AS SELECT ID, V FROM S;";
	static const char table[] = "CREATE TABLE O AS SELECT W, COUNT(*) AS N FROM S GROUP BY W;";

	assert_true(may_replace(*state, stream, "CREATE STREAM O AS SELECT ID, V + 1 AS V, W FROM S WHERE V > 1;"));
	assert_false(may_replace(*state, stream, "CREATE STREAM O AS SELECT ID, V FROM S PARTITION BY V;"));
	assert_false(may_replace(*state, stream, "CREATE STREAM O AS SELECT S.ID, S.V FROM S JOIN T ON S.ID = T.ID;"));
	assert_true(may_replace(*state, table, "CREATE TABLE O AS SELECT W, COUNT(*) AS N FROM S WHERE V > 1 GROUP BY W;"));
	assert_false(may_replace(*state, table, "CREATE TABLE O AS SELECT W, SUM(V) AS N FROM S GROUP BY W;"));
	assert_false(may_replace(*state, table, "CREATE TABLE O AS SELECT V, COUNT(*) AS N FROM S GROUP BY V;"));
}

static void test_push_query_reads_and_sends(void **state)
{
	assert_string_equal(fixture_plan(*state, "SELECT V, ID, ROWTIME FROM S EMIT CHANGES LIMIT 3;"),
		"Stage 0 (4 tasks)\n"
		"  SEND to the client\n"
		"    PROJECT ID KEY, V, ROWTIME\n"
		"      READ stream S from topic s (4 partitions, key KAFKA, value JSON), columns ID, V\n");
}

static void test_source_table_is_kept(void **state)
{
	assert_string_equal(
		fixture_plan(*state,
			"CREATE SOURCE TABLE P (ID INT PRIMARY KEY, A STRING) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='JSON');"),
		"Stage 0 (4 tasks)\n"
		"  KEEP for pull queries\n"
		"    KEEP  [state KsqlTopic-Reduce]\n"
		"      READ table P from topic p (4 partitions, key KAFKA, value JSON), columns ID, A\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_filter_and_projection_stay_in_one_stage, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_partition_by_writes_straight_to_the_sink, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_group_by_a_value_repartitions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_group_by_the_key_does_not_repartition, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_aggregate_over_a_table_keeps_old_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_join_on_the_key_stays_in_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_join_on_a_value_goes_where_the_table_lies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_join_with_another_key_format_repartitions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_chain_of_joins_on_one_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_table_filter_keeps_rows_for_pull_queries, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_event_pipeline, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_only_filters_and_columns_may_be_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_push_query_reads_and_sends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_source_table_is_kept, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
