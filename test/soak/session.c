#include "soak.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECT_TRIES 2400
#define CONNECT_MICROSECONDS 50000

/* Every second session is a person with the rights of one; the others are superusers, who attack. */
static bool
BecomeCaller(Session *session)
{
	return session->number % 2 == 0 || Tell(session, "SET ROLE soak_clerk");
}

void
Connect(Session *session)
{
	for (int i = 0; i < CONNECT_TRIES; i++)
	{
		if (session->connection != NULL)
			PQfinish(session->connection);
		session->connection = PQconnectdb("application_name=soak options='-c client_min_messages=error'");
		if (PQstatus(session->connection) == CONNECTION_OK && BecomeCaller(session))
			return;
		usleep(CONNECT_MICROSECONDS);
	}
	Fail("the server did not come back: %s", PQerrorMessage(session->connection));
}

/* Whether an error only says that the server goes down or comes up. */
static bool
IsShutdown(const char *state)
{
	return strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0;
}

Answer
Ask(Session *session, const char *statement, int count, const char *const *values)
{
	Answer		answer = {0};
	PGresult   *result = PQexecParams(session->connection, statement, count, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (status == PGRES_TUPLES_OK && PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
		answer.value = strdup(PQgetvalue(result, 0, 0));
	else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
	{
		strcpy(answer.state, state == NULL || strlen(state) != 5 || IsShutdown(state) ? "LOST" : state);
		answer.value = strdup(PQresultErrorMessage(result));
	}

	/* what broke while the answer was read was not answered */
	if (answer.state[0] != '\0' && PQstatus(session->connection) != CONNECTION_OK)
		strcpy(answer.state, "LOST");
	PQclear(result);
	return answer;
}

bool
Tell(Session *session, const char *statement)
{
	Answer		answer = Ask(session, statement, 0, NULL);

	free(answer.value);
	return answer.state[0] == '\0';
}
