using TheseusSharp.Symbolics;

namespace TheseusSharp.Tests.Oracles;

/// <summary>
/// A number of about 32 decimal digits, held as the unevaluated sum of two doubles: the oracle that formulas written
/// over <see cref="IScalar{T}"/> are checked against.
/// </summary>
/// <remarks>
/// <para>
/// Arithmetic is good to about 2⁻¹⁰⁴ and elementary functions to 1e-30, relative to the result, as long as no quantity
/// involved leaves 1e-270 … 1e300 in magnitude (the low half needs 2⁻¹⁰⁶ below the high one). Outside that range, and
/// for sines of angles of 2⁴⁰ and more, results are finite wherever those of <see cref="Math"/> are, and at least
/// about as good. Both halves decide the domain: the arcsine of 1 + 1e-30 is NaN.
/// </para>
/// <para>
/// Sum and product are those of Joldes, Muller and Popescu, "Tight and rigorous error bounds for basic building blocks
/// of double-word arithmetic" (2017), built on Knuth's two-sum and a fused two-product. A value is kept normalised:
/// <paramref name="Hi"/> is the sum rounded to nearest; <paramref name="Lo"/> is 0 if that is zero, infinite or NaN.
/// </para>
/// </remarks>
/// <param name="Hi">The number rounded to double.</param>
/// <param name="Lo">What rounding left.</param>
internal readonly partial record struct DoubleDouble(double Hi, double Lo) : IScalar<DoubleDouble>
{
    public static bool IsSymbolic => false;

    /// <summary>Whether a mask of computed numbers holds.</summary>
    public static bool IsTrue(Mask<DoubleDouble> mask) => mask.Truth.Hi != 0;

    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static explicit operator double(DoubleDouble value) => value.Hi;

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var high = TwoSum(a.Hi, b.Hi);
        var low = TwoSum(a.Lo, b.Lo);
        var sum = FastTwoSum(high.Hi, high.Lo + low.Hi);
        return FastTwoSum(sum.Hi, sum.Lo + low.Lo);
    }

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var product = TwoProduct(a.Hi, b.Hi);
        double cross = Math.FusedMultiplyAdd(a.Lo, b.Hi, Math.FusedMultiplyAdd(a.Hi, b.Lo, a.Lo * b.Lo));
        return FastTwoSum(product.Hi, product.Lo + cross);
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        double first = a.Hi / b.Hi;
        if (first == 0 || !double.IsFinite(first) || !double.IsFinite(b.Hi))
            return first;

        // Long division, a double at a time: each remainder is exact up to rounding far below the quotient's last bit.
        var rest = a - (first * b);
        double second = rest.Hi / b.Hi;
        rest -= second * b;
        var quotient = FastTwoSum(first, second) + (rest.Hi / b.Hi);
        return double.IsNaN(quotient.Hi) ? first : quotient;
    }

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.Hi, -a.Lo);

    public static Mask<DoubleDouble> operator <(DoubleDouble a, DoubleDouble b) => IsLess(a, b);

    public static Mask<DoubleDouble> operator >(DoubleDouble a, DoubleDouble b) => IsLess(b, a);

    public static Mask<DoubleDouble> operator <=(DoubleDouble a, DoubleDouble b) => IsLess(a, b) || IsSame(a, b);

    public static Mask<DoubleDouble> operator >=(DoubleDouble a, DoubleDouble b) => IsLess(b, a) || IsSame(a, b);

    public static Mask<DoubleDouble> EqualTo(DoubleDouble a, DoubleDouble b) => IsSame(a, b);

    public static Mask<DoubleDouble> And(Mask<DoubleDouble> a, Mask<DoubleDouble> b) => IsTrue(a) && IsTrue(b);

    public static Mask<DoubleDouble> Or(Mask<DoubleDouble> a, Mask<DoubleDouble> b) => IsTrue(a) || IsTrue(b);

    public static Mask<DoubleDouble> Not(Mask<DoubleDouble> a) => !IsTrue(a);

    public static DoubleDouble Where(Mask<DoubleDouble> condition, DoubleDouble whenTrue, DoubleDouble whenFalse) =>
        IsTrue(condition) ? whenTrue : whenFalse;

    public static DoubleDouble Sqrt(DoubleDouble x)
    {
        double root = Math.Sqrt(x.Hi);
        if (root == 0 || !double.IsFinite(root))
            return root;

        double rest = Math.FusedMultiplyAdd(-root, root, x.Hi) + x.Lo;
        return FastTwoSum(root, rest / (2 * root));
    }

    public static DoubleDouble Abs(DoubleDouble x) => double.IsNegative(x.Hi) ? -x : x;

    public static DoubleDouble Min(DoubleDouble a, DoubleDouble b) => IsLess(a, b) ? a : b;

    public static DoubleDouble Max(DoubleDouble a, DoubleDouble b) => IsLess(b, a) ? a : b;

    private static bool IsLess(DoubleDouble a, DoubleDouble b) => a.Hi < b.Hi || (a.Hi == b.Hi && a.Lo < b.Lo);

    private static bool IsSame(DoubleDouble a, DoubleDouble b) => a.Hi == b.Hi && a.Lo == b.Lo;

    /// <summary>a + b exactly, whichever is the larger.</summary>
    private static DoubleDouble TwoSum(double a, double b)
    {
        double sum = a + b;
        double roundedB = sum - a;
        return Checked(sum, (a - (sum - roundedB)) + (b - roundedB));
    }

    /// <summary>a + b exactly, if a is zero or not smaller than b in magnitude.</summary>
    private static DoubleDouble FastTwoSum(double a, double b)
    {
        // −0 + 0 would lose the sign of the zero; b may be NaN (0 · ∞) beside an infinite a.
        if (b == 0 || !double.IsFinite(a))
            return new(a, 0);

        double sum = a + b;
        return Checked(sum, b - (sum - a));
    }

    /// <summary>a · b exactly.</summary>
    private static DoubleDouble TwoProduct(double a, double b)
    {
        double product = a * b;
        return Checked(product, Math.FusedMultiplyAdd(a, b, -product));
    }

    /// <summary>The pair, without the NaN (∞ − ∞) that error-free transformations leave beside an infinity.</summary>
    private static DoubleDouble Checked(double hi, double lo) => new(hi, double.IsFinite(hi) && hi != 0 ? lo : 0);

    /// <summary>x · 2ⁿ.</summary>
    private static DoubleDouble ScaleB(DoubleDouble x, int n) =>
        FastTwoSum(Math.ScaleB(x.Hi, n), Math.ScaleB(x.Lo, n));
}
