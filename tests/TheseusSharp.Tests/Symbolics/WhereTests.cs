using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>
/// The arm that a <c>Where</c> does not take: whatever it computes (NaN, infinity, a division by zero) reaches neither
/// the value nor a first or second derivative, whichever way that is formed.
/// </summary>
public class WhereTests
{
    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["root at zero"] = new(x => Where(x > 0, Sqrt(x), 0), 0, 0, 0, 0),
        ["root of a negative"] = new(x => Where(x > 0, Sqrt(x), x * x), -2, 4, -4, 2),
        ["logarithm of a negative"] = new(x => Where(x > 0, Log(x), 3 * x), -2, -6, 3, 0),
        ["logarithm of zero"] = new(x => Where(x > 0, x * Log(x), 0), 0, 0, 0, 0),
        ["x / 0"] = new(x => Where(Equal(x, 0), 1, Scalar.Sin(x) / x), 0, 1, 0, 0),
        ["a series where a quotient has no value"] = new(
            x => Where(x * x < 1e-4, 1 - (x * x / 6), Scalar.Sin(x) / x), 0, 1, 0, -1.0 / 3),
        ["power of zero"] = new(x => Where(x > 0, Scalar.Pow(x, 0.5) + Scalar.Pow(x, x), 5 + x), 0, 5, 1, 0),
        ["angle of the origin"] = new(x => Where(Equal(x, 0), x, Scalar.Atan2(x, x) * x), 0, 0, 1, 0),
        ["arcsine beyond one"] = new(x => Where(Scalar.Abs(x) < 1, Scalar.Asin(x) + Scalar.Acos(x), x * x), 2, 4, 4, 2),
        ["exponential beyond the range"] = new(x => Where(x < 700, Scalar.Exp(x * x), x), 1000, 1000, 1, 0),
        ["infinity less infinity"] = new(x => Where(x > 0, (1 / x) - (2 / x), x), 0, 0, 1, 0),
        ["either arm has no value where the other is taken, below"] = new(Either, -4, 2, -0.25, -1.0 / 32),
        ["either arm has no value where the other is taken, above"] = new(Either, 4, 2, 0.25, -1.0 / 32),
        ["nested, inner arm without a value"] = new(Nested, 1, 0, 0, 0),
        ["nested, outer arm without a value"] = new(Nested, -1, -1, 2, -1),
        ["nested, both without a value"] = new(Nested, -3, 9, -6, 2),
        ["one root in arms of several conditions"] = new(Shared, 0, 1, 1, 0),
        ["one root in arms of several conditions, all taken"] = new(
            Shared, 4, 2 + 4 + Math.Log(2), 0.25 + 1 + 0.125, (-1.0 / 32) - (1.0 / 32)),
        ["a guarded operand also used freely"] = new(x => Where(x * x > 0, Sqrt(x * x), 0) + (x * x), 0, 0, 0, 2),
        ["condition of conditions"] = new(x => Where(!(x <= 0) & (x < 5), Log(x), 0), 0, 0, 0, 0),
        ["either condition"] = new(x => Where((x < 0) | (x > 1), x, Log(x)), -1, -1, 1, 0),
        ["condition on a number without a value"] = new(x => Where(Sqrt(x) > 1, x, -x), -1, 1, -1, 0),
        ["the opposite of a condition on a number without a value"] = new(
            x => Where(!(Sqrt(x) > 1), x, -x), -1, -1, 1, 0),
        ["maximum inside an arm"] = new(x => Where(x > 0, Scalar.Max(Sqrt(x), Log(x)), x), -1, -1, 1, 0),
        ["minimum inside an arm"] = new(x => Where(x > 0, Scalar.Min(1, Sqrt(x)), x), 0, 0, 1, 0),
        ["magnitude inside an arm"] = new(x => Where(x > 0, Scalar.Abs(Log(x)), x), 0, 0, 1, 0),
        ["a choice inside a function"] = new(x => Scalar.Exp(Where(x > 0, Log(x), x)), 0, 1, 1, 1),
        ["a choice that feeds a choice"] = new(x => Where(x < 1, Sqrt(Where(x > 0, x, 1)) * x, Log(x - 1)), 0, 0, 1, 0),
        ["a long way through an arm"] = new(x => Where(x > 0, LongWay(x), 2 * x), 0, 0, 2, 0),
        ["an arm of literals"] = new(x => Where(x > 0, 1 / x, 0) * x, 0, 0, 0, 0),
        ["rotation of a quaternion of zeros"] = new(x => Where(x > 0, QuaternionAngle(x), x), 0, 0, 1, 0),
        ["parts of one operation under different conditions"] = new(Parts, 0.5, 1, 2, 0),
        ["pose at no distance"] = new(x => Where(x > 0, PoseNorm(x), 0), 0, 0, 0, 0),
    };

    private delegate Scalar Expression(Scalar x);

    public static TheoryData<string> Cases() => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Kernels_give_the_value_and_derivative_of_the_arm_taken(string name)
    {
        Case test = s_cases[name];
        Function function = Function.Compile<Scalar, Scalar>(x => test.Expression(x));
        double[] x = [test.X, 3.3, test.X, 0.4, test.X], ones = [1, 1, 1, 1, 1];
        double[] values = new double[5], slopes = new double[5], gradient = new double[5];
        function.Jacobian([x], values, slopes);
        function.Gradient([x], ones, gradient);
        foreach (int lane in (int[])[0, 2, 4])
        {
            Assert.Equal(test.Value, values[lane], 1e-12);
            Assert.Equal(test.Slope, slopes[lane], 1e-12);
            Assert.Equal(test.Slope, gradient[lane], 1e-12);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void First_and_second_derivatives_are_those_of_the_arm_taken(string name)
    {
        Case test = s_cases[name];
        foreach (DifferentiationMode first in Near.Ways)
            foreach (DifferentiationMode second in Near.Ways)
            {
                (double slope, double curvature) = Derivatives(test, first, second);
                Assert.Equal(test.Slope, slope, 1e-12);
                Assert.Equal(test.Curvature, curvature, 1e-12);
            }
    }

    [Fact]
    public void A_table_read_in_an_arm_not_taken_has_no_gradient()
    {
        Function function = Function.Compile(
            (Scalar x, Table table) => Scalar.Where(x > 0, table.Interpolate(Log(x)), 2 * x), [Shape.Table(4)]);
        double[] byPosition = new double[2], byTable = new double[4];
        function.Gradient(
            [new double[] { -1, 1 }, new double[] { 1, 2, 4, 8 }], new double[] { 1, 1 }, byPosition, byTable);
        Assert.Equal([2, 1], byPosition);
        Assert.Equal([1, 0, 0, 0], byTable);
    }

    private static (double Slope, double Curvature) Derivatives(
        Case test, DifferentiationMode first, DifferentiationMode second)
    {
        FunctionTrace trace = Function.Compile<Scalar, Scalar>(x => test.Expression(x)).Trace;
        FunctionProgram program = FunctionPrograms.Make(trace, FunctionPart.Jacobian, trace.Parameters, first);
        Scalar slope = program.ItemOutputs[1];
        var by = new DifferentiationVariable(trace.Parameters[0].Kind, trace.Parameters[0].Slot);
        Scalar curvature = Differentiator.Jacobian(program.Graph, [slope], [by], second)[0];
        Float64[][] values = new TreeWalk(program.Graph, slope, curvature).Evaluate(WalkInputs<Float64>.Of(test.X));
        return (values[0][0].Value, values[1][0].Value);
    }

    private static Scalar Where(Mask<Scalar> condition, Scalar whenTrue, Scalar whenFalse) =>
        Scalar.Where(condition, whenTrue, whenFalse);

    private static Mask<Scalar> Equal(Scalar a, Scalar b) => Scalar.EqualTo(a, b);

    private static Scalar Sqrt(Scalar x) => Scalar.Sqrt(x);

    private static Scalar Log(Scalar x) => Scalar.Log(x);

    private static Scalar Either(Scalar x) => Where(x < 0, Sqrt(-x), Sqrt(x));

    private static Scalar Nested(Scalar x) =>
        Where(x > 0, Where(x > 1, Log(x - 1) / (x - 1), 0), Where(x < -2, x * x, Log(x + 2) + x));

    private static Scalar Shared(Scalar x)
    {
        Scalar root = Sqrt(x);
        return Where(x > 0, root, 0) + Where(x > 1, root * root, x) + Where(x > 2, Log(root), 1);
    }

    private static Scalar LongWay(Scalar x)
    {
        Scalar y = 1 / x;
        for (int k = 0; k < 10; k++)
            y = Scalar.Sin(y * x) / Sqrt(x + (k * y));
        return y;
    }

    private static Scalar QuaternionAngle(Scalar x) => SO3<Scalar>.FromQuaternionXyzw(x, 0, 0, x).Normalize().Log()[0];

    private static Scalar PoseNorm(Scalar x) => SE3<Scalar>.Exp(new(x, 0, 0, 0, 0, x)).Log().Norm();

    private static Scalar Parts(Scalar x)
    {
        Vector<Scalar> v = SE2<Scalar>.Exp(new(x, 2 * x, 3 * x)).Log();
        return Where(x > 5, Log(v[0] - 5), 0) + Where(x > 0, v[1], 0) + Where(x < 0, Sqrt(-v[2]), 0);
    }

    private sealed record Case(Expression Expression, double X, double Value, double Slope, double Curvature);
}
