using TheseusSharp.Geometry;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Geometry;

/// <summary>The series and closed forms behind Exp and Log, against closed forms in double-double.</summary>
public class AngleFunctionTests
{
    private static readonly Dictionary<string, Func<DoubleDouble, DoubleDouble>> s_references = new()
    {
        ["SineRatio"] = a => DoubleDouble.Sin(a / 2.0) / a,
        ["Cosine"] = a => DoubleDouble.Cos(a / 2.0),
        ["Sinc"] = a => DoubleDouble.Sin(a) / a,
        ["B"] = a => (1.0 - DoubleDouble.Cos(a)) / (a * a),
        ["D"] = a => (a - DoubleDouble.Sin(a)) / (a * a * a),
        ["BSlope"] = a => ((a * DoubleDouble.Sin(a)) - (2.0 * (1.0 - DoubleDouble.Cos(a)))) / (a * a * a * a),
        ["DSlope"] = a => ((3.0 * DoubleDouble.Sin(a)) - (a * DoubleDouble.Cos(a)) - (2.0 * a)) / (a * a * a * a * a),
        ["C"] = a => (1.0 - (a / 2.0 / DoubleDouble.Tan(a / 2.0))) / (a * a),
        ["CSlope"] = CSlope,
        ["AngleOverSine"] = a => a / DoubleDouble.Sin(a / 2.0),
    };

    // The power of θ that a function meets in Exp, Log and their Jacobians: errors count times that.
    private static readonly Dictionary<string, int> s_powers = new()
    {
        ["SineRatio"] = 1,
        ["Cosine"] = 0,
        ["Sinc"] = 1,
        ["B"] = 1,
        ["D"] = 2,
        ["BSlope"] = 2,
        ["DSlope"] = 3,
        ["C"] = 2,
        ["CSlope"] = 3,
        ["AngleOverSine"] = 1,
    };

    public static TheoryData<string> Names => [.. s_references.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Function_in_double_is_accurate_at_every_angle(string name)
    {
        foreach (double angle in Angles(1e-3))
        {
            // Rounded first: the angle belongs to the number that the function is given.
            double squared = angle * angle;
            DoubleDouble exact = DoubleDouble.Sqrt(squared);
            DoubleDouble error = Evaluate<Float64>(name, squared, x => x.Value) - s_references[name](exact);
            Assert.InRange(Math.Abs(error.Hi) * Math.Pow(angle, s_powers[name]), 0, 4e-15);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Series_have_no_visible_remainder(string name)
    {
        foreach (double angle in Angles(1e-3))
        {
            DoubleDouble squared = angle * (DoubleDouble)angle;
            DoubleDouble error = Evaluate<DoubleDouble>(name, squared, x => x) - s_references[name](angle);
            Assert.InRange(Math.Abs(error.Hi), 0, 1e-17);
        }
    }

    /// <summary>Traces differentiate the series, not the functions.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Series_have_no_visible_remainder_in_two_derivatives(string name)
    {
        DoubleDouble Remainder(DoubleDouble squared) =>
            Evaluate<DoubleDouble>(name, squared, x => x) - s_references[name](DoubleDouble.Sqrt(squared));
        DoubleDouble Slope(DoubleDouble squared) =>
            MatrixOracle.Derivative(t => new(Remainder(squared + t)))[0];

        // As near to the end of the series as the steps of the differences allow.
        double squared = name == "AngleOverSine" ? 4 * Math.Pow(Math.Asin(Math.Sqrt(5e-4)), 2) : 0.05 - (2.1 / 1024);
        Assert.InRange(Math.Abs(Slope(squared).Hi), 0, 1e-16);
        Assert.InRange(Math.Abs(MatrixOracle.Derivative(t => new(Slope(squared + t)))[0].Hi), 0, 1e-14);
    }

    [Theory]
    [InlineData("SineRatio", 1.0 / 2)]
    [InlineData("Cosine", 1)]
    [InlineData("Sinc", 1)]
    [InlineData("B", 1.0 / 2)]
    [InlineData("D", 1.0 / 6)]
    [InlineData("BSlope", -1.0 / 12)]
    [InlineData("DSlope", -1.0 / 60)]
    [InlineData("C", 1.0 / 12)]
    [InlineData("CSlope", 1.0 / 360)]
    [InlineData("AngleOverSine", 2)]
    public void Function_at_zero_is_its_limit(string name, double limit)
    {
        Assert.Equal(limit, Evaluate<Float64>(name, 0, x => x.Value).Hi);
        Assert.Equal(limit, Evaluate<Float64>(name, 1e-300, x => x.Value).Hi);
        Assert.Equal((float)limit, (float)Evaluate<Float32>(name, 1e-30, x => x.Value).Hi);
    }

    private static IEnumerable<double> Angles(double first)
    {
        for (double angle = first; angle < Math.PI; angle *= 1.05)
            yield return angle;
        foreach (double threshold in new[] { Math.Sqrt(0.05), 2 * Math.Asin(Math.Sqrt(1e-3)) })
            foreach (double ratio in new[] { 0.999, 1 - 1e-15, 1 + 1e-15, 1.001 })
                yield return threshold * ratio;
        yield return Math.PI;
    }

    /// <summary>(dC/dθ)/θ, from (θ/2)cot(θ/2) and its derivative.</summary>
    private static DoubleDouble CSlope(DoubleDouble a)
    {
        DoubleDouble sine = DoubleDouble.Sin(a / 2.0), squared = a * a;
        DoubleDouble cotangent = DoubleDouble.Cos(a / 2.0) / sine;
        DoubleDouble slope = (cotangent / 2.0) - (a / (4.0 * sine * sine));
        return ((-slope * a) - (2.0 * (1.0 - (a / 2.0 * cotangent)))) / (squared * squared);
    }

    private static DoubleDouble Evaluate<T>(string name, DoubleDouble squared, Func<T, DoubleDouble> widen)
        where T : struct, IScalar<T>
    {
        T x = typeof(T) == typeof(DoubleDouble) ? (T)(object)squared : squared.Hi;
        (T sineRatio, T cosine) = AngleFunctions<T>.HalfAngle(x);
        T sineSquared = sineRatio * sineRatio * x;
        ExpCoefficients<T> exp = AngleFunctions<T>.OfExp(x, sineRatio, cosine);
        LogCoefficients<T> log = AngleFunctions<T>.OfLog(x, 0.5 * cosine / sineRatio, 0.25 / sineSquared);
        return widen(name switch
        {
            "SineRatio" => sineRatio,
            "Cosine" => cosine,
            "Sinc" => exp.Sinc,
            "B" => exp.B,
            "D" => exp.D,
            "BSlope" => exp.BSlope,
            "DSlope" => exp.DSlope,
            "C" => log.C,
            "CSlope" => log.Slope,
            _ => AngleFunctions<T>.AngleOverSine(sineSquared, cosine),
        });
    }
}
