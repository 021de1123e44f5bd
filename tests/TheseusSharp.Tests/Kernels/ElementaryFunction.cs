using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Kernels;

/// <summary>An elementary function in every arithmetic that is compared; functions of one argument ignore y.</summary>
internal sealed record ElementaryFunction(
    string Name,
    Func<Scalar, Scalar, Scalar> Symbolic,
    Func<double, double, double> InDouble,
    Func<float, float, float> InSingle,
    Func<DoubleDouble, DoubleDouble, DoubleDouble> Exact)
{
    private static readonly ElementaryFunction[] s_all =
    [
        Of("sin", Scalar.Sin, Math.Sin, MathF.Sin, DoubleDouble.Sin),
        Of("cos", Scalar.Cos, Math.Cos, MathF.Cos, DoubleDouble.Cos),
        Of("tan", Scalar.Tan, Math.Tan, MathF.Tan, DoubleDouble.Tan),
        Of("asin", Scalar.Asin, Math.Asin, MathF.Asin, DoubleDouble.Asin),
        Of("acos", Scalar.Acos, Math.Acos, MathF.Acos, DoubleDouble.Acos),
        Of("atan", Scalar.Atan, Math.Atan, MathF.Atan, DoubleDouble.Atan),
        new("atan2", Scalar.Atan2, Math.Atan2, MathF.Atan2, DoubleDouble.Atan2),
        new(
            "atan2 of |y|, |x|", (y, x) => Scalar.Atan2(Scalar.Abs(y), Scalar.Abs(x)),
            (y, x) => Math.Atan2(Math.Abs(y), Math.Abs(x)), (y, x) => MathF.Atan2(Math.Abs(y), Math.Abs(x)),
            (y, x) => DoubleDouble.Atan2(DoubleDouble.Abs(y), DoubleDouble.Abs(x))),
        Of("exp", Scalar.Exp, Math.Exp, MathF.Exp, DoubleDouble.Exp),
        Of("log", Scalar.Log, Math.Log, MathF.Log, DoubleDouble.Log),
        new("pow", Scalar.Pow, Math.Pow, MathF.Pow, DoubleDouble.Pow),
        Of("sqrt", Scalar.Sqrt, Math.Sqrt, MathF.Sqrt, DoubleDouble.Sqrt),
    ];

    public static IEnumerable<string> Names => s_all.Select(function => function.Name);

    /// <summary>The documented accuracy.</summary>
    public double Ulps => Name == "pow" ? 4 : 2;

    public static ElementaryFunction Named(string name) => s_all.Single(function => function.Name == name);

    /// <summary>Whether arguments are within the documented range, where no exact function is needed.</summary>
    public bool IsInRange(Precision precision, double x, double y)
    {
        bool isDouble = precision == Precision.Double;
        double minNormal = isDouble ? 2.2250738585072014e-308 : 1.17549435e-38;
        double max = isDouble ? double.MaxValue : float.MaxValue;
        double exponentLimit = isDouble ? 708 : 87;
        return Name switch
        {
            "sin" or "cos" or "tan" => Math.Abs(x) <= (isDouble ? 1e5 : 8192),
            "exp" => x <= exponentLimit,
            "log" => x >= minNormal && x <= max,

            // Rounding may fall either way at the limit itself; a huge power of 1 is in range only with FMA.
            "pow" => x >= minNormal && x <= max && Math.Abs(y) < 1e30
                && Math.Abs(y * Math.Log(x)) <= exponentLimit * (1 - 1e-6),
            "atan2" or "atan2 of |y|, |x|" => Math.Max(Math.Abs(x), Math.Abs(y)) <= max / 8,
            _ => true,
        };
    }

    /// <summary>How many units in the last place a result is off; 0 if it is the special value of Math.</summary>
    public double Error(Precision precision, double x, double y, double found)
    {
        double standard = precision == Precision.Double ? InDouble(x, y) : InSingle((float)x, (float)y);
        if (!double.IsFinite(standard) || !double.IsFinite(found))
            return Bits.Of(found) == Bits.Of(standard) ? 0 : double.PositiveInfinity;
        if (precision == Precision.Single)
            return Math.Abs(found - InDouble(x, y)) / Ulp(InDouble(x, y), 23, -126);
        DoubleDouble exact = Exact(x, y);
        return Math.Abs((found - exact).Hi) / Ulp(exact.Hi, 52, -1022);
    }

    public override string ToString() => Name;

    private static ElementaryFunction Of(
        string name, Func<Scalar, Scalar> symbolic, Func<double, double> inDouble, Func<float, float> inSingle,
        Func<DoubleDouble, DoubleDouble> exact) =>
        new(name, (x, _) => symbolic(x), (x, _) => inDouble(x), (x, _) => inSingle(x), (x, _) => exact(x));

    private static double Ulp(double value, int significandBits, int minExponent) =>
        Math.ScaleB(1, Math.Max(value == 0 ? minExponent : Math.ILogB(value), minExponent) - significandBits);
}
