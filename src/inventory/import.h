/*
 * What an import does beside posting: see import.c.
 */
#ifndef ERP_IMPORT_H
#define ERP_IMPORT_H

#include "core/document.h"

typedef struct ImportJob
{
	int64		jobId;
	char	   *state;
	bool		skipBad;
	int64		position;
} ImportJob;

/*
 * import_read.c: reads whole documents behind the job's position into the batch;
 * a last one that the limit cut is left for the next step. Cells that are no JSON and should be are problems of the batch.
 * Returns the number of the rows.
 */
extern uint64 ReadStep(DocumentBatch *batch, const ImportJob *job, int maxRows);

/* import_read.c: row number of the batch's last row. */
extern int64 LastRow(const DocumentBatch *batch);

/* import_post.c: takes the documents that are marked bad or repeated out of the batch. */
extern void DropMarked(DocumentBatch *batch);

/*
 * import_post.c: posts a batch whose bad documents are to be skipped: what a document is refused for becomes its
 * problem, and the others are posted. read is as it was read from the rows; store takes the problems of each part.
 * Returns how many documents were posted.
 */
typedef void (*ProblemStore) (const DocumentBatch *batch, int64 jobId);
extern int	PostSkipping(const DocumentBatch *read, int64 jobId, ProblemStore store);

#endif
