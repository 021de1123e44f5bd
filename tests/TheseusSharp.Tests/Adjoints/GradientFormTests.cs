using TheseusSharp.Adjoints;
using TheseusSharp.Geometry;
using TheseusSharp.Modelling;
using TheseusSharp.Nonlinear;
using TheseusSharp.Symbolics;
using TheseusSharp.Tests.Nonlinear;
using TheseusSharp.Tests.Oracles;

namespace TheseusSharp.Tests.Adjoints;

/// <summary>The three forms of a gradient by a group element, against how storage and matrices really move.</summary>
public sealed class GradientFormTests
{
    private const int Batch = 2;

    private static readonly AdjointProblem s_problem = AdjointProblem.Of("types", Batch);

    public static TheoryData<string> Names => ["heading", "frame", "turn", "motion", "pose", "rotation"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_form_pairs_with_every_motion_along_the_group(string name)
    {
        Variable variable = Find(name);
        (Gradients gradients, Values at) = Passed();
        var random = new Random(5);
        for (int element = 0; element < Batch; element++)
        {
            DoubleDouble[] x = Exact.Of(Numbers.Of(at, variable, element));
            double[] tangent = gradients.Of(variable, element, GradientForm.Tangent).ToArray();
            Assert.Equal(gradients.Of(variable, element).ToArray(), tangent);
            double size = tangent.Max(Math.Abs);
            Assert.True(size > 1e-4, $"{size}");
            for (int trial = 0; trial < 4; trial++)
            {
                double[] move = AdjointProblem.Numbers(random, tangent.Length);
                DoubleDouble[] Moved(DoubleDouble h) => Differences.Retract(
                    variable.Kind, x, [.. move.Select(entry => entry * h)]);
                double expected = Dot(tangent, move);

                AssertPairs(
                    expected, gradients.Of(variable, element, GradientForm.Storage), Differences.Derivative(Moved));
                AssertPairs(
                    expected, gradients.Of(variable, element, GradientForm.Matrix),
                    Differences.Derivative(h => MatrixOf(name, Moved(h))));
            }
        }

        void AssertPairs(double expected, ReadOnlySpan<double> gradient, DoubleDouble[] derivative)
        {
            Assert.Equal(derivative.Length, gradient.Length);
            double paired = Dot(gradient.ToArray(), Array.ConvertAll(derivative, entry => (double)entry));
            Assert.Equal(expected, paired, 1e-13 * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>The stored rotation itself is the direction off the group.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_storage_form_has_the_least_norm(string name)
    {
        Variable variable = Find(name);
        (Gradients gradients, Values at) = Passed();
        int translation = name switch { "motion" => 3, "frame" or "pose" => 2, _ => 0 };
        for (int element = 0; element < Batch; element++)
        {
            double[] gradient = gradients.Of(variable, element, GradientForm.Storage).ToArray();
            double[] normal = Numbers.Of(at, variable, element);
            normal.AsSpan(0, translation).Clear();
            Assert.Equal(1, Dot(normal, normal), 1e-12);
            Assert.Equal(0, Dot(gradient, normal), 1e-14 * Math.Max(1, gradient.Max(Math.Abs)));
        }
    }

    /// <summary>[R·v, ½R·[ω]×] over a row of zeros; appendix D of the paper has it without that row.</summary>
    [Fact]
    public void The_matrix_form_is_that_of_the_paper()
    {
        Variable variable = Find("motion");
        (Gradients gradients, Values at) = Passed();
        double[] g = gradients.Of(variable, 1).ToArray();
        double[] found = gradients.Of(variable, 1, GradientForm.Matrix).ToArray();
        Assert.Equal(16, found.Length);
        double[] matrix = Array.ConvertAll(MatrixOf("motion", Exact.Of(Numbers.Of(at, variable, 1))), x => (double)x);
        double[,] cross = { { 0, -g[5], g[4] }, { g[5], 0, -g[3] }, { -g[4], g[3], 0 } };
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
                Assert.Equal(0.5 * Row(i, k => cross[k, j]), found[(4 * i) + j], 1e-14);
            Assert.Equal(Row(i, k => g[k]), found[(4 * i) + 3], 1e-14);
        }

        Assert.Equal([0, 0, 0, 0], found[12..]);

        double Row(int i, Func<int, double> other) => Enumerable.Range(0, 3).Sum(k => matrix[(4 * i) + k] * other(k));
    }

    /// <summary>By differences of the objective, moved by stored numbers.</summary>
    [Theory]
    [InlineData("heading")]
    [InlineData("frame")]
    [InlineData("turn")]
    [InlineData("motion")]
    public void The_storage_form_is_the_slope_of_the_objective(string name)
    {
        const double h = 1e-3;
        Variable variable = Find(name);
        Values values = s_problem.Initial;
        double[] gradient = s_problem.Problem.Evaluate(values).Backward()
            .Of(variable, 0, GradientForm.Storage).ToArray();
        double[] move = AdjointProblem.Numbers(new Random(9), variable.Kind.TangentLength);
        double[] StorageAt(double by) => Array.ConvertAll(
            Differences.Retract(
                variable.Kind, Exact.Of(Numbers.Of(values, variable)), [.. move.Select(x => (DoubleDouble)(by * x))]),
            x => (double)x);
        double CostAt(double by)
        {
            Values moved = values.Clone();
            moved.SetElement(variable, 0, StorageAt(by));
            return s_problem.Problem.Evaluate(moved).Objective[0];
        }

        double Slope(double by) => (CostAt(by) - CostAt(-by)) / (2 * by);
        double[] derivative = [.. StorageAt(1e-5).Zip(StorageAt(-1e-5), (a, b) => (a - b) / 2e-5)];
        double expected = ((4 * Slope(h / 2)) - Slope(h)) / 3;
        Assert.Equal(expected, Dot(gradient, derivative), 1e-8 * Math.Max(1, Math.Abs(expected)));
    }

    [Fact]
    public void Vectors_have_one_form()
    {
        (Gradients gradients, _) = Passed();
        foreach (string name in new[] { "bias", "mark", "seen", "gain", "point", "size" })
            foreach (GradientForm form in Enum.GetValues<GradientForm>())
                Assert.Equal(
                    gradients.Of(Find(name), 1).ToArray(), gradients.Of(Find(name), 1, form).ToArray());
    }

    [Fact]
    public void Gradients_that_know_no_values_say_so()
    {
        Variable variable = Find("motion");
        var gradients = new Gradients();
        gradients.Set(variable, 1, 2, 3, 4, 5, 6);

        Assert.Equal(6, gradients.Of(variable, 0, GradientForm.Tangent).Length);
        string message = Assert.Throws<InvalidOperationException>(
            () => gradients.Of(variable, 0, GradientForm.Storage).Length).Message;
        Assert.Contains("'motion' (SE3)", message, StringComparison.Ordinal);
        Assert.Contains("StorageGradient", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Of(variable, 0, (GradientForm)7).Length);
    }

    /// <summary>Gradients of an unrolled pass: at the values given, which for optimised ones are the initial.</summary>
    private static (Gradients Gradients, Values At) Passed()
    {
        var layer = new TheseusLayer(
            s_problem.Problem, new LevenbergMarquardt(), Backward.Unroll(2),
            new() { MaxIterations = 3, Stopping = StoppingCriteria.None });
        Gradients gradients = layer.Forward(s_problem.Initial)
            .Backward(s_problem.OuterGradient(), wanted: [.. s_problem.Problem.Variables]).Gradients;
        return (gradients, s_problem.Initial);
    }

    private static Variable Find(string name) => s_problem.Problem.Variables.Single(variable => variable.Name == name);

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static DoubleDouble[] MatrixOf(string name, DoubleDouble[] storage) => name switch
    {
        "heading" => Entries<SO2<DoubleDouble>>(storage),
        "frame" or "pose" => Entries<SE2<DoubleDouble>>(storage),
        "turn" or "rotation" => Entries<SO3<DoubleDouble>>(storage),
        _ => Entries<SE3<DoubleDouble>>(storage),
    };

    private static DoubleDouble[] Entries<TGroup>(DoubleDouble[] storage)
        where TGroup : struct, ILieGroup<TGroup, DoubleDouble> =>
        TGroup.MatrixRule(TGroup.FromStorage(storage)).Entries.ToArray();
}
