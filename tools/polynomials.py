"""Derives the polynomials and split constants of the inlined elementary functions, and prints them as C#.

    python3 tools/polynomials.py > src/TheseusSharp/Kernels/Lowering/Polynomials.cs
    python3 tools/polynomials.py --check     # verifies the committed C# file instead

Every function here is a power series F(u) = a(0) + a(1)·u + a(2)·u² + … in its variable u (for the odd functions,
after one factor of the argument is taken out). The first `kept` terms stay as they are and the rest becomes
u^kept · P(u), where P is the polynomial of lowest degree whose error, relative to the final function and with its
coefficients rounded to the target's precision, meets the bound.
"""

import math
import pathlib
import re
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from typing import Callable, NamedTuple

getcontext().prec = 100

OUTPUT = pathlib.Path(__file__).parent.parent / "src/TheseusSharp/Kernels/Lowering/Polynomials.cs"
GRID = 601  # Odd, so that a symmetric grid does not contain 0, where the weight vanishes.
BEAM = 4
BITS = {"Double": 53, "Single": 24}


class Function(NamedTuple):
    name: str
    formula: str
    argument: str
    limit: float  # of the argument's magnitude
    limit_text: str
    even: bool  # whether u is the argument squared, rather than the argument itself
    kept: int
    series: Callable[[int], Fraction]
    reference: Callable[[float], float]  # the function itself, from the math module, to guard the series
    prefix: Callable[[Decimal], Decimal]  # the final function divided by F
    bounds: dict = {"Double": -57, "Single": -28}  # log2 of the greatest relative error
    whole: str = ""  # what the error is relative to, where not the final function: F's first term


LOG = dict(
    argument="s", limit=1.01 * math.tan(math.pi / 8) ** 2, limit_text="1.01·tan²(π/8)", even=True,
    series=lambda k: Fraction(2, 2 * k + 1), reference=lambda s: math.log((1 + s) / (1 - s)), prefix=lambda s: s)

FUNCTIONS = [
    Function("Sin", "sin r ≈ r + r·u·P(u), u = r²", "r", 1.01 * math.pi / 4, "1.01·π/4", True, 1,
             lambda k: Fraction((-1) ** k, math.factorial(2 * k + 1)), math.sin, lambda r: r),
    Function("Cos", "cos r ≈ 1 − u/2 + u²·P(u), u = r²", "r", 1.01 * math.pi / 4, "1.01·π/4", True, 2,
             lambda k: Fraction((-1) ** k, math.factorial(2 * k)), math.cos, lambda r: Decimal(1)),
    Function("Atan", "atan t ≈ t + t·u·P(u), u = t²", "t", 1.01 * math.tan(math.pi / 8), "1.01·tan(π/8)", True, 1,
             lambda k: Fraction((-1) ** k, 2 * k + 1), math.atan, lambda t: t),
    Function("Asin", "asin x ≈ x + x·u·P(u), u = x²", "x", 0.505, "0.505", True, 1,
             lambda k: Fraction(math.comb(2 * k, k), 4 ** k * (2 * k + 1)), math.asin, lambda x: x),
    Function("Exp", "exp r ≈ 1 + r + r²·P(r)", "r", 1.01 * math.log(2) / 2, "1.01·ln2/2", False, 2,
             lambda k: Fraction(1, math.factorial(k)), math.exp, lambda r: Decimal(1)),
    Function("Log", "log((1+s)/(1−s)) ≈ 2s + s·u·P(u), u = s²", kept=1, **LOG),
    Function("LogTail", "log((1+s)/(1−s)) ≈ 2s + ⅔s³ + s³·u·P(u), u = s²", kept=2, **LOG,
             bounds={"Double": -68, "Single": -36}, whole="2s"),
]


def decimal(value):
    return Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)


def series_sum(coefficients, start, u):
    """The sum of coefficients[k] · u^(k − start) from `start` on, to full precision."""
    total, power = Decimal(0), Decimal(1)
    for coefficient in coefficients[start:]:
        term = coefficient * power
        total += term
        if total and abs(term) < abs(total) * Decimal("1e-100"):
            return total
        power *= u
    raise ArithmeticError("the series is too short")


def horner(coefficients, u):
    value = Decimal(0)
    for coefficient in reversed(coefficients):
        value = value * u + coefficient
    return value


def arguments(function, count):
    """Values of u over the interval, crowded at the ends as Chebyshev nodes are."""
    low, high = (0.0, function.limit ** 2) if function.even else (-function.limit, function.limit)
    nodes = ((low + high) / 2 - (high - low) / 2 * math.cos(math.pi * i / count) for i in range(count + 1))
    return [Decimal(u) for u in nodes if u != 0]


def samples(function, us):
    """(u, target of P, weight of P's error) at each u; weight · |P − target| is the error to be bounded."""
    terms = [decimal(function.series(k)) for k in range(200)]
    for u in us:
        whole = terms[0] if function.whole else series_sum(terms, 0, u)
        yield u, series_sum(terms, function.kept, u), u ** function.kept / whole


def solve(rows):
    """Gaussian elimination with partial pivoting; each row ends with its right-hand side."""
    rows = [list(row) for row in rows]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda j: abs(rows[j][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i])]
    solution = [Decimal(0)] * size
    for i in reversed(range(size)):
        solution[i] = (rows[i][-1] - sum(rows[i][j] * solution[j] for j in range(i + 1, size))) / rows[i][i]
    return solution


def remez(points, degree):
    """The minimax polynomial on the points (u, target, weight), and its greatest weighted error."""
    if degree < 0:
        return [], max(abs(weight * target) for _, target, weight in points)
    reference = [points[len(points) * (i + 1) // (degree + 3)] for i in range(degree + 2)]
    while True:
        # At the reference points: P(u) ± level / weight = target, with alternating signs.
        *coefficients, level = solve(
            [weight * u ** k for k in range(degree + 1)] + [(-1) ** i, weight * target]
            for i, (u, target, weight) in enumerate(reference))
        extrema = []  # the greatest error of each run of one sign
        for point in points:
            error = point[2] * (point[1] - horner(coefficients, point[0]))
            if not extrema or (error > 0) != (extrema[-1][0] > 0):
                extrema.append((error, point))
            elif abs(error) > abs(extrema[-1][0]):
                extrema[-1] = error, point
        sizes = [abs(error) for error, _ in extrema]
        peak = max(sizes)
        while len(extrema) > degree + 2:  # Drop the least ones so that the signs go on alternating.
            least = sizes.index(min(sizes))
            if 0 < least < len(sizes) - 1:
                if len(sizes) == degree + 3:
                    least = 0 if sizes[0] < sizes[-1] else len(sizes) - 1
                else:
                    pair = least if sizes[least + 1] < sizes[least - 1] else least - 1
                    del extrema[pair], sizes[pair]
                    least = pair
            del extrema[least], sizes[least]
        if peak <= abs(level) * Decimal("1.0001"):
            return coefficients, peak
        reference = [point for _, point in extrema]


def neighbours(value, bits):
    """The two numbers of `bits` significant bits around the value, the nearer first."""
    scale = Decimal(2) ** (bits - math.frexp(value)[1])
    below = Decimal(math.floor(value * scale))
    return sorted((below / scale, (below + 1) / scale), key=lambda number: abs(number - value))


def rounded_fit(points, degree, bits):
    """Rounds the coefficients lowest first, refitting those that remain after each; a few best choices live on."""
    states = [([], points, *remez(points, degree))]
    for remaining in range(degree - 1, -2, -1):
        children = []
        for fixed, targets, coefficients, _ in states:
            for choice in neighbours(coefficients[0], bits):
                rest = [(u, (target - choice) / u, weight * abs(u)) for u, target, weight in targets]
                children.append((fixed + [choice], rest, *remez(rest, remaining)))
        states = sorted(children, key=lambda state: state[-1])[:BEAM]
    return states[0][0]


def greatest_error(function, coefficients, us):
    return max(weight * abs(horner(coefficients, u) - target) for u, target, weight in samples(function, us))


def derive(function, kind):
    """The coefficients of lowest degree that meet the bound, and log2 of their error."""
    points, bound = list(samples(function, arguments(function, GRID))), function.bounds[kind]
    for degree in range(1, 30):
        ideal = math.log2(remez(points, degree)[1])
        if ideal > bound:
            shorter = ideal
            continue
        coefficients = rounded_fit(points, degree, BITS[kind])
        error = math.log2(greatest_error(function, coefficients, arguments(function, 5 * GRID)))
        print(f"{function.name}{kind}: degree {degree}, error 2^{error:.2f} (unrounded 2^{ideal:.2f}, "
              f"one degree less 2^{shorter:.2f})", file=sys.stderr)
        if error <= bound:
            return coefficients, error


def arctangent_of_inverse(n):
    return sum(Decimal((-1) ** k) / ((2 * k + 1) * Decimal(n) ** (2 * k + 1)) for k in range(80))


PI = 4 * (4 * arctangent_of_inverse(5) - arctangent_of_inverse(239))
LN2 = Decimal(2).ln()

# Group: (value, its wording, [(name, significant bits, note)], log2 of the greatest error of the parts' sum).
EXACT20, EXACT13 = ("; k times it is exact for |k| < 2^20", "; k times it is exact for |k| < 2^13")
CONSTANTS = [
    (PI / 2, "π/2", [("HalfPi1", 33, EXACT20), ("HalfPi2", 33, EXACT20), ("HalfPi3", 53, "")], -118),
    (LN2, "ln 2", [("Ln2Hi", 42, "; k times it is exact for |k| ≤ 2^11"), ("Ln2Lo", 53, "")], -90),
    *((value, text, [(f"{name}Hi", 53, ""), (f"{name}Lo", 53, "")], -104) for value, text, name in [
        (PI / 4, "π/4", "QuarterPi"), (PI / 2, "π/2", "HalfPi"), (PI, "π", "Pi"),
        (Decimal(2) / 3, "2/3, LogTail's cubic coefficient", "TwoThirds")]),
    (2 / PI, "2/π", [("TwoOverPi", 53, "")], -53),
    (1 / LN2, "log2 e", [("Log2E", 53, ""), ("Log2ELo", 53, "")], -104),
    (PI / 2, "π/2", [("HalfPi1Single", 11, EXACT13), ("HalfPi2Single", 11, EXACT13), ("HalfPi3Single", 11, EXACT13),
                     ("HalfPi4Single", 24, "")], -60),
    (LN2, "ln 2", [("Ln2HiSingle", 15, "; k times it is exact for |k| ≤ 2^9"), ("Ln2LoSingle", 24, "")], -40),
    *((value, text, [(f"{name}HiSingle", 24, ""), (f"{name}LoSingle", 24, "")], -46) for value, text, name in [
        (PI / 4, "π/4", "QuarterPi"), (PI / 2, "π/2", "HalfPi"), (PI, "π", "Pi"),
        (Decimal(2) / 3, "2/3, LogTail's cubic coefficient", "TwoThirds")]),
]


def generate():
    print("// Generated by tools/polynomials.py; do not edit.\n\nnamespace TheseusSharp.Kernels;\n")
    print("/// <summary>Polynomials (lowest degree first) and split constants of the inlined elementary functions."
          "</summary>\ninternal static class Polynomials\n{")
    for value, text, parts, _ in CONSTANTS:
        whole, rest = value, value
        for index, (name, bits, note) in enumerate(parts):
            part = neighbours(rest, bits)[0]
            rest -= part
            what = text if len(parts) == 1 else f"Part {index + 1} of {len(parts)} of {text}"
            single = " in single precision" if name.endswith("Single") else ""
            print(f"    /// <summary>{what}{single}: {bits} bits{note}.</summary>")
            print(f"    internal const double {name} = {float(part):.17g};\n")
    for index, (function, kind) in enumerate((f, kind) for f in FUNCTIONS for kind in BITS):
        coefficients, error = derive(function, kind)
        relative = f"error/{function.whole}" if function.whole else "relative error"
        print("" if index == 0 else "\n", end="")
        print(f"    /// <summary>{function.formula}, |{function.argument}| ≤ {function.limit_text}; "
              f"{relative} ≤ 2^{math.ceil(error * 10) / 10}.</summary>")
        print(f"    internal static ReadOnlySpan<double> {function.name}{kind} =>\n    [")
        print("".join(f"        {float(c):.17g},\n" for c in coefficients) + "    ];")
    print("}")


def check():
    """Verifies the numbers in the C# file, as parsed from it, against the bounds."""
    text = OUTPUT.read_text(encoding="utf-8")
    assert all(len(line) <= 120 for line in text.splitlines())
    constants = {name: Decimal(float(value)) for name, value in re.findall(r"const double (\w+) = (.*);", text)}
    for value, what, parts, bound in CONSTANTS:
        for name, bits, _ in parts:
            assert constants[name] in neighbours(constants[name], bits), name
        error = math.log2(abs(sum(constants[name] for name, _, _ in parts) / value - 1))
        print(f"{what} = {' + '.join(name for name, _, _ in parts)}: relative error 2^{error:.2f}")
        assert error <= bound
    tables = re.findall(r"(\w+)(Double|Single) =>\s*\[(.*?)\]", text, re.DOTALL)
    assert [name + kind for name, kind, _ in tables] == [f.name + kind for f in FUNCTIONS for kind in BITS]
    functions = {function.name: function for function in FUNCTIONS}
    for name, kind, body in tables:
        function, coefficients = functions[name], [Decimal(float(c)) for c in body.split(",") if c.strip()]
        assert all(c in neighbours(c, BITS[kind]) for c in coefficients), name
        worst = Decimal(0)
        for i in range(-2000, 2001):
            x = Decimal(function.limit) * i / 2000
            u = x * x if function.even else x
            exact = function.exact(x)
            kept = horner([decimal(function.series(k)) for k in range(function.kept)], u)
            value = function.prefix(x) * (kept + u ** function.kept * horner(coefficients, u))
            if value != exact:
                worst = max(worst, abs((value - exact) / (2 * x if function.whole else exact)))
        print(f"{name}{kind}: degree {len(coefficients) - 1}, error 2^{math.log2(worst):.2f}")
        assert math.log2(worst) <= function.bounds[kind]


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
        generate()
