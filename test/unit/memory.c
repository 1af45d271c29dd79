/*
 * The allocator of libpgcommon for programs, replaced: every piece is one
 * malloc, so that the sanitizer sees its bounds, and all can be freed at once.
 */
#include "tap.h"

#include "lib/ilist.h"

typedef struct Piece
{
	dlist_node	node;
	size_t		size;
} Piece;

#define PIECE_HEADER MAXALIGN(sizeof(Piece))

static dlist_head pieces = DLIST_STATIC_INIT(pieces);

static Piece *
PieceOf(void *pointer)
{
	return (Piece *) ((char *) pointer - PIECE_HEADER);
}

void *
palloc(Size size)
{
	Piece	   *piece = malloc(PIECE_HEADER + size);

	if (piece == NULL)
		abort();
	piece->size = size;
	dlist_push_tail(&pieces, &piece->node);
	return (char *) piece + PIECE_HEADER;
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void *
palloc_extended(Size size, int flags)
{
	return (flags & MCXT_ALLOC_ZERO) != 0 ? palloc0(size) : palloc(size);
}

void
pfree(void *pointer)
{
	dlist_delete(&PieceOf(pointer)->node);
	free(PieceOf(pointer));
}

void *
repalloc(void *pointer, Size size)
{
	void	   *copy = palloc(size);

	memcpy(copy, pointer, Min(size, PieceOf(pointer)->size));
	pfree(pointer);
	return copy;
}

char *
pnstrdup(const char *text, Size length)
{
	size_t		copied = strnlen(text, length);
	char	   *copy = memcpy(palloc(copied + 1), text, copied);

	copy[copied] = '\0';
	return copy;
}

char *
pstrdup(const char *text)
{
	return pnstrdup(text, strlen(text));
}

void
ResetMemory(void)
{
	while (!dlist_is_empty(&pieces))
		free(dlist_container(Piece, node, dlist_pop_head_node(&pieces)));
}
