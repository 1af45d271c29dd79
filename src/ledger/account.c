#include "postgres.h"

#include "ledger/ledger.h"

const AccountInfo *
MirroredAccount(int32 companyId, int32 accountId)
{
	const AccountInfo *account = FindAccountById(companyId, accountId);
	AccountInfo *mirrored = palloc(sizeof(AccountInfo));

	if (account == NULL)
		return NULL;
	*mirrored = *account;
	mirrored->postable = true;
	return mirrored;
}

bool
HasOpenItems(const AccountInfo *account)
{
	return account->control == CONTROL_RECEIVABLE || account->control == CONTROL_PAYABLE ||
		account->control == CONTROL_ACCRUED_PAYABLE || account->control == CONTROL_OPEN_ITEMS;
}
