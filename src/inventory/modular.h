/*
 * Arithmetic modulo primes just below 2^31: what is too long for a machine
 * word is known by its remainders by enough of them. Needs no server.
 */
#ifndef ERP_MODULAR_H
#define ERP_MODULAR_H

#include "core/compat.h"

/* There are so many, each of more than PRIME_BITS bits. */
#define PRIMES_MAX 1024
#define PRIME_BITS 30

/* The prime of a number from 0, descending from 2^31 - 1. */
extern uint32 PrimeNumber(int number);

/* The remainder of a number of either sign, from 0 to prime - 1. */
extern uint32 Remainder(int128 value, uint32 prime);

/*
 * Solves linear equations modulo a prime: rows of `unknowns` factors and, behind them, the right side, which are used up. numerators[] are
 * the determinants of Cramer's rule, of each unknown and behind them that of all. False where elimination in the order of the rows meets a zero.
 */
extern bool SolveModulo(uint32 *rows, int unknowns, uint32 prime, uint32 *numerators);

/* For each of several primes what the product of those before it is inverse to, modulo that prime. */
extern void InversesOfProducts(const uint32 *primes, int count, uint32 *inverses);

/*
 * The digits of the one number from 0 to the product of the primes - 1 that has these remainders (Chinese remainder theorem): the number is
 * digits[0] + primes[0] x (digits[1] + primes[1] x (digits[2] + ...)). inverses are those of InversesOfProducts().
 */
extern void DigitsOfRemainders(const uint32 *remainders, const uint32 *primes, const uint32 *inverses, int count, uint32 *digits);

#endif
