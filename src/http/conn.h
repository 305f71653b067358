/* The server's inside: server, connection, exchange. Everything here belongs to the I/O thread unless it says otherwise.
 *
 * Holds: a connection's output buffer is filled from responses only while it holds less than OUT_AHEAD_BYTES, so a slow client's
 * bytes pile up in its responses, where writers see them; connections are freed at the end of a loop turn only, so that no event
 * of the same turn meets a freed one.
 */
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "http/h1_parse.h"
#include "http/mailbox.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>

#define WEIR_HTTP_OUT_AHEAD_BYTES   ((size_t)64 << 10)
#define WEIR_HTTP_READ_BYTES        ((size_t)16 << 10)
#define WEIR_HTTP_BODY_WINDOW_BYTES ((size_t)256 << 10)
#define WEIR_HTTP_FRAME_BYTES       ((size_t)16384)
#define WEIR_HTTP_TICK_MS           100

struct weir_http_conn;
struct nghttp2_session;
struct ssl_st;
struct ssl_ctx_st;

/* One request and its answer. */
struct weir_http_response {
	struct weir_http_request request; /* read-only once dispatched */
	struct weir_arena arena;          /* the request's memory */
	struct weir_http_mailbox *mailbox;
	atomic_int refs, user_refs;
	atomic_size_t pending_bytes;
	atomic_bool is_closed;

	/* under the mailbox's lock */
	struct weir_http_response *next_posted;
	bool is_posted;

	pthread_mutex_t lock;
	/* under lock */
	struct weir_arena head_arena;
	int status; /* 0: not begun */
	struct weir_http_header *headers;
	size_t header_count;
	int64_t content_length; /* -1: unknown, streamed */
	bool is_ended, is_aborted, is_complete;
	struct weir_buf incoming; /* records: uint32_t length, bytes */
	weir_http_close_fn *on_close;
	void *close_ctx;
	weir_http_drain_fn *on_drain;
	void *drain_ctx;
	size_t low_bytes;
	bool is_above_low;
	size_t body_taken_bytes; /* returned by the receiver, not yet passed on */

	/* I/O thread */
	struct weir_http_conn *conn;                  /* NULL once over */
	struct weir_http_response *prev, *next;       /* exchanges of the connection */
	int32_t stream_id;                            /* HTTP/2 */
	WEIR_VEC(struct weir_http_header) headers_in; /* being received, HTTP/2 */
	size_t header_bytes;
	struct weir_buf body;      /* being received, whole */
	size_t body_untaken_bytes; /* streamed, with the receiver */
	int64_t body_seen_us;      /* last progress */
	bool is_body_streamed, is_body_complete, is_dispatched, is_refused;
	weir_http_body_fn *on_body;
	void *body_ctx;
	struct weir_buf sending; /* records being sent */
	size_t sending_at;       /* start of the current record */
	size_t record_done;      /* bytes of its payload that are sent */
	bool is_head_sent, is_all_sent;
	bool is_deferred;         /* HTTP/2: nghttp2 waits for more data */
	int64_t starved_since_us; /* HTTP/2: waits for window; 0: does not */
	bool may_split;
};

enum weir_http_phase { WEIR_HTTP_TLS, WEIR_HTTP_DETECT, WEIR_HTTP_H1, WEIR_HTTP_H2, WEIR_HTTP_LINGER };
enum weir_http_h1_state { H1_HEAD, H1_BODY, H1_ANSWER, H1_TUNNEL };

struct weir_http_conn {
	struct weir_http_server *server;
	struct weir_http_conn *prev, *next;
	int fd;
	struct ssl_st *ssl; /* NULL: plain */
	size_t listener;
	char peer[72], sni[256], subject[256];
	enum weir_http_phase phase;
	uint32_t events; /* as registered with epoll */
	int64_t phase_since_us, active_us;
	struct weir_buf in;
	size_t in_at;
	struct weir_buf out;
	size_t out_at;
	bool peer_eof, is_dead, closes_after_flush, tls_wants_write, reads_again;
	struct weir_http_response *exchanges; /* list */
	size_t exchange_count;

	struct {
		enum weir_http_h1_state state;
		struct weir_h1_scan scan;
		struct weir_h1_chunked chunked;
		bool is_chunked, keep_alive, expects_continue, writes_chunks, wants_h2c;
		uint64_t body_left;
		int64_t head_since_us; /* first byte of the head; 0: none yet */
		struct weir_http_response *current;
	} h1;

	struct nghttp2_session *h2;
	int64_t h2_headers_since_us; /* an unfinished header block; 0: none */
};

struct weir_http_bound {
	int fd;
	uint16_t port;
	struct ssl_ctx_st *tls; /* NULL: plain */
	bool is_polled;
};

struct weir_http_server {
	struct weir_http_server_config config; /* listeners: not kept */
	struct weir_http_bound *bound;
	size_t bound_count;
	int epoll_fd;
	struct weir_http_mailbox *mailbox;
	pthread_t thread;
	bool is_started;
	atomic_bool is_stopping;
	atomic_llong grace_ms;
	int64_t stop_deadline_us; /* 0: not stopping */
	bool accepts_paused;
	int64_t now_us, ticked_us;
	struct weir_http_conn *conns, *graveyard;
	atomic_size_t conn_count, exchange_count;
	atomic_ullong accepted_total, requests_total, refused_total;
};

int64_t weir_http_now_us(void);

/* --- conn.c: life of a connection --- */
void weir_http_conn_accept(struct weir_http_server *server, size_t listener);
void weir_http_conn_on_event(struct weir_http_conn *conn, uint32_t events);
/* Sends what can be sent, reads on where reading had stopped, sets what epoll waits for, and closes when it is time. */
void weir_http_conn_settle(struct weir_http_conn *conn);
/* Deadlines. */
void weir_http_conn_tick(struct weir_http_conn *conn);
/* Ends all exchanges and the socket; memory goes at the end of the turn. */
void weir_http_conn_kill(struct weir_http_conn *conn);
void weir_http_conn_begin_stop(struct weir_http_conn *conn);
void weir_http_conn_bury(struct weir_http_server *server);
static inline size_t weir_http_conn_out_bytes(const struct weir_http_conn *conn)
{
	return conn->out.len - conn->out_at;
}
static inline struct weir_slice weir_http_conn_in(const struct weir_http_conn *conn)
{
	return weir_slice_make(conn->in.data + conn->in_at, conn->in.len - conn->in_at);
}

/* --- transport.c: bytes over the socket or TLS --- */
enum weir_http_io { WEIR_HTTP_IO_OK, WEIR_HTTP_IO_AGAIN, WEIR_HTTP_IO_EOF, WEIR_HTTP_IO_ERROR };
enum weir_http_io weir_http_transport_read(struct weir_http_conn *conn, void *bytes, size_t len, size_t *ret_read);
enum weir_http_io weir_http_transport_write(struct weir_http_conn *conn, const void *bytes, size_t len, size_t *ret_written);
enum weir_http_io weir_http_transport_handshake(struct weir_http_conn *conn);
/* After the handshake: fills sni and subject. True when ALPN chose h2. */
bool weir_http_transport_is_h2(struct weir_http_conn *conn);
/* No more writes will come. */
void weir_http_transport_shutdown(struct weir_http_conn *conn);
void weir_http_transport_close(struct weir_http_conn *conn);

/* --- exchange.c: the I/O thread's side of a response --- */
struct weir_http_response *weir_http_exchange_new(struct weir_http_conn *conn);
/* Calls the handler. */
void weir_http_exchange_dispatch(struct weir_http_response *response);
/* Asks the program whether it wants the body as it comes. */
bool weir_http_exchange_wants_stream(struct weir_http_response *response);
/* False: the body is larger than it may be. */
bool weir_http_exchange_body_bytes(struct weir_http_response *response, struct weir_slice bytes);
/* The body has come to its end: dispatches a whole request. */
void weir_http_exchange_body_end(struct weir_http_response *response);
/* What is to be sent next of the current record; false when there is nothing now. */
bool weir_http_exchange_peek(struct weir_http_response *response, struct weir_slice *ret_rest, bool *ret_is_record_start);
void weir_http_exchange_sent(struct weir_http_response *response, size_t bytes);
struct weir_http_progress {
	int status; /* 0: not begun */
	bool is_ended, is_aborted;
	int64_t content_length;
};
struct weir_http_progress weir_http_exchange_progress(struct weir_http_response *response);
/* Ended and nothing left to send. */
bool weir_http_exchange_is_done(struct weir_http_response *response);
size_t weir_http_exchange_take_returned(struct weir_http_response *response);
/* Leaves the connection, tells the program, drops the connection's reference. */
void weir_http_exchange_close(struct weir_http_response *response, bool is_complete);
bool weir_http_header_is_framing(struct weir_slice name);
/* Drops one of the references that keep the memory; thread: any. */
void weir_http_exchange_unref(struct weir_http_response *response);

/* --- h1.c, h1_send.c --- */
/* False: nothing more can be done with the bytes at hand. */
void weir_http_h1_input(struct weir_http_conn *conn);
bool weir_http_h1_wants_input(const struct weir_http_conn *conn);
/* Fills the output buffer; true when something was done. */
bool weir_http_h1_pump(struct weir_http_conn *conn);
void weir_http_h1_refuse(struct weir_http_conn *conn, int status, const char *reason);
/* The exchange is over and its last byte is in the output buffer. */
void weir_http_h1_finish(struct weir_http_conn *conn);
void weir_http_h1_tick(struct weir_http_conn *conn);

/* --- h2.c, h2_send.c --- */
/* False: no memory or protocol failure; the connection is to be killed. */
bool weir_http_h2_start(struct weir_http_conn *conn);
/* The exchange becomes stream 1 of a connection that was upgraded. */
bool weir_http_h2_start_upgraded(struct weir_http_conn *conn, struct weir_http_response *response, struct weir_slice settings);
void weir_http_h2_input(struct weir_http_conn *conn);
bool weir_http_h2_pump(struct weir_http_conn *conn);
void weir_http_h2_response_ready(struct weir_http_conn *conn, struct weir_http_response *response);
void weir_http_h2_resume_starved(struct weir_http_conn *conn, bool may_split);
void weir_http_h2_tick(struct weir_http_conn *conn);
void weir_http_h2_stop(struct weir_http_conn *conn);
void weir_http_h2_close(struct weir_http_conn *conn);

/* --- request.c --- */
/* Standard and URL alphabet, padding optional. False: bad characters or no room. */
bool weir_http_base64_decode(struct weir_slice text, uint8_t *out, size_t room, size_t *ret_len);

/* --- tls_context.c --- */
struct ssl_ctx_st *weir_http_tls_context_new(const struct weir_http_tls_config *config, struct weir_err *err);
void weir_http_tls_context_free(struct ssl_ctx_st *context);
