"""Derives the polynomials and split constants of the inlined elementary functions, and prints them as C#.

    python3 tools/polynomials.py > src/TheseusSharp/Kernels/Polynomials.cs
    python3 tools/polynomials.py --check     # verifies that file instead

Every function here is a power series F(u) = a(0) + a(1)·u + a(2)·u² + … in its variable u; the odd functions take
their argument out as a factor first. The first `kept` terms stay as they are and the rest becomes u^kept · P(u), where
P is the polynomial of lowest degree whose error, relative to the final function and with its coefficients rounded to
the target's precision, meets the bound.
"""

import functools
import math
import pathlib
import re
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from typing import Callable, NamedTuple

getcontext().prec = 110

OUTPUT = pathlib.Path(__file__).parent.parent / "src/TheseusSharp/Kernels/Polynomials.cs"
GRID = 601  # Odd, so that a symmetric grid does not contain 0, where the weight vanishes.
BEAM = 4  # How many of the best roundings of the leading coefficients are followed up.
BITS = {"Double": 53, "Single": 24}


class Function(NamedTuple):
    name: str
    formula: str
    argument: str
    limit: float  # of the argument's magnitude
    limit_text: str
    odd: bool
    kept: int
    series: Callable[[int], Fraction]
    reference: Callable[[float], float]  # the same function from the math module, a guard of the series
    squared: bool = True  # u is the argument squared, rather than the argument itself
    bounds: dict = {"Double": -57, "Single": -28}  # log2 of the greatest relative error
    relative_to: str = ""  # what the error is relative to, if not the final function: its first term


LOG = dict(argument="s", limit=1.01 * math.tan(math.pi / 8) ** 2, limit_text="1.01·tan²(π/8)", odd=True,
           series=lambda k: Fraction(2, 2 * k + 1), reference=lambda s: math.log((1 + s) / (1 - s)))

FUNCTIONS = [
    Function("Sin", "sin r ≈ r + r·u·P(u), u = r²", "r", 1.01 * math.pi / 4, "1.01·π/4", True, 1,
             lambda k: Fraction((-1) ** k, math.factorial(2 * k + 1)), math.sin),
    Function("Cos", "cos r ≈ 1 − u/2 + u²·P(u), u = r²", "r", 1.01 * math.pi / 4, "1.01·π/4", False, 2,
             lambda k: Fraction((-1) ** k, math.factorial(2 * k)), math.cos),
    Function("Atan", "atan t ≈ t + t·u·P(u), u = t²", "t", 1.01 * math.tan(math.pi / 8), "1.01·tan(π/8)", True, 1,
             lambda k: Fraction((-1) ** k, 2 * k + 1), math.atan),
    Function("Asin", "asin x ≈ x + x·u·P(u), u = x²", "x", 0.505, "0.505", True, 1,
             lambda k: Fraction(math.comb(2 * k, k), 4 ** k * (2 * k + 1)), math.asin),
    Function("Exp", "exp r ≈ 1 + r + r²·P(r)", "r", 1.01 * math.log(2) / 2, "1.01·ln2/2", False, 2,
             lambda k: Fraction(1, math.factorial(k)), math.exp, squared=False),
    Function("Log", "log((1+s)/(1−s)) ≈ 2s + s·u·P(u), u = s²", kept=1, **LOG),
    Function("LogTail", "log((1+s)/(1−s)) ≈ 2s + ⅔s³ + s³·u·P(u), u = s²", kept=2, **LOG,
             bounds={"Double": -68, "Single": -36}, relative_to="2s"),
]

PI = sum(Decimal(factor * (-1) ** k) / ((2 * k + 1) * n ** (2 * k + 1))
         for factor, n in ((16, 5), (-4, 239)) for k in range(80))  # Machin: 16 atan(1/5) − 4 atan(1/239)
LN2 = Decimal(2).ln()


def split_constants():
    """(value, wording, [(part's name, significant bits)], log2 of the greatest relative error of the parts' sum)"""
    # The first two parts end at 2⁻⁵³, the last bit of an argument of ½ and more: what is left of it then is exact.
    yield PI / 2, "π/2", [("HalfPi1", 33), ("HalfPi2", 20), ("HalfPi3", 36), ("HalfPi4", 53)], -140
    yield LN2, "ln 2", [("Ln2Hi", 42), ("Ln2Lo", 53)], -90
    yield 2 / PI, "2/π", [("TwoOverPi", 53)], -53
    yield 1 / LN2, "log2 e", [("Log2E", 53), ("Log2ELo", 53)], -104
    yield PI / 2, "π/2", [*((f"HalfPi{i}Single", 11) for i in (1, 2, 3)), ("HalfPi4Single", 24)], -60
    yield LN2, "ln 2", [("Ln2HiSingle", 15), ("Ln2LoSingle", 24)], -40
    for suffix, bits in ("", 53), ("Single", 24):
        for value, text, name in [(PI / 4, "π/4", "QuarterPi"), (PI / 2, "π/2", "HalfPi"), (PI, "π", "Pi"),
                                  (Decimal(2) / 3, "⅔, for LogTail", "TwoThirds")]:
            yield value, text, [(f"{name}Hi{suffix}", bits), (f"{name}Lo{suffix}", bits)], -2 * bits


def horner(coefficients, u):
    return functools.reduce(lambda value, coefficient: value * u + coefficient, reversed(coefficients), Decimal(0))


def terms_of(function):
    return [Decimal(term.numerator) / term.denominator for term in map(function.series, range(200))]


def series_sum(terms, u):
    """terms[0] + terms[1]·u + … to full precision."""
    total, power = Decimal(0), Decimal(1)
    for term in terms:
        total += term * power
        if abs(term * power) < abs(total) * Decimal("1e-100"):
            return total
        power *= u
    raise ArithmeticError("the series is too short")


def samples(function, count):
    """(u, P's target, P's weight) at Chebyshev nodes; weight · |P − target| is the error that is bounded."""
    low, high = (0.0, function.limit ** 2) if function.squared else (-function.limit, function.limit)
    terms, points = terms_of(function), []
    for i in range(count + 1):
        u = Decimal((low + high) / 2 - (high - low) / 2 * math.cos(math.pi * i / count))
        if u != 0:
            whole = terms[0] if function.relative_to else series_sum(terms, u)
            points.append((u, series_sum(terms[function.kept:], u), u ** function.kept / whole))
    return points


def solve(rows):
    """Gauss-Jordan elimination with partial pivoting; each row ends with its right-hand side."""
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda j: abs(rows[j][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [a / rows[i][i] for a in rows[i]]
        for j in (*range(i), *range(i + 1, len(rows))):
            rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i])]
    return [row[-1] for row in rows]


def alternation(points, coefficients, count):
    """The errors (error, point) of greatest size, `count` of them, that alternate in sign."""
    extrema = []
    for point in points:
        u, target, weight = point
        error = weight * (target - horner(coefficients, u))
        if not extrema or (error > 0) != (extrema[-1][0] > 0):
            extrema.append((error, point))
        elif abs(error) > abs(extrema[-1][0]):
            extrema[-1] = error, point
    while len(extrema) > count:  # Drop the least, at an end alone and elsewhere with its lesser neighbour.
        sizes = [abs(error) for error, _ in extrema]
        least, last = sizes.index(min(sizes)), len(sizes) - 1
        if len(extrema) == count + 1 or least in (0, last):
            del extrema[0 if sizes[0] < sizes[last] else last]
        else:
            start = least - 1 if sizes[least - 1] < sizes[least + 1] else least
            del extrema[start:start + 2]
    return extrema


def remez(points, degree):
    """The minimax polynomial on the points (u, target, weight), and its greatest weighted error."""
    if degree < 0:
        return [], max(abs(weight * target) for _, target, weight in points)
    chosen = [points[len(points) * (i + 1) // (degree + 3)] for i in range(degree + 2)]
    while True:
        # At the chosen points: P(u) ± level / weight = target, with alternating signs.
        *coefficients, level = solve(
            [[weight * u ** k for k in range(degree + 1)] + [(-1) ** i, weight * target]
             for i, (u, target, weight) in enumerate(chosen)])
        extrema = alternation(points, coefficients, degree + 2)
        greatest = max(abs(error) for error, _ in extrema)
        if greatest <= abs(level) * Decimal("1.0001"):
            return coefficients, greatest
        chosen = [point for _, point in extrema]


def neighbours(value, bits):
    """The two numbers of `bits` significant bits around the value, the nearer first."""
    scale = Decimal(2) ** (bits - math.frexp(value)[1])
    below = math.floor(value * scale)
    return sorted((below / scale, (below + 1) / scale), key=lambda number: abs(number - value))


def rounded_fit(points, degree, bits):
    """Rounds the coefficients lowest first, refitting those that remain after each; the best few choices live on."""
    states = [([], points, *remez(points, degree))]
    for remaining in range(degree - 1, -2, -1):
        children = []
        for fixed, targets, coefficients, _ in states:
            for choice in neighbours(coefficients[0], bits):
                rest = [(u, (target - choice) / u, weight * abs(u)) for u, target, weight in targets]
                children.append((fixed + [choice], rest, *remez(rest, remaining)))
        states = sorted(children, key=lambda state: state[-1])[:BEAM]
    return states[0][0]


def derive(function, kind):
    """The coefficients of lowest degree that meet the bound, and log2 of their error."""
    points, dense, bound = samples(function, GRID), samples(function, 5 * GRID), function.bounds[kind]
    for degree in range(30):
        if math.log2(remez(points, degree)[1]) <= bound:
            coefficients = rounded_fit(points, degree, BITS[kind])
            error = math.log2(max(weight * abs(horner(coefficients, u) - target) for u, target, weight in dense))
            if error <= bound:
                return coefficients, error
    raise ArithmeticError(f"no polynomial for {function.name}{kind}")


def generate():
    print("// Generated by tools/polynomials.py; do not edit.\n\nnamespace TheseusSharp.Kernels;\n")
    print("/// <summary>Polynomials, lowest degree first, and constants of the inlined elementary functions.</summary>")
    print("internal static class Polynomials\n{")
    for value, text, parts, _ in split_constants():
        for index, (name, bits) in enumerate(parts):
            precision = BITS["Single" if name.endswith("Single") else "Double"]
            part = neighbours(value, bits)[0]
            value -= part
            what = text if len(parts) == 1 else f"Part {index + 1} of {len(parts)} of {text}"
            note = f": k times it is exact for |k| ≤ 2^{precision - bits}" if bits < precision else ""
            print(f"    /// <summary>{what}, to {bits} bits{note}.</summary>")
            print(f"    internal const double {name} = {float(part):.17g};\n")
    for index, (function, kind) in enumerate((f, kind) for f in FUNCTIONS for kind in BITS):
        coefficients, error = derive(function, kind)
        relation = f"error/{function.relative_to}" if function.relative_to else "relative error"
        interval = f"|{function.argument}| ≤ {function.limit_text}"
        print("\n" * (index > 0) + f"    /// <summary>{function.formula}, {interval}; "
              f"{relation} ≤ 2^{math.ceil(error * 10) / 10}.</summary>")
        print(f"    internal static ReadOnlySpan<double> {function.name}{kind} =>\n    [")
        print("".join(f"        {float(c):.17g},\n" for c in coefficients) + "    ];")
    print("}")


def check():
    """Verifies the numbers in the C# file, as parsed from it, against the bounds."""
    text = OUTPUT.read_text(encoding="utf-8")
    assert all(len(line) <= 120 for line in text.splitlines())
    constants = {name: Decimal(float(value)) for name, value in re.findall(r"const double (\w+) = (.*);", text)}
    for value, what, parts, bound in split_constants():
        names = [name for name, _ in parts]
        for name, bits in parts:
            assert float(constants[name]) in map(float, neighbours(constants[name], bits)), name
        error = math.log2(abs(sum(constants[name] for name in names) / value - 1))
        print(f"{what} = {' + '.join(names)}: relative error 2^{error:.2f}")
        assert error <= bound
    tables = re.findall(r"(\w+)(Double|Single) =>\s*\[(.*?)\]", text, re.DOTALL)
    assert [name + kind for name, kind, _ in tables] == [f.name + kind for f in FUNCTIONS for kind in BITS]
    for index, (name, kind, body) in enumerate(tables):
        function, coefficients = FUNCTIONS[index // 2], [Decimal(float(c)) for c in body.split(",") if c.strip()]
        assert all(c in neighbours(c, BITS[kind]) for c in coefficients), name
        terms, worst = terms_of(function), Decimal(0)
        for i in (*range(-2000, 0), *range(1, 2001)):
            x = Decimal(function.limit) * i / 2000
            u, factor = x * x if function.squared else x, x if function.odd else 1
            exact = factor * series_sum(terms, u)
            assert math.isclose(exact, function.reference(float(x)), rel_tol=1e-12)
            value = factor * (horner(terms[:function.kept], u) + u ** function.kept * horner(coefficients, u))
            worst = max(worst, abs((value - exact) / (factor * terms[0] if function.relative_to else exact)))
        error = math.log2(worst)
        print(f"{name}{kind}: degree {len(coefficients) - 1}, error 2^{error:.2f}")
        assert error <= function.bounds[kind]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    check() if sys.argv[1:] == ["--check"] else generate()
