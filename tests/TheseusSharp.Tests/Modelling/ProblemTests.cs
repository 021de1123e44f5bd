using TheseusSharp.Geometry;
using TheseusSharp.Kernels;
using TheseusSharp.Modelling;
using TheseusSharp.Symbolics;
using static TheseusSharp.Tests.Modelling.Refusals;

namespace TheseusSharp.Tests.Modelling;

/// <summary>What a problem optimises, and that arranging the cost functions loses none of their numbers.</summary>
public class ProblemTests
{
    private readonly Objective _objective = new();
    private readonly Variable<Scalar> _x = Variable.Scalar("x");
    private readonly Variable<Scalar> _fixed = Variable.Scalar("fixed", VariableRole.Constant);
    private readonly Variable<SE3<Scalar>> _pose = Variable.SE3("pose");

    [Fact]
    public void Roles_decide_unless_options_do()
    {
        _objective.Add(_fixed, _x, _pose, (c, x, pose) => c * x * pose.Log());

        Check(_objective.Compile(), 7, "x", "pose", "fixed");
        Check(_objective.Compile(new() { Held = [_x] }), 6, "pose", "fixed", "x");
        Check(_objective.Compile(new() { Freed = [_fixed] }), 8, "fixed", "x", "pose");
        Check(_objective.Compile(new() { Held = [_x, _fixed], Freed = [_pose] }), 6, "pose", "fixed", "x");
        Check(_objective.Compile(new() { Held = [_pose, _x] }), 0, "fixed", "x", "pose");

        static void Check(Problem problem, int tangentLength, params string[] order)
        {
            Assert.Equal(tangentLength, problem.TangentLength);
            Assert.Equal(order, problem.Variables.Select(variable => variable.Name));
            Assert.All(
                problem.Variables,
                (variable, k) => Assert.Equal(k < problem.OptimizedCount, problem.IsOptimized(variable)));
        }
    }

    [Fact]
    public void Optimised_variables_come_first_and_keep_their_order()
    {
        Variable<Scalar>[] x = Variable.Many<Scalar>("x", 6);
        foreach (int k in new[] { 3, 0, 5, 1, 4, 2 })
            _objective.Add(x[k], x => x);

        Problem problem = _objective.Compile(new() { Held = [x[0], x[4]] });

        Assert.Equal([x[3], x[5], x[1], x[2], x[0], x[4]], problem.Variables);
        Assert.Equal(4, problem.OptimizedCount);
    }

    [Fact]
    public void A_problem_does_not_change_with_its_objective()
    {
        CostFunction cost = _objective.Add(_x, x => x - 1.0);
        _objective.Add(_x, x => x - 3.0);
        Problem problem = _objective.Compile();
        string text = problem.ToString();
        var values = new Values();
        values.Set(_x, 5);

        _objective.Add(_x, x => x - 2.0);
        _objective.Remove(cost);

        Assert.Equal(text, problem.ToString());
        Assert.Equal(2, problem.CostCount);
        Assert.Equal([("cost0", 8.0), ("cost1", 2.0)], Evaluation.ByName(problem, values));
    }

    [Fact]
    public void Sorting_loses_no_numbers()
    {
        var random = new Random(11);
        Variable<Vector<Scalar>>[] x = [.. Enumerable.Range(0, 13).Select(k => Variable.Vector($"x{k}", 2))];
        var values = new Values();
        foreach (Variable<Vector<Scalar>> variable in x)
            values.Set(variable, random.NextDouble(), random.NextDouble());
        var expected = new List<(string, double)>();
        for (int k = 0; k < 100; k++)
            Add(k);
        AddMany();

        foreach (Variable[] held in new Variable[][] { [], [x[3], x[7]], x })
        {
            Problem problem = _objective.Compile(new() { Held = held });
            List<(string Name, double Cost)> found = Evaluation.ByName(problem, values);
            Assert.Equal(expected.Select(cost => cost.Item1).Order(), found.Select(cost => cost.Name).Order());
            foreach ((string name, double cost) in expected)
                Assert.Equal(cost, found.Single(other => other.Name == name).Cost, 1e-13);
        }

        void Add(int k)
        {
            (int i, int j) = (random.Next(x.Length), random.Next(x.Length));
            double scale = random.NextDouble(), shift = random.NextDouble(), weight = random.NextDouble();
            _objective.Add(
                x[i], x[j], (a, b) => (scale * a) - b + new Vector<Scalar>(shift, 1), CostWeight.Scale(weight));
            expected.Add(($"cost{k}", Cost(i, j, scale, shift, weight)));
        }

        void AddMany()
        {
            int[] i = [.. Enumerable.Range(0, 50).Select(_ => random.Next(x.Length))];
            int[] j = [.. i.Select(_ => random.Next(x.Length))];
            double[] data = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
            _objective.AddColumns(
                Column.Of(x, i), Column.Vectors(data, 2), Column.Of(x, j),
                (a, d, b) => (d[0] * a) - b + new Vector<Scalar>(d[1], 1), name: "many");
            for (int k = 0; k < 50; k++)
                expected.Add(($"many[{k}]", Cost(i[k], j[k], data[2 * k], data[(2 * k) + 1], 1)));
        }

        double Cost(int i, int j, double scale, double shift, double weight)
        {
            Vector<Float64> a = values.Get<Vector<Float64>>(x[i]), b = values.Get<Vector<Float64>>(x[j]);
            double first = (scale * a[0]) - b[0] + shift, second = (scale * a[1]) - b[1] + 1;
            return 0.5 * weight * weight * ((first * first) + (second * second));
        }
    }

    [Fact]
    public void It_prints_its_groups_counts_and_dimensions()
    {
        for (int k = 0; k < 4; k++)
        {
            double constant = k;
            _objective.Add(_x, _pose, (x, pose) => (x - constant) * pose.Log());
        }

        string[] expected =
        [
            "Problem: 1 variables to optimise (6 coordinates), 1 constant; 4 cost functions (24 residuals)",
            "  4 × (Scalar, SE3) → 6: cost0, cost1, cost2, … (1 data columns)",
        ];
        Assert.Equal(expected, _objective.Compile(new() { Held = [_x] }).ToString().Split(Environment.NewLine));
    }

    [Fact]
    public void A_variable_of_another_problem_is_refused()
    {
        _objective.Add(_x, x => x);
        Problem problem = _objective.Compile();

        Refuses<ArgumentException>(() => problem.IsOptimized(Variable.Scalar("x")), "'x'");
        Assert.Throws<ArgumentNullException>(() => problem.IsOptimized(null!));
    }

    [Fact]
    public void A_width_that_the_machine_lacks_is_refused_as_such()
    {
        _objective.Add(_x, x => x);
        Problem problem = _objective.Compile(new() { Compiler = new((SimdWidth)4096) });
        var values = new Values();
        values.Set(_x, 1);

        Refuses<NotSupportedException>(() => Evaluation.Objective(problem, values), "4096");
    }
}
