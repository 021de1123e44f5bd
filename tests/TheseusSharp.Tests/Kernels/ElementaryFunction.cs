using System.Diagnostics.CodeAnalysis;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Kernels;

/// <summary>An elementary function in every arithmetic that the tests compare; functions of one argument ignore y.</summary>
internal sealed record ElementaryFunction(
    string Name,
    Func<Scalar, Scalar, Scalar> Symbolic,
    Func<double, double, double> InDouble,
    Func<float, float, float> InSingle,
    Func<DoubleDouble, DoubleDouble, DoubleDouble> Exact)
{
    private static readonly ElementaryFunction[] s_all =
    [
        new("sin", (x, _) => Scalar.Sin(x), (x, _) => Math.Sin(x), (x, _) => MathF.Sin(x), (x, _) => DoubleDouble.Sin(x)),
        new("cos", (x, _) => Scalar.Cos(x), (x, _) => Math.Cos(x), (x, _) => MathF.Cos(x), (x, _) => DoubleDouble.Cos(x)),
        new("tan", (x, _) => Scalar.Tan(x), (x, _) => Math.Tan(x), (x, _) => MathF.Tan(x), (x, _) => DoubleDouble.Tan(x)),
        new("asin", (x, _) => Scalar.Asin(x), (x, _) => Math.Asin(x), (x, _) => MathF.Asin(x), (x, _) => DoubleDouble.Asin(x)),
        new("acos", (x, _) => Scalar.Acos(x), (x, _) => Math.Acos(x), (x, _) => MathF.Acos(x), (x, _) => DoubleDouble.Acos(x)),
        new("atan", (x, _) => Scalar.Atan(x), (x, _) => Math.Atan(x), (x, _) => MathF.Atan(x), (x, _) => DoubleDouble.Atan(x)),
        new("atan2", Scalar.Atan2, Math.Atan2, MathF.Atan2, DoubleDouble.Atan2),
        new("exp", (x, _) => Scalar.Exp(x), (x, _) => Math.Exp(x), (x, _) => MathF.Exp(x), (x, _) => DoubleDouble.Exp(x)),
        new("log", (x, _) => Scalar.Log(x), (x, _) => Math.Log(x), (x, _) => MathF.Log(x), (x, _) => DoubleDouble.Log(x)),
        new("pow", Scalar.Pow, Math.Pow, MathF.Pow, DoubleDouble.Pow),
        new("sqrt", (x, _) => Scalar.Sqrt(x), (x, _) => Math.Sqrt(x), (x, _) => MathF.Sqrt(x), (x, _) => DoubleDouble.Sqrt(x)),
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
            "exp" => Math.Abs(x) <= exponentLimit,
            "log" => x >= minNormal && x <= max,

            // Rounding may fall either way at the limit itself.
            "pow" => x >= minNormal && x <= max && Math.Abs(y * Math.Log(x)) <= exponentLimit * (1 - 1e-6) && Math.Abs(y) < 1e30,
            "atan2" => Math.Max(Math.Abs(x), Math.Abs(y)) <= max / 8,
            _ => true,
        };
    }

    /// <summary>How many units in the last place a result is off; 0 if it is the same special value as Math's.</summary>
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

    private static double Ulp(double value, int significandBits, int minExponent) =>
        Math.ScaleB(1, Math.Max(value == 0 ? minExponent : Math.ILogB(value), minExponent) - significandBits);
}
