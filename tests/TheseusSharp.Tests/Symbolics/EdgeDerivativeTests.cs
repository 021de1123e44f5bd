using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Symbolics;

/// <summary>Derivatives where a function bends, jumps or ends: what the documentation of each operation says.</summary>
public class EdgeDerivativeTests
{
    private static readonly Dictionary<string, Case> s_cases = new()
    {
        ["magnitude of zero"] = new((x, _) => Scalar.Abs(x), 0, 0, 0, 0),
        ["magnitude of a negative"] = new((x, _) => Scalar.Abs(x), -2, 0, -1, 0),
        ["minimum on a tie"] = new((x, y) => Scalar.Min(3 * x, y), 1, 3, 0, 1),
        ["maximum on a tie"] = new((x, y) => Scalar.Max(3 * x, y), 1, 3, 0, 1),
        ["minimum with NaN before"] = new((x, y) => Scalar.Min(Scalar.Log(x), 2 * y), -1, 5, 0, 2),
        ["maximum with NaN before"] = new((x, y) => Scalar.Max(Scalar.Log(x), 2 * y), -1, 5, 0, 2),
        ["zero to a power, by base and exponent"] = new((x, y) => Scalar.Pow(x, y), 0, 2.5, 0, 0),
        ["zero to the power one"] = new((x, y) => Scalar.Pow(x, y), 0, 1, 1, 0),
        ["a negative to a whole power"] = new((x, _) => Scalar.Pow(x, 4), -2, 0, -32, 0),
        ["a negative to a negative power"] = new((x, _) => Scalar.Pow(x, -3), -2, 0, -3.0 / 16, 0),
        ["root of zero"] = new((x, _) => Scalar.Sqrt(x), 0, 0, double.PositiveInfinity, 0),
        ["arcsine of one"] = new((x, _) => Scalar.Asin(x), 1, 0, double.PositiveInfinity, 0),
        ["arccosine of minus one"] = new((x, _) => Scalar.Acos(x), -1, 0, double.NegativeInfinity, 0),
        ["angle on the negative axis"] = new((x, y) => Scalar.Atan2(y, x), -2, 0, 0, -0.5),
        ["angle on the vertical axis"] = new((x, y) => Scalar.Atan2(y, x), 0, 4, -0.25, 0),
        ["a choice on its boundary"] = new((x, y) => Scalar.Where(x < y, 5 * x, 7 * y), 1, 1, 0, 7),
        ["a choice that includes its boundary"] = new((x, y) => Scalar.Where(x <= y, 5 * x, 7 * y), 1, 1, 5, 0),
        ["a choice of the equal"] = new((x, y) => Scalar.Where(Scalar.EqualTo(x, y), 5 * x, 7 * y), 0, -0.0, 5, 0),
        ["quotient of zero"] = new((x, y) => x / y, 0, 4, 0.25, 0),
        ["what is folded has no slope"] = new((x, y) => (0 * x / y) + (x - x) + y, 3, 4, 0, 1),
    };

    private delegate Scalar Expression(Scalar x, Scalar y);

    public static TheoryData<string> Cases() => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Derivatives_are_as_documented_either_way(string name)
    {
        Case test = s_cases[name];
        Function function = Function.Compile((Scalar x, Scalar y) => new Vector<Scalar>(test.Expression(x, y)));
        foreach (DifferentiationMode way in Near.Ways)
        {
            FunctionProgram program = FunctionPrograms.Make(
                function.Trace, FunctionPart.Jacobian, function.Trace.Parameters, way);
            Assert.Equal(test.Slopes, new WalkedFunction(function.Trace).InDouble(program)([[test.X], [test.Y]])[1..]);
        }

        double[] slopes = new double[2];
        function.Jacobian([new[] { test.X }, new[] { test.Y }], [], slopes);
        Assert.Equal(test.Slopes, slopes);
    }

    private sealed record Case(Expression Expression, double X, double Y, double ByX, double ByY)
    {
        public double[] Slopes => [ByX, ByY];
    }
}
