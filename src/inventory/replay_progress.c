/*
 * How far a long replay is. It runs within the call that caused it, so it is the
 * caller who is told: after so many moves each time, in days of the item's
 * history, since how many moves are left is not known.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/timestamp.h"

#include "inventory/replay.h"

void
ReportProgress(const Replay *replay)
{
	int			days = replay->item->last.day - replay->start.day;
	int			done = replay->last.day - replay->start.day;
	double		seconds = (double) (GetCurrentTimestamp() - replay->set->startedAt) / USECS_PER_SEC;
	int			percent = days <= 0 ? 100 : Min(100, (int) ((int64) done * 100 / days));

	ereport(NOTICE,
			(errmsg("replay: " INT64_FORMAT " moves, at %s (%d%% of the days)", movesReplayed,
					DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(replay->last.day))), percent),
			 errdetail("%.0f moves a second; about %.0f seconds are left for this item.", (double) movesReplayed / Max(seconds, 0.001),
					   percent == 0 ? 0 : seconds * (100 - percent) / percent)));
}
