/*
 * What an import does beside posting: see import.c.
 */
#ifndef ERP_IMPORT_H
#define ERP_IMPORT_H

#include "core/document.h"

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
