/*
 * Every SQLSTATE of the engine's own, once. Class LE belongs to nobody else:
 * the standard keeps the classes that begin with A to H and 0 to 4.
 * erp.errors() and the page of the reference are made from this list.
 */
#ifndef ERP_ERRORS_H
#define ERP_ERRORS_H

#define ERP_ERROR_LIST(X) \
	X(GUARDS_MISSING, 'L','E','0','0','1', "guards_missing", "A trigger that keeps facts insert-only is missing or disabled, or erp.setup() has not run.", "Run SELECT erp.setup() as a superuser, then SELECT * FROM erp.check_integrity().") \
	X(VERSION_MISMATCH, 'L','E','0','0','2', "version_mismatch", "The code and the tables are of different versions.", "Run ALTER EXTENSION erp UPDATE, then SELECT erp.migrate().") \
	X(NOT_PERMITTED, 'L','E','0','0','3', "not_permitted", "The caller is not a member of the role that this company or this kind of document asks for.", "Grant the role that the message names.") \
	X(INVALID_JSON, 'L','E','0','1','0', "invalid_json", "The text is not JSON, or goes beyond a limit of depth, size or digits, or gives a key twice.", "Mend the document at the line and column that the detail names.") \
	X(INVALID_FIELD, 'L','E','0','1','1', "invalid_field", "A field is missing, unknown, of the wrong type, malformed or out of range.", "Mend the field that the detail names.") \
	X(UNKNOWN_CODE, 'L','E','0','1','2', "unknown_code", "A code of a company, party, item, account, warehouse, tax, currency or document is unknown.", "Create the master data first, or mend the code.") \
	X(KEY_REUSED, 'L','E','0','2','0', "key_reused", "The idempotency key was used before, with another request.", "Use a new key for a new request.") \
	X(PERIOD_CLOSED, 'L','E','0','3','0', "period_closed", "The day lies in a period that is closed for a module that the document touches.", "Date the document on an open day, or pass \"late\": true to have it land on the first open day.") \
	X(NO_PERIOD, 'L','E','0','3','1', "no_period", "No period of the company contains the day.", "Create the fiscal year with erp.create_fiscal_year().") \
	X(HARD_LOCKED, 'L','E','0','3','2', "hard_locked", "The day is not after the hard lock of the company, which never moves back.", "Date the document after the hard lock, or pass \"late\": true to have it land on the first open day.") \
	X(UNBALANCED, 'L','E','0','4','0', "unbalanced", "The voucher does not balance in a currency, in the company's currency or in a balancing dimension.", "Mend the amounts.") \
	X(NO_POSTING_RULE, 'L','E','0','4','1', "no_posting_rule", "No posting rule fits an amount of the document.", "Add a rule with erp.put_posting_rules().") \
	X(ACCOUNT_NOT_POSTABLE, 'L','E','0','4','2', "account_not_postable", "The account is a heading, is not active, or is kept by a subledger.", "Post to another account, or post a document that moves the subledger.") \
	X(NO_EXCHANGE_RATE, 'L','E','0','4','3', "no_exchange_rate", "No exchange rate is known on or before the day.", "Add the rate with erp.put_exchange_rates().") \
	X(NO_TAX_RATE, 'L','E','0','4','4', "no_tax_rate", "The tax code has no rate that is valid on the day.", "Add the rate with erp.put_tax_codes().") \
	X(DIMENSION_REFUSED, 'L','E','0','4','5', "dimension_refused", "A line lacks a dimension that its account requires, or has one that it forbids.", "Give the dimension in \"dimensions\" of the line, or leave it out; see erp.account_dimension.") \
	X(NOT_ENOUGH_STOCK, 'L','E','0','5','0', "not_enough_stock", "There is not enough stock, now or at a later point that is already booked.", "Receive the goods first, or date the issue later.") \
	X(NO_ORIGIN, 'L','E','0','5','1', "no_origin", "The line that a return names as its origin does not exist, is later, or did not issue that item.", "Name the line that issued the goods, or give their cost.") \
	X(NOT_REVERSIBLE, 'L','E','0','5','2', "not_reversible", "The document cannot be reversed: it is a reversal, was reversed before, or its goods have moved on.", "Reverse what came after it first, or post a correcting document.") \
	X(FACT_IMMUTABLE, 'L','E','0','6','0', "fact_immutable", "Facts are never updated, deleted or truncated.", "Post a reversal or a correcting document.") \
	X(FACT_FOREIGN, 'L','E','0','6','1', "fact_foreign", "Facts are inserted by the engine only.", "Use the functions of schema erp.") \
	X(STATE_REFUSED, 'L','E','0','7','0', "state_refused", "The state machine of the document or job has no such transition for the caller.", "See erp.document_transition, or the state of the job.") \
	X(SERIES_REFUSED, 'L','E','0','8','0', "series_refused", "A number series cannot give a number.", "See erp.series.") \
	X(SEAL_REFUSED, 'L','E','0','8','1', "seal_refused", "A document cannot be sealed or exported: it or the last link of the chain is missing or damaged.", "Find what was altered with erp.verify_chain() and erp.check_integrity().") \
	X(NOT_OPPOSITE, 'L','E','0','9','0', "not_opposite", "The open items to settle are not of one party, account and currency, or do not stand on both sides.", "Name debit and credit items of one party, account and currency; erp.open_items_by_party lists them.") \
	X(ALREADY_SETTLED, 'L','E','0','9','1', "already_settled", "Nothing of the open item is open.", "Name open items that are not settled; erp.open_items_by_party lists them.") \
	X(OVER_SETTLED, 'L','E','0','9','2', "over_settled", "An amount is greater than what is open of its item, or than what stands against it.", "Lower the amount, or leave it out.") \
	X(WRITE_OFF_REFUSED, 'L','E','0','9','3', "write_off_refused", "The rest to write off is greater than the company's limit.", "Settle more of the item, raise the limit with erp.put_company(), or post a bad debt.") \
	X(NOT_UNSETTLED, 'L','E','0','9','4', "not_unsettled", "The settlement cannot be undone: it was undone before, undoes another, follows from another or belongs to a reversal.", "Name settlements that stand; erp.settlement_list shows them.") \
	X(STILL_SETTLED, 'L','E','0','9','5', "still_settled", "An open item of the document to reverse is settled.", "Undo its settlements with erp.unsettle() first.") \
	X(REVIEW_REQUIRED, 'L','E','1','0','0', "review_required", "In this company documents of this kind post from a draft that was reviewed.", "Draft it with erp.draft_voucher(), have it reviewed with erp.review_draft(), then post it with erp.post_draft().") \
	X(OWN_DRAFT, 'L','E','1','0','1', "own_draft", "In this company nobody reviews a draft that he or she prepared.", "Have another member of the reviewing role review it.") \
	X(SIGNATURE_MISSING, 'L','E','1','0','2', "signature_missing", "The draft moves cash, and in this company the cashier signs it before it posts.", "Have it reviewed, then signed with erp.sign_draft().") \
	X(DRAFT_NOT_POSTED, 'L','E','1','0','3', "draft_not_posted", "A draft is posted when its document is in the books, and the document is not.", "Post it with erp.post_draft().") \
	X(DRAFT_FIXED, 'L','E','1','0','4', "draft_fixed", "What a draft says changes only where it is drafted; its company, key and kind never do.", "Draft it again with erp.draft_voucher(), which takes it back to be reviewed.") \
	X(DRAFTS_OPEN, 'L','E','1','0','5', "drafts_open", "A period does not close while drafts of its days are neither posted nor withdrawn.", "Post or withdraw them; erp.draft_list shows them.") \
	X(APPROVAL_STATE, 'L','E','2','5','0', "approval_state", "An approval has no such step in its state: it is not pending, was submitted again since, or was refused for good.", "See erp.approval_list for how it stands, and erp.approval_transition for what may be done then.") \
	X(NO_SIGNER, 'L','E','2','5','1', "no_signer", "The caller is no signer of the step at which the approval waits, nor a delegate of one; or withdraws what another submitted.", "See erp.approval_inbox for what waits for the caller, and erp.approval_list for who signs.") \
	X(OWN_APPROVAL, 'L','E','2','5','2', "own_approval", "Who submitted a document does not approve it.", "Have another signer act, or say \"own\": true in the rule with erp.put_approval_rules().") \
	X(SIGNED_BEFORE, 'L','E','2','5','3', "signed_before", "The caller has signed this step of the approval already, and it waits for others.", "See erp.approval_list for who has still to sign.") \
	X(SIGNERS_MISSING, 'L','E','2','5','4', "signers_missing", "A step of a rule of approval asks for more signers than there are: who submits is none, a group has no members who log in and work for the company, or no department above has a head.", "Grant the roles of the step, name a head with erp.put_departments(), or mend the rule with erp.put_approval_rules().") \
	X(NOT_APPROVED, 'L','E','2','5','5', "not_approved", "A document goes on only when it is approved, and it is not.", "See erp.approval_list for who has to sign, or why it was sent back or refused.") \
	X(ROUNDING_REFUSED, 'L','E','1','1','0', "rounding_refused", "The lines of a voucher in a foreign currency, converted one by one, do not balance in the company's currency, and the company allows no such difference.", "Mend the amounts or the rate, or allow the difference with erp.put_company(): rounding_limit, rounding_account.") \
	X(NOT_CORRECTABLE, 'L','E','1','1','1', "not_correctable", "The document to correct has no voucher, is a reversal, or was reversed.", "Name a document whose voucher stands; erp.document_list shows them.") \
	X(STILL_CORRECTED, 'L','E','1','1','2', "still_corrected", "The document to reverse has a supplementary voucher that stands.", "Reverse the supplementary voucher first; erp.correction_list shows it.") \
	X(EXPRESSION_INVALID, 'L','E','1','2','0', "expression_invalid", "A condition, an amount expression or a summary of a posting rule cannot be read.", "Mend it at the position that the message names.") \
	X(EXPRESSION_FAILED, 'L','E','1','2','1', "expression_failed", "A condition or an amount expression of a posting rule divides by zero, or comes to more than an amount can be, for this document.", "Mend the rule with erp.put_posting_rules(): ask for a divisor other than zero first, with \"and\".") \
	X(ENTRIES_DIFFER, 'L','E','1','2','2', "entries_differ", "The entries of posting rules that take an amount together do not add up to it.", "Let the last entry take \"rest\", or see that no two conditions hold at once.") \
	X(CREDIT_LIMIT, 'L','E','1','2','3', "credit_limit", "A sale takes what the party owes above its credit limit.", "Receive a payment first, or raise the limit with erp.put_parties().") \
	X(NO_TERMS_DISCOUNT, 'L','E','1','3','0', "no_terms_discount", "The payment terms of an open item give no discount for a payment of that day.", "Leave the discount out, or give it as an amount.") \
	X(USED_MASTER_DATA, 'L','E','1','4','0', "used_master_data", "What an item, account, company, currency or dimension is, or payment terms say, cannot change once facts stand on it.", "Make a new one, and deactivate this one.") \
	X(RECEIVED_BEFORE, 'L','E','1','6','0', "received_before", "An electronic voucher is received once: its kind, issuer and number, or its file, are in the register.", "Leave it out; erp.electronic_voucher_list shows when it came.") \
	X(NOT_VERIFIED, 'L','E','1','6','1', "not_verified", "The last verification of the electronic voucher does not say that it is valid, or there was none.", "Verify it, and say what came of it with erp.verify_electronic_vouchers().") \
	X(BOOKED_BEFORE, 'L','E','1','6','2', "booked_before", "A voucher that stands rests on the electronic voucher already.", "Reverse that voucher first if it is wrong; erp.electronic_voucher_list names its document.") \
	X(NOT_BOOKABLE, 'L','E','1','6','3', "not_bookable", "The document has no voucher that stands: it posted none, is a reversal, or was reversed.", "Name the document whose voucher rests on the electronic vouchers.") \
	X(LOT_REQUIRED, 'L','E','1','7','0', "lot_required", "An item that is tracked by lot or serial number is moved without one, or one that is not with one.", "Name the lot in \"lot\" of the line, or leave it out; see tracking of erp.item.") \
	X(SERIAL_TAKEN, 'L','E','1','7','1', "serial_taken", "A serial number would be in stock more than once at one time, or a line moves another quantity of it than one.", "Give each piece a serial number of its own, on a line of its own; erp.stock_on_hand shows where it is.") \
	X(STATE_NOT_ALLOWED, 'L','E','1','7','2', "state_not_allowed", "Stock in this state is not moved by lines of this role.", "Change its state with a transfer first; see erp.line_role_state.") \
	X(LOT_DIFFERS, 'L','E','1','7','3', "lot_differs", "A line brings a lot that is there already, with other days.", "Leave \"lot_days\" out, or change the days with erp.put_lots() first.") \
	X(OVER_RECEIVED, 'L','E','1','7','5', "over_received", "More would arrive of a transfer than was sent and has not arrived yet.", "Lower the quantity; erp.transit_list shows what is on its way.") \
	X(NOT_IN_TRANSIT, 'L','E','1','7','6', "not_in_transit", "A dispatch sends goods to a place that is no location of kind in_transit.", "Name such a location in \"to_location\"; make one with erp.put_locations().") \
	X(STOCK_OF_OTHERS, 'L','E','1','7','4', "stock_of_others", "A line gives a value to goods that belong to others.", "Leave amount and cost out, or give 0; or leave \"owner\" out.") \
	X(UNITS_DIFFER, 'L','E','1','8','0', "units_differ", "Two ways to convert between units of an item come to different ratios, or its unit changes while others are measured by it.", "Mend the ratio, so that units of one measure agree; erp.item_units shows them.") \
	X(INEXACT_QUANTITY, 'L','E','1','8','1', "inexact_quantity", "A quantity does not come to an exact quantity of the item's unit with 6 decimals; nothing is rounded.", "Give the quantity in the item's unit, or in a unit that divides it exactly.") \
	X(NO_CONVERSION, 'L','E','1','8','2', "no_conversion", "The unit of a line does not convert into the unit of its item.", "Say what it holds with erp.put_item_units(), or use another unit; erp.item_units shows them.") \
	X(SECOND_QUANTITY, 'L','E','1','8','3', "second_quantity", "A line lacks the quantity in the second unit of its item, or has one that it should not have, or leaves a place with something of one quantity and nothing of the other.", "Give what was weighed or counted; the line that takes the last goods takes all that is left of both.") \
	X(BARCODE_INVALID, 'L','E','1','8','4', "barcode_invalid", "A barcode cannot be read: a check digit is wrong, an application identifier is unknown, or its value does not fit.", "Scan it again, or mend the number.") \
	X(VARIANT_REFUSED, 'L','E','1','8','5', "variant_refused", "A variant is no combination of its template's values, or another item is it already.", "Name a value of each attribute, and a code that no other item has; erp.item_variants shows them.") \
	X(MONTH_NOT_RUN, 'L','E','1','8','6', "month_not_run", "The cost of a month is run after that of the months before it.", "Run the cost of the earlier month first, with erp.run_month_cost().") \
	X(NO_STANDARD_COST, 'L','E','1','8','7', "no_standard_cost", "An item by standard cost moves before it has a standard cost.", "Put its cost in force from an earlier day, with erp.put_standard_costs().") \
	X(CONSUMED_BEFORE, 'L','E','1','9','0', "consumed_before", "What a production issue consumed was taken over by a production receipt that stands.", "Name issues that no receipt took over, or reverse that receipt first.") \
	X(STILL_CONSUMED, 'L','E','1','9','1', "still_consumed", "A production receipt that stands took over what the production issue to reverse consumed.", "Reverse the receipt first.") \
	X(NOT_CONSUMABLE, 'L','E','1','9','2', "not_consumable", "What a production receipt names is no production issue, is later than the receipt, is a reversal, or was reversed.", "Name production issues that stand and are not later.") \
	X(VALUES_CIRCLE, 'L','E','1','9','3', "values_circle", "Items are made of each other within one month by monthly average, or while their stock is below zero, so that none of their costs is known before the others.", "Give one of them another costing method, move what closes the circle into another month, or receive what is below zero first.") \
	X(NO_RECEIPT, 'L','E','1','9','4', "no_receipt", "What a line adds to the cost of is no receipt that stands: it is unknown, brought no goods, returns some, was reversed, is later, or stands in the same call.", "Name lines that brought goods in, by documents that were posted before and stand.") \
	X(COST_REFUSED, 'L','E','1','9','5', "cost_refused", "An amount cannot be spread, or would take the cost of a receipt below zero.", "Choose another basis, give the items a weight or a volume, or lower the amount.") \
	X(STILL_COSTED, 'L','E','1','9','6', "still_costed", "The document to reverse has landed costs, bills or receipts that stand.", "Reverse them first; erp.document_link names them.") \
	X(BILLED_AHEAD, 'L','E','1','9','7', "billed_ahead", "A bill is of more than was received and is not billed yet, and the company refuses that.", "Receive the goods first, or let bills come ahead with erp.put_company(): bill_ahead.") \
	X(BILL_DIFFERS, 'L','E','1','9','8', "bill_differs", "A receipt that fulfils a bill brings more than the bill waits for, or at another amount.", "Receive what the bill says, at its amount, and the rest by a line that names no bill.") \
	X(METHOD_REFUSED, 'L','E','2','1','0', "method_refused", "An item cannot be costed by the method that is asked for: it is already, its pools of cost do not suit it, or it was by another method on that day.", "Name another method or day; what pools of cost an item has never changes once it moved.") \
	X(METHOD_TOO_EARLY, 'L','E','2','1','1', "method_too_early", "What the stock of an item is worth was stated for a later day: by another change of method, a standard cost or the cost of a month.", "Change the method from a later day on.") \
	X(METHOD_AMID_MONTH, 'L','E','2','1','2', "method_amid_month", "To monthly average, and from it, a method changes with the first day of a period.", "Name the first day of a period.") \
	X(POOL_TOO_EARLY, 'L','E','2','1','3', "pool_too_early", "A pool of cost would begin before a change of method, or a standard cost, that left it out.", "Date the document behind that; or make the call again, where a pool was opened at the same time.") \
	X(METHOD_BELOW_ZERO, 'L','E','2','1','4', "method_below_zero", "A pool of cost of the item is below zero where its costing method changes.", "Receive what covers it before that day, or change the method from a day on which nothing is below zero.") \
	X(NOT_RESERVED, 'L','E','2','0','0', "not_reserved", "Less is reserved for the demand than is to be moved.", "Move no more than is reserved; erp.reservation_list shows it.") \
	X(OTHER_ITEM_EXPECTED, 'L','E','2','0','1', "other_item_expected", "The line of what is expected brings another item.", "Put that line to quantity 0, and expect the new item under another line.") \
	X(WITH_OTHERS, 'L','E','2','1','5', "with_others", "A line brings goods to, or takes them from, a location of lent, consigned or shipped goods otherwise than by a loan, a consignment delivery, a shipment or a line that names one; or one of these goes elsewhere.", "Name the line that brought the goods as \"origin\" (erp.loan_list and erp.shipped_not_billed show it); a loan goes to a location of kind lent, a delivery to one of kind consignment, a shipment to one of kind shipped.") \
	X(OVER_RETURNED, 'L','E','2','1','6', "over_returned", "More would be returned, sold, bought or lost of a loan, a consignment delivery, a shipment or a borrowing than is still out of it.", "Lower the quantity; erp.loan_list and erp.shipped_not_billed show what is out.") \
	X(OTHER_PARTY, 'L','E','2','1','7', "other_party", "A document is of another party than the loan, delivery or borrowing that its line names, or its goods belong to another.", "Give the document the party of what it names.") \
	X(OVER_STATED, 'L','E','2','1','8', "over_stated", "A statement of consigned goods is of more than was withdrawn and is not billed yet, or names no withdrawal.", "Name withdrawals and lower the quantity; erp.received_not_billed shows what is open.") \
	X(OVER_APPROVED, 'L','E','2','1','9', "over_approved", "An approval clears more than is pending of the adjustment that it names, or that has nothing pending on its account.", "Lower the amount; erp.pending_adjustments shows what is pending.") \
	X(EXPIRED, 'L','E','2','2','0', "expired", "Goods of a lot whose last day (the earlier of its removal and its expiry day) is before the day of the document would be issued to a customer.", "Issue another lot, scrap this one, or have a member of erp_warehouse say \"allow_expired\": true on the line; see issue_expired of erp.put_items() and erp.put_company().") \
	X(NOT_FOLLOWED, 'L','E','2','2','1', "not_followed", "Reservations would follow goods into another state, to another owner, or out on loan or consignment, where nothing is reserved.", "Release them with erp.release(), or carry goods that are free.") \
	X(PENDING_AT_CLOSE, 'L','E','2','2','2', "pending_at_close", "A period closes, or its last day comes under the hard lock, while goods found or lost by its end wait on the pending account: in the last period of a fiscal year, or where the company refuses it in all.", "Approve them with documents of kind adjustment_approval; erp.pending_adjustments shows them. A company that only wants to be warned says so with erp.put_company(): pending_at_close.") \
	X(IDENTIFIER_WRONG, 'L','E','2','2','5', "identifier_wrong", "An identifier of a party is not of the form of its scheme, or has a wrong check digit.", "Copy it again from its certificate or invoice. A VAT number begins with the two letters of its country; a number of another scheme is given under that scheme's own name.") \
	X(NO_WORKING_DAY, 'L','E','2','3','0', "no_working_day", "A business calendar has no day that is worked for more than 400 days.", "Say in it when work goes on, with erp.put_business_calendars().") \
	X(OVER_CREDITED, 'L','E','2','2','3', "over_credited", "A credit note of a supplier is of more of a receipt than bills that stand are of, less what was credited before.", "Lower the quantity; erp.document_link has what was billed and credited. What was billed ahead of a receipt is taken back by the reversal of the bill.") \
	X(OVER_SENT_BACK, 'L','E','2','2','4', "over_sent_back", "A supplier return is of more than its receipt brought, as amended, less what has gone back before.", "Lower the quantity, or name the other receipts that the goods came with; erp.received_not_billed and erp.document_link have what was received and sent back.") \
	X(NO_SHIPMENT, 'L','E','2','6','0', "no_shipment", "The line that an invoice bills, or goods come back from, is no line of a sales_shipment, or the one that a shipment fulfils bills nothing ahead: of the same customer, item and currency, that stands.", "Name such a line; erp.shipped_not_billed and erp.billed_not_shipped list them.") \
	X(OVER_BILLED, 'L','E','2','6','1', "over_billed", "More would be billed of a shipment, brought back of it unbilled, or shipped of what was invoiced ahead, than is open of that.", "Lower the quantity; erp.shipped_not_billed and erp.billed_not_shipped show what is open.") \
	X(WRONG_SHIPMENT, 'L','E','2','6','2', "wrong_shipment", "Goods are shipped by a kind that makes them revenue at another time than the company does.", "Post a shipment where revenue_at of the company is invoice, a sales_shipment where it is shipment, or where the line names what was invoiced ahead.") \
	X(RETURN_CAPPED, 'L','E','2','6','3', "return_capped", "More would come back of a line than it issued, and the company refuses that.", "Lower the quantity, name the other lines that issued the goods, or let returns be of more with erp.put_company(): cap_returns.") \
	X(PRICE_REFUSED, 'L','E','2','4','0', "price_refused", "The price of a line is below its floor or its cost, and the rule refuses that.", "Raise the price, lower the floor with erp.put_price_rules(), or have the rule ask for approval; erp.price() shows the limit and the rule.") \
	X(NO_PRICE, 'L','E','2','4','1', "no_price", "No rule of a price list gives a line a price.", "Give the line a price, or add a rule with erp.put_price_rules().") \
	X(PROMOTION_USED_UP, 'L','E','2','4','2', "promotion_used_up", "A promotion would be used more often than it may be.", "Price the document again: what others have used since is no longer given.") \
	X(PRICE_LISTS_CIRCLE, 'L','E','2','4','3', "price_lists_circle", "A price list would begin from itself, by way of other lists or at once, or from one that is with tax where it is without, or the other way round.", "Let it begin from a list that does not begin from it, and that is with tax or without as it is.") \
	X(ORDER_EXISTS, 'L','E','2','7','0', "order_exists", "There is an order of that code already.", "Give the order another code; erp.order_list shows the orders.") \
	X(OVER_ORDERED, 'L','E','2','7','1', "over_ordered", "More would be shipped, billed or cancelled of a line of an order than is left of it.", "Lower the quantity, or change the order first; erp.order_lines shows what is left.") \
	X(ORDER_STATE, 'L','E','2','7','2', "order_state", "An order is not in a state in which that can be done.", "Release an order that is held; what is closed or cancelled stays so.") \
	X(ORDER_SHORT, 'L','E','2','7','3', "order_short", "Goods of an order that must not wait are missing.", "Order less, or let what is short be required (\"short\": \"require\").") \
	X(BILLED_APART, 'L','E','2','7','4', "billed_apart", "Orders that are to be billed together are not of one customer, currency and terms.", "Bill them apart.") \
	X(NOTHING_TO_BILL, 'L','E','2','7','5', "nothing_to_bill", "Nothing of the orders is shipped and not billed.", "Ship first; erp.order_lines shows what is to be billed.") \
	X(QUOTE_STATE, 'L','E','2','7','6', "quote_state", "A quote or a contract is not in a state in which that can be done, or its text is another.", "A quote is drafted, sent, and accepted once; another version takes its place until then.") \
	X(QUOTE_TOKEN, 'L','E','2','7','7', "quote_token", "The token is of no quote that waits to be accepted.", "A quote is accepted once, and only its latest version; send it again for another token.") \
	X(QUOTE_EXPIRED, 'L','E','2','7','8', "quote_expired", "A quote is accepted after its last day.", "Write another version of it.")

/* The names that C uses, e.g. ERRCODE_ERP_UNBALANCED. */
#define ERP_ERROR_CODE(symbol, a, b, c, d, e, name, meaning, cure) \
	ERRCODE_ERP_##symbol = MAKE_SQLSTATE(a, b, c, d, e),
enum ErpErrorCode
{
	ERP_ERROR_LIST(ERP_ERROR_CODE)
};
#undef ERP_ERROR_CODE

#endif
