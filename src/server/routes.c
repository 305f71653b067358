/* The list of endpoints. */
#include "server/server_int.h"

static const struct weir_endpoint endpoints[] = {
	{ "GET", "/", weir_endpoint_root, true },
	{ "GET", "/info", weir_endpoint_info },
	{ "GET", "/healthcheck", weir_endpoint_healthcheck },
	{ "GET", "/metrics", weir_endpoint_metrics, true },
	{ "GET", "/status", weir_endpoint_status },
	{ "GET", "/status/*/*/*", weir_endpoint_status },
	{ "GET", "/is_valid_property/*", weir_endpoint_is_valid_property },
	{ "GET", "/v1/metadata", weir_endpoint_metadata },
	{ "GET", "/v1/metadata/id", weir_endpoint_metadata_id },
	{ "GET", "/weir/topics", weir_endpoint_topics, true },
	{ "GET", "/weir/topics/*", weir_endpoint_topics, true },
	{ "PUT", "/weir/topics/*", weir_endpoint_topics, true },
	{ "POST", "/weir/topics/*", weir_endpoint_topics, true },
	{ "DELETE", "/weir/topics/*", weir_endpoint_topics, true },
	{ "GET", "/chc/ready", weir_endpoint_probe, true },
	{ "GET", "/chc/live", weir_endpoint_probe, true },
	{ "GET", "/clusterStatus", weir_endpoint_cluster_status },
	{ "POST", "/heartbeat", weir_endpoint_node_message },
	{ "POST", "/lag", weir_endpoint_node_message },
	{ "POST", "/ksql", weir_endpoint_ksql },
	{ "POST", "/query", weir_endpoint_query, true },
	{ "POST", "/query-stream", weir_endpoint_query_stream, true },
	{ "POST", "/inserts-stream", weir_endpoint_inserts_stream, true },
	{ "POST", "/close-query", weir_endpoint_close_query },
};

const struct weir_endpoint *weir_endpoint_at(size_t i)
{
	return i < sizeof endpoints / sizeof *endpoints ? &endpoints[i] : NULL;
}
