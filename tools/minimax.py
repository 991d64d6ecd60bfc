#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints the coefficient tables of lowering/linalg/ExpandMath*.cpp.

usage: minimax.py [NAME...]    (default: all; NAME is a table's name without F32 or F64)

A table is the polynomial whose largest weighted error on an interval is smallest (Remez's exchange). Its coefficients
are rounded to the type one after the other, the lowest power first, and the remaining ones fitted again each time.
"""

import sys
from typing import NamedTuple

from mpmath import mp, mpf

mp.prec = 200
POINTS = 1200


class Fit(NamedTuple):
    """A polynomial in x for f, with errors measured as w(x) |f(x) - p(x)|."""

    f: object
    weight: object
    interval: object
    f32: object  # the powers of x that are fitted
    f64: object
    fixed: tuple = ()  # coefficients that are given, as pairs (power, value)


def exchange(xs, values, weights, powers):
    """The best coefficients on the points, and their largest error."""
    count, last = len(powers), len(xs) - 1
    basis = [[x**p for p in powers] for x in xs]
    chosen = [round(last * (1 - float(mp.cos(mp.pi * i / count))) / 2) for i in range(count + 1)]
    best = None
    for _ in range(30):
        rows = [[b * weights[i] for b in basis[i]] + [(-1) ** k] for k, i in enumerate(chosen)]
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix([values[i] * weights[i] for i in chosen]))
        coefficients = list(solution)[:count]
        error = [(values[i] - mp.fdot(coefficients, basis[i])) * weights[i] for i in range(last + 1)]
        chosen = extrema(error)
        largest = max(abs(error[i]) for i in chosen)
        if best is None or largest < best[1]:
            best = (coefficients, largest)
        while len(chosen) > count + 1:
            drop_least(chosen, error, len(chosen) - count - 1)
        if len(chosen) < count + 1 or largest <= abs(solution[count]) * (1 + mpf(10) ** -4):
            break
    return best


def extrema(error):
    """The index of the largest error in each run of one sign."""
    found, start = [], 0
    for i in range(1, len(error) + 1):
        if i == len(error) or (error[i] >= 0) != (error[start] >= 0):
            found.append(max(range(start, i), key=lambda k: abs(error[k])))
            start = i
    return found


def drop_least(chosen, error, surplus):
    """Removes the extremum that matters least, with a neighbour if signs would no longer alternate."""
    least = min(range(len(chosen)), key=lambda k: abs(error[chosen[k]]))
    if least in (0, len(chosen) - 1):
        del chosen[least]
    elif surplus == 1:
        del chosen[0 if abs(error[chosen[0]]) < abs(error[chosen[-1]]) else -1]
    else:
        left = abs(error[chosen[least - 1]]) < abs(error[chosen[least + 1]])
        first = least - 1 if left else least
        del chosen[first : first + 2]


def rounded(value, bits):
    with mp.workprec(bits):
        return +value


def solve(fit, powers, bits):
    """Rounded coefficients by power, the error before rounding and after."""
    low, high = map(mpf, fit.interval)
    xs = [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * i / (POINTS - 1)) for i in range(POINTS)]
    weights = [abs(fit.weight(x)) for x in xs]
    values = [fit.f(x) - sum(c * x**p for p, c in fit.fixed) for x in xs]
    powers, result, ideal, previous = list(powers), dict(fit.fixed), None, None
    while powers:
        coefficients, error = exchange(xs, values, weights, powers)
        ideal = ideal or error
        if previous:  # the exchange may stall on an awkward rest: then the earlier fit is kept
            rest = [v - mp.fdot(previous, [x**p for p in powers]) for v, x in zip(values, xs, strict=True)]
            if max(abs(r * w) for r, w in zip(rest, weights, strict=True)) < error:
                coefficients = previous
        power, value = powers.pop(0), rounded(coefficients[0], bits)
        result[power], previous = value, coefficients[1:]
        values = [v - value * x**power for v, x in zip(values, xs, strict=True)]
    return result, ideal, max(abs(v * w) for v, w in zip(values, weights, strict=True))


def series_in_square(f, sign=1):
    """(f(x)/x - 1) / z and its weight for relative errors of f, as functions of z = x^2."""
    third = mp.taylor(f, 0, 3)[3]

    def quotient(z):
        x = mp.sqrt(z)
        return (f(x) / x - 1) / z if z > mpf(10) ** -12 else third

    return quotient, lambda z: z * mp.sqrt(z) / f(mp.sqrt(z)) if z else mpf(0)


def near_zero(f, at_zero):
    return lambda x: f(x) if abs(x) > mpf(10) ** -12 else mpf(at_zero)


LN2 = mp.ln(2)
HALF_LN2 = LN2 / 2 * mpf("1.0005")
QUARTER = (mp.pi / 4 * mpf("1.0005")) ** 2
THIRD = mpf(1) / 3 + mpf(2) ** -20
LOG_S = ((3 - 2 * mp.sqrt(2)) * mpf("1.0001")) ** 2


def log_ratio(z):
    """log((1 + s) / (1 - s)) / s for s^2 = z."""
    s = mp.sqrt(z)
    return mp.log((1 + s) / (1 - s)) / s if z > mpf(10) ** -30 else 2 + 2 * z / 3


def erfc_in_q(center, top):
    def a(q):
        return center * (1 + q) / (1 - q)

    def f(q):
        return mp.exp(a(q) ** 2) * mp.erfc(a(q)) * (a(q) + center)

    return f, lambda q: 1 / f(q), (-1, (mpf(top) - center) / (mpf(top) + center))


FITS = {
    "exp": Fit(mp.exp, lambda x: mp.exp(-x), (-HALF_LN2, HALF_LN2), range(2, 7), range(2, 12), ((0, 1), (1, 1))),
    "expM1": Fit(
        near_zero(lambda x: (mp.expm1(x) - x) / x**2, 0.5),
        near_zero(lambda x: x**2 / mp.expm1(x), 0),
        (-HALF_LN2, HALF_LN2),
        range(5),
        range(11),
    ),
    "exp2": Fit(lambda x: 2**x, lambda x: 2**-x, (mpf("-.50025"), mpf(".50025")), range(1, 7), range(1, 12), ((0, 1),)),
    "sinh": Fit(*series_in_square(mp.sinh), (0, 1), range(4), range(7)),
    "log": Fit(
        near_zero(lambda x: (mp.log1p(x) - x + x * x / 2) / x**3, mpf(1) / 3),
        near_zero(lambda x: x**3 / mp.log1p(x), 0),
        (-THIRD, THIRD),
        range(8),
        (),
    ),
    "logRatio": Fit(lambda z: (log_ratio(z) - 2) / z if z else mpf(2) / 3, lambda z: z / 2, (0, LOG_S), (), range(7)),
    "log2Tail": Fit(
        lambda z: ((log_ratio(z) - 2) / z - mpf(2) / 3) / z / LN2 if z > mpf(10) ** -12 else 2 / (5 * LN2),
        lambda z: z * z * LN2 / 2,
        (0, LOG_S),
        range(3),
        range(7),
    ),
    "inverseCubeRoot": Fit(lambda x: 1 / mp.cbrt(x), mp.cbrt, (1, 2), range(5), ()),
    "sin": Fit(*series_in_square(mp.sin), (0, QUARTER), range(3), range(6)),
    "cos": Fit(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z > mpf(10) ** -12 else mpf(1) / 24,
        lambda z: z * z / mp.cos(mp.sqrt(z)),
        (0, QUARTER),
        range(3),
        range(6),
    ),
    "tan": Fit(*series_in_square(mp.tan), (0, QUARTER), range(7), range(14)),
    "asin": Fit(*series_in_square(mp.asin), (0, mpf(1) / 4), range(5), range(13)),
    "atan": Fit(*series_in_square(mp.atan), (0, 1), range(9), range(20)),
}


def erf_fits():
    """erf and erfc have other intervals for the two types."""
    slope = 2 / mp.sqrt(mp.pi)
    for bits, top, count in ((24, mpf(".82"), 6), (53, mpf(1), 12)):

        def small(z):
            return mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1 if z > mpf(10) ** -30 else slope - 1

        yield "erf", bits, Fit(small, lambda z, f=small: 1 / (f(z) + 1), (0, top**2), range(count), range(count))
    large = Fit(
        lambda x: mp.log(mp.erfc(x), 2) / x,
        lambda x: mp.erfc(x) * x / mp.erf(x) * LN2,
        (mpf(".78"), 4),
        range(6),
        (),
    )
    yield "erfLarge", 24, large
    yield "erfc", 24, Fit(*erfc_in_q(3, "10.3"), range(10), ())
    yield "erfc", 53, Fit(*erfc_in_q(4, "27.5"), (), range(23))


def all_fits():
    for name, fit in FITS.items():
        yield name, 24, fit
        yield name, 53, fit
    yield from erf_fits()


def main(names):
    for name, bits, fit in all_fits():
        powers = fit.f32 if bits == 24 else fit.f64
        if not powers or (names and name not in names):
            continue
        result, ideal, error = solve(fit, powers, bits)
        print(f"// {name}{'F32' if bits == 24 else 'F64'}: error 2^{float(mp.log(error, 2)):.1f}", end="")
        print(f", 2^{float(mp.log(ideal, 2)):.1f} before rounding")
        print("{" + ", ".join(float(result[p]).hex() for p in sorted(result)) + "}")


if __name__ == "__main__":
    main(sys.argv[1:])
