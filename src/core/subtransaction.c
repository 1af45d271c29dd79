#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "core/engine.h"
#include "core/subtransaction.h"

bool
TryInSubtransaction(SubtransactionWork work, void *argument)
{
	MemoryContext memory = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	ErrorData  *volatile error = NULL;
	volatile bool keeps = false;

	PinSearchPath();
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(memory);
	PG_TRY();
	{
		keeps = work(argument);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(memory);
		error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	if (keeps)
		ReleaseCurrentSubTransaction();
	else
		RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(memory);
	CurrentResourceOwner = owner;
	if (error != NULL)
		ReThrowError(error);
	return keeps;
}
