/*
 * The load of the soak test: sessions that draw calls from a seed and make them in every way that a client has,
 * while somebody else kills the server under them. What was answered is written to a file; checks.sql judges it.
 */
#ifndef SOAK_H
#define SOAK_H

#include <jansson.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

#define KEY_SIZE 64
#define RING_SIZE 48

/* How a call of the engine is written. */
typedef enum Shape
{
	SHAPE_DOCUMENT,				/* (company, request), the key in the request */
	SHAPE_KEYED,				/* (company, key, request) */
	SHAPE_COMPANY,				/* (company) */
	SHAPE_STATEMENT				/* the request is the statement: an attack */
} Shape;

/* How the call is made: in a transaction of what kind, and how that ends. */
typedef enum Mode
{
	MODE_PLAIN,					/* by itself, READ COMMITTED */
	MODE_REPEATABLE_READ,
	MODE_SERIALIZABLE,
	MODE_SAVEPOINT,				/* after another call that was rolled back to a savepoint */
	MODE_ROLLBACK,
	MODE_PREPARED,				/* PREPARE TRANSACTION, then committed or rolled back */
	MODE_STATEMENT_TIMEOUT,
	MODE_LOCK_TIMEOUT,
	MODE_COUNT
} Mode;

/* One call as it was drawn. */
typedef struct Call
{
	const char *function;
	char	   *request;		/* owned */
	Shape		shape;
	int			ring;			/* where the key goes once the call is done, or -1 */
	char		key[KEY_SIZE];
} Call;

/* The keys that other calls name: open items of two parties and two currencies on two sides, and the rest. */
enum
{
	RING_OPEN_ITEMS = 0,
	RING_SETTLED = 8,
	RING_DOCUMENTS,
	RING_RECEIPTS,				/* of goods, which costs may join */
	RING_ISSUES,				/* to production */
	RING_LOANS,
	RING_DELIVERIES,			/* on consignment */
	RING_BORROWINGS,
	RING_WITHDRAWALS,			/* of goods of a supplier's */
	RING_LOSSES,
	RING_DEMANDS,				/* that something was reserved for */
	RING_COUNT
};
#define OPEN_ITEM_RING(party, currency, credit) (RING_OPEN_ITEMS + (party) * 4 + (currency) * 2 + (credit))

typedef struct Session
{
	PGconn	   *connection;
	uint64_t	random;
	int			number;
	int			calls;			/* how many were drawn so far */
	int			prepared;		/* how many transactions were prepared so far */
} Session;

/* What the whole run shares; constant while sessions run. */
typedef struct Options
{
	const char *company;
	const char *prefix;			/* of keys */
	char		lastMonth[16];	/* YYYY-MM, the one before */
	char		month[16];		/* that most documents are dated in */
	char		nextMonth[16];
	uint64_t	seed;
	double		seconds;
	int			sessions;
} Options;
extern Options options;

/* What the server answered: SQLSTATE ("" for success, "LOST" when the connection broke) and the first value, or the message. */
typedef struct Answer
{
	char	   *value;			/* owned; may be NULL */
	char		state[8];
} Answer;

/* session.c: sends one statement and waits; the answer's value is the caller's to free. */
extern Answer Ask(Session *session, const char *statement, int count, const char *const *values);
/* The same for a statement whose value does not matter; true for success. */
extern bool Tell(Session *session, const char *statement);
/* Connects, waiting up to two minutes for a server that is down; ends the program after that. */
extern void Connect(Session *session);

/* attempt.c: makes the call until it has an answer, and writes down what it was. */
extern void MakeCall(Session *session, Call *call, Mode mode);
/* Ends, as was decided, the prepared transactions that sessions left over; all: those just left too. */
extern void EndPrepared(Session *session, bool all);

/* draw.c: what a session does next. */
extern Call DrawCall(Session *session);
extern Mode DrawMode(Session *session, const Call *call);
extern void FreeCall(Call *call);
/* A number from 0 to limit - 1. */
extern int	Draw(Session *session, int limit);
/* A day of the month, or now and then of the one before; the text is the caller's to free. */
extern char *DrawDay(Session *session);

/* draw_document.c: what every document has. */
extern json_t *BeginDocument(Session *session, const char *key, const char *kind);
/* draw_stock.c: a document that carries goods, makes them of others or learns of their cost; names the ring that its key goes to. */
extern json_t *DrawStock(Session *session, const char *key, int *ring);
/* draw_others.c: the same for goods lent, borrowed, on consignment or lost, and what becomes of them. */
extern json_t *DrawOthers(Session *session, const char *key, int *ring);
/* draw_stock.c: requests of erp.reserve() and erp.release(); NULL if there is nothing to name yet. */
extern json_t *DrawReserve(Session *session, const char *key);
extern json_t *DrawRelease(Session *session, const char *key);
/* draw_stock.c: a request of erp.change_costing_method(). */
extern json_t *DrawMethod(Session *session);

/* draw_document.c: the document of a posting, drawn; names the ring that its key goes to. */
extern json_t *DrawDocument(Session *session, const char *key, int *ring);
/* The same for what settles, undoes and reverses; NULL if there is nothing to name yet. */
extern json_t *DrawSettlement(Session *session);
extern json_t *DrawUndoing(Session *session);
extern json_t *DrawReversal(Session *session, const char *key);

/* shared.c, safe among threads. Opens the file of outcomes. */
extern void OpenOutcomes(const char *path);
/* Writes down an outcome: "done" with the result, "rolled back", or an SQLSTATE with its message. */
extern void WriteOutcome(const Call *call, Mode mode, const char *outcome, const char *result);
/* Counts an answer that is none to the call, such as one that is tried again. */
extern void CountRetry(const char *state);
/* Puts a key in a ring; takes one by chance, false if the ring is empty. */
extern void PutKey(int ring, const char *key);
extern bool TakeKey(Session *session, int ring, char *key);
/* Offers a call that begins, for others to repeat at once or later; a copy of one by chance, false if there is none. */
extern void OfferCall(const Call *call);
extern bool TakeOffer(Session *session, Call *call);
/* A line of progress; whole: the summary. */
extern void PrintProgress(double seconds, bool whole);
/* Prints a message and ends the program. */
extern void Fail(const char *format,...) __attribute__((format(printf, 1, 2), noreturn));

#endif
