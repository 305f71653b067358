/* EXPLAIN: the plan as indented text, from each stage's output down to its inputs. */
#include "plan/planner.h"

#include "sql/parser.h"

static void indent(struct weir_buf *out, int depth)
{
	for (int i = 0; i < depth; i++)
		weir_buf_append_text(out, "  ");
}

static const char *const node_names[] = {
	[WEIR_NODE_SOURCE] = "READ",
	[WEIR_NODE_FILTER] = "FILTER",
	[WEIR_NODE_TABLE_FILTER] = "TABLE FILTER",
	[WEIR_NODE_PROJECT] = "PROJECT",
	[WEIR_NODE_TABLE_PROJECT] = "TABLE PROJECT",
	[WEIR_NODE_REKEY] = "REKEY",
	[WEIR_NODE_GROUP_KEY] = "GROUP KEY",
	[WEIR_NODE_TABLE_GROUP_KEY] = "TABLE GROUP KEY",
	[WEIR_NODE_TABLE_FUNCTIONS] = "TABLE FUNCTIONS",
	[WEIR_NODE_AGGREGATE] = "AGGREGATE",
	[WEIR_NODE_TABLE_AGGREGATE] = "TABLE AGGREGATE",
	[WEIR_NODE_STREAM_TABLE_JOIN] = "STREAM-TABLE JOIN",
	[WEIR_NODE_TABLE_TABLE_JOIN] = "TABLE-TABLE JOIN",
	[WEIR_NODE_STREAM_STREAM_JOIN] = "STREAM-STREAM JOIN",
	[WEIR_NODE_FOREIGN_KEY_JOIN] = "FOREIGN KEY JOIN",
	[WEIR_NODE_MATERIALIZE] = "KEEP",
};

static const char *const join_names[] = {
	[WEIR_JOIN_INNER] = "INNER",
	[WEIR_JOIN_LEFT] = "LEFT",
	[WEIR_JOIN_RIGHT] = "RIGHT",
	[WEIR_JOIN_FULL] = "FULL",
};

static void print_side(struct weir_buf *out, const char *side, const struct weir_format_spec *spec)
{
	weir_buf_printf(out, "%s %s", side, spec->format->name);
	if (spec->delimiter)
		weir_buf_printf(out, " '%c'", spec->delimiter);
	if (spec->is_unwrapped && spec->format->supports_wrapping)
		weir_buf_append_text(out, " unwrapped");
}

static void print_layout(struct weir_buf *out, const struct weir_topic_layout *layout)
{
	weir_buf_printf(out, "topic %.*s (%d partition%s, ", WEIR_SLICE_ARG(layout->topic), layout->partitions,
		layout->partitions == 1 ? "" : "s");
	if (layout->is_internal) {
		weir_buf_append_text(out, "internal");
	} else {
		print_side(out, "key", &layout->key);
		weir_buf_append_text(out, ", ");
		print_side(out, "value", &layout->value);
	}
	weir_buf_append_text(out, ")");
}

static void print_wanted(struct weir_buf *out, const struct weir_plan_input *input)
{
	const struct weir_schema *schema = input->layout.schema;
	bool first = true;

	weir_buf_append_text(out, ", columns");
	for (size_t i = 0; i < schema->count; i++) {
		if (!input->wanted[i])
			continue;
		weir_buf_append_text(out, first ? " " : ", ");
		weir_sql_print_name(out, schema->columns[i].name);
		first = false;
	}
	if (first)
		weir_buf_append_text(out, " none");
}

static void print_source(struct weir_buf *out, const struct weir_plan_stage *stage, const struct weir_plan_node *node)
{
	const struct weir_plan_input *input = &stage->inputs[node->input];

	weir_buf_printf(out, " %s", input->kind == WEIR_INPUT_TABLE ? "table" : "stream");
	if (input->source_name.len) {
		weir_buf_append_text(out, " ");
		weir_sql_print_name(out, input->source_name);
	}
	weir_buf_append_text(out, " from ");
	print_layout(out, &input->layout);
	if (input->producer_stage >= 0)
		weir_buf_printf(out, " of stage %d", input->producer_stage);
	else
		print_wanted(out, input);
	if (input->is_bootstrap)
		weir_buf_append_text(out, ", read to its end first");
}

/* expression AS `name`, unless they are the same. */
static void print_expressions(struct weir_buf *out, const struct weir_plan_node *node)
{
	struct weir_buf text;

	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	for (size_t i = 0; i < node->schema->count; i++) {
		struct weir_slice name = node->schema->columns[i].name;

		weir_buf_append_text(out, i ? ", " : " ");
		weir_buf_reset(&text);
		weir_expr_print(&text, node->expressions[i]);
		weir_buf_append_slice(out, weir_buf_slice(&text));
		if (!weir_slice_equals(weir_buf_slice(&text), name)) {
			weir_buf_append_text(out, " AS ");
			weir_sql_print_name(out, name);
		}
		if (i < node->schema->key_count)
			weir_buf_append_text(out, " KEY");
	}
	weir_buf_fini(&text);
}

static void print_table_functions(struct weir_buf *out, const struct weir_plan_node *node)
{
	for (size_t i = 0; i < node->schema->count - node->children[0]->schema->count; i++) {
		weir_buf_append_text(out, i ? ", " : " ");
		weir_expr_print(out, node->expressions[i]);
	}
}

static void print_aggregates(struct weir_buf *out, const struct weir_plan_node *node)
{
	for (size_t i = 0; i < node->aggregate_count; i++)
		weir_buf_printf(out, "%s%.*s", i ? ", " : " ", WEIR_SLICE_ARG(node->aggregates[i].text));
}

static void print_details(struct weir_buf *out, const struct weir_plan_stage *stage, const struct weir_plan_node *node)
{
	switch (node->kind) {
	case WEIR_NODE_SOURCE:
		print_source(out, stage, node);
		break;
	case WEIR_NODE_FILTER:
	case WEIR_NODE_TABLE_FILTER:
		weir_buf_append_text(out, " ");
		weir_expr_print(out, node->predicate);
		break;
	case WEIR_NODE_PROJECT:
	case WEIR_NODE_TABLE_PROJECT:
	case WEIR_NODE_REKEY:
	case WEIR_NODE_GROUP_KEY:
	case WEIR_NODE_TABLE_GROUP_KEY:
		print_expressions(out, node);
		break;
	case WEIR_NODE_TABLE_FUNCTIONS:
		print_table_functions(out, node);
		break;
	case WEIR_NODE_AGGREGATE:
	case WEIR_NODE_TABLE_AGGREGATE:
		print_aggregates(out, node);
		break;
	case WEIR_NODE_STREAM_TABLE_JOIN:
		weir_buf_printf(out, " %s ON ", join_names[node->join_type]);
		weir_expr_print(out, node->join_key);
		break;
	default:
		break;
	}
	if (node->store.len)
		weir_buf_printf(out, "  [state %.*s]", WEIR_SLICE_ARG(node->store));
}

static void print_node(struct weir_buf *out, const struct weir_plan_stage *stage, const struct weir_plan_node *node, int depth)
{
	indent(out, depth);
	weir_buf_append_text(out, node_names[node->kind]);
	print_details(out, stage, node);
	weir_buf_append_byte(out, '\n');
	for (size_t i = 0; i < 2 && node->children[i]; i++)
		print_node(out, stage, node->children[i], depth + 1);
}

static void print_output(struct weir_buf *out, const struct weir_plan_output *output)
{
	indent(out, 1);
	switch (output->kind) {
	case WEIR_OUTPUT_SINK:
		weir_buf_append_text(out, "WRITE ");
		print_layout(out, &output->layout);
		break;
	case WEIR_OUTPUT_REPARTITION:
		weir_buf_append_text(out, "REPARTITION to ");
		print_layout(out, &output->layout);
		if (output->partition_key.format)
			weir_buf_printf(out, ", by the key as %s writes it", output->partition_key.format->name);
		break;
	case WEIR_OUTPUT_CLIENT:
		weir_buf_append_text(out, "SEND to the client");
		break;
	case WEIR_OUTPUT_NONE:
		weir_buf_append_text(out, "KEEP for pull queries");
		break;
	}
	weir_buf_append_byte(out, '\n');
}

void weir_plan_print(struct weir_buf *out, const struct weir_plan *plan)
{
	for (size_t i = 0; i < plan->stage_count; i++) {
		const struct weir_plan_stage *stage = &plan->stages[i];

		weir_buf_printf(out, "Stage %d (%d task%s)\n", stage->index, stage->partitions, stage->partitions == 1 ? "" : "s");
		print_output(out, &stage->output);
		print_node(out, stage, stage->root, 2);
	}
}
