import type { Rational } from '../schema/video.js';

/** The fraction num / den in lowest terms. Both must be integers, `den` positive. */
export function rational(num: number, den: number): Rational {
  const divisor = gcd(Math.abs(num), den);
  return { num: num / divisor, den: den / divisor };
}

/** The product of two fractions in lowest terms. */
export function multiply(a: Rational, b: Rational): Rational {
  // Cross-reduced first: the products of the parts as they are could exceed what a number holds exactly.
  const [left, right] = [rational(a.num, b.den), rational(b.num, a.den)];
  return rational(left.num * right.num, left.den * right.den);
}

/** a / b in lowest terms; `b` must be positive. */
export function divide(a: Rational, b: Rational): Rational {
  return multiply(a, { num: b.den, den: b.num });
}

/** The smallest integer ≥ n × factor, exactly. */
export function ceilTimes(n: number, factor: Rational): number {
  const [num, den] = [BigInt(n) * BigInt(factor.num), BigInt(factor.den)];
  const quotient = num / den;
  return Number(num > 0n && num % den !== 0n ? quotient + 1n : quotient);
}

/** The largest integer ≤ n × factor, exactly. */
export function floorTimes(n: number, factor: Rational): number {
  return -ceilTimes(-n, factor);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
