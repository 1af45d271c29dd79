#include "postgres.h"

#include "ledger/ledger.h"

static void
CheckAccount(DocumentBatch *batch, DocumentLine *line)
{
	const char *code = line->fields[LINE_ACCOUNT];
	const AccountInfo *account = code == NULL ? NULL : FindAccount(batch->company->companyId, code);

	if (account == NULL)
	{
		ReportProblem(batch, line->document, line, "account", code, ERRCODE_ERP_UNKNOWN_CODE,
					  "the account is missing or unknown");
		return;
	}
	if (!account->postable)
		ReportProblem(batch, line->document, line, "account", code, ERRCODE_ERP_ACCOUNT_NOT_POSTABLE,
					  "the account is a heading or is not active");
	if (IsMoney(line) && account->control != CONTROL_NONE)
		ReportProblem(batch, line->document, line, "account", code, ERRCODE_ERP_ACCOUNT_NOT_POSTABLE,
					  "money does not come to an account that is kept by a subledger");
	else if (account->control == CONTROL_INVENTORY)
		ReportProblem(batch, line->document, line, "account", code, ERRCODE_ERP_ACCOUNT_NOT_POSTABLE,
					  "the account is kept by the stock subledger");
	else if (account->control != CONTROL_NONE && line->party.partyId == 0)
		ReportProblem(batch, line->document, line, "party", line->fields[LINE_PARTY], ERRCODE_ERP_INVALID_FIELD,
					  "a control account needs a party");
	line->accountId = account->accountId;
}

static void
CheckSide(DocumentBatch *batch, DocumentLine *line)
{
	const char *side = line->fields[LINE_SIDE];

	line->isCredit = side != NULL && strcmp(side, "credit") == 0;
	if (side == NULL || (!line->isCredit && strcmp(side, "debit") != 0))
		ReportProblem(batch, line->document, line, "side", side, ERRCODE_ERP_INVALID_FIELD,
					  "debit or credit is expected");
}

void
LookUpAccounts(DocumentBatch *batch)
{
	for (int i = 0; i < batch->count; i++)
	{
		Document   *document = &batch->documents[i];

		if (document->repeated || document->kind == NULL || document->reversesDocumentId != 0)
			continue;
		for (int j = 0; j < document->lineCount; j++)
		{
			DocumentLine *line = &document->lines[j];

			if (line->role == NULL)
				continue;
			if (IsEntry(line))
			{
				CheckAccount(batch, line);
				CheckSide(batch, line);
			}
			else if (IsMoney(line) && line->fields[LINE_SIDE] == NULL)
			{
				if (line->fields[LINE_ACCOUNT] != NULL)
					CheckAccount(batch, line);
			}
			else if (line->fields[LINE_ACCOUNT] != NULL || line->fields[LINE_SIDE] != NULL)
				ReportProblem(batch, document, line, "account", line->fields[LINE_ACCOUNT], ERRCODE_ERP_INVALID_FIELD,
							  "the posting rules find account and side of this line");
		}
	}
}
