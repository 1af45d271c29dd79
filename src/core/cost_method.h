/*
 * How what goes out of stock is costed: by its item. inventory/costing.h says
 * what each method does.
 */
#ifndef ERP_COST_METHOD_H
#define ERP_COST_METHOD_H

typedef enum CostMethod
{
	COST_FIFO,
	COST_MOVING_AVERAGE,
	COST_MONTHLY_AVERAGE,
	COST_SPECIFIC,
	COST_STANDARD,
	COST_METHOD_COUNT
} CostMethod;

/* What shares one pool of cost. */
typedef enum CostPoolScope
{
	POOL_OF_COMPANY,
	POOL_OF_WAREHOUSE,
	POOL_OF_LOT
} CostPoolScope;

#endif
